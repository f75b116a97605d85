"""A sheet as blocks are found in it: filled cells with their texts normalised, merges, and what has been read of it.

A sheet whose merges were undone with the value left in every cell, as WPS does on request, has its labels merged again.
Only what is printed on the form is put together, and texts too long or too often repeated to be several entries: two
equal entries beside one another (a target of 95% and what was reached) are two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from jixiao.model.place import Place
from jixiao.reading.formats.grid import CellValue, Grid, Merge
from jixiao.reading.locate.label_index import LabelIndex, LabelKind
from jixiao.reading.locate.labels import LONGEST_LABEL, normalise_label

Position = tuple[int, int]

MERGED_CELLS_AT_MOST = 200_000
"""Merges beyond so many covered cells are only known by their corners: no form has them."""

_INVISIBLE = " \t\r\n\v\f\u3000\u00a0\u200b\ufeff"


Marked = tuple[Position, str]


class Region(NamedTuple):
    """The rectangle of a located block: rows from `first` up to, not including, `end`; columns `left` to `right`."""

    first: int
    end: int
    left: int
    right: int

    def holds(self, spot: Position) -> bool:
        """Whether a cell is in the rectangle."""
        return self.first <= spot[0] < self.end and self.left <= spot[1] <= self.right


@dataclass(eq=False)
class SheetView:
    """One sheet. `cells` are its filled cells row by row, `norms` the label texts of those short enough to be labels.

    `rows` are those that hold anything and `rank` numbers them, so that empty rows between do not count. `colons` and `folded` are the
    texts with a colon and with a line feed. `marks` are the cells whose texts may be printed labels, by kind and in the order of the
    sheet. Locating adds the `regions` of tables, the labels of fields (`field_labels`) and all located labels (`stops`). `used` are the
    cells that turned out to be part of the form.
    """

    grid: Grid
    cells: Mapping[Position, CellValue]
    norms: Mapping[Position, str]
    row_columns: Mapping[int, Sequence[int]]
    rows: Sequence[int]
    rank: Mapping[int, int]
    merges: Mapping[Position, Merge]
    covered: Mapping[Position, Position]
    colons: Sequence[Position]
    folded: Sequence[Position]
    marks: Mapping[LabelKind, list[Marked]] = field(default_factory=lambda: defaultdict(list))
    regions: list[Region] = field(default_factory=list)
    field_labels: list[Position] = field(default_factory=list)
    stops: set[Position] = field(default_factory=set)
    used: set[Position] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.grid.name

    def place(self, spot: Position) -> Place:
        """The place of a cell."""
        grid = self.grid
        return grid.place(*spot) if grid.origins else Place(grid.name, *spot)

    def anchor(self, spot: Position) -> Position:
        """The cell that holds the value of a merged range, else the cell itself."""
        return self.covered.get(spot, spot)

    def right_edge(self, spot: Position) -> int:
        """The last column of a cell or of the merged range that begins there."""
        merge = self.merges.get(spot)
        return merge.last_column if merge else spot[1]

    def bottom_edge(self, spot: Position) -> int:
        """The last row of a cell or of the merged range that begins there."""
        merge = self.merges.get(spot)
        return merge.last_row if merge else spot[0]

    def repeats(self, least: int, among: Container[str]) -> bool:
        """Whether so many label texts of some stand in the cell beside or below them as well."""
        norms = self.norms
        if len(norms) - len(set(norms.values())) < least:
            return False
        counts = Counter(norms.values())
        repeated = [
            spot
            for spot, text in norms.items()
            if counts[text] > 1
            and text in among
            and (norms.get((spot[0], spot[1] + 1)) == text or norms.get((spot[0] + 1, spot[1])) == text)
        ]
        return len(repeated) >= least

    def filled_between(self, row: int, first: int, last: int) -> Iterator[Position]:
        """The filled cells of a row from one column to another, both included."""
        for column in self.row_columns.get(row, ()):
            if first <= column <= last:
                yield row, column


def marked_view(grid: Grid, index: LabelIndex) -> SheetView:
    """Return the view of a sheet with its marks, its labels merged again where its merges were undone."""
    marked = view(grid)
    if marked.repeats(REPEATED, index.everything):
        marked = view(merged_again(grid, index))
    marks = marked.marks
    for spot, text in marked.norms.items():
        for kind in index.kinds(text):
            marks[kind].append((spot, text))
    return marked


def view(grid: Grid) -> SheetView:
    """Return the view of a grid, made in one pass over its cells."""
    cells = grid.cells
    norms: dict[Position, str] = {}
    row_columns: dict[int, Sequence[int]] = {}
    rank: dict[int, int] = {}
    colons: list[Position] = []
    folded: list[Position] = []
    unseen: set[Position] = set()
    filled: list[int] = []
    before = -1
    for spot, value in cells.items():
        if isinstance(value, str):
            text = normalise_label(value) if len(value) <= LONGEST_LABEL else ""
            if text:
                norms[spot] = text
            elif not value.strip(_INVISIBLE):
                unseen.add(spot)
                continue
            if ":" in value or "：" in value:
                colons.append(spot)
            if "\n" in value:
                folded.append(spot)
        row, column = spot
        if row != before:
            before = row
            rank[row] = len(rank)
            row_columns[row] = filled = []
        filled.append(column)
    if unseen:
        cells = {spot: value for spot, value in cells.items() if spot not in unseen}
    usual = len(grid.merges) < 500 and all(last - row < 50 > right - left for row, left, last, right in grid.merges)
    merges, covered = (_merged_as_usual if usual else _merged)(grid.merges)
    return SheetView(grid, cells, norms, row_columns, list(rank), rank, merges, covered, colons, folded)


def _merged(merges: tuple[Merge, ...]) -> tuple[Mapping[Position, Merge], Mapping[Position, Position]]:
    """Return the merges by their first cell, and the first cell by every cell that they cover."""
    first = {(merge.row, merge.column): merge for merge in merges}
    covered: dict[Position, Position] = {}
    for merge in merges:
        cells = (merge.last_row - merge.row + 1) * (merge.last_column - merge.column + 1)
        if len(covered) + cells > MERGED_CELLS_AT_MOST:
            continue
        anchor = (merge.row, merge.column)
        columns = range(merge.column, merge.last_column + 1)
        for row in range(merge.row, merge.last_row + 1):
            for column in columns:
                covered[row, column] = anchor
    return first, covered


_merged_as_usual = lru_cache(maxsize=64)(_merged)
"""The same of merges as forms have them: offices copy one template. Saves 0.15 ms a filing."""


REPEATED = 3
"""So many labels that stand in two cells at once make such a sheet; a form prints hardly any label twice side by side."""

LONG, VERY_LONG = 15, 100
"""Characters of a text that is one entry where it stands in three cells of a row, and in two."""


def merged_again(grid: Grid, index: LabelIndex) -> Grid:
    """The sheet with its printed labels merged where each stands in several cells; itself where hardly any does."""
    if grid.origins:
        return grid
    repeated = list(_repeated(grid, index))
    if sum(label for _, label in repeated) < REPEATED:
        return grid
    rows = [[*row] for row in grid.rows]
    for merge, _ in repeated:
        for row in range(merge.row, merge.last_row + 1):
            for column in range(merge.column, merge.last_column + 1):
                if (row, column) != (merge.row, merge.column):
                    rows[row][column] = None
    return replace(grid, rows=rows, merges=(*grid.merges, *(merge for merge, _ in repeated)))


def _repeated(grid: Grid, index: LabelIndex) -> Iterator[tuple[Merge, bool]]:
    """The rectangles of cells that hold one text, and whether it is a printed label."""
    rows = grid.rows
    taken = {(merge.row, merge.column) for merge in grid.merges}
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if not isinstance(value, str) or len(value) < 2 or (row, column) in taken:
                continue
            last_column = column
            while last_column + 1 < len(values) and values[last_column + 1] == value and (row, last_column + 1) not in taken:
                last_column += 1
            below = row + 1 < len(rows) and column < len(rows[row + 1]) and rows[row + 1][column] == value
            if last_column == column and not below:
                continue
            label = len(value) <= LONGEST_LABEL and normalise_label(value) in index.everything
            wide = last_column - column + 1
            if not label and (len(value) <= LONG or wide < (2 if len(value) > VERY_LONG else REPEATED)):
                continue
            last_row = row
            while last_row + 1 < len(rows) and list(rows[last_row + 1][column : last_column + 1]) == [value] * wide:
                last_row += 1
                if not taken.isdisjoint((last_row, at) for at in range(column, last_column + 1)):
                    last_row -= 1
                    break
            taken.update((each, at) for each in range(row, last_row + 1) for at in range(column, last_column + 1))
            yield Merge(row, column, last_row, last_column), label
