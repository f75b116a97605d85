"""Parts of workbooks without what fills them: drawn by the library once for all that are alike, with gaps to be filled.

What a sheet is besides its cells (widths, validations, conditions, page set-up, protection) makes one outline, what the
package is besides its sheets (names, kinds and relations of parts) another; each is cached under all that decides it.
Drawing them takes the library 6 ms a filing; caching them is most of what the quick way gains.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from jixiao.writing.xlsx.adapter import MARK, StyleNumbers, drawn_parts, hollow_sheet
from jixiao.writing.xlsx.content import Page, SheetContent, Style, WorkbookContent
from jixiao.writing.xlsx.fast.package import STYLES, Part, packed

SHEETS, BOOKS = 1_024, 256
"""How many outlines of sheets and of packages a process keeps."""


class PartTemplate(NamedTuple):
    """A text with gaps, as the file has it: the `pieces` around them, and the `names` of what fills each."""

    pieces: tuple[bytes, ...]
    names: tuple[str, ...]

    def filled(self, values: Mapping[str, str | Iterator[bytes] | Callable[[], str]]) -> Iterator[bytes]:
        """Yield the text with its gaps filled; a callable is called once all before its gap is written."""
        yield self.pieces[0]
        for name, piece in zip(self.names, self.pieces[1:], strict=True):
            value = values[name]
            if callable(value):
                value = value()
            yield from (value.encode(),) if isinstance(value, str) else value
            yield piece


def outline_of(text: str) -> PartTemplate:
    """Return the outline of a text with marks."""
    pieces = text.split(MARK)
    return PartTemplate(tuple(piece.encode() for piece in pieces[::2]), tuple(pieces[1::2]))


SheetTraits = tuple[str, bool, bool, bool, bool, bool]
"""What of a sheet decides the rest of its package: its name, and whether it is hidden, has a print area, repeated rows, a
filter and comments."""


def book_outline(content: WorkbookContent, commented: Iterable[bool]) -> Mapping[str, PartTemplate | Part]:
    """Return every part of a workbook without charts, those without gaps compressed; `commented` is by sheet.

    The parts of sheets, texts and styles are those of empty sheets.
    """
    sheets = (
        (sheet.name, sheet.hidden, bool(sheet.page.print_area), bool(sheet.page.repeat_rows), bool(sheet.filter), comments)
        for sheet, comments in zip(content.sheets, commented, strict=True)
    )
    return _book_outline(tuple(sheets), content.active)


@lru_cache(BOOKS)
def _book_outline(sheets: tuple[SheetTraits, ...], active: int) -> dict[str, PartTemplate | Part]:
    bare = []
    for name, hidden, print_area, repeat_rows, filtered, commented in sheets:
        page = Page(repeat_rows=(0, 0) if repeat_rows else None, print_area=(0, 0, 0, 0) if print_area else None)
        sheet = SheetContent(name, page=page, filter=(0, 0, 0, 0) if filtered else None, hidden=hidden)
        if commented:
            sheet.put(0, 0, None, Style("text"), comment="批注")
        bare.append(sheet)
    parts = drawn_parts(WorkbookContent(bare, active=active), hollow=True)
    outlines = {name: outline_of(text) for name, text in parts.items()}
    return {name: each if each.names else packed(name, each.pieces) for name, each in outlines.items()}


_sheet_outlines: dict[Hashable, PartTemplate] = {}


def sheet_outline(sheet: SheetContent, number: int, active: bool, commented: bool) -> PartTemplate:
    """Return the outline of a sheet without charts that has this place in its workbook, counted from 0."""
    page = sheet.page
    key = (
        tuple(sheet.widths.items()), tuple(sheet.hidden_columns), tuple(sheet.validations), tuple(sheet.conditions),
        (page.landscape, page.one_page, page.centred, bool(page.header), page.footer), sheet.freeze, sheet.filter,
        sheet.protected, sheet.tab, sheet.gridlines, sheet.zoom, number, active, commented,
    )  # fmt: skip
    outline = _sheet_outlines.get(key)
    if outline is None:
        if len(_sheet_outlines) >= SHEETS:
            _sheet_outlines.clear()
        outline = _sheet_outlines[key] = outline_of(hollow_sheet(sheet, number, active=active))
    return outline


@cache
def common_styles() -> Part:
    """Return the part with the styles that every workbook has."""
    return packed(STYLES, StyleNumbers().xml())
