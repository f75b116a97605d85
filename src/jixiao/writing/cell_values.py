"""What a spreadsheet's cell keeps of a value: numbers of at most 15 digits, results of formulas."""

from __future__ import annotations

from decimal import Decimal

MOST_EXACT = Decimal(10) ** 15


def exact(value: Decimal | int) -> bool:
    """Whether a cell can keep the number; a longer one is kept whole as text."""
    number = Decimal(value)
    return number.is_finite() and abs(number) < MOST_EXACT


def as_number(value: Decimal | int) -> float | int:
    """The number as a cell keeps it."""
    return float(value) if isinstance(value, Decimal) else value


def as_result(value: str | Decimal | int | None) -> str | float | int:
    """The value beside a formula as a cell keeps it."""
    if isinstance(value, Decimal):
        return float(value)
    return "" if value is None else value
