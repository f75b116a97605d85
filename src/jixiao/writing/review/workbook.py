"""The review workbook 复核表.xlsx: one row for each (department, indicator) that a person should decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from jixiao.model.external_data import DataSource
from jixiao.model.fact import Facts
from jixiao.model.place import Place
from jixiao.model.result import DepartmentResult, DepartmentSummary, District
from jixiao.model.review import Review, RowKey, evidence_mark, owner_mark
from jixiao.model.score import Score, ScoreStatus
from jixiao.model.sheet_names import OPINION_WORDS, REPLY_COLUMN
from jixiao.pack import Pack
from jixiao.values.number_format import plain_text
from jixiao.writing.findings import cells_words
from jixiao.writing.review.explained_sheet import explained_sheet
from jixiao.writing.scores.score_range import needs_review
from jixiao.writing.wording import EVIDENCE_WORDS
from jixiao.writing.xlsx.content import (
    ItemRows,
    Link,
    ListCell,
    ListColumn,
    Listing,
    Page,
    SheetContent,
    Style,
    Validation,
    Value,
    WorkbookContent,
)
from jixiao.writing.xlsx.formula_text import GUARD_PLACES, NOTHING, reference
from jixiao.writing.xlsx.text_size import height

SHEET = "复核表"
COLUMNS = (
    ListColumn("序号", 6, "number", "count", "center"),
    ListColumn("预算编码", 10, number="text"),
    ListColumn("部门名称", 20),
    ListColumn("归口股室", 10),
    ListColumn("指标", 16),
    ListColumn("分值", 6, "score", "marks", low=True),
    ListColumn("自评得分", 6.4, "score", "marks", low=True),
    ListColumn("系统得分", 6.4, "score", "marks", low=True),
    ListColumn("差异", 6.4, "score", "marks", low=True),
    ListColumn("说明", 38),
    ListColumn("佐证位置", 22),
    ListColumn(REPLY_COLUMN, 18),
    ListColumn("复核得分", 6.4, "score", "marks", locked=False, low=True),
    ListColumn("复核意见", 22, "input", "text", locked=False, low=True),
    ListColumn("复核人", 9, "input", "text", locked=False, low=True),
    ListColumn("日期", 11, "input", "date", locked=False, low=True),
    ListColumn("复核状态", 10, low=True),
    ListColumn("审核稿", 7, "text", align="center", low=True),
    ListColumn("识别码", 10, "note", low=True),
)
"""The last column is hidden: names of departments may be alike or be corrected, ids are not."""

HEAD_ROW = 2
LEAST_POINTS = 34.0
NO_SECTION = "未分股室"
(INDICATOR, FULL, OWN, COMPUTED, DIFFERENCE, EXPLANATION, EVIDENCE, REPLY, REVIEW, OPINION, REVIEWER, DATE, STATE, RETURNED, KEY) = (
    range(4, 19)
)
UNMATCHED_COLUMNS = tuple(
    ListColumn(each.head, each.width, "number", "count", "center") if n == 0
    else ListColumn(each.head, each.width, number="text" if n in (1, 2, INDICATOR) else "", low=True) if n < REVIEW
    else each._replace(role="warning", low=True) if n == STATE
    else each._replace(align="") if n == RETURNED
    else each
    for n, each in enumerate(COLUMNS)
)  # fmt: skip
"""The columns of rows that no filing answers to: what a person wrote, as it is."""

MOST_CELLS = 2

OPEN, DECIDED = "待复核", "已复核"
OUTDATED = "依据已变化，请重新核对"
WORDS_ONLY = "有意见，未填得分"
UNANSWERED = "本次没有对应的报送或指标，予以保留"
ORIGIN_BOOKS = {DataSource.FILING: "", DataSource.BUREAU: "财政核对数据：", DataSource.PREVIOUS: "上年报送："}


R = TypeVar("R", bound=DepartmentResult)


class ReviewRow(NamedTuple, Generic[R]):
    """A score that a person should decide, with the filing it belongs to and what a reviewer has filled in."""

    result: R
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


def review_rows(district: District, pack: Pack) -> Iterator[ReviewRow[DepartmentSummary]]:
    """The scores to be decided, by section of the bureau, then in the order of the batch and of the form.

    Those in which something is filled in stay.
    """
    # Departments without a section come last.
    for result in sorted(district.results, key=lambda each: (not each.section, each.section)):
        yield from rows_of(result, pack)


def rows_of(result: R, pack: Pack) -> Iterator[ReviewRow[R]]:
    """Yield the scores of one result that a person should decide or has decided, in the order of the form."""
    if not result.scored:
        return
    reviews = {review.indicator: review for review in result.reviews}
    for score in result.scores:
        review = reviews.get(score.indicator)
        if needs_review(score, pack) or score.review_marks is not None or review is not None:
            yield ReviewRow(result, score, review)


def section_districts(district: District, pack: Pack) -> dict[str, District]:
    """The district split by section, for sections with rows; empty where there are not several."""
    sections = list(dict.fromkeys(row.result.section for row in review_rows(district, pack)))
    if len([section for section in sections if section]) < 2:
        return {}
    of_codes = {entry.budget_code: entry.section for entry in district.roster if entry.budget_code}
    of_names = {entry.department: entry.section for entry in district.roster}
    parts = {}
    for section in sections:
        results = tuple(each for each in district.results if each.section == section)
        reviews = tuple(
            each
            for each in district.kept_reviews
            if (of_codes.get(each.budget_code) or of_names.get(each.department, "")) == section
        )
        parts[section or NO_SECTION] = replace(district, results=results, kept_reviews=reviews)
    return parts


def review_workbook(district: District, pack: Pack, *, folder: str = "", section: str = "") -> WorkbookContent:
    """Return the review workbook of a district, with open cells for the reviewers' decisions.

    `section` is whose part of it this is; `folder` leads from the workbook to OUT. Filled rows that no filing answers to
    follow at the end.
    """
    rows = list(review_rows(district, pack))
    last = HEAD_ROW + max(1, len(rows) + len(district.kept_reviews))
    sheet = SheetContent(
        SHEET,
        widths={column: each.width for column, each in enumerate(COLUMNS)},
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
    sheet.put_title(title, RETURNED, _guidance(rows))
    points = max(height(each.head, each.width) for each in COLUMNS)
    sheet.put_row(HEAD_ROW, (each.head for each in COLUMNS), Style("head"), points)
    if not rows and not district.kept_reviews:
        sheet.put(HEAD_ROW + 1, 0, "没有需要复核的指标。", Style("passed"), last_column=RETURNED)
    first = HEAD_ROW + 1
    own = ItemRows(rows, lambda n, row: _row(row, n + 1, first + n, pack, district.year, folder))
    unmatched = ItemRows(district.kept_reviews, lambda n, review: _unmatched_row(review, len(rows) + n + 1, district.year))
    sheet.listings.append(Listing(first, COLUMNS, own, LEAST_POINTS))
    sheet.listings.append(Listing(first + len(rows), UNMATCHED_COLUMNS, unmatched, LEAST_POINTS))
    sheet.validations = [_validation(row.score, at) for at, row in enumerate(rows, start=first)]
    explained = explained_sheet(district)
    sheets = [sheet] if explained is None else [sheet, explained]
    return WorkbookContent(sheets, title=f"{pack.title}复核表", subject=f"{district.year} 年度", company=district.bureau)


def _guidance(rows: Sequence[ReviewRow[DepartmentSummary]]) -> str:
    departments = len({row.result.submission_id for row in rows})
    left = sum(row.open for row in rows)
    again = sum(row.outdated for row in rows)
    changed = f"（其中 {again} 项依据已变化，核对后请更新复核得分、意见或日期）" if again else ""
    return (
        f"共 {departments} 个部门 {len(rows)} 项，待复核 {left} 项{changed}。请在白色栏填写：复核得分在 0 至分值之间，并写明复核意见、复核人和日期；"
        "填好后保存在原处，或在下次运行时指定本表。"
    )


def _row(
    row: ReviewRow[DepartmentSummary], number: int, at: int, pack: Pack, year: int, folder: str
) -> list[Value | ListCell]:
    """The cells of the row that is the one of this number, at this place of the sheet."""
    result, score, review = row
    code, department = result.identity.budget_code or "", result.identity.department or result.file
    own, computed = (reference(Place(SHEET, at, column), SHEET) for column in (OWN, COMPUTED))
    difference = "" if score.difference is None else score.difference
    formula = f'IF(OR({own}="",{computed}=""),{NOTHING},ROUND({own}-{computed},{GUARD_PLACES}))'
    link = Link(file=f"{folder}{result.output}", tip="打开退回的工作簿") if result.output else None
    shown = evidence_mark(score)
    key = RowKey(result.submission_id, score.indicator, shown, owner=owner_mark(year, code, department))
    if review is not None:
        key = key._replace(decided_on=review.evidence or shown, decision=review.mark, source=review.source)
    return [
        number, code, department, result.section, label_of(score, pack),
        score.full_marks, score.self_marks, score.computed_marks, ListCell(difference, formula),
        explanation_words(score), evidence_words(score, pack, result.score_cells), department_words(score, pack, result),
        *_decision(score.review_marks, review),
        ListCell(_state(row), role="warning" if row.outdated else ""),
        ListCell("打开", link=link, role="link") if link else None,
        str(key),
    ]  # fmt: skip


def _validation(score: Score, at: int) -> Validation:
    """Return what a reviewer may fill in for a score."""
    most = plain_text(score.full_marks)
    return Validation(
        at, REVIEW, at, REVIEW, "decimal", minimum=Decimal(0), maximum=score.full_marks,
        prompt=f"0 至 {most} 分", refusal=f"复核得分应在 0 至 {most} 分之间。",
    )  # fmt: skip


def _decision(marks: Decimal | None, review: Review | None) -> list[Value | ListCell]:
    """Return the open cells of a row, with what is filled in."""
    opinion, reviewer, date = (review.opinion, review.reviewer, review.date) if review else ("", "", "")
    return [marks, opinion or None, reviewer or None, ListCell(date, number="text") if date else None]


def _unmatched_row(review: Review, number: int, year: int) -> list[Value | ListCell]:
    """Return a decision that no filing of this run matches: what was filled in, and nothing else."""
    owner = owner_mark(year, review.budget_code, review.department)
    key = RowKey("", review.indicator, review.evidence, review.evidence, review.mark, owner, review.source)
    return [
        number, review.budget_code, review.department, None, review.label, *[None] * (REVIEW - FULL),
        *_decision(review.marks, review), UNANSWERED, None, str(key),
    ]  # fmt: skip


def _state(row: ReviewRow[DepartmentSummary]) -> str:
    if row.outdated:
        return OUTDATED
    if row.score.review_marks is not None:
        return DECIDED
    return WORDS_ONLY if row.review is not None else OPEN


def label_of(score: Score, pack: Pack) -> str:
    """Return the label of a scored indicator, with its criterion where the form has two of that label."""
    printed = next((each for each in pack.rubric.indicators if each.id == score.indicator), None)
    return score.label if printed is None else pack.rubric.label_of(printed)


def department_words(score: Score, pack: Pack, result: DepartmentSummary) -> str:
    """What the department says for its score: its reason on the score sheet, and its replies to findings about it."""
    row = {pack.score_concept(score.indicator, column) for column in ("self", "reason")}
    about = row | {each.concept for each in (*score.inputs, *score.missing)}
    reason = result.score_cells.text(pack.score_concept(score.indicator, "reason")) or ""
    replies = (f"{each.reply}（{each.rule}）" for each in result.findings if each.reply and each.concept in about)
    return "\n".join(dict.fromkeys(each for each in (reason, *replies) if each))


def explanation_words(score: Score) -> str:
    """Return why a person should decide, and how the score came about."""
    difference = score.difference
    explanation = score.explanation.partition(OPINION_WORDS)[0]  # the opinion has a column of its own
    if score.status is ScoreStatus.REPORTED and score.review_marks is None:
        return f"分值较大，请结合佐证材料核定：{explanation}"
    if score.computed_marks is None or not difference:
        return explanation
    return f"自评{'高于' if difference > 0 else '低于'}测算（{EVIDENCE_WORDS[score.evidence]}）：{explanation}"


def evidence_words(score: Score, pack: Pack, facts: Facts) -> str:
    """Return the cells of the score's inputs in the file as sent, each sheet named once; what is lacking, by its block.

    For a score that nothing computes, return where the department wrote it and its reason.
    """
    inputs = (*score.inputs, *score.missing)
    parts = [
        f"{book}{words}"
        for origin, book in ORIGIN_BOOKS.items()
        if (words := cells_words((each.place for each in inputs if each.place and each.origin is origin), MOST_CELLS))
    ]
    absent = (pack.block_name(pack.concept(each.concept).block) for each in score.missing if each.place is None)
    parts += [f"缺{block}" for block in dict.fromkeys(absent)]
    own = [pack.score_concept(score.indicator, column) for column in ("self", "reason")]
    written = [fact.place for fact in map(facts.get, own) if fact is not None and fact.place and fact.filled]
    return "；".join(parts) or cells_words(written, MOST_CELLS) or pack.block_name(pack.concept(own[0]).block)
