"""Parts of sheets that are alike in many workbooks: drawn once, with slots for what each workbook says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from jixiao.writing.canvas import Cell, SheetContent, Style, Value, is_brief, shared_cell


class Filling(NamedTuple):
    """What fills a slot: a value, and a formula or a look where it is not the frame's own."""

    value: Value
    formula: str = ""
    style: Style | None = None


@dataclass(frozen=True)
class Frame:
    """The cells of a part of a sheet, of which those at the positions `slots` are filled; and the heights of its rows."""

    cells: tuple[Cell, ...]
    slots: tuple[int, ...]
    heights: Mapping[int, float]

    def put(self, sheet: SheetContent, fillings: Iterable[Filling]) -> None:
        """Add the part to a sheet, with one of these in each slot."""
        cells = list(self.cells)
        for position, (value, formula, style) in zip(self.slots, fillings, strict=True):
            slot = cells[position]
            formula, looks = formula or slot.formula, style or slot.style
            if formula or not is_brief(value):
                cells[position] = Cell(slot.row, slot.column, value, looks, slot.last_row, slot.last_column, formula)
            else:
                cells[position] = shared_cell(slot.row, slot.column, value, looks, slot.last_row, slot.last_column)
        sheet.cells.extend(cells)
        sheet.heights.update(self.heights)


@dataclass
class Draft:
    """A frame as it is drawn: printed cells are put into `sheet`."""

    sheet: SheetContent = field(default_factory=lambda: SheetContent("", shares=True))
    slots: list[int] = field(default_factory=list)

    def slot(self, row: int, column: int, style: Style, *, last_column: int | None = None, formula: str = "") -> None:
        """Set a cell that each workbook fills."""
        self.slots.append(len(self.sheet.cells))
        self.sheet.put(row, column, None, style, last_column=last_column, formula=formula)

    def frame(self) -> Frame:
        """What was drawn."""
        return Frame(tuple(self.sheet.cells), tuple(self.slots), dict(self.sheet.heights))
