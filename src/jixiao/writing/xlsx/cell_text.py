"""Texts of a workbook beside its cells, as the file has them: comments, page headers, properties, ranges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from math import isfinite

from jixiao.model.place import column_letters
from jixiao.writing.xlsx.content import Cell, Link, SheetContent, WorkbookContent
from jixiao.writing.xlsx.formula_text import on_sheet
from jixiao.writing.xlsx.text_size import lines, widest
from jixiao.writing.xlsx.theme import BODY_FONT

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384

_CODE = re.compile("_x[0-9a-fA-F]{4}_")


class _Letters(dict[int, str]):
    def __missing__(self, column: int) -> str:
        letters = self[column] = column_letters(column)
        return letters


LETTERS = _Letters()
"""The letters of columns, by their numbers from 0."""


def escaped(text: str) -> str:
    """Return a text as it is written between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """Return a text as it is written in an attribute."""
    return escaped(text).replace('"', "&quot;").replace("\n", "&#xA;")


def literal(text: str) -> str:
    """Return a text between tags where `_x000D_` and its like mean characters: what looks like one is escaped."""
    return escaped(_CODE.sub(r"_x005F\g<0>", text) if "_x" in text else text)


def text_element(text: str) -> str:
    """Return the element of a text, its blanks preserved."""
    space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f"<t{space}>{literal(text)}</t>"


def cell_name(row: int, column: int) -> str:
    """Return the A1 address of a cell."""
    return f"{LETTERS[column]}{row + 1}"


LONGEST_TEXT = 32_767
"""What a cell holds, in UTF-16 units."""

CLIPPED = "……（文字过长，后文从略）"

_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_ODD = re.compile(f"{_UNPRINTABLE.pattern}|\r|^<r>")


def clean_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return the text without characters that no cell may hold or that reverse its reading, clipped to what a cell holds."""
    if len(text) * 2 <= longest and not _ODD.search(text):
        return text
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if utf16_length(text) > longest:
        text = _head(text, longest - len(CLIPPED)) + CLIPPED
    # The drawing library takes a text in these tags for ready-made markup.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def utf16_length(text: str) -> int:
    """Return the length that spreadsheet programs count: characters beyond the basic plane are two."""
    return len(text) + len(_BEYOND.findall(text))


def _head(text: str, longest: int) -> str:
    taken = 0
    for position, character in enumerate(text):
        taken += 2 if character > "\uffff" else 1
        if taken > longest:
            return text[:position]
    return text


COMMENT_WIDTH, NARROW_COMMENT = 300, 200
LONGEST_COMMENT = 8_000


def properties(content: WorkbookContent) -> dict[str, str]:
    """Return the properties of the document; never a person."""
    title, subject, company = (clean_text(each, 255) for each in (content.title, content.subject, content.company))
    return {"title": title, "subject": subject, "company": company, "author": company}


def comment_text(cell: Cell) -> str:
    """Return what the comment of a cell says."""
    return clean_text(cell.comment, LONGEST_COMMENT)


def comment_size(text: str) -> tuple[int, int]:
    """Return width and height of a comment in pixels."""
    width = COMMENT_WIDTH if widest(text) > 24 else NARROW_COMMENT
    return width, min(22 + 16 * lines(text, width / 7, 9), 480)


def header_text(header: str) -> str:
    """Return the head of a page, at its right."""
    # The font is between size and text, else a text that begins with a digit would be read as part of the size.
    text = clean_text(header, 110).replace("&", "&&")
    return f'&R&9&"{BODY_FONT},Regular"{text}'


def named_ranges(sheets: Sequence[SheetContent]) -> dict[str, str]:
    """Return the ranges of sheets that have names, by name and number of the sheet: what is printed, repeated and filtered."""
    ranges: dict[str, str] = {}
    for number, sheet in enumerate(sheets):
        if sheet.filter is not None:
            ranges[f"_xlnm._FilterDatabase.{number}"] = _area(*sheet.filter)
        if sheet.page.print_area is not None:
            ranges[f"_xlnm.Print_Area.{number}"] = _area(*sheet.page.print_area)
        if sheet.page.repeat_rows is not None:
            first, last = sheet.page.repeat_rows
            ranges[f"_xlnm.Print_Titles.{number}"] = f"${first + 1}:${last + 1}"
    return ranges


def _area(row: int, column: int, last_row: int, last_column: int) -> str:
    first, last = f"${LETTERS[column]}${row + 1}", f"${LETTERS[last_column]}${last_row + 1}"
    return first if first == last else f"{first}:{last}"


_EXACT = 10**15
_SURELY_EXACT = 1e14
"""Below it every float is exact; above it, it may have been rounded down to the bound."""


def number_of(value: Decimal | int) -> float | None:
    """Return the number as a cell keeps it; None of one that it cannot keep exactly, which is written as text."""
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if -_SURELY_EXACT < number < _SURELY_EXACT or (isfinite(number) and -_EXACT < value < _EXACT) else None


def as_result(value: str | Decimal | int | None) -> str | float | int:
    """Return the value beside a formula as a cell keeps it."""
    if isinstance(value, Decimal):
        return float(value)
    return "" if value is None else value


MOST_LINKS = 65_000
"""Spreadsheet programs keep at most 65,530 links a sheet; later ones stay text."""


def link_target(link: Link) -> str:
    """Return the target of a link: the path of a file, or the cell of a sheet."""
    if link.file:
        return link.file.replace("%", "%25").replace("#", "%23").replace(" ", "%20")
    return on_sheet(link.sheet, cell_name(link.row, link.column))
