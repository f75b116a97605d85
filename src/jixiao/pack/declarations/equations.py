"""Equations: linear balances between concepts, each declared once and used by checks, messages and live formulas."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Literal, NamedTuple

from jixiao.pack.declarations import Declaration

HALF_UNIT = Decimal("0.005")
"""What rounding to two decimals can move an amount by: half of 0.01 万元."""


Relation = Literal["equal", "at_least"]


class PrintedRate(Declaration):
    """A rate that the form prints: equal to `numerator` over `denominator`, to the decimals that were printed."""

    code: str
    title: str
    printed: str
    numerator: str
    denominator: str
    basis: str
    remedy: str = ""


class EquationDeclaration(Declaration):
    """As written: `total` equals the sum of `parts`; `{column}` in the ids repeats it over `columns`.

    A part with `{n}` is the sum over the rows that the department declared. `relation` `at_least` holds where the total
    is no less than the sum. `subject` is the concept that a finding names where that is not the total. `explainable` balances can be answered
    with a cause and an amount. `hard` ones cannot. `both_filled` asks only where both sides carry a number.
    """

    code: str
    title: str
    total: str
    parts: tuple[str, ...]
    columns: tuple[str, ...] = ()
    relation: Relation = "equal"
    subject: str = ""
    basis: str
    explainable: bool = False
    both_filled: bool = False
    rounding: bool = True
    remedy: str = ""

    def subject_in(self, column: str) -> str:
        """Return the concept that a finding names in one of the columns, "" where that is the total."""
        return self.subject.replace("{column}", column)


class AggregationDeclaration(Declaration):
    """As written: for every amount of these tables, the summary row is the sum of the institutions' rows."""

    prefix: str
    title: str
    tables: tuple[str, ...]
    basis: str
    only_summary_code: str
    only_headquarters_code: str
    remedy: str = ""


class KnownCause(Declaration):
    """A cause of broken balances that real filings have: each equation of `codes` is off by `sign` x `amount`.

    `amount` names a concept; with `blank` the concept is blank and every equation is off by one and the same amount,
    which the blank cell may have been meant to hold. `only_if_exceeds` names two concepts: the cause is considered only
    where the first is larger than the second.
    """

    id: str
    codes: tuple[str, ...]
    optional_codes: tuple[str, ...] = ()
    amount: str
    signs: tuple[int, ...]
    blank: bool = False
    only_if_exceeds: tuple[str, str] | None = None
    message: str
    remedy: str


class EquationsDeclaration(Declaration):
    """The equations file of a pack."""

    equations: tuple[EquationDeclaration, ...] = ()
    aggregation: AggregationDeclaration | None = None
    causes: tuple[KnownCause, ...] = ()
    rates: tuple[PrintedRate, ...] = ()


class Term(NamedTuple):
    """A concept in an equation, at an institution or at that of the row being checked (None)."""

    concept: str
    institution: str | None = None


class Equation(NamedTuple):
    """One balance, resolved: the total equals the sum of the parts.

    `scope` is `institution` (holds for the summary row and every institution row), `aggregate` (the parts are the
    total's concept over all institutions but the summary) or `single` (one cell each, outside the money tables or
    of the summary row).
    """

    code: str
    title: str
    scope: str
    total: Term
    parts: tuple[Term, ...]
    subject: str
    basis: str
    explainable: bool
    both_filled: bool
    rounding: bool
    remedy: str
    relation: Relation = "equal"


def equation_holds(equation: Equation, look_up: Callable[[Term], Decimal | None]) -> bool | None:
    """Return whether an equation holds, up to rounding, for the numbers of its terms; None where no term is filled."""
    total = look_up(equation.total)
    parts = [part for part in map(look_up, equation.parts) if part is not None]
    if total is None and not parts:
        return None
    difference = (total or Decimal(0)) - sum(parts, Decimal(0))
    slack = HALF_UNIT * (len(parts) + 1) if equation.rounding else Decimal(0)
    allowed = total is not None and (abs(difference) <= slack or (equation.relation == "at_least" and difference > 0))
    return difference == 0 or allowed
