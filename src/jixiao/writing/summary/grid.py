"""Tables of the summary: one way to set a title, a head, rows with heights that show every text, filters and print set-up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jixiao.model.finding import Severity
from jixiao.model.place import column_letters
from jixiao.writing.canvas import (
    HIGHEST_POINTS,
    LEAST_POINTS,
    Cell,
    Column,
    Link,
    Listing,
    Page,
    Row,
    Rows,
    SheetContent,
    Style,
    row_cells,
    row_height,
)
from jixiao.writing.summary.names import OVERVIEW
from jixiao.writing.textsize import height

TITLE_POINTS = 34.0
SECTION_POINTS = 24.0
HEAD_POINTS = 24.0
WIDEST_PORTRAIT = 125
"""A table up to so many half-widths wide is legible across an upright page, where more rows fit."""


class Group(NamedTuple):
    """A head over several columns; `last` is included."""

    first: int
    last: int
    head: str


class Body(NamedTuple):
    """Where a table's rows stand: `last` is before `first` where it has none. `end` is the first free row below."""

    sheet: str
    head: int
    first: int
    last: int
    end: int

    def span(self, column: int, *, outside: bool = False) -> str:
        """The reference of a column over all rows, from another sheet with the sheet's name."""
        return reference(self.sheet if outside else "", self.first, column, self.last, column)

    @property
    def empty(self) -> bool:
        """Whether it has no rows."""
        return self.last < self.first


ROLE_OF_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}


def reference(sheet: str, row: int, column: int, last_row: int | None = None, last_column: int | None = None) -> str:
    """An absolute reference to a cell or range, with the sheet's name if one is given."""
    text = f"${column_letters(column)}${row + 1}"
    if last_row is not None and last_column is not None:
        text += f":${column_letters(last_column)}${last_row + 1}"
    return f"'{sheet}'!{text}" if sheet else text


def begin(
    name: str, title: str, columns: Sequence[Column], *, note: str = "", unit: str = "", header: str = ""
) -> SheetContent:
    """A sheet with its widths, title, a line of explanation and a link back; the table begins in row 2."""
    landscape = sum(column.width for column in columns) > WIDEST_PORTRAIT
    sheet = SheetContent(name, page=Page(landscape=landscape, header=header))
    last = len(columns) - 1
    sheet.widths.update({n: column.width for n, column in enumerate(columns)})
    sheet.put(0, 0, title, Style("title"), last_column=last)
    sheet.heights[0] = TITLE_POINTS
    corner = 1 if columns[0].width < 8 and last > 2 else 0
    sheet.put(1, 0, f"返回{OVERVIEW}", Style("jump"), last_column=corner, link=Link(sheet=OVERVIEW, tip="回到第一张表"))
    note_last = last - 2 if unit and last > 4 else last
    sheet.put(1, corner + 1, note, Style("note"), last_column=note_last)
    if unit:
        sheet.put(1, note_last + 1, unit, Style("unit"), last_column=last)
    width = sum(column.width for column in columns[corner + 1 : note_last + 1])
    sheet.heights[1] = max(LEAST_POINTS, height(note, width, 9))
    return sheet


def draw_table(
    sheet: SheetContent,
    top: int,
    columns: Sequence[Column],
    rows: Rows,
    *,
    groups: Sequence[Group] = (),
    filtered: bool = True,
    freeze_columns: int = 0,
    main: bool = True,
    none: str = "无",
) -> Body:
    """Set the head and rows from `top` down; the `main` table of a sheet is filtered, frozen and repeats its head."""
    head = _draw_head(sheet, top, columns, groups)
    first = head + 1
    end = draw_rows(sheet, first, columns, rows)
    last = end - 1
    if not len(rows):
        sheet.put(first, 0, none, Style("text", align="center"), last_column=len(columns) - 1)
        sheet.heights[first] = LEAST_POINTS
        end = first + 1
    if main:
        sheet.freeze = (first, freeze_columns)
        sheet.page = Page(landscape=sheet.page.landscape, header=sheet.page.header, repeat_rows=(top, head))
        if filtered and len(rows):
            sheet.filter = (head, 0, last, len(columns) - 1)
    return Body(sheet.name, head, first, last, end)


def _draw_head(sheet: SheetContent, top: int, columns: Sequence[Column], groups: Sequence[Group]) -> int:
    head = top + 1 if groups else top
    grouped = {column for group in groups for column in range(group.first, group.last + 1)}
    for group in groups:
        sheet.put(top, group.first, group.head, Style("head"), last_column=group.last)
    tallest = HEAD_POINTS
    for n, column in enumerate(columns):
        # Without a group above, the head stands in the lower line: a filter's buttons sit there.
        if groups and n not in grouped:
            sheet.put(top, n, "", Style("head"))
        sheet.put(head, n, column.head, Style("head"))
        tallest = max(tallest, height(column.head, column.width, 10.5) + 4)
    if groups:
        widths = [sum(columns[n].width for n in range(each.first, each.last + 1)) for each in groups]
        sheet.heights[top] = max(
            HEAD_POINTS, *(height(each.head, width) for each, width in zip(groups, widths, strict=True))
        )
    sheet.heights[head] = tallest
    return head


def draw_rows(sheet: SheetContent, first: int, columns: Sequence[Column], rows: Rows) -> int:
    """Set rows below each other, without a head, and return the first row below."""
    if len(rows):
        sheet.listings.append(Listing(first, columns, rows))
    return first + len(rows)


def draw_row(sheet: SheetContent, row: int, columns: Sequence[Column], cells: Row, role: str = "") -> None:
    """Set one row; `role` overrules the columns' where a cell has none of its own."""
    sheet.cells.extend(row_cells(row, columns, cells, role))
    sheet.heights[row] = row_height(columns, cells, role)


def merge_equal(sheet: SheetContent, body: Body, column: int) -> None:
    """Merge the cells of a column that hold the same text in rows one after the other, each of them laid out."""
    kept: list[Cell] = []
    above: Cell | None = None
    for cell in sheet.cells:
        if cell.column == column and body.first <= cell.row <= body.last:
            if above is not None and above.value == cell.value:
                above.last_row = cell.row
                continue
            above = cell
        kept.append(cell)
    sheet.cells[:] = kept


def section(sheet: SheetContent, row: int, text: str, last_column: int) -> None:
    """Set a heading between tables of one sheet."""
    sheet.put(row, 0, text, Style("section"), last_column=last_column)
    sheet.heights[row] = SECTION_POINTS


def paragraph(sheet: SheetContent, row: int, text: str, columns: Sequence[Column], role: str = "plain") -> None:
    """Set a text over the whole width, high enough to show it."""
    sheet.put(row, 0, text, Style(role), last_column=len(columns) - 1)
    width = sum(column.width for column in columns)
    sheet.heights[row] = min(HIGHEST_POINTS, max(LEAST_POINTS, height(text, width) + 2))
