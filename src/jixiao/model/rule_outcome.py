"""The outcome of each rule for a filing: pass, fail, undecided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jixiao.model.finding import Finding

UNSTATED = "表中没有可供核对的内容"


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """How often a rule passed, failed and was undecided for one filing; `reason` says why it was undecided."""

    rule: str
    passed: int = 0
    failed: int = 0
    undecided: int = 0
    reason: str = ""

    @property
    def verdict(self) -> str:
        """Return `failed` if any instance failed, else `passed` if any passed, else `undecided`."""
        if self.failed:
            return "failed"
        return "passed" if self.passed else "undecided"


@dataclass(frozen=True, slots=True)
class StageResult:
    """What a checking stage returns for one filing: its findings and the outcome of every rule, in the rule book's order."""

    findings: tuple[Finding, ...]
    outcomes: tuple[RuleOutcome, ...]


class OutcomeCounts(NamedTuple):
    """Rules run, and of these passed, failed and undecided."""

    run: int
    passed: int
    failed: int
    undecided: int


def outcome_counts(outcomes: Sequence[RuleOutcome]) -> OutcomeCounts:
    """Return the counts of rules by verdict."""
    verdicts = [outcome.verdict for outcome in outcomes]
    passed, failed, undecided = (verdicts.count(each) for each in ("passed", "failed", "undecided"))
    return OutcomeCounts(len(verdicts), passed, failed, undecided)


def undecided_reasons(outcomes: Sequence[RuleOutcome]) -> list[tuple[str, str]]:
    """Return the rules that could not be decided, each with why, in the rule book's order."""
    return [(outcome.rule, outcome.reason or UNSTATED) for outcome in outcomes if outcome.verdict == "undecided"]
