"""Localisation: which cell is most likely wrong, when balances fail, and what it should hold."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from jixiao.checking import messages
from jixiao.checking.filing import CheckedFiling
from jixiao.checking.localise.linear_system import (
    ONE,
    Instance,
    Key,
    balance_instance,
    in_units,
    number_of,
    score_instances,
)
from jixiao.checking.localise.search import Change, Explanation, Search, System, shifts
from jixiao.checking.localise.slips import Slip, guess, meant_by
from jixiao.checking.rules.balances import BalanceOutcome
from jixiao.checking.rules.score_sheet import STATED, SUM
from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.finding import Finding
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import Concept, ConceptKind
from jixiao.pack.rulebook import nested_quotes
from jixiao.values.number_format import to_six_places
from jixiao.values.units import MONEY

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

    def __init__(self, instances: Sequence[Instance], facts: Facts, pack: Pack) -> None:
        system = System(instances)
        self.weighing = Weighing(facts, pack, system)
        self.search = Search(system, self.weighing.weigh, self.weighing.options)

    def explanations(self, failing: Sequence[int]) -> list[Explanation]:
        """What would make a group of failed balances hold: single cells, else a shift, else the smallest sets."""
        explanations = self.search.singles(failing, {})
        explanations = explanations or shifts(failing, self.weighing.lines, self.weighing.numbers, self.search)
        return explanations or [self._exchange(each) for each in self.search.sets(failing)]

    def offered(self, failing: Sequence[int]) -> Explanation | None:
        """The explanation that the evidence singles out, or as much of all of them as they agree upon."""
        explanations = self.explanations(failing)
        instances = self.search.system.instances
        if all(instances[n].at_least for n in failing):
            # Parts over their whole do not say by how much either is wrong: only a slip that has one result does.
            explanations = [each for each in explanations if all(change.slip is Slip.UNIT for change in each.changes)]
        whole = sum((each.weight for each in explanations), Fraction(0))
        if len(failing) == 1 and instances[failing[0]].explainable:
            whole += NO_MISTAKE
        best = max(explanations, key=lambda each: each.weight, default=None)
        if best is None or best.weight >= ENOUGH * whole:
            return best
        agreed = tuple(
            change
            for change in best.changes
            if sum(each.weight for each in explanations if _names(each, change)) >= ENOUGH * whole
        )
        return best._replace(changes=agreed) if agreed else None

    def _exchange(self, explanation: Explanation) -> Explanation:
        if len(explanation.changes) != 2:
            return explanation
        one, other = explanation.changes
        first, second = (self.weighing.numbers.get(each.key, 0) for each in (one, other))
        exchanged = (first + one.amount, second + other.amount) == (second, first)
        return explanation._replace(weight=max(explanation.weight, EXCHANGED)) if exchanged else explanation


class Weighing:
    """The evidence for a change of a cell: what the cells of a filing hold, and what their neighbours hold.

    It holds no reference to the search that uses it, so that both are freed without the cyclic garbage collector.
    """

    def __init__(self, facts: Facts, pack: Pack, system: System) -> None:
        self.facts, self.pack, self.system = facts, pack, system

    def weigh(self, key: Key, amount: int) -> tuple[Fraction, Slip] | None:
        """How likely a change of a cell is the undoing of a slip, and of which; None where the cell cannot hold the result."""
        fact = self.facts.get(*key)
        if fact is None or (number := number_of(fact)) is None:
            return None
        meant = to_six_places(in_units(number + amount))
        concept = self.pack.concept(fact.concept)
        if not _allowed(self.pack, concept, meant):
            return None
        if concept.kind is ConceptKind.COUNT and meant != meant.to_integral_value():
            return None
        likeliest = guess(fact.value, meant, self._neighbouring_numbers(key, number), MONEY.get(concept.unit))
        weight = likeliest.weight if fact.value is None or _allowed(self.pack, concept, fact.value) else likeliest.weight * CANNOT_BE
        finest = max(concept.decimals, _decimals(fact.value))
        return (weight if _decimals(meant) <= finest else weight / FINER), likeliest.slip

    def options(self, key: Key, low: int, high: int) -> Iterable[int]:
        """Changes of a cell between two bounds that would undo a slip of the hand."""
        fact = self.facts.get(*key)
        if fact is None or fact.value is None:
            return []
        number = number_of(fact) or 0
        meant = meant_by(fact.value, in_units(number + low), in_units(number + high))
        return [int(each * ONE) - number for each in meant]

    @cached_property
    def numbers(self) -> dict[Key, int]:
        """The numbers that stand in the cells; zeros are as good as nothing."""
        numbers = [(fact, number_of(fact)) for fact in self.facts if fact.value]
        return {(fact.concept, fact.institution): number for fact, number in numbers if number is not None}

    @cached_property
    def _times(self) -> Counter[int]:
        """In how many cells each number stands."""
        return Counter(self.numbers.values())

    @cached_property
    def lines(self) -> list[list[Key]]:
        """The cells of each row and each column of the filing that stand in a balance, in their order."""
        rows: dict[tuple[str, str, int], list[Fact]] = {}
        for fact in self.facts:
            if fact.place is not None and (fact.concept, fact.institution) in self.system.of:
                rows.setdefault(("row", fact.place.sheet, fact.place.row), []).append(fact)
                rows.setdefault(("column", fact.place.sheet, fact.place.column), []).append(fact)
        return [[(each.concept, each.institution) for each in sorted(line, key=_placed)] for line in rows.values()]

    @cached_property
    def _neighbours(self) -> dict[Key, list[Key]]:
        """The cells beside, above and below each cell."""
        neighbours: dict[Key, list[Key]] = {}
        for line in self.lines:
            for one, other in itertools.pairwise(line):
                neighbours.setdefault(one, []).append(other)
                neighbours.setdefault(other, []).append(one)
        return neighbours

    def _neighbouring_numbers(self, key: Key, number: int) -> frozenset[Decimal]:
        """The numbers beside, above and below a cell, zeros and those of the same concept left out.

        Empty where no other cell of the filing holds the cell's own number, or that is none: then it is a copy of none.
        """
        if not number or self._times[number] <= (self.numbers.get(key) == number):
            return frozenset()
        # The same column of another row is often rightly the same: a summary and its one institution.
        facts = (
            self.facts.get(*each)
            for each in self._neighbours.get(key, ())
            if each[0] != key[0] and self._alike[self._lines_of(key, each)] <= 1
        )
        return frozenset(fact.value for fact in facts if fact is not None and fact.value)

    @cached_property
    def _alike(self) -> Counter[tuple[int, ...]]:
        """How often two columns or rows side by side hold the same number: where they often do, none is a copy."""
        times: Counter[tuple[int, ...]] = Counter()
        numbers = self.numbers
        for line in self.lines:
            for one, other in itertools.pairwise(line):
                if one[0] != other[0] and (number := numbers.get(one)) and number == numbers.get(other):
                    times[self._lines_of(one, other)] += 1
        return times

    def _lines_of(self, one: Key, other: Key) -> tuple[int, ...]:
        """The two columns of cells that stand in one row, the two rows of cells in one column, in order."""
        (row, column), (other_row, other_column) = (_placed(fact) for fact in (self.facts.get(*one), self.facts.get(*other)) if fact)
        return (0, *sorted((column, other_column))) if row == other_row else (1, *sorted((row, other_row)))


def suggest(filing: CheckedFiling, answers: Sequence[BalanceOutcome]) -> None:
    """Add to the findings of a filing the cell that explains them; nothing where all balances hold."""
    scores = {finding.rule: finding for finding in filing.findings if finding.rule in (SUM, STATED)}
    if not scores and all(answer.finding is None for answer in answers):
        return
    instances: list[tuple[Instance, Finding | None]] = []
    for answer in answers:
        instance = balance_instance(answer)
        if instance is not None:
            instances.append((instance, answer.finding))
    instances += [(instance, scores.get(instance.code)) for instance in score_instances(filing, scores)]
    findings = {id(instance): finding for instance, finding in instances}
    localiser = Localiser([instance for instance, _ in instances], filing.facts, filing.pack)
    system = localiser.search.system
    for group in system.groups():
        best = localiser.offered(group)
        if best is None:
            continue
        text = _sentence(best, filing)
        for n in group:
            instance = system.instances[n]
            finding = findings[id(instance)]
            own = [change for change in best.changes if change.key in instance.signs]
            if finding is not None and own:
                change = max(own, key=lambda each: abs(each.amount))
                fact, meant = _cell_and_meant(change, filing)
                suggested = replace(finding, suggested_place=fact.place, suggested_value=meant, suggestion=text)
                filing.replace(finding, suggested)


def _sentence(explanation: Explanation, filing: CheckedFiling) -> str:
    if len(explanation.changes) == 1:
        (change,) = explanation.changes
        where, written, meant = _texts(change, filing)
        why = messages.SLIPS[change.slip.name].format(unit=filing.pack.concept(change.key[0]).unit)
        sentence = messages.WRONG_CELL if written else messages.BLANK_CELL
        return nested_quotes(sentence.format(where=where, why=why, written=written, meant=meant))
    cells = []
    for change in explanation.changes:
        where, written, meant = _texts(change, filing)
        cells.append(messages.ONE_OF_CELLS.format(where=where, written=written or messages.NOT_FILLED, meant=meant))
    sentence = messages.SHIFTED_CELLS if explanation.shifted else messages.WRONG_CELLS
    return nested_quotes(sentence.format(count=len(cells), cells="；".join(cells)))


def _texts(change: Change, filing: CheckedFiling) -> tuple[str, str, str]:
    """Return a cell in words, what it holds (empty for nothing) and what it should hold."""
    pack, (fact, meant) = filing.pack, _cell_and_meant(change, filing)
    written = "" if fact.state is FactState.BLANK or fact.value is None else messages.number_text(pack, fact.concept, fact.value)
    return messages.located_label(pack, fact), written, messages.number_text(pack, fact.concept, meant)


def _cell_and_meant(change: Change, filing: CheckedFiling) -> tuple[Fact, Decimal]:
    """Return the cell that a change is of, and the number that it should hold."""
    fact = filing.facts.get(*change.key)
    assert fact is not None
    return fact, to_six_places(in_units((number_of(fact) or 0) + change.amount))


def _names(explanation: Explanation, change: Change) -> bool:
    return any((each.key, each.amount) == (change.key, change.amount) for each in explanation.changes)


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
