"""A sheet of the form as it grows from the top: rows are taken, cells put into them, and heights settled at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from jixiao.model.place import Place
from jixiao.writing.canvas import Cell, Style, Value
from jixiao.writing.textsize import HIGHEST_ROW, rows_for

LEAST_ROW = 21.0
ENOUGH = 0.01
"""What a row may lack of the points that are asked of it."""

Demand = tuple[int, int, float]
"""First and last row, and how many points these rows together are to be high."""


class Band(NamedTuple):
    """Rows of the sheet that were taken together: the first and the last, and how many points they show at least."""

    first: int
    last: int
    least: float

    @property
    def rows(self) -> int:
        """How many they are."""
        return self.last - self.first + 1


@dataclass
class Grid:
    """A sheet being drawn. `columns` is the form's own width in grid columns; `extra` ones are added at its right.

    `tall` are the bands (by number, in the order in which they are taken) that take so many rows, whatever they show;
    `band_at` has the numbers of bands by their first rows.
    """

    name: str
    widths: Sequence[float]
    extra: int = 0
    tall: Mapping[int, int] = field(default_factory=dict)
    row: int = 0
    cells: list[Cell] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    bands: list[Band] = field(default_factory=list)
    band_at: dict[int, int] = field(default_factory=dict)
    demands: list[Demand] = field(default_factory=list)

    @property
    def columns(self) -> int:
        """How many grid columns the form itself has."""
        return len(self.widths)

    def width(self, first: int, last: int) -> float:
        """The width of a range of the form's columns in characters."""
        return sum(self.widths[first : last + 1])

    def take(self, points: float = LEAST_ROW) -> tuple[int, int]:
        """The next free rows, a band of as many as it takes to show `points`: first and last."""
        least = max(points, LEAST_ROW)
        count = self.tall.get(len(self.bands))
        first = self.row
        for high in rows_for(least) if count is None else [HIGHEST_ROW] * count:
            self.heights[self.row] = high
            self.row += 1
        self.band_at[first] = len(self.bands)
        self.bands.append(Band(first, self.row - 1, least))
        return first, self.row - 1

    def gap(self, points: float) -> None:
        """Leave an empty row of this height."""
        self.heights[self.row] = points
        self.row += 1

    def put(self, rows: tuple[int, int], columns: tuple[int, int], value: Value, style: Style) -> Cell:
        """Set a cell over these rows and columns."""
        cell = Cell(rows[0], columns[0], value, style, rows[1], columns[1])
        self.cells.append(cell)
        return cell

    def place(self, cell: Cell) -> Place:
        """Where a cell stands."""
        return Place(self.name, cell.row, cell.column)

    def need(self, rows: tuple[int, int], points: float) -> None:
        """Ask that these rows together be at least `points` high."""
        self.demands.append((rows[0], rows[1], points))


def settle(heights: dict[int, float], demands: Iterable[Demand]) -> None:
    """Raise rows until every demand is met, as far as rows can be raised; rows without a height grow by themselves."""
    for first, last, points in demands:
        if heights.get(first, 0.0) >= points:
            continue
        rows = [row for row in range(first, last + 1) if row in heights]
        lack = points - sum(heights[row] for row in rows)
        while lack > ENOUGH and rows:
            rows = [row for row in rows if heights[row] < HIGHEST_ROW]
            for row in rows:
                raised = min(lack / len(rows), HIGHEST_ROW - heights[row])
                heights[row] = round(heights[row] + raised + 0.005, 2)
            lack = points - sum(heights[row] for row in range(first, last + 1) if row in heights)
