"""Facts: the contents of the cells of a filing, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from jixiao.model.place import Place

SUMMARY = "summary"
HEADQUARTERS = "headquarters"


class FactState(StrEnum):
    """The state of a cell that the form has; a concept without a fact is not on the form as filed."""

    OK = "ok"
    BLANK = "blank"
    UNREADABLE = "unreadable"


class Fact(NamedTuple):
    """One filled (or blank, or unreadable) cell of a concept; a tuple, since a filing has hundreds.

    `value` is in the concept's unit (amounts 万元, rates of percent concepts as percentages of 100, persons, marks);
    None unless the concept is a number and the state is ok. `text` is the text of text concepts, and 是 or 否 of
    choices. `raw` is what stood in the cell, as text.
    """

    concept: str
    institution: str | None
    state: FactState
    value: Decimal | None = None
    text: str | None = None
    raw: str | None = None
    place: Place | None = None

    @property
    def filled(self) -> bool:
        """Return whether the cell holds something, readable or not."""
        return self.state is not FactState.BLANK

    @property
    def shown(self) -> Decimal | str | None:
        """Return what the cell holds: its number, else its text; what was written if it is unreadable, None if it is blank."""
        if self.state is FactState.OK:
            return self.value if self.value is not None else self.text if self.text is not None else self.raw
        return (self.raw or self.text) if self.state is FactState.UNREADABLE else None


@dataclass(frozen=True)
class Facts:
    """The facts of one submission in the order of the form, looked up by concept and institution."""

    rows: tuple[Fact, ...]

    @classmethod
    def of(cls, rows: Iterable[Fact]) -> Facts:
        """Return the facts of these rows, the first of a pair (concept, institution) counting."""
        return cls(tuple(rows))

    def __getstate__(self) -> dict[str, Any]:
        # Only the rows cross to another process: what was derived from them may hold a pack.
        return {"rows": self.rows}

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def derived(self) -> dict[str, Any]:
        """Return what `cached_per_filing` stores with these facts, by the function that worked it out."""
        return {}

    @cached_property
    def _by_institution(self) -> dict[str | None, dict[str, Fact]]:
        index: dict[str | None, dict[str, Fact]] = {}
        for fact in self.rows:
            index.setdefault(fact.institution, {}).setdefault(fact.concept, fact)
        return index

    @cached_property
    def by_concept(self) -> dict[str, list[Fact]]:
        """Return every fact of each concept in the order of the form, also of a cell that was read twice."""
        index: dict[str, list[Fact]] = {}
        for fact in self.rows:
            index.setdefault(fact.concept, []).append(fact)
        return index

    @cached_property
    def filled_concepts(self) -> dict[str | None, frozenset[str]]:
        """Return the concepts of the filled cells, readable or not, of each institution that has any."""
        concepts: dict[str | None, set[str]] = {}
        for fact in self.rows:
            if fact.filled:
                concepts.setdefault(fact.institution, set()).add(fact.concept)
        return {institution: frozenset(filled) for institution, filled in concepts.items()}

    @cached_property
    def records(self) -> dict[str, list[str]]:
        """Return the numbers of the records that have a cell, ascending, by what precedes them in the concepts.

        The numbers of `own.3.label` and `own.12.label` are listed under `own.`.
        """
        return _record_numbers(self._by_institution.get(None, ()))

    @cached_property
    def filled_records(self) -> dict[str, list[str]]:
        """Return the numbers of the records of which something is filled, as `records` does."""
        return _record_numbers(self.filled_concepts.get(None, ()))

    def columns(self) -> FactColumns:
        """Return what the facts hold, column by column."""
        return FactColumns.told(self.rows)

    def replaced(self, changes: Mapping[int, Fact]) -> Facts:
        """Return the facts with those at some positions replaced."""
        return Facts(tuple([changes.get(position, fact) for position, fact in enumerate(self.rows)])) if changes else self

    def get(self, concept: str, institution: str | None = None) -> Fact | None:
        """Return the fact of a concept and institution, or None where the filing has no such cell."""
        return self.of_institution(institution).get(concept)

    def of_institution(self, institution: str | None) -> Mapping[str, Fact]:
        """Return the facts of an institution (None: those of no institution) by concept; empty where there are none."""
        return self._by_institution.get(institution, _NO_FACTS)

    def value(self, concept: str, institution: str | None = None) -> Decimal | None:
        """Return the number of a fact, or None where it is blank, unreadable or not on the form."""
        fact = self.get(concept, institution)
        return fact.value if fact else None

    def text(self, concept: str, institution: str | None = None) -> str | None:
        """Return the text of a fact, or None where it is blank or not on the form."""
        fact = self.get(concept, institution)
        return fact.text if fact else None


_NO_FACTS: Mapping[str, Fact] = MappingProxyType({})


class FactColumns(NamedTuple):
    """What facts hold, column by column, for tables and records: states by their values, numbers as texts, places in three."""

    concept: tuple[str, ...] = ()
    institution: tuple[str | None, ...] = ()
    state: tuple[str, ...] = ()
    value: tuple[str | None, ...] = ()
    text: tuple[str | None, ...] = ()
    raw: tuple[str | None, ...] = ()
    sheet: tuple[str | None, ...] = ()
    row: tuple[int, ...] = ()
    column: tuple[int, ...] = ()

    @classmethod
    def told(cls, rows: Sequence[Fact]) -> FactColumns:
        """Return the columns of these facts."""
        if not rows:
            return cls()
        concepts, institutions, states, values, texts, raws, places = zip(*rows, strict=True)
        numbers = tuple([None if value is None else str(value) for value in values])
        sheets, at, columns, _ = zip(*[place or (None, -1, -1, False) for place in places], strict=True)
        return cls(concepts, institutions, tuple(map(str, states)), numbers, texts, raws, sheets, at, columns)


def _record_numbers(concepts: Iterable[str]) -> dict[str, list[str]]:
    numbers: dict[str, set[str]] = {}
    for concept in concepts:
        parts = concept.split(".")
        for n, part in enumerate(parts):
            if part.isdecimal():
                numbers.setdefault(".".join((*parts[:n], "")), set()).add(part)
    return {stem: sorted(of_stem, key=lambda number: (int(number), number)) for stem, of_stem in numbers.items()}
