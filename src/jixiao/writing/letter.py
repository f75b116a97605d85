"""The sheet 审核结果: the letter that goes with a return, on one A4 page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.model.finding import Severity
from jixiao.model.result import Result
from jixiao.model.score import Scorecard
from jixiao.model.submission import Status
from jixiao.model.words import FINDINGS_SHEET, RECEIPT_SHEET, REPLY_COLUMN, RESULT_SHEET
from jixiao.pack import Pack
from jixiao.scoring.verified import little_verified
from jixiao.writing.canvas import Link, Page, SheetContent, Style, Value
from jixiao.writing.findings_rows import FindingRow, finding_rows
from jixiao.writing.letter_scores import ScoreCells, put_scores
from jixiao.writing.outcomes import outcome_counts
from jixiao.writing.outlook import Outlook, outlook
from jixiao.writing.review import rows_of
from jixiao.writing.textsize import height
from jixiao.writing.theme import MARKS
from jixiao.writing.whereabouts import Whereabouts
from jixiao.writing.wording import SEVERITY_WORDS, STATUS_WORDS, marks_words, verified_words

WIDTHS = (17.0, 9.0, 11.0, 11.0, 11.0, 11.0, 11.0, 11.0)
LAST = len(WIDTHS) - 1
PAGE_POINTS = 725.0
"""What one A4 page holds between its margins, at the width of this sheet."""

SHRUNK_PAGE_POINTS = 840.0
"""What it holds printed a little smaller, as letters with many items are."""

NUMBERED = (0, 0)
TOLD = (1, LAST)
LEAST_ITEMS = 1
DEFAULT_OFFICE = "绩效评价股室"

TITLES = {
    Status.RETURNED: "退回修改意见书",
    Status.ACCEPTED_WITH_WARNINGS: "补充说明通知书",
    Status.ACCEPTED: "审核通过通知书",
}
STATUS_ROLES = {
    Status.RETURNED: "error", Status.ACCEPTED_WITH_WARNINGS: "warning", Status.ACCEPTED: "passed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the letter is from: the bureau and whom to call (either may be empty)."""

    bureau: str
    contact: str

    @property
    def signature(self) -> str:
        """The office that signs."""
        return self.bureau or "财政局"

    @property
    def call(self) -> str:
        """Whom to call."""
        return self.contact or f"{self.signature}{DEFAULT_OFFICE}"


def letter_sheet(
    result: Result, pack: Pack, year: int, sender: Sender, whereabouts: Whereabouts, cells: ScoreCells
) -> SheetContent:
    """The letter of a scored result; its items are those to be answered, as many as the page holds."""
    sheet = SheetContent(RESULT_SHEET, widths=dict(enumerate(WIDTHS)), protected=True, tab="#1F3864")
    at = _opening(sheet, result, pack, year)
    at = _section(sheet, at, "一、审核结果")
    at = _figures(sheet, at, result, pack, cells)
    closing = _closing(result, sender)
    taken = sum(sheet.heights.values()) + sum(points for _, points in closing) + _SECTION_POINTS * 2
    at = _items(sheet, at, result, whereabouts, taken)
    at = _section(sheet, at, "三、修改与答复" if result.status is not Status.ACCEPTED else "三、其他事项")
    for text, points in closing:
        _line(sheet, at, text, points, align="right" if text == sender.signature else "left")
        at += 1
    sheet.page = Page(one_page=True, print_area=(0, 0, at - 1, LAST), footer="")
    return sheet


_SECTION_POINTS = 24.0
_LEAST_AROUND = 40.0
"""The head of the items and the line after them."""


def _opening(sheet: SheetContent, result: Result, pack: Pack, year: int) -> int:
    sheet.put(0, 0, TITLES.get(result.status, RESULT_SHEET), Style("title"), last_column=LAST)
    sheet.put(1, 0, f"{year} 年度{pack.title}", Style("subtitle"), last_column=LAST)
    sheet.heights.update({0: 34.0, 1: 24.0})
    code = result.identity.budget_code
    department = result.identity.department or "（部门名称未填列）"
    to = f"{department}{f'（预算编码 {code}）' if code else ''}："
    _line(sheet, 2, to, 20.0)
    _line(sheet, 3, _verdict(result, year))
    return 4


def _verdict(result: Result, year: int) -> str:
    errors, warnings = result.count(Severity.ERROR), result.count(Severity.WARNING)
    opening = f"　　你单位报送的 {year} 年度自评材料收悉。经初步审核，"
    match result.status:
        case Status.RETURNED:
            also = f"另有需说明事项 {warnings} 项，" if warnings else ""
            return f"{opening}有必改事项 {errors} 项，{also}现予退回修改，请按下列意见更正后重新报送。"
        case Status.ACCEPTED_WITH_WARNINGS:
            return f"{opening}有需说明事项 {warnings} 项，请逐项更正或说明后重新报送。"
        case _:
            return f"{opening}未发现需要更正或说明的事项，审核通过。"


def _figures(sheet: SheetContent, at: int, result: Result, pack: Pack, cells: ScoreCells) -> int:
    card = result.scorecard
    if card is None:
        return at
    heads = ["审核结果", *(f"{MARKS[each]}{word}" for each, word in SEVERITY_WORDS.items()), "自评得分", "系统得分", final_words(result, pack), "评价等次"]
    for column, head in enumerate(heads):
        sheet.put(at, column, head, Style("key"))
    scores_at = at + 4
    totals = put_scores(sheet, scores_at, card, pack, cells, final_words(result, pack))
    figures: list[tuple[Value, Style, str]] = [
        (STATUS_WORDS[result.status], Style(STATUS_ROLES.get(result.status, "figure")), ""),
        *((result.count(severity), Style("figure", "count"), "") for severity in SEVERITY_WORDS),
        (stated(card), Style("figure", "marks"), ""),
        (card.total_computed, Style("figure", "marks"), totals.computed),
        (card.total_final, Style("figure", "marks"), totals.final),
        (card.grade, Style("figure"), totals.grade),
    ]
    for column, (figure, style, formula) in enumerate(figures):
        sheet.put(at + 1, column, figure, style, formula=formula)
    sheet.heights.update({at: 18.0, at + 1: 26.0})
    _line(sheet, at + 2, _self_words(card, pack))
    told = verified_words(
        pack.rubric.total, card.full_verified, card.full_declared, little=little_verified(pack, card)
    )
    _line(sheet, at + 3, told + _until(result, card, pack))
    return totals.next_row


def stated(card: Scorecard) -> Decimal:
    """The self score that stands in the letter: as stated, else as on the score sheet, else as it adds up."""
    return next(each for each in (card.total_stated, card.total_sheet, card.total_self) if each is not None)


def final_words(result: Result, pack: Pack) -> str:
    """最终得分 once every score that a person should decide is decided, on evidence that still holds; else 暂定得分.

    What is returned for correction without a reviewer's word is not final: the corrected figures may score otherwise.
    """
    card = result.scorecard
    reviewed = card is not None and any(score.review_marks is not None for score in card.scores)
    settled = not any(row.open for row in rows_of(result, pack)) and (reviewed or result.status is not Status.RETURNED)
    return "最终得分" if settled else "暂定得分"


def _until(result: Result, card: Scorecard, pack: Pack) -> str:
    if final_words(result, pack) == "最终得分":
        return ""
    return f"暂定得分未经复核，以复核结果为准{outlook_words(pack, outlook(pack, card))}。"


def outlook_words(pack: Pack, possible: Outlook) -> str:
    """Between which totals and grades the review can end, as the end of a sentence; nothing where none is open."""
    if possible.settled:
        return ""
    ends = [f"{marks_words(total)}（{pack.rubric.grade(total)}）" for total in possible]
    return f"，待复核事项定分后在 {ends[0]}至 {ends[1]}之间"


def _self_words(card: Scorecard, pack: Pack) -> str:
    told = [
        (pack.concept(concept).label.partition("·")[0], total)
        for concept, total in ((pack.names.total_stated, card.total_stated), (pack.names.total_sheet, card.total_sheet))
        if concept is not None
    ]
    parts = [f"“{label}” {marks_words(total)}" for label, total in told]
    return f"自评得分：{'，'.join([*parts, f'各指标自评得分合计 {marks_words(card.total_self)}'])}。"


def _items(sheet: SheetContent, at: int, result: Result, whereabouts: Whereabouts, taken: float) -> int:
    """The items to be answered; `taken` is the room on the page that the rest of the letter takes."""
    severity = Severity.ERROR if result.count(Severity.ERROR) else Severity.WARNING
    word = SEVERITY_WORDS[severity]
    at = _section(sheet, at, f"二、{word}事项")
    rows = [row for row in finding_rows(result.findings) if row.first.severity is severity and row.first.counted]
    if not rows:
        return _line(sheet, at, f"　　无。{_others(result, severity)}")
    for (column, last), head in ((NUMBERED, "序号及位置"), (TOLD, "问题与处理意见")):
        sheet.put(at, column, head, Style("head"), last_column=last)
    sheet.heights[at] = 18.0
    places = [whereabouts.words(row.first) for row in rows]
    shown = _fitting(rows, places, taken + _LEAST_AROUND)
    for number, (row, text, points) in enumerate(shown, start=1):
        link = whereabouts.link(row.first)
        place = f"{number}. {whereabouts.words(row.first)}"
        style = Style("link" if link else "text")
        sheet.put(at + number, NUMBERED[0], place, style, last_column=NUMBERED[1], link=link)
        sheet.put(at + number, TOLD[0], text, Style("text"), last_column=TOLD[1])
        sheet.heights[at + number] = points
    at += len(shown) + 1
    left = len(rows) - len(shown)
    rest = f"其余 {left} 项{word}事项见“{FINDINGS_SHEET}”。" if left else ""
    if any(row.one_cause for row in rows):
        rest = f"由同一处数据引起的问题合并为一行。{rest}"
    return _line(sheet, at, rest + _others(result, severity), link=Link(FINDINGS_SHEET, tip=f"转到{FINDINGS_SHEET}"))


def _others(result: Result, severity: Severity) -> str:
    """What the findings sheet holds besides the severity that the letter lists."""
    others = [(word, result.count(each)) for each, word in SEVERITY_WORDS.items() if each.weight > severity.weight]
    told = "、".join(f"{word} {count} 项" for word, count in others if count)
    return f"{told}，详见“{FINDINGS_SHEET}”。" if told else f"逐项情况见“{FINDINGS_SHEET}”。"


def _fitting(
    rows: Sequence[FindingRow], places: Sequence[str], taken: float
) -> list[tuple[FindingRow, str, float]]:
    """The rows that the page holds beside what is taken (at least one), each with its text and height.

    Where they do not all fit with their remedies, they are told without (the findings sheet has them), on a page
    printed a little smaller.
    """
    full = [(row, f"{row.message}{row.first.remedy}{row.first.suggestion}（{row.first.rule}）") for row in rows]
    told = [(row, text, _item_points(text, place)) for (row, text), place in zip(full, places, strict=True)]
    if taken + sum(points for _, _, points in told) <= PAGE_POINTS:
        return told
    shown: list[tuple[FindingRow, str, float]] = []
    for row, place in zip(rows, places, strict=True):
        text = f"{row.message}（{row.first.rule}）"
        points = _item_points(text, place)
        taken += points
        if taken > SHRUNK_PAGE_POINTS and len(shown) >= LEAST_ITEMS:
            break
        shown.append((row, text, points))
    return shown


def _item_points(text: str, place: str) -> float:
    return max(height(text, sum(WIDTHS[TOLD[0] :])), height(f"00. {place}", WIDTHS[0]), 20.0)


def _closing(result: Result, sender: Sender) -> list[tuple[str, float]]:
    """The closing lines with their heights."""
    deadline = result.roster.deadline if result.roster else ""
    when = f"于 {deadline} 前" if deadline else "按财政局通知的时间"
    counts = outcome_counts(result.outcomes)
    if result.status is Status.ACCEPTED:
        lines = [f"1. “{FINDINGS_SHEET}”中的提示供填报参考，无需重新报送。"]
    else:
        lines = [
            f"1. 请在本工作簿中直接更正：单元格已标记（{_legend()}），批注写有原因和建议。",
            f"2. 数据无误或另有原因的，请在“{FINDINGS_SHEET}”的“{REPLY_COLUMN}”栏写明原因和金额。",
            f"3. 更正后请{when}将本工作簿（.xlsx）重新报送，文件名不限。",
        ]
    lines.append(f"{len(lines) + 1}. 如有疑问，请联系{sender.call}。")
    lines.append(
        f"{len(lines) + 1}. 本次运行审核规则 {counts.run} 条：通过 {counts.passed} 条，未通过 {counts.failed} 条，"
        f"无法判断 {counts.undecided} 条（原因见“{RECEIPT_SHEET}”）。"
    )
    return [(line, height(line, sum(WIDTHS))) for line in lines] + [(sender.signature, 26.0)]


def _legend() -> str:
    return " ".join(f"{MARKS[severity]}{word}" for severity, word in SEVERITY_WORDS.items())


def _section(sheet: SheetContent, at: int, text: str) -> int:
    sheet.put(at, 0, text, Style("section"), last_column=LAST)
    sheet.heights[at] = _SECTION_POINTS
    return at + 1


def _line(
    sheet: SheetContent, at: int, text: str, points: float = 0.0, *, align: str = "left", link: Link | None = None
) -> int:
    sheet.put(at, 0, text, Style("plain", align=align), last_column=LAST, link=link)
    sheet.heights[at] = points or height(text, sum(WIDTHS))
    return at + 1
