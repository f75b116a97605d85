"""Tables as printed: the head's tree of labels, the rows with their merged groups, and the cells that take facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import groupby

from jixiao.pack.declarations.layout import Column, ColumnRole, RowSource, Table
from jixiao.values.number_format import plain_text
from jixiao.writing.form.cells import INPUT_STYLES, LEAST_ROW, MARK_SIGN, FormCells, Room, SheetGrid, Words
from jixiao.writing.form.rows import TableRow
from jixiao.writing.xlsx.content import Style, Value
from jixiao.writing.xlsx.text_size import LINE_POINTS, height

Columns = Mapping[str, tuple[int, int]]
Rows = tuple[int, int]

LABEL = Style("label")
LABEL_OPEN = Style("input", locked=False, align="center")
PRINTED = Style("printed")
SHORT_PRINTED = Style("label")
EMPTY = Style("label")
TOTAL = Style("total")


@dataclass(frozen=True)
class DrawnRow:
    """A row of a table with the sheet rows that it took."""

    row: TableRow
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class DrawnTable:
    """Where a table stands on its sheet: its head's lines, its rows, and its last grid column.

    Two are equal only if they are the same object: filings that stand alike share it.
    """

    table: Table
    sheet: str
    head: Rows
    rows: tuple[DrawnRow, ...]
    columns: Columns

    @cached_property
    def body(self) -> tuple[DrawnRow, ...]:
        """The rows without the footer."""
        return tuple(drawn for drawn in self.rows if not drawn.row.footer)


def print_table(grid: SheetGrid, cells: FormCells, table: Table, rows: Sequence[TableRow]) -> DrawnTable:
    """Draw a table with these rows from its unit line to its footer."""
    columns = grid_columns(table)
    right = max(last for _, last in columns.values())
    _draw_unit_line(grid, table, right)
    start = grid.row
    if table.caption:
        grid.put(grid.take(24), (0, right), table.caption, Style("caption"))
    head = _draw_head(grid, table, columns)
    drawn = [DrawnRow(row, *grid.take(_points(grid, table, row, columns))) for row in rows]
    if table.side_label:
        side = (head[0], drawn[-1].last)
        grid.put(side, (0, 0), table.side_label, LABEL)
        grid.need(side, height(table.side_label, grid.width(0, 0)))
    if table.source is RowSource.INSTITUTIONS:
        # Sums over the institutions reach down to this row, so that a row inserted under the last one counts too.
        grid.gap(6)
    shared = _draw_shared(grid, cells, table, drawn, columns)
    _draw_levels(grid, cells, table, drawn, columns)
    for each in drawn:
        _draw_row(grid, cells, table, each, columns, shared)
    return DrawnTable(table, grid.name, (start, head[1]), tuple(drawn), columns)


def _points(grid: SheetGrid, table: Table, row: TableRow, columns: Columns) -> float:
    """How high a row is at least, whatever is filled in."""
    least = max(LEAST_ROW, table.row_lines * LINE_POINTS + 6.0 if table.row_lines > 1 else 0.0)
    if row.footer:
        return least
    for column in table.columns:
        width = grid.width(*columns[column.key])
        if column.key in row.inputs:
            continue
        if column.role is ColumnRole.LABEL:
            least = max(least, height(row.label, width))
        elif column.role is ColumnRole.PRINTED and not (row.shared and column.key in row.shared_columns):
            least = max(least, height(row.printed.get(column.key, ""), width))
    return least


def _draw_unit_line(grid: SheetGrid, table: Table, right: int) -> None:
    if table.unit_line:
        grid.put(grid.take(LEAST_ROW), (0, right), table.unit_line, Style("unit"))
        grid.heights[grid.row - 1] = 19.5
    elif table.caption and grid.row:
        grid.gap(8)


def grid_columns(table: Table) -> dict[str, tuple[int, int]]:
    """The grid columns of each table column; a side label takes the first."""
    column = 1 if table.side_label else 0
    found = {}
    for each in table.columns:
        found[each.key] = (column, column + each.span - 1)
        column += each.span
    return found


def _draw_head(grid: SheetGrid, table: Table, columns: Columns) -> Rows:
    """The head: neighbours under one label are merged across, each lowest label down to the head's last line."""
    first = grid.row
    lines = []
    for line in range(table.depth):
        # Only a label of one line's height counts; those merged downwards ask for what they need below.
        tallest = max(
            (
                height(column.header[line], grid.width(*columns[column.key]))
                for column in table.columns
                if len(column.header) == line + 1 == table.depth
            ),
            default=0.0,
        )
        lines.append(grid.take(tallest + 4))
    for line in range(table.depth):
        for path, group in groupby(table.columns, key=lambda column: column.header[: line + 1]):
            members = list(group)
            if len(path) <= line:
                continue
            ends_here = all(len(member.header) == line + 1 for member in members)
            down = lines[-1][1] if ends_here else lines[line][1]
            across = (columns[members[0].key][0], columns[members[-1].key][1])
            grid.put((lines[line][0], down), across, path[-1], Style("head"))
            grid.need((lines[line][0], down), height(path[-1], grid.width(*across)))
    return first, lines[-1][1]


def _draw_levels(grid: SheetGrid, cells: FormCells, table: Table, drawn: Sequence[DrawnRow], columns: Columns) -> None:
    """The labels of groups, merged over the rows that stand under the same labels."""
    body = [each for each in drawn if not each.row.footer]
    for position, column in enumerate(table.level_columns):
        across = columns[column.key]
        for levels, group in groupby(body, key=lambda each: each.row.levels[: position + 1]):
            members = list(group)
            text = levels[position] if len(levels) > position else ""
            runs = [members] if text else [[member] for member in members]
            for run in runs:
                rows = (run[0].first, run[-1].last)
                keys = [each.row.level_keys[position] for each in run if position in each.row.level_keys]
                # The kinds that the form prints are locked; where none is printed, the department writes its own.
                style = LABEL if text or not keys else LABEL_OPEN
                cell = grid.put(rows, across, text, style)
                cells.remember_group(grid, keys, cell)
                grid.need(rows, height(text, grid.width(*across)))


def _draw_shared(
    grid: SheetGrid, cells: FormCells, table: Table, drawn: Sequence[DrawnRow], columns: Columns
) -> frozenset[tuple[str, str]]:
    """Printed cells that several rows share, each merged into one; returns (row key, column key) of all of them."""
    done: set[tuple[str, str]] = set()
    for shared, group in groupby(drawn, key=lambda each: each.row.shared):
        members = list(group)
        if not shared:
            continue
        for column in table.columns:
            if column.key not in members[0].row.shared_columns or column.role is not ColumnRole.PRINTED:
                continue
            rows = (members[0].first, members[-1].last)
            text = members[0].row.printed.get(column.key, "")
            grid.put(rows, columns[column.key], _printed(text), _printed_style(text))
            grid.need(rows, height(text, grid.width(*columns[column.key])))
            done.update((member.row.key, column.key) for member in members)
    return frozenset(done)


def _draw_row(
    grid: SheetGrid, cells: FormCells, table: Table, drawn: DrawnRow, columns: Columns, shared: frozenset[tuple[str, str]]
) -> None:
    row, rows = drawn.row, (drawn.first, drawn.last)
    remaining: Sequence[Column] = table.columns
    if row.footer:
        remaining = _draw_footer_label(grid, row, rows, table, columns)
    for column in remaining:
        across = columns[column.key]
        if (row.key, column.key) in shared or (column.role is ColumnRole.LEVEL and not row.footer):
            continue
        if column.key in row.inputs:
            key = row.inputs[column.key]
            if row.footer:
                cells.put(grid, key, rows, across, INPUT_STYLES[cells.pack.concept(key[0]).kind])
            else:
                cells.put(grid, key, rows, across, room=Room.of(grid, rows, across, before=MARK_SIGN))
        elif column.role is ColumnRole.LABEL and not row.footer:
            _draw_label(grid, cells, table, row, rows, across)
        elif column.key in row.printed_keys:
            cells.put(
                grid, row.printed_keys[column.key], rows, across, _printed_style("")._replace(locked=False), "",
                room=Room.of(grid, rows, across), tell=_stated_points,
            )  # fmt: skip
        else:
            text = row.printed.get(column.key, "")
            grid.put(rows, across, _printed(text), TOTAL if row.footer else _printed_style(text))


def _draw_label(
    grid: SheetGrid, cells: FormCells, table: Table, row: TableRow, rows: Rows, across: tuple[int, int]
) -> None:
    """What names a row: printed, the institution's as filed, or the department's own."""
    style = LABEL_OPEN if row.label_open else _label_style(table)
    if row.institution:
        cells.put_label(grid, row.institution, rows, across, style)
    elif row.label_key is not None:
        room = Room.of(grid, rows, across) if row.custom else None
        cells.put(grid, row.label_key, rows, across, style, room=room)
    else:
        grid.put(rows, across, row.label, style)


def _stated_points(value: Value) -> Words:
    """The points of the department's own row, looking like printed ones; what is no number is not shown."""
    if not isinstance(value, Decimal):
        return Words("", None)
    text = plain_text(value)
    return Words(_printed(text), text, _printed_style(text)._replace(locked=False))


def _draw_footer_label(grid: SheetGrid, row: TableRow, rows: Rows, table: Table, columns: Columns) -> Sequence[Column]:
    """The footer's label over all columns before the first that it fills; returns the columns that are left."""
    filled = [n for n, column in enumerate(table.columns) if column.key in row.inputs or column.key in row.printed]
    until = max(1, min(filled, default=1))
    across = (columns[table.columns[0].key][0], columns[table.columns[until - 1].key][1])
    grid.put(rows, across, row.label, TOTAL)
    return table.columns[until:]


def _label_style(table: Table) -> Style:
    """Names of rows stand at the left where they are long texts, else in the middle."""
    return PRINTED if table.source in (RowSource.FIXED, RowSource.CHECKLISTS) else LABEL


def _printed(text: str) -> Value:
    """A printed text as it stands in the cell: points are numbers, so that formulas may cite them."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number if number.is_finite() else text


def _printed_style(text: str) -> Style:
    return SHORT_PRINTED if len(text) <= 4 else PRINTED
