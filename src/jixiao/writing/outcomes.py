"""How many rules were asked of a filing and what they answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jixiao.model.outcome import Outcome

UNSTATED = "表中没有可供核对的内容"


class OutcomeCounts(NamedTuple):
    """Rules run, and of these passed, failed and undecided."""

    run: int
    passed: int
    failed: int
    undecided: int


def outcome_counts(outcomes: Sequence[Outcome]) -> OutcomeCounts:
    """The counts of rules by verdict."""
    verdicts = [outcome.verdict for outcome in outcomes]
    passed, failed, undecided = (verdicts.count(each) for each in ("passed", "failed", "undecided"))
    return OutcomeCounts(len(verdicts), passed, failed, undecided)


def undecided_reasons(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    """The rules that could not be decided, each with why, in the rule book's order."""
    return [(outcome.rule, outcome.reason or UNSTATED) for outcome in outcomes if outcome.verdict == "undecided"]
