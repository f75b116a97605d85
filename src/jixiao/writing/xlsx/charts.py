"""Native charts, drawn with titles, axis titles, alt text and colours that differ in brightness."""

from __future__ import annotations

from typing import Any

from jixiao.writing.xlsx import theme
from jixiao.writing.xlsx.content import Chart, Range

_KINDS = {
    **{kind: {"type": kind} for kind in ("column", "bar", "pie", "line", "scatter")},
    "stacked_bar": {"type": "bar", "subtype": "stacked"},
}
_FONT = {"name": theme.BODY_FONT, "size": 9}
_FEW = {1: 350, 2: 180, 3: 110}
"""How much room bars leave between them, as a share of their breadth, where there are few: one bar is no wall."""

_USUAL_GAP = 60
MOST_SINGLE_STEPS = 6
_TITLE_FONT = {"name": theme.HEAD_FONT, "size": 12, "bold": False}


def ranges(chart: Chart) -> list[Range]:
    """Return every range of cells that a chart shows."""
    return [each for series in chart.series for each in (series.categories, series.values)]


def insert_chart(book: Any, worksheet: Any, chart: Chart) -> None:
    """Insert a chart at its place in the worksheet."""
    drawn = book.add_chart(dict(_KINDS[chart.kind]))
    for number, series in enumerate(chart.series):
        colour = theme.CHART_COLOURS[number % len(theme.CHART_COLOURS)]
        described: dict[str, Any] = {"name": series.name, "categories": [*series.categories], "values": [*series.values]}
        match chart.kind:
            case "pie":
                colours = theme.CHART_COLOURS
                described["points"] = [{"fill": {"color": colours[n % len(colours)]}} for n in range(_count(series.values))]
            case "line":
                described["line"] = {"color": colour, "width": 2}
                described["marker"] = {"type": "circle", "size": 5, "fill": {"color": colour}}
            case "scatter":
                described["marker"] = {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": "#FFFFFF"}}
            case _:
                described["fill"] = {"color": colour}
                described["gap"] = _FEW.get(_count(series.values), _USUAL_GAP)
        if chart.labels:
            labels: dict[str, Any] = {"value": True, "font": _FONT}
            if chart.kind == "pie":
                labels = {"category": True, "value": True, "percentage": True, "separator": "\n", "font": _FONT}
            described["data_labels"] = labels
        drawn.add_series(described)
    drawn.set_title({"name": chart.title, "name_font": _TITLE_FONT, "overlay": False})
    if chart.kind != "pie":
        light = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}}
        across = {"name": chart.x_title, "name_font": _FONT, "num_font": _FONT}
        upright = {"name": chart.y_title, "name_font": _FONT, "num_font": _FONT, "major_gridlines": light}
        if chart.kind in ("bar", "stacked_bar"):
            # Bars read from the top, as the table beside them does.
            drawn.set_x_axis({**across, **_steps(chart), "major_gridlines": light})
            # Every bar is named, and the numbers stand below, where the reversed axis would put them above.
            drawn.set_y_axis({"name": chart.y_title, "name_font": _FONT, "num_font": _FONT, "reverse": True,
                              "interval_unit": 1, "crossing": "max", "major_gridlines": {"visible": False}})  # fmt: skip
        else:
            drawn.set_x_axis(across)
            drawn.set_y_axis({**upright, **_steps(chart)})
    drawn.set_legend({"position": "bottom", "font": _FONT} if len(chart.series) > 1 else {"none": True})
    drawn.set_size({"width": chart.width, "height": chart.height})
    worksheet.insert_chart(chart.row, chart.column, drawn, {"description": chart.alt_text, "object_position": 1})


def _steps(chart: Chart) -> dict[str, object]:
    """Return the options of the axis of numbers: bars begin at nothing, and there are no halves of things that are counted."""
    if chart.kind in ("line", "scatter"):
        return {}
    if chart.rate:
        return {"min": 0, "max": 1, "num_format": "0%"}
    if not chart.whole:
        return {"min": 0}
    return {"min": 0, "num_format": "0", **({"major_unit": 1} if 0 < chart.most <= MOST_SINGLE_STEPS else {})}


def _count(where: Range) -> int:
    return where.last_row - where.row + where.last_column - where.column + 1
