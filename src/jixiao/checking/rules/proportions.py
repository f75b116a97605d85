"""Tables that are out of proportion: filled in 元 where the form says 万元, or all zero beside tables that are not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.checking import messages
from jixiao.checking.filing import CheckedFiling
from jixiao.model.fact import SUMMARY, Fact
from jixiao.pack import Pack
from jixiao.pack.declarations.checks import AllZero, WrongUnit
from jixiao.pack.declarations.equations import Term, equation_holds
from jixiao.pack.fact_lookup import summary_institution

PARTS_AT_LEAST = Decimal("0.01")
"""The other amounts of a table in the wrong unit are together no less than this share of the one that shows it."""


def codes(pack: Pack) -> set[str]:
    """Return the codes of the rules about proportions that a pack declares."""
    return {declared.code for declared in (pack.checks.wrong_unit, pack.checks.all_zero) if declared is not None}


def check(filing: CheckedFiling) -> None:
    """Check whether tables are out of proportion."""
    checks = filing.pack.checks
    if checks.wrong_unit is not None:
        _wrong_unit(checks.wrong_unit, filing)
        filing.not_asked(checks.wrong_unit.code, messages.NOTHING_FILLED)
    if checks.all_zero is not None:
        _all_zero(checks.all_zero, filing)
        filing.not_asked(checks.all_zero.code, messages.NOTHING_FILLED)


def _pairs(declared: WrongUnit, filing: CheckedFiling) -> Iterator[tuple[Fact | None, Fact | None]]:
    """Yield pairs of amounts of like size; None where the form as filed lacks the cell."""
    for first, second in declared.pairs:
        yield filing.amount(first), filing.amount(second)
    for table in declared.tables:
        concept = filing.pack.block_concepts[table][0].id
        summary = filing.facts.get(concept, SUMMARY)
        for institution in filing.submission.institutions:
            if institution.key != SUMMARY:
                yield filing.facts.get(concept, institution.key), summary


def _wrong_unit(declared: WrongUnit, filing: CheckedFiling) -> None:
    """Report each table (and row) whose amounts are the factor times those they should be like."""
    code, pack = declared.code, filing.pack
    reported: set[tuple[str, str | None]] = set()
    for one, other in _pairs(declared, filing):
        if one is None or other is None:
            continue
        if not one.value or not other.value:
            filing.undecided_if_unreadable(code, one, other)
            continue
        larger, smaller = (one, other) if abs(one.value) > abs(other.value) else (other, one)
        # A unit may well be small beside the summary, never 10,000 times as large.
        beside_units = larger.concept == smaller.concept and larger.institution == SUMMARY
        if beside_units or not _out_of_proportion(declared, larger, smaller, filing) or _balanced(larger, smaller, filing):
            filing.passed(code)
            continue
        table = (pack.concept(larger.concept).block, larger.institution)
        if table not in reported:
            reported.add(table)
            filing.failed(
                code, larger, expected=smaller.value, actual=larger.value,
                where=messages.cell_label(pack, larger.concept, larger.institution),
                like=messages.cell_label(pack, smaller.concept, smaller.institution),
                factor=messages.shown(declared.factor), unit=pack.concept(larger.concept).unit, small_unit=declared.unit,
            )  # fmt: skip


def _balanced(one: Fact, other: Fact, filing: CheckedFiling) -> bool:
    """Return whether a balance in which both amounts stand holds: then they are of unlike size for a reason."""

    def look_up(term: Term) -> Decimal | None:
        fact = filing.amount(term.concept)
        return fact.value if fact is not None else None

    both = {one.concept, other.concept}
    return len(both) == 2 and any(
        equation.parts and both <= {term.concept for term in (equation.total, *equation.parts)} and equation_holds(equation, look_up)
        for equation in filing.pack.equations
    )


def _out_of_proportion(declared: WrongUnit, larger: Fact, smaller: Fact, filing: CheckedFiling) -> bool:
    if not larger.value or not smaller.value:
        return False
    ratio = abs(larger.value / smaller.value)
    if not declared.factor / declared.spread <= ratio <= declared.factor * declared.spread:
        return False
    others = (
        filing.facts.value(concept.id, larger.institution)
        for concept in filing.pack.block_concepts[filing.pack.concept(larger.concept).block]
        if concept.numeric and concept.id != larger.concept
    )
    together = sum((abs(value) for value in others if value is not None), Decimal(0))
    # A single amount that stands out is a mistyped cell, not a table in another unit.
    return together >= abs(larger.value) * PARTS_AT_LEAST


def _all_zero(declared: AllZero, filing: CheckedFiling) -> None:
    """Report each table of these in which only zeros are filled, while another of them has amounts."""
    pack = filing.pack
    facts = {table: _filled(table, filing) for table in declared.tables}
    zero = {table for table, filled in facts.items() if filled and not any(fact.value for fact in filled)}
    if not any(fact.value for filled in facts.values() for fact in filled):
        return
    for table, filled in facts.items():
        if not filled:
            continue
        if table not in zero:
            filing.passed(declared.code)
        elif not filing.undecided_if_unreadable(declared.code, *filled):
            others = [pack.block_name(other) for other in declared.tables if other not in zero and facts[other]]
            filing.failed(
                declared.code, filled[0], actual="0", where=pack.block_name(table), others=messages.joined(others)
            )


def _filled(table: str, filing: CheckedFiling) -> list[Fact]:
    """Return the filled amounts of a table's summary row, or of the row that stands for it."""
    numeric = [concept.id for concept in filing.pack.block_concepts[table] if concept.numeric]
    institution = summary_institution(filing.pack, filing.facts, numeric[0]) if numeric else None
    facts = (filing.facts.get(concept, institution) for concept in numeric)
    return [fact for fact in facts if fact is not None and fact.filled]
