"""自评与系统差异: where a department's own score and the computed one differ."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model.score import Score
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import (
    RETURNED,
    AnySheet,
    ListSheet,
    OfDepartment,
    SummaryColumn,
    department_columns,
)
from jixiao.writing.wording import basis_words

SCORES_FILE = "data/scores.parquet"

_Difference = OfDepartment[Score]
"""A score whose self and computed marks differ."""


def self_and_computed_sheet(view: DistrictView) -> AnySheet:
    """Return the sheet: one row for each department and indicator that differ, the largest difference first."""
    note = "差异 = 自评得分 − 系统得分，正数为自评偏高。另一种口径能支持自评得分的，在“比较”栏注明。"
    sheet = ListSheet(view, "自评与系统差异", "自评得分与系统得分不同的指标", "自评得分与系统得分差异", _columns(view), note=note, unit="单位：分")
    scores = (OfDepartment(result, score) for result in view.district.scored for score in result.scores)
    differing = [each for each in scores if each.item.difference]
    differing.sort(key=lambda each: -abs(each.item.difference or Decimal(0)))
    rest = f"另有 {{}} 条差异较小的未列出，全部得分见 {SCORES_FILE}。"
    sheet.table(differing, freeze="indicator", none="自评得分与系统得分没有差异", rest=rest)
    return sheet


def _columns(view: DistrictView) -> tuple[SummaryColumn[_Difference], ...]:
    labels = view.indicator_labels
    return (
        *department_columns(26, number=6, kind=False),
        SummaryColumn("indicator", "指标", 22, lambda each: labels.get(each.item.indicator, each.item.label)),
        SummaryColumn("full", "分值", 7, lambda each: each.item.full_marks, "score", "marks"),
        SummaryColumn("self", "自评得分", 9, lambda each: each.item.self_marks, "score", "marks"),
        SummaryColumn("computed", "系统得分", 9, lambda each: each.item.computed_marks, "score", "marks"),
        SummaryColumn(
            "difference", "差异", 8, lambda each: each.item.difference, "score", "marks", formula="ROUND({self}-{computed},2)"
        ),
        SummaryColumn("comparison", "比较", 12, _comparison, align="center"),
        SummaryColumn("final", view.total_word, 10, lambda each: each.item.final_marks, "score", "marks"),
        SummaryColumn("basis", "得分依据", 20, lambda each: basis_words(each.item), align="center"),
        SummaryColumn("explanation", "测算说明", 40, lambda each: each.item.explanation),
        RETURNED,
    )


def _comparison(each: _Difference) -> str:
    score = each.item
    word = "自评偏高" if score.difference and score.difference > 0 else "自评偏低"
    return f"{word}\n（另一口径）" if score.self_marks in score.accepted_marks else word
