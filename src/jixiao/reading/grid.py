"""A sheet as its source gave it: the one thing that block finding knows of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from jixiao.model.cell import CellValue, ErrorValue, UncachedFormula
from jixiao.model.place import Place

__all__ = ["CellValue", "ErrorValue", "Grid", "Merge", "Origin", "Rows", "UncachedFormula"]


class Merge(NamedTuple):
    """A merged range, zero-based, ends included."""

    row: int
    column: int
    last_row: int
    last_column: int


class Origin(NamedTuple):
    """Where a row stands in a Word document: the table's or the text's name, the row in it from zero, and of each
    column of the grid the table's own number; none where they are the same."""

    sheet: str
    row: int
    columns: tuple[int, ...] = ()


class Rows(Sequence[Sequence[CellValue]]):
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
    origins: tuple[Origin, ...] = ()
    hidden_texts: int = 0

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
