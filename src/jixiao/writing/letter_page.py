"""The page of the letter: its columns, its lines, and what one A4 page holds."""

from __future__ import annotations

from jixiao.writing.canvas import SheetContent, Style
from jixiao.writing.textsize import height

WIDTHS = (18.5, 8.0, 11.0, 11.0, 11.0, 11.0, 11.0, 11.0)
WIDTH, LAST = sum(WIDTHS), len(WIDTHS) - 1
PAGE_POINTS = 840.0
"""What one A4 page holds between its margins, printed a little smaller than the sheet's width asks for."""

SECTION_POINTS = 24.0

_SECTION, _LINE, _SIGNED = Style("section"), Style("plain", align="left"), Style("plain", align="right")


def put_section(sheet: SheetContent, at: int, text: str) -> int:
    """The heading of a section; returns the next row."""
    sheet.put(at, 0, text, _SECTION, last_column=LAST)
    sheet.heights[at] = SECTION_POINTS
    return at + 1


def put_line(sheet: SheetContent, at: int, text: str, points: float = 0.0, *, signed: bool = False) -> int:
    """A text over the page's width, so many points high or as it needs, at the right if `signed`; returns the next row."""
    sheet.put(at, 0, text, _SIGNED if signed else _LINE, last_column=LAST)
    sheet.heights[at] = points or height(text, WIDTH)
    return at + 1
