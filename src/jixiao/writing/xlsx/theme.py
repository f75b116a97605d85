"""How every role of a cell looks: one table of fonts, borders and fills, one of number formats, one of severities.

The colours are light enough to stay legible when printed black on white, and no colour ever stands alone: a severity
also changes the border and sets a mark inside the cell. 宋体 and 黑体 exist on every Windows and in WPS; LibreOffice
puts its own CJK fonts in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jixiao.model.finding import Severity
from jixiao.writing.xlsx.content import Style

BODY_FONT = "宋体"
HEAD_FONT = "黑体"
BODY_SIZE = 10.5

Properties = Mapping[str, object]

INK = "#000000"
MUTED = "#595959"
LABEL_FILL = "#F2F2F2"
HEAD_FILL = "#E4E7EB"
TOTAL_FILL = "#EDEFF2"
ACCENT = "#1F3864"

MARKS: Mapping[Severity, str] = MappingProxyType({Severity.ERROR: "▲", Severity.WARNING: "●", Severity.INFO: "○"})
"""The sign inside a marked cell, so that the severity survives black-and-white printing."""

FILLS: Mapping[Severity, str] = MappingProxyType({
    Severity.ERROR: "#F8D7DA", Severity.WARNING: "#FFF3CD", Severity.INFO: "#DDEBF7",
})  # fmt: skip
"""Pale red, pale yellow and pale blue for 必改, 需说明 and 提示."""

PASSED_FILL = "#E2EFDA"

_MARK_BORDERS = {Severity.ERROR: (2, "#B02A37"), Severity.WARNING: (8, "#997404"), Severity.INFO: (4, "#2F5597")}

_GRID: Properties = {"border": 1, "border_color": INK, "valign": "vcenter", "text_wrap": True}
_LABEL: Properties = {**_GRID, "bg_color": LABEL_FILL, "align": "center"}
_BARE: Properties = {"valign": "vcenter", "text_wrap": True}

ROLES: Mapping[str, Properties] = MappingProxyType({
    # Printed lines, without a grid.
    "title": {**_BARE, "font_name": HEAD_FONT, "font_size": 18, "align": "center"},
    "subtitle": {**_BARE, "font_size": 14, "align": "center"},
    "section": {**_BARE, "font_name": HEAD_FONT, "font_size": 12, "align": "left"},
    "unit": {**_BARE, "font_size": 9, "align": "right"},
    "note": {**_BARE, "font_size": 9, "align": "left", "font_color": MUTED},
    "guide": {**_BARE, "align": "left"},
    "plain": {**_BARE, "align": "left"},
    # The form's grid: what is printed is grey and locked, what is filled in is white.
    "caption": {**_LABEL, "font_name": HEAD_FONT, "bg_color": HEAD_FILL, "font_size": 11},
    "head": {**_LABEL, "bold": True, "bg_color": HEAD_FILL},
    "level": _LABEL,
    "label": _LABEL,
    "printed": {**_LABEL, "align": "left"},
    "total": {**_GRID, "bold": True, "bg_color": TOTAL_FILL, "align": "center"},
    "input": {**_GRID, "align": "left"},
    "box": {**_GRID, "align": "left", "valign": "top"},
    # Prose: a frame around all paragraphs instead of a grid of them.
    "prose_first": {**_BARE, "align": "left", "valign": "top", "left": 1, "right": 1, "top": 1},
    "prose": {**_BARE, "align": "left", "valign": "top", "left": 1, "right": 1},
    "prose_last": {**_BARE, "align": "left", "valign": "top", "left": 1, "right": 1, "bottom": 1},
    "text": {**_GRID, "align": "left"},
    # A text right of a column of numbers keeps its distance from them.
    "told": {**_GRID, "align": "left", "indent": 1},
    "number": {**_GRID, "align": "right"},
    "score": {**_GRID, "align": "center"},
    "link": {**_GRID, "align": "left", "font_color": "#0563C1", "underline": 1},
    "jump": {**_BARE, "align": "left", "font_color": "#0563C1", "underline": 1},
    # Beside the form.
    "check": {"valign": "vcenter", "font_size": 9, "align": "left"},
    "check_head": {**_BARE, "font_size": 9, "align": "left", "bold": True, "font_color": MUTED},
    # Key figures of an overview.
    "key": {**_GRID, "font_size": 10, "align": "center", "bg_color": LABEL_FILL, "font_color": MUTED},
    # The place of a chart that has nothing to show.
    "blank": {**_BARE, "align": "center", "border": 1, "border_color": "#D9D9D9", "font_color": MUTED},
    "figure": {**_GRID, "font_name": HEAD_FONT, "font_size": 16, "align": "center", "font_color": ACCENT},
    # Words of a severity, as in a column 类别.
    "error": {**_GRID, "align": "center", "bg_color": FILLS[Severity.ERROR], "font_color": "#842029", "bold": True},
    "warning": {**_GRID, "align": "center", "bg_color": FILLS[Severity.WARNING], "font_color": "#664D03"},
    "info": {**_GRID, "align": "center", "bg_color": FILLS[Severity.INFO], "font_color": "#1F3864"},
    "passed": {**_GRID, "align": "center", "bg_color": PASSED_FILL, "font_color": "#1E4620"},
    "banner": {**_GRID, "align": "center", "bold": True, "bg_color": FILLS[Severity.WARNING]},
})  # fmt: skip
"""What a cell of each role looks like; a role that is not here is drawn as `plain`."""

CONDITIONAL: Mapping[str, Properties] = MappingProxyType({
    "error": {"bg_color": FILLS[Severity.ERROR], "font_color": "#B00020", "bold": True},
    "warning": {"bg_color": FILLS[Severity.WARNING], "font_color": "#664D03"},
    "info": {"bg_color": FILLS[Severity.INFO], "font_color": "#1F3864"},
    "passed": {"font_color": "#1E6B34"},
})  # fmt: skip
"""What a conditional format of a role changes."""

NUMBERS: Mapping[str, str] = MappingProxyType({
    "": "General",
    "general": "General",
    "marks": "General",
    "amount": "#,##0.00",
    "amount_exact": "#,##0.00####",
    "count": "#,##0",
    "percent": "0.00%",
    "percent_whole": "0%",
    "date": "yyyy-mm-dd",
    "text": "@",
})  # fmt: skip
"""Number formats by name; `General` shows marks such as 5 and 4.5 without a trailing point."""

SCALE_COLOURS = ("#F4B183", "#FFF2CC", "#A9D18E")
BAR_COLOUR = "#9DC3E6"
CHART_COLOURS = ("#2F5597", "#F4B183", "#7F7F7F", "#BF9000", "#548235", "#7030A0")


def number_format(style: Style) -> str:
    """Return the Excel number format of a style, its severity's mark in front of every kind of value."""
    # A name that is not in the table is a format of its own.
    plain = NUMBERS.get(style.number, style.number)
    if style.mark is None:
        return plain
    sign = f'"{MARKS[style.mark]}"'
    number = "General" if plain == "@" else plain
    return f"{sign}{number};{sign}-{number};{sign}{number};{sign}@"


def properties(style: Style) -> dict[str, object]:
    """Return all format properties of a style, in the words of the drawing library."""
    result: dict[str, object] = {"font_name": BODY_FONT, "font_size": BODY_SIZE, "font_color": INK}
    result.update(ROLES.get(style.role, ROLES["plain"]))
    result["num_format"] = number_format(style)
    result["locked"] = style.locked
    if style.align:
        result["align"] = style.align
    if style.mark is not None:
        border, colour = _MARK_BORDERS[style.mark]
        result.update(bg_color=FILLS[style.mark], border=border, border_color=colour)
    return result


_PRINTED = (
    "title", "subtitle", "section", "unit", "note", "caption", "head", "label", "printed", "total", "text", "number", "score",
    "link", "check", "check_head", "key", "figure", "error", "warning", "info", "passed", "plain", "told",
)  # fmt: skip
_FILLED = (
    ("number", "amount_exact"), ("score", "general"), ("score", "marks"), ("score", ""), ("input", ""), ("input", "text"),
    ("box", ""), ("prose_first", ""),
)  # fmt: skip
_NUMBERED = (
    ("score", "marks"), ("score", "percent"), ("total", "marks"), ("figure", "count"), ("figure", "marks"),
    ("number", "amount_exact"), ("number", "general"), ("number", "count"),
)  # fmt: skip
_ALIGNED = (("plain", "left"), ("plain", "right"), ("note", "center"), ("total", "left"), ("jump", "right"))

COMMON: tuple[Style, ...] = (
    *(Style(role) for role in _PRINTED),
    *(Style(role, number, mark, locked=False) for role, number in _FILLED for mark in (None, *Severity)),
    *(Style(role, number) for role, number in _NUMBERED),
    *(Style(role, locked=False) for role in ("prose", "prose_last", "subtitle", "label", "note")),
    *(Style(role, align=align) for role, align in _ALIGNED),
    Style("input", locked=False, align="center"),
    Style("number", "count", align="center"),
    Style("jump"),
)
"""The styles of returned workbooks, in the order of their numbers: every workbook has them. Others it has if it needs them."""
