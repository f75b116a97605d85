"""The charts of 总览 and the small table that feeds them, below the printed page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Literal, NamedTuple

from jixiao.values.number_format import plain_text
from jixiao.writing.summary.district_view import DistrictView, average, rounded
from jixiao.writing.summary.sheet_layout import HEAD_POINTS, SECTION_POINTS, AnySheet
from jixiao.writing.summary.sheets.matrix import Matrix
from jixiao.writing.wording import STATUS_WORDS
from jixiao.writing.xlsx.content import LEAST_POINTS, Chart, Range, Series, SheetContent, Style, Value
from jixiao.writing.xlsx.formula_text import quoted

CHART_ROW_POINTS = 15.0
PIXELS_A_ROW = 20
PIXELS_A_COLUMN = 72
GAP, EDGE = 8, 4
"""Room between charts, and between the last one and the edge of the printed page, in pixels."""

HALF, WHOLE, LABEL_COLUMNS = 6, 12, 3
ROWS = (14, 17, 17)
"""How many sheet rows the charts of each line are high."""

MOST_LOST, MOST_COMPARED = 10, 5
BIN = Decimal("0.05")
"""The width of a bar of the histogram: a twentieth of the full points."""


class ChartRow(NamedTuple):
    """A row of the table that feeds a chart: a label, then values with their formulas."""

    label: str
    values: tuple[Value, ...]
    formulas: tuple[str, ...] = ()


class ChartData(NamedTuple):
    """The figures of a chart and its words; `unit` is that of the figures, `alt` a special alternative text."""

    kind: Literal["column", "bar"]
    title: str
    heads: tuple[str, ...]
    rows: Sequence[ChartRow]
    x_title: str
    y_title: str
    unit: str = " 个部门"
    number: str = "count"
    none: str = "没有已计分的部门。"
    """What is in its place where there is nothing to show."""
    alt: str = ""

    @property
    def alt_text(self) -> str:
        """The figures in words, for those who do not see the chart."""
        return self.alt or f"{self.title.partition('（')[0]}：{_words(self.rows, self.unit)}。"

    @property
    def shows(self) -> bool:
        """Whether any bar is longer than nothing."""
        return any(value for row in self.rows for value in row.values)


def draw_charts(
    sheet: SheetContent, row: int, view: DistrictView, filing: AnySheet, ranking: AnySheet, matrix: Matrix
) -> int:
    """Place two lines of two charts above a wide one, their figures below them; return the last row that is printed.

    A chart that would be empty is left out, and its place says why.
    """
    placed = (
        (_grades(view, ranking), _histogram(view, ranking)),
        (_statuses(view, filing), _compared(view, matrix)),
        (_lost(view, matrix),),
    )
    end = row + sum(ROWS)
    sheet.heights.update(dict.fromkeys(range(row, end + 1), CHART_ROW_POINTS))
    data = end + 2
    sheet.put(data, 0, "图表数据（不打印）", Style("section"), last_column=5)
    sheet.heights[data] = SECTION_POINTS
    data += 1
    for rows, charts in zip(ROWS, placed, strict=True):
        columns = WHOLE // len(charts)
        for column, chart in zip((0, HALF), charts, strict=False):
            if chart.shows:
                _put_data(sheet, chart, data, column)
                sheet.charts.append(_chart(sheet.name, chart, data, (row, column), (rows, columns)))
            else:
                last_row, last = row + rows - 2, column + columns - 1
                sheet.put(row, column, f"{chart.title}：{chart.none}", Style("blank"), last_row=last_row, last_column=last)
        row += rows
        data += max(len(chart.rows) for chart in charts) + 2
    return end - 1


def _put_data(sheet: SheetContent, chart: ChartData, data: int, column: int) -> None:
    """Put the figures of a chart at a row and column, their labels over three columns."""
    last = column + LABEL_COLUMNS - 1
    sheet.put(data, column, chart.heads[0], Style("head"), last_column=last)
    for at, head in enumerate(chart.heads[1:], start=last + 1):
        sheet.put(data, at, head, Style("head"))
    sheet.heights[data] = HEAD_POINTS + LEAST_POINTS
    for at, row in enumerate(chart.rows, start=data + 1):
        sheet.put(at, column, row.label, Style("text"), last_column=last)
        sheet.heights[at] = max(sheet.heights.get(at, 0), LEAST_POINTS)
        for n, value in enumerate(row.values):
            formula = row.formulas[n] if row.formulas else ""
            sheet.put(at, last + 1 + n, value, Style("score", chart.number), formula=formula)


def _chart(sheet: str, chart: ChartData, data: int, place: tuple[int, int], size: tuple[int, int]) -> Chart:
    """Return a chart at a row and column of the sheet, so many rows high and columns wide, of the figures put at `data`."""
    (row, column), (rows, columns) = place, size

    def figures(at: int) -> Range:
        return Range(sheet, data + 1, at, data + len(chart.rows), at)

    series = enumerate(chart.heads[1:], start=column + LABEL_COLUMNS)
    return Chart(
        kind=chart.kind, title=chart.title, series=tuple(Series(head, figures(column), figures(at)) for at, head in series),
        row=row, column=column, width=columns * PIXELS_A_COLUMN - (GAP if column + columns < WHOLE else EDGE),
        height=rows * PIXELS_A_ROW - GAP, alt_text=chart.alt_text, x_title=chart.x_title, y_title=chart.y_title,
        whole=chart.number == "count", rate=chart.number == "percent",
        most=max(int(value) for row in chart.rows for value in row.values if not isinstance(value, str | None)),
    )  # fmt: skip


def _words(rows: Sequence[ChartRow], unit: str) -> str:
    return "；".join(f"{row.label} {'、'.join(map(_plain, row.values))}{unit}" for row in rows) or "没有数据"


def _plain(value: Value) -> str:
    return plain_text(value) if isinstance(value, Decimal) else str(value)


def _grades(view: DistrictView, ranking: AnySheet) -> ChartData:
    span = ranking.span("grade", outside=True)
    grades = sorted(view.pack.rubric.grades, key=lambda each: each.at_least, reverse=True)
    reached = [view.pack.rubric.grade(result.total_final) for result in view.ranked]
    lines = [
        ChartRow(each.label, (reached.count(each.label),), _live(ranking, f"COUNTIF({span},{quoted(each.label)})"))
        for each in grades
    ]
    return ChartData("column", "评价等次分布", ("等次", "部门数"), lines, "等次", "部门数")


def _histogram(view: DistrictView, ranking: AnySheet) -> ChartData:
    """Return totals by steps of a twentieth of the full points, all below the lowest passing grade in one bar."""
    full = view.pack.rubric.total
    floor = min((each.at_least for each in view.pack.rubric.grades if each.at_least > 0), default=Decimal(0))
    edges = [floor]
    while edges[-1] < full:
        edges.append(min(full, edges[-1] + full * BIN))
    totals = [result.total_final for result in view.ranked]
    span, least = ranking.span("final", outside=True), plain_text(floor)
    rows = []
    if floor:
        below = sum(total < floor for total in totals)
        rows.append(ChartRow(f"{least}以下", (below,), _live(ranking, f'COUNTIF({span},"<{least}")')))
    for low, high in pairwise(edges):
        count = sum(low <= total < high or total == high == full for total in totals)
        until = "<=" if high == full else "<"
        formula = f'COUNTIFS({span},">={plain_text(low)}",{span},"{until}{plain_text(high)}")'
        rows.append(ChartRow(f"{plain_text(low)}–{plain_text(high)}", (count,), _live(ranking, formula)))
    word = view.total_word
    return ChartData("column", f"{word}分布", (f"{word}（含下限）", "部门数"), rows, word, "部门数")


def _live(ranking: AnySheet, formula: str) -> tuple[str, ...]:
    return () if ranking.empty else (formula,)


def _statuses(view: DistrictView, filing: AnySheet) -> ChartData:
    span = filing.span("status", outside=True)
    lines = [
        ChartRow(word, (view.statuses[status],), (f"COUNTIF({span},{quoted(word)})",))
        for status, word in STATUS_WORDS.items()
        if view.statuses[status]
    ]
    return ChartData("bar", "报送和审核情况", ("份数", "状态"), lines, "份数", "状态", " 份")


def _lost(view: DistrictView, matrix: Matrix) -> ChartData:
    """Return the indicators (and the groups whose rows departments set themselves) that cost most points on average."""
    below = [(each, each.full) for each in matrix.averages if each.full is not None and each.mean < each.full]
    below.sort(key=lambda each: each[0].mean - each[1])
    lost = [ChartRow(each.label, (full - each.mean,), (f"ROUND({plain_text(full)}-{each.cell},2)",)) for each, full in below]
    lines = lost[:MOST_LOST]
    title = f"平均失分较多的指标（前 {MOST_LOST} 项）" if len(lost) > MOST_LOST else "平均失分的指标"
    none = "没有平均得分低于分值的指标。"
    return ChartData("bar", title, ("指标", "平均失分"), lines, "平均失分（分）", "指标", " 分", "0.00", none)


def _compared(view: DistrictView, matrix: Matrix) -> ChartData:
    """Return self beside computed scores; where nothing differs, how much of its points each first-level group earned."""
    scores = _self_and_computed(view)
    rates = [(each, full, rounded(each.mean / full, 4)) for each in matrix.groups if (full := each.full)]
    if scores.shows or len(rates) < 2:
        return scores
    rows = [ChartRow(each.label, (rate,), (f"ROUND({each.cell}/{plain_text(full)},4)",)) for each, full, rate in rates]
    alt = f"各一级指标平均得分率：{'；'.join(f'{each.label} {plain_text(rate * 100)}%' for each, _, rate in rates)}。"
    heads = ("一级指标", "平均得分率")
    return ChartData("bar", "各一级指标平均得分率", heads, rows, "平均得分占分值", "一级指标", number="percent", alt=alt)


def _self_and_computed(view: DistrictView) -> ChartData:
    """Return mean self and computed scores of the indicators where they differ most, over departments that have both.

    A self score beyond the indicator's points counts as those: one slip would leave nothing else to be seen.
    """
    both: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for result in view.ranked:
        for score in result.scores:
            if score.self_marks is not None and score.computed_marks is not None:
                both.setdefault(score.indicator, []).append((score.self_marks, score.computed_marks))
    means, beyond = [], False
    for indicator in view.pack.rubric.indicators:
        full, pairs = indicator.full_marks, both.get(indicator.id, [])
        own = average([min(max(each, Decimal(0)), full) for each, _ in pairs])
        computed = average([each for _, each in pairs])
        if own is not None and computed is not None and own != computed:
            beyond |= any(not 0 <= each <= full for each, _ in pairs)
            means.append((indicator.id, own, computed))
    means.sort(key=lambda each: -abs(each[1] - each[2]))
    lines = [ChartRow(view.indicator_labels[each], (own, computed)) for each, own, computed in means[:MOST_COMPARED]]
    alt = f"自评与系统平均得分：{_words(lines, ' 分')}（先自评、后系统）。"
    title = f"自评与系统得分对比（{'自评超出分值的按分值计' if beyond else '差异较大的指标'}）"
    heads, none = ("指标", "自评平均", "系统平均"), "没有自评与系统平均得分不同的指标。"
    return ChartData("bar", title, heads, lines, "平均得分（分）", "指标", " 分", "0.00", none, alt)
