"""Exact rounding, and numbers as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

NOTHING = Decimal(0)


def trimmed(marks: Decimal) -> Decimal:
    """The same marks without trailing zeros or exponent."""
    return marks.normalize() + NOTHING


def half_up(number: Fraction, places: int = 2) -> Decimal:
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
