"""Characters of numbers: widths, signs, blanks and blank marks as keyboards and word processors leave them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

# Character for character, so that positions in a text stay what they were. No NFKC: it turns ① into 1.
_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x200A, 0x2008, 0x09), 0x20)
_SIGNS = {0x2212: "-", 0x2013: "-", 0x2012: "-", 0x2010: "-", 0x2011: "-", 0xFE63: "-", 0xFE62: "+", 0xFE6A: "%"}
_CURRENCY = {0xFFE5: "¥"}
SAME_LENGTH: dict[int, int | str | None] = {**_WIDTHS, **_SPACES, **_SIGNS, **_CURRENCY}

PLACES = 6
STEP = Decimal("0.000001")
"""Values are kept to six decimals of their unit; what lies beyond is noise of binary fractions."""

CENT = Decimal("0.01")
"""The least step of two decimals."""

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


def to_six_places(value: Decimal) -> Decimal:
    """The value to six decimals, without trailing zeros or exponent, zero without a sign."""
    kept = value.quantize(STEP, ROUND_HALF_UP).normalize()
    kept = kept.quantize(Decimal(1)) if kept == kept.to_integral_value() else kept
    return kept if kept else abs(kept)


def with_cents(value: Decimal) -> str:
    """An amount as messages tell it: with two decimals, more only where it has more."""
    kept = to_six_places(value)
    exponent = kept.as_tuple().exponent
    return format(kept.quantize(CENT) if isinstance(exponent, int) and exponent > -2 else kept, "f")


def narrow(text: str) -> str:
    """The text with half-width characters, one kind of blank and one minus sign, each at its old position."""
    return text.translate(SAME_LENGTH)


def visible(text: str) -> str:
    """The text narrowed, without marks that have no width, trimmed."""
    return narrow(text).translate(_INVISIBLE).strip()


def is_filled(text: str) -> bool:
    """Whether a text is plainly no mark for nothing, by how it begins."""
    return _FILLED.match(text) is not None or _LONG.match(text) is not None


def is_blank(text: str) -> bool:
    """Whether a text stands for an empty cell: nothing, blanks, dashes, a slash, or words that say there is none."""
    if is_filled(text):
        return False
    shown = visible(text)
    if not shown:
        return True
    if len(shown) > 12:
        return False
    packed = "".join(shown.split())
    return packed in _BLANK_MARKS or (packed != "一" and _DASHES.match(packed) is not None)


def printable(text: str) -> str:
    """The text trimmed, with plain line feeds and without control characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "_x000" in text or not text.replace("\n", "").replace("\u3000", "").isprintable():
        text = _CONTROLS.sub("", text)
    return text.strip(" \n\t\u3000\u00a0\ufeff\u200b")
