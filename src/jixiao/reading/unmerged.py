"""A sheet whose merges were undone with the value left in every cell, as WPS does on request: its labels merged again.

Only what is printed on the form is put together, and texts too long or too often repeated to be several entries: two
equal entries beside one another (a target of 95% and what was reached) are two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jixiao.reading.grid import Grid, Merge
from jixiao.reading.index import LabelIndex
from jixiao.reading.labels import LONGEST_LABEL, normalise_label

REPEATED = 3
"""So many labels that stand in two cells at once make such a sheet; a form prints hardly any label twice side by side."""

LONG, VERY_LONG = 15, 100
"""Characters of a text that is one entry where it stands in three cells of a row, and in two."""


def merged_again(grid: Grid, index: LabelIndex) -> Grid:
    """The sheet with its printed labels merged where each stands in several cells; itself where hardly any does."""
    if grid.origins:
        return grid
    found = list(_repeated(grid, index))
    if sum(label for _, label in found) < REPEATED:
        return grid
    rows = [[*row] for row in grid.rows]
    for merge, _ in found:
        for row in range(merge.row, merge.last_row + 1):
            for column in range(merge.column, merge.last_column + 1):
                if (row, column) != (merge.row, merge.column):
                    rows[row][column] = None
    return replace(grid, rows=rows, merges=(*grid.merges, *(merge for merge, _ in found)))


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
