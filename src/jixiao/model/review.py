"""Reviewers' decisions on scores, with the rows of the review workbook and the evidence that they rest on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from jixiao.model.score import Score, ScoreInput

_LENGTH = 10
_SEPARATOR = "|"
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Review:
    """A filled row of a review workbook. `marks` are points of 分值, None while only words were filled in.

    `evidence` is the mark of what the decision rests on (`evidence_mark`), empty where nobody knows; `source` names the
    file in which it was decided, `place` file and row where it stands now, for people.
    """

    budget_code: str
    department: str
    indicator: str
    label: str
    marks: Decimal | None
    opinion: str = ""
    reviewer: str = ""
    date: str = ""
    evidence: str = ""
    source: str = ""
    place: str = ""

    @property
    def decides(self) -> bool:
        """Return whether it holds a score."""
        return self.marks is not None

    @property
    def mark(self) -> str:
        """Return a short digest of what was filled in, by which a changed decision differs from one carried over."""
        marks = _plain(self.marks)
        return _digest((marks, self.opinion, self.reviewer, self.date))

    def outdated(self, score: Score) -> bool:
        """Return whether the evidence of the score is no longer that on which this was decided."""
        return self.decides and bool(self.evidence) and self.evidence != evidence_mark(score)


class RowKey(NamedTuple):
    """The key of a row of a review workbook, as its hidden column holds it.

    `shown` is the mark of the evidence as it stands in the row; `decided_on`, `decision` and `source` those of the
    decision in it, empty without one; `owner` is the mark of year, budget code and department.
    """

    submission_id: str
    indicator: str
    shown: str = ""
    decided_on: str = ""
    decision: str = ""
    owner: str = ""
    source: str = ""

    def __str__(self) -> str:
        return _SEPARATOR.join(self)

    @classmethod
    def of(cls, text: str) -> RowKey | None:
        """Return the key that a cell holds, or None where it holds none."""
        parts = text.strip().split(_SEPARATOR, len(cls._fields) - 1)
        return cls(*parts) if len(parts) == len(cls._fields) else None


def evidence_mark(score: Score) -> str:
    """Return a short digest of everything that a reviewer's decision on a score rests on; a changed figure changes it."""
    numbers = (score.full_marks, score.self_marks, score.computed_marks)
    return _digest((*map(_plain, numbers), score.status.value, *_inputs(score.inputs), "missing", *_inputs(score.missing)))


def owner_mark(year: int, budget_code: str, department: str) -> str:
    """Return a short digest of whose row it is, and of which year."""
    return _digest((str(year), budget_code, department))


def _inputs(inputs: Iterable[ScoreInput]) -> Iterable[str]:
    for item in inputs:
        yield f"{item.concept}={_plain(item.value)}"


def _plain(number: Decimal | None) -> str:
    return "" if number is None else format(number.normalize(), "f")


def _digest(parts: Iterable[str]) -> str:
    return sha256(_BETWEEN.join(parts).encode("utf-8", "replace")).hexdigest()[:_LENGTH]
