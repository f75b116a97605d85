"""Tables whose rows the department declares: each non-empty row is a record, numbered in the order of the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from jixiao.pack.layout import Column, ColumnRole, Row, Table
from jixiao.reading.findings import Gathered
from jixiao.reading.labels import normalise
from jixiao.reading.segments import Segment
from jixiao.reading.sheet import SheetView, Spot
from jixiao.reading.values import read_cell, read_value


def record_rows(part: Segment) -> list[int]:
    """The rows of a part in which the department filled in anything."""
    inputs = [
        column
        for column in part.table.columns
        if column.role in (ColumnRole.INPUT, ColumnRole.LABEL) and part.has(column)
    ]
    footers = footer_rows(part)
    return [
        row for row in part.rows if row not in footers and part.filled(row, inputs) and not _is_note(part, row, inputs)
    ]


def footer_rows(part: Segment) -> dict[int, tuple[Spot, Row]]:
    """The rows below the records that the form prints, each with the cell of its label, by row."""
    labels = {normalise(text): row for row in part.table.footer for text in (row.label, *row.aliases)}
    if not labels:
        return {}
    inputs = [part.spans[column.key][0] for column in part.table.inputs if part.has(column)]
    until = min(inputs, default=part.head.right + 1) - 1
    found = {}
    for row in part.rows:
        for spot in part.view.filled_between(row, part.head.left, until):
            if (footer := labels.get(part.view.norms.get(spot, ""))) is not None:
                found[row] = (spot, footer)
    return found


def _is_note(part: Segment, row: int, inputs: Sequence[Column]) -> bool:
    """Whether a row is one line over most of the table's width."""
    cells = list(part.view.filled_between(row, part.head.left, part.head.right))
    if len(cells) != 1 or len(inputs) < 3:
        return False
    covered = [
        column for column in inputs if cells[0][1] <= part.spans[column.key][0] <= part.view.right_edge(cells[0])
    ]
    return len(covered) * 2 > len(inputs)


def read_records(gathered: Gathered, table: Table, parts: Sequence[Segment], number: int = 1) -> None:
    """Read the records of one copy of a table; group labels are carried down to the rows they stand over."""
    _read_rows(gathered, table, parts, number)
    _read_footers(gathered, table, parts)


def _read_footers(gathered: Gathered, table: Table, parts: Sequence[Segment]) -> None:
    """Read the printed rows below the records; a finding names those that were not found."""
    read = set()
    for part in parts:
        for row, (label, footer) in footer_rows(part).items():
            if footer.key in read:
                continue
            read.add(footer.key)
            part.view.used.add(label)
            ids = table.row_concept_ids(footer)
            for column in table.inputs:
                if not part.has(column):
                    continue
                if column.key in ids:
                    read_cell(gathered, part.view, part.spot(column, row), ids[column.key])
                elif column.key in footer.printed:
                    part.view.used.add(part.spot(column, row))
    gathered.lacking(table.name, [row.label for row in table.footer if row.key not in read], table.missing)


def _read_rows(gathered: Gathered, table: Table, parts: Iterable[Segment], number: int) -> None:
    kinds = _printed_kinds(table)
    carried: dict[str, tuple[SheetView, Spot]] = {}
    for part in parts:
        inputs = [
            column
            for column in table.columns
            if column.role in (ColumnRole.INPUT, ColumnRole.LABEL) and part.has(column)
        ]
        records = set(record_rows(part))
        footers = footer_rows(part)
        for row in part.rows:
            if row in footers:
                continue
            _carry(part, table, row, carried, kinds)
            if row not in records:
                continue
            for column in part.labels.levels:
                if column.concept is not None and column.key in carried:
                    view, spot = carried[column.key]
                    value = view.cells.get(spot)
                    view.used.add(spot)
                    fact = read_value(gathered, value, view.place(spot), table.concept_id(column, n=number))
                    if printed := kinds.get(normalise(fact.raw or "")):
                        gathered.facts[-1] = replace(fact, text=printed)
            for column in inputs:
                if column.concept is not None or column.role is ColumnRole.INPUT:
                    read_cell(gathered, part.view, part.spot(column, row), table.concept_id(column, n=number))
            number += 1


def _carry(
    part: Segment, table: Table, row: int, carried: dict[str, tuple[SheetView, Spot]], printed: Iterable[str]
) -> None:
    for position, column in enumerate(part.labels.levels):
        if not part.has(column):
            continue
        spot = part.carried(column, row)
        if spot is not None:
            if carried.get(column.key) == (part.view, spot):
                continue
            for inner in part.labels.levels[position + 1 :]:
                carried.pop(inner.key, None)
            carried[column.key] = (part.view, spot)
            text = normalise(str(part.view.cells[spot]))
            if any(text.startswith(label) for label in printed):  # a printed label may carry the form's note
                part.view.used.add(spot)


def _printed_kinds(table: Table) -> dict[str, str]:
    """The printed wording of each group label by its normalised form."""
    return {
        normalise(text): label
        for level in table.levels
        for label, aliases in level.names().items()
        for text in (label, *aliases)
    }
