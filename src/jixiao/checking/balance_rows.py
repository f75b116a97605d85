"""The equations of filings as rows of one long frame: for each filing and institution both sides, and what is left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

import pandas as pd

from jixiao.checking.filing import CheckedFiling
from jixiao.checking.frames import INSTITUTION, LARGEST, NUMBER, SUBMISSION, object_frame
from jixiao.checking.schemas import EQUATION, PARTS, RESIDUAL, SLACK, TOTAL
from jixiao.model.fact import SUMMARY, Fact, FactState
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.equations import HALF_UNIT, Equation, Term
from jixiao.pack.fact_lookup import headquarters_count_as_summary
from jixiao.pack.resolve import SCOPE_AGGREGATE, SCOPE_INSTITUTION

ZERO = Decimal(0)


class Undecided(Enum):
    """Why an equation could not be decided; the values are the reasons shown, empty where the cells give them."""

    UNREADABLE = ""
    NOT_ON_FORM = "表中没有相应的栏目"
    NO_INSTITUTIONS = "未分机构填列"
    STOOD_IN = "未填列汇总行，以局机关数为汇总数"


class BalanceRow(NamedTuple):
    """An equation at one institution of a filing: the cells of both sides, what they add up to, and what is left over.

    `total` is None where the total is blank, `residual` where the equation is `undecided`.
    """

    filing: CheckedFiling
    institution: str | None
    equation: Equation
    total_facts: list[Fact]
    part_facts: list[Fact]
    total: Decimal | None
    parts: Decimal
    residual: Decimal | None
    slack: Decimal
    undecided: Undecided | None

    @property
    def rounded(self) -> bool:
        """Whether rounding alone can explain what is left over."""
        return self.total is not None and self.residual is not None and abs(self.residual) <= self.slack


def balances_frame(rows: Sequence[BalanceRow]) -> pd.DataFrame:
    """Return the long frame of these rows; its index counts them."""
    columns: dict[str, list[object]] = {
        SUBMISSION: [row.filing.submission.submission_id for row in rows],
        INSTITUTION: [row.institution for row in rows],
        EQUATION: [row.equation.code for row in rows],
        TOTAL: [row.total for row in rows],
        PARTS: [row.parts for row in rows],
        RESIDUAL: [row.residual for row in rows],
        SLACK: [row.slack for row in rows],
    }
    return object_frame(columns)


def balance_rows(filing: CheckedFiling) -> Iterator[BalanceRow]:
    """Yield every equation of a filing at every institution where enough is filled."""
    facts, pack = filing.facts, filing.pack
    replaced = {table.id for table in pack.money_tables if headquarters_count_as_summary(pack, facts, table.id)}
    units = [key for key in filing.institutions if key != SUMMARY]
    no_units = None if units_filled(filing) else Undecided.NO_INSTITUTIONS
    for equation, tables in _equations(pack):
        stood_in = tables <= replaced
        if equation.scope == SCOPE_AGGREGATE:
            concept = equation.total.concept
            parts = [fact for key in units if (fact := facts.get(concept, key)) is not None]
            undecided = Undecided.STOOD_IN if stood_in else no_units
            row = _row(filing, SUMMARY, equation, [facts.get(concept, SUMMARY)], parts, undecided)
            if row is not None:
                yield row
            continue
        # Where headquarters stand for the summary row, the equation is asked at headquarters.
        keys = [None] if equation.scope != SCOPE_INSTITUTION else units if stood_in else filing.institutions
        for key in keys:
            terms = [fact for part in equation.parts for fact in _term_facts(filing, part, key)]
            row = _row(filing, key, equation, _term_facts(filing, equation.total, key), terms)
            if row is not None:
                yield row


@cached_per_pack
def _equations(pack: Pack) -> list[tuple[Equation, set[str]]]:
    """Return the equations, each with the tables that its cells stand in."""
    return [
        (equation, {pack.concept(term.concept).block for term in (equation.total, *equation.parts)})
        for equation in pack.equations
    ]


def _term_facts(filing: CheckedFiling, term: Term, institution: str | None) -> Sequence[Fact | None]:
    """Return the fact of a term (None: not on the form), or those of all declared rows."""
    concept, facts = term.concept, filing.facts
    if NUMBER in concept:
        numbers = facts.records.get(concept.partition(NUMBER)[0], ())
        return [fact for number in numbers if (fact := facts.get(concept.replace(NUMBER, number))) is not None]
    if institution is None or institution == SUMMARY:
        return (filing.amount(concept),)
    return (facts.get(concept, institution),)


class _SideSum(NamedTuple):
    """One side of an equation: its cells, the sum of their numbers (None if there is none), and how many are summed.

    `unusable` says that a cell could not be read, or is too large to be summed; `absent` that the form lacks a cell.
    """

    facts: list[Fact]
    total: Decimal | None
    terms: int
    unusable: bool
    absent: bool


def _side(cells: Sequence[Fact | None]) -> _SideSum:
    facts = [fact for fact in cells if fact is not None]
    total, count, unusable = None, 0, False
    for fact in facts:
        value = fact.value
        if value is None:
            unusable = unusable or fact.state is not FactState.BLANK
        elif -LARGEST < value < LARGEST:
            total, count = value if total is None else total + value, count + 1
        else:
            unusable = True
    return _SideSum(facts, total, count, unusable, len(facts) < len(cells))


def _row(
    filing: CheckedFiling, institution: str | None, equation: Equation, total_cells: Sequence[Fact | None],
    part_cells: Sequence[Fact | None], undecided: Undecided | None = None,
) -> BalanceRow | None:  # fmt: skip
    """Return the equation with these cells; None where too little is filled to ask it."""
    total, parts = _side(total_cells), _side(part_cells)
    total_filled, parts_filled = total.unusable or total.terms > 0, parts.unusable or parts.terms > 0
    if not (total_filled and parts_filled if equation.both_filled else total_filled or parts_filled):
        return None
    parts_total = ZERO if parts.total is None else parts.total
    residual = (ZERO if total.total is None else total.total) - parts_total
    if equation.relation == "at_least":
        residual = min(residual, ZERO)
    if undecided is None and (total.unusable or parts.unusable):
        undecided = Undecided.UNREADABLE
    elif undecided is None and residual and (total.absent or parts.absent):
        undecided = Undecided.NOT_ON_FORM
    terms = parts.terms + (total.terms > 0)
    return BalanceRow(
        filing, institution, equation, total.facts, parts.facts, total.total, parts_total,
        residual=None if undecided else residual, slack=HALF_UNIT * terms if equation.rounding else ZERO, undecided=undecided,
    )  # fmt: skip


def units_filled(filing: CheckedFiling) -> bool:
    """Return whether anything is filled in the money tables outside the summary rows."""
    return not filing.facts.filled_concepts.keys() <= {None, SUMMARY}
