"""评分标准: the rubric as the scores were computed by it, with its readings, grades and sources."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.pack.describe import review_words
from jixiao.pack.indicator import Indicator
from jixiao.pack.method_text import inputs_text
from jixiao.pack.resolve import plain
from jixiao.pack.rubric import Rubric
from jixiao.pack.rubric_settings import FinalRule, PartialPoints
from jixiao.writing.canvas import LEAST_POINTS, Column, Entry, SheetContent, Style, Value, laid_out
from jixiao.writing.summary.grid import begin, draw_row, draw_table, merge_equal, paragraph, section
from jixiao.writing.summary.names import RUBRIC
from jixiao.writing.summary.view import View

EVIDENCE_OF_INDICATOR = {"accounts": "依据决算等数据复算", "declared": "依据部门填报测算", "reported": "自评，未复核"}
PARTIAL_WORDS = {
    PartialPoints.WHOLE: "“每超过（低于）一个百分点”按整点计，不足一个百分点的不扣",
    PartialPoints.STARTED: "“每超过（低于）一个百分点”按起点计，不足一个百分点的按一个扣",
    PartialPoints.PROPORTIONAL: "“每超过（低于）一个百分点”按比例计",
}
FINAL_WORDS = {
    FinalRule.LOWER: "未经复核的，取系统得分与自评得分中较低的一个；只有一个的取其一",
    FinalRule.COMPUTED: "未经复核的，取系统得分；没有系统得分的取自评得分",
}
BOTH_ZERO_WORDS = {
    "full_marks": "分子、分母均为零的，视为不适用，计满分",
    "not_computable": "分子、分母均为零的，不能测算",
}
POINTS = 3


def rubric_sheet(view: View) -> SheetContent:
    """The sheet: indicators with points, standards and how they are computed; then grades and readings."""
    rubric = view.pack.rubric
    columns = (
        Column("一级指标", 11, "level"),
        Column("二级指标", 12, "level"),
        Column("三级指标", 24),
        Column("分值", 7, "score", "marks"),
        Column("评分标准", 58),
        Column("测算依据", 34),
        Column("得分依据", 14, align="center"),
        Column("来源", 26),
    )
    sheet = begin(RUBRIC, rubric.title, columns, note=f"来源：{rubric.source}", header=view.header)
    printed = [_row(view, indicator) for indicator in rubric.indicators]
    own = _own_rows(view)
    body = draw_table(sheet, 2, columns, [*printed, *own], filtered=False)
    sheet = laid_out(sheet)
    for column in (0, 1):
        merge_equal(sheet, body._replace(last=body.last - len(own)), column)
    total: list[Value | Entry] = [
        "",
        "",
        "合计",
        Entry(sum((_points(row) for row in (*printed, *own)), Decimal(0)), f"SUM({body.span(POINTS)})"),
    ]
    draw_row(sheet, body.end, columns, [*total, *[""] * (len(columns) - len(total))], role="total")
    row = body.end + 2
    section(sheet, row, "评价等次", len(columns) - 1)
    row = _grades(sheet, row + 1, rubric)
    section(sheet, row + 1, "本次采用的口径", len(columns) - 1)
    for offset, text in enumerate(_settings(rubric), start=row + 2):
        paragraph(sheet, offset, text, columns)
    return sheet


def _row(view: View, indicator: Indicator) -> list[Value | Entry]:
    rubric = view.pack.rubric
    dimension, criterion = rubric.dimension_of(indicator), rubric.criterion(indicator.criterion)
    group = rubric.open_group_of(indicator.id)
    standard = indicator.standard or (group.standard if group else "")
    if group and group.shared:
        standard += f"\n（{group.label}合计不超过 {plain(group.points)} 分）"
    return [
        f"{dimension.label}\n（{plain(dimension.points)}分）",
        f"{criterion.label}\n（{plain(criterion.points)}分）",
        indicator.label,
        indicator.full_marks,
        standard,
        inputs_text(view.pack, indicator),
        EVIDENCE_OF_INDICATOR[indicator.evidence],
        indicator.source,
    ]


def _own_rows(view: View) -> list[list[Value | Entry]]:
    """A row for the indicators that departments set themselves, for each group that holds such."""
    declared = view.pack.rubric.declared
    if declared is None:
        return []
    inputs = "、".join(view.pack.concept(each).label for each in (declared.method.target, declared.method.actual))
    return [
        [
            f"{dimension.label}\n（{plain(dimension.points)}分）",
            "部门自设",
            f"{declared.name}（部门填报的各行）",
            dimension.points,
            declared.standard,
            inputs,
            EVIDENCE_OF_INDICATOR[declared.evidence],
            declared.source,
        ]
        for dimension in view.pack.rubric.dimensions
        if dimension.declared
    ]


def _points(row: Sequence[Value | Entry]) -> Decimal:
    points = row[POINTS]
    assert isinstance(points, Decimal)
    return points


def _grades(sheet: SheetContent, row: int, rubric: Rubric) -> int:
    """The grades, highest first, and the row below them."""
    upper: Decimal | None = None
    for grade in sorted(rubric.grades, key=lambda each: each.at_least, reverse=True):
        sheet.put(row, 0, grade.label, Style("score"))
        text = (
            f"{plain(grade.at_least)} 分以上" if upper is None else f"{plain(grade.at_least)}（含）至 {plain(upper)} 分"
        )
        if upper is not None and grade.at_least <= 0:
            text = f"不足 {plain(upper)} 分"
        sheet.put(row, 1, text, Style("text", align="center"), last_column=2)
        sheet.heights[row] = LEAST_POINTS
        upper, row = grade.at_least, row + 1
    sheet.put(row, 0, f"等次依据：{rubric.grade_source}", Style("note"), last_column=4)
    return row + 1


def _settings(rubric: Rubric) -> list[str]:
    settings = rubric.settings
    return [
        f"1. {PARTIAL_WORDS[settings.partial_points]}。",
        f"2. {FINAL_WORDS[settings.final]}。",
        f"3. {BOTH_ZERO_WORDS[settings.both_zero]}。",
        "4. 得分不低于零，不高于分值。",
        f"5. 自评计列的指标，列入复核表的：{review_words(settings.review_reported_from)}。",
    ]
