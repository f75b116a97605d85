"""What a cell of a spreadsheet can hold, whatever file it came from."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple


class ErrorValue(NamedTuple):
    """A cell that shows an error of the spreadsheet, such as #DIV/0!."""

    text: str


class UncachedFormula(NamedTuple):
    """A formula whose result the file does not hold."""

    text: str


CellValue = str | int | float | bool | date | datetime | time | timedelta | ErrorValue | UncachedFormula | None
