"""Facts: what a filing says, each with the way back to its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache, partial
from itertools import compress
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from jixiao.model.cell_set import LARGEST_KEPT, CellSet, cell_set
from jixiao.model.place import Place

SUMMARY = "summary"
HEADQUARTERS = "headquarters"


class FactState(StrEnum):
    """The state of a cell that the form has; a concept without a fact is not on the form as filed."""

    OK = "ok"
    BLANK = "blank"
    UNREADABLE = "unreadable"


class Fact(NamedTuple):
    """One filled (or blank, or unreadable) cell of a concept; a tuple, since a filing has hundreds and each is made twice.

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
        """Whether the cell holds something, readable or not."""
        return self.state is not FactState.BLANK

    @property
    def shown(self) -> Decimal | str | None:
        """What stands in the cell: its number, else its text; of an unreadable one what was written, None of a blank."""
        if self.state is FactState.OK:
            return self.value if self.value is not None else self.text if self.text is not None else self.raw
        return (self.raw or self.text) if self.state is FactState.UNREADABLE else None


@dataclass(frozen=True)
class Facts:
    """The facts of one submission in the order of the form, found by (concept, institution).

    They cross to another process as columns, a fifth of the work, and are made anew there when first asked for; the
    columns stay with them, for what asks for these later.
    """

    rows: tuple[Fact, ...]

    @cached_property
    def arrangement(self) -> CellSet:
        """Which cells the filing has; like filings share it."""
        columns: FactColumns | None = self.__dict__.get(_COLUMNS)
        if columns is not None:
            return cell_set(columns.concept, columns.institution)
        return cell_set(map(_CONCEPT, self.rows), map(_INSTITUTION, self.rows))

    @cached_property
    def _index(self) -> dict[str | None, dict[str, Fact]]:
        """The facts of each institution by concept; made when first asked for, since many records are only kept."""
        rows = self.rows
        # The first cell of a pair comes last, so that it counts.
        return {
            institution: dict(zip(line.concepts, line.pick(rows), strict=True))
            for institution, line in self.arrangement.lines.items()
        }

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What follows from these facts alone, by who worked it out: kept as long as they are, and never pickled."""
        return {}

    @classmethod
    def of(cls, rows: Iterable[Fact]) -> Facts:
        """Facts of these rows, the first of a pair (concept, institution) counting."""
        return cls(tuple(rows))

    @cached_property
    def filled_concepts(self) -> dict[str | None, frozenset[str]]:
        """For each institution with something filled, readable or not, the concepts of its filled cells."""
        blank = FactState.BLANK
        filled = [fact.state is not blank for fact in self.rows]
        lines = self.arrangement.lines.items()
        found = ((institution, frozenset(compress(line.concepts, line.pick(filled)))) for institution, line in lines)
        return {institution: concepts for institution, concepts in found if concepts}

    @cached_property
    def records(self) -> dict[str, list[str]]:
        """The numbers of the records that the filing has a cell of, ascending, by what their concepts begin with."""
        return {stem: [number for number, _ in numbers] for stem, numbers in self.arrangement.records.items()}

    @cached_property
    def filled_records(self) -> dict[str, list[str]]:
        """The numbers of the records of which something is filled, ascending, by what their concepts begin with."""
        filled = self.filled_concepts.get(None, frozenset())
        return {
            stem: [number for number, concepts in numbers if not filled.isdisjoint(concepts)]
            for stem, numbers in self.arrangement.records.items()
        }

    def __reduce__(self) -> tuple[Callable[..., Facts], tuple[object]]:
        columns = self.columns()
        return (Facts, (self.rows,)) if columns is None else (facts_of_columns, (columns,))

    def replaced(self, instead: Mapping[int, Fact]) -> Facts:
        """These facts with some in the place of those at these positions; their columns, if at hand, are so too."""
        rows = list(self.rows)
        for at, fact in instead.items():
            rows[at] = fact
        made = Facts(tuple(rows))
        columns: FactColumns | None = self.__dict__.get(_COLUMNS)
        if columns is not None and all(_word(rows[at]) == _word(self.rows[at]) for at in instead):
            made.__dict__[_COLUMNS] = columns.replaced(instead)
        return made

    def columns(self) -> FactColumns | None:
        """What the facts hold, column by column; None where their places are of several kinds."""
        kept: FactColumns | None = self.__dict__.get(_COLUMNS)
        return kept or FactColumns.of(self.rows)

    def __getattr__(self, name: str) -> tuple[Fact, ...]:
        # Only what is not there is asked for here: the rows of facts that came as columns.
        columns: FactColumns | None = self.__dict__.get(_COLUMNS)
        if name != "rows" or columns is None:
            raise AttributeError(name)
        rows = self.__dict__["rows"] = columns.facts()
        return rows

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, concept: str, institution: str | None = None) -> Fact | None:
        """The fact of a concept and institution, or None where the filing has no such cell."""
        try:
            return self._index[institution].get(concept)
        except KeyError:
            return None

    def of_institution(self, institution: str | None) -> Mapping[str, Fact]:
        """The facts of an institution (None: those of no institution) by concept; empty where the filing has none."""
        return self._index.get(institution, _NO_FACTS)

    def value(self, concept: str, institution: str | None = None) -> Decimal | None:
        """The number of a fact, or None where it is blank, unreadable or not on the form."""
        fact = self.get(concept, institution)
        return fact.value if fact else None

    def text(self, concept: str, institution: str | None = None) -> str | None:
        """The text of a fact, or None where it is blank or not on the form."""
        fact = self.get(concept, institution)
        return fact.text if fact else None


_NO_FACTS: Mapping[str, Fact] = MappingProxyType({})


class FactColumns(NamedTuple):
    """What facts hold, column by column: states by their values, numbers as texts, places in three.

    `word` says that the places are those of a Word document.
    """

    word: bool
    concept: tuple[str, ...]
    institution: tuple[str | None, ...]
    state: tuple[str, ...]
    value: tuple[str | None, ...]
    text: tuple[str | None, ...]
    raw: tuple[str | None, ...]
    sheet: tuple[str | None, ...]
    row: tuple[int, ...]
    column: tuple[int, ...]

    @classmethod
    def of(cls, rows: Sequence[Fact]) -> FactColumns | None:
        """The columns of these facts; None where their places are of several kinds."""
        kinds = {fact.place.word for fact in rows if fact.place is not None}
        return None if len(kinds) > 1 else cls.told(rows)._replace(word=True in kinds)

    @classmethod
    def told(cls, rows: Sequence[Fact]) -> FactColumns:
        """The columns of these facts, whatever kinds of places they have."""
        if not rows:
            return _NO_COLUMNS
        concepts, institutions, states, values, texts, raws, places = zip(*rows, strict=True)
        numbers = tuple([None if value is None else str(value) for value in values])
        sheets, at, columns, _ = zip(*[place or _NOWHERE for place in places], strict=True)
        return cls(False, concepts, institutions, tuple(map(str, states)), numbers, texts, raws, sheets, at, columns)

    def replaced(self, instead: Mapping[int, Fact]) -> FactColumns:
        """The columns with other facts at some positions, whose places are of the same kind."""
        if not instead:
            return self
        told = FactColumns.told(tuple(instead.values()))
        made: list[Any] = [self.word]
        for column, others in zip(self[1:], told[1:], strict=True):
            changed: list[Any] = list(column)
            for at, other in zip(instead, others, strict=True):
                changed[at] = other
            made.append(tuple(changed))
        return FactColumns(*made)

    def facts(self) -> tuple[Fact, ...]:
        """The facts themselves."""
        # Made as the tuples that they are: a filing has hundreds, and calling their class takes twice the time.
        numbers = [None if value is None else Decimal(value) for value in self.value]
        alike = _places if len(self.sheet) <= LARGEST_KEPT else _places.__wrapped__
        places = alike(self.word, self.sheet, self.row, self.column)
        states = map(_STATES.__getitem__, self.state)
        cells = zip(self.concept, self.institution, states, numbers, self.text, self.raw, places, strict=True)
        return tuple(map(partial(_tuple, Fact), cells))


@lru_cache(maxsize=64)
def _places(
    word: bool, sheets: tuple[str | None, ...], rows: tuple[int, ...], columns: tuple[int, ...]
) -> tuple[Place | None, ...]:
    """The places in these columns; filings on the same sheets share them."""
    cells = zip(sheets, rows, columns, strict=True)
    return tuple([None if sheet is None else Place(sheet, row, column, word) for sheet, row, column in cells])


_NO_COLUMNS = FactColumns(False, (), (), (), (), (), (), (), (), ())
_NOWHERE = (None, -1, -1, False)
_COLUMNS = "_columns"
_CONCEPT, _INSTITUTION = attrgetter("concept"), attrgetter("institution")
_STATES = {state.value: state for state in FactState}
_tuple = tuple.__new__


def _word(fact: Fact) -> bool | None:
    return None if fact.place is None else fact.place.word


def facts_of_columns(columns: FactColumns) -> Facts:
    """The facts that these columns hold."""
    made = Facts.__new__(Facts)
    made.__dict__[_COLUMNS] = columns
    return made
