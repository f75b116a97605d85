"""What a cell of a spreadsheet can hold, whatever file it came from."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple


class ErrorValue(NamedTuple):
    """A cell that shows an error of the spreadsheet, such as #DIV/0!."""

    text: str


class UncachedFormula(NamedTuple):
    """A formula whose result the file does not hold."""

    text: str


CellValue = str | int | float | bool | date | datetime | time | timedelta | ErrorValue | UncachedFormula | None


def plain_decimal(value: Decimal) -> str:
    """Return a number as people write it: no exponent, no trailing zeros, no minus before zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def plain_digits(raw: float) -> str | None:
    """Return the shortest digits of a binary number, such as 12.5 or 3; None where it takes an exponent or is no number."""
    text = repr(raw)
    if text.endswith(".0"):
        return "0" if text == "-0.0" else text[:-2]
    return None if "e" in text or "n" in text else text


def raw_text(raw: CellValue) -> str | None:
    """Return what stood in a cell, as text for records and messages; None for an empty cell."""
    if type(raw) is str:
        return raw
    if type(raw) is float and (digits := plain_digits(raw)) is not None:
        return digits
    match raw:
        case None:
            return None
        case str():
            return raw
        case ErrorValue() | UncachedFormula():
            return raw.text
        case bool():
            return "TRUE" if raw else "FALSE"
        case int():
            return str(raw)
        case float():
            number = Decimal(repr(raw))
            return plain_decimal(number) if number.is_finite() and abs(number.adjusted()) < 30 else repr(raw)
        case datetime():
            midnight = (raw.hour, raw.minute, raw.second) == (0, 0, 0)
            return f"{raw:%Y-%m-%d}" if midnight else f"{raw:%Y-%m-%d %H:%M}"
        case date():
            return f"{raw:%Y-%m-%d}"
        case time():
            return f"{raw:%H:%M}"
        case _:
            return str(raw)
