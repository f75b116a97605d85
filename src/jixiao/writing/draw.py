"""Drawing: the content of a workbook as a file, the same bytes for the same content.

Cells are written here, text by text; all else is the library's, drawn once for workbooks that are alike and kept with gaps
for what fills them. The library alone would write the same bytes, cell by cell: that is the reference, and the way of
whatever is not plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from jixiao.writing.canvas import SheetContent, SheetsInTurn, WorkbookContent
from jixiao.writing.comments import comment_parts
from jixiao.writing.draw_texts import header_text, links_element, named_ranges, properties
from jixiao.writing.library import MOST_LINKS, drawn_parts
from jixiao.writing.looks import STYLES, looks_part
from jixiao.writing.outline import Outline, book_outline, outline_of, sheet_outline, traits
from jixiao.writing.package import Part, package, packed
from jixiao.writing.rows import Rows, Unusual, Writer
from jixiao.writing.xml_text import MOST_ROWS, literal

TEXTS = "xl/sharedStrings.xml"
SHEET, COMMENTS, BOXES = "xl/worksheets/sheet{}.xml", "xl/comments{}.xml", "xl/drawings/vmlDrawing{}.vml"


class TooLong(Exception):
    """A sheet, by its name, with more rows than a spreadsheet can have."""


def write_workbook(
    content: WorkbookContent, target: Path | BinaryIO, *, quick: bool = True, portable: bool = False
) -> None:
    """Write the workbook to a path or a binary stream; `OSError` if refused. `TooLong` where a sheet has more rows than can be.

    The parts of the file depend on the content alone, its bytes also on the kind of processor (how parts are compressed),
    unless they are to be `portable`. Without `quick` the library draws every cell by itself: the same bytes, by which the
    quick way is proven.
    """
    data = package((_parts if quick else _library_parts)(content, portable))
    if isinstance(target, Path):
        target.write_bytes(data)
    else:
        target.write(data)


def _parts(content: WorkbookContent, portable: bool) -> list[Part]:
    try:
        return _quick_parts(content, portable)
    except Unusual:
        return _library_parts(content, portable)


def _library_parts(content: WorkbookContent, portable: bool) -> list[Part]:
    content = replace(content, sheets=list(_bounded(content.sheets)))
    return [packed(name, text, portable=portable) for name, text in drawn_parts(content).items()]


def _quick_parts(content: WorkbookContent, portable: bool) -> list[Part]:
    writer = Writer()
    drawn, sheets = [], []
    for sheet in _bounded(content.sheets):
        drawn.append(writer.rows(sheet))
        # What is made in turn is let go as soon as it is written, but for what the library is given below.
        used_up = isinstance(content.sheets, SheetsInTurn) and not sheet.charts
        sheets.append(replace(sheet, cells=[each for each in sheet.cells if each.link or each.comment]) if used_up else sheet)
    content = replace(content, sheets=sheets)
    if not writer.told or any(len(each.links) > MOST_LINKS for each in drawn):
        raise Unusual("a workbook without a text, or more links than a sheet may have")
    own = {
        STYLES: looks_part(tuple(writer.looks.others), any(each.comments for each in drawn)),
        TEXTS: packed(TEXTS, writer.shared_texts(), portable=portable),
    }
    # Of a large district each of these takes tens of megabytes: none is held longer than it is asked for.
    del writer
    if _alike(content.sheets, drawn):
        outlines = _kept_outlines(content, drawn)
        own |= _comments(content.sheets, drawn, portable)
    else:
        hollow = drawn_parts(content, hollow=True)
        outlines = {name: outline_of(hollow.pop(name)) for name in [*hollow]}
    texts = {name: literal(text) for name, text in properties(content).items()} | named_ranges(content.sheets)
    values = {name: text.encode() for name, text in texts.items()}
    each_sheet = {
        SHEET.format(number): _values(sheet, rows)
        for number, (sheet, rows) in enumerate(zip(content.sheets, drawn, strict=True), start=1)
    }
    del drawn
    return [
        own.get(name) or _filled(name, outline, each_sheet.pop(name, values), portable)
        for name, outline in outlines.items()
    ]


def _bounded(sheets: Iterable[SheetContent]) -> Iterator[SheetContent]:
    """The sheets; `TooLong` for one with more rows than there can be: they would be left out without a word."""
    for sheet in sheets:
        if len(sheet.cells) > MOST_ROWS and max(cell.row for cell in sheet.cells) >= MOST_ROWS:
            raise TooLong(sheet.name)
        yield sheet


def _alike(sheets: Sequence[SheetContent], drawn: Sequence[Rows]) -> bool:
    """Whether there are other workbooks like this one: without charts, and without links that are parts' relations."""
    return not any(sheet.charts for sheet in sheets) and not any(
        cell.link is not None and cell.link.file for rows in drawn for cell in rows.links
    )


def _kept_outlines(content: WorkbookContent, drawn: Sequence[Rows]) -> dict[str, Outline | Part]:
    both = list(zip(content.sheets, drawn, strict=True))
    outlines = dict(book_outline(tuple(traits(sheet, bool(rows.comments)) for sheet, rows in both), content.active))
    for number, (sheet, rows) in enumerate(both):
        outlines[SHEET.format(number + 1)] = sheet_outline(sheet, number, number == content.active, bool(rows.comments))
    return outlines


def _comments(sheets: Sequence[SheetContent], drawn: Sequence[Rows], portable: bool) -> dict[str, Part]:
    made: dict[str, Part] = {}
    commented = [(sheet, rows.comments) for sheet, rows in zip(sheets, drawn, strict=True) if rows.comments]
    for number, (sheet, cells) in enumerate(commented, start=1):
        for kind, text in zip((COMMENTS, BOXES), comment_parts(sheet, cells, number), strict=True):
            made[kind.format(number)] = packed(kind.format(number), text, portable=portable)
    return made


def _filled(name: str, outline: Outline | Part, values: Mapping[str, bytes], portable: bool) -> Part:
    return outline if isinstance(outline, Part) else packed(name, outline.filled(values), portable=portable)


def _values(sheet: SheetContent, rows: Rows) -> dict[str, bytes]:
    """What fills the outline of a sheet."""
    return {
        "dimension": rows.dimension, "rows": b"".join(rows.rows), "merges": rows.merges, "links": links_element(rows.links).encode(),
        "header": literal(header_text(sheet.page.header)).encode(),
    }  # fmt: skip
