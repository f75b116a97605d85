"""Workbooks without what fills them: drawn by the library once for all that are alike, and kept with gaps to be filled.

What a sheet is besides its cells (widths, validations, conditions, page set-up, protection) makes one outline, what the
package is besides its sheets (names, kinds and relations of parts) another; each is kept under all that decides it. What
comments add to a package is put in here: which sheets of a filing have some is its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from jixiao.writing.canvas import Condition, Page, SheetContent, Style, Validation, WorkbookContent
from jixiao.writing.comments import comment_relations, with_comments
from jixiao.writing.library import MARK, drawn_parts, hollow_sheet
from jixiao.writing.package import (
    BOXES,
    COMMENTS,
    RELATIONS,
    SHEET,
    STYLES,
    TEXTS,
    THEME,
    TYPES,
    Part,
    packed,
)

SHEETS, BOOKS = 1_024, 256
"""How many outlines of sheets and of packages a process keeps."""

_COMMENTED = Style("text")


class Outline(NamedTuple):
    """A text with gaps, as the file has it: `pieces` stand around them, `names` say what each is filled with."""

    pieces: tuple[bytes, ...]
    names: tuple[str, ...]

    def filled(self, values: Mapping[str, bytes]) -> bytes:
        """The text with its gaps filled."""
        made = [b""] * (2 * len(self.pieces) - 1)
        made[::2] = self.pieces
        made[1::2] = [values[name] for name in self.names]
        return b"".join(made)

    def in_turn(self, values: Mapping[str, bytes | Iterable[bytes]]) -> Iterator[bytes]:
        """As `filled`, piece by piece; what fills a gap in pieces is asked for when it comes to it."""
        yield self.pieces[0]
        for name, piece in zip(self.names, self.pieces[1:], strict=True):
            value = values[name]
            yield from (value,) if isinstance(value, bytes) else value
            yield piece


def outline_of(text: str) -> Outline:
    """The outline of a text with marks."""
    pieces = text.split(MARK)
    return Outline(tuple(piece.encode() for piece in pieces[::2]), tuple(pieces[1::2]))


def sheet_outline(sheet: SheetContent, number: int, active: bool, comments: bool) -> Outline:
    """The outline of a sheet that is not its cells: the part of the package without what they decide."""
    page = sheet.page
    return _sheet(
        tuple(sheet.widths.items()), tuple(sheet.hidden_columns), tuple(sheet.validations), tuple(sheet.conditions),
        (page.landscape, page.one_page, page.centred, bool(page.header), page.footer), sheet.freeze, sheet.filter,
        sheet.protected, sheet.tab, sheet.gridlines, sheet.zoom, number, active, comments,
    )  # fmt: skip


class SheetTraits(NamedTuple):
    """What of a sheet decides the rest of its package, but for comments."""

    name: str
    hidden: bool
    print_area: bool
    repeat_rows: bool
    filter: bool


def traits(sheet: SheetContent) -> SheetTraits:
    """The traits of a sheet."""
    page = sheet.page
    return SheetTraits(
        sheet.name, sheet.hidden, page.print_area is not None, page.repeat_rows is not None, sheet.filter is not None
    )


@lru_cache(BOOKS)
def book_outline(
    sheets: tuple[SheetTraits, ...], active: int, commented: tuple[int, ...]
) -> dict[str, Outline | Part | None]:
    """Every part of a package of such sheets, of which those of these numbers (from 0) have comments.

    Those that never change are compressed, others outlines; None are those that have outlines of their own, or none.
    """
    parts: dict[str, Outline | Part | None] = {}
    for name, part in _uncommented(sheets, active).items():
        if name == TEXTS:
            parts |= dict.fromkeys(BOXES.format(number) for number in range(1, len(commented) + 1))
            parts |= dict.fromkeys(COMMENTS.format(number) for number in range(1, len(commented) + 1))
        if isinstance(part, str):
            parts[name] = packed(name, with_comments(part, len(commented)) if commented else part)
        else:
            parts[name] = part
        if name == THEME:
            for number, sheet in enumerate(commented, start=1):
                relations = RELATIONS.format(sheet + 1)
                parts[relations] = packed(relations, comment_relations(number))
    return parts


@lru_cache(BOOKS)
def _uncommented(sheets: tuple[SheetTraits, ...], active: int) -> dict[str, str | Outline | Part | None]:
    """The same without comments; the part that tells kinds of parts as text."""
    parts = drawn_parts(WorkbookContent([_bare(each) for each in sheets], active=active), hollow=True)
    outlines = ((name, outline_of(text)) for name, text in parts.items())
    own = {TEXTS, STYLES, *(SHEET.format(number) for number in range(1, len(sheets) + 1))}
    return {
        name: None if name in own else each if each.names else parts[name] if name == TYPES else packed(name, parts[name])
        for name, each in outlines
    }


def _bare(sheet: SheetTraits) -> SheetContent:
    page = Page(
        repeat_rows=(0, 0) if sheet.repeat_rows else None, print_area=(0, 0, 0, 0) if sheet.print_area else None
    )
    return SheetContent(sheet.name, page=page, filter=(0, 0, 0, 0) if sheet.filter else None, hidden=sheet.hidden)


@lru_cache(SHEETS)
def _sheet(
    widths: tuple[tuple[int, float], ...], hidden_columns: tuple[int, ...], validations: tuple[Validation, ...],
    conditions: tuple[Condition, ...], page: tuple[bool, bool, bool, bool, str], freeze: tuple[int, int] | None,
    filtered: tuple[int, int, int, int] | None, protected: bool, tab: str, gridlines: bool, zoom: int, number: int,
    active: bool, comments: bool,
) -> Outline:  # fmt: skip
    landscape, one_page, centred, header, footer = page
    sheet = SheetContent(
        f"{number}", widths=dict(widths), validations=list(validations), conditions=list(conditions),
        page=Page(landscape=landscape, one_page=one_page, centred=centred, header="页眉" if header else "", footer=footer),
        freeze=freeze, filter=filtered, protected=protected, hidden_columns=hidden_columns, tab=tab, gridlines=gridlines,
        zoom=zoom,
    )  # fmt: skip
    if comments:
        sheet.put(0, 0, None, _COMMENTED, comment="批注")
    return outline_of(hollow_sheet(sheet, number, active=active))
