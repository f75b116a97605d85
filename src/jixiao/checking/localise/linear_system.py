"""The linear system of one filing: every balance that was decided, with the cells it ties, as whole numbers."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from jixiao.checking.filing import CheckedFiling
from jixiao.checking.frames import LARGEST
from jixiao.checking.rules.balances import BalanceOutcome
from jixiao.checking.rules.score_sheet import STATED, SUM
from jixiao.checking.score_rows import score_rows
from jixiao.model.fact import Fact, FactState
from jixiao.pack.declarations.equations import HALF_UNIT

ONE = 1_000_000
"""A whole unit in the numbers of the system: the search is in whole numbers, six decimals of the cell's unit."""

HALF = int(HALF_UNIT * ONE)
MOST = int(LARGEST * ONE)
Key = tuple[str, str | None]
"""A cell: concept and institution."""

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


def number_of(fact: Fact) -> int | None:
    """The number of a cell in millionths, a blank as zero; None where it carries none that can be summed."""
    value = fact.value
    if not value:
        return 0 if value is not None or fact.state is FactState.BLANK else None
    number = int(value * ONE)
    return number if -MOST < number < MOST else None


def balance_instance(answer: BalanceOutcome) -> Instance | None:
    """Return the instance of an equation that was asked; None where a known cause explains its failure."""
    if answer.explained:
        return None
    row, equation = answer.row, answer.row.equation
    return _instance(
        equation.code, row.total_facts, row.part_facts, HALF if equation.rounding else 0, failed=answer.failed,
        at_least=equation.relation == "at_least", explainable=equation.explainable,
    )  # fmt: skip


def _instance(
    code: str, totals: Iterable[Fact], parts: Iterable[Fact], half: int = 0, *, failed: bool, at_least: bool = False,
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
                filled += fact.state is not FactState.BLANK
    return Instance(code, signs, left, half * filled, failed, at_least, tuple(unread), explainable)


def score_instances(filing: CheckedFiling, failed: Container[str]) -> list[Instance]:
    """Return the balances of the score sheet: the total is the sum of the self scores, the stated total is the total.

    `failed` are those of their two rules, SUM and STATED, that did not hold.
    """
    instances = []
    names, facts = filing.pack.names, filing.facts
    total = facts.get(names.total_sheet)
    stated = facts.get(names.total_stated) if names.total_stated else None
    scores = [row.self_fact for row in score_rows(filing.pack, facts) if row.self_fact is not None]
    if total is not None and scores and any(fact.filled for fact in (total, *scores)):
        instances.append(_instance(SUM, [total], scores, failed=SUM in failed))
    if total is not None and stated is not None and total.filled and stated.filled:
        instances.append(_instance(STATED, [stated], [total], failed=STATED in failed))
    return instances


def in_units(number: int) -> Decimal:
    """Millionths as a number of the cell's unit."""
    return Decimal(number) / ONE
