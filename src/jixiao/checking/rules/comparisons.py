"""Comparisons that a plausible filing keeps: sums not over others, parts not over their budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.checking import messages
from jixiao.checking.filing import CheckedFiling
from jixiao.model.fact import Fact
from jixiao.pack import Pack
from jixiao.pack.declarations.checks import Comparison, OverBudget

OVER_BUDGET = "PLA-05"


class _Sum(NamedTuple):
    """A sum of facts; None where every one of them is blank or not on the form."""

    total: Decimal | None
    facts: list[Fact]


def codes(pack: Pack) -> set[str]:
    """Return the codes of the comparisons that a pack declares."""
    return {comparison.code for comparison in pack.checks.comparisons} | ({OVER_BUDGET} if pack.checks.over_budget else set())


def check(filing: CheckedFiling) -> None:
    """Check the comparisons and budgets that the pack declares."""
    for comparison in filing.pack.checks.comparisons:
        _compare(comparison, filing)
    for over_budget in filing.pack.checks.over_budget:
        _over_budget(over_budget, filing)


def _sum(concepts: Iterable[str], filing: CheckedFiling) -> _Sum:
    facts = [fact for concept in concepts if (fact := filing.amount(concept)) is not None]
    filled = [fact.value for fact in facts if fact.value is not None]
    return _Sum(sum(filled, Decimal(0)) if filled else None, facts)


def _compare(comparison: Comparison, filing: CheckedFiling) -> None:
    code, pack = comparison.code, filing.pack
    smaller, larger, against = _sum(comparison.smaller, filing), _sum(comparison.larger, filing), comparison.larger
    if comparison.instead and not any(fact.filled for fact in larger.facts):
        larger, against = _sum(comparison.instead, filing), comparison.instead
    if filing.undecided_if_unreadable(code, *smaller.facts, *larger.facts):
        return
    if smaller.total is None or larger.total is None:
        blank = comparison.smaller if smaller.total is None else against
        filing.undecided(code, f"{_labels(blank, pack)}{messages.NOT_FILLED}")
        return
    if smaller.total <= larger.total:
        filing.passed(code)
        return
    first = next(fact for fact in smaller.facts if fact.value is not None)
    filing.failed(
        code, first, expected=larger.total, actual=smaller.total, difference=smaller.total - larger.total,
        small_label=_labels(comparison.smaller, pack), large_label=_labels(against, pack),
        unit=messages.unit_words(pack.concept(first.concept).unit),
    )  # fmt: skip


def _labels(concepts: Sequence[str], pack: Pack) -> str:
    labels = messages.joined([messages.concept_label(pack, concept) for concept in concepts])
    return labels if len(concepts) == 1 else f"{labels}合计"


def _over_budget(declared: OverBudget, filing: CheckedFiling) -> None:
    """Check each part against its budget, where the total keeps to its own."""
    actual, budget = _actual_and_budget(declared.total, declared, filing)
    if actual is None or budget is None:
        filing.not_asked(OVER_BUDGET, messages.NOTHING_FILLED)
        return
    numbers = filing.numbers(OVER_BUDGET, {actual.concept: actual, budget.concept: budget})
    if numbers is not None:
        spent, allowed = numbers
        for part in declared.parts:
            _part(part, declared, spent > allowed, filing)


def _part(part: str, declared: OverBudget, total_over: bool, filing: CheckedFiling) -> None:
    actual, budget = _actual_and_budget(part, declared, filing)
    if actual is None or budget is None or (not actual.filled and not budget.filled):
        return
    # A part of which nothing was spent needs no budget.
    needed = {fact.concept: fact for fact in (actual, budget) if fact is actual or actual.value}
    if filing.undecided_if_unreadable(OVER_BUDGET, actual, budget) or filing.numbers(OVER_BUDGET, needed) is None:
        return
    spent, allowed = actual.value or Decimal(0), budget.value or Decimal(0)
    if total_over or spent <= allowed:
        filing.passed(OVER_BUDGET)
        return
    filing.failed(
        OVER_BUDGET, actual, expected=allowed, actual=spent, difference=spent - allowed,
        label=messages.row_label(filing.pack, actual.concept),
    )  # fmt: skip


def _actual_and_budget(stem: str, declared: OverBudget, filing: CheckedFiling) -> tuple[Fact | None, Fact | None]:
    return filing.facts.get(f"{stem}.{declared.actual}"), filing.facts.get(f"{stem}.{declared.budget}")
