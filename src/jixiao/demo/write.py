"""The sample inbox on disk: workbooks, Word documents and the roster."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from jixiao.demo.declaration import Demo, load_demo
from jixiao.demo.disorder import odd_bytes, zip_package
from jixiao.demo.filing import DemoFiling, compose_filing
from jixiao.errors import UsageError
from jixiao.model.submission import HEADINGS
from jixiao.pack import Pack, load_pack
from jixiao.values.number_format import plain_text
from jixiao.writing.xlsx.content import Cell, Page, SheetContent, Style, Value, WorkbookContent
from jixiao.writing.xlsx.write import write_workbook

SUFFIX = ".docx"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PAGE_TWIPS = 9600
"""What is written on between the margins of an A4 page."""

_LINES = {
    "title": (36, "center"), "subtitle": (28, "center"), "section": (24, "left"), "caption": (21, "center"), "unit": (18, "right"),
    "note": (18, "center"), "prose_first": (21, "left"), "prose": (21, "left"), "prose_last": (21, "left"),
}  # fmt: skip
"""The size in half points and the alignment of what stands as a line of text, by role; all else stands in tables."""

_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def word_bytes(content: WorkbookContent) -> bytes:
    """Return the sheets of a workbook as one .docx: cells as wide as the sheet as lines, the rest as tables."""
    body = "".join(part for sheet in content.sheets for part in _parts(sheet))
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"/></w:sectPr>'
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_MAIN}"><w:body>{body}{page}</w:body></w:document>',
    }
    return zip_package(parts)


def _parts(sheet: SheetContent) -> Iterator[str]:
    """Yield lines and tables of a sheet in their order; a blank row ends a table."""
    # Live checks stand right of what is printed: nobody has those in Word.
    last_printed = sheet.page.print_area[3] if sheet.page.print_area else None
    printed = [cell for cell in sheet.cells if last_printed is None or cell.column <= last_printed]
    by_row: dict[int, list[Cell]] = {}
    for cell in printed:
        by_row.setdefault(cell.row, []).append(cell)
    width = max((max(cell.column, cell.last_column) for cell in printed), default=0) + 1
    table: list[Cell] = []
    end = -1
    for row in range(max((max(cell.row, cell.last_row) for cell in printed), default=-1) + 1):
        cells = by_row.get(row, [])
        line = row > end and len(cells) == 1 and cells[0].style.role in _LINES
        if table and (line or (not cells and row > end)):
            yield _table(table, sheet, width)
            table = []
        if line:
            yield _paragraphs(_text(cells[0].value), *_LINES[cells[0].style.role])
        else:
            table += cells
            end = max(end, *(max(cell.row, cell.last_row) for cell in cells)) if cells else end
    if table:
        yield _table(table, sheet, width)


def _table(cells: Sequence[Cell], sheet: SheetContent, width: int) -> str:
    first, last = min(cell.row for cell in cells), max(max(cell.row, cell.last_row) for cell in cells)
    widths = [sheet.widths.get(column, 9.0) for column in range(width)]
    twips = [round(each / sum(widths) * _PAGE_TWIPS) for each in widths]
    covered = {
        (row, column): cell
        for cell in cells
        for row in range(cell.row, max(cell.row, cell.last_row) + 1)
        for column in range(cell.column, max(cell.column, cell.last_column) + 1)
    }
    rows = "".join(f"<w:tr>{''.join(_row(row, covered, twips))}</w:tr>" for row in range(first, last + 1))
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in twips)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{_paragraphs("", 21, "left")}'
    )


def _row(row: int, covered: dict[tuple[int, int], Cell], twips: Sequence[int]) -> Iterator[str]:
    column = 0
    while column < len(twips):
        cell = covered.get((row, column))
        span = 1 if cell is None else max(cell.last_column, cell.column) - cell.column + 1
        joined = "" if span == 1 else f'<w:gridSpan w:val="{span}"/>'
        if cell is not None and cell.last_row > cell.row:
            joined += '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
        text = _text(cell.value) if cell is not None and row == cell.row else ""
        side = "right" if cell is not None and isinstance(cell.value, Decimal | int) else "left"
        wide = sum(twips[column : column + span])
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{joined}<w:vAlign w:val="center"/></w:tcPr>'
            f"{_paragraphs(text, 18, side)}</w:tc>"
        )
        column += span


def _paragraphs(text: str, size: int, side: str) -> str:
    """Return a paragraph for each line of the text."""
    run = f'<w:rPr><w:rFonts w:ascii="宋体" w:eastAsia="宋体" w:hAnsi="宋体"/><w:sz w:val="{size}"/></w:rPr>'
    return "".join(
        f'<w:p><w:pPr><w:jc w:val="{side}"/></w:pPr>'
        + (f'<w:r>{run}<w:t xml:space="preserve">{escape(line)}</w:t></w:r>' if line else "")
        + "</w:p>"
        for line in text.split("\n")
    )


def _text(value: Value) -> str:
    return "" if value is None else plain_text(value) if isinstance(value, Decimal) else str(value)


INBOX = "inbox"


def write_demo(folder: Path, pack_name: str) -> Path:
    """Write the pack's sample inbox and roster into a folder; returns the roster's path.

    Files of the same names are written over, others left alone; the bytes are the same each time. `UsageError` if the
    pack brings no sample or the folder cannot be written.
    """
    pack, demo = load_pack(pack_name), load_demo(pack_name)
    files = {filing.file: filing_bytes(filing, pack) for filing in declared_filings(pack, pack_name)}
    odd = {each.file: odd_bytes(each, files, bytes_of) for each in demo.odd_files}
    roster = folder / ROSTER_FILE
    try:
        for name, content in {**files, **odd}.items():
            path = folder / INBOX / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        roster.write_bytes(bytes_of(roster_workbook(demo)))
    except OSError as error:
        raise UsageError(f"无法写入文件夹“{folder}”，请检查路径和权限。") from error
    return roster


def declared_filings(pack: Pack, pack_name: str | Path) -> Iterator[DemoFiling]:
    """Return the filings of a pack's sample district, in their order."""
    demo = load_demo(pack_name)
    return (compose_filing(pack, demo, declared) for declared in demo.filings)


def filing_bytes(filing: DemoFiling, pack: Pack) -> bytes:
    """Return a filing as the bytes of its file: a Word document where its name says so, else a workbook."""
    content = filing.workbook(pack)
    return word_bytes(content) if filing.file.endswith(SUFFIX) else bytes_of(content)


def bytes_of(content: WorkbookContent) -> bytes:
    """Return a workbook as the bytes of its file."""
    target = io.BytesIO()
    write_workbook(content, target)
    return target.getvalue()


ROSTER_FILE = "名册.xlsx"
_SHEET = "名册"
_YES = "是"
_WIDTHS = {"department": 34.0, "reports_within": 24.0, "supervisor": 24.0, "deadline": 18.0}


def roster_workbook(demo: Demo) -> WorkbookContent:
    """Return the roster: a title, the headings, a row for each department."""
    sheet = SheetContent(_SHEET, gridlines=True, freeze=(2, 0), page=Page(landscape=True, repeat_rows=(1, 1)))
    sheet.put(0, 0, f"{demo.title}部门整体支出绩效自评名册", Style("title"), last_column=len(HEADINGS) - 1)
    sheet.heights[0] = 32
    for column, (heading, field) in enumerate(HEADINGS.items()):
        sheet.put(1, column, heading, Style("head"))
        sheet.widths[column] = _WIDTHS.get(field, 14.0)
        for row, entry in enumerate(demo.roster, start=2):
            said = entry.model_dump() | {"deadline": entry.deadline or demo.deadline, "district": demo.title}
            sheet.put(row, column, _roster_text(said, field), Style("text"))
    sheet.filter = (1, 0, len(demo.roster) + 1, len(HEADINGS) - 1)
    return WorkbookContent([sheet], title=f"{demo.title}名册")


def _roster_text(entry: dict[str, object], field: str) -> str:
    said = entry[field]
    return (_YES if said else "") if isinstance(said, bool) else str(said)
