"""Exact rounding, and numbers as people read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from jixiao.values.text import to_half_width

NOTHING = Decimal(0)


def strip_zeros(marks: Decimal) -> Decimal:
    """The same marks without trailing zeros or exponent."""
    return marks.normalize() + NOTHING


def round_half_up(number: Fraction, places: int = 2) -> Decimal:
    """The number rounded half up (away from zero) to decimal places."""
    return rounded(number.numerator, number.denominator, places)


def rounded(over: int, under: int, places: int) -> Decimal:
    """A quotient of whole numbers, the denominator above zero, rounded half up (away from zero) to decimal places."""
    scaled = (2 * abs(over) * 10**places + under) // (2 * under)
    return Decimal(scaled if over >= 0 else -scaled).scaleb(-places)


def bounded(marks: Decimal, full: Decimal) -> Decimal:
    """The marks, no less than 0 and no more than full."""
    return min(max(marks, NOTHING), full)


MOST_PLACES = 12


def percent_text(rate: Fraction, edges: Sequence[Decimal] = ()) -> str:
    """A rate as a percentage to two decimals; to more where two would show it on an edge of the rule that it only nears.

    `edges` are percentages, as what is shown.
    """
    return f"{_unhidden(rate.numerator * 100, rate.denominator, edges)}%"


def points_text(points: Fraction) -> str:
    """Percentage points to two decimals; to more where two would show none of some."""
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
    """The value to six decimals, without trailing zeros or exponent, zero without a sign."""
    kept = value.quantize(STEP, ROUND_HALF_UP).normalize()
    kept = kept.quantize(Decimal(1)) if kept == kept.to_integral_value() else kept
    return kept if kept else abs(kept)


def with_cents(value: Decimal) -> str:
    """An amount as messages tell it: with two decimals, more only where it has more."""
    kept = to_six_places(value)
    exponent = kept.as_tuple().exponent
    return format(kept.quantize(CENT) if isinstance(exponent, int) and exponent > -2 else kept, "f")


MOST_PRINTED_DECIMALS = 6
_DECIMALS = re.compile(r"\d\.(\d+)")


def printed_decimals(value: Decimal | None, raw: str | None) -> int:
    """Return how many decimals of a percentage a department wrote, those of 95.00% among them; at most six."""
    own = max(0, -int(value.normalize().as_tuple().exponent)) if value else 0
    text = to_half_width(raw or "")
    match = _DECIMALS.search(text)
    return min(MOST_PRINTED_DECIMALS, max(own, len(match[1]) if match and "%" in text else 0))
