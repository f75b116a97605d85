"""A sheet as its source gave it: the one thing that block finding knows of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from jixiao.model.cell import CellValue, ErrorValue, UncachedFormula
from jixiao.model.place import Place
from jixiao.model.sheet_names import COMMENT_AUTHOR, COMMENT_END

MERGE_SLACK = 256
"""Rows and columns that a merge may reach beyond the filled area; what lies further out shows nothing."""

Cell = tuple[int, int]


@dataclass
class SheetDetails:
    """What a file says of a sheet beside the values that the fast reader gives; filled in while its part is read.

    `values` are cells that the fast reader gives as empty though they are not, `percent` cells with a percent format,
    `comments` people's own, without those that an earlier return put there. `last_row` and `last_column` are those of the
    filled area, where the format's reader notes them.
    """

    values: dict[Cell, CellValue] = field(default_factory=dict)
    percent: set[Cell] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    comments: dict[Cell, str] = field(default_factory=dict)
    last_row: int = -1
    last_column: int = -1

    def fill(self, row: int, column: int) -> None:
        """Extend the filled area to a cell."""
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)

    @property
    def area(self) -> int:
        """How many cells the filled area has."""
        return (self.last_row + 1) * (self.last_column + 1)


_OWN_END = re.compile(rf"{COMMENT_END.format(rule=r'[A-Z]{3}-[0-9]{2,3}')}\Z")
MOST_COMMENTS = 5_000
PERCENT_FORMATS = frozenset({9, 10})
"""The built-in number formats 0% and 0.00%."""

BINARY_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
"""The errors of cells by their codes in binary formats."""


def is_people_own(text: str, author: str) -> bool:
    """Whether a comment says anything and is not one that an earlier return put there."""
    return bool(text) and author != COMMENT_AUTHOR and not _OWN_END.search(text)


def bounded_merges(merges: Iterable[Merge], rows: Sequence[Sequence[CellValue]]) -> tuple[Merge, ...]:
    """The merges that touch the filled area, cut off not far beyond it."""
    width = max(map(len, rows), default=0)
    bottom, right = len(rows) + MERGE_SLACK, width + MERGE_SLACK
    merges = tuple(merges)
    if not any(last_row >= bottom or last_column >= right for _, _, last_row, last_column in merges):
        return merges
    return tuple(
        Merge(merge.row, merge.column, min(merge.last_row, bottom), min(merge.last_column, right))
        for merge in merges
        if merge.row < bottom and merge.column < right
    )


def detailed(grid: Grid, details: SheetDetails) -> Grid:
    """The grid with the details; a value of theirs stands only where the grid has none."""
    rows = SparseRows(dict(sorted({**details.values, **grid.cells}.items()))) if details.values else grid.rows
    return replace(
        grid,
        rows=rows,
        merges=grid.merges or bounded_merges(details.merges, rows),
        percent=frozenset(details.percent),
        hidden_rows=frozenset(details.hidden_rows),
        hidden_columns=frozenset(details.hidden_columns),
        comments=details.comments or grid.comments,
    )


__all__ = ["CellValue", "ErrorValue", "Grid", "Merge", "SparseRows", "UncachedFormula", "WordOrigin"]


class Merge(NamedTuple):
    """A merged range, zero-based, ends included."""

    row: int
    column: int
    last_row: int
    last_column: int


class WordOrigin(NamedTuple):
    """Where a row stands in a Word document: the table's or the text's name, the row in it from zero, and of each
    column of the grid the table's own number; none where they are the same."""

    sheet: str
    row: int
    columns: tuple[int, ...] = ()


class SparseRows(Sequence[Sequence[CellValue]]):
    """The rows of a sheet of which only the filled cells are given, by row and column from zero, row by row.

    Most who look at a sheet want its filled cells; the rows are made where somebody wants these.
    """

    def __init__(self, cells: dict[tuple[int, int], CellValue]) -> None:
        self.cells = cells

    @property
    def last(self) -> int:
        """The last row that holds anything, -1 where none does."""
        return next(reversed(self.cells), (-1, 0))[0]

    @cached_property
    def _rows(self) -> list[list[CellValue]]:
        rows: list[list[CellValue]] = []
        for (row, column), value in self.cells.items():
            while len(rows) <= row:
                rows.append([])
            rows[row].extend([None] * (column - len(rows[row])))
            rows[row].append(value)
        return rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[list[CellValue]]:
        return iter(self._rows)

    def __getitem__(self, at: Any) -> Any:
        return self._rows[at]

    def __eq__(self, other: object) -> bool:
        return self._rows == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Grid:
    """One sheet: cell values by row and column from A1, its merges, what is hidden and what is formatted as percent.

    Rows may be of different lengths; a missing cell is None. Of a merged range only the top-left cell holds a value.
    `percent` holds the (row, column) of cells with a percent number format, empty where the source cannot tell
    (`formats_known` is then False). `comments` are people's own by cell, `pictures` how many the sheet shows.
    `origins` tell of each row of a Word document where it stands there, `hidden_texts` how many texts of it are not shown.
    """

    name: str
    rows: Sequence[Sequence[CellValue]]
    merges: tuple[Merge, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    percent: frozenset[tuple[int, int]] = frozenset()
    formats_known: bool = True
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    pictures: int = 0
    origins: tuple[WordOrigin, ...] = ()
    hidden_texts: int = 0

    @property
    def cells(self) -> Mapping[Cell, CellValue]:
        """The cells that hold anything, row by row."""
        if isinstance(self.rows, SparseRows):
            return self.rows.cells
        return {(row, column): value for row, values in enumerate(self.rows) for column, value in enumerate(values) if value is not None}

    def at(self, row: int, column: int) -> CellValue:
        """The value of a cell, None outside the sheet."""
        if not 0 <= row < len(self.rows):
            return None
        cells = self.rows[row]
        return cells[column] if 0 <= column < len(cells) else None

    def place(self, row: int, column: int) -> Place:
        """The place of a cell in the input file."""
        if row >= len(self.origins):
            return Place(self.name, row, column)
        origin = self.origins[row]
        return Place(origin.sheet, origin.row, origin.columns[column] if column < len(origin.columns) else column, word=True)


def sparse(rows: Iterable[Sequence[CellValue]]) -> SparseRows:
    """Return the rows of which only the cells that hold anything are kept."""
    return SparseRows({(row, column): value for row, values in enumerate(rows) for column, value in enumerate(values) if value not in (None, "")})
