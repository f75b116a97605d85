"""Read cells as numbers: from the content of a cell to an exact `Decimal` in the concept's unit.

The result is the right value, or none, with notes on how it was read. Nothing is guessed without a note, nothing
unreadable becomes zero, and no binary floating point is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from types import MappingProxyType

from jixiao.model.cell import CellValue, ErrorValue, UncachedFormula
from jixiao.model.fact import FactState
from jixiao.values.dates import looks_like_date
from jixiao.values.number_format import to_six_places
from jixiao.values.text import (
    ERROR_TEXTS,
    PLACES,
    Note,
    NoteKind,
    ParsedNumber,
    is_blank,
    plain_digits,
    raw_text,
    strip_invisible,
    to_half_width,
)
from jixiao.values.units import unit_factor

LONGEST = 64
"""No number is written with more characters; the bound keeps hostile texts cheap."""

LARGEST = Decimal(10) ** 15
"""No number of a form is larger; beyond it a cell is unreadable."""

PERCENT = "%"
PERCENT_ONE = Decimal(1)
"""A bare percent of at most 1 may be a rate (0.95 for 95 %)."""

PERCENT_OFTEN = Decimal(10)
"""A cell formatted as percent that holds more (1,000 %) was formatted after 95 had been typed."""

PERCENT_SELDOM = Decimal(2)
"""A written percentage of at most so much may be a rate with a sign put behind it (1.14% for 1.14, that is 114 %)."""

_NUMBER = re.compile(
    r"""
    (?P<bound>>=?|≥|≧|不低于|不少于)?\ *
    (?P<currency>¥|人民币|RMB)?\ *
    (?P<sign>[-+]|负)?\ *
    (?P<currency2>¥)?\ *
    (?P<whole>[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:\ \d{3})+|\d+)?
    (?P<wrap>\s*\n\s*(?=\.))?
    (?:\.(?P<wrap2>\s*\n\s*(?=\d))?(?P<fraction>\d*))?
    (?P<stop>(?<=\d)[.。])?
    \s*(?P<unit>[^\d\s.,+\-].{0,9})?
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ACCOUNTING = re.compile(r"\((?P<number>\d[\d,]*(?:\.\d+)?)\)", re.ASCII)
_UNIT_ONLY = re.compile(r"[^\d]{1,8}")
_IDEOGRAPHIC_POINT = re.compile(r"(?<=\d)。(?=\d)")

Dress = Mapping[str, str]
_WORDS: Dress = MappingProxyType({
    "text": "文本型数字", "width": "全角字符", "groups": "千分位分隔符", "stop": "多余的小数点", "blanks": "空格或换行",
    "accounting": "括号表示负数", "currency": "货币符号", "bound": "比较符号", "sign": "正负号写法", "point": "小数点写法",
})  # fmt: skip


def parse_number(raw: CellValue, *, unit: str = "", percent_format: bool = False) -> ParsedNumber:
    """Return the number of a cell in `unit` (万元, 人, 个, 起, %, 分, …), kept to six decimals, with notes on how it was read.

    `percent_format` says that the cell's number format is a percentage; it matters to numbers only.
    """
    if type(raw) is float and unit != PERCENT and (plain := plain_number(raw)) is not None:
        return ParsedNumber(plain[1], FactState.OK)
    match raw:
        case None:
            return ParsedNumber(None, FactState.BLANK)
        case str():
            return _text(raw, unit)
        case bool():
            return _unreadable()
        case int() | float():
            value = Decimal(repr(raw))
            if not value.is_finite() or abs(value) >= LARGEST:
                return _unreadable()
            return _percent(value, percent_format) if unit == PERCENT else _ok(value)
        case ErrorValue():
            return _unreadable(NoteKind.ERROR, raw.text)
        case UncachedFormula():
            return _unreadable(NoteKind.FORMULA, raw.text)
        case date() | time() | timedelta():
            return _unreadable(NoteKind.DATE, raw_text(raw) or "")


def plain_number(raw: float) -> tuple[str, Decimal] | None:
    """Return the text and value of a number that needs no rounding; None for any other."""
    digits = plain_digits(raw)
    if digits is None or len(digits.partition(".")[2]) > PLACES:
        return None
    value = Decimal(digits)
    return (digits, value) if abs(value) < LARGEST else None


def _unreadable(kind: NoteKind | None = None, detail: str = "") -> ParsedNumber:
    return ParsedNumber(None, FactState.UNREADABLE, () if kind is None else (Note(kind, detail),))


def _ok(value: Decimal, *notes: Note) -> ParsedNumber:
    exact = to_six_places(value)
    noise = () if exact == value else (Note(NoteKind.NOISE),)
    return ParsedNumber(exact, FactState.OK, (*notes, *noise))


def _percent(value: Decimal, percent_format: bool, *notes: Note) -> ParsedNumber:
    if percent_format:
        if abs(value) > PERCENT_OFTEN:
            return _ok(value, *notes, Note(NoteKind.PERCENT_AMBIGUOUS, other=to_six_places(value * 100)))
        return _ok(value * 100, *notes, *_seldom(value * 100))
    if 0 < value <= PERCENT_ONE:
        return _ok(value * 100, *notes, Note(NoteKind.PERCENT_AMBIGUOUS, other=to_six_places(value)))
    return _ok(value, *notes)


def _seldom(percent: Decimal) -> tuple[Note, ...]:
    """Return a note on a written percentage that is suspiciously small."""
    if not 0 < percent <= PERCENT_SELDOM:
        return ()
    return (Note(NoteKind.PERCENT_AMBIGUOUS, other=to_six_places(percent * 100)),)


def _text(raw: str, unit: str) -> ParsedNumber:
    if is_blank(raw):
        return ParsedNumber(None, FactState.BLANK)
    shown = strip_invisible(raw)
    if len(shown) > LONGEST:
        return _unreadable()
    if shown.upper() in ERROR_TEXTS:
        return _unreadable(NoteKind.ERROR, shown)
    if shown.startswith("="):
        return _unreadable(NoteKind.FORMULA, shown)
    if looks_like_date(shown):
        return _unreadable(NoteKind.DATE, shown)
    if _UNIT_ONLY.fullmatch(shown) and unit_factor(shown, unit) is not None:
        return ParsedNumber(None, FactState.BLANK)  # a unit that stands ready for a number nobody wrote
    dress = ["width"] if shown != raw.strip() and to_half_width(raw).strip() == shown else []
    if _IDEOGRAPHIC_POINT.search(shown):
        shown = _IDEOGRAPHIC_POINT.sub(".", shown)
        dress.append("point")
    if accounting := _ACCOUNTING.fullmatch(shown):
        if unit_factor("元", unit) is None:
            return _unreadable()
        shown = f"-{accounting['number']}"
        dress.append("accounting")
    return _written(shown, unit, dress)


def _written(shown: str, unit: str, dress: list[str]) -> ParsedNumber:
    match = _NUMBER.fullmatch(shown)
    if match is None or not (match["whole"] or match["fraction"]):
        return _unreadable()
    factor = Decimal(1) if not match["unit"] else unit_factor(match["unit"], unit)
    if factor is None or (match["bound"] and unit != PERCENT):
        return _unreadable()
    if len(match["whole"] or "") > 24 or len(match["fraction"] or "") > 40:
        return _unreadable()
    digits = re.sub(r"[, ]", "", match["whole"] or "0")
    sign = "-" if match["sign"] in ("-", "负") else ""
    value = Decimal(f"{sign}{digits}.{match['fraction'] or '0'}")
    if abs(value * factor) >= LARGEST:
        return _unreadable()
    dress = dress + [name for name, present in _dress(match, shown).items() if present]
    if match["unit"] and unit == PERCENT:  # 95 % is how the form asks for it
        notes = (_note(dress),) if dress else ()
        return _ok(value * factor, *notes, *_seldom(value * factor))
    if match["unit"]:
        return _ok(value * factor, Note(NoteKind.UNIT, match["unit"]))
    note = _note(dress or ["text"])
    return _percent(value, False, note) if unit == PERCENT else _ok(value, note)


def _dress(match: re.Match[str], shown: str) -> dict[str, bool]:
    whole, fraction = match["whole"] or "", match["fraction"]
    return {
        "groups": "," in whole or " " in whole,
        "stop": bool(match["stop"]) or fraction == "" or (match["unit"] or "").endswith((".", "。")),
        "blanks": bool(match["wrap"] or match["wrap2"]),
        "currency": bool(match["currency"] or match["currency2"]),
        "bound": bool(match["bound"]),
        "sign": match["sign"] in ("+", "负"),
        "point": not whole,
    }


def _note(dress: list[str]) -> Note:
    return Note(NoteKind.WRITTEN, "、".join(dict.fromkeys(_WORDS[name] for name in dress)))
