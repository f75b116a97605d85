"""轮次变化: of departments that sent more than one version, how many findings are cleared, new and still open, and which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from jixiao.model.finding import Finding, Severity
from jixiao.model.result import Result
from jixiao.model.round import ChangedCell, RoundChange
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import (
    RETURNED,
    ROUND_CELLS,
    ROUND_FINDINGS,
    ROUNDS,
    ListSheet,
    OfDepartment,
    SheetColumn,
    department_columns,
    severity_column,
)
from jixiao.writing.wording import CLEARED, EXPLAINED_WORD, NEW, STILL
from jixiao.writing.xlsx.content import SheetContent

BROKEN = "前一版未能审核，无法对照"
BLANK = "（空白）"


_Change = OfDepartment[RoundChange]
_Cell = OfDepartment[ChangedCell]


class _ChangedFinding(NamedTuple):
    """A finding and what became of it."""

    result: Result
    word: str
    finding: Finding


def rounds_sheets(view: DistrictView) -> list[SheetContent]:
    """The sheets: a row a department with sums; every finding; every cell that says something else. Empty without rounds."""
    changes = [OfDepartment(result, result.change) for result in view.district.results if result.change is not None]
    if not changes:
        return []
    return [_departments(view, changes), _findings(view, changes), _cells(view, changes)]


def _departments(view: DistrictView, changes: Sequence[_Change]) -> SheetContent:
    def count(key: str, heading: str, width: float, number: Callable[[RoundChange], int]) -> SheetColumn[_Change]:
        """A column of counts that are not known where the version before could not be read."""
        return SheetColumn(
            key, heading, width, lambda each: None if each.item.broken else number(each.item), "score", "count", summed=True
        )

    columns: tuple[SheetColumn[_Change], ...] = (
        *department_columns(30),
        SheetColumn("versions", "报送版本数", 11.6, lambda each: each.item.versions, "score", "count"),
        SheetColumn("before", "前一版文件", 34, lambda each: view.masked(each.result, each.item.before)),
        count("earlier", "前一版问题", 11.6, lambda change: len((*change.cleared, *change.explained, *change.still))),
        count("cleared", CLEARED, 8, lambda change: len(change.cleared)),
        count("explained", EXPLAINED_WORD, 8, lambda change: len(change.explained)),
        count("new", NEW, 8, lambda change: len(change.new)),
        count("still", STILL, 10, lambda change: len(change.still)),
        count("errors", "其中必改", 10, _errors),
        count("cells", "变动单元格", 11.6, lambda change: len(change.changed)),
        SheetColumn("remark", "情况", 20, lambda each: BROKEN if each.item.broken else ""),
        RETURNED,
    )
    note = "同一部门报送多次的，前一版与现行版的问题按规则、项目和机构对照；只比较计入的问题，较早的版本只计数。"
    sheet = ListSheet(view, ROUNDS, f"{view.district.year}年度绩效自评轮次变化", columns, note=note)
    sheet.table(changes, freeze="department")
    sheet.row({"department": "合计", **sheet.sums(changes)})
    return sheet.content


def _errors(change: RoundChange) -> int:
    return sum(finding.severity is Severity.ERROR for finding in (*change.still, *change.new))


def _findings(view: DistrictView, changes: Sequence[_Change]) -> SheetContent:
    """Every finding that is still open or new, then those explained or cleared."""
    columns: tuple[SheetColumn[_ChangedFinding], ...] = (
        *department_columns(28, kind=False),
        SheetColumn("change", "变化", 10, lambda each: each.word, align="center"),
        severity_column(9, lambda each: each.finding.severity),
        SheetColumn("rule", "规则", 10, lambda each: each.finding.rule, align="center"),
        SheetColumn("message", "问题描述", 66, lambda each: view.masked(each.result, each.finding.message)),
        SheetColumn("reply", "部门说明", 24, lambda each: view.masked(each.result, each.finding.reply)),
        RETURNED,
    )
    every = list(chain(_remaining(changes), _settled(changes)))
    note = f"共 {len(every)} 条，先列{STILL}和{NEW}，后列{EXPLAINED_WORD}和{CLEARED}；{CLEARED}的为前一版的问题。"
    sheet = ListSheet(view, ROUND_FINDINGS, f"{view.district.year}年度绩效自评轮次问题明细", columns, note=note)
    return _finish(sheet, every, view.most_rows, "没有问题可以对照")


def _cells(view: DistrictView, changes: Sequence[_Change]) -> SheetContent:
    """Every cell that the newer version fills in otherwise."""

    def content(each: _Cell, text: str | None) -> str:
        return view.masked(each.result, text) if text else BLANK

    def concept(each: _Cell) -> str:
        return view.pack.describe(each.item.concept, each.item.institution)

    columns: tuple[SheetColumn[_Cell], ...] = (
        *department_columns(28, kind=False),
        SheetColumn("cell", "现行版单元格", 26, lambda each: each.item.place.told if each.item.place else ""),
        SheetColumn("concept", "项目", 36, concept),
        SheetColumn("before", "前一版", 34, lambda each: content(each, each.item.before)),
        SheetColumn("after", "现行版", 34, lambda each: content(each, each.item.after)),
        RETURNED,
    )
    every = [OfDepartment(result, cell) for result, change in changes for cell in change.changed]
    note = f"共 {len(every)} 个单元格的填报内容与前一版不同。"
    sheet = ListSheet(view, ROUND_CELLS, f"{view.district.year}年度绩效自评轮次变动单元格", columns, note=note)
    return _finish(sheet, every, view.most_rows, "没有变动的单元格")


def _finish(sheet: ListSheet[Any], every: Sequence[Any], most: int, none: str) -> SheetContent:
    sheet.table(every[:most], freeze="department", none=none)
    if len(every) > most:
        sheet.paragraph(f"另有 {len(every) - most} 条未列出。")
    return sheet.content


def _of_word(result: Result, word: str, findings: Sequence[Finding]) -> Iterator[_ChangedFinding]:
    return (_ChangedFinding(result, word, finding) for finding in sorted(findings, key=Finding.sort_key))


def _remaining(changes: Sequence[_Change]) -> Iterator[_ChangedFinding]:
    for result, change in changes:
        yield from _of_word(result, STILL, change.still)
        yield from _of_word(result, NEW, change.new)


def _settled(changes: Sequence[_Change]) -> Iterator[_ChangedFinding]:
    for result, change in changes:
        yield from _of_word(result, EXPLAINED_WORD, change.explained)
        yield from _of_word(result, CLEARED, change.cleared)
