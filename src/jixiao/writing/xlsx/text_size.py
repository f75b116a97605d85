"""How much room a text takes in a cell: lines in a width, and the row heights that show all of it."""

from __future__ import annotations

import math
import re
from functools import lru_cache

LINE_POINTS = 15.6
"""The height of a line of body text (10.5 points) with its leading."""

PADDING_POINTS = 6.0
HIGHEST_ROW = 400.0
"""Spreadsheet programs show rows up to 409 points; a text that needs more is spread over several rows."""

PADDING_UNITS = 1.4
INDENT_UNITS = 1.3
"""What an indented text has less of its column's width."""

BODY_SIZE = 10.5
_WIDE_RANGES = (
    ("\u2460", "\u24ff"), ("\u2500", "\u27bf"), ("\u2e80", "\u9fff"), ("\uac00", "\ud7af"), ("\uf900", "\ufaff"),
    ("\ufe30", "\ufe4f"), ("\uff00", "\uff60"), ("\uffe0", "\uffe6"), ("\u2014", "\u2026"), ("\u1100", "\u11ff"),
)  # fmt: skip
_WIDE = re.compile(f"[{''.join(f'{first}-{last}' for first, last in _WIDE_RANGES)}\U00010000-\U0010ffff]+")


def units(text: str) -> int:
    """The width of a line of text in half-widths: a Chinese character or full-width sign is 2."""
    if text.isascii():
        return len(text)
    return 2 * len(text) - len(_WIDE.sub("", text))


def widest(text: str) -> int:
    """The width of the widest line of a text."""
    return max((units(line) for line in text.split("\n")), default=0)


def lines(text: str, width: float, size: float = BODY_SIZE) -> int:
    """How many lines a text takes, wrapped in a column `width` characters wide, at a font size in points."""
    # A column's width counts digits of the default font (11 points); Chinese signs may not open a line, so a line
    # is at times one sign short.
    room = max(2.0, (width - PADDING_UNITS) * 11 / (size * 1.03))
    whole = int(room // 2) * 2
    return sum(max(1, math.ceil(units(line) / whole)) for line in text.split("\n"))


@lru_cache(maxsize=8192)  # printed texts stand in every filing, and narrow columns hold few different ones
def height(text: str, width: float, size: float = BODY_SIZE) -> float:
    """The height in points that shows the whole text in a column of this width; more than a row can be, at times."""
    return lines(text, width, size) * LINE_POINTS * size / BODY_SIZE + PADDING_POINTS


def rows_for(points: float, highest: float = HIGHEST_ROW) -> list[float]:
    """The heights of as many equal rows as it takes to reach `points` with none over `highest`."""
    if points <= highest:
        return [round(points + 0.005, 2)]
    count = math.ceil(points / highest)
    return [round(points / count + 0.005, 2)] * count
