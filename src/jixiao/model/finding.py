"""Findings: records of what is wrong, doubtful or worth knowing in a filing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from jixiao.model.place import Place

OPEN, EXPLAINED = "open", "explained"
"""The states of a finding: a reply that says why makes it explained."""


class Severity(StrEnum):
    """How much a finding matters; the order of definition is the order of weight."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def weight(self) -> int:
        """Return 0 for errors, 1 for warnings, 2 for infos: sorts the heaviest first."""
        return _WEIGHTS[self]


_WEIGHTS = {severity: weight for weight, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `expected`, `actual` and `difference` are as people read them; amounts are plain decimals.

    `message` names the place in the form's words, what was found, what was expected and by how much it is off;
    `remedy` says what to do. `place` addresses the input file. `counted` says whether it counts: not so those of rules
    on trial, nor those that the department explained where an explanation settles them.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str = ""
    place: Place | None = None
    concept: str | None = None
    institution: str | None = None
    expected: str | None = None
    actual: str | None = None
    difference: Decimal | None = None
    suggested_place: Place | None = None
    suggested_value: Decimal | None = None
    suggestion: str = ""
    reply: str = ""
    state: str = OPEN
    finding_id: str = ""
    counted: bool = True

    def sort_key(self) -> tuple[object, ...]:
        """Return what sorts findings: the heaviest first, then by rule, place and subject."""
        place = self.place or Place("", -1, -1)
        return (self.severity.weight, self.rule, place, self.concept or "", self.institution or "", self.message)


def identified(findings: Iterable[Finding], submission_id: str) -> tuple[Finding, ...]:
    """Return the findings sorted, each with an id that is the same in every run.

    The id is made of what the finding is about and what it found, so it survives a rerun and changes with the figures.
    """
    seen: dict[str, int] = {}
    numbered = []
    for finding in sorted(findings, key=Finding.sort_key):
        place = str(finding.place) if finding.place else ""
        reply_key = (finding.rule, finding.concept, finding.institution, finding.expected, finding.actual, place)
        digest = sha256("\x1f".join(str(part) for part in (submission_id, *reply_key)).encode()).hexdigest()[:12]
        nth = seen[digest] = seen.get(digest, 0) + 1
        finding_id = digest if nth == 1 else f"{digest}-{nth}"
        numbered.append(replace(finding, finding_id=finding_id))
    return tuple(numbered)


KEY_SEPARATOR = "|"


class ReplyKey(NamedTuple):
    """What a reply answers: it holds for a finding with the same words in all five, and for no other."""

    rule: str
    concept: str
    institution: str
    expected: str
    actual: str

    @property
    def key(self) -> str:
        """Return the key as one line, as workbooks hold it."""
        return KEY_SEPARATOR.join(self)


class Reply(NamedTuple):
    """A department's answer to a finding of an earlier return."""

    about: ReplyKey
    text: str


def reply_key(finding: Finding) -> ReplyKey:
    """Return the key by which a reply to this finding is recognised in later runs."""
    parts = (finding.rule, finding.concept, finding.institution, finding.expected, finding.actual)
    return ReplyKey(*(" ".join((part or "").replace(KEY_SEPARATOR, "/").split()) for part in parts))


def about_of_key(key: str) -> ReplyKey | None:
    """Return the reply key that a line holds; None where it holds none."""
    parts = key.strip().split(KEY_SEPARATOR)
    return ReplyKey(*parts) if len(parts) == len(ReplyKey._fields) and parts[0] else None
