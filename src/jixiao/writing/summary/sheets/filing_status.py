"""报送情况: the roster against the files, whom to remind and to whom to return."""

from __future__ import annotations

from typing import NamedTuple

from jixiao.model.finding import Severity
from jixiao.model.result import Result
from jixiao.model.submission import Identity, RosterEntry, Status
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import FILING_STATUS, RETURNED, ListSheet, SheetColumn, department_columns
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
"""Statuses of files beside which stands what to do about them."""

WITHIN_WORD, CLASSIFIED_WORD = "并入报送", "涉密不报"


class _Line(NamedTuple):
    """A file, or a department without one; `word` is the status of a department that files nothing of its own."""

    result: Result
    word: str = ""


def filing_status_sheet(view: DistrictView) -> ListSheet[_Line]:
    """The sheet: every file and every department of the roster, then the list of reminders and that of returns."""
    note = "一份文件一行；名册内未报送的部门也各占一行。" + (
        "" if view.district.has_roster else "本次运行没有名册，未报送的部门无法列出。"
    )
    title = f"{view.district.year}年度绩效自评报送情况"
    sheet = ListSheet(view, FILING_STATUS, title, _columns(view), note=note)
    sheet.table([*map(_Line, view.results), *map(_not_filing, view.not_expected)], freeze="department")
    sheet.end += 1
    _reminders(sheet, view)
    sheet.end += 1
    _returns(sheet, view)
    return sheet


def _columns(view: DistrictView) -> tuple[SheetColumn[_Line], ...]:
    return (
        *department_columns(26, number=6, section=True, otherwise=lambda _: "（无法认定）"),
        SheetColumn("file", "报送文件", 34, lambda line: view.masked(line.result, line.result.file)),
        SheetColumn("status", "报送状态", 11.4, _status, "score"),
        SheetColumn("remark", "情况说明", 36, lambda line: _remark(line, view)),
        SheetColumn("errors", "必改", 7, lambda line: _count(line, Severity.ERROR), "score", "count"),
        SheetColumn("warnings", "需说明", 8, lambda line: _count(line, Severity.WARNING), "score", "count"),
        SheetColumn("notes", "提示", 7, lambda line: _count(line, Severity.INFO), "score", "count"),
        SheetColumn("deadline", "报送截止", 16, _deadline, align="center"),
        RETURNED,
    )


def _status(line: _Line) -> Value | ListCell:
    status = line.result.status
    return line.word or ListCell(STATUS_WORDS[status], role=STATUS_ROLES.get(status, ""))


def _count(line: _Line, severity: Severity) -> int | None:
    return None if line.result.status is Status.MISSING else line.result.count(severity)


def _deadline(line: _Line) -> str:
    return line.result.roster.deadline if line.result.roster else ""


def _remark(line: _Line, view: DistrictView) -> str:
    result = line.result
    if line.word:
        return result.reason
    return view.masked(result, _counted_remark(result, view) if result.scored else _not_scored(result))


def _not_scored(result: Result) -> str:
    """Why a file was not scored, and what its department is to do about it."""
    todo = result.findings[0].remedy if result.status in TO_DO and result.findings else ""
    return f"{result.reason}。{todo}" if todo else result.reason


def _counted_remark(result: Result, view: DistrictView) -> str:
    """What of a scored filing the counts beside it do not say."""
    remarks = [
        f"第 {result.change.versions} 次报送" if result.change else "",
        f"已说明 {result.explained} 项" if result.explained else "",
        "" if result.counted else f"{_why_not_counted(result, view)}不计入汇总和排名",
    ]
    return "；".join(each for each in remarks if each)


def _why_not_counted(result: Result, view: DistrictView) -> str:
    if result.roster and result.roster.reports_within:
        return f"名册注明并入“{result.roster.reports_within}”报送，"
    year = result.identity.year
    return f"填报为 {year} 年度，" if year is not None and year != view.district.year else ""


def _not_filing(entry: RosterEntry) -> _Line:
    if entry.classified:
        word, reason = CLASSIFIED_WORD, "名册标明涉密，不在本系统处理"
    else:
        word, reason = WITHIN_WORD, f"并入“{entry.reports_within}”报送，不单独计数"
    nothing = Identity(None, None, None)
    return _Line(Result("", "", "", Status.MISSING, reason, nothing, roster=entry, counted=False), word)


def _reminders(sheet: ListSheet[_Line], view: DistrictView) -> None:
    late = [result for result in view.results if result.status is Status.MISSING]
    sheet.section(f"催报名单（{len(late)} 个部门）")
    if not view.district.has_roster:
        sheet.paragraph("没有名册，无法列出。")
        return
    if not late:
        sheet.paragraph("名册内部门均已报送。")
        return
    sheet.paragraph("催报文字（可整段复制）：", "note")
    sheet.paragraph(reminder(view, late), "text")
    sheet.heading_row()
    sheet.rows(late, _Line)


def reminder(view: DistrictView, late: list[Result]) -> str:
    """The text to paste: which departments have not filed, and by when they should."""
    deadlines = sorted({result.roster.deadline for result in late if result.roster and result.roster.deadline})
    by_when = f"（报送截止：{'、'.join(deadlines)}）" if deadlines else ""
    names = "、".join(result.department for result in late)
    contact = f"如有疑问，请与{view.district.contact}联系。" if view.district.contact else ""
    return (
        f"{names}：截至目前，尚未收到贵单位{view.district.year}年度部门整体支出绩效自评材料{by_when}，"
        f"请尽快报送至{view.district.bureau}。{contact}"
    )


def _returns(sheet: ListSheet[_Line], view: DistrictView) -> None:
    back = [result for result in view.results if result.status is Status.RETURNED]
    again = [result for result in view.results if _to_send_again(view, result)]
    sheet.section(f"退回名单（退回修改 {len(back)} 份，需重新报送 {len(again)} 份）")
    if not back and not again:
        sheet.paragraph("没有需要退回的报送。")
        return
    sheet.heading_row()
    sheet.rows([*back, *again], _Line)


def _to_send_again(view: DistrictView, result: Result) -> bool:
    """Whether its department has no filing that counts: another year's, or one that could not be read or compared."""
    of_another_year = result.scored and not result.counted and not (result.roster and result.roster.reports_within)
    if result.status not in SEND_AGAIN and not of_another_year:
        return False
    return not (result.roster and any(result.roster == other.roster for other in view.district.scored))
