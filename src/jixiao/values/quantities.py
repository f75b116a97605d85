"""Targets and completions written as quantities: an operator, a number and a unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from jixiao.values.text import strip_invisible
from jixiao.values.units import scaled_factor

AT_LEAST, AT_MOST, EQUAL, MORE, LESS = ">=", "<=", "=", ">", "<"

SIGNS: Mapping[str, str] = MappingProxyType({AT_LEAST: "≥", AT_MOST: "≤", EQUAL: "=", MORE: ">", LESS: "<"})
"""Operators as people write them."""

LONGEST = 40
PERCENT = "%"

_BEFORE: Mapping[str, str] = MappingProxyType({
    ">=": AT_LEAST, "=>": AT_LEAST, "≥": AT_LEAST, "≧": AT_LEAST, "⩾": AT_LEAST, "不低于": AT_LEAST, "不少于": AT_LEAST,
    "不小于": AT_LEAST, "大于等于": AT_LEAST, "大于或等于": AT_LEAST, "至少": AT_LEAST, "达到": AT_LEAST,
    "<=": AT_MOST, "=<": AT_MOST, "≤": AT_MOST, "≦": AT_MOST, "⩽": AT_MOST, "不超过": AT_MOST, "不高于": AT_MOST, "不大于": AT_MOST,
    "不多于": AT_MOST, "小于等于": AT_MOST, "小于或等于": AT_MOST, "控制在": AT_MOST,
    "=": EQUAL, "等于": EQUAL, ">": MORE, "大于": MORE, "高于": MORE, "超过": MORE, "多于": MORE,
    "<": LESS, "小于": LESS, "低于": LESS, "少于": LESS,
})  # fmt: skip
_BEHIND: Mapping[str, str] = MappingProxyType({
    "及以上": AT_LEAST, "以上": AT_LEAST, "及以下": AT_MOST, "以下": AT_MOST, "以内": AT_MOST, "之内": AT_MOST,
})  # fmt: skip

_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_UNIT = r"(?P<unit>[^\d.,;:<>=≥≤≧≦+\-~]{0,8}?)"
_QUANTITY = re.compile(
    rf"(?:指标\d*[:：]?)?(?P<before>{'|'.join(sorted(map(re.escape, _BEFORE), key=len, reverse=True))})?"
    rf"{_NUMBER}{_UNIT}(?:\((?:含|不含)\))?(?P<behind>{'|'.join(_BEHIND)})?[。.;,]?"
)
_DONE = re.compile(rf"(?:实际)?(?:已|共|共计)?(?:完成|达到|达|为)?(?P<rest>{_NUMBER}{_UNIT}[。.;,]?)")
_NO_UNIT = re.compile(r"[底前初末]|完成|月份|季度")
_CALENDAR = re.compile(r"[年月日号]")


class Quantity(NamedTuple):
    """A number with its unit ("" for none) and the operator before it ("" for none)."""

    operator: str
    number: Decimal
    unit: str


def parse_target(text: str) -> Quantity | None:
    """Return the quantity that a target is, None where it is anything else: words, a date, several numbers."""
    match = _QUANTITY.fullmatch(_packed(text))
    if match is None:
        return None
    operator = _BEHIND.get(match["behind"] or "", "") or _BEFORE.get(match["before"] or "", "")
    return _quantity(operator, match["number"], match["unit"])


def parse_actual(text: str) -> Quantity | None:
    """Return the quantity that a completion is, words for done before it left out; None where it is anything else."""
    match = _DONE.fullmatch(_packed(text))
    return _quantity("", match["number"], match["unit"]) if match else None


def in_unit(actual: Quantity, unit: str) -> Fraction | None:
    """Return the number in another unit (a bare number counts as in it, a bare rate up to 1 as one of percent), or None."""
    number = Fraction(actual.number)
    if not actual.unit or not unit:
        return number * 100 if unit == PERCENT and not actual.unit and 0 < number <= 1 else number
    factor = scaled_factor(actual.unit, unit)
    return None if factor is None else number * Fraction(factor)


def meets(actual: Fraction, operator: str, target: Fraction) -> bool:
    """Return whether a figure meets its target."""
    match operator:
        case ">=":
            return actual >= target
        case "<=":
            return actual <= target
        case ">":
            return actual > target
        case "<":
            return actual < target
        case _:
            return actual == target


def _packed(text: str) -> str:
    return "".join(strip_invisible(text[: LONGEST * 2]).split())


def _quantity(operator: str, number: str, unit: str) -> Quantity | None:
    if _NO_UNIT.search(unit) or (not operator and _CALENDAR.match(unit)):
        return None
    return Quantity(operator, Decimal(number.replace(",", "")), unit)
