"""The sheet 审核结果: the letter that goes with a return, on one A4 page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jixiao.model.outcome import OutcomeCounts
from jixiao.model.result import Result
from jixiao.model.submission import Status
from jixiao.model.words import RESULT_SHEET
from jixiao.pack import Pack
from jixiao.writing.canvas import Page, SheetContent, Style
from jixiao.writing.findings_rows import FindingRow
from jixiao.writing.letter_items import put_items
from jixiao.writing.letter_page import LAST, SECTION_POINTS, WIDTH, WIDTHS, put_line, put_section
from jixiao.writing.letter_scores import GroupSums, put_figures
from jixiao.writing.letter_words import Sender, change_words, closing_lines, verdict
from jixiao.writing.textsize import height
from jixiao.writing.whereabouts import Whereabouts

TITLES = {
    Status.RETURNED: "退回修改意见书",
    Status.ACCEPTED_WITH_WARNINGS: "补充说明通知书",
    Status.ACCEPTED: "审核通过通知书",
}
SIGNATURE_POINTS = 26.0


def letter_sheet(
    result: Result,
    pack: Pack,
    year: int,
    sender: Sender,
    rows: Sequence[FindingRow],
    counts: OutcomeCounts,
    whereabouts: Whereabouts,
    sums: Mapping[str, GroupSums] | None,
) -> SheetContent:
    """The letter of a scored result; its items are those of the findings' rows to be answered, as many as the page holds.

    `sums` are the formulas of the scores by first-level group, None where the scores stand on no sheet.
    """
    sheet = SheetContent(RESULT_SHEET, widths=dict(enumerate(WIDTHS)), protected=True, tab="#1F3864")
    at = _opening(sheet, result, pack, year)
    at = put_section(sheet, at, "一、审核结果")
    at = put_figures(sheet, at, result, pack, sums)
    closing = [(line, height(line, WIDTH)) for line in closing_lines(result, sender, counts)]
    rest = sum(points for _, points in closing) + SIGNATURE_POINTS + SECTION_POINTS * 2
    at = put_items(sheet, at, result, rows, whereabouts, sum(sheet.heights.values()) + rest)
    at = put_section(sheet, at, "三、修改与答复" if result.status is not Status.ACCEPTED else "三、其他事项")
    for text, points in closing:
        at = put_line(sheet, at, text, points)
    at = put_line(sheet, at, sender.signature, SIGNATURE_POINTS, signed=True)
    sheet.page = Page(one_page=True, print_area=(0, 0, at - 1, LAST), footer="")
    return sheet


def _opening(sheet: SheetContent, result: Result, pack: Pack, year: int) -> int:
    sheet.put(0, 0, TITLES.get(result.status, RESULT_SHEET), Style("title"), last_column=LAST)
    sheet.put(1, 0, f"{year} 年度{pack.title}", Style("subtitle"), last_column=LAST)
    sheet.heights.update({0: 34.0, 1: 24.0})
    code = result.identity.budget_code
    department = result.identity.department or "（部门名称未填列）"
    to = f"{department}{f'（预算编码 {code}）' if code else ''}："
    put_line(sheet, 2, to, max(20.0, height(to, WIDTH)))
    put_line(sheet, 3, verdict(result, year))
    since = change_words(result.change, pack) if result.change else ""
    return put_line(sheet, 4, since) if since else 4
