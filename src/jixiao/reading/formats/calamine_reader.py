"""Grids by python-calamine: every format, fast."""

from __future__ import annotations

from io import BytesIO

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from jixiao.reading.formats.grid import Grid, Merge, bounded_merges, sparse
from jixiao.reading.formats.limits import Limits, ReaderFailed, UnreadableFile, unreadable


def calamine_grids(data: bytes, limits: Limits, *, formats_known: bool) -> list[Grid]:
    """The worksheets of a workbook, hidden ones too, in its order. Raises `ReaderFailed` or `UnreadableFile`."""
    try:
        return _grids(data, limits, formats_known)
    except UnreadableFile:
        raise
    except Exception as error:
        raise ReaderFailed(str(error)) from error
    except BaseException as error:
        # A panic in Rust arrives as a BaseException of its own kind.
        if type(error).__name__ != "PanicException":
            raise
        raise ReaderFailed("panic") from None


def _grids(data: bytes, limits: Limits, formats_known: bool) -> list[Grid]:
    grids = []
    with CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
        sheets = workbook.sheets_metadata
        if len(sheets) > limits.sheets:
            raise unreadable(f"有 {len(sheets)} 张工作表，超出 {limits.sheets} 张的限度")
        for index, about in enumerate(sheets):
            if about.typ is not SheetTypeEnum.WorkSheet:
                grids.append(Grid(about.name, (), hidden=about.visible is not SheetVisibleEnum.Visible))
                continue
            sheet = workbook.get_sheet_by_index(index)
            if sheet.total_height * sheet.total_width > limits.cells:
                raise unreadable("有内容的区域过大")
            rows = sparse(sheet.to_python(skip_empty_area=False))
            merged = sheet.merged_cell_ranges or []
            if len(merged) > limits.merges:
                raise unreadable("合并单元格过多")
            merges = [Merge(row, column, last_row, last_column) for (row, column), (last_row, last_column) in merged]
            grids.append(
                Grid(
                    about.name,
                    rows,
                    merges=bounded_merges(merges, rows),
                    hidden=about.visible is not SheetVisibleEnum.Visible,
                    formats_known=formats_known,
                )
            )
    return grids
