"""Exact rounding, and numbers as people read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from jixiao.values.text import to_half_width

NOTHING = Decimal(0)


def plain_text(number: Decimal) -> str:
    """Return a number as people write it: no exponent, no trailing zeros, no minus before zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def edge_text(edge: Decimal) -> str:
    """Return a rate as a percentage without needless decimals."""
    return f"{plain_text(edge * 100)}%"


def strip_zeros(marks: Decimal) -> Decimal:
    """Return the same marks without trailing zeros or exponent."""
    return marks.normalize() + NOTHING


def round_half_up(number: Fraction, places: int = 2) -> Decimal:
    """Return the number rounded half up (away from zero) to decimal places."""
    return rounded(number.numerator, number.denominator, places)


def rounded(over: int, under: int, places: int) -> Decimal:
    """Return over / under (under > 0) rounded half up (away from zero) to decimal places."""
    scaled = (2 * abs(over) * 10**places + under) // (2 * under)
    return Decimal(scaled if over >= 0 else -scaled).scaleb(-places)


def bounded(marks: Decimal, full: Decimal) -> Decimal:
    """Return the marks, no less than 0 and no more than full."""
    return min(max(marks, NOTHING), full)


MOST_PLACES = 12


def percent_text(rate: Fraction, edges: Sequence[Decimal] = ()) -> str:
    """Return a rate as a percentage with two decimals, or more where two would show it exactly on an edge of the rule.

    `edges` are percentages, as what is shown.
    """
    return f"{_unhidden(rate.numerator * 100, rate.denominator, edges)}%"


def points_text(points: Fraction) -> str:
    """Return percentage points with two decimals; to more where two would show none of some."""
    return str(_unhidden(points.numerator, points.denominator, _NONE))


_NONE = (Decimal(0),)


def _unhidden(over: int, under: int, edges: Sequence[Decimal]) -> Decimal:
    for places in range(2, MOST_PLACES):
        shown = rounded(over, under, places)
        if shown not in edges or Fraction(over, under) == Fraction(shown):
            break
    return shown


STEP = Decimal("0.000001")
"""Values are kept to six decimals of their unit; what lies beyond is noise of binary fractions."""


CENT = Decimal("0.01")
"""The least step of two decimals."""


def to_six_places(value: Decimal) -> Decimal:
    """Return the value rounded to six decimals, without trailing zeros or exponent, zero without a sign."""
    return strip_zeros(value.quantize(STEP, ROUND_HALF_UP))


def with_cents(value: Decimal) -> str:
    """Return an amount for messages: with two decimals, or more if it has more."""
    exact = to_six_places(value)
    exponent = exact.as_tuple().exponent
    return format(exact.quantize(CENT) if isinstance(exponent, int) and exponent > -2 else exact, "f")


MOST_PRINTED_DECIMALS = 6
_DECIMALS = re.compile(r"\d\.(\d+)")


def printed_decimals(value: Decimal | None, raw: str | None) -> int:
    """Return how many decimals of a percentage a department wrote, those of 95.00% among them; at most six."""
    own = max(0, -int(value.normalize().as_tuple().exponent)) if value else 0
    text = to_half_width(raw or "")
    match = _DECIMALS.search(text)
    return min(MOST_PRINTED_DECIMALS, max(own, len(match[1]) if match and "%" in text else 0))
