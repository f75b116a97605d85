"""Tables that are out of proportion: filled in 元 where the form says 万元, or all zero beside tables that are not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.checking import words
from jixiao.checking.tally import Tally
from jixiao.model.fact import SUMMARY, Fact, State
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.checks import WrongUnit
from jixiao.pack.equations import Equation, Term, balance
from jixiao.pack.lookup import amount, summary_institution
from jixiao.pack.memo import once_a_pack

PARTS_AT_LEAST = Decimal("0.01")
"""The other amounts of a table in the wrong unit are together no less than this share of the one that shows it."""


def check_proportions(submission: Submission, pack: Pack, tally: Tally) -> None:
    """Tell the tally whether tables are out of proportion."""
    if (declared := pack.checks.wrong_unit) is not None:
        _wrong_unit(declared, submission, pack, tally)
        tally.not_asked(declared.code, words.NOTHING_FILLED)
    if pack.checks.all_zero is not None:
        _all_zero(pack.checks.all_zero.code, pack.checks.all_zero.tables, submission, pack, tally)
        tally.not_asked(pack.checks.all_zero.code, words.NOTHING_FILLED)


def _pairs(declared: WrongUnit, submission: Submission, pack: Pack) -> Iterator[tuple[Fact | None, Fact | None]]:
    """Amounts of like size, two and two; None where the form as filed lacks the cell."""
    facts = submission.facts
    for first, second in declared.pairs:
        yield amount(pack, facts, first), amount(pack, facts, second)
    for table in declared.tables:
        concept = pack.block_concepts[table][0].id
        summary = facts.get(concept, SUMMARY)
        for institution in submission.institutions:
            if institution.key != SUMMARY:
                yield facts.get(concept, institution.key), summary


def _wrong_unit(declared: WrongUnit, submission: Submission, pack: Pack, tally: Tally) -> None:
    """One finding for each table (and row) whose amounts are the factor times those they should be like."""
    told: set[tuple[str, str | None]] = set()
    passed = 0
    for one, other in _pairs(declared, submission, pack):
        if one is None or other is None:
            continue
        if not one.value or not other.value:
            unread = [fact for fact in (one, other) if fact.state is State.UNREADABLE]
            if unread:
                tally.undecided(declared.code, words.unreadable(pack, unread))
            continue
        larger, smaller = (one, other) if one.value.copy_abs() > other.value.copy_abs() else (other, one)
        # A unit may well be small beside the summary, never 10,000 times as large.
        beside_units = larger.concept == smaller.concept and larger.institution == SUMMARY
        # Few pairs are out of proportion: that is asked first.
        if beside_units or not _is(declared, larger, smaller, submission, pack) or _balanced(larger, smaller, submission, pack):
            passed += 1
            continue
        table = (pack.concept(larger.concept).block, larger.institution)
        if table in told:
            continue
        told.add(table)
        tally.failed(
            pack.rules.finding(
                declared.code, place=larger.place, concept=larger.concept, institution=larger.institution,
                expected=words.shown(smaller.value or Decimal(0)), actual=words.shown(larger.value or Decimal(0)),
                where=words.where(pack, larger.concept, larger.institution),
                like=words.where(pack, smaller.concept, smaller.institution),
                factor=words.shown(declared.factor), unit=pack.concept(larger.concept).unit, small_unit=declared.unit,
            )
        )  # fmt: skip
    tally.passed(declared.code, passed)


def _balanced(one: Fact, other: Fact, submission: Submission, pack: Pack) -> bool:
    """Whether a balance in which both amounts stand holds: then they are of unlike size for a reason."""

    def look_up(term: Term) -> Decimal | None:
        fact = amount(pack, submission.facts, term.concept)
        return fact.value if fact is not None else None

    if one.concept == other.concept:
        return False
    for equation in _with_both(pack, one.concept, other.concept):
        asked = balance(equation, look_up)
        if asked is not None and (asked.holds or asked.holds_by_rounding):
            return True
    return False


def _with_both(pack: Pack, one: str, other: str) -> tuple[Equation, ...]:
    """The equations in which both concepts stand."""
    known, pair = _equations_by_pair(pack), (one, other)
    if pair not in known:
        terms = ((each, {term.concept for term in (each.total, *each.parts)}) for each in pack.equations if each.parts)
        known[pair] = tuple(each for each, concepts in terms if concepts.issuperset(pair))
    return known[pair]


@once_a_pack
def _numeric(pack: Pack) -> dict[str, tuple[str, ...]]:
    """The concepts of each block that carry numbers, in the order of the form."""
    blocks = pack.block_concepts.items()
    return {block: tuple(each.id for each in concepts if each.numeric) for block, concepts in blocks}


@once_a_pack
def _equations_by_pair(pack: Pack) -> dict[tuple[str, str], tuple[Equation, ...]]:
    """What was found of the pack's few pairs so far."""
    return {}


def _is(declared: WrongUnit, larger: Fact, smaller: Fact, submission: Submission, pack: Pack) -> bool:
    if not larger.value or not smaller.value:
        return False
    ratio = abs(larger.value / smaller.value)
    if not declared.factor / declared.spread <= ratio <= declared.factor * declared.spread:
        return False
    others = (
        submission.facts.get(concept.id, larger.institution)
        for concept in pack.block_concepts[pack.concept(larger.concept).block]
        if concept.numeric and concept.id != larger.concept
    )
    together = sum((abs(fact.value) for fact in others if fact is not None and fact.value is not None), Decimal(0))
    # A single amount that stands out is a mistyped cell, not a table in another unit.
    return together >= abs(larger.value) * PARTS_AT_LEAST


def _all_zero(code: str, tables: tuple[str, ...], submission: Submission, pack: Pack, tally: Tally) -> None:
    """One finding for each table of these in which only zeros are filled, while another of them has amounts."""
    facts = {table: _filled(table, submission, pack) for table in tables}
    zero = {table for table, filled in facts.items() if filled and not any(fact.value for fact in filled)}
    known = any(fact.value for filled in facts.values() for fact in filled)
    for table, filled in facts.items():
        unread = [fact for fact in filled if fact.state is State.UNREADABLE]
        if not filled or not known:
            continue
        if table not in zero:
            tally.passed(code)
        elif unread:
            tally.undecided(code, words.unreadable(pack, unread))
        else:
            others = [pack.block_name(each) for each in tables if each not in zero and facts[each]]
            tally.failed(
                pack.rules.finding(
                    code, place=filled[0].place, concept=filled[0].concept, institution=filled[0].institution,
                    actual="0", where=pack.block_name(table), others=words.joined(others),
                )
            )  # fmt: skip


def _filled(table: str, submission: Submission, pack: Pack) -> list[Fact]:
    """The filled amounts of a table's summary row, or of the row that stands for it."""
    numeric = _numeric(pack)[table]
    institution = summary_institution(pack, submission.facts, numeric[0]) if numeric else None
    facts = (submission.facts.get(concept, institution) for concept in numeric)
    return [fact for fact in facts if fact is not None and fact.filled]
