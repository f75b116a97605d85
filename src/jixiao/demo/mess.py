"""What becomes of a tidy workbook in an office: pure functions from content to content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from jixiao.demo.declaration import Mess
from jixiao.writing.canvas import Cell, Page, SheetContent, Style, WorkbookContent

GAP = 1
"""Rows between sheets that were pasted below each other."""


def messed(content: WorkbookContent, steps: Iterable[Mess]) -> WorkbookContent:
    """The workbook after all steps in their order."""
    for step in steps:
        match step.kind:
            case "shift":
                content = each_sheet(content, step.sheet, lambda sheet, by=step: shifted(sheet, by.rows, by.columns))
            case "one_sheet":
                content = in_one_sheet(content, step.name, step.rows or GAP, step.sheets)
            case "rename":
                content = each_sheet(content, step.sheet, lambda sheet, by=step: replace(sheet, name=by.name))
            case "order":
                content = reordered(content, step.sheets)
            case "hide":
                content = each_sheet(content, step.sheet, lambda sheet: replace(sheet, hidden=True))
            case "drop":
                content = _with_sheets(content, [each for each in content.sheets if each.name not in step.sheets])
            case "drop_row":
                content = each_sheet(content, step.sheet, lambda sheet, by=step: without_rows(sheet, by.text))
            case "note":
                content = each_sheet(
                    content, step.sheet, lambda sheet, by=step: annotated(sheet, by.text, by.rows, by.columns)
                )
    return content


def each_sheet(content: WorkbookContent, name: str, change: object) -> WorkbookContent:
    """The workbook with the named sheet (all, where the name is empty) changed; KeyError if there is none."""
    assert callable(change)
    if name and all(sheet.name != name for sheet in content.sheets):
        raise KeyError(name)
    return _with_sheets(content, [change(each) if name in ("", each.name) else each for each in content.sheets])


def _with_sheets(content: WorkbookContent, sheets: list[SheetContent]) -> WorkbookContent:
    shown = next((n for n, sheet in enumerate(sheets) if not sheet.hidden), 0)
    return replace(content, sheets=sheets, active=shown)


def shifted(sheet: SheetContent, rows: int, columns: int) -> SheetContent:
    """The sheet moved down and right, as by inserting empty rows above and columns left.

    Formulas become their values: they would cite cells that have moved.
    """
    return replace(
        sheet,
        cells=[_moved(cell, rows, columns) for cell in sheet.cells],
        widths={column + columns: width for column, width in sheet.widths.items()},
        heights={row + rows: height for row, height in sheet.heights.items()},
        validations=[
            replace(
                each, row=each.row + rows, column=each.column + columns, last_row=each.last_row + rows,
                last_column=each.last_column + columns,
            )
            for each in sheet.validations
        ],
        conditions=[],
        page=Page(landscape=sheet.page.landscape, header=sheet.page.header),
        freeze=None,
        filter=None,
        hidden_columns=tuple(column + columns for column in sheet.hidden_columns),
        protected=False,
    )  # fmt: skip


def _moved(cell: Cell, rows: int, columns: int) -> Cell:
    last_row, last_column = max(cell.row, cell.last_row), max(cell.column, cell.last_column)
    return replace(
        cell, row=cell.row + rows, column=cell.column + columns, last_row=last_row + rows,
        last_column=last_column + columns, formula="", link=None,
    )  # fmt: skip


def in_one_sheet(content: WorkbookContent, name: str, gap: int = GAP, only: Sequence[str] = ()) -> WorkbookContent:
    """The workbook with its sheets (or only these) pasted below each other into one of this name."""
    taken = [sheet for sheet in content.sheets if not only or sheet.name in only]
    pasted = SheetContent(name, gridlines=True)
    row = 0
    for sheet in taken:
        moved = shifted(sheet, row, 0)
        pasted.cells += moved.cells
        pasted.heights.update(moved.heights)
        pasted.validations += moved.validations
        for column, width in moved.widths.items():
            pasted.widths[column] = max(width, pasted.widths.get(column, 0))
        row = _end(moved) + 1 + gap
    rest = [sheet for sheet in content.sheets if sheet not in taken]
    return _with_sheets(content, [pasted, *rest])


def reordered(content: WorkbookContent, first: Sequence[str]) -> WorkbookContent:
    """The workbook with these sheets in front, in this order."""
    by_name = {sheet.name: sheet for sheet in content.sheets}
    front = [by_name.pop(name) for name in first]
    return _with_sheets(content, [*front, *by_name.values()])


def without_rows(sheet: SheetContent, text: str) -> SheetContent:
    """The sheet without the rows in which a cell begins with this text, the rest closed up, merges with it.

    Raises KeyError where there is no such row.
    """
    gone = sorted({cell.row for cell in sheet.cells if isinstance(cell.value, str) and cell.value.startswith(text)})
    if not gone:
        raise KeyError(text)
    cells = []
    for cell in sheet.cells:
        last = max(cell.row, cell.last_row)
        kept = [row for row in range(cell.row, last + 1) if row not in gone]
        if kept:
            top, bottom = (row - sum(each < row for each in gone) for row in (kept[0], kept[-1]))
            cells.append(replace(cell, row=top, last_row=bottom, formula="", link=None))
    heights = {
        row - sum(each < row for each in gone): height for row, height in sheet.heights.items() if row not in gone
    }
    return replace(shifted(sheet, 0, 0), cells=cells, heights=heights, validations=[])


def annotated(sheet: SheetContent, text: str, rows: int, columns: int) -> SheetContent:
    """The sheet with a text where no form is: `rows` below its last row, or in that row `columns` right of the rest."""
    cell_row, cell_column = _end(sheet) + rows, 0
    if columns:
        cell_row = rows
        cell_column = max(max(cell.column, cell.last_column) for cell in sheet.cells) + columns
    return replace(sheet, cells=[*sheet.cells, Cell(cell_row, cell_column, text, Style("text"))])


def _end(sheet: SheetContent) -> int:
    return max((max(cell.row, cell.last_row) for cell in sheet.cells), default=0)
