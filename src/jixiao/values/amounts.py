"""Amounts, heads and rates in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from jixiao.values.number_format import to_six_places
from jixiao.values.text import to_half_width
from jixiao.values.units import MONEY

MONEY_UNIT = "万元"

_AMOUNT = re.compile(
    r"""
    (?<![\d.A-Za-z])(?<!\d,)
    (?P<sign>(?<![\d%元万亿人])-)?
    (?P<number>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?)
    (?P<more>[余多])?
    \ ?
    (?:(?P<money>(?:[百千]?万|亿|千)?元|[万亿])(?P<more2>[余多]元?)?
      |(?P<points>个百分点)|(?P<rate>%)|(?P<heads>[人名])(?!次|均|月|日))
    (?P<about>左右|上下|以上|以下|以内)?
    """,
    re.VERBOSE | re.ASCII,
)
_FIGURES = re.compile(r"\d+", re.ASCII)
_NOT_MONEY = frozenset("人名位户次个亩吨平公里字册份家辆台套件株棵度千立头只场条篇项支级伏瓦")
"""What, after a bare 万 or 亿, makes it a count of other things."""

_VAGUE_BEFORE = re.compile(r"(?:约|近|逾|超|超过|不足|高于|低于|[\d%元万亿人][-~～—至到])\s*$")


ONE = Decimal(1)
_FACTORS = {unit: size / MONEY[MONEY_UNIT] for unit, size in MONEY.items()}


class ProseAmount(NamedTuple):
    """A number in a text: `value` in `unit` (万元, 人, %, 个百分点), its span and its words.

    `exact` is False where the words leave the number open: 约, 余, 左右, a range, a comma that may not be a thousands mark.
    """

    value: Decimal
    unit: str
    start: int
    end: int
    text: str
    exact: bool = True


def amounts_in_prose(text: str, plain: str = "") -> Iterator[ProseAmount]:
    """Yield the amounts (in 万元, whatever unit they are written in), heads and rates of a text, in order; years are none.

    `plain` is the text narrowed, where that is at hand.
    """
    plain = plain or to_half_width(text)
    for match in _amounts(plain):
        unit, factor = _unit(match)
        start, end = match.span()
        if match["money"] in ("万", "亿") and plain[end : end + 1] in _NOT_MONEY:
            continue
        sign, number, *open_ = match.group("sign", "number", "more", "more2", "about")
        words = text[start:end]
        vague = any(open_) or "，" in words or _VAGUE_BEFORE.search(plain, max(0, start - 8), start) is not None
        value = to_six_places(Decimal(number.replace(",", "")) * factor)
        yield ProseAmount(-value if sign else value, unit, start, end, words, not vague)


def _amounts(plain: str) -> Iterator[re.Match[str]]:
    """Yield the matches of the pattern, which is tried only where digits begin since it is slow elsewhere."""
    done = 0
    for run in _FIGURES.finditer(plain):
        start = run.start()
        if start < done:
            continue
        match = _AMOUNT.match(plain, start - 1) if start > done and plain[start - 1] == "-" else None
        match = match or _AMOUNT.match(plain, start)
        if match is not None:
            yield match
            done = match.end()


def _unit(match: re.Match[str]) -> tuple[str, Decimal]:
    if money := match["money"]:
        return MONEY_UNIT, _FACTORS[money]
    if match["points"]:
        return "个百分点", ONE
    return ("%", ONE) if match["rate"] else ("人", ONE)
