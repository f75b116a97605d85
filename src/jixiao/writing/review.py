"""The review workbook 复核表.xlsx: one row for each (department, indicator) that a person should decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.place import Place
from jixiao.model.result import District, Result
from jixiao.model.score import Score, ScoreStatus
from jixiao.pack import Pack
from jixiao.pack.resolve import plain
from jixiao.writing.canvas import Link, Page, SheetContent, Style, Validation, Value, WorkbookContent
from jixiao.writing.formula_text import GUARD_PLACES, NOTHING, reference
from jixiao.writing.textsize import HIGHEST_ROW, height
from jixiao.writing.whereabouts import cells_words
from jixiao.writing.wording import EVIDENCE_WORDS

SHEET = "复核表"
COLUMNS: Sequence[tuple[str, float]] = (
    ("序号", 6), ("预算编码", 11), ("部门名称", 21), ("归口股室", 10), ("指标", 18), ("分值", 6), ("自评得分", 8),
    ("系统得分", 8), ("差异", 7), ("说明", 40), ("佐证位置", 24), ("复核得分", 9), ("复核意见", 24), ("复核人", 9),
    ("日期", 11), ("识别码", 10),
)  # fmt: skip
"""Headings and widths. The last column is hidden: names of departments may be alike or be corrected, ids are not."""

HEAD_ROW = 2
INDICATOR, FULL, OWN, COMPUTED, DIFFERENCE, EXPLANATION, EVIDENCE, REVIEW, OPINION, REVIEWER, DATE, KEY = range(4, 16)
KEY_SEPARATOR = "|"
MOST_CELLS = 2


class ReviewRow(NamedTuple):
    """A score that a person should decide, with the filing it belongs to."""

    result: Result
    score: Score


def review_rows(district: District) -> Iterator[ReviewRow]:
    """The scores to be decided, in the order of the batch and of the form; those decided already stay."""
    for result in district.results:
        if result.scored and result.scorecard is not None:
            for score in result.scorecard.scores:
                if needs_review(score) or score.review_marks is not None:
                    yield ReviewRow(result, score)


def needs_review(score: Score) -> bool:
    """Whether a person should decide a score: it contradicts the self score, or could not be computed.

    A self score that some accepted reading of the rule supports is no contradiction; scores that nothing computes
    (`reported`) are not asked for.
    """
    if score.status is ScoreStatus.NOT_COMPUTABLE:
        return True
    if score.status is ScoreStatus.REPORTED or score.computed_marks is None:
        return False
    if score.self_marks is None:
        return True
    claim = max(Decimal(0), min(score.self_marks, score.full_marks))
    return claim != score.computed_marks and claim not in score.accepted_marks


def review_workbook(district: District, pack: Pack) -> WorkbookContent:
    """The review workbook of a district, with open cells for the reviewers' decisions."""
    rows = list(review_rows(district))
    last = HEAD_ROW + max(1, len(rows))
    sheet = SheetContent(
        SHEET,
        widths={column: width for column, (_, width) in enumerate(COLUMNS)},
        page=Page(
            landscape=True, repeat_rows=(HEAD_ROW, HEAD_ROW), print_area=(0, 0, last, DATE), header=f"{district.year} 年度"
        ),
        freeze=(HEAD_ROW + 1, INDICATOR + 1),
        filter=(HEAD_ROW, 0, last, DATE),
        protected=True,
        hidden_columns=(KEY,),
    )
    sheet.put(0, 0, f"{district.year} 年度{pack.title}复核表", Style("title"), last_column=DATE)
    sheet.put(1, 0, _guidance(rows), Style("note"), last_column=DATE)
    sheet.heights.update({0: 30.0, 1: 18.0, HEAD_ROW: 24.0})
    for column, (heading, _) in enumerate(COLUMNS):
        sheet.put(HEAD_ROW, column, heading, Style("head"))
    if not rows:
        sheet.put(HEAD_ROW + 1, 0, "没有需要复核的指标。", Style("passed"), last_column=DATE)
    for number, row in enumerate(rows, start=1):
        _put_row(sheet, HEAD_ROW + number, number, row, pack)
    return WorkbookContent(
        [sheet], title=f"{pack.title}复核表", subject=f"{district.year} 年度", company=district.bureau
    )


def _guidance(rows: Sequence[ReviewRow]) -> str:
    departments = len({row.result.submission_id for row in rows})
    return (
        f"共 {departments} 个部门 {len(rows)} 项。请在白色栏填写：复核得分在 0 至分值之间，并写明复核意见、复核人和日期；"
        "填好后保存在原处，或在下次运行时指定本表。"
    )


def _put_row(sheet: SheetContent, at: int, number: int, row: ReviewRow, pack: Pack) -> None:
    result, score = row
    section = result.roster.section if result.roster else ""
    own, computed = (reference(Place(SHEET, at, column), SHEET) for column in (OWN, COMPUTED))
    difference = _difference(score)
    evidence = evidence_words(score, pack)
    texts: list[tuple[int, Value, Style]] = [
        (0, number, Style("number", "count", align="center")),
        (1, result.identity.budget_code or "", Style("text", "text")),
        (2, result.identity.department or result.file, Style("text")),
        (3, section, Style("text")),
        (INDICATOR, score.label, Style("text")),
        (FULL, score.full_marks, Style("score", "marks")),
        (OWN, score.self_marks, Style("score", "marks")),
        (COMPUTED, score.computed_marks, Style("score", "marks")),
        (EXPLANATION, explanation_words(score), Style("text")),
    ]
    for column, value, style in texts:
        sheet.put(at, column, value, style)
    formula = f'IF(OR({own}="",{computed}=""),{NOTHING},ROUND({own}-{computed},{GUARD_PLACES}))'
    sheet.put(at, DIFFERENCE, "" if difference is None else difference, Style("score", "marks"), formula=formula)
    link = Link(file=result.output, tip="打开退回的工作簿") if result.output else None
    sheet.put(at, EVIDENCE, evidence, Style("link" if link else "text"), link=link)
    sheet.put(at, REVIEW, score.review_marks, Style("score", "marks", locked=False))
    for column in (OPINION, REVIEWER):
        sheet.put(at, column, None, Style("input", "text", locked=False))
    sheet.put(at, DATE, None, Style("input", "date", locked=False))
    sheet.put(at, KEY, KEY_SEPARATOR.join((result.submission_id, score.indicator)), Style("note"))
    sheet.validations.append(
        Validation(
            at, REVIEW, at, REVIEW, "decimal", minimum=Decimal(0), maximum=score.full_marks,
            prompt=f"0 至 {plain(score.full_marks)} 分", refusal=f"复核得分应在 0 至 {plain(score.full_marks)} 分之间。",
        )
    )  # fmt: skip
    wrapped = {column: str(value) for column, value, _ in texts if isinstance(value, str)} | {EVIDENCE: evidence}
    needed = max(height(text, COLUMNS[column][1]) for column, text in wrapped.items())
    sheet.heights[at] = min(HIGHEST_ROW, max(34.0, needed))


def _difference(score: Score) -> Decimal | None:
    if score.self_marks is None or score.computed_marks is None:
        return None
    return score.self_marks - score.computed_marks


def explanation_words(score: Score) -> str:
    """Why a person should decide, and how the score came about."""
    difference = _difference(score)
    if score.computed_marks is None or not difference:
        return score.explanation
    direction = "高于" if difference > 0 else "低于"
    return f"自评{direction}测算（{EVIDENCE_WORDS[score.evidence]}）：{score.explanation}"


def evidence_words(score: Score, pack: Pack) -> str:
    """Where the score's inputs stand in the file as sent, each sheet named once; what is lacking, by its block."""
    cells = cells_words((each.place for each in (*score.inputs, *score.missing) if each.place is not None), MOST_CELLS)
    absent = dict.fromkeys(
        pack.block_name(pack.concept(each.concept).block) for each in score.missing if each.place is None
    )
    return "；".join(part for part in (cells, *(f"缺{block}" for block in absent)) if part) or pack.block_name(
        pack.concept(pack.score_concept(score.indicator, "self")).block
    )
