"""The charts of 总览 and the small table that feeds them, below the printed page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from jixiao.values.number_format import plain_text
from jixiao.writing.summary.district_view import DistrictView, average, rounded, total_final
from jixiao.writing.summary.sheet_layout import HEAD_POINTS, SECTION_POINTS, ListSheet
from jixiao.writing.summary.sheets.matrix import Matrix
from jixiao.writing.wording import STATUS_WORDS
from jixiao.writing.xlsx.content import LEAST_POINTS, Chart, Range, Series, SheetContent, Style, Value
from jixiao.writing.xlsx.formula_text import quoted

CHART_ROW_POINTS = 15.0
PIXELS_A_ROW = 20
PIXELS_A_COLUMN = 72
GAP, EDGE = 8, 4
"""Room between charts, and between the last one and the edge of the printed page, in pixels."""

HALF, WHOLE = 6, 12
ROWS = (14, 17, 17)
"""How many sheet rows the charts of each line are high."""

MOST_LOST, MOST_COMPARED = 10, 5
BIN = Decimal("0.05")
"""The width of a bar of the histogram: a twentieth of the full points."""


class Line(NamedTuple):
    """A line of the table that feeds a chart: a label, then values with their formulas."""

    label: str
    values: tuple[Value, ...]
    formulas: tuple[str, ...] = ()


class Feed(NamedTuple):
    """The figures of a chart and its words; `unit` is that of the figures, `alt` the alternative text where it is special."""

    kind: str
    title: str
    heads: tuple[str, ...]
    lines: Sequence[Line]
    x_title: str
    y_title: str
    unit: str = " 个部门"
    number: str = "count"
    none: str = "没有已计分的部门。"
    """What stands in its place where there is nothing to show."""
    alt: str = ""

    @property
    def alt_text(self) -> str:
        """The figures in words, for those who do not see the chart."""
        return self.alt or f"{self.title.partition('（')[0]}：{_words(self.lines, self.unit)}。"

    @property
    def shows(self) -> bool:
        """Whether any bar is longer than nothing."""
        return any(value for line in self.lines for value in line.values)


def draw_charts(
    sheet: SheetContent, row: int, view: DistrictView, filing: ListSheet[Any], ranking: ListSheet[Any], matrix: Matrix
) -> int:
    """Place two lines of two charts above a wide one, their figures below them; returns the last row that is printed.

    A chart that would be empty is left out, and its place says why.
    """
    placed = (
        ((_grades(view, ranking), HALF), (_histogram(view, ranking), HALF)),
        ((_statuses(view, filing), HALF), (_compared(view, matrix), HALF)),
        ((_lost(view, matrix), WHOLE),),
    )
    end = row + sum(ROWS)
    for each in range(row, end + 1):
        sheet.heights[each] = CHART_ROW_POINTS
    data = end + 2
    sheet.put(data, 0, "图表数据（不打印）", Style("section"), last_column=5)
    sheet.heights[data] = SECTION_POINTS
    data += 1
    for rows, charts in zip(ROWS, placed, strict=True):
        for n, (feed, columns) in enumerate(charts):
            if feed.shows:
                _place(sheet, feed, row, n * HALF, columns, rows, data, n * HALF)
            else:
                words, last = f"{feed.title}：{feed.none}", n * HALF + columns - 1
                sheet.put(row, n * HALF, words, Style("blank"), last_row=row + rows - 2, last_column=last)
        row += rows
        data += max(len(feed.lines) for feed, _ in charts) + 2
    return end - 1


def _place(
    sheet: SheetContent, feed: Feed, row: int, column: int, columns: int, rows: int, data: int, data_column: int
) -> None:
    """Set the figures of a chart and the chart that refers to them."""
    label_last = data_column + 2
    for n, head in enumerate(feed.heads):
        last = label_last if n == 0 else None
        sheet.put(data, data_column if n == 0 else label_last + n, head, Style("head"), last_column=last)
    sheet.heights[data] = HEAD_POINTS + LEAST_POINTS
    lines = feed.lines
    for offset, line in enumerate(lines, start=1):
        sheet.put(data + offset, data_column, line.label, Style("text"), last_column=label_last)
        sheet.heights[data + offset] = max(sheet.heights.get(data + offset, 0), LEAST_POINTS)
        for n, value in enumerate(line.values):
            formula = line.formulas[n] if line.formulas else ""
            sheet.put(data + offset, label_last + 1 + n, value, Style("score", feed.number), formula=formula)
    first, last_row = data + 1, data + len(lines)
    categories = Range(sheet.name, first, data_column, last_row, data_column)
    series = tuple(
        Series(head, categories, Range(sheet.name, first, label_last + 1 + n, last_row, label_last + 1 + n))
        for n, head in enumerate(feed.heads[1:])
    )
    sheet.charts.append(
        Chart(
            kind=feed.kind,  # type: ignore[arg-type]
            title=feed.title,
            series=series,
            row=row,
            column=column,
            width=columns * PIXELS_A_COLUMN - (GAP if column + columns < WHOLE else EDGE),
            height=rows * PIXELS_A_ROW - GAP,
            alt_text=feed.alt_text,
            x_title=feed.x_title,
            y_title=feed.y_title,
            whole=feed.number == "count",
            rate=feed.number == "percent",
            most=max(int(value) for line in lines for value in line.values if not isinstance(value, str | None)),
        )
    )


def _words(lines: Sequence[Line], unit: str) -> str:
    return (
        "；".join(f"{line.label} {'、'.join(_plain(value) for value in line.values)}{unit}" for line in lines)
        or "没有数据"
    )


def _plain(value: Value) -> str:
    return plain_text(value) if isinstance(value, Decimal) else str(value)


def _grades(view: DistrictView, ranking: ListSheet[Any]) -> Feed:
    span = ranking.span("grade", outside=True)
    grades = sorted(view.pack.rubric.grades, key=lambda each: each.at_least, reverse=True)
    reached = [view.pack.rubric.grade(total_final(result)) for result in view.ranked]
    lines = [
        Line(each.label, (reached.count(each.label),), _live(ranking, f"COUNTIF({span},{quoted(each.label)})"))
        for each in grades
    ]
    return Feed("column", "评价等次分布", ("等次", "部门数"), lines, "等次", "部门数")


def _histogram(view: DistrictView, ranking: ListSheet[Any]) -> Feed:
    """Totals by steps of a twentieth of the full points, all below the lowest passing grade in one bar."""
    full = view.pack.rubric.total
    floor = min((each.at_least for each in view.pack.rubric.grades if each.at_least > 0), default=Decimal(0))
    edges = [floor]
    while edges[-1] < full:
        edges.append(min(full, edges[-1] + full * BIN))
    totals = [total_final(result) for result in view.ranked]
    span = ranking.span("final", outside=True)
    below = sum(total < floor for total in totals)
    lines = (
        [Line(f"{plain_text(floor)}以下", (below,), _live(ranking, f'COUNTIF({span},"<{plain_text(floor)}")'))] if floor else []
    )
    for low, high in pairwise(edges):
        top = high == full
        count = sum(low <= total and (total <= high if top else total < high) for total in totals)
        until = "<=" if top else "<"
        formula = f'COUNTIFS({span},">={plain_text(low)}",{span},"{until}{plain_text(high)}")'
        lines.append(Line(f"{plain_text(low)}–{plain_text(high)}", (count,), _live(ranking, formula)))
    word = view.total_word
    return Feed("column", f"{word}分布", (f"{word}（含下限）", "部门数"), lines, word, "部门数")


def _live(ranking: ListSheet[Any], formula: str) -> tuple[str, ...]:
    return () if ranking.empty else (formula,)


def _statuses(view: DistrictView, filing: ListSheet[Any]) -> Feed:
    span = filing.span("status", outside=True)
    lines = [
        Line(word, (view.statuses[status],), (f"COUNTIF({span},{quoted(word)})",))
        for status, word in STATUS_WORDS.items()
        if view.statuses[status]
    ]
    return Feed("bar", "报送和审核情况", ("份数", "状态"), lines, "份数", "状态", " 份")


def _lost(view: DistrictView, matrix: Matrix) -> Feed:
    """The indicators (and the groups whose rows departments set themselves) that cost most points on average."""
    lost = []
    for each in matrix.averages:
        if each.full is not None and each.mean < each.full:
            formula = f"ROUND({plain_text(each.full)}-{each.cell},2)"
            lost.append(Line(each.label, (each.full - each.mean,), (formula,)))
    lost.sort(key=lambda line: -Decimal(str(line.values[0])))
    lines = lost[:MOST_LOST]
    title = f"平均失分较多的指标（前 {MOST_LOST} 项）" if len(lost) > MOST_LOST else "平均失分的指标"
    none = "没有平均得分低于分值的指标。"
    return Feed("bar", title, ("指标", "平均失分"), lines, "平均失分（分）", "指标", " 分", "0.00", none)


def _compared(view: DistrictView, matrix: Matrix) -> Feed:
    """Self beside computed scores; where nothing differs, how much of its points each first-level group earned."""
    feed = _self_and_computed(view)
    groups = [each for each in matrix.groups if each.full]
    if feed.shows or len(groups) < 2:
        return feed
    lines = []
    for each in groups:
        assert each.full is not None
        rate = rounded(each.mean / each.full, 4)
        lines.append(Line(each.label, (rate,), (f"ROUND({each.cell}/{plain_text(each.full)},4)",)))
    alt = f"各一级指标平均得分率：{'；'.join(f'{line.label} {plain_text(line.values[0] * 100)}%' for line in lines)}。"  # type: ignore[operator,arg-type]
    heads = ("一级指标", "平均得分率")
    return Feed("bar", "各一级指标平均得分率", heads, lines, "平均得分占分值", "一级指标", number="percent", alt=alt)


def _self_and_computed(view: DistrictView) -> Feed:
    """Mean self and computed scores of the indicators where they differ most, over departments that have both.

    A self score beyond the indicator's points counts as those: one slip would leave nothing else to be seen.
    """
    both: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for result in view.ranked:
        for score in result.scorecard.scores if result.scorecard else ():
            if score.self_marks is not None and score.computed_marks is not None:
                both.setdefault(score.indicator, []).append((score.self_marks, score.computed_marks))
    compared, beyond = [], False
    for indicator in view.pack.rubric.indicators:
        full, pairs = indicator.full_marks, both.get(indicator.id, [])
        own = average([min(max(each, Decimal(0)), full) for each, _ in pairs])
        computed = average([each for _, each in pairs])
        if own is not None and computed is not None and own != computed:
            beyond |= any(not 0 <= each <= full for each, _ in pairs)
            compared.append(
                (abs(own - computed), Line(view.indicator_labels[indicator.id], (rounded(own), rounded(computed))))
            )
    compared.sort(key=lambda each: -each[0])
    lines = [line for _, line in compared[:MOST_COMPARED]]
    alt = f"自评与系统平均得分：{_words(lines, ' 分')}（先自评、后系统）。"
    title = f"自评与系统得分对比（{'自评超出分值的按分值计' if beyond else '差异较大的指标'}）"
    heads, none = ("指标", "自评平均", "系统平均"), "没有自评与系统平均得分不同的指标。"
    return Feed("bar", title, heads, lines, "平均得分（分）", "指标", " 分", "0.00", none, alt)
