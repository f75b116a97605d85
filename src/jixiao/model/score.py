"""Scores: the self, computed, review and final marks of each indicator, with the evidence for them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jixiao.model.external_data import DataSource
from jixiao.model.place import Place


class Basis(StrEnum):
    """Which of the scores the final one is."""

    REVIEW = "review"
    COMPUTED = "computed"
    SELF = "self"


class ScoreStatus(StrEnum):
    """Whether an indicator could be computed."""

    COMPUTED = "computed"
    NOT_COMPUTABLE = "not_computable"
    NOT_APPLICABLE = "not_applicable"
    REPORTED = "reported"


class Evidence(StrEnum):
    """What a score rests on: accounts, the department's own declarations, its word alone, or the bureau's figures."""

    ACCOUNTS = "accounts"
    DECLARED = "declared"
    REPORTED = "reported"
    BUREAU = "bureau"


class ScoreInput(NamedTuple):
    """One number that a score used, or the cell where it is missing; `assumed` says a blank was read as zero.

    `place` is a cell of the workbook from which it comes by its `origin`: the filing, the bureau's, last year's.
    """

    concept: str
    institution: str | None
    value: Decimal | None
    place: Place | None
    assumed: bool = False
    origin: DataSource = DataSource.FILING


class Score(NamedTuple):
    """One indicator of one filing; a tuple, as its inputs are, since a filing has dozens of both.

    All marks are points of 分值; `measure` is a rate (1 = 100 %) or None.
    `full_marks` is None only for a shared indicator of a group whose points the group holds together.
    `accepted_marks` are the scores that any accepted reading of the rule supports (the computed one among them):
    a self score within them is no contradiction. `dimension` is the id of its first-level group, "" where the filing
    names none of the form's; `group` that of the group whose points hold its row together with others, if any.
    `standard` is the sentence of the rule as printed, `step` the step of it that applied, "" where none did.
    """

    indicator: str
    label: str
    full_marks: Decimal
    self_marks: Decimal | None
    computed_marks: Decimal | None
    final_marks: Decimal | None
    basis: Basis | None
    status: ScoreStatus
    evidence: Evidence
    review_marks: Decimal | None = None
    measure: Decimal | None = None
    explanation: str = ""
    inputs: tuple[ScoreInput, ...] = ()
    missing: tuple[ScoreInput, ...] = ()
    accepted_marks: tuple[Decimal, ...] = ()
    dimension: str = ""
    group: str = ""
    standard: str = ""
    step: str = ""

    @property
    def difference(self) -> Decimal | None:
        """The self score less the computed one, None where one of them is missing."""
        return None if self.self_marks is None or self.computed_marks is None else self.self_marks - self.computed_marks


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The scores of one filing and their totals.

    `total_stated` is 绩效自评综合得分, `total_sheet` the 总分 row as written, `total_self` the recomputed sum of self
    scores, `total_final` the sum of final scores, `full_verified` the points of the full marks that were computed from
    accounts or decided by a reviewer; `full_declared` those computed from declarations.
    """

    scores: tuple[Score, ...]
    total_stated: Decimal | None
    total_sheet: Decimal | None
    total_self: Decimal
    total_computed: Decimal
    total_final: Decimal
    full_verified: Decimal
    full_declared: Decimal
    grade: str

    def of(self, indicator: str) -> Score | None:
        """Return the score of an indicator, or None."""
        return next((score for score in self.scores if score.indicator == indicator), None)
