"""报送情况: the roster against the files, whom to remind and to whom to return."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from jixiao.model.finding import Severity
from jixiao.model.result import Result
from jixiao.model.roster import RosterEntry
from jixiao.model.submission import Status
from jixiao.writing.canvas import Column, EachRow, Entry, SheetContent, Style, Value
from jixiao.writing.summary.grid import HEAD_POINTS, Body, begin, draw_rows, draw_table, paragraph, section
from jixiao.writing.summary.names import FILING_STATUS
from jixiao.writing.summary.view import View, kind_of, opening, section_of
from jixiao.writing.wording import STATUS_WORDS

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

COLUMNS = (
    Column("序号", 6, "score", "count"),
    Column("预算编码", 10, align="center"),
    Column("部门名称", 26),
    Column("类别", 10, align="center"),
    Column("归口股室", 13, align="center"),
    Column("报送文件", 34),
    Column("报送状态", 11.4, "score"),
    Column("情况说明", 36),
    Column("必改", 7, "score", "count"),
    Column("需说明", 8, "score", "count"),
    Column("提示", 7, "score", "count"),
    Column("报送截止", 16, align="center"),
    Column("审核稿", 8, "link", align="center"),
)
CODE, NAME, STATUS = 1, 2, 6


class FilingStatus(NamedTuple):
    """The sheet and where its statuses stand."""

    sheet: SheetContent
    body: Body


def filing_status_sheet(view: View) -> FilingStatus:
    """The sheet: every file and every department of the roster, then the list of reminders and that of returns."""
    note = "一份文件一行；名册内未报送的部门也各占一行。" + (
        "" if view.district.has_roster else "本次运行没有名册，未报送的部门无法列出。"
    )
    sheet = begin(FILING_STATUS, f"{view.district.year}年度绩效自评报送情况", COLUMNS, note=note, header=view.header)
    told: list[Result | RosterEntry] = [*view.results, *view.not_expected]
    body = draw_table(sheet, 2, COLUMNS, EachRow(told, partial(_numbered, view)), freeze_columns=NAME + 1)
    end = _reminders(sheet, body.end + 1, view)
    _returns(sheet, end + 1, view)
    return FilingStatus(sheet, body)


def _numbered(view: View, n: int, each: Result | RosterEntry) -> list[Value | Entry]:
    return [n + 1, *(_row(view, each) if isinstance(each, Result) else _not_filing(each))]


def _row(view: View, result: Result) -> list[Value | Entry]:
    counts: list[Value | Entry] = [result.count(severity) for severity in Severity]
    if result.status is Status.MISSING:
        counts = [None] * len(counts)
    reason = _remark(result, view) if result.scored else _not_scored(result)
    return [
        result.budget_code,
        result.department or "（无法认定）",
        kind_of(result),
        section_of(result),
        view.told(result, result.file),
        Entry(STATUS_WORDS[result.status], role=STATUS_ROLES.get(result.status, "")),
        view.told(result, reason),
        *counts,
        result.roster.deadline if result.roster else "",
        opening(result),
    ]


def _not_scored(result: Result) -> str:
    """Why a file was not scored, and what its department is to do about it."""
    todo = result.findings[0].remedy if result.status in TO_DO and result.findings else ""
    return f"{result.reason}。{todo}" if todo else result.reason


def _remark(result: Result, view: View) -> str:
    """What of a scored filing the counts beside it do not say."""
    told = [
        f"第 {result.change.versions} 次报送" if result.change else "",
        f"已说明 {result.explained} 项" if result.explained else "",
        "" if result.counted else f"{_why_not_counted(result, view)}不计入汇总和排名",
    ]
    return "；".join(each for each in told if each)


def _why_not_counted(result: Result, view: View) -> str:
    if result.roster and result.roster.reports_within:
        return f"名册注明并入“{result.roster.reports_within}”报送，"
    year = result.identity.year
    return f"填报为 {year} 年度，" if year is not None and year != view.district.year else ""


def _not_filing(entry: RosterEntry) -> list[Value | Entry]:
    if entry.classified:
        word, reason = CLASSIFIED_WORD, "名册标明涉密，不在本系统处理"
    else:
        word, reason = WITHIN_WORD, f"并入“{entry.reports_within}”报送，不单独计数"
    return [
        entry.budget_code, entry.department, entry.kind, entry.section, "", word, reason, None, None, None, entry.deadline,
        Entry("", role="text"),
    ]  # fmt: skip


def _reminders(sheet: SheetContent, row: int, view: View) -> int:
    late = [result for result in view.results if result.status is Status.MISSING]
    section(sheet, row, f"催报名单（{len(late)} 个部门）", len(COLUMNS) - 1)
    if not view.district.has_roster:
        paragraph(sheet, row + 1, "没有名册，无法列出。", COLUMNS)
        return row + 2
    if not late:
        paragraph(sheet, row + 1, "名册内部门均已报送。", COLUMNS)
        return row + 2
    paragraph(sheet, row + 1, "催报文字（可整段复制）：", COLUMNS, "note")
    paragraph(sheet, row + 2, reminder(view, late), COLUMNS, "text")
    return _list(sheet, row + 3, late, view)


def reminder(view: View, late: list[Result]) -> str:
    """The text to paste: which departments have not filed, and by when they should."""
    deadlines = sorted({result.roster.deadline for result in late if result.roster and result.roster.deadline})
    by_when = f"（报送截止：{'、'.join(deadlines)}）" if deadlines else ""
    names = "、".join(result.department for result in late)
    contact = f"如有疑问，请与{view.district.contact}联系。" if view.district.contact else ""
    return (
        f"{names}：截至目前，尚未收到贵单位{view.district.year}年度部门整体支出绩效自评材料{by_when}，"
        f"请尽快报送至{view.district.bureau}。{contact}"
    )


def _returns(sheet: SheetContent, row: int, view: View) -> int:
    back = [result for result in view.results if result.status is Status.RETURNED]
    again = [result for result in view.results if _to_send_again(view, result)]
    section(sheet, row, f"退回名单（退回修改 {len(back)} 份，需重新报送 {len(again)} 份）", len(COLUMNS) - 1)
    if not back and not again:
        paragraph(sheet, row + 1, "没有需要退回的报送。", COLUMNS)
        return row + 2
    return _list(sheet, row + 1, [*back, *again], view)


def _to_send_again(view: View, result: Result) -> bool:
    """Whether its department has no filing that counts: another year's, or one that could not be read or compared."""
    of_another_year = result.scored and not result.counted and not (result.roster and result.roster.reports_within)
    if result.status not in SEND_AGAIN and not of_another_year:
        return False
    return not (result.roster and any(result.roster == other.roster for other in view.district.scored))


def _list(sheet: SheetContent, row: int, results: list[Result], view: View) -> int:
    """A plain list in the columns of the table above, whose head is repeated on each printed page."""
    for n, column in enumerate(COLUMNS):
        sheet.put(row, n, column.head, Style("head"))
    sheet.heights[row] = HEAD_POINTS
    return draw_rows(sheet, row + 1, COLUMNS, EachRow(results, partial(_numbered, view)))
