"""Tables whose rows the department declares: each non-empty row is a record, numbered in the order of the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jixiao.pack.declarations.layout import Column, Row, Table
from jixiao.reading.context import ReadContext
from jixiao.reading.locate.labels import normalise
from jixiao.reading.locate.sheet_view import Position, SheetView
from jixiao.reading.table_segment import Segment
from jixiao.reading.values import read_row, read_value


def record_rows(part: Segment, footers: Mapping[int, object] | None = None) -> list[int]:
    """The rows of a part in which the department filled in anything; `footers` are those that the form prints below."""
    inputs = [column for column in part.labels.entries if column.key in part.spans]
    below = footer_rows(part) if footers is None else footers
    return [row for row in part.rows if row not in below and part.filled(row, inputs) and not _is_note(part, row, inputs)]


def footer_rows(part: Segment) -> dict[int, tuple[Position, Row]]:
    """The rows below the records that the form prints, each with the cell of its label, by row."""
    if not part.table.footer:
        return {}
    inputs = [part.spans[column.key][0] for column in part.table.inputs if part.has(column)]
    until = min(inputs, default=part.head.right + 1) - 1
    footers = {}
    for row in part.rows:
        for spot in part.view.filled_between(row, part.head.left, until):
            if (footer := part.labels.footers.get(part.view.norms.get(spot, ""))) is not None:
                footers[row] = (spot, footer)
    return footers


def _is_note(part: Segment, row: int, inputs: Sequence[Column]) -> bool:
    """Whether a row is one line over most of the table's width."""
    if len(inputs) < 3:
        return False
    left, right = part.head.left, part.head.right
    cells = [(row, column) for column in part.view.row_columns[row] if left <= column <= right]
    if len(cells) != 1:
        return False
    edge = part.view.right_edge(cells[0])
    return 2 * sum(cells[0][1] <= part.spans[column.key][0] <= edge for column in inputs) > len(inputs)


def _read_footers(gathered: ReadContext, table: Table, parts: Sequence[Segment]) -> None:
    """Read the printed rows below the records; a finding names those that were not found."""
    read = set()
    for part in parts:
        for row, (label, footer) in footer_rows(part).items():
            if footer.key in read:
                continue
            read.add(footer.key)
            part.view.used.add(label)
            read_row(gathered, part, row, part.labels.row_concepts[footer.key])
            printed = (column for column in part.labels.inputs if part.has(column) and column.key in footer.printed)
            part.view.used.update(part.spot(column, row) for column in printed)
    gathered.lacking(table.name, [row.label for row in table.footer if row.key not in read], table.missing)


def read_records(gathered: ReadContext, table: Table, parts: Sequence[Segment]) -> None:
    """Read the records of one copy of a table; group labels are carried down to the rows under them."""
    number, labels = 1, parts[0].labels
    carried: dict[str, tuple[SheetView, Position]] = {}
    for part in parts:
        inputs = [column.key for column in labels.entries if column.key in part.spans and column.key in labels.ids]
        footers = footer_rows(part)
        records = set(record_rows(part, footers))
        for row in part.rows:
            if row in footers:
                continue
            _carry(part, row, carried)
            if row not in records:
                continue
            for column in labels.levels:
                if column.concept is not None and column.key in carried:
                    view, spot = carried[column.key]
                    value = view.cells.get(spot)
                    view.used.add(spot)
                    fact = read_value(gathered, value, view.place(spot), numbered(labels.ids[column.key], number))
                    printed = labels.kinds.get(normalise(fact.raw or ""))
                    if printed and printed != fact.text:
                        gathered.facts[-1] = fact._replace(text=printed)
            read_row(gathered, part, row, [(key, numbered(labels.ids[key], number)) for key in inputs])
            number += 1
    _read_footers(gathered, table, parts)


def numbered(pattern: str, number: int) -> str:
    """The concept id of a record's cell."""
    return pattern.replace("{n}", str(number))


def _carry(part: Segment, row: int, carried: dict[str, tuple[SheetView, Position]]) -> None:
    """Bring the group labels that are carried down up to date with a row."""
    view, labels = part.view, part.labels
    for position, column in enumerate(labels.levels):
        if column.key not in part.spans:
            continue
        spot = part.carried(column, row)
        if spot is not None:
            if carried.get(column.key) == (view, spot):
                continue
            for inner in labels.levels[position + 1 :]:
                carried.pop(inner.key, None)
            carried[column.key] = (view, spot)
            text = normalise(str(view.cells[spot]))
            if text in labels.kinds or any(text.startswith(label) for label in labels.kinds):  # a printed label may carry the form's note
                view.used.add(spot)
