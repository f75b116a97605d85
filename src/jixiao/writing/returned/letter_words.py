"""What the letter says: the verdict, what became of the version before, how final the scores are, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.model.finding import EXPLAINED, Finding, Severity
from jixiao.model.result import Result
from jixiao.model.round import RoundChange
from jixiao.model.rule_outcome import OutcomeCounts
from jixiao.model.score import Scorecard
from jixiao.model.sheet_names import FINDINGS_SHEET, RECEIPT_SHEET, REPLY_COLUMN
from jixiao.model.submission import Status
from jixiao.pack import Pack
from jixiao.writing.review.workbook import rows_of
from jixiao.writing.scores.score_range import ScoreRange, outlook
from jixiao.writing.wording import CLEARED, EXPLAINED_WORD, NEW, SEVERITY_WORDS, STILL, marks_words
from jixiao.writing.xlsx.content import SheetContent, Style
from jixiao.writing.xlsx.text_size import height
from jixiao.writing.xlsx.theme import MARKS

MOST_CLEARED = 8
DEFAULT_OFFICE = "绩效评价股室"
FINAL_WORD, PROVISIONAL_WORD = "最终得分", "暂定得分"


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


def verdict(result: Result, year: int) -> str:
    """Return what came of the filing, in a sentence."""
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
    """Return what became of the previous version's findings: how many are cleared (and which), new and still open."""
    opening = f"　　这是你单位第 {change.versions} 次报送，与前一次相比："
    if change.broken:
        return f"{opening}前一次的材料未能对照。"
    counts = ((CLEARED, change.cleared), (EXPLAINED_WORD, change.explained), (NEW, change.new), (STILL, change.still))
    words = "、".join(
        f"{word} {len(findings)} 项{_notes_among(findings) if word in (NEW, STILL) else ''}"
        for word, findings in counts
        if findings or word != EXPLAINED_WORD
    )
    named = _subjects(change.cleared, pack)
    more = f" 等 {len(change.cleared)} 项" if len(named) > MOST_CLEARED else ""
    which = f"{CLEARED}的有：{'；'.join(named[:MOST_CLEARED])}{more}。" if named else ""
    return f"{opening}{words}。{which}"


def _notes_among(findings: Sequence[Finding]) -> str:
    """Return how many of them are notes, which need no action: else a passed filing would seem to lack something."""
    notes = sum(finding.severity is Severity.INFO for finding in findings)
    return f"（其中{SEVERITY_WORDS[Severity.INFO]} {notes} 项，无需处理）" if notes else ""


def _subjects(findings: Sequence[Finding], pack: Pack) -> list[str]:
    """Return what findings are about, each subject once with all its rules."""
    rules: dict[str, dict[str, None]] = {}
    for finding in findings:
        rules.setdefault(_subject(finding, pack), {})[finding.rule] = None
    return [f"{subject}（{'、'.join(codes)}）" for subject, codes in rules.items()]


def _subject(finding: Finding, pack: Pack) -> str:
    """Return what a finding is about in a few words."""
    rule = pack.rules[finding.rule].title if finding.rule in pack.rules else ""
    try:
        return pack.describe(finding.concept, finding.institution) if finding.concept else rule
    except KeyError:
        return rule


def stated(card: Scorecard) -> Decimal:
    """Return the self score for the letter: as stated, else as on the score sheet, else as it adds up."""
    return next(each for each in (card.total_stated, card.total_sheet, card.total_self) if each is not None)


def final_words(result: Result, pack: Pack) -> str:
    """Return 最终得分 once every score for review is decided on evidence that still holds, else 暂定得分.

    What is returned for correction without a review is not final: the corrected figures may score otherwise.
    """
    card = result.scorecard
    reviewed = card is not None and any(score.review_marks is not None for score in card.scores)
    settled = not any(row.open for row in rows_of(result, pack)) and (reviewed or result.status is not Status.RETURNED)
    return FINAL_WORD if settled else PROVISIONAL_WORD


def until_words(final_word: str, card: Scorecard, pack: Pack) -> str:
    """Return the range in which the scores can end where they are not final, as a sentence; nothing where they are."""
    if final_word == FINAL_WORD:
        return ""
    return f"{PROVISIONAL_WORD}未经复核，以复核结果为准{outlook_words(pack, outlook(pack, card))}。"


def outlook_words(pack: Pack, possible: ScoreRange) -> str:
    """Return the totals and grades between which the review can end, to end a sentence; nothing where none is open."""
    if possible.settled:
        return ""
    ends = [f"{marks_words(total)}（{pack.rubric.grade(total)}）" for total in possible]
    return f"，待复核事项定分后在 {ends[0]}至 {ends[1]}之间"


def self_words(card: Scorecard, pack: Pack) -> str:
    """Return the department's own scores: as stated in each place, and as they add up."""
    totals = ((pack.names.total_stated, card.total_stated), (pack.names.total_sheet, card.total_sheet))
    parts = [
        f"“{pack.concept(concept).label.partition('·')[0]}” {marks_words(total)}" for concept, total in totals if concept is not None
    ]
    return f"自评得分：{'，'.join([*parts, f'各指标自评得分合计 {marks_words(card.total_self)}'])}。"


def closing_lines(result: Result, sender: Sender, counts: OutcomeCounts) -> list[str]:
    """Return what the department is to do next, whom it may call, and what was checked."""
    deadline = result.roster.deadline if result.roster else ""
    when = f"于 {deadline} 前" if deadline else "按财政局通知的时间"
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
    return closing


def _legend() -> str:
    return " ".join(f"{MARKS[severity]}{word}" for severity, word in SEVERITY_WORDS.items())


WIDTHS = (18.5, 8.0, 11.0, 11.0, 11.0, 11.0, 11.0, 11.0)
WIDTH, LAST = sum(WIDTHS), len(WIDTHS) - 1
PAGE_POINTS = 840.0
"""What one A4 page holds between its margins, printed a little smaller than the sheet's width asks for."""

SECTION_POINTS = 24.0

_SECTION, _LINE, _SIGNED = Style("section"), Style("plain", align="left"), Style("plain", align="right")


def put_section(sheet: SheetContent, at: int, text: str) -> int:
    """Put the heading of a section; return the next row."""
    sheet.put(at, 0, text, _SECTION, last_column=LAST)
    sheet.heights[at] = SECTION_POINTS
    return at + 1


def put_line(sheet: SheetContent, at: int, text: str, points: float = 0.0, *, signed: bool = False) -> int:
    """Put a text over the page's width, this high or as it needs, at the right if `signed`; return the next row."""
    sheet.put(at, 0, text, _SIGNED if signed else _LINE, last_column=LAST)
    sheet.heights[at] = points or height(text, WIDTH)
    return at + 1
