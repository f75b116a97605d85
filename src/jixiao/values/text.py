"""Read cells as text: widths, signs, blanks and blank marks as keyboards and word processors produce them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jixiao.model.cell import CellValue, ErrorValue, UncachedFormula
from jixiao.model.fact import FactState

# Character for character, so that positions in a text stay what they were. No NFKC: it turns ① into 1.
_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x200A, 0x2008, 0x09), 0x20)
_SIGNS = {0x2212: "-", 0x2013: "-", 0x2012: "-", 0x2010: "-", 0x2011: "-", 0xFE63: "-", 0xFE62: "+", 0xFE6A: "%"}
_CURRENCY = {0xFFE5: "¥"}
SAME_LENGTH: dict[int, int | str | None] = {**_WIDTHS, **_SPACES, **_SIGNS, **_CURRENCY}

PLACES = 6
# Marks without width, which nobody sees. Bidirectional overrides are kept: what they hide is not a number.
_INVISIBLE: dict[int, int | str | None] = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F))

_BLANK_MARKS = frozenset({"/", "//", "\\", "无", "没有", "暂无", "不涉及", "无此项", "n/a", "N/A", "空", "未填"})
_DASHES = re.compile(r"[-—―─_﹘一]*\Z")
# Most texts begin with a letter, figure or character that begins no such mark.
_FILLED = re.compile(rf"\s{{0,9}}(?![一{''.join(sorted({re.escape(mark[0]) for mark in _BLANK_MARKS}))}])[0-9A-Za-z\u4e00-\u9fff]")
# No mark is so long as this: characters that are kept as they are, by their number.
_LONG = re.compile(r"\s{0,9}[0-9A-Za-z\u4e00-\u9fff、，：]{13}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|_x000[dD]_")

ERROR_TEXTS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"})
"""What spreadsheets show for errors; also met as text, pasted."""


def to_half_width(text: str) -> str:
    """Return the text with half-width characters, one kind of blank and one minus sign, each at its old position."""
    return text.translate(SAME_LENGTH)


def strip_invisible(text: str) -> str:
    """Return the text narrowed, without marks that have no width, trimmed."""
    return to_half_width(text).translate(_INVISIBLE).strip()


def is_filled(text: str) -> bool:
    """Return whether the beginning of a text shows that it is no mark for a blank."""
    return _FILLED.match(text) is not None or _LONG.match(text) is not None


def is_blank(text: str) -> bool:
    """Return whether a text stands for an empty cell: nothing, blanks, dashes, a slash, or words that say there is none."""
    if is_filled(text):
        return False
    shown = strip_invisible(text)
    if not shown:
        return True
    if len(shown) > 12:
        return False
    packed = "".join(shown.split())
    return packed in _BLANK_MARKS or (packed != "一" and _DASHES.match(packed) is not None)


def printable(text: str) -> str:
    """Return the text trimmed, with plain line feeds and without control characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "_x000" in text or not text.replace("\n", "").replace("\u3000", "").isprintable():
        text = _CONTROLS.sub("", text)
    return text.strip(" \n\t\u3000\u00a0\ufeff\u200b")


def plain_digits(raw: float) -> str | None:
    """Return the shortest digits of a binary number, such as 12.5 or 3; None where it needs an exponent or is not finite."""
    text = repr(raw)
    if text.endswith(".0"):
        return "0" if text == "-0.0" else text[:-2]
    return None if "e" in text or "n" in text else text


def raw_text(raw: CellValue) -> str | None:
    """Return what stood in a cell, as text for records and messages; None for an empty cell."""
    if type(raw) is float and (digits := plain_digits(raw)) is not None:
        return digits
    match raw:
        case str() | None:
            return raw
        case ErrorValue() | UncachedFormula():
            return raw.text
        case bool():
            return "TRUE" if raw else "FALSE"
        case int():
            return str(raw)
        case float():
            number = Decimal(repr(raw))
            return format(number, "f") if number.is_finite() and abs(number.adjusted()) < 30 else repr(raw)
        case datetime():
            midnight = (raw.hour, raw.minute, raw.second) == (0, 0, 0)
            return f"{raw:%Y-%m-%d}" if midnight else f"{raw:%Y-%m-%d %H:%M}"
        case date():
            return f"{raw:%Y-%m-%d}"
        case time():
            return f"{raw:%H:%M}"
        case _:
            return str(raw)


class NoteKind(StrEnum):
    """What was done to read a cell, or why it could not be read; noise of binary fractions is rounded away."""

    UNIT = "unit"
    WRITTEN = "written"
    PERCENT_AMBIGUOUS = "percent_ambiguous"
    DATE = "date"
    ERROR = "error"
    FORMULA = "formula"
    NOISE = "noise"


class Note(NamedTuple):
    """One remark on how a cell was read.

    `detail` is the unit as it stood (unit), the oddities of writing in Chinese (written), or the text of the error,
    formula or date. `other` is the second reading of an ambiguous percentage.
    """

    kind: NoteKind
    detail: str = ""
    other: Decimal | None = None


class ParsedNumber(NamedTuple):
    """A cell read as a number in the asked unit; `value` is None unless the state is ok."""

    value: Decimal | None
    state: FactState
    notes: tuple[Note, ...] = ()


class ParsedText(NamedTuple):
    """A cell read as text; `text` is None unless the state is ok."""

    text: str | None
    state: FactState
    notes: tuple[Note, ...] = ()


def is_plain_text(raw: str) -> bool:
    """Return whether `parse_text` certainly returns a text unchanged."""
    if not raw.isprintable() or not is_filled(raw) or raw[0] == " " or raw[-1] == " ":
        return False
    return "#" not in raw and "＃" not in raw and "_x000" not in raw


def parse_text(raw: CellValue) -> ParsedText:
    """Return the text of a cell: numbers as plain decimals, dates as 2023年4月10日; blank marks are blank."""
    match raw:
        case None:
            return ParsedText(None, FactState.BLANK)
        case str():
            if is_blank(raw):
                return ParsedText(None, FactState.BLANK)
            if ("#" in raw or "＃" in raw) and strip_invisible(raw).upper() in ERROR_TEXTS:
                return ParsedText(None, FactState.UNREADABLE, (Note(NoteKind.ERROR, strip_invisible(raw)),))
            text = printable(raw)
            return ParsedText(text, FactState.OK) if text else ParsedText(None, FactState.BLANK)
        case ErrorValue():
            return ParsedText(None, FactState.UNREADABLE, (Note(NoteKind.ERROR, raw.text),))
        case UncachedFormula():
            return ParsedText(None, FactState.UNREADABLE, (Note(NoteKind.FORMULA, raw.text),))
        case datetime():
            clock = "" if (raw.hour, raw.minute) == (0, 0) else f" {raw:%H:%M}"
            return ParsedText(f"{date_text(raw)}{clock}", FactState.OK)
        case date():
            return ParsedText(date_text(raw), FactState.OK)
        case time() | timedelta() | bool() | int() | float():
            return ParsedText(raw_text(raw), FactState.OK)


def date_text(day: date) -> str:
    """Return a date as 2023年4月10日."""
    return f"{day.year}年{day.month}月{day.day}日"


def packed_text(raw: CellValue) -> str:
    """Return the text of a cell narrowed and without blanks."""
    return "".join(strip_invisible(raw_text(raw) or "").split())


def special_text(raw: CellValue) -> ParsedText | None:
    """Return the reading of a cell that needs no look at its text: errors, formulas, truth values, empty cells."""
    if isinstance(raw, bool | time | timedelta):
        return ParsedText(None, FactState.UNREADABLE)
    parsed = parse_text(raw)
    return None if parsed.state is FactState.OK else parsed


MASK = "＊＊＊"
