"""The review workbook 复核表.xlsx: one row for each (department, indicator) that a person should decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.elsewhere import Origin
from jixiao.model.fact import Facts
from jixiao.model.place import Place
from jixiao.model.result import District, Result
from jixiao.model.review import Review, RowKey, evidence_mark, owner_mark
from jixiao.model.score import Score, ScoreStatus
from jixiao.model.words import OPINION_WORDS, REPLY_COLUMN
from jixiao.pack import Pack
from jixiao.pack.resolve import plain
from jixiao.writing.canvas import Link, Page, SheetContent, Style, Validation, Value, WorkbookContent
from jixiao.writing.explained_sheet import explained_sheet
from jixiao.writing.formula_text import GUARD_PLACES, NOTHING, reference
from jixiao.writing.textsize import HIGHEST_ROW, height
from jixiao.writing.whereabouts import cells_words
from jixiao.writing.wording import EVIDENCE_WORDS

SHEET = "复核表"
COLUMNS: Sequence[tuple[str, float]] = (
    ("序号", 6), ("预算编码", 10), ("部门名称", 20), ("归口股室", 10), ("指标", 16), ("分值", 6), ("自评得分", 6.4),
    ("系统得分", 6.4), ("差异", 6.4), ("说明", 38), ("佐证位置", 22), (REPLY_COLUMN, 18), ("复核得分", 6.4), ("复核意见", 22),
    ("复核人", 9), ("日期", 11), ("复核状态", 10), ("审核稿", 7), ("识别码", 10),
)  # fmt: skip
"""Headings and widths. The last column is hidden: names of departments may be alike or be corrected, ids are not."""

HEAD_ROW = 2
NO_SECTION = "未分股室"
(INDICATOR, FULL, OWN, COMPUTED, DIFFERENCE, EXPLANATION, EVIDENCE, REPLY, REVIEW, OPINION, REVIEWER, DATE, STATE, RETURNED, KEY) = (
    range(4, 19)
)
MOST_CELLS = 2

OPEN, DECIDED = "待复核", "已复核"
OUTDATED = "依据已变化，请重新核对"
WORDS_ONLY = "有意见，未填得分"
UNANSWERED = "本次没有对应的报送或指标，予以保留"
ORIGIN_BOOKS = {Origin.FILING: "", Origin.BUREAU: "财政核对数据：", Origin.PREVIOUS: "上年报送："}


class ReviewRow(NamedTuple):
    """A score that a person should decide, with the filing it belongs to and what a reviewer has filled in."""

    result: Result
    score: Score
    review: Review | None = None

    @property
    def outdated(self) -> bool:
        """Whether it was decided on evidence that has changed since."""
        return self.review is not None and self.review.outdated(self.score)

    @property
    def open(self) -> bool:
        """Whether it is still to be decided, or to be looked at again."""
        return self.score.review_marks is None or self.outdated


def review_rows(district: District, pack: Pack) -> Iterator[ReviewRow]:
    """The scores to be decided, by section of the bureau, then in the order of the batch and of the form.

    Those in which something is filled in stay.
    """
    # Departments without a section come last.
    for result in sorted(district.results, key=lambda each: (not section_of(each), section_of(each))):
        yield from rows_of(result, pack)


def rows_of(result: Result, pack: Pack) -> Iterator[ReviewRow]:
    """The scores of one result that a person should decide or has decided, in the order of the form."""
    if not result.scored or result.scorecard is None:
        return
    reviews = {review.indicator: review for review in result.reviews}
    for score in result.scorecard.scores:
        review = reviews.get(score.indicator)
        if needs_review(score, pack) or score.review_marks is not None or review is not None:
            yield ReviewRow(result, score, review)


def section_of(result: Result) -> str:
    """The section of the bureau that a department belongs to, or nothing."""
    return result.roster.section if result.roster else ""


def section_districts(district: District, pack: Pack) -> dict[str, District]:
    """The district split by section, for sections with rows; empty where there are not several."""
    sections = list(dict.fromkeys(section_of(row.result) for row in review_rows(district, pack)))
    if len([section for section in sections if section]) < 2:
        return {}
    of_codes = {entry.budget_code: entry.section for entry in district.roster if entry.budget_code}
    of_names = {entry.department: entry.section for entry in district.roster}
    parts = {}
    for section in sections:
        results = tuple(each for each in district.results if section_of(each) == section)
        kept = tuple(
            each
            for each in district.kept_reviews
            if (of_codes.get(each.budget_code) or of_names.get(each.department, "")) == section
        )
        parts[section or NO_SECTION] = replace(district, results=results, kept_reviews=kept)
    return parts


def needs_review(score: Score, pack: Pack) -> bool:
    """Whether a person should decide a score: it contradicts the self score, or could not be computed.

    A self score that some accepted reading of the rule supports is no contradiction; of scores that nothing computes
    (`reported`) the rubric says from which full marks on they are asked for.
    """
    if score.status is ScoreStatus.NOT_COMPUTABLE:
        return True
    if score.status is ScoreStatus.REPORTED or score.computed_marks is None:
        least = pack.rubric.settings.review_reported_from
        return least is not None and score.full_marks >= least
    if score.self_marks is None:
        return True
    claim = max(Decimal(0), min(score.self_marks, score.full_marks))
    return claim != score.computed_marks and claim not in score.accepted_marks


def review_workbook(district: District, pack: Pack, *, folder: str = "", section: str = "") -> WorkbookContent:
    """The review workbook of a district, with open cells for the reviewers' decisions.

    `section` is whose part of it this is; `folder` leads from the workbook to OUT. Filled rows that no filing answers to
    follow at the end.
    """
    rows = list(review_rows(district, pack))
    last = HEAD_ROW + max(1, len(rows) + len(district.kept_reviews))
    sheet = SheetContent(
        SHEET,
        widths={column: width for column, (_, width) in enumerate(COLUMNS)},
        page=Page(
            landscape=True, repeat_rows=(HEAD_ROW, HEAD_ROW), print_area=(0, 0, last, RETURNED), header=f"{district.year} 年度"
        ),
        freeze=(HEAD_ROW + 1, INDICATOR + 1),
        # The hidden column too: rows that are sorted by the filter keep their keys.
        filter=(HEAD_ROW, 0, last, KEY),
        protected=True,
        hidden_columns=(KEY,),
    )
    title = f"{district.year} 年度{pack.title}复核表{f'（{section}）' if section else ''}"
    sheet.put(0, 0, title, Style("title"), last_column=RETURNED)
    sheet.put(1, 0, _guidance(rows), Style("note"), last_column=RETURNED)
    sheet.heights.update({0: 30.0, 1: 18.0, HEAD_ROW: max(height(heading, width) for heading, width in COLUMNS)})
    for column, (heading, _) in enumerate(COLUMNS):
        sheet.put(HEAD_ROW, column, heading, Style("head"))
    if not rows and not district.kept_reviews:
        sheet.put(HEAD_ROW + 1, 0, "没有需要复核的指标。", Style("passed"), last_column=RETURNED)
    for number, row in enumerate(rows, start=1):
        _put_row(sheet, HEAD_ROW + number, number, row, pack, district.year, folder)
    for number, kept in enumerate(district.kept_reviews, start=len(rows) + 1):
        _put_kept(sheet, HEAD_ROW + number, number, kept, district.year)
    explained = explained_sheet(district)
    sheets = [sheet] if explained is None else [sheet, explained]
    return WorkbookContent(
        sheets, title=f"{pack.title}复核表", subject=f"{district.year} 年度", company=district.bureau
    )


def _guidance(rows: Sequence[ReviewRow]) -> str:
    departments = len({row.result.submission_id for row in rows})
    left = sum(row.open for row in rows)
    again = sum(row.outdated for row in rows)
    changed = f"（其中 {again} 项依据已变化，核对后请更新复核得分、意见或日期）" if again else ""
    return (
        f"共 {departments} 个部门 {len(rows)} 项，待复核 {left} 项{changed}。请在白色栏填写：复核得分在 0 至分值之间，并写明复核意见、复核人和日期；"
        "填好后保存在原处，或在下次运行时指定本表。"
    )


def _put_row(
    sheet: SheetContent, at: int, number: int, row: ReviewRow, pack: Pack, year: int, folder: str
) -> None:
    result, score, review = row
    code, department = result.identity.budget_code or "", result.identity.department or result.file
    own, computed = (reference(Place(SHEET, at, column), SHEET) for column in (OWN, COMPUTED))
    difference = _difference(score)
    evidence = evidence_words(score, pack, result.facts)
    texts: list[tuple[int, Value, Style]] = [
        (0, number, Style("number", "count", align="center")),
        (1, code, Style("text", "text")),
        (2, department, Style("text")),
        (3, section_of(result), Style("text")),
        (INDICATOR, label_of(score, pack), Style("text")),
        (FULL, score.full_marks, Style("score", "marks")),
        (OWN, score.self_marks, Style("score", "marks")),
        (COMPUTED, score.computed_marks, Style("score", "marks")),
        (EXPLANATION, explanation_words(score), Style("text")),
    ]
    for column, value, style in texts:
        sheet.put(at, column, value, style)
    formula = f'IF(OR({own}="",{computed}=""),{NOTHING},ROUND({own}-{computed},{GUARD_PLACES}))'
    sheet.put(at, DIFFERENCE, "" if difference is None else difference, Style("score", "marks"), formula=formula)
    reply = department_words(score, pack, result)
    sheet.put(at, EVIDENCE, evidence, Style("text"))
    sheet.put(at, REPLY, reply, Style("text"))
    _put_decision(sheet, at, score.review_marks, review)
    sheet.put(at, STATE, _state(row), Style("warning" if row.outdated else "text"))
    link = Link(file=f"{folder}{result.output}", tip="打开退回的工作簿") if result.output else None
    sheet.put(at, RETURNED, "打开" if link else None, Style("link" if link else "text", align="center"), link=link)
    shown = evidence_mark(score)
    key = RowKey(result.submission_id, score.indicator, shown, owner=owner_mark(year, code, department))
    if review is not None:
        key = key._replace(decided_on=review.evidence or shown, decision=review.mark, source=review.source)
    sheet.put(at, KEY, str(key), Style("note"))
    sheet.validations.append(
        Validation(
            at, REVIEW, at, REVIEW, "decimal", minimum=Decimal(0), maximum=score.full_marks,
            prompt=f"0 至 {plain(score.full_marks)} 分", refusal=f"复核得分应在 0 至 {plain(score.full_marks)} 分之间。",
        )
    )  # fmt: skip
    wrapped = {column: str(value) for column, value, _ in texts if isinstance(value, str)} | {EVIDENCE: evidence, REPLY: reply}
    needed = max(height(text, COLUMNS[column][1]) for column, text in wrapped.items())
    sheet.heights[at] = min(HIGHEST_ROW, max(34.0, needed))


def _put_decision(sheet: SheetContent, at: int, marks: Decimal | None, review: Review | None) -> None:
    """The open cells of a row, with what is filled in."""
    sheet.put(at, REVIEW, marks, Style("score", "marks", locked=False))
    filled = (review.opinion, review.reviewer, review.date) if review else ("", "", "")
    for column, text in zip((OPINION, REVIEWER, DATE), filled, strict=True):
        style = Style("input", "date" if column == DATE and not text else "text", locked=False)
        sheet.put(at, column, text or None, style)


def _put_kept(sheet: SheetContent, at: int, number: int, review: Review, year: int) -> None:
    """A filled row that no filing of this run answers to: what was filled in, and nothing else."""
    sheet.put(at, 0, number, Style("number", "count", align="center"))
    for column, text in ((1, review.budget_code), (2, review.department), (INDICATOR, review.label)):
        sheet.put(at, column, text, Style("text", "text"))
    for column in (3, FULL, OWN, COMPUTED, DIFFERENCE, EXPLANATION, EVIDENCE, REPLY, RETURNED):
        sheet.put(at, column, None, Style("text"))
    _put_decision(sheet, at, review.marks, review)
    sheet.put(at, STATE, UNANSWERED, Style("warning"))
    owner = owner_mark(year, review.budget_code, review.department)
    sheet.put(at, KEY, str(RowKey("", review.indicator, review.evidence, review.evidence, review.mark, owner, review.source)), Style("note"))
    sheet.heights[at] = 34.0


def _state(row: ReviewRow) -> str:
    if row.outdated:
        return OUTDATED
    if row.score.review_marks is not None:
        return DECIDED
    return WORDS_ONLY if row.review is not None else OPEN


def label_of(score: Score, pack: Pack) -> str:
    """The label of a scored indicator, with its criterion where the form has two of that label."""
    printed = next((each for each in pack.rubric.indicators if each.id == score.indicator), None)
    return score.label if printed is None else pack.rubric.label_of(printed)


def department_words(score: Score, pack: Pack, result: Result) -> str:
    """What the department says for its score: its reason on the score sheet, and its replies to findings about it."""
    row = {pack.score_concept(score.indicator, column) for column in ("self", "reason")}
    about = row | {each.concept for each in (*score.inputs, *score.missing)}
    reason = result.facts.text(pack.score_concept(score.indicator, "reason")) or ""
    replies = (f"{each.reply}（{each.rule}）" for each in result.findings if each.reply and each.concept in about)
    return "\n".join(dict.fromkeys(each for each in (reason, *replies) if each))


def _difference(score: Score) -> Decimal | None:
    if score.self_marks is None or score.computed_marks is None:
        return None
    return score.self_marks - score.computed_marks


def explanation_words(score: Score) -> str:
    """Why a person should decide, and how the score came about."""
    difference = _difference(score)
    told = score.explanation.partition(OPINION_WORDS)[0]  # the opinion has a column of its own
    if score.status is ScoreStatus.REPORTED and score.review_marks is None:
        return f"分值较大，请结合佐证材料核定：{told}"
    if score.computed_marks is None or not difference:
        return told
    direction = "高于" if difference > 0 else "低于"
    return f"自评{direction}测算（{EVIDENCE_WORDS[score.evidence]}）：{told}"


def evidence_words(score: Score, pack: Pack, facts: Facts) -> str:
    """Where the score's inputs stand in the file as sent, each sheet named once; what is lacking, by its block.

    Of a score that nothing computes, where the department wrote it and its reason.
    """
    asked = [each for each in (*score.inputs, *score.missing) if each.place is not None]
    cells = "；".join(
        f"{book}{words}"
        for origin, book in ORIGIN_BOOKS.items()
        if (words := cells_words((each.place for each in asked if each.place and each.origin is origin), MOST_CELLS))
    )
    absent = dict.fromkeys(
        pack.block_name(pack.concept(each.concept).block) for each in score.missing if each.place is None
    )
    told = "；".join(part for part in (cells, *(f"缺{block}" for block in absent)) if part)
    own = [pack.score_concept(score.indicator, column) for column in ("self", "reason")]
    written = [fact.place for fact in map(facts.get, own) if fact is not None and fact.place and fact.filled]
    return told or cells_words(written, MOST_CELLS) or pack.block_name(pack.concept(own[0]).block)
