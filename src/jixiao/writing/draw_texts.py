"""Texts of a workbook beside its cells, as the file has them: comments, page headers, properties, ranges."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.writing.canvas import Cell, SheetContent, WorkbookContent
from jixiao.writing.clean import clean_text
from jixiao.writing.textsize import lines, widest
from jixiao.writing.theme import BODY_FONT
from jixiao.writing.xml_text import LETTERS

COMMENT_WIDTH, NARROW_COMMENT = 300, 200
LONGEST_COMMENT = 8_000


def properties(content: WorkbookContent) -> dict[str, str]:
    """The properties of the document; never a person."""
    title, subject, company = (clean_text(each, 255) for each in (content.title, content.subject, content.company))
    return {"title": title, "subject": subject, "company": company, "author": company}


def comment_text(cell: Cell) -> str:
    """What the comment of a cell says."""
    return clean_text(cell.comment, LONGEST_COMMENT)


def comment_size(text: str) -> tuple[int, int]:
    """Width and height of a comment in pixels."""
    width = COMMENT_WIDTH if widest(text) > 24 else NARROW_COMMENT
    return width, min(22 + 16 * lines(text, width / 7, 9), 480)


def header_text(header: str) -> str:
    """The head of a page, at its right."""
    # The font stands between size and text, else a text that begins with a digit would be read as part of the size.
    text = clean_text(header, 110).replace("&", "&&")
    return f'&R&9&"{BODY_FONT},Regular"{text}'


def named_ranges(sheets: Sequence[SheetContent]) -> dict[str, str]:
    """The ranges of sheets that have names, by name and number of the sheet: what is printed, repeated and filtered."""
    found: dict[str, str] = {}
    for number, sheet in enumerate(sheets):
        if sheet.filter is not None:
            found[f"_xlnm._FilterDatabase.{number}"] = _area(*sheet.filter)
        if sheet.page.print_area is not None:
            found[f"_xlnm.Print_Area.{number}"] = _area(*sheet.page.print_area)
        if sheet.page.repeat_rows is not None:
            first, last = sheet.page.repeat_rows
            found[f"_xlnm.Print_Titles.{number}"] = f"${first + 1}:${last + 1}"
    return found


def _area(row: int, column: int, last_row: int, last_column: int) -> str:
    first, last = f"${LETTERS[column]}${row + 1}", f"${LETTERS[last_column]}${last_row + 1}"
    return first if first == last else f"{first}:{last}"
