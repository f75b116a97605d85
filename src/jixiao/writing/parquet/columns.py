"""What a column of a batch's tables holds, and the columns of facts; `rows.py` declares the other tables.

Knows nothing of the form, so that the process which writes tables is a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import Enum
from typing import Any, Generic, NamedTuple, TypeVar

from jixiao.model.fact import FactColumns
from jixiao.model.place import Place

T = TypeVar("T")


class ColumnType(Enum):
    """What a column holds; of numbers the value is how many decimals it keeps."""

    TEXT = "text"
    COUNT = "count"
    FLAG = "flag"
    AMOUNT = 6
    """Amounts are exact to the 分, six decimals of 万元; marks and differences need fewer."""
    RATE = 10
    """Rates, 1 = 100 %."""


TEXT, COUNT, FLAG, AMOUNT, RATE = ColumnType


class TableColumn(NamedTuple, Generic[T]):
    """A column of a table: what it holds, and how its value is taken from what a row is about."""

    kind: ColumnType
    value: Callable[[T], Any]


class ParquetTable(NamedTuple):
    """A table: its name, and its columns in their order with what each holds."""

    name: str
    columns: Mapping[str, ColumnType]

    @classmethod
    def of(cls, name: str, columns: Mapping[str, TableColumn[Any]]) -> ParquetTable:
        """Return the table of these columns behind the id of the submission."""
        return cls(name, {"submission_id": TEXT} | {column: each.kind for column, each in columns.items()})


def _addresses(facts: FactColumns) -> list[str | None]:
    places = zip(facts.sheet, facts.row, facts.column, strict=True)
    return [None if sheet is None else Place("", row, column).cell for sheet, row, column in places]


FACT_COLUMNS: Mapping[str, TableColumn[FactColumns]] = {
    "concept": TableColumn(TEXT, lambda facts: facts.concept),
    "institution": TableColumn(TEXT, lambda facts: facts.institution),
    "value": TableColumn(AMOUNT, lambda facts: facts.value),
    "text": TableColumn(TEXT, lambda facts: facts.text),
    "state": TableColumn(TEXT, lambda facts: facts.state),
    "raw": TableColumn(TEXT, lambda facts: facts.raw),
    "sheet": TableColumn(TEXT, lambda facts: facts.sheet),
    "cell": TableColumn(TEXT, _addresses),
}
"""The columns of the table of facts, each taken from all facts of a filing at once: there are hundreds."""

FACTS = ParquetTable.of("facts", FACT_COLUMNS)

_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)
DIGITS = 27
_LARGEST = Decimal(10) ** DIGITS


def fit(number: Decimal | None, kind: ColumnType) -> str | None:
    """Return a number to the decimals of a column; None where it is none or larger than the column holds."""
    if number is None or not number.is_finite() or abs(number) >= _LARGEST:
        return None
    return format(number.quantize(Decimal(1).scaleb(-kind.value), context=_WIDE), "f")


def fitted(columns: Mapping[str, TableColumn[T]], items: Sequence[T]) -> list[list[Any]]:
    """Return the columns of a table with a row for each item, numbers as texts; nothing without items."""
    if not items:
        return []
    return [
        [fit(value(each), kind) for each in items] if kind in (AMOUNT, RATE) else [value(each) for each in items]
        for kind, value in columns.values()
    ]
