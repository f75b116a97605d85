"""报送情况: the roster against the files, whom to remind and to whom to return."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from jixiao.model.finding import Severity
from jixiao.model.result import DepartmentSummary
from jixiao.model.submission import Identity, RosterEntry, Status
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import RETURNED, ListSheet, SummaryColumn, department_columns
from jixiao.writing.wording import STATUS_WORDS
from jixiao.writing.xlsx.content import ListCell, Value

STATUS_ROLES = {
    Status.ACCEPTED: "passed",
    Status.ACCEPTED_WITH_WARNINGS: "warning",
    Status.RETURNED: "error",
    Status.UNREADABLE: "error",
    Status.WRONG_FORM: "error",
    Status.CONFLICT: "error",
    Status.MISSING: "error",
    Status.NOT_ON_ROSTER: "warning",
}
SEND_AGAIN = frozenset({Status.UNREADABLE, Status.WRONG_FORM, Status.CONFLICT})
"""Statuses of files that cannot be scored and whose departments must send another."""
TO_DO = SEND_AGAIN | {Status.NOT_ON_ROSTER}
"""Statuses of files whose row says what to do about them."""

WITHIN_WORD, CLASSIFIED_WORD = "并入报送", "涉密不报"


class _FilingLine(NamedTuple):
    """A file, or a department without one; `word` is the status of a department that files nothing of its own."""

    result: DepartmentSummary
    word: str = ""


def filing_status_sheet(view: DistrictView) -> ListSheet[_FilingLine]:
    """Return the sheet: every file and every department of the roster, then the list of reminders and that of returns."""
    note = "一份文件一行；名册内未报送的部门也各占一行。" + (
        "" if view.district.has_roster else "本次运行没有名册，未报送的部门无法列出。"
    )
    sheet = ListSheet(view, "报送情况", "名册与报送文件对照，催报名单、退回名单", "绩效自评报送情况", _columns(view), note=note)
    sheet.table([*map(_FilingLine, view.results), *map(_not_filing, view.not_expected)], freeze="department")
    sheet.end += 1
    _reminders(sheet, view)
    sheet.end += 1
    _returns(sheet, view)
    return sheet


def _columns(view: DistrictView) -> tuple[SummaryColumn[_FilingLine], ...]:
    return (
        *department_columns(26, number=6, section=True, otherwise=lambda _: "（无法认定）"),
        SummaryColumn("file", "报送文件", 34, lambda line: line.result.file),
        SummaryColumn("status", "报送状态", 11.4, _status, "score"),
        SummaryColumn("remark", "情况说明", 36, lambda line: _remark(line.result, view)),
        SummaryColumn("errors", "必改", 7, _count(Severity.ERROR), "score", "count"),
        SummaryColumn("warnings", "需说明", 8, _count(Severity.WARNING), "score", "count"),
        SummaryColumn("notes", "提示", 7, _count(Severity.INFO), "score", "count"),
        SummaryColumn("deadline", "报送截止", 16, _deadline, align="center"),
        RETURNED,
    )


def _status(line: _FilingLine) -> Value | ListCell:
    status = line.result.status
    return line.word or ListCell(STATUS_WORDS[status], role=STATUS_ROLES.get(status, ""))


def _deadline(line: _FilingLine) -> str:
    return line.result.roster.deadline if line.result.roster else ""


def _count(severity: Severity) -> Callable[[_FilingLine], int | None]:
    return lambda line: None if line.result.status is Status.MISSING else line.result.count(severity)


def _remark(result: DepartmentSummary, view: DistrictView) -> str:
    """Return what of a scored filing the counts do not say; else why it was not scored, and what to do about it."""
    if not result.scored:
        todo = result.findings[0].remedy if result.status in TO_DO and result.findings else ""
        return f"{result.reason}。{todo}" if todo else result.reason
    remarks = [
        f"第 {result.change.versions} 次报送" if result.change else "",
        f"已说明 {result.explained} 项" if result.explained else "",
        "" if result.counted else f"{_why_not_counted(result, view)}不计入汇总和排名",
    ]
    return "；".join(each for each in remarks if each)


def _why_not_counted(result: DepartmentSummary, view: DistrictView) -> str:
    if result.roster and result.roster.reports_within:
        return f"名册注明并入“{result.roster.reports_within}”报送，"
    year = result.identity.year
    return f"填报为 {year} 年度，" if year is not None and year != view.district.year else ""


def _not_filing(entry: RosterEntry) -> _FilingLine:
    if entry.classified:
        word, reason = CLASSIFIED_WORD, "名册标明涉密，不在本系统处理"
    else:
        word, reason = WITHIN_WORD, f"并入“{entry.reports_within}”报送，不单独计数"
    return _FilingLine(DepartmentSummary("", "", "", Status.MISSING, reason, Identity(None, None, None), roster=entry), word)


def _reminders(sheet: ListSheet[_FilingLine], view: DistrictView) -> None:
    late = [result for result in view.results if result.status is Status.MISSING]
    sheet.section(f"催报名单（{len(late)} 个部门）")
    if not late or not view.district.has_roster:
        sheet.paragraph("名册内部门均已报送。" if view.district.has_roster else "没有名册，无法列出。")
        return
    sheet.paragraph("催报文字（可整段复制）：", "note")
    sheet.paragraph(reminder(view, late), "text")
    sheet.heading_row()
    sheet.rows(late, _FilingLine)


def reminder(view: DistrictView, late: list[DepartmentSummary]) -> str:
    """Return the text to paste: which departments have not filed, and by when they should."""
    deadlines = sorted({result.roster.deadline for result in late if result.roster and result.roster.deadline})
    by_when = f"（报送截止：{'、'.join(deadlines)}）" if deadlines else ""
    names = "、".join(result.department for result in late)
    contact = f"如有疑问，请与{view.district.contact}联系。" if view.district.contact else ""
    return (
        f"{names}：截至目前，尚未收到贵单位{view.district.year}年度部门整体支出绩效自评材料{by_when}，"
        f"请尽快报送至{view.district.bureau}。{contact}"
    )


def _returns(sheet: ListSheet[_FilingLine], view: DistrictView) -> None:
    back = [result for result in view.results if result.status is Status.RETURNED]
    again = [result for result in view.results if _to_send_again(view, result)]
    sheet.section(f"退回名单（退回修改 {len(back)} 份，需重新报送 {len(again)} 份）")
    if not back and not again:
        sheet.paragraph("没有需要退回的报送。")
        return
    sheet.heading_row()
    sheet.rows([*back, *again], _FilingLine)


def _to_send_again(view: DistrictView, result: DepartmentSummary) -> bool:
    """Return whether its department has no filing that counts: another year's, or one that could not be read or compared."""
    of_another_year = result.scored and not result.counted and not (result.roster and result.roster.reports_within)
    if result.status not in SEND_AGAIN and not of_another_year:
        return False
    return not (result.roster and any(result.roster == other.roster for other in view.district.scored))
