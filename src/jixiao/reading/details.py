"""What a file tells of a sheet beside the values that the fast reader gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jixiao.model.cell import CellValue
from jixiao.reading.grid import Grid, Merge

MERGE_SLACK = 256
"""Rows and columns that a merge may reach beyond the filled area; what lies further out shows nothing."""

Cell = tuple[int, int]


@dataclass(frozen=True)
class SheetDetails:
    """Cells the fast reader gives as empty though they are not, percent formats, hidden rows and columns, merges.

    `comments` are people's own, without those that an earlier return put there.
    """

    values: Mapping[Cell, CellValue] = field(default_factory=dict)
    percent: frozenset[Cell] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merges: tuple[Merge, ...] = ()
    comments: Mapping[Cell, str] = field(default_factory=dict)


PLAIN = SheetDetails()


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
    if details is PLAIN or details == PLAIN:
        return grid
    rows = [list(row) for row in grid.rows] if details.values else grid.rows
    for (row, column), value in sorted(details.values.items(), key=lambda item: item[0]):
        if grid.at(row, column) is None and isinstance(rows, list):
            rows.extend([] for _ in range(row + 1 - len(rows)))
            rows[row].extend([None] * (column + 1 - len(rows[row])))
            rows[row][column] = value
    return replace(
        grid,
        rows=rows,
        merges=grid.merges or bounded_merges(details.merges, rows),
        percent=details.percent,
        hidden_rows=details.hidden_rows,
        hidden_columns=details.hidden_columns,
        comments=details.comments or grid.comments,
    )
