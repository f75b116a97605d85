"""评分标准: the rubric as the scores were computed by it, with its readings, grades and sources."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from jixiao.pack.declarations.rubric import FinalRule, Indicator, PartialPoints, Rubric
from jixiao.pack.docs.method_text import inputs_text
from jixiao.pack.docs.terminal import review_words
from jixiao.values.number_format import plain_text
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import AnySheet, ListSheet, SummaryColumn
from jixiao.writing.xlsx.content import LEAST_POINTS, Cell, Style, laid_out

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


class _RubricLine(NamedTuple):
    """An indicator, or those that departments set themselves, as the rubric describes it."""

    dimension: str
    criterion: str
    label: str
    points: Decimal
    standard: str
    inputs: str
    evidence: str
    source: str


COLUMNS: tuple[SummaryColumn[_RubricLine], ...] = (
    SummaryColumn("dimension", "一级指标", 11, lambda line: line.dimension, "level"),
    SummaryColumn("criterion", "二级指标", 12, lambda line: line.criterion, "level"),
    SummaryColumn("label", "三级指标", 24, lambda line: line.label),
    SummaryColumn("points", "分值", 7, lambda line: line.points, "score", "marks", summed=True),
    SummaryColumn("standard", "评分标准", 58, lambda line: line.standard),
    SummaryColumn("inputs", "测算依据", 34, lambda line: line.inputs),
    SummaryColumn("evidence", "得分依据", 14, lambda line: line.evidence, align="center"),
    SummaryColumn("source", "来源", 26, lambda line: line.source),
)


def rubric_sheet(view: DistrictView) -> AnySheet:
    """Return the sheet: indicators with points, standards and how they are computed; then grades and readings."""
    rubric = view.pack.rubric
    sheet = ListSheet(view, "评分标准", "指标、分值、评分标准和等次", rubric.title, COLUMNS, note=f"来源：{rubric.source}", dated=False)
    printed = [_line(view, indicator) for indicator in rubric.indicators]
    lines = [*printed, *_own_lines(view)]
    sheet.table(lines, filtered=False)
    sheet.content = laid_out(sheet.content)
    for key in ("dimension", "criterion"):
        _merge_equal(sheet, key, sheet.first + len(printed) - 1)
    sheet.row({"label": "合计", **sheet.sums(lines)})
    sheet.end += 1
    sheet.section("评价等次")
    _grades(sheet, rubric)
    sheet.end += 1
    sheet.section("本次采用的口径")
    for text in _settings(rubric):
        sheet.paragraph(text)
    return sheet


def _merge_equal(sheet: ListSheet[_RubricLine], key: str, last: int) -> None:
    """Merge the cells of a column, down to a row, that hold the same text in rows one after the other."""
    cells: list[Cell] = []
    above: Cell | None = None
    for cell in sheet.content.cells:
        if cell.column == sheet.positions[key] and sheet.first <= cell.row <= last:
            if above is not None and above.value == cell.value:
                above.last_row = cell.row
                continue
            above = cell
        cells.append(cell)
    sheet.content.cells[:] = cells


def _line(view: DistrictView, indicator: Indicator) -> _RubricLine:
    rubric = view.pack.rubric
    dimension, criterion = rubric.dimension_of(indicator), rubric.criterion(indicator.criterion)
    group = rubric.open_group_of(indicator.id)
    standard = indicator.standard or (group.standard if group else "")
    if group and group.shared:
        standard += f"\n（{group.label}合计不超过 {plain_text(group.points)} 分）"
    return _RubricLine(
        f"{dimension.label}\n（{plain_text(dimension.points)}分）",
        f"{criterion.label}\n（{plain_text(criterion.points)}分）",
        indicator.label,
        indicator.full_marks,
        standard,
        inputs_text(view.pack, indicator),
        EVIDENCE_OF_INDICATOR[indicator.evidence],
        indicator.source,
    )


def _own_lines(view: DistrictView) -> list[_RubricLine]:
    """Return a row for the indicators that departments set themselves, for each group that holds such."""
    declared = view.pack.rubric.declared
    if declared is None:
        return []
    inputs = "、".join(view.pack.concept(each).label for each in (declared.method.target, declared.method.actual))
    return [
        _RubricLine(
            f"{dimension.label}\n（{plain_text(dimension.points)}分）",
            "部门自设",
            f"{declared.name}（部门填报的各行）",
            dimension.points,
            declared.standard,
            inputs,
            EVIDENCE_OF_INDICATOR[declared.evidence],
            declared.source,
        )
        for dimension in view.pack.rubric.dimensions
        if dimension.declared
    ]


def _grades(sheet: ListSheet[_RubricLine], rubric: Rubric) -> None:
    """Add the grades, highest first, and where they come from."""
    content = sheet.content
    upper: Decimal | None = None
    for grade in sorted(rubric.grades, key=lambda each: each.at_least, reverse=True):
        least = plain_text(grade.at_least)
        text = f"{least} 分以上" if upper is None else f"{least}（含）至 {plain_text(upper)} 分"
        if upper is not None and grade.at_least <= 0:
            text = f"不足 {plain_text(upper)} 分"
        content.put(sheet.end, 0, grade.label, Style("score"))
        content.put(sheet.end, 1, text, Style("text", align="center"), last_column=2)
        content.heights[sheet.end] = LEAST_POINTS
        upper = grade.at_least
        sheet.end += 1
    content.put(sheet.end, 0, f"等次依据：{rubric.grade_source}", Style("note"), last_column=4)
    sheet.end += 1


def _settings(rubric: Rubric) -> list[str]:
    settings = rubric.settings
    return [
        f"1. {PARTIAL_WORDS[settings.partial_points]}。",
        f"2. {FINAL_WORDS[settings.final]}。",
        f"3. {BOTH_ZERO_WORDS[settings.both_zero]}。",
        "4. 得分不低于零，不高于分值。",
        f"5. 自评计列的指标，列入复核表的：{review_words(settings.review_reported_from)}。",
    ]
