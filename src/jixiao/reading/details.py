"""What a file tells of a sheet beside the values that the fast reader gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from jixiao.model.cell import CellValue
from jixiao.reading.grid import Grid, Merge

Cell = tuple[int, int]


@dataclass(frozen=True)
class SheetDetails:
    """Cells the fast reader gives as empty though they are not, percent formats, hidden rows and columns, merges."""

    values: Mapping[Cell, CellValue] = field(default_factory=dict)
    percent: frozenset[Cell] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merges: tuple[Merge, ...] = ()


PLAIN = SheetDetails()


def detailed(grid: Grid, details: SheetDetails) -> Grid:
    """The grid with the details; a value of theirs stands only where the grid has none."""
    if details == PLAIN:
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
        merges=grid.merges or details.merges,
        percent=details.percent,
        hidden_rows=details.hidden_rows,
        hidden_columns=details.hidden_columns,
    )
