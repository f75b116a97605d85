"""Localisation: which cell is most likely wrong, when balances fail, and what it should hold."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from jixiao.checking import words
from jixiao.checking.frames import ONE
from jixiao.checking.search import Change, Explanation, Search, System
from jixiao.checking.shifts import shifts
from jixiao.checking.slips import Slip, guess, meant_by
from jixiao.checking.system import Cells, Instance, Key, in_units, number_of
from jixiao.model.fact import Fact, State
from jixiao.model.finding import Finding
from jixiao.model.numerals import to_six_places
from jixiao.model.units import MONEY
from jixiao.pack import Pack
from jixiao.pack.concept import Concept, Kind
from jixiao.pack.rulebook import nested_quotes

ENOUGH = Fraction(9, 10)
"""The share of the evidence that a cell must have before it is named."""

EXCHANGED = Fraction(1, 100)
"""The weight of two neighbours having changed places."""

NO_MISTAKE = Fraction(1, 1000)
"""The weight of a cause that is no mistake, where one balance alone is broken that has such causes."""

CANNOT_BE = 1000
"""A cell that holds what it cannot hold (below zero, above full marks) is so many times likelier the wrong one."""

FINER = 100
"""A value with more decimals than the form's or the cell's own is so many times less likely."""


class Localiser:
    """The search in one filing."""

    def __init__(self, instances: Sequence[Instance], cells: Cells) -> None:
        system = System(instances)
        self.weighing = Weighing(cells, system)
        self.search = Search(system, self.weighing.weigh, self.weighing.options)

    def explanations(self, failing: Sequence[int]) -> list[Explanation]:
        """What would make a group of failed balances hold: single cells, else a shift, else the smallest sets."""
        found = self.search.singles(failing, {})
        found = found or shifts(failing, self.weighing.lines, self.weighing.numbers, self.search)
        return found or [self._exchange(each) for each in self.search.sets(failing)]

    def offered(self, failing: Sequence[int]) -> Explanation | None:
        """The explanation that the evidence singles out, or as much of all of them as they agree upon."""
        found = self.explanations(failing)
        instances = self.search.system.instances
        if all(instances[n].at_least for n in failing):
            # Parts over their whole do not say by how much either is wrong: only a slip that has one result does.
            found = [each for each in found if all(change.slip is Slip.UNIT for change in each.changes)]
        whole = sum((each.weight for each in found), Fraction(0))
        if len(failing) == 1 and instances[failing[0]].explainable:
            whole += NO_MISTAKE
        best = max(found, key=lambda each: each.weight, default=None)
        if best is None or best.weight >= ENOUGH * whole:
            return best
        agreed = tuple(
            change
            for change in best.changes
            if sum(each.weight for each in found if _names(each, change)) >= ENOUGH * whole
        )
        return best._replace(changes=agreed) if agreed else None

    def _exchange(self, found: Explanation) -> Explanation:
        if len(found.changes) != 2:
            return found
        one, other = found.changes
        first, second = (self.weighing.numbers.get(each.key, 0) for each in (one, other))
        exchanged = (first + one.amount, second + other.amount) == (second, first)
        return found._replace(weight=max(found.weight, EXCHANGED)) if exchanged else found


class Weighing:
    """What speaks for a change of a cell: what the cells of a filing hold, and what stands beside each.

    It knows nothing of the search that asks it: the two would keep each other, and all cells, until somebody looks for circles.
    """

    def __init__(self, cells: Cells, system: System) -> None:
        self.cells, self.system = cells, system

    def weigh(self, key: Key, amount: int) -> tuple[Fraction, Slip] | None:
        """How likely a change of a cell is the undoing of a slip, and of which; None where the cell cannot hold the result."""
        fact = self.cells.fact(key)
        if fact is None or (number := number_of(fact)) is None:
            return None
        meant = to_six_places(in_units(number + amount))
        concept = self.cells.pack.concept(fact.concept)
        if not _allowed(self.cells.pack, concept, meant):
            return None
        if concept.kind is Kind.COUNT and meant != meant.to_integral_value():
            return None
        made = guess(fact.value, meant, self._numbers_beside(key, number), MONEY.get(concept.unit))
        weight = made.weight if fact.value is None or _allowed(self.cells.pack, concept, fact.value) else made.weight * CANNOT_BE
        finest = max(concept.decimals, _decimals(fact.value))
        return (weight if _decimals(meant) <= finest else weight / FINER), made.slip

    def options(self, key: Key, low: int, high: int) -> Iterable[int]:
        """Changes of a cell between two bounds that would undo a slip of the hand."""
        fact = self.cells.fact(key)
        if fact is None or fact.value is None:
            return []
        number = number_of(fact) or 0
        meant = meant_by(fact.value, in_units(number + low), in_units(number + high))
        return [int(each * ONE) - number for each in meant]

    @cached_property
    def numbers(self) -> dict[Key, int]:
        """The numbers that stand in the cells; zeros are as good as nothing."""
        found = [(fact, number_of(fact)) for fact in self.cells.facts if fact.value]
        return {(fact.concept, fact.institution): number for fact, number in found if number is not None}

    @cached_property
    def _times(self) -> Counter[int]:
        """In how many cells each number stands."""
        return Counter(self.numbers.values())

    @cached_property
    def lines(self) -> list[list[Key]]:
        """The cells of each row and each column of the filing that stand in a balance, in their order."""
        rows: dict[tuple[str, str, int], list[Fact]] = {}
        for fact in self.cells.facts:
            if fact.place is not None and (fact.concept, fact.institution) in self.system.of:
                rows.setdefault(("row", fact.place.sheet, fact.place.row), []).append(fact)
                rows.setdefault(("column", fact.place.sheet, fact.place.column), []).append(fact)
        return [[(each.concept, each.institution) for each in sorted(line, key=_placed)] for line in rows.values()]

    @cached_property
    def _beside(self) -> dict[Key, list[Key]]:
        """The cells beside, above and below each cell."""
        found: dict[Key, list[Key]] = {}
        for line in self.lines:
            for one, other in itertools.pairwise(line):
                found.setdefault(one, []).append(other)
                found.setdefault(other, []).append(one)
        return found

    def _numbers_beside(self, key: Key, number: int) -> frozenset[Decimal]:
        """The numbers beside, above and below a cell, zeros and those of the same concept left out.

        Empty where no other cell of the filing holds the cell's own number, or that is none: then it is a copy of none.
        """
        if not number or self._times[number] <= (self.numbers.get(key) == number):
            return frozenset()
        # The same column of another row is often rightly the same: a summary and its one institution.
        facts = (
            self.cells.fact(each)
            for each in self._beside.get(key, ())
            if each[0] != key[0] and self._alike[self._lines_of(key, each)] <= 1
        )
        return frozenset(fact.value for fact in facts if fact is not None and fact.value)

    @cached_property
    def _alike(self) -> Counter[tuple[int, ...]]:
        """How often two columns or rows side by side hold the same number: where they often do, none is a copy."""
        found: Counter[tuple[int, ...]] = Counter()
        numbers = self.numbers
        for line in self.lines:
            for one, other in itertools.pairwise(line):
                if one[0] != other[0] and (number := numbers.get(one)) and number == numbers.get(other):
                    found[self._lines_of(one, other)] += 1
        return found

    def _lines_of(self, one: Key, other: Key) -> tuple[int, ...]:
        """The two columns of cells that stand in one row, the two rows of cells in one column, in order."""
        (row, column), (other_row, other_column) = (_placed(fact) for fact in map(self.cells.fact, (one, other)) if fact)
        return (0, *sorted((column, other_column))) if row == other_row else (1, *sorted((row, other_row)))


def suggested(instances: Sequence[tuple[Instance, Finding | None]], cells: Cells) -> list[tuple[Finding, Finding]]:
    """The findings that a cell explains, each with what it becomes: the cell, its value and the reason told."""
    localiser = Localiser([instance for instance, _ in instances], cells)
    told_by = {id(instance): finding for instance, finding in instances}
    system = localiser.search.system
    found = []
    for group in system.groups():
        best = localiser.offered(group)
        if best is None:
            continue
        text = _told(best, cells)
        for n in group:
            instance = system.instances[n]
            finding = told_by.get(id(instance))
            own = [change for change in best.changes if change.key in instance.signs]
            if finding is None or not own:
                continue
            change = max(own, key=lambda each: abs(each.amount))
            fact = cells.fact(change.key)
            assert fact is not None
            value = to_six_places(in_units((number_of(fact) or 0) + change.amount))
            found.append(
                (finding, replace(finding, suggested_place=fact.place, suggested_value=value, suggestion=text))
            )
    return found


def _told(found: Explanation, cells: Cells) -> str:
    if len(found.changes) == 1:
        (change,) = found.changes
        where, written, meant = _figures(change, cells)
        why = words.SLIPS[change.slip.name].format(unit=cells.pack.concept(change.key[0]).unit)
        sentence = words.WRONG_CELL if written else words.BLANK_CELL
        return nested_quotes(sentence.format(where=where, why=why, written=written, meant=meant))
    told = []
    for change in found.changes:
        where, written, meant = _figures(change, cells)
        told.append(words.ONE_OF_CELLS.format(where=where, written=written or words.NOT_FILLED, meant=meant))
    sentence = words.SHIFTED_CELLS if found.shifted else words.WRONG_CELLS
    return nested_quotes(sentence.format(count=len(told), cells="；".join(told)))


def _figures(change: Change, cells: Cells) -> tuple[str, str, str]:
    """A cell in words, what stands in it (empty for nothing) and what it should hold."""
    fact = cells.fact(change.key)
    assert fact is not None
    meant = to_six_places(in_units((number_of(fact) or 0) + change.amount))
    written = "" if fact.state is State.BLANK or fact.value is None else words.told(cells.pack, fact.concept, fact.value)
    return words.cell(cells.pack, fact), written, words.told(cells.pack, fact.concept, meant)


def _names(found: Explanation, change: Change) -> bool:
    return any((each.key, each.amount) == (change.key, change.amount) for each in found.changes)


def _placed(fact: Fact) -> tuple[int, int]:
    assert fact.place is not None
    return fact.place.row, fact.place.column


def _allowed(pack: Pack, concept: Concept, number: Decimal) -> bool:
    """Whether the form accepts a number in a cell of the concept; no total of marks is above the rubric's."""
    totals = (pack.names.total_sheet, pack.names.total_stated)
    most = concept.maximum if concept.maximum is not None else pack.rubric.total if concept.id in totals else None
    return not (concept.nonnegative and number < 0) and (most is None or number <= most)


def _decimals(number: Decimal | None) -> int:
    text = format(to_six_places(number), "f") if number is not None else ""
    return len(text.partition(".")[2])
