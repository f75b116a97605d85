"""Layout of the summary's sheets: columns are declared by key; headings, rows and formulas follow from that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, NamedTuple, TypeVar

from jixiao.model.finding import Severity
from jixiao.model.place import column_letters
from jixiao.model.result import DepartmentSummary
from jixiao.model.sheet_names import SUMMARY_SHEETS
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.wording import SEVERITY_WORDS, UNVERIFIED_WORD
from jixiao.writing.xlsx.content import (
    HIGHEST_POINTS,
    LEAST_POINTS,
    ConditionalFormat,
    ItemRows,
    Link,
    ListCell,
    ListColumn,
    Listing,
    Page,
    Row,
    SheetContent,
    Style,
    Value,
    row_cells,
    row_height,
)
from jixiao.writing.xlsx.text_size import height

OVERVIEW, RUN_INFO = SUMMARY_SHEETS
TITLE_POINTS = 34.0
SECTION_POINTS = 24.0
HEAD_POINTS = 24.0
WIDEST_PORTRAIT = 125
"""A table up to so many half-widths wide is legible across an upright page, where more rows fit."""
TOP = 2
"""The row in which the headings begin, below title and note."""

ROLE_OF_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}

T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class SummaryColumn(Generic[T]):
    """A column of a sheet, with everything that the sheet states about it.

    `cell` returns an item's cell; without it the column numbers the rows. `formula` computes the cell from others (see
    `ListSheet.formula`); cells without a value have none. Neighbours of one `group` share a heading above their own.
    `summed` columns are added up by `ListSheet.sums`.
    """

    key: str
    heading: str
    width: float
    cell: Callable[[T], Value | ListCell] | None = None
    role: str = "text"
    number: str = ""
    align: str = ""
    formula: str = ""
    group: str = ""
    summed: bool = False


class OfDepartment(NamedTuple, Generic[T]):
    """Something of one department: a finding, a score, a change."""

    result: DepartmentSummary
    item: T


def result_of(item: Any) -> DepartmentSummary:
    """Return the result that an item is or belongs to."""
    return item if isinstance(item, DepartmentSummary) else item.result


def number_column(width: float = 6) -> SummaryColumn[Any]:
    """Return the column that numbers the rows from 1."""
    return SummaryColumn("number", "序号", width, role="score", number="count")


def department_columns(
    width: float, *, number: float = 0, kind: bool = True, section: bool = False,
    otherwise: Callable[[Any], str] = lambda _: "",
) -> tuple[SummaryColumn[Any], ...]:
    """Return the columns that identify a department, behind one of row numbers if `number` is its width.

    `width` is that of the department's name, in the place of which `otherwise` gives a text where it is unknown.
    """
    return (
        *([number_column(number)] if number else []),
        SummaryColumn("code", "预算编码", 10, lambda item: result_of(item).budget_code, align="center"),
        SummaryColumn("department", "部门名称", width, lambda item: result_of(item).department or otherwise(item)),
        *([SummaryColumn("kind", "类别", 10, lambda item: result_of(item).kind, align="center")] if kind else []),
        *([SummaryColumn("section", "归口股室", 13, lambda item: result_of(item).section, align="center")] if section else []),
    )


def severity_column(width: float, severity_of: Callable[[T], Severity]) -> SummaryColumn[T]:
    """Return the column of the severities of items."""
    cells = {each: ListCell(SEVERITY_WORDS[each], role=ROLE_OF_SEVERITY[each]) for each in Severity}
    return SummaryColumn("severity", "类别", width, lambda item: cells[severity_of(item)], "score")


def verification_column(view: DistrictView) -> SummaryColumn[Any]:
    """Return the column that marks departments of which little was verified."""
    mark = ListCell(UNVERIFIED_WORD, role="warning")
    return SummaryColumn("unverified", "核实情况", 9, lambda item: mark if view.little_verified(item.result) else "", "score")


def _workbook_link(item: Any) -> ListCell:
    output = result_of(item).output
    return ListCell("打开", link=Link(file=output, tip="打开该部门的审核结果")) if output else _NOTHING_TO_OPEN


_NOTHING_TO_OPEN = ListCell("", role="text")
RETURNED: SummaryColumn[Any] = SummaryColumn("returned", "审核稿", 8, _workbook_link, "link", align="center")
"""The column of links to the departments' returned workbooks."""

_ROW = "\0"
_CITATION = re.compile(r"\{(\w+)(?::([a-z]+))?\}")


class ListSheet(Generic[T]):
    """A sheet in the making: a title and a note, a main table, then totals, lists and texts below each other.

    `holds` is what the overview says of its contents; a `dated` title begins with the year. `first` and `last` are the main
    table's rows (`last` before `first` if it has none), `end` is the first free row.
    """

    def __init__(
        self, view: DistrictView, name: str, holds: str, title: str, columns: Sequence[SummaryColumn[T]], *, note: str = "",
        unit: str = "", dated: bool = True,
    ) -> None:
        self.view, self.holds, self.columns = view, holds, columns
        self.looks = [ListColumn(each.heading, each.width, each.role, each.number, each.align) for each in columns]
        self.positions = {each.key: at for at, each in enumerate(columns)}
        self.width = sum(each.width for each in columns)
        self.content = SheetContent(name, page=Page(landscape=self.width > WIDEST_PORTRAIT, header=view.header))
        self.content.widths.update({at: each.width for at, each in enumerate(columns)})
        self.first, self.last, self.end = TOP + 1, TOP, TOP
        self._draw_title(f"{view.district.year}年度{title}" if dated else title, note, unit)

    def _draw_title(self, title: str, note: str, unit: str) -> None:
        sheet, last = self.content, len(self.columns) - 1
        sheet.put(0, 0, title, Style("title"), last_column=last)
        sheet.heights[0] = TITLE_POINTS
        corner = 1 if self.columns[0].width < 8 and last > 2 else 0
        back = Link(sheet=OVERVIEW, tip="回到第一张表")
        sheet.put(1, 0, f"返回{OVERVIEW}", Style("jump"), last_column=corner, link=back)
        note_last = last - 2 if unit and last > 4 else last
        sheet.put(1, corner + 1, note, Style("note"), last_column=note_last)
        if unit:
            sheet.put(1, note_last + 1, unit, Style("unit"), last_column=last)
        width = sum(each.width for each in self.columns[corner + 1 : note_last + 1])
        sheet.heights[1] = max(LEAST_POINTS, height(note, width, 9))

    @property
    def empty(self) -> bool:
        """Whether the main table has no rows."""
        return self.last < self.first

    def letters(self, key: str) -> str:
        """Return the letters of a column."""
        return column_letters(self.positions[key])

    def span(self, key: str, *, outside: bool = False) -> str:
        """Return the reference to a column over all rows; from another sheet with this sheet's name."""
        letters = self.letters(key)
        text = f"${letters}${self.first + 1}:${letters}${self.last + 1}"
        return f"'{self.content.name}'!{text}" if outside else text

    def cell(self, key: str, row: int) -> str:
        """Return the reference to a cell from another sheet."""
        return f"'{self.content.name}'!${self.letters(key)}${row + 1}"

    def formula(self, template: str) -> str:
        """Return a formula with the cells that it names by column: {key} in the same row, {key:all} over all rows.

        {key:fixed} is absolute, {key:below} is the cell below the last row, {key:total} is that, absolute. The row itself
        is left open as `_ROW`.
        """

        def cited(match: re.Match[str]) -> str:
            letters = self.letters(match[1])
            return {
                None: f"{letters}{_ROW}",
                "fixed": f"${letters}${_ROW}",
                "all": self.span(match[1]),
                "below": f"{letters}{self.last + 2}",
                "total": f"${letters}${self.last + 2}",
            }[match[2]]

        return _CITATION.sub(cited, template)

    def table(
        self, items: Sequence[S], make: Callable[[S], T] | None = None, *, freeze: str = "", filtered: bool = True,
        none: str = "无", rest: str = "",
    ) -> None:
        """Draw the main table, whose head is frozen and repeated on each page, with the columns up to `freeze`.

        `make` returns what the columns' cells are of: rows are made when they are written, and not held. With `rest`, a
        text with a place for their number, no more items are shown than the view's lists have.
        """
        shown = items[: self.view.most_rows] if rest else items
        head = self._draw_head()
        self.first, self.last = head + 1, head + len(shown)
        self.end = self.first
        self.rows(shown, make)
        sheet = self.content
        if self.empty:
            sheet.put(self.end, 0, none, Style("text", align="center"), last_column=len(self.columns) - 1)
            sheet.heights[self.end] = LEAST_POINTS
            self.end += 1
        sheet.freeze = (self.first, self.positions[freeze] + 1 if freeze else 0)
        sheet.page = Page(landscape=sheet.page.landscape, header=sheet.page.header, repeat_rows=(TOP, head))
        if filtered and not self.empty:
            sheet.filter = (head, 0, self.last, len(self.columns) - 1)
        if len(shown) < len(items):
            self.paragraph(rest.format(len(items) - len(shown)))

    def _draw_head(self) -> int:
        """Draw the headings, in two rows where columns have groups, and return the last of these rows."""
        sheet = self.content
        grouped = any(each.group for each in self.columns)
        head, at, tallest = TOP + grouped, 0, HEAD_POINTS
        for group, members in groupby(self.columns, key=lambda each: each.group):
            widths = [each.width for each in members]
            if group:
                sheet.put(TOP, at, group, Style("head"), last_column=at + len(widths) - 1)
                tallest = max(tallest, height(group, sum(widths)))
            at += len(widths)
        if grouped:
            sheet.heights[TOP] = tallest
        for at, column in enumerate(self.columns):
            # Without a group above, the head is in the lower line: a filter's buttons are there.
            if grouped and not column.group:
                sheet.put(TOP, at, "", Style("head"))
            sheet.put(head, at, column.heading, Style("head"))
        sheet.heights[head] = max(HEAD_POINTS, *(height(each.heading, each.width, 10.5) + 4 for each in self.columns))
        return head

    def rows(self, items: Sequence[S], make: Callable[[S], T] | None = None) -> None:
        """Add a row for each item in the sheet's columns."""
        if not items:
            return
        first, functions = self.end, [each.cell for each in self.columns]
        formulas = [(at, self.formula(each.formula)) for at, each in enumerate(self.columns) if each.formula]

        def row(n: int, item: Any) -> Row:
            of = make(item) if make else item
            cells: list[Value | ListCell] = [cell(of) if cell else n + 1 for cell in functions]
            for at, formula in formulas:
                cells[at] = _computed(cells[at], formula.replace(_ROW, str(first + n + 1)))
            return cells

        self.content.listings.append(Listing(first, self.looks, ItemRows(items, row)))
        self.end += len(items)

    def heading_row(self) -> None:
        """Add the headings once more, above a list of its own."""
        for at, column in enumerate(self.columns):
            self.content.put(self.end, at, column.heading, Style("head"))
        self.content.heights[self.end] = HEAD_POINTS
        self.end += 1

    def row(self, cells: Mapping[str, Value | ListCell], role: str = "total") -> None:
        """Add a row with these cells by column; formulas in them are templates."""
        values: list[Value | ListCell] = []
        for column in self.columns:
            cell = cells.get(column.key, "")
            if isinstance(cell, ListCell) and cell.formula:
                cell = cell._replace(formula=self.formula(cell.formula).replace(_ROW, str(self.end + 1)))
            values.append(cell)
        self.content.cells.extend(row_cells(self.end, self.looks, values, role))
        self.content.heights[self.end] = row_height(self.looks, values, role)
        self.end += 1

    def cells_of(self, item: T, keys: Sequence[str]) -> dict[str, Value | ListCell]:
        """Return an item's cells in some columns, with their formulas."""
        cells: dict[str, Value | ListCell] = {}
        for column in self.columns:
            if column.key in keys and column.cell:
                cell = column.cell(item)
                cells[column.key] = _computed(cell, column.formula) if column.formula else cell
        return cells

    def sums(self, items: Sequence[T], nothing: int | None = None) -> dict[str, Value | ListCell]:
        """Return the sums of the columns that are summed, with formulas; `nothing` where no item has a number."""
        sums: dict[str, Value | ListCell] = {}
        for column in self.columns:
            if column.summed and column.cell:
                numbers: list[Any] = [number for item in items if (number := column.cell(item)) is not None]
                total = sum(numbers) if numbers else nothing
                sums[column.key] = None if total is None else ListCell(total, f"SUM({{{column.key}:all}})")
        return sums

    def condition(self, key: str, kind: Any) -> None:
        """Add a conditional format over a column's rows."""
        at = self.positions[key]
        self.content.conditions.append(ConditionalFormat(self.first, at, self.last, at, kind))

    def section(self, text: str) -> None:
        """Add a heading between tables."""
        self._line(text, "section", SECTION_POINTS)

    def paragraph(self, text: str, role: str = "plain") -> None:
        """Add a text over the whole width, high enough to show it."""
        self._line(text, role, min(HIGHEST_POINTS, max(LEAST_POINTS, height(text, self.width) + 2)))

    def _line(self, text: str, role: str, points: float) -> None:
        self.content.put(self.end, 0, text, Style(role), last_column=len(self.columns) - 1)
        self.content.heights[self.end] = points
        self.end += 1


AnySheet = ListSheet[Any]


def _computed(cell: Value | ListCell, formula: str) -> ListCell:
    """Return the cell with its formula, unless it has no value."""
    entry = cell if isinstance(cell, ListCell) else ListCell(cell)
    return entry if entry.value is None else entry._replace(formula=formula)
