"""The sheet 审核结果: the letter that goes with a return, on one A4 page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from jixiao.model.finding import Severity
from jixiao.model.result import Result
from jixiao.model.rule_outcome import OutcomeCounts
from jixiao.model.sheet_names import FINDINGS_SHEET, RESULT_SHEET
from jixiao.model.submission import Status
from jixiao.pack import Pack
from jixiao.writing.findings import CellLocations, FindingRow
from jixiao.writing.returned.letter_scores import put_figures
from jixiao.writing.returned.letter_words import (
    LAST,
    PAGE_POINTS,
    SECTION_POINTS,
    WIDTH,
    WIDTHS,
    Sender,
    change_words,
    closing_lines,
    put_line,
    put_section,
    verdict,
)
from jixiao.writing.scores.columns import GroupSums
from jixiao.writing.wording import SEVERITY_WORDS
from jixiao.writing.xlsx.content import Link, Page, SheetContent, Style
from jixiao.writing.xlsx.text_size import height, lines

LEAST_ITEMS = 1
PLACE_POINTS, LEAST_POINTS, SIGNATURE_POINTS = 20.0, 20.0, 26.0
POINTER_COLUMNS = 2
AROUND_ITEMS = 40.0
"""The head of the items and the line after them."""

TITLES = {
    Status.RETURNED: "退回修改意见书",
    Status.ACCEPTED_WITH_WARNINGS: "补充说明通知书",
    Status.ACCEPTED: "审核通过通知书",
}


def letter_sheet(
    result: Result, pack: Pack, year: int, sender: Sender, rows: Sequence[FindingRow], counts: OutcomeCounts,
    locations: CellLocations, sums: Mapping[str, GroupSums] | None,
) -> SheetContent:  # fmt: skip
    """Return the letter of a scored result; its items are the findings' rows to be answered, as many as the page holds.

    `sums` are the formulas of the scores by first-level group, None where no sheet has the scores.
    """
    sheet = SheetContent(RESULT_SHEET, widths=dict(enumerate(WIDTHS)), protected=True, tab="#1F3864")
    at = _put_opening(sheet, result, pack, year)
    at = put_section(sheet, at, "一、审核结果")
    at = put_figures(sheet, at, result, pack, sums)
    closing = [(line, height(line, WIDTH)) for line in closing_lines(result, sender, counts)]
    rest = sum(points for _, points in closing) + SIGNATURE_POINTS + SECTION_POINTS * 2
    at = put_items(sheet, at, result, rows, locations, sum(sheet.heights.values()) + rest)
    at = put_section(sheet, at, "三、修改与答复" if result.status is not Status.ACCEPTED else "三、其他事项")
    for text, points in closing:
        at = put_line(sheet, at, text, points)
    at = put_line(sheet, at, sender.signature, SIGNATURE_POINTS, signed=True)
    sheet.page = Page(one_page=True, print_area=(0, 0, at - 1, LAST), footer="")
    return sheet


def _put_opening(sheet: SheetContent, result: Result, pack: Pack, year: int) -> int:
    sheet.put(0, 0, TITLES.get(result.status, RESULT_SHEET), Style("title"), last_column=LAST)
    sheet.put(1, 0, f"{year} 年度{pack.title}", Style("subtitle"), last_column=LAST)
    sheet.heights.update({0: 34.0, 1: 24.0})
    code = result.identity.budget_code
    to = f"{result.identity.department or '（部门名称未填列）'}{f'（预算编码 {code}）' if code else ''}："
    put_line(sheet, 2, to, max(20.0, height(to, WIDTH)))
    at = put_line(sheet, 3, verdict(result, year))
    change = change_words(result.change, pack) if result.change else ""
    return put_line(sheet, at, change) if change else at


def put_items(
    sheet: SheetContent, at: int, result: Result, rows: Sequence[FindingRow], locations: CellLocations, taken: float
) -> int:
    """Put the items to be answered; `taken` is the room on the page that the rest of the letter takes.

    Where the names of the form's sheets are long, a message is below its place: not every program wraps links.
    """
    severity = Severity.ERROR if result.count(Severity.ERROR) else Severity.WARNING
    word = SEVERITY_WORDS[severity]
    at = put_section(sheet, at, f"二、{word}事项")
    rows = [row for row in rows if row.first.severity is severity and row.first.counted]
    if not rows:
        return _put_pointer(sheet, at, f"无。{_others(result, severity)}")
    places = [f"{number}. {locations.words(row.first)}" for number, row in enumerate(rows, start=1)]
    stacked = any(lines(place, WIDTHS[0]) > 1 for place in places)
    if stacked:
        sheet.put(at, 0, "序号及位置，问题与处理意见", Style("head"), last_column=LAST)
    else:
        sheet.put(at, 0, "序号及位置", Style("head"))
        sheet.put(at, 1, "问题与处理意见", Style("head"), last_column=LAST)
    sheet.heights[at] = 18.0
    shown = _fitting(rows, locations, taken + AROUND_ITEMS, stacked=stacked)
    at += 1
    for place, (row, text, points) in zip(places, shown, strict=False):
        link = locations.link(row.first)
        sheet.put(at, 0, place, Style("link" if link else "text"), last_column=LAST if stacked else 0, link=link)
        if stacked:
            sheet.heights[at] = PLACE_POINTS
            at += 1
        sheet.put(at, 0 if stacked else 1, text, Style("text"), last_column=LAST)
        sheet.heights[at] = points - (PLACE_POINTS if stacked else 0.0)
        at += 1
    left = sum(len(row.findings) for row in rows[len(shown) :])
    rest = f"其余{word}事项 {left} 项，" if left else ""
    merged = "同一处数据引起的问题合为一行，行首注明项数。" if any(len(row.findings) > 1 for row, _, _ in shown) else ""
    return _put_pointer(sheet, at, f"{merged}{rest}{_others(result, severity)}")


def _put_pointer(sheet: SheetContent, at: int, text: str) -> int:
    """Put a line with a link to the findings sheet at its end: in a cell of its own, as not every program wraps links."""
    last = LAST - POINTER_COLUMNS
    sheet.put(at, 0, text, Style("plain"), last_column=last)
    link = Link(FINDINGS_SHEET, tip=f"转到{FINDINGS_SHEET}")
    sheet.put(at, last + 1, f"转到“{FINDINGS_SHEET}”", Style("jump", align="right"), last_column=LAST, link=link)
    sheet.heights[at] = height(text, sum(WIDTHS[: last + 1]))
    return at + 1


def _others(result: Result, severity: Severity) -> str:
    """Return what the findings sheet holds besides the severity that the letter lists."""
    others = [(word, result.count(each)) for each, word in SEVERITY_WORDS.items() if each.weight > severity.weight]
    words = "、".join(f"{word} {count} 项" for word, count in others if count)
    return f"{words}，详见“{FINDINGS_SHEET}”。" if words else f"逐项情况见“{FINDINGS_SHEET}”。"


def _fitting(
    rows: Sequence[FindingRow], locations: CellLocations, taken: float, *, stacked: bool
) -> list[tuple[FindingRow, str, float]]:
    """Return the rows that the page holds beside what is taken (at least one), each with its text and height.

    Where they do not all fit in full they are shortened: the findings sheet has the rest.
    """
    width = sum(WIDTHS) if stacked else sum(WIDTHS[1:])
    above = PLACE_POINTS if stacked else 0.0

    def with_points(words: Callable[[FindingRow, CellLocations], str]) -> list[tuple[FindingRow, str, float]]:
        return [(row, text, above + max(height(text, width), LEAST_POINTS)) for row in rows for text in [words(row, locations)]]

    in_full = with_points(_in_full)
    if taken + sum(points for _, _, points in in_full) <= PAGE_POINTS:
        return in_full
    in_short = with_points(_in_short)
    ends = accumulate((points for _, _, points in in_short), initial=taken)
    fitting = sum(end <= PAGE_POINTS for end in [*ends][1:])
    return in_short[: max(LEAST_ITEMS, fitting)]


def _in_full(row: FindingRow, locations: CellLocations) -> str:
    """Return what an item says: the likely cause first, the message, and on a line of its own what to do."""
    message = f"{row.message}（{row.first.rule}）"
    return "\n".join(part for part in (_cause(row, locations), message, row.first.remedy) if part)


def _in_short(row: FindingRow, locations: CellLocations) -> str:
    """Return the same in few words: of several failures of one cause the first, and the rules of all."""
    rules = "、".join(dict.fromkeys(finding.rule for finding in row.findings))
    return f"{_cause(row, locations)}{row.findings[0].message}（{rules}）"


def _cause(row: FindingRow, locations: CellLocations) -> str:
    """Return how many findings a row has, if several, and the cell that is suspected."""
    count = f"【共 {len(row.findings)} 项】" if len(row.findings) > 1 else ""
    return count + (row.first.suggestion if row.one_cause else locations.relocated(row.first.suggestion))
