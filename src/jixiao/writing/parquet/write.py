"""Write the tables of a batch as parquet, with the same bytes for the same rows; `rows.py` makes the rows.

Loads nothing that knows the form, so that the process which writes tables is a small one.
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

from jixiao.model.result import Columns, TableRows
from jixiao.writing.parquet.columns import AMOUNT, DIGITS, FACT_COLUMNS, FACTS, RATE, ColumnType, ParquetTable, fit

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


def write_rows(rows: Iterable[TableRows], folder: Path, tables: Sequence[ParquetTable]) -> tuple[Path, ...]:
    """Write these tables into the folder, each whole or not at all, with one group in memory; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    targets = [folder / f"{table.name}.parquet" for table in tables]
    temporary = [target.with_name(f"{target.name}.part") for target in targets]
    try:
        with ExitStack() as open_files:
            writers = [
                open_files.enter_context(pq.ParquetWriter(path, schema_of(table), compression="zstd"))
                for path, table in zip(temporary, tables, strict=True)
            ]
            for group in _groups(rows):
                for writer, table in zip(writers, tables, strict=True):
                    writer.write_table(_group_table(group, table))
        for part, target in zip(temporary, targets, strict=True):
            part.replace(target)
    finally:
        for part in temporary:
            part.unlink(missing_ok=True)
    return tuple(targets)


def schema_of(table: ParquetTable) -> pa.Schema:
    """Return the columns of a table with their types."""
    return pa.schema([(name, TYPES[kind]) for name, kind in table.columns.items()])


def _groups(rows: Iterable[TableRows]) -> Iterator[list[TableRows]]:
    """Yield the rows of one group after the other; an empty group where there are none."""
    left = iter(rows)
    yield list(islice(left, SUBMISSIONS_A_GROUP))
    while group := list(islice(left, SUBMISSIONS_A_GROUP)):
        yield group


def _group_table(group: Sequence[TableRows], table: ParquetTable) -> pa.Table:
    parts = [(rows.submission_id, columns) for rows in group if (columns := _columns_of(rows, table))]
    ids = chain.from_iterable(repeat(name, len(columns[0])) for name, columns in parts)
    others = map(chain.from_iterable, zip(*(columns for _, columns in parts), strict=True))
    values: list[list[Any]] = [list(column) for column in (ids, *others)] if parts else [[]] * len(table.columns)
    arrays = [_array(column, kind) for column, kind in zip(values, table.columns.values(), strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema_of(table))


def _columns_of(rows: TableRows, table: ParquetTable) -> Columns:
    """Return the columns of a table behind the id; none where it has no row."""
    if table.name != FACTS.name:
        return rows.others.get(table.name, ())
    return [column.value(rows.facts) for column in FACT_COLUMNS.values()] if rows.facts.concept else ()


def _array(column: list[Any], kind: ColumnType) -> pa.Array:
    if kind in (AMOUNT, RATE):
        return _numbers(column, kind)
    try:
        return pa.array(column, TYPES[kind])
    except UnicodeEncodeError:  # lone surrogates of a broken file have no bytes in a parquet text
        return pa.array([each and each.encode("utf-8", "replace").decode() for each in column], TYPES[kind])


def _numbers(column: list[str | None], kind: ColumnType) -> pa.Array:
    """Return numbers from their texts, exact; None where one is none or larger than the column holds."""
    if max(map(len, filter(None, column)), default=0) < DIGITS:
        with suppress(pa.ArrowInvalid):  # has more decimals than the column, or is no plain number
            return pc.cast(pa.array(column, pa.string()), TYPES[kind])
    fitting = [None if each is None else fit(Decimal(each), kind) for each in column]
    return pc.cast(pa.array(fitting, pa.string()), TYPES[kind])
