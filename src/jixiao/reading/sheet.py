"""A sheet as blocks are found in it: filled cells with their texts normalised, merges, and what has been read of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from jixiao.model.place import Place
from jixiao.reading.grid import CellValue, Grid, Merge, Rows
from jixiao.reading.labels import LONGEST_LABEL, normalise_label

Spot = tuple[int, int]

MERGED_CELLS_AT_MOST = 200_000
"""Merges beyond so many covered cells are only known by their corners: no form has them."""

MERGES_REMEMBERED = 500

_INVISIBLE = " \t\r\n\v\f\u3000\u00a0\u200b\ufeff"


Marked = tuple[Spot, str]


@dataclass(eq=False, slots=True)
class Marks:
    """The cells of a sheet whose text may be something that is looked for, with the text, in the order of the sheet.

    `repeated` counts the printed texts that stand in the cell to the left or above as well.
    """

    heads: list[Marked] = field(default_factory=list)
    uppers: list[Marked] = field(default_factory=list)
    fields: list[Marked] = field(default_factory=list)
    captions: list[Marked] = field(default_factory=list)
    sides: list[Marked] = field(default_factory=list)
    notes: list[Marked] = field(default_factory=list)
    own_columns: list[Marked] = field(default_factory=list)
    headings: list[Marked] = field(default_factory=list)
    units: list[Marked] = field(default_factory=list)


@dataclass(eq=False)
class SheetView:
    """One sheet. `cells` are its filled cells row by row, `norms` the label texts of those short enough to be labels.

    `rows` are those that hold anything and `rank` numbers them, so that empty rows between do not count. `colons` and `folded` are the
    texts with a colon and with a line feed. `merged_as` is the same number for the same merges, None for very many. `used` are the cells that turned out to be part of the form.
    """

    grid: Grid
    cells: Mapping[Spot, CellValue]
    norms: Mapping[Spot, str]
    row_columns: Mapping[int, Sequence[int]]
    rows: Sequence[int]
    rank: Mapping[int, int]
    merges: Mapping[Spot, Merge]
    covered: Mapping[Spot, Spot]
    colons: Sequence[Spot]
    folded: Sequence[Spot]
    merged_as: int | None = None
    marks: Marks = field(default_factory=Marks)
    used: set[Spot] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.grid.name

    def place(self, spot: Spot) -> Place:
        """The place of a cell."""
        grid = self.grid
        return grid.place(*spot) if grid.origins else Place(grid.name, *spot)

    def anchor(self, spot: Spot) -> Spot:
        """The cell that holds the value of a merged range, else the cell itself."""
        return self.covered.get(spot, spot)

    def right_edge(self, spot: Spot) -> int:
        """The last column of a cell or of the merged range that begins there."""
        merge = self.merges.get(spot)
        return merge.last_column if merge else spot[1]

    def bottom_edge(self, spot: Spot) -> int:
        """The last row of a cell or of the merged range that begins there."""
        merge = self.merges.get(spot)
        return merge.last_row if merge else spot[0]

    def repeats(self, least: int, among: Container[str]) -> bool:
        """Whether so many label texts of some stand in the cell beside or below them as well."""
        norms = self.norms
        if len(norms) - len(set(norms.values())) < least:
            return False
        counts = Counter(norms.values())
        found = [
            spot
            for spot, text in norms.items()
            if counts[text] > 1
            and text in among
            and (norms.get((spot[0], spot[1] + 1)) == text or norms.get((spot[0] + 1, spot[1])) == text)
        ]
        return len(found) >= least

    def filled_between(self, row: int, first: int, last: int) -> Iterator[Spot]:
        """The filled cells of a row from one column to another, both included."""
        for column in self.row_columns.get(row, ()):
            if first <= column <= last:
                yield row, column


def view(grid: Grid) -> SheetView:
    """The view of a grid, made in one pass over its cells."""
    given = _filled(grid)
    norms: dict[Spot, str] = {}
    row_columns: dict[int, Sequence[int]] = {}
    rank: dict[int, int] = {}
    colons: list[Spot] = []
    folded: list[Spot] = []
    unseen: set[Spot] = set()
    filled: list[int] = []
    before = -1
    for spot, value in given.items():
        if isinstance(value, str):
            text, colon, fold = label_of(value) if len(value) <= LONGEST_LABEL else _asked(value, "")
            if text:
                norms[spot] = text
            elif text is None:
                unseen.add(spot)
                continue
            if colon:
                colons.append(spot)
            if fold:
                folded.append(spot)
        row, column = spot
        if row != before:
            before = row
            rank[row] = len(rank)
            row_columns[row] = filled = []
        filled.append(column)
    cells = given if not unseen else {spot: value for spot, value in given.items() if spot not in unseen}
    merges, covered, merged_as = _merged(grid.merges)
    return SheetView(grid, cells, norms, row_columns, list(rank), rank, merges, covered, colons, folded, merged_as)


def _filled(grid: Grid) -> Mapping[Spot, CellValue]:
    """The cells of a grid that hold anything, row by row."""
    if isinstance(grid.rows, Rows):
        return grid.rows.cells
    return {
        (row, column): value
        for row, values in enumerate(grid.rows)
        for column, value in enumerate(values)
        if value is not None
    }


def _asked(value: str, text: str) -> tuple[str | None, bool, bool]:
    """The normalised text of a cell, None where it shows nothing, and whether it holds a colon and a line feed."""
    return text or ("" if value.strip(_INVISIBLE) else None), ":" in value or "：" in value, "\n" in value


@lru_cache(maxsize=16_384)
def label_of(value: str) -> tuple[str | None, bool, bool]:
    """The same of a text short enough to be a label: labels are the same in every filing, and remembered."""
    return _asked(value, normalise_label(value))


_Merged = tuple[Mapping[Spot, Merge], Mapping[Spot, Spot], int | None]
_numbers = count()


def _merged(merges: tuple[Merge, ...]) -> _Merged:
    """The merges by their first cell, the first cell by every cell that they cover, and their number."""
    usual = _merged_before(merges) if len(merges) < MERGES_REMEMBERED else None
    return _merged_now(merges) if usual is None else usual


@lru_cache(maxsize=64)
def _merged_before(merges: tuple[Merge, ...]) -> _Merged | None:
    """The same of merges as forms have them, None of others: offices copy one template, and nobody changes what is given."""
    small = all(last_row - row < 50 and last_column - column < 50 for row, column, last_row, last_column in merges)
    return (*_merged_now(merges)[:2], next(_numbers)) if small else None


def _merged_now(merges: tuple[Merge, ...]) -> _Merged:
    first = {(merge.row, merge.column): merge for merge in merges}
    covered: dict[Spot, Spot] = {}
    for merge in merges:
        cells = (merge.last_row - merge.row + 1) * (merge.last_column - merge.column + 1)
        if len(covered) + cells > MERGED_CELLS_AT_MOST:
            continue
        anchor = (merge.row, merge.column)
        columns = range(merge.column, merge.last_column + 1)
        for row in range(merge.row, merge.last_row + 1):
            for column in columns:
                covered[row, column] = anchor
    return first, covered, None

