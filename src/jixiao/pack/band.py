"""Bands of rates and the marks that they earn, asked exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from jixiao.pack.declaration import Declaration


@lru_cache(maxsize=1024)
def exact(number: Decimal) -> Fraction:
    """A number of a rubric as a fraction; kept, since every filing asks for the same few."""
    return Fraction(number)


class Band(Declaration):
    """Marks for rates from `lower` to `upper`, each end open or closed; a missing end is unbounded."""

    lower: Decimal | None = None
    lower_closed: bool = True
    upper: Decimal | None = None
    upper_closed: bool = False
    marks: Decimal

    def holds(self, rate: Decimal | Fraction) -> bool:
        """Whether the rate, a decimal or an exact quotient, lies in the band."""
        at = rate if isinstance(rate, Fraction) else Fraction(rate)
        return _over(at, self.lower, self.lower_closed) and _under(at, self.upper, self.upper_closed)


def _over(at: Fraction, edge: Decimal | None, closed: bool) -> bool:
    # Multiplied out: comparing fractions takes several times as long, and every rate asks for some bands.
    if edge is None:
        return True
    other = exact(edge)
    mine, its = at.numerator * other.denominator, other.numerator * at.denominator
    return mine > its or (closed and mine == its)


def _under(at: Fraction, edge: Decimal | None, closed: bool) -> bool:
    return edge is None or not _over(at, edge, not closed)
