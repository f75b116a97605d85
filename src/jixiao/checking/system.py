"""The linear system of one filing: every balance that was decided, with the cells it ties, as whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.checking.frames import MOST, ONE
from jixiao.checking.residuals import HALF, Residual, Verdict
from jixiao.checking.score_sheet import ScoreRow
from jixiao.model.fact import SUMMARY, Fact, Facts, State
from jixiao.pack import Pack
from jixiao.pack.equations import Term
from jixiao.pack.lookup import amount
from jixiao.pack.resolve import SCOPE_AGGREGATE

Key = tuple[str, str | None]
"""A cell: concept and institution."""

NUMBER = "{n}"
_MILLION = Decimal(ONE)

LIMIT = 10**30
"""Beyond every change of a cell."""


class Instance(NamedTuple):
    """One balance at one place: its cells with their signs, and what is left over, in millionths of the unit.

    `slack` is what rounding may leave; with `at_least` a surplus is no failure. `failed` is what checking said of it.
    `unread` are its cells that carry no usable number: with any, the balance is undecided. `explainable` ones break
    for causes that are no mistake.
    """

    code: str
    signs: Mapping[Key, int]
    residual: int
    slack: int
    failed: bool
    at_least: bool = False
    unread: tuple[Key, ...] = ()
    explainable: bool = False

    def bounds(self, key: Key, change: int = 0) -> tuple[int, int]:
        """Lowest and highest change of a cell with which the balance holds once its residual has changed by so much."""
        left = self.residual + change
        least, most = -left - self.slack, LIMIT if self.at_least else -left + self.slack
        return (least, most) if self.signs[key] > 0 else (-most, -least)

    def holds(self, change: int = 0) -> bool:
        """Whether it holds once its residual has changed by so much."""
        left = self.residual + change
        return abs(left) <= self.slack or (self.at_least and left > 0)

    def exact(self, change: int = 0) -> bool:
        """Whether nothing at all is then left over."""
        return self.residual + change == 0


class Cells:
    """The cells of one filing, found by key."""

    def __init__(self, facts: Facts, pack: Pack) -> None:
        self.pack, self.facts = pack, facts

    def fact(self, key: Key) -> Fact | None:
        """The fact of a cell."""
        return self.facts.get(*key)

    def institutions(self, concept: str) -> list[Fact]:
        """The facts of a money concept in every row but the summary's."""
        rows = self.facts.rows
        found = [rows[position] for position in self.facts.arrangement.columns.get(concept, ())]
        return [fact for fact in found if fact.institution != SUMMARY]

    def of(self, term: Term, institution: str | None) -> list[Fact]:
        """The facts of a term: one, or those of all rows that the department declared."""
        if NUMBER in term.concept:
            before, _, after = term.concept.partition(NUMBER)
            rows, columns = self.facts.rows, self.facts.arrangement.columns
            told = (concept for concept in columns if concept.startswith(before) and concept.endswith(after))
            return [rows[columns[each][0]] for each in told if each[len(before) : len(each) - len(after)].isdecimal()]
        fact = amount(self.pack, self.facts, term.concept, institution)
        return [] if fact is None else [fact]


def number_of(fact: Fact) -> int | None:
    """The number of a cell in millionths, a blank as zero; None where it carries none that can be summed."""
    value = fact.value
    if not value:
        return 0 if value is not None or fact.state is State.BLANK else None
    number = int(value * _MILLION)
    return number if -MOST < number < MOST else None


def balance_instance(residual: Residual, cells: Cells, *, explained: bool) -> Instance | None:
    """The instance of an equation that was asked; None where it says nothing of the cells, or a known cause explains it."""
    decided = residual.verdict in (Verdict.HOLDS, Verdict.ROUNDED, Verdict.BROKEN, Verdict.BLANK_TOTAL)
    if explained or not (decided or residual.verdict is Verdict.UNREADABLE):
        return None
    equation = residual.equation
    totals = cells.of(equation.total, residual.institution)
    if equation.scope == SCOPE_AGGREGATE:
        parts = cells.institutions(equation.total.concept)
    else:
        parts = [fact for part in equation.parts for fact in cells.of(part, residual.institution)]
    failed = residual.verdict in (Verdict.BROKEN, Verdict.BLANK_TOTAL)
    at_least = equation.relation == "at_least"
    half = HALF if equation.rounding else 0
    return _instance(
        equation.code, totals, parts, half, failed=failed, at_least=at_least, explainable=equation.explainable
    )


def _instance(
    code: str, totals: Iterable[Fact], parts: Iterable[Fact], half: int, *, failed: bool, at_least: bool = False,
    explainable: bool = False,
) -> Instance:  # fmt: skip
    signs: dict[Key, int] = {}
    left, filled = 0, 0
    unread: list[Key] = []
    for sign, facts in ((1, totals), (-1, parts)):
        for fact in facts:
            key = (fact.concept, fact.institution)
            number = number_of(fact)
            signs[key] = sign
            if number is None:
                unread.append(key)
            else:
                left += sign * number
                filled += fact.state is not State.BLANK
    return Instance(code, signs, left, half * filled, failed, at_least, tuple(unread), explainable)


def score_instances(
    rows: Sequence[ScoreRow], facts: Facts, pack: Pack, codes: tuple[str, str], failed: frozenset[str]
) -> list[Instance]:
    """The balances of the score sheet: the total is the sum of the self scores, the stated total is the total.

    `codes` are their two rules, `failed` those of the rules that did not hold.
    """
    found = []
    total = facts.get(pack.names.total_sheet)
    stated = facts.get(pack.names.total_stated) if pack.names.total_stated else None
    scores = [row.self_score for row in rows if row.self_score is not None]
    if total is not None and scores and any(each.filled for each in (total, *scores)):
        found.append(_instance(codes[0], [total], scores, 0, failed=codes[0] in failed))
    if total is not None and stated is not None and total.filled and stated.filled:
        found.append(_instance(codes[1], [stated], [total], 0, failed=codes[1] in failed))
    return found


def in_units(number: int) -> Decimal:
    """Millionths as a number of the cell's unit."""
    return Decimal(number) / ONE
