"""What became of each rule: pass, fail, undecided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from jixiao.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often a rule was asked of one filing and what it answered; `reason` says why it could not decide."""

    rule: str
    passed: int = 0
    failed: int = 0
    undecided: int = 0
    reason: str = ""

    @property
    def verdict(self) -> str:
        """`failed` if any instance failed, else `passed` if any passed, else `undecided`."""
        if self.failed:
            return "failed"
        return "passed" if self.passed else "undecided"


@lru_cache(maxsize=16_384)
def outcome(rule: str, passed: int = 0, failed: int = 0, undecided: int = 0, reason: str = "") -> Outcome:
    """That outcome; a district has a hundred of them a filing and few that differ, so that filings share them."""
    return Outcome(rule, passed, failed, undecided, reason)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a checking stage returns for one filing: its findings and the outcome of every rule, in the rule book's order."""

    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]
