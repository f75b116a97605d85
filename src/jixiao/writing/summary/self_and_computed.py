"""自评与系统差异: where a department's own score and the computed one differ."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model.place import column_letters
from jixiao.model.result import Result
from jixiao.model.score import Score
from jixiao.writing.canvas import Column, EachRow, Entry, SheetContent, Value
from jixiao.writing.summary.grid import begin, draw_table, paragraph
from jixiao.writing.summary.names import SELF_AND_COMPUTED
from jixiao.writing.summary.view import View, opening
from jixiao.writing.wording import basis_words

SELF, COMPUTED = 5, 6
SCORES_FILE = "data/scores.parquet"


def self_and_computed_sheet(view: View) -> SheetContent:
    """The sheet: one row for each department and indicator that differ, the largest difference first."""
    columns = (
        Column("序号", 6, "score", "count"),
        Column("预算编码", 10, align="center"),
        Column("部门名称", 26),
        Column("指标", 22),
        Column("分值", 7, "score", "marks"),
        Column("自评得分", 9, "score", "marks"),
        Column("系统得分", 9, "score", "marks"),
        Column("差异", 8, "score", "marks"),
        Column("比较", 12, align="center"),
        Column(view.total_word, 10, "score", "marks"),
        Column("得分依据", 20, align="center"),
        Column("测算说明", 40),
        Column("审核稿", 8, "link", align="center"),
    )
    note = "差异 = 自评得分 − 系统得分，正数为自评偏高。另一种口径能支持自评得分的，在“比较”栏注明。"
    title = f"{view.district.year}年度自评得分与系统得分差异"
    sheet = begin(SELF_AND_COMPUTED, title, columns, note=note, unit="单位：分", header=view.header)
    differing = [
        (result, score, score.self_marks - score.computed_marks)
        for result in view.district.scored
        for score in (result.scorecard.scores if result.scorecard else ())
        if score.self_marks is not None
        and score.computed_marks is not None
        and score.self_marks != score.computed_marks
    ]
    differing.sort(key=lambda each: -abs(each[2]))
    rows = EachRow(differing[: view.most_rows], lambda n, each: _row(view, n, *each))
    body = draw_table(sheet, 2, columns, rows, freeze_columns=4, none="自评得分与系统得分没有差异")
    if len(differing) > len(rows):
        left_out = len(differing) - len(rows)
        paragraph(sheet, body.end, f"另有 {left_out} 条差异较小的未列出，全部得分见 {SCORES_FILE}。", columns)
    return sheet


def _row(view: View, n: int, result: Result, score: Score, difference: Decimal) -> list[Value | Entry]:
    row = 4 + n
    word = "自评偏高" if difference > 0 else "自评偏低"
    if score.self_marks in score.accepted_marks:
        word += "\n（另一口径）"
    return [
        n + 1,
        result.budget_code,
        result.department,
        view.indicator_labels.get(score.indicator, view.told(result, score.label)),
        score.full_marks,
        score.self_marks,
        score.computed_marks,
        Entry(difference, f"ROUND({column_letters(SELF)}{row}-{column_letters(COMPUTED)}{row},2)"),
        word,
        score.final_marks,
        basis_words(score),
        view.told(result, score.explanation),
        opening(result),
    ]
