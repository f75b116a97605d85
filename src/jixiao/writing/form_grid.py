"""A sheet of the form as it grows from the top: rows are taken, cells put into them, and heights settled at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jixiao.model.place import Place
from jixiao.writing.canvas import Cell, SheetContent, Style, Value, is_brief, shared_cell
from jixiao.writing.textsize import HIGHEST_ROW, rows_for

LEAST_ROW = 21.0


@dataclass
class Grid:
    """A sheet being drawn. `columns` is the form's own width in grid columns; `extra` ones are added at its right."""

    sheet: SheetContent
    widths: Sequence[float]
    extra: int = 0
    row: int = 0
    demands: list[tuple[int, int, float]] = field(default_factory=list)

    @property
    def columns(self) -> int:
        """How many grid columns the form itself has."""
        return len(self.widths)

    def width(self, first: int, last: int) -> float:
        """The width of a range of the form's columns in characters."""
        return sum(self.widths[first : last + 1])

    def take(self, points: float = LEAST_ROW) -> tuple[int, int]:
        """The next free rows, as many as it takes to show `points`: first and last."""
        heights = rows_for(max(points, LEAST_ROW))
        first = self.row
        for offset, high in enumerate(heights):
            self.sheet.heights[first + offset] = high
        self.row += len(heights)
        return first, self.row - 1

    def gap(self, points: float) -> None:
        """Leave an empty row of this height."""
        self.sheet.heights[self.row] = points
        self.row += 1

    def put(
        self, rows: tuple[int, int], columns: tuple[int, int], value: Value, style: Style, comment: str = ""
    ) -> Cell:
        """Set a cell over these rows and columns."""
        if comment or not is_brief(value):
            cell = Cell(rows[0], columns[0], value, style, rows[1], columns[1], "", comment)
        else:
            cell = shared_cell(rows[0], columns[0], value, style, rows[1], columns[1])
        self.sheet.cells.append(cell)
        return cell

    def place(self, cell: Cell) -> Place:
        """Where a cell stands."""
        return Place(self.sheet.name, cell.row, cell.column)

    def need(self, rows: tuple[int, int], points: float) -> None:
        """Ask that these rows together be at least `points` high."""
        self.demands.append((rows[0], rows[1], points))

    def settle(self) -> None:
        """Raise rows until every demand is met, as far as rows can be raised."""
        heights = self.sheet.heights
        for first, last, points in self.demands:
            if heights.get(first, 0.0) >= points:
                continue
            rows = [row for row in range(first, last + 1) if row in heights]
            lack = points - sum(heights[row] for row in rows)
            while lack > 0.01 and rows:
                rows = [row for row in rows if heights[row] < HIGHEST_ROW]
                for row in rows:
                    raised = min(lack / len(rows), HIGHEST_ROW - heights[row])
                    heights[row] = round(heights[row] + raised + 0.005, 2)
                lack = points - sum(heights[row] for row in range(first, last + 1) if row in heights)
