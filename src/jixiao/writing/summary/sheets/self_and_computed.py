"""自评与系统差异: where a department's own score and the computed one differ."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from jixiao.model.result import Result
from jixiao.model.score import Score
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import RETURNED, SELF_AND_COMPUTED, ListSheet, SheetColumn, department_columns
from jixiao.writing.wording import basis_words
from jixiao.writing.xlsx.content import SheetContent

SCORES_FILE = "data/scores.parquet"


class _Difference(NamedTuple):
    """A score whose self and computed marks differ, and by how much."""

    result: Result
    score: Score
    marks: Decimal


def self_and_computed_sheet(view: DistrictView) -> SheetContent:
    """The sheet: one row for each department and indicator that differ, the largest difference first."""
    note = "差异 = 自评得分 − 系统得分，正数为自评偏高。另一种口径能支持自评得分的，在“比较”栏注明。"
    title = f"{view.district.year}年度自评得分与系统得分差异"
    sheet = ListSheet(view, SELF_AND_COMPUTED, title, _columns(view), note=note, unit="单位：分")
    differing = [
        _Difference(result, score, score.self_marks - score.computed_marks)
        for result in view.district.scored
        for score in (result.scorecard.scores if result.scorecard else ())
        if score.self_marks is not None
        and score.computed_marks is not None
        and score.self_marks != score.computed_marks
    ]
    differing.sort(key=lambda each: -abs(each.marks))
    sheet.table(differing[: view.most_rows], freeze="indicator", none="自评得分与系统得分没有差异")
    left_out = len(differing) - view.most_rows
    if left_out > 0:
        sheet.paragraph(f"另有 {left_out} 条差异较小的未列出，全部得分见 {SCORES_FILE}。")
    return sheet.content


def _columns(view: DistrictView) -> tuple[SheetColumn[_Difference], ...]:
    labels = view.indicator_labels
    return (
        *department_columns(26, number=6, kind=False),
        SheetColumn(
            "indicator", "指标", 22, lambda each: labels.get(each.score.indicator, view.masked(each.result, each.score.label))
        ),
        SheetColumn("full", "分值", 7, lambda each: each.score.full_marks, "score", "marks"),
        SheetColumn("self", "自评得分", 9, lambda each: each.score.self_marks, "score", "marks"),
        SheetColumn("computed", "系统得分", 9, lambda each: each.score.computed_marks, "score", "marks"),
        SheetColumn(
            "difference", "差异", 8, lambda each: each.marks, "score", "marks", formula="ROUND({self}-{computed},2)"
        ),
        SheetColumn("comparison", "比较", 12, _comparison, align="center"),
        SheetColumn("final", view.total_word, 10, lambda each: each.score.final_marks, "score", "marks"),
        SheetColumn("basis", "得分依据", 20, lambda each: basis_words(each.score), align="center"),
        SheetColumn("explanation", "测算说明", 40, lambda each: view.masked(each.result, each.score.explanation)),
        RETURNED,
    )


def _comparison(each: _Difference) -> str:
    word = "自评偏高" if each.marks > 0 else "自评偏低"
    return f"{word}\n（另一口径）" if each.score.self_marks in each.score.accepted_marks else word
