"""What a spreadsheet's cell keeps of a value: numbers of at most 15 digits, results of formulas."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

_EXACT = 10**15
_SURELY_EXACT = 1e14
"""Below it a float tells that the number is exact; above it, it may have been rounded down to the bound."""


def number_of(value: Decimal | int) -> float | None:
    """Return the number as a cell keeps it; None of one that it cannot keep exactly, which is written as text."""
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if -_SURELY_EXACT < number < _SURELY_EXACT or (isfinite(number) and -_EXACT < value < _EXACT) else None


def as_result(value: str | Decimal | int | None) -> str | float | int:
    """Return the value beside a formula as a cell keeps it."""
    if isinstance(value, Decimal):
        return float(value)
    return "" if value is None else value
