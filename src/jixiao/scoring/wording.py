"""Numbers of scores as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from jixiao.pack.band import exact
from jixiao.scoring.methods import rounded

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
        if shown not in edges or Fraction(over, under) == exact(shown):
            break
    return shown
