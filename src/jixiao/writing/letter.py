"""The sheet 审核结果: the letter that goes with a return, on one A4 page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.model.finding import EXPLAINED, Finding, Severity
from jixiao.model.result import Result
from jixiao.model.rounds import RoundChange
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
from jixiao.writing.textsize import height, lines
from jixiao.writing.theme import MARKS
from jixiao.writing.whereabouts import Whereabouts
from jixiao.writing.wording import (
    CLEARED,
    EXPLAINED_WORD,
    NEW,
    SEVERITY_WORDS,
    STATUS_WORDS,
    STILL,
    marks_words,
    verified_words,
)

WIDTHS = (18.5, 8.0, 11.0, 11.0, 11.0, 11.0, 11.0, 11.0)
LAST = len(WIDTHS) - 1
PAGE_POINTS = 840.0
"""What one A4 page holds between its margins, printed a little smaller than the sheet's width asks for."""

LEAST_ITEMS = 1
PLACE_POINTS = 20.0
POINTER_COLUMNS = 2
MOST_CLEARED = 8
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
    sheet = SheetContent(RESULT_SHEET, widths=dict(enumerate(WIDTHS)), protected=True, tab="#1F3864", shares=True)
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
    _line(sheet, 2, to, max(20.0, height(to, sum(WIDTHS))))
    _line(sheet, 3, _verdict(result, year))
    since = change_words(result.change, pack) if result.change else ""
    return _line(sheet, 4, since) if since else 4


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


def change_words(change: RoundChange, pack: Pack) -> str:
    """What became of the findings of the version before: how many are cleared (and which), new and still open."""
    opening = f"　　这是你单位第 {change.versions} 次报送，与前一次相比："
    if change.broken:
        return f"{opening}前一次的材料未能对照。"
    counts = ((CLEARED, change.cleared), (EXPLAINED_WORD, change.explained), (NEW, change.new), (STILL, change.still))
    told = "、".join(
        f"{word} {len(findings)} 项{_notes_among(findings) if word in (NEW, STILL) else ''}"
        for word, findings in counts
        if findings or word != EXPLAINED_WORD
    )
    named = _subjects(change.cleared, pack)
    more = f" 等 {len(change.cleared)} 项" if len(named) > MOST_CLEARED else ""
    which = f"{CLEARED}的有：{'；'.join(named[:MOST_CLEARED])}{more}。" if named else ""
    return f"{opening}{told}。{which}"


def _notes_among(findings: Sequence[Finding]) -> str:
    """How many of them are notes, which ask nothing of the department: said, or a passed filing would seem to lack something."""
    notes = sum(finding.severity is Severity.INFO for finding in findings)
    return f"（其中{SEVERITY_WORDS[Severity.INFO]} {notes} 项，无需处理）" if notes else ""


def _subjects(findings: Sequence[Finding], pack: Pack) -> list[str]:
    """What findings are about, each subject once with all its rules."""
    rules: dict[str, dict[str, None]] = {}
    for finding in findings:
        rules.setdefault(_subject(finding, pack), {})[finding.rule] = None
    return [f"{subject}（{'、'.join(codes)}）" for subject, codes in rules.items()]


def _subject(finding: Finding, pack: Pack) -> str:
    """What a finding is about in a few words."""
    rule = pack.rules[finding.rule].title if finding.rule in pack.rules else ""
    try:
        return pack.describe(finding.concept, finding.institution) if finding.concept else rule
    except KeyError:
        return rule


def _figures(sheet: SheetContent, at: int, result: Result, pack: Pack, cells: ScoreCells) -> int:
    card = result.scorecard
    if card is None:
        return at
    final_word = final_words(result, pack)
    heads = ["审核结果", *(f"{MARKS[each]}{word}" for each, word in SEVERITY_WORDS.items()), "自评得分", "系统得分", final_word, "评价等次"]
    for column, head in enumerate(heads):
        sheet.put(at, column, head, Style("key"))
    scores_at = at + 4
    totals = put_scores(sheet, scores_at, card, pack, cells, final_word)
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
    _line(sheet, at + 3, told + _until(final_word, card, pack))
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


def _until(final_word: str, card: Scorecard, pack: Pack) -> str:
    if final_word == "最终得分":
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
    """The items to be answered; `taken` is the room on the page that the rest of the letter takes.

    Where the names of the form's sheets are long, what is said stands below its place: not every program wraps links.
    """
    severity = Severity.ERROR if result.count(Severity.ERROR) else Severity.WARNING
    word = SEVERITY_WORDS[severity]
    at = _section(sheet, at, f"二、{word}事项")
    rows = [row for row in finding_rows(result.findings) if row.first.severity is severity and row.first.counted]
    if not rows:
        return _pointer(sheet, at, f"无。{_others(result, severity)}")
    places = [f"{number}. {whereabouts.words(row.first)}" for number, row in enumerate(rows, start=1)]
    stacked = any(lines(place, WIDTHS[0]) > 1 for place in places)
    if stacked:
        sheet.put(at, 0, "序号及位置，问题与处理意见", Style("head"), last_column=LAST)
    else:
        sheet.put(at, 0, "序号及位置", Style("head"))
        sheet.put(at, 1, "问题与处理意见", Style("head"), last_column=LAST)
    sheet.heights[at] = 18.0
    shown = _fitting(rows, whereabouts, taken + _LEAST_AROUND, stacked=stacked)
    at += 1
    for place, (row, text, points) in zip(places, shown, strict=False):
        link = whereabouts.link(row.first)
        sheet.put(at, 0, place, Style("link" if link else "text"), last_column=LAST if stacked else 0, link=link)
        if stacked:
            sheet.heights[at] = PLACE_POINTS
            at += 1
        sheet.put(at, 0 if stacked else 1, text, Style("text"), last_column=LAST)
        sheet.heights[at] = points - (PLACE_POINTS if stacked else 0.0)
        at += 1
    left = sum(len(row.findings) for row in rows[len(shown) :])
    rest = f"其余{word}事项 {left} 项" if left else ""
    rest = "，".join(part for part in (rest, _others(result, severity)) if part)
    merged = "同一处数据引起的问题合为一行，行首注明项数。" if any(len(row.findings) > 1 for row, _, _ in shown) else ""
    return _pointer(sheet, at, f"{merged}{rest}")


def _pointer(sheet: SheetContent, at: int, text: str) -> int:
    """A line that ends in the way to the findings sheet: a link of its own, since not every program wraps links."""
    last = LAST - POINTER_COLUMNS
    sheet.put(at, 0, text, Style("plain"), last_column=last)
    link = Link(FINDINGS_SHEET, tip=f"转到{FINDINGS_SHEET}")
    sheet.put(at, last + 1, f"转到“{FINDINGS_SHEET}”", Style("jump", align="right"), last_column=LAST, link=link)
    sheet.heights[at] = height(text, sum(WIDTHS[: last + 1]))
    return at + 1


def _others(result: Result, severity: Severity) -> str:
    """What the findings sheet holds besides the severity that the letter lists."""
    others = [(word, result.count(each)) for each, word in SEVERITY_WORDS.items() if each.weight > severity.weight]
    told = "、".join(f"{word} {count} 项" for word, count in others if count)
    return f"{told}，详见“{FINDINGS_SHEET}”。" if told else f"逐项情况见“{FINDINGS_SHEET}”。"


def _fitting(
    rows: Sequence[FindingRow], whereabouts: Whereabouts, taken: float, *, stacked: bool
) -> list[tuple[FindingRow, str, float]]:
    """The rows that the page holds beside what is taken (at least one), each with its text and height.

    Where they do not all fit with all they say, they are told in short: the findings sheet has the rest.
    """
    width = sum(WIDTHS) if stacked else sum(WIDTHS[1:])
    above = PLACE_POINTS if stacked else 0.0

    def with_points(tell: Callable[[FindingRow, Whereabouts], str]) -> list[tuple[FindingRow, str, float]]:
        return [(row, text, above + max(height(text, width), 20.0)) for row in rows for text in [tell(row, whereabouts)]]

    every = with_points(_in_full)
    if taken + sum(points for _, _, points in every) <= PAGE_POINTS:
        return every
    shown: list[tuple[FindingRow, str, float]] = []
    for each in with_points(_in_short):
        taken += each[2]
        if taken > PAGE_POINTS and len(shown) >= LEAST_ITEMS:
            break
        shown.append(each)
    return shown


def _in_full(row: FindingRow, whereabouts: Whereabouts) -> str:
    """What an item says: the likely cause first, what was found, and on a line of its own what to do."""
    message = f"{row.message}（{row.first.rule}）"
    return "\n".join(part for part in (_cause(row, whereabouts), message, row.first.remedy) if part)


def _in_short(row: FindingRow, whereabouts: Whereabouts) -> str:
    """The same in few words: of several failures of one cause the first, and the rules of all."""
    rules = "、".join(dict.fromkeys(finding.rule for finding in row.findings))
    return f"{_cause(row, whereabouts)}{row.findings[0].message}（{rules}）"


def _cause(row: FindingRow, whereabouts: Whereabouts) -> str:
    """How many findings a row tells, where it is more than one, and the cell that is suspected."""
    count = f"【共 {len(row.findings)} 项】" if len(row.findings) > 1 else ""
    return count + (row.first.suggestion if row.one_cause else whereabouts.relocated(row.first.suggestion))


def _closing(result: Result, sender: Sender) -> list[tuple[str, float]]:
    """The closing lines with their heights."""
    deadline = result.roster.deadline if result.roster else ""
    when = f"于 {deadline} 前" if deadline else "按财政局通知的时间"
    counts = outcome_counts(result.outcomes)
    settled = sum(finding.state == EXPLAINED and not finding.counted for finding in result.findings)
    explained = f"未通过的问题中 {settled} 项你单位已说明，不再计列。" if settled else ""
    if result.status is Status.ACCEPTED:
        closing = [f"1. “{FINDINGS_SHEET}”中的提示供填报参考，无需重新报送。"]
    else:
        closing = [
            f"1. 请在本工作簿中直接更正：单元格已标记（{_legend()}），批注写有原因和建议。",
            f"2. 数据无误或另有原因的，请在“{FINDINGS_SHEET}”的“{REPLY_COLUMN}”栏写明原因和金额。",
            f"3. 更正后请{when}将本工作簿（.xlsx）重新报送，文件名不限。",
        ]
    closing.append(f"{len(closing) + 1}. 如有疑问，请联系{sender.call}。")
    closing.append(
        f"{len(closing) + 1}. 本次运行审核规则 {counts.run} 条：通过 {counts.passed} 条，未通过 {counts.failed} 条，"
        f"无法判断 {counts.undecided} 条（原因见“{RECEIPT_SHEET}”）。{explained}"
    )
    return [(line, height(line, sum(WIDTHS))) for line in closing] + [(sender.signature, 26.0)]


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
