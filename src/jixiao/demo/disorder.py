"""Disorder: what becomes of a tidy workbook in an office, and files that are no filing at all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import reduce

from jixiao.demo.declaration import Mess, OddFile
from jixiao.writing.xlsx.content import Cell, Page, SheetContent, Style, WorkbookContent

GAP = 1
"""Rows between sheets that were pasted below each other."""


def messed(content: WorkbookContent, steps: Iterable[Mess]) -> WorkbookContent:
    """Return the workbook after all steps in their order."""
    return reduce(_after_step, steps, content)


def _after_step(content: WorkbookContent, step: Mess) -> WorkbookContent:
    match step.kind:
        case "shift":
            return each_sheet(content, step.sheet, lambda sheet: shifted(sheet, step.rows, step.columns))
        case "one_sheet":
            return in_one_sheet(content, step.name, step.rows or GAP, step.sheets)
        case "rename":
            return each_sheet(content, step.sheet, lambda sheet: replace(sheet, name=step.name))
        case "order":
            return reordered(content, step.sheets)
        case "hide":
            return each_sheet(content, step.sheet, lambda sheet: replace(sheet, hidden=True))
        case "drop":
            return _with_sheets(content, [each for each in content.sheets if each.name not in step.sheets])
        case "drop_row":
            return each_sheet(content, step.sheet, lambda sheet: without_rows(sheet, step.text))
        case "note":
            return each_sheet(content, step.sheet, lambda sheet: annotated(sheet, step.text, step.rows, step.columns))


def each_sheet(
    content: WorkbookContent, name: str, change: Callable[[SheetContent], SheetContent]
) -> WorkbookContent:
    """Return the workbook with the named sheet (all, where the name is empty) changed; KeyError if there is none."""
    if name and all(sheet.name != name for sheet in content.sheets):
        raise KeyError(name)
    return _with_sheets(content, [change(each) if name in ("", each.name) else each for each in content.sheets])


def _with_sheets(content: WorkbookContent, sheets: list[SheetContent]) -> WorkbookContent:
    shown = next((n for n, sheet in enumerate(sheets) if not sheet.hidden), 0)
    return replace(content, sheets=sheets, active=shown)


def shifted(sheet: SheetContent, rows: int, columns: int) -> SheetContent:
    """Return the sheet moved down and right, as by inserting empty rows above and columns left.

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
    """Return the workbook with its sheets (or only these) pasted below each other into one of this name."""
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
    """Return the workbook with these sheets in front, in this order."""
    by_name = {sheet.name: sheet for sheet in content.sheets}
    front = [by_name.pop(name) for name in first]
    return _with_sheets(content, [*front, *by_name.values()])


def without_rows(sheet: SheetContent, text: str) -> SheetContent:
    """Return the sheet without the rows in which a cell begins with this text, the rest closed up, merges with it.

    Raises KeyError where there is no such row.
    """
    gone = sorted({cell.row for cell in sheet.cells if isinstance(cell.value, str) and cell.value.startswith(text)})
    if not gone:
        raise KeyError(text)
    cells = []
    for cell in sheet.cells:
        last = max(cell.row, cell.last_row)
        rows = [row for row in range(cell.row, last + 1) if row not in gone]
        if rows:
            top, bottom = (row - sum(each < row for each in gone) for row in (rows[0], rows[-1]))
            cells.append(replace(cell, row=top, last_row=bottom, formula="", link=None))
    heights = {
        row - sum(each < row for each in gone): height for row, height in sheet.heights.items() if row not in gone
    }
    return replace(shifted(sheet, 0, 0), cells=cells, heights=heights, validations=[])


def annotated(sheet: SheetContent, text: str, rows: int, columns: int) -> SheetContent:
    """Return the sheet with a text outside the form: `rows` below its end, or in that row `columns` right of it."""
    cell_row, cell_column = _end(sheet) + rows, 0
    if columns:
        cell_row = rows
        cell_column = max(max(cell.column, cell.last_column) for cell in sheet.cells) + columns
    return replace(sheet, cells=[*sheet.cells, Cell(cell_row, cell_column, text, Style("text"))])


def _end(sheet: SheetContent) -> int:
    return max((max(cell.row, cell.last_row) for cell in sheet.cells), default=0)


_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_BOMB_LEVELS = 7
"""Each level holds ten of the one below: ten million entities if anybody expands them, 2 KB if nobody does."""

_OWNER_LENGTH, _OWNER_NAME_AT = 165, 55
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def odd_bytes(odd: OddFile, written: Mapping[str, bytes], draw: Callable[[WorkbookContent], bytes]) -> bytes:
    """Return the bytes of an odd file; `written` holds the filings by file, `draw` turns a workbook into bytes.

    KeyError where it is made of a filing that there is not.
    """
    match odd.kind:
        case "zero_bytes":
            return b""
        case "copy":
            return written[odd.of]
        case "truncated":
            whole = written[odd.of]
            return whole[: len(whole) * 2 // 5]
        case "owner":
            return owner_file(odd.text)
        case "html":
            return html_table(odd)
        case "other_table":
            return draw(other_table(odd))
        case "entity_bomb":
            return entity_bomb(odd.text)


def owner_file(user: str) -> bytes:
    """Return the file that a spreadsheet program leaves beside an open workbook: the user's name twice, padded."""
    name = user.encode("gbk")[: _OWNER_NAME_AT - 2]
    wide = user.encode("utf-16-le")
    first = bytes([len(name)]) + name.ljust(_OWNER_NAME_AT - 1, b" ")
    second = len(user).to_bytes(2, "little") + wide
    return (first + second).ljust(_OWNER_LENGTH, b" ")[:_OWNER_LENGTH]


def html_table(odd: OddFile) -> bytes:
    """Return a page of a web system that was saved under the name of a workbook."""
    rows = "".join(f"<tr>{''.join(f'<td>{each}</td>' for each in row)}</tr>\r\n" for row in odd.rows)
    page = f"<html><head><meta charset='utf-8'><title>{odd.text}</title></head><body><table border=1>\r\n{rows}</table></body></html>"
    return page.encode()


def other_table(odd: OddFile) -> WorkbookContent:
    """Return a workbook that holds some other table: a title and rows as declared."""
    sheet = SheetContent(odd.text or "Sheet1", gridlines=True)
    for n, row in enumerate(odd.rows):
        for column, figure in enumerate(row):
            number = isinstance(figure, Decimal)
            sheet.put(n, column, figure, Style("number" if number else "text", "amount" if number else ""))
            sheet.widths[column] = 16
    return WorkbookContent([sheet])


def entity_bomb(text: str) -> bytes:
    """Return a workbook whose only text is an entity of entities; harmless to who does not expand them."""
    entities = [f'<!ENTITY e0 "{text}">'] + [
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, _BOMB_LEVELS + 1)
    ]
    bomb = f"<!DOCTYPE sst [{''.join(entities)}]>"
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHEET_TYPE}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>',
        "xl/sharedStrings.xml": f'{_HEAD}{bomb}<sst xmlns="{_MAIN}" count="1" uniqueCount="1"><si><t>&e{_BOMB_LEVELS};</t></si></sst>',
    }
    return zip_package(parts)


def zip_package(parts: Mapping[str, str]) -> bytes:
    """Return a zip package of these parts, with the same bytes whenever it is made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name, _LONG_AGO), part, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
