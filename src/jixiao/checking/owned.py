"""Which rules of the rule book checking asks."""

from __future__ import annotations

from jixiao.checking import declared, narrative, plausibility, scores, targets
from jixiao.checking.schemas import NEGATIVE, NOT_A_CHOICE, NOT_WHOLE, REQUIRED
from jixiao.pack import Pack
from jixiao.pack.memo import once_a_pack


def owned_codes(pack: Pack, more: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The codes of these rules and of `more`, in the rule book's order."""
    known = _owned_with(pack)
    if more not in known:
        owned = _owned(pack) | more
        known[more] = tuple(code for code in pack.rules.codes if code in owned)
    return known[more]


@once_a_pack
def _owned_with(pack: Pack) -> dict[frozenset[str], tuple[str, ...]]:
    """The answers so far: there are as many as kinds of sources that a run can be given."""
    return {}


def _owned(pack: Pack) -> set[str]:
    owned = {NEGATIVE, NOT_WHOLE, NOT_A_CHOICE, *REQUIRED.values(), *scores.CODES, *targets.CODES}
    owned |= {equation.code for equation in pack.equations}
    owned |= {comparison.code for comparison in pack.checks.comparisons} | set(pack.checks.not_below_zero.values())
    if pack.names.narrative:
        owned |= {narrative.DIFFERS} | {narrative.RATE_DIFFERS for each in pack.checks.narrative if each.indicator}
    owned |= {rate.code for rate in pack.equations_declared.rates}
    if pack.rubric.declared is not None:
        owned.add(declared.POINTS)
    owned |= {each.code for each in (pack.checks.wrong_unit, pack.checks.all_zero) if each is not None}
    if pack.checks.over_budget:
        owned.add(plausibility.OVER_BUDGET)
    if (aggregation := pack.equations_declared.aggregation) is not None:
        owned |= {aggregation.only_summary_code, aggregation.only_headquarters_code}
    return owned
