"""Layout of the summary's sheets: columns are declared by key; headings, rows, formulas and print set-up follow from that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from jixiao.model.finding import Severity
from jixiao.model.place import column_letters
from jixiao.model.result import Result
from jixiao.model.sheet_names import SUMMARY_SHEETS
from jixiao.writing.review.workbook import section_of
from jixiao.writing.summary.district_view import DistrictView, department_kind, workbook_link
from jixiao.writing.wording import SEVERITY_WORDS
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
DISTRICTS = "区县汇总"
FILING_STATUS = "报送情况"
ROUNDS = "轮次变化"
ROUND_FINDINGS, ROUND_CELLS = "轮次问题明细", "轮次变动单元格"
RANKING = "得分排名"
COMMON_PROBLEMS = "共性问题"
FINDING_LIST = "问题清单"
SELF_AND_COMPUTED = "自评与系统差异"
MATRIX = "指标得分矩阵"
LAST_YEAR = "与上年比较"
OUTLIERS = "异常值"
SAME_TEXTS = "雷同文字"
INSPECTION = "抽查建议"
RUBRIC = "评分标准"

HOLDS: Mapping[str, str] = MappingProxyType({
    DISTRICTS: "各区县报送、退回和平均得分对照",
    FILING_STATUS: "名册与报送文件对照，催报名单、退回名单",
    ROUNDS: "多次报送的部门：问题增减",
    ROUND_FINDINGS: "多次报送的部门：逐条问题的变化",
    ROUND_CELLS: "多次报送的部门：改动了哪些单元格",
    RANKING: "各部门得分、等次、全区和类内排名",
    COMMON_PROBLEMS: "各类问题涉及的部门数，由多到少",
    FINDING_LIST: "全部问题，可按部门、类别、规则筛选",
    SELF_AND_COMPUTED: "自评得分与系统得分不同的指标",
    MATRIX: "部门与指标对照，平均得分和满分占比",
    LAST_YEAR: "得分和主要数据与上年对照",
    OUTLIERS: "与同类部门相比明显偏离的数",
    SAME_TEXTS: "多个部门一字不差的文字",
    INSPECTION: "按风险和随机抽取的现场抽查名单",
    RUBRIC: "指标、分值、评分标准和等次",
    RUN_INFO: "表样包、工具版本和运行参数",
})  # fmt: skip
"""The contents of each sheet, shown by its link; money sheets name their tables."""

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
class SheetColumn(Generic[T]):
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

    result: Result
    item: T


def result_of(item: Any) -> Result:
    """Return the result that an item is or belongs to."""
    return item if isinstance(item, Result) else item.result


def number_column(width: float = 6) -> SheetColumn[Any]:
    """Return the column that numbers the rows from 1."""
    return SheetColumn("number", "序号", width, role="score", number="count")


def department_columns(
    width: float,
    *,
    number: float = 0,
    kind: bool = True,
    section: bool = False,
    otherwise: Callable[[Any], str] = lambda _: "",
) -> tuple[SheetColumn[Any], ...]:
    """Return the columns that identify a department, behind one of row numbers if `number` is its width.

    `width` is that of the department's name, for which `otherwise` stands where it is unknown.
    """
    columns: tuple[SheetColumn[Any] | None, ...] = (
        number_column(number) if number else None,
        SheetColumn("code", "预算编码", 10, lambda item: result_of(item).budget_code, align="center"),
        SheetColumn("department", "部门名称", width, lambda item: result_of(item).department or otherwise(item)),
        SheetColumn("kind", "类别", 10, lambda item: department_kind(result_of(item)), align="center") if kind else None,
        SheetColumn("section", "归口股室", 13, lambda item: section_of(result_of(item)), align="center") if section else None,
    )
    return tuple(each for each in columns if each is not None)


def severity_column(width: float, severity_of: Callable[[T], Severity]) -> SheetColumn[T]:
    """Return the column of the severities of items."""

    def cell(item: T) -> ListCell:
        severity = severity_of(item)
        return ListCell(SEVERITY_WORDS[severity], role=ROLE_OF_SEVERITY[severity])

    return SheetColumn("severity", "类别", width, cell, "score")


RETURNED: SheetColumn[Any] = SheetColumn(
    "returned", "审核稿", 8, lambda item: workbook_link(result_of(item)), "link", align="center"
)

_ROW = "\0"
_CITATION = re.compile(r"\{(\w+)(?::([a-z]+))?\}")


class ListSheet(Generic[T]):
    """A sheet in the making: a title and a note, a main table, then totals, lists and texts below each other.

    `first` and `last` are the main table's rows (`last` before `first` if it has none), `end` is the first free row.
    """

    def __init__(
        self, view: DistrictView, name: str, title: str, columns: Sequence[SheetColumn[T]], *, note: str = "", unit: str = ""
    ) -> None:
        self.columns = columns
        self.looks = [ListColumn(each.heading, each.width, each.role, each.number, each.align) for each in columns]
        self.letters = {each.key: column_letters(at) for at, each in enumerate(columns)}
        landscape = sum(each.width for each in columns) > WIDEST_PORTRAIT
        self.content = SheetContent(name, page=Page(landscape=landscape, header=view.header))
        self.content.widths.update({at: each.width for at, each in enumerate(columns)})
        self.first, self.last, self.end = TOP + 1, TOP, TOP
        self._draw_title(title, note, unit)

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

    def position(self, key: str) -> int:
        """Return the number of a column, from 0."""
        return next(at for at, each in enumerate(self.columns) if each.key == key)

    def span(self, key: str, *, outside: bool = False) -> str:
        """Return the reference to a column over all rows; from another sheet with this sheet's name."""
        letters = self.letters[key]
        text = f"${letters}${self.first + 1}:${letters}${self.last + 1}"
        return f"'{self.content.name}'!{text}" if outside else text

    def cell(self, key: str, row: int) -> str:
        """Return the reference to a cell from another sheet."""
        return f"'{self.content.name}'!${self.letters[key]}${row + 1}"

    def formula(self, template: str, row: int | None = None) -> str:
        """Return a formula with the cells that it names by column: {key} in the same row, {key:all} over all rows.

        {key:fixed} is absolute, {key:below} stands below the last row, {key:total} is that, absolute.
        """

        def cited(match: re.Match[str]) -> str:
            letters = self.letters[match[1]]
            match match[2]:
                case "all":
                    return self.span(match[1])
                case "fixed":
                    return f"${letters}${_ROW}"
                case "below":
                    return f"{letters}{self.last + 2}"
                case "total":
                    return f"${letters}${self.last + 2}"
            return f"{letters}{_ROW}"

        text = _CITATION.sub(cited, template)
        return text if row is None else text.replace(_ROW, str(row + 1))

    def table(
        self,
        items: Sequence[S],
        make: Callable[[S], T] | None = None,
        *,
        freeze: str = "",
        filtered: bool = True,
        none: str = "无",
    ) -> None:
        """Draw the main table, whose head is frozen and repeated on each page, with the columns up to `freeze`.

        `make` returns what the columns' cells are of: rows are made when they are written, and not held.
        """
        head = self._draw_head()
        self.first, self.last = head + 1, head + len(items)
        self.end = self.first
        self.rows(items, make)
        sheet = self.content
        if self.empty:
            sheet.put(self.end, 0, none, Style("text", align="center"), last_column=len(self.columns) - 1)
            sheet.heights[self.end] = LEAST_POINTS
            self.end += 1
        sheet.freeze = (self.first, self.position(freeze) + 1 if freeze else 0)
        sheet.page = Page(landscape=sheet.page.landscape, header=sheet.page.header, repeat_rows=(TOP, head))
        if filtered and not self.empty:
            sheet.filter = (head, 0, self.last, len(self.columns) - 1)

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
            # Without a group above, the head stands in the lower line: a filter's buttons sit there.
            if grouped and not column.group:
                sheet.put(TOP, at, "", Style("head"))
            sheet.put(head, at, column.heading, Style("head"))
        sheet.heights[head] = max(HEAD_POINTS, *(height(each.heading, each.width, 10.5) + 4 for each in self.columns))
        return head

    def rows(self, items: Sequence[S], make: Callable[[S], T] | None = None) -> None:
        """Add a row for each item in the sheet's columns."""
        if not items:
            return
        first = self.end
        formulas = [(at, self.formula(each.formula)) for at, each in enumerate(self.columns) if each.formula]

        def row(n: int, item: Any) -> Row:
            of = make(item) if make else item
            cells: list[Value | ListCell] = [each.cell(of) if each.cell else n + 1 for each in self.columns]
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
                cell = cell._replace(formula=self.formula(cell.formula, self.end))
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

    def sums(self, items: Sequence[T]) -> dict[str, Value | ListCell]:
        """Return the sums of the columns that are summed, with formulas; nothing where no item has a number."""
        sums: dict[str, Value | ListCell] = {}
        for column in self.columns:
            if column.summed and column.cell:
                values = [column.cell(item) for item in items]
                numbers = [each for each in values if each is not None]
                sums[column.key] = ListCell(sum(numbers), f"SUM({{{column.key}:all}})") if numbers else None  # type: ignore[arg-type]
        return sums

    def condition(self, key: str, kind: Any) -> None:
        """Add a conditional format over a column's rows."""
        at = self.position(key)
        self.content.conditions.append(ConditionalFormat(self.first, at, self.last, at, kind))

    def section(self, text: str) -> None:
        """Add a heading between tables."""
        self.content.put(self.end, 0, text, Style("section"), last_column=len(self.columns) - 1)
        self.content.heights[self.end] = SECTION_POINTS
        self.end += 1

    def paragraph(self, text: str, role: str = "plain") -> None:
        """Add a text over the whole width, high enough to show it."""
        self.content.put(self.end, 0, text, Style(role), last_column=len(self.columns) - 1)
        width = sum(each.width for each in self.columns)
        self.content.heights[self.end] = min(HIGHEST_POINTS, max(LEAST_POINTS, height(text, width) + 2))
        self.end += 1


def _computed(cell: Value | ListCell, formula: str) -> ListCell:
    """Return the cell with its formula, unless it has no value."""
    entry = cell if isinstance(cell, ListCell) else ListCell(cell)
    return entry if entry.value is None else entry._replace(formula=formula)
