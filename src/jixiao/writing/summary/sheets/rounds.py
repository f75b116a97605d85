"""轮次变化: of departments that sent several versions, how many findings are cleared, new and still open, and which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from jixiao.model.finding import Finding, Severity
from jixiao.model.result import DepartmentSummary
from jixiao.model.round import ChangedCell, RoundChange
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import (
    RETURNED,
    AnySheet,
    ListSheet,
    OfDepartment,
    SummaryColumn,
    department_columns,
    severity_column,
)
from jixiao.writing.wording import CLEARED, EXPLAINED_WORD, NEW, STILL

BROKEN = "前一版未能审核，无法对照"
BLANK = "（空白）"
REST = "另有 {} 条未列出。"

_Change = OfDepartment[RoundChange]
_Cell = OfDepartment[ChangedCell]


class _ChangedFinding(NamedTuple):
    """A finding and what became of it."""

    result: DepartmentSummary
    word: str
    finding: Finding


def rounds_sheets(view: DistrictView) -> list[AnySheet]:
    """Return the sheets: a row a department with sums; every finding; every cell that changed. Empty without rounds."""
    changes = [OfDepartment(result, result.change) for result in view.district.results if result.change is not None]
    if not changes:
        return []
    return [_departments(view, changes), _findings(view, changes), _cells(view, changes)]


def _departments(view: DistrictView, changes: Sequence[_Change]) -> AnySheet:
    def count(key: str, heading: str, width: float, number: Callable[[RoundChange], int]) -> SummaryColumn[_Change]:
        """Return a column of counts, empty where the version before could not be checked."""

        def cell(each: _Change) -> int | None:
            return None if each.item.broken else number(each.item)

        return SummaryColumn(key, heading, width, cell, "score", "count", summed=True)

    columns: tuple[SummaryColumn[_Change], ...] = (
        *department_columns(30),
        SummaryColumn("versions", "报送版本数", 11.6, lambda each: each.item.versions, "score", "count"),
        SummaryColumn("before", "前一版文件", 34, lambda each: each.item.before),
        count("earlier", "前一版问题", 11.6, lambda change: len((*change.cleared, *change.explained, *change.still))),
        count("cleared", CLEARED, 8, lambda change: len(change.cleared)),
        count("explained", EXPLAINED_WORD, 8, lambda change: len(change.explained)),
        count("new", NEW, 8, lambda change: len(change.new)),
        count("still", STILL, 10, lambda change: len(change.still)),
        count("errors", "其中必改", 10, _errors),
        count("cells", "变动单元格", 11.6, lambda change: len(change.changed)),
        SummaryColumn("remark", "情况", 20, lambda each: BROKEN if each.item.broken else ""),
        RETURNED,
    )
    note = "同一部门报送多次的，前一版与现行版的问题按规则、项目和机构对照；只比较计入的问题，较早的版本只计数。"
    sheet = ListSheet(view, "轮次变化", "多次报送的部门：问题增减", "绩效自评轮次变化", columns, note=note)
    sheet.table(changes, freeze="department")
    sheet.row({"department": "合计", **sheet.sums(changes, nothing=0)})
    return sheet


def _errors(change: RoundChange) -> int:
    return sum(finding.severity is Severity.ERROR for finding in (*change.still, *change.new))


def _findings(view: DistrictView, changes: Sequence[_Change]) -> AnySheet:
    """Return the sheet of every finding that is still open or new, then of those explained or cleared."""
    columns: tuple[SummaryColumn[_ChangedFinding], ...] = (
        *department_columns(28, kind=False),
        SummaryColumn("change", "变化", 10, lambda each: each.word, align="center"),
        severity_column(9, lambda each: each.finding.severity),
        SummaryColumn("rule", "规则", 10, lambda each: each.finding.rule, align="center"),
        SummaryColumn("message", "问题描述", 66, lambda each: each.finding.message),
        SummaryColumn("reply", "部门说明", 24, lambda each: each.finding.reply),
        RETURNED,
    )
    every = [
        _ChangedFinding(result, word, finding)
        for words in (((STILL, "still"), (NEW, "new")), ((EXPLAINED_WORD, "explained"), (CLEARED, "cleared")))
        for result, change in changes
        for word, name in words
        for finding in sorted(getattr(change, name), key=Finding.sort_key)
    ]
    note = f"共 {len(every)} 条，先列{STILL}和{NEW}，后列{EXPLAINED_WORD}和{CLEARED}；{CLEARED}的为前一版的问题。"
    sheet = ListSheet(view, "轮次问题明细", "多次报送的部门：逐条问题的变化", "绩效自评轮次问题明细", columns, note=note)
    sheet.table(every, freeze="department", none="没有问题可以对照", rest=REST)
    return sheet


def _cells(view: DistrictView, changes: Sequence[_Change]) -> AnySheet:
    """Return the sheet of every cell that the newer version fills in otherwise."""
    columns: tuple[SummaryColumn[_Cell], ...] = (
        *department_columns(28, kind=False),
        SummaryColumn("cell", "现行版单元格", 26, lambda each: each.item.place.told if each.item.place else ""),
        SummaryColumn("concept", "项目", 36, lambda each: view.pack.describe(each.item.concept, each.item.institution)),
        SummaryColumn("before", "前一版", 34, lambda each: each.item.before or BLANK),
        SummaryColumn("after", "现行版", 34, lambda each: each.item.after or BLANK),
        RETURNED,
    )
    every = [OfDepartment(result, cell) for result, change in changes for cell in change.changed]
    note = f"共 {len(every)} 个单元格的填报内容与前一版不同。"
    sheet = ListSheet(view, "轮次变动单元格", "多次报送的部门：改动了哪些单元格", "绩效自评轮次变动单元格", columns, note=note)
    sheet.table(every, freeze="department", none="没有变动的单元格", rest=REST)
    return sheet
