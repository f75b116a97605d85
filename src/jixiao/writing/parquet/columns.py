"""The columns of a batch's tables (submissions, facts, findings, scores), and what a number must be to stand in one.

They stand in the order that others rely on; what else there is follows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import Enum
from typing import NamedTuple


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


class ParquetTable(NamedTuple):
    """A table: its name, and its columns with what each holds."""

    name: str
    columns: Mapping[str, ColumnType]


SUBMISSIONS = ParquetTable("submissions", {
    "submission_id": TEXT, "file": TEXT, "sha256": TEXT, "department": TEXT, "budget_code": TEXT,
    "year": COUNT, "status": TEXT, "reason": TEXT, "errors": COUNT, "warnings": COUNT, "notes": COUNT,
    "total_self_stated": AMOUNT, "total_self_sheet": AMOUNT, "total_self_sum": AMOUNT, "total_final": AMOUNT,
    "full_verified": AMOUNT, "grade": TEXT, "output": TEXT,
    "total_computed": AMOUNT, "full_declared": AMOUNT, "counted": FLAG, "kind": TEXT, "section": TEXT,
    "explained": COUNT, "to_verify": FLAG, "total_lowest": AMOUNT, "total_highest": AMOUNT,
})  # fmt: skip

FACTS = ParquetTable("facts", {
    "submission_id": TEXT, "concept": TEXT, "institution": TEXT, "value": AMOUNT, "text": TEXT,
    "state": TEXT, "raw": TEXT, "sheet": TEXT, "cell": TEXT,
})  # fmt: skip

FINDINGS = ParquetTable("findings", {
    "submission_id": TEXT, "finding_id": TEXT, "rule": TEXT, "severity": TEXT, "message": TEXT,
    "sheet": TEXT, "cell": TEXT, "concept": TEXT, "institution": TEXT, "expected": TEXT, "actual": TEXT,
    "difference": AMOUNT, "suggested_cell": TEXT, "suggested_value": AMOUNT, "suggestion": TEXT,
    "reply": TEXT, "state": TEXT, "remedy": TEXT, "suggested_sheet": TEXT, "counted": FLAG,
})  # fmt: skip

SCORES = ParquetTable("scores", {
    "submission_id": TEXT, "indicator": TEXT, "full": AMOUNT, "self": AMOUNT, "computed": AMOUNT,
    "review": AMOUNT, "final": AMOUNT, "basis": TEXT, "status": TEXT, "measure": RATE, "evidence": TEXT,
    "explanation": TEXT, "label": TEXT, "dimension": TEXT,
    "standard": TEXT, "step": TEXT, "inputs": TEXT,
})  # fmt: skip

ELSEWHERE = ParquetTable("elsewhere", {
    "submission_id": TEXT, "origin": TEXT, "concept": TEXT, "institution": TEXT, "value": AMOUNT,
    "text": TEXT, "state": TEXT, "sheet": TEXT, "cell": TEXT,
})  # fmt: skip
"""Figures of a department that do not come from its filing; sheet and cell are those of the workbook they stood in."""

TABLES, BESIDE = (SUBMISSIONS, FACTS, FINDINGS, SCORES), (ELSEWHERE,)
"""Those of every batch, and those of a batch that was given figures from elsewhere."""

_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)
DIGITS = 27
_LARGEST = Decimal(10) ** DIGITS


def fit_amount(number: Decimal | None) -> str | None:
    """Return a number to the decimals of an amount; None where it is none or larger than the column holds."""
    return _fitting(number, AMOUNT)


def rate(number: Decimal | None) -> str | None:
    """Return a number to the decimals of a rate; None where it is none or larger than the column holds."""
    return _fitting(number, RATE)


def _fitting(number: Decimal | None, kind: ColumnType) -> str | None:
    if number is None or not number.is_finite() or abs(number) >= _LARGEST:
        return None
    return format(number.quantize(Decimal(1).scaleb(-kind.value), context=_WIDE), "f")
