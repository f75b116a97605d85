"""Listings of a district's sheets: rows of one make, thousands of them, made when they are drawn and kept by nobody.

What a column looks like is said once; a row is its values. A sheet of cells holds an object for each, some hundred
thousand in a large district: a listing holds none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, NamedTuple, Protocol, TypeVar

from jixiao.writing.canvas import Cell, Link, SheetContent, Style, Value
from jixiao.writing.textsize import INDENT_UNITS, LINE_POINTS, PADDING_POINTS, height, units

LEAST_POINTS = LINE_POINTS + PADDING_POINTS
HIGHEST_POINTS = 400.0
_ROOM = 3
"""Half-widths that a text in one line leaves free."""


class Column(NamedTuple):
    """A column of a table: its head, its width in half-width characters and how its cells look.

    Where it is `low` its texts make no row higher, being cut off where they are long.
    """

    head: str
    width: float
    role: str = "text"
    number: str = ""
    align: str = ""
    locked: bool = True
    low: bool = False


class Entry(NamedTuple):
    """A cell that is more than its value: a formula, a link, a role or a number format of its own."""

    value: Value
    formula: str = ""
    link: Link | None = None
    role: str = ""
    number: str = ""


Row = Sequence[Value | Entry]
T = TypeVar("T")


class Rows(Protocol):
    """Rows that can be gone through again and again, and are the same each time."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Row]: ...


class EachRow(Generic[T]):
    """A row of each item, made when it is asked for: `row` is given the item and its number, from 0 on."""

    def __init__(self, items: Sequence[T], row: Callable[[int, T], Row]) -> None:
        self._items, self._row = items, row

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Row]:
        return (self._row(n, item) for n, item in enumerate(self._items))


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows below each other from `first` on, in the columns from the first one on, each of some height at least."""

    first: int
    columns: Sequence[Column]
    rows: Rows
    least: float = LEAST_POINTS

    @property
    def last(self) -> int:
        """The last of its rows; the one before the first where it has none."""
        return self.first + len(self.rows) - 1

    def cells(self) -> Iterator[Cell]:
        """Its cells, each by itself."""
        for at, row in enumerate(self.rows, start=self.first):
            yield from row_cells(at, self.columns, row)

    def heights(self) -> dict[int, float]:
        """The height of each row in points."""
        return {at: row_height(self.columns, row, least=self.least) for at, row in enumerate(self.rows, start=self.first)}


def listings_of(sheet: SheetContent) -> list[Listing]:
    """The listings of a sheet that have rows, from above."""
    return sorted((listing for listing in sheet.listings if len(listing.rows)), key=lambda listing: listing.first)


def laid_out(sheet: SheetContent) -> SheetContent:
    """The sheet with every cell of its listings by itself, behind its own."""
    if not sheet.listings:
        return sheet
    cells, heights = [*sheet.cells], dict(sheet.heights)
    for listing in sheet.listings:
        cells.extend(listing.cells())
        heights.update(listing.heights())
    return replace(sheet, cells=cells, heights=heights, listings=[])


def row_cells(at: int, columns: Sequence[Column], row: Row, role: str = "") -> Iterator[Cell]:
    """The cells of a row; `role` overrules the columns' where a cell has none of its own."""
    for n, (column, cell) in enumerate(zip(columns, row, strict=True)):
        value, formula, link, own, number = cell if isinstance(cell, Entry) else (cell, "", None, "", "")
        yield Cell(at, n, value, look_of(column, own or role, number), at, n, formula, "", link)


def look_of(column: Column, role: str = "", number: str = "") -> Style:
    """How a cell of a column looks that has a role or a number format of its own."""
    return _style(role or column.role, number or column.number, column.locked, column.align, column.role == "number")


@lru_cache(maxsize=1024)
def _style(role: str, number: str, locked: bool, align: str, of_numbers: bool) -> Style:
    return Style(role, number, locked=locked, align="right" if role == "total" and of_numbers else align)


def row_height(columns: Sequence[Column], row: Row, role: str = "", least: float = LEAST_POINTS) -> float:
    """How high a row is to be, in points, that every text of it shows; no lower than so."""
    tallest = least
    for column, cell in zip(columns, row, strict=True):
        value, own = (cell.value, cell.role or role) if isinstance(cell, Entry) else (cell, role)
        if isinstance(value, str) and not column.low:
            tallest = max(tallest, text_height(value, column, own))
    return min(tallest, HIGHEST_POINTS)


def surely_low(column: Column) -> float:
    """A text of a column that is no longer than this stands in one line, however wide its signs and how it is indented."""
    return (column.width - _ROOM - INDENT_UNITS) / 2


def text_height(text: str, column: Column, role: str = "") -> float:
    """How high a text of a column is, in points; `role` is its cell's own."""
    return _height(text, column.width - (INDENT_UNITS if (role or column.role) == "told" else 0.0))


@lru_cache(maxsize=8192)
def _height(text: str, width: float) -> float:
    """As `height`; the same words stand in many rows."""
    return height(text, width) if "\n" in text or units(text) + _ROOM > width else LEAST_POINTS
