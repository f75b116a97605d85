"""Comparisons that a plausible filing keeps: sums not over others, parts not over their budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.checking import words
from jixiao.checking.tally import Tally
from jixiao.model.fact import Fact, State
from jixiao.model.numerals import to_six_places
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.checks import Comparison, OverBudget
from jixiao.pack.lookup import amount

OVER_BUDGET = "PLA-05"


class _Sum(NamedTuple):
    """A sum of facts; None where every one of them is blank or not on the form."""

    total: Decimal | None
    facts: list[Fact]
    unread: list[Fact]


def check_plausibility(submission: Submission, pack: Pack, tally: Tally) -> None:
    """Tell the tally what the comparisons of the pack answered."""
    for comparison in pack.checks.comparisons:
        _compare(comparison, submission, pack, tally)
    for over_budget in pack.checks.over_budget:
        _over_budget(over_budget, submission, pack, tally)


def _sum(concepts: Iterable[str], submission: Submission, pack: Pack) -> _Sum:
    found = [amount(pack, submission.facts, concept) for concept in concepts]
    facts = [fact for fact in found if fact is not None]
    filled = [fact.value for fact in facts if fact.value is not None]
    unread = [fact for fact in facts if fact.state is State.UNREADABLE]
    return _Sum(sum(filled, Decimal(0)) if filled else None, facts, unread)


def _compare(comparison: Comparison, submission: Submission, pack: Pack, tally: Tally) -> None:
    smaller, larger, against = _sum(comparison.smaller, submission, pack), _sum(comparison.larger, submission, pack), comparison.larger
    if larger.total is None and not larger.unread and comparison.instead:
        larger, against = _sum(comparison.instead, submission, pack), comparison.instead
    if smaller.unread or larger.unread:
        tally.undecided(comparison.code, words.unreadable(pack, [*smaller.unread, *larger.unread]))
        return
    if smaller.total is None or larger.total is None:
        blank = comparison.smaller if smaller.total is None else against
        tally.undecided(comparison.code, f"{_labels(blank, pack)}{words.NOT_FILLED}")
        return
    if smaller.total <= larger.total:
        tally.passed(comparison.code)
        return
    told = next(fact for fact in smaller.facts if fact.value is not None)
    tally.failed(
        pack.rules.finding(
            comparison.code,
            place=told.place,
            concept=told.concept,
            institution=told.institution,
            expected=words.shown(larger.total),
            actual=words.shown(smaller.total),
            difference=to_six_places(smaller.total - larger.total),
            small_label=_labels(comparison.smaller, pack),
            large_label=_labels(against, pack),
            unit=words.unit_words(pack.concept(told.concept).unit),
        )
    )


def _labels(concepts: Sequence[str], pack: Pack) -> str:
    labels = words.joined([words.label(pack, concept) for concept in concepts])
    return labels if len(concepts) == 1 else f"{labels}合计"


def _over_budget(declared: OverBudget, submission: Submission, pack: Pack, tally: Tally) -> None:
    """Each part against its budget, where the total keeps to its own."""
    facts = submission.facts
    actual, budget = facts.get(f"{declared.total}.{declared.actual}"), facts.get(f"{declared.total}.{declared.budget}")
    if actual is None or budget is None:
        tally.not_asked(OVER_BUDGET, words.NOTHING_FILLED)
        return
    unread = [fact for fact in (actual, budget) if fact.state is State.UNREADABLE]
    if unread:
        tally.undecided(OVER_BUDGET, words.unreadable(pack, unread))
        return
    if actual.value is None or budget.value is None:
        blank = actual if actual.value is None else budget
        tally.undecided(OVER_BUDGET, f"{words.where(pack, blank.concept)}{words.NOT_FILLED}")
        return
    over = actual.value > budget.value
    for part in declared.parts:
        _part(part, declared, over, submission, pack, tally)


def _part(part: str, declared: OverBudget, total_over: bool, submission: Submission, pack: Pack, tally: Tally) -> None:
    actual = submission.facts.get(f"{part}.{declared.actual}")
    budget = submission.facts.get(f"{part}.{declared.budget}")
    if actual is None or budget is None or (not actual.filled and not budget.filled):
        return
    unread = [fact for fact in (actual, budget) if fact.state is State.UNREADABLE]
    if unread:
        tally.undecided(OVER_BUDGET, words.unreadable(pack, unread))
    elif actual.value is None or (budget.value is None and actual.value):
        blank = actual if actual.value is None else budget
        tally.undecided(OVER_BUDGET, f"{words.where(pack, blank.concept)}{words.NOT_FILLED}")
    elif total_over or actual.value <= (budget.value or Decimal(0)):
        tally.passed(OVER_BUDGET)
    else:
        allowed = budget.value or Decimal(0)
        tally.failed(
            pack.rules.finding(
                OVER_BUDGET,
                place=actual.place,
                concept=actual.concept,
                expected=words.shown(allowed),
                actual=words.shown(actual.value),
                difference=to_six_places(actual.value - allowed),
                label=words.row_label(pack, actual.concept),
            )
        )
