"""Drawing: the content of a workbook as a file, the same bytes for the same content.

Cells are written here, text by text; all else is the library's, drawn once for workbooks that are alike and kept with gaps
for what fills them. The library alone would write the same parts, cell by cell: that is the reference, and the way of
whatever is not plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from jixiao.writing.xlsx.adapter import StyleNumbers, drawn_parts
from jixiao.writing.xlsx.cell_text import MOST_ROWS, header_text, literal, named_ranges, properties
from jixiao.writing.xlsx.content import Cell, SheetContent, WorkbookContent, laid_out
from jixiao.writing.xlsx.fast.comments import MOST_COMMENTS, comment_parts
from jixiao.writing.xlsx.fast.links import sheet_links, with_relations
from jixiao.writing.xlsx.fast.package import (
    BOXES,
    COMMENTS,
    SHEET,
    STYLES,
    TEXTS,
    Part,
    UnsupportedContent,
    package,
    packed,
)
from jixiao.writing.xlsx.fast.sheet_xml import SharedTexts, SheetRows
from jixiao.writing.xlsx.fast.templates import PartTemplate, book_outline, common_styles, outline_of, sheet_outline


class TooLong(Exception):
    """A sheet, by its name, with more rows than a spreadsheet can have."""


def write_workbook(content: WorkbookContent, target: Path | BinaryIO, *, quick: bool = True) -> None:
    """Write the workbook to a path or a binary stream; `OSError` if refused. `TooLong` where a sheet has more rows than can be.

    Without `quick` the library draws every cell by itself: the same parts, by which the quick way is proven.
    """
    pieces = package(_quick_parts_if_usual(content) if quick else _library_parts(content))
    with target.open("wb") if isinstance(target, Path) else nullcontext(target) as file:
        file.writelines(pieces)


def _quick_parts_if_usual(content: WorkbookContent) -> list[Part]:
    try:
        return _quick_parts(content)
    except UnsupportedContent:
        return _library_parts(content)


def _library_parts(content: WorkbookContent) -> list[Part]:
    content = replace(content, sheets=[laid_out(sheet) for sheet in _bounded(content.sheets)])
    return [packed(name, text) for name, text in drawn_parts(content).items()]


def _quick_parts(content: WorkbookContent) -> list[Part]:
    """Return the parts, each sheet compressed while it is written, so that of a long one nothing more is held."""
    texts, styles = SharedTexts(), StyleNumbers()
    comments = [[cell for cell in sheet.cells if cell.comment] for sheet in content.sheets]
    # What holds charts or listings is like no other workbook: the library draws its outlines each time.
    single = any(sheet.charts or sheet.listings for sheet in content.sheets)
    if single and any(comments):
        raise UnsupportedContent("comments in a workbook that is like no other")
    outlines: Mapping[str, PartTemplate | Part]
    if single:
        outlines = {name: outline_of(text) for name, text in drawn_parts(content, hollow=True).items()}
    else:
        outlines = book_outline(content, map(bool, comments))
    own = _comments(content.sheets, comments)
    relations: list[Part] = []
    for number, sheet in enumerate(_bounded(content.sheets), start=1):
        name = SHEET.format(number)
        outline = outlines[name]
        if not single:
            outline = sheet_outline(sheet, number - 1, number - 1 == content.active, bool(comments[number - 1]))
        assert isinstance(outline, PartTemplate)
        rows = SheetRows(sheet, texts, styles)
        filled = outline.filled({
            "dimension": rows.dimension, "rows": rows.pieces(), "merges": rows.merges,
            "links": partial(sheet_links, rows.links, relations, number),
            "header": literal(header_text(sheet.page.header)),
        })  # fmt: skip
        own[name] = packed(name, filled)
    if not texts.uses:
        raise UnsupportedContent("a workbook without a text")
    own[TEXTS] = packed(TEXTS, texts.xml())
    own[STYLES] = common_styles() if styles.common else packed(STYLES, styles.xml())
    values = {name: literal(text) for name, text in properties(content).items()} | named_ranges(content.sheets)
    for name, outline in outlines.items():
        if name not in own:
            own[name] = outline if isinstance(outline, Part) else packed(name, outline.filled(values))
    return with_relations((own[name] for name in outlines), relations)


def _comments(sheets: Sequence[SheetContent], comments: Sequence[Sequence[Cell]]) -> dict[str, Part]:
    """Return the parts of the comments of each sheet that has some."""
    parts: dict[str, Part] = {}
    commented = [(sheet, cells) for sheet, cells in zip(sheets, comments, strict=True) if cells]
    for number, (sheet, cells) in enumerate(commented, start=1):
        if len(cells) >= MOST_COMMENTS:
            raise UnsupportedContent("more comments than are written here")
        for kind, text in zip((COMMENTS, BOXES), comment_parts(sheet, cells, number), strict=True):
            parts[kind.format(number)] = packed(kind.format(number), text)
    return parts


def _bounded(sheets: Iterable[SheetContent]) -> Iterator[SheetContent]:
    """The sheets; `TooLong` for one with more rows than there can be: they would be left out without a word."""
    for sheet in sheets:
        last = max((cell.row for cell in sheet.cells), default=0) if len(sheet.cells) > MOST_ROWS else 0
        if max([last, *(listing.last for listing in sheet.listings)]) >= MOST_ROWS:
            raise TooLong(sheet.name)
        yield sheet
