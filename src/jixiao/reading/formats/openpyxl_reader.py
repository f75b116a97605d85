"""Grids by openpyxl: slow, and able to read some packages that the fast reader refuses."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any

from jixiao.model.cell import CellValue, ErrorValue, UncachedFormula
from jixiao.reading.formats.grid import Grid, Merge, SparseRows, bounded_merges
from jixiao.reading.formats.limits import Limits, UnreadableFile, unreadable
from jixiao.values.text import ERROR_TEXTS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def openpyxl_grids(data: bytes, limits: Limits) -> list[Grid]:
    """The worksheets of an .xlsx, hidden ones too, in its order. Raises `UnreadableFile`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _grids(data, limits)
    except (MemoryError, RecursionError) as error:
        raise unreadable("工作簿过于复杂，无法打开") from error
    except UnreadableFile:
        raise
    except Exception as error:
        raise unreadable("工作簿结构已损坏，无法打开") from error


def _grids(data: bytes, limits: Limits) -> list[Grid]:
    from openpyxl import load_workbook

    values = load_workbook(BytesIO(data), data_only=True, keep_links=False)
    formulas = load_workbook(BytesIO(data), data_only=False, keep_links=False)
    if len(values.worksheets) > limits.sheets:
        raise unreadable(f"有 {len(values.worksheets)} 张工作表，超出 {limits.sheets} 张的限度")
    return [_grid(sheet, formulas[sheet.title], limits) for sheet in values.worksheets]


def _grid(sheet: Worksheet, formulas: Worksheet, limits: Limits) -> Grid:
    if sheet.max_row * sheet.max_column > limits.cells:
        raise unreadable("有内容的区域过大")
    cells: dict[tuple[int, int], CellValue] = {}
    percent = set()
    for (row, column), cell in sheet._cells.items():
        value = _value(cell, formulas._cells.get((row, column)))
        if value is None or value == "":
            continue
        cells[row - 1, column - 1] = value
        if cell.number_format and "%" in cell.number_format:
            percent.add((row - 1, column - 1))
    rows = SparseRows(dict(sorted(cells.items())))
    merges = (Merge(r.min_row - 1, r.min_col - 1, r.max_row - 1, r.max_col - 1) for r in sheet.merged_cells.ranges)
    return Grid(
        sheet.title,
        rows,
        merges=bounded_merges(merges, rows),
        hidden=sheet.sheet_state != "visible",
        hidden_rows=frozenset(n - 1 for n, row in sheet.row_dimensions.items() if row.hidden),
        hidden_columns=_hidden_columns(sheet),
        percent=frozenset(percent),
    )


def _value(cell: Any, formula: Any) -> CellValue:
    if cell.data_type == "e" or (isinstance(cell.value, str) and cell.data_type != "s" and cell.value in ERROR_TEXTS):
        return ErrorValue(str(cell.value))
    if cell.value is None and formula is not None and formula.data_type == "f":
        text = formula.value if isinstance(formula.value, str) else getattr(formula.value, "text", "") or ""
        return UncachedFormula(text if text.startswith("=") else f"={text}")
    value: CellValue = cell.value
    return value


def _hidden_columns(sheet: Worksheet) -> frozenset[int]:
    hidden: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min and dimension.max:
            hidden.update(range(dimension.min - 1, min(dimension.max, 16_384)))
    return frozenset(hidden)
