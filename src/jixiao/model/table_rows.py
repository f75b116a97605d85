"""What the tables of a batch tell of one result, column by column: made where the result is at hand, written elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jixiao.model.fact import FactColumns

Cell = str | int | bool | None
Columns = Sequence[Sequence[Cell]]
"""Columns of equal length: texts, counts, flags, and numbers as exact texts; None where a row has nothing there."""


class TableRows(NamedTuple):
    """The rows of a result in each table without its id, which stands in every row; `submission` is one row."""

    submission_id: str
    submission: Sequence[Cell]
    facts: FactColumns
    findings: Columns
    scores: Columns
    elsewhere: Columns
