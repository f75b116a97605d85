"""Tables as printed: the head's tree of labels, the rows with their merged groups, and the cells that take facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import groupby

from jixiao.pack.declarations.layout import Column, ColumnRole, RowSource, Table
from jixiao.values.number_format import plain_text
from jixiao.writing.form.cells import LEAST_ROW, MARK_SIGN, CellSlot, FormSheet, ShownValue, Span
from jixiao.writing.form.rows import TableRow
from jixiao.writing.xlsx.content import Style, Value
from jixiao.writing.xlsx.text_size import LINE_POINTS, height

LABEL, PRINTED, TOTAL = Style("label"), Style("printed"), Style("total")
LABEL_OPEN = Style("input", locked=False, align="center")


@dataclass(frozen=True)
class DrawnRow:
    """A row of a table with the sheet rows that it took."""

    row: TableRow
    first: int
    last: int

    @property
    def rows(self) -> Span:
        """First and last sheet row."""
        return (self.first, self.last)


@dataclass(frozen=True, eq=False)
class DrawnTable:
    """A table on its sheet: the rows of its head, its own rows, and the grid columns of each of its columns.

    Two are equal only if they are the same object: filings with the same rows share it.
    """

    table: Table
    sheet: str
    head: Span
    rows: tuple[DrawnRow, ...]
    columns: Mapping[str, Span]

    @cached_property
    def body(self) -> tuple[DrawnRow, ...]:
        """The rows without the footer."""
        return tuple(drawn for drawn in self.rows if not drawn.row.footer)


def print_table(sheet: FormSheet, table: Table, rows: Sequence[TableRow]) -> DrawnTable:
    """Draw a table with these rows from its unit line to its footer."""
    columns = grid_columns(table)
    across = (0, max(last for _, last in columns.values()))
    if table.unit_line:
        sheet.put(sheet.take(LEAST_ROW), across, table.unit_line, Style("unit"))
        sheet.heights[sheet.row - 1] = 19.5
    elif table.caption and sheet.row:
        sheet.gap(8)
    start = sheet.row
    if table.caption:
        sheet.put(sheet.take(24), across, table.caption, Style("caption"))
    head = _draw_head(sheet, table, columns)
    body = tuple(DrawnRow(row, *sheet.take(_points(sheet, table, row, columns))) for row in rows)
    drawn = DrawnTable(table, sheet.name, (start, head[1]), body, columns)
    if table.side_label:
        sheet.put_high((head[0], body[-1].last), (0, 0), table.side_label, LABEL, table.side_label)
    if table.source is RowSource.INSTITUTIONS:
        # Sums over the institutions reach down to this row, so that a row inserted under the last one counts too.
        sheet.gap(6)
    shared = _draw_shared(sheet, drawn)
    _draw_levels(sheet, drawn)
    for each in body:
        _draw_row(sheet, drawn, each, shared)
    return drawn


def grid_columns(table: Table) -> dict[str, Span]:
    """Return the grid columns of each table column; a side label takes the first."""
    column = 1 if table.side_label else 0
    columns = {}
    for each in table.columns:
        columns[each.key] = (column, column + each.span - 1)
        column += each.span
    return columns


def _points(sheet: FormSheet, table: Table, row: TableRow, columns: Mapping[str, Span]) -> float:
    """Return how high a row is at least, whatever is filled in."""
    least = max(LEAST_ROW, table.row_lines * LINE_POINTS + 6.0 if table.row_lines > 1 else 0.0)
    if row.footer:
        return least
    for column in table.columns:
        text = row.label if column.role is ColumnRole.LABEL else ""
        if column.role is ColumnRole.PRINTED and not (row.shared and column.key in row.shared_columns):
            text = row.printed.get(column.key, "")
        if column.key not in row.inputs:
            least = max(least, height(text, sheet.width(columns[column.key])))
    return least


def _draw_head(sheet: FormSheet, table: Table, columns: Mapping[str, Span]) -> Span:
    """Draw the head: neighbours under one label merged across, each lowest label merged down to the last line."""
    first = sheet.row
    lines = []
    for line in range(table.depth):
        # Only a label of one line's height counts; those merged downwards demand what they need below.
        single = [column for column in table.columns if len(column.header) == line + 1 == table.depth]
        tallest = max((height(each.header[line], sheet.width(columns[each.key])) for each in single), default=0.0)
        lines.append(sheet.take(tallest + 4))
    for line in range(table.depth):
        for path, group in groupby(table.columns, key=lambda column: column.header[: line + 1]):
            members = list(group)
            if len(path) <= line:
                continue
            ends_here = all(len(member.header) == line + 1 for member in members)
            rows = (lines[line][0], lines[-1][1] if ends_here else lines[line][1])
            across = (columns[members[0].key][0], columns[members[-1].key][1])
            sheet.put_high(rows, across, path[-1], Style("head"), path[-1])
    return first, lines[-1][1]


def _draw_levels(sheet: FormSheet, drawn: DrawnTable) -> None:
    """Draw the labels of groups, merged over the rows under the same labels."""
    for position, column in enumerate(drawn.table.level_columns):
        for levels, group in groupby(drawn.body, key=lambda each: each.row.levels[: position + 1]):
            members = list(group)
            text = levels[position] if len(levels) > position else ""
            for run in [members] if text else [[member] for member in members]:
                keys = [each.row.level_keys[position] for each in run if position in each.row.level_keys]
                # The kinds that the form prints are locked; where none is printed, the department writes its own.
                style = LABEL if text or not keys else LABEL_OPEN
                cell = sheet.put_high((run[0].first, run[-1].last), drawn.columns[column.key], text, style, text)
                sheet.note_group(keys, cell)


def _draw_shared(sheet: FormSheet, drawn: DrawnTable) -> set[tuple[str, str]]:
    """Draw printed cells that several rows share, each merged into one; return the (row, column) keys of all."""
    done: set[tuple[str, str]] = set()
    for shared, group in groupby(drawn.rows, key=lambda each: each.row.shared):
        members = list(group)
        if not shared:
            continue
        for column in drawn.table.columns:
            if column.key in members[0].row.shared_columns and column.role is ColumnRole.PRINTED:
                rows = (members[0].first, members[-1].last)
                text = members[0].row.printed.get(column.key, "")
                sheet.put_high(rows, drawn.columns[column.key], _printed(text), _printed_style(text), text)
                done.update((member.row.key, column.key) for member in members)
    return done


def _draw_row(sheet: FormSheet, drawn: DrawnTable, each: DrawnRow, shared: set[tuple[str, str]]) -> None:
    row, rows, table = each.row, each.rows, drawn.table
    remaining = _draw_footer_label(sheet, drawn, each) if row.footer else table.columns
    for column in remaining:
        across = drawn.columns[column.key]
        if (row.key, column.key) in shared or (column.role is ColumnRole.LEVEL and not row.footer):
            continue
        if column.key in row.inputs:
            room = None if row.footer else sheet.room(rows, across, MARK_SIGN)
            sheet.put_fact(row.inputs[column.key], rows, across, room=room)
        elif column.role is ColumnRole.LABEL and not row.footer:
            _draw_label(sheet, table, each, across)
        elif column.key in row.printed_keys:
            sheet.put_fact(
                row.printed_keys[column.key], rows, across, LABEL._replace(locked=False), "", room=sheet.room(rows, across),
                show=_show_points,
            )  # fmt: skip
        else:
            text = row.printed.get(column.key, "")
            sheet.put(rows, across, _printed(text), TOTAL if row.footer else _printed_style(text))


def _draw_label(sheet: FormSheet, table: Table, drawn: DrawnRow, across: Span) -> None:
    """Draw what names a row: a printed text, the institution's label as filed, or the department's own."""
    row, rows = drawn.row, drawn.rows
    # Printed names are at the left where they are long texts, else in the middle.
    style = PRINTED if table.source in (RowSource.FIXED, RowSource.CHECKLISTS) else LABEL
    if row.label_open:
        style = LABEL_OPEN
    if row.institution:
        sheet.put(rows, across, "", style)
        sheet.slots.append(CellSlot(len(sheet.cells) - 1, ("", row.institution), sheet.room(rows, across)))
    elif row.label_key is not None:
        sheet.put_fact(row.label_key, rows, across, style, room=sheet.room(rows, across) if row.custom else None)
    else:
        sheet.put(rows, across, row.label, style)


def _show_points(value: Value) -> ShownValue:
    """Return the points of the department's own row, looking like printed ones; what is no number is not shown."""
    if not isinstance(value, Decimal):
        return ShownValue("", None)
    text = plain_text(value)
    return ShownValue(_printed(text), text, _printed_style(text)._replace(locked=False))


def _draw_footer_label(sheet: FormSheet, drawn: DrawnTable, each: DrawnRow) -> Sequence[Column]:
    """Draw the footer's label over all columns before the first that it fills; return the columns that are left."""
    row, columns = each.row, drawn.table.columns
    filled = [n for n, column in enumerate(columns) if column.key in row.inputs or column.key in row.printed]
    until = max(1, min(filled, default=1))
    across = (drawn.columns[columns[0].key][0], drawn.columns[columns[until - 1].key][1])
    sheet.put(each.rows, across, row.label, TOTAL)
    return columns[until:]


def _printed(text: str) -> Value:
    """Return a printed text as a cell's value: points are numbers, so that formulas may cite them."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number if number.is_finite() else text


def _printed_style(text: str) -> Style:
    return LABEL if len(text) <= 4 else PRINTED
