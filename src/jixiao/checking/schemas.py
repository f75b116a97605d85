"""The pandera schemas of a form, made from its pack: one for each table, and one for all balances.

Each column of a table's schema is a concept. Its checks bear the codes of the rules that they implement, and what
they report becomes findings (`rules/cells.py`); the check of the whole table, named `type`, guards the frames themselves. The schema of the
balances is that of a long frame with a row for each filing, institution and equation; its check is on the residual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd
import pandera.pandas as pa

from jixiao.checking.frames import INSTITUTION, RECORD, SUBMISSION, Cell, CheckedTable, NoValue, tables_of
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.concept import Concept, ConceptKind, Requirement

NEGATIVE, NOT_WHOLE, NOT_A_CHOICE = "PLA-01", "CEL-08", "CEL-09"
REQUIRED = {Requirement.ERROR: "REQ-01", Requirement.WARNING: "REQ-02"}
TYPE = "type"

BALANCES, BALANCE = "balances", "balance"
EQUATION, TOTAL, PARTS, RESIDUAL, SLACK = "equation", "total", "parts", "residual", "slack"


class Failure(NamedTuple):
    """A cell that a check reports: row and column of the frame."""

    row: int
    column: str
    check: str


def is_filled(cell: Cell) -> bool:
    """Return whether a cell is not blank where the form demands it."""
    return cell is not NoValue.BLANK


def is_not_negative(cell: Cell) -> bool:
    """Return whether a cell holds no number below zero."""
    return not isinstance(cell, Decimal) or cell >= 0


def is_whole(cell: Cell) -> bool:
    """Return whether a cell holds no number with decimals."""
    return not isinstance(cell, Decimal) or cell == cell.to_integral_value()


def is_nothing(cell: Cell) -> bool:
    """Return whether nothing is left between total and parts (None: the equation could not be decided)."""
    return not cell


@cached_per_pack
def schemas_of(pack: Pack) -> dict[str, pa.DataFrameSchema]:
    """Return the schema of each table by its id, and that of the balances."""
    return {table.id: _table_schema(table, pack) for table in tables_of(pack)} | {BALANCES: _balances_schema()}


def failures(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> list[Failure]:
    """Validate a frame once, lazily, and return the failure cases column by column.

    A frame that does not fit its schema (a missing column, a cell of another type) is a bug of its maker: TypeError.
    """
    try:
        # pandera makes many short columns of texts; Arrow, the default, is slower at these by a fifth of the time.
        with pd.option_context("mode.string_storage", "python"):
            schema.validate(frame, lazy=True, inplace=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        if cases["index"].isna().any() or (cases["check"] == TYPE).any():
            raise TypeError(f"the frame does not fit its schema: {errors}") from errors
        order = {column: n for n, column in enumerate(frame.columns)}
        reported = map(Failure, cases["index"], cases["column"], cases["check"])
        return sorted(reported, key=lambda failure: (order[failure.column], failure.check, failure.row))
    return []


def load_pandera() -> None:
    """Make pandera load what it loads with the first frame, so that processes forked later share it."""
    pa.DataFrameSchema({}).validate(pd.DataFrame())


def rule_codes(schema: pa.DataFrameSchema, column: str) -> list[str]:
    """Return the rules that a column is checked against."""
    return [str(check.name) for check in schema.columns[column].checks]


def _check(name: str, holds: Callable[[Cell], bool]) -> pa.Check:
    def check(cells: pd.Series[Any]) -> bool | pd.Series[bool]:
        answers = [holds(cell) for cell in cells.to_numpy()]
        return all(answers) or pd.Series(answers, index=cells.index)  # pandera takes one bool faster than many

    return pa.Check(check, name=name, ignore_na=False)


def _type_check(types: Mapping[str, type]) -> pa.Check:
    """Return the check that each of these columns holds nothing but its type, `NoValue` and None."""

    def check(frame: pd.DataFrame) -> bool:
        columns = zip(frame.columns, frame.to_numpy(dtype=object).T, strict=True)
        return all(set(map(type, cells)) <= {types[name], NoValue, type(None)} for name, cells in columns if name in types)

    return pa.Check(check, name=TYPE)


def _table_schema(table: CheckedTable, pack: Pack) -> pa.DataFrameSchema:
    keys = {
        SUBMISSION: pa.Column(required=False),
        INSTITUTION if table.by_institution else RECORD: pa.Column(nullable=True, required=False),
    }
    columns = {concept.id: _column(concept, pack) for concept in table.concepts}
    types = _type_check({concept.id: Decimal if concept.numeric else str for concept in table.concepts})
    return pa.DataFrameSchema(keys | columns, checks=types, name=table.id, title=pack.block_name(table.id), strict=True)


def _column(concept: Concept, pack: Pack) -> pa.Column:
    checks = []
    if concept.required is not Requirement.OPTIONAL:
        checks.append(_check(REQUIRED[concept.required], is_filled))
    if concept.numeric and concept.nonnegative and not _bounded_otherwise(concept, pack):
        checks.append(_check(NEGATIVE, is_not_negative))
    if concept.id in pack.checks.not_below_zero:
        checks.append(_check(pack.checks.not_below_zero[concept.id], is_not_negative))
    if concept.kind is ConceptKind.COUNT:
        checks.append(_check(NOT_WHOLE, is_whole))
    if concept.kind is ConceptKind.CHOICE:
        checks.append(_check(NOT_A_CHOICE, lambda cell: not isinstance(cell, str) or cell in concept.choices))
    return pa.Column(checks=checks, nullable=True, title=concept.label, metadata={"kind": concept.kind.value, "unit": concept.unit})


def _bounded_otherwise(concept: Concept, pack: Pack) -> bool:
    """Return whether a concept is a score, whose bounds are a rule of the score sheet."""
    sheet = pack.concept(pack.names.total_sheet).block
    declared = pack.rubric.declared
    points = pack.score_concept(declared.id, "full") if declared else ""
    in_sheet = concept.block == sheet and concept.kind is ConceptKind.MARKS and concept.id not in (pack.names.total_sheet, points)
    return in_sheet or any(concept.id == indicator.cells.get("self") for indicator in pack.rubric.indicators)


def _balances_schema() -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {
            SUBMISSION: pa.Column(),
            INSTITUTION: pa.Column(nullable=True),
            EQUATION: pa.Column(),
            TOTAL: pa.Column(nullable=True),
            PARTS: pa.Column(),
            RESIDUAL: pa.Column(checks=_check(BALANCE, is_nothing), nullable=True),
            SLACK: pa.Column(),
        },
        checks=_type_check({RESIDUAL: Decimal}),
        name=BALANCES,
        strict=True,
    )
