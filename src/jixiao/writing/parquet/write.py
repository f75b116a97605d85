"""The tables of a batch as parquet: the same bytes for the same rows. `writing/tables.py` makes the rows.

Loads neither the form nor what knows it, so that the process which writes tables is a small one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from decimal import Decimal
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jixiao.model.place import Place
from jixiao.model.result import Columns, TableRows
from jixiao.writing.parquet.columns import (
    BESIDE,
    DIGITS,
    ELSEWHERE,
    FACTS,
    FINDINGS,
    SCORES,
    SUBMISSIONS,
    TABLES,
    ColumnType,
    ParquetTable,
    fit_amount,
    rate,
)

TYPES = {
    ColumnType.TEXT: pa.string(),
    ColumnType.COUNT: pa.int64(),
    ColumnType.FLAG: pa.bool_(),
    ColumnType.AMOUNT: pa.decimal128(38, ColumnType.AMOUNT.value),
    ColumnType.RATE: pa.decimal128(38, ColumnType.RATE.value),
}
"""The type of a column by what it holds."""

SUBMISSIONS_A_GROUP = 100
"""Row groups hold the rows of so many submissions: memory stays flat and a reader can skip."""

# The system's own way gives back what a group took; pyarrow's holds on to a third more than is in use.
pa.set_memory_pool(pa.system_memory_pool())


def write_rows(rows: Iterable[TableRows], folder: Path, *, beside: bool) -> tuple[Path, ...]:
    """Write the four tables of these rows into the folder, each whole or not at all; returns their paths.

    With `beside` a fifth, of figures from elsewhere. No more than a group is held.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = (*TABLES, *(BESIDE if beside else ()))
    targets = [folder / f"{table.name}.parquet" for table in tables]
    temporary = [folder / f"{table.name}.parquet.part" for table in tables]
    schemas = [schema_of(table) for table in tables]
    try:
        with ExitStack() as open_files:
            writers = [
                open_files.enter_context(pq.ParquetWriter(path, schema, compression="zstd"))
                for path, schema in zip(temporary, schemas, strict=True)
            ]
            for group in _groups(rows):
                for writer, table, schema in zip(writers, tables, schemas, strict=True):
                    writer.write_table(_written(group, table, schema))
        for part, target in zip(temporary, targets, strict=True):
            part.replace(target)
    finally:
        for part in temporary:
            part.unlink(missing_ok=True)
    return tuple(targets)


def schema_of(table: ParquetTable) -> pa.Schema:
    """The columns of a table with their types."""
    return pa.schema([(name, TYPES[kind]) for name, kind in table.columns.items()])


def _groups(rows: Iterable[TableRows]) -> Iterator[list[TableRows]]:
    """The rows of one group after the other; a group of none where there are none."""
    left = iter(rows)
    yield list(islice(left, SUBMISSIONS_A_GROUP))
    while group := list(islice(left, SUBMISSIONS_A_GROUP)):
        yield group


def _written(group: Sequence[TableRows], table: ParquetTable, schema: pa.Schema) -> pa.Table:
    parts = [(rows.submission_id, found) for rows in group if (found := _columns_of(rows, table))]
    ids = chain.from_iterable(repeat(name, len(found[0])) for name, found in parts)
    told = map(chain.from_iterable, zip(*(found for _, found in parts), strict=True))
    columns: list[list[Any]] = [list(column) for column in (ids, *told)] if parts else [[]] * len(schema)
    arrays = [_array(column, kind) for column, kind in zip(columns, table.columns.values(), strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _columns_of(rows: TableRows, table: ParquetTable) -> Columns:
    """The columns of a table behind the id; none where it has no row."""
    if table is SUBMISSIONS:
        return [(value,) for value in rows.submission]
    if table is FACTS:
        facts = rows.facts
        if not facts.concept:
            return ()
        cells = [
            None if sheet is None else Place("", row, column).cell
            for sheet, row, column in zip(facts.sheet, facts.row, facts.column, strict=True)
        ]
        return facts.concept, facts.institution, facts.value, facts.text, facts.state, facts.raw, facts.sheet, cells
    return {FINDINGS.name: rows.findings, SCORES.name: rows.scores, ELSEWHERE.name: rows.elsewhere}[table.name]


def _array(column: list[Any], kind: ColumnType) -> pa.Array:
    if kind in (ColumnType.AMOUNT, ColumnType.RATE):
        return _numbers(column, kind)
    if kind is not ColumnType.TEXT:
        return pa.array(column, TYPES[kind])
    try:
        return pa.array(column, TYPES[kind])
    except UnicodeEncodeError:  # lone surrogates of a broken file have no bytes in a parquet text
        return pa.array([each and each.encode("utf-8", "replace").decode() for each in column], TYPES[kind])


def _numbers(column: list[str | None], kind: ColumnType) -> pa.Array:
    """Numbers from their texts, exact; None where one is none or larger than the column holds."""
    if max(map(len, filter(None, column)), default=0) < DIGITS:
        with suppress(pa.ArrowInvalid):  # has more decimals than the column, or is no plain number
            return pc.cast(pa.array(column, pa.string()), TYPES[kind])
    fitting = fit_amount if kind is ColumnType.AMOUNT else rate
    told = [None if each is None else fitting(Decimal(each)) for each in column]
    return pc.cast(pa.array(told, pa.string()), TYPES[kind])
