"""Tables of one filing: its facts laid over the table as printed, which filings with the same rows share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from itertools import chain
from typing import NamedTuple

from jixiao.model.place import Place
from jixiao.model.submission import Institution
from jixiao.pack import Pack
from jixiao.pack.concept import Concept
from jixiao.pack.layout import ColumnRole, Table
from jixiao.pack.memo import once_a_pack
from jixiao.writing.canvas import Cell, SheetContent, Style, Value
from jixiao.writing.form_cells import FormCells
from jixiao.writing.form_grid import LEAST_ROW, Grid
from jixiao.writing.form_rows import (
    Filed,
    Key,
    TableRow,
    custom_numbers,
    filed_rows,
    table_rows,
    with_custom_rows,
)
from jixiao.writing.form_tables import DrawnTable, grid_columns, print_table
from jixiao.writing.textsize import HIGHEST_ROW, LINE_POINTS, height, rows_for

SHAPES, PRINTS = 256, 16
"""How many sets of rows are remembered for a pack, and for each how many places and heights of it."""


class Slot(NamedTuple):
    """A printed cell that takes a fact, or (`levels`) shows the findings of several; `stated` says that its text stays."""

    position: int
    keys: tuple[Key, ...]
    place: Place
    stated: bool = False
    levels: bool = False


@dataclass(frozen=True)
class PrintedTable:
    """A table as printed at one place: cells in their order, those of facts blank, and what a filing adds to them.

    `above` and `below` are the heights of the rows before and after the table's own; `end` is the next free row.
    """

    drawn: DrawnTable
    cells: tuple[Cell, ...]
    slots: tuple[Slot, ...]
    demands: tuple[tuple[int, int, float], ...]
    above: Mapping[int, float]
    below: Mapping[int, float]
    end: int
    places: Mapping[Key, Place]
    numbers: Mapping[Place, Decimal]
    concepts: Mapping[Place, Concept]
    spans: Mapping[Place, int]


@dataclass(frozen=True)
class Shape:
    """A table with one set of rows; `printed` gives it as printed on a sheet from a row on, with rows of these heights.

    `least` is how high each row is at least, `wide` the row and the width of each fact whose text may ask for more.
    """

    rows: tuple[TableRow, ...]
    least: tuple[float, ...]
    wide: Mapping[Key, tuple[int, float]]
    printed: Callable[[str, tuple[float, ...], int, int, tuple[int, ...]], PrintedTable]

    @cached_property
    def heights(self) -> tuple[tuple[float, ...], ...]:
        """The heights of the sheet's rows that each row takes at least."""
        return tuple(tuple(rows_for(points)) for points in self.least)


@dataclass
class _Blank(FormCells):
    """The cells of a table without a filing; remembers which of them take facts."""

    slots: list[Slot] = field(default_factory=list)
    drawn: list[Cell] = field(default_factory=list)

    def put(
        self, grid: Grid, key: Key, rows: tuple[int, int], columns: tuple[int, int], style: Style | None = None,
        value: Value = None, stated: bool = False,
    ) -> Cell:  # fmt: skip
        """Set the blank cell of a fact."""
        place = Place(grid.sheet.name, rows[0], columns[0])
        self.slots.append(Slot(len(grid.sheet.cells), (key,), place, stated))
        return super().put(grid, key, rows, columns, style, value, stated)

    def mark(self, cell: Cell, key: Key) -> None:
        """Remember that a cell of several facts shows the findings of this one too."""
        position = next(n for n, each in enumerate(self.drawn) if each is cell)
        last = self.slots[-1] if self.slots else None
        if last is not None and last.levels and last.position == position:
            self.slots[-1] = last._replace(keys=(*last.keys, key))
        else:
            self.slots.append(Slot(position, (key,), Place("", cell.row, cell.column), levels=True))


def draw_table(grid: Grid, cells: FormCells, table: Table, institutions: Sequence[Institution]) -> DrawnTable:
    """Draw a table of a filing from its unit line to its footer."""
    shape = _shape_of(grid, cells, table, institutions)
    heights = _heights(cells, shape)
    printed = shape.printed(
        grid.sheet.name, tuple(grid.widths), grid.extra, grid.row, tuple(map(len, heights))
    )
    high = grid.sheet.heights
    high.update(printed.above)
    # A table's rows follow each other without a gap.
    high.update(enumerate(chain.from_iterable(heights), start=printed.drawn.rows[0].first if heights else 0))
    high.update(printed.below)
    grid.row = printed.end
    grid.demands.extend(printed.demands)
    grid.sheet.cells.extend(_filled(cells, printed, grid.sheet.name))
    return printed.drawn


def _filled(cells: FormCells, printed: PrintedTable, sheet: str) -> list[Cell]:
    """The cells with the filing's values and marks; those that have neither are the printed ones themselves."""
    cells.places.update(printed.places)
    cells.numbers.update(printed.numbers)
    cells.concepts.update(printed.concepts)
    cells.spans.update(printed.spans)
    shown, marks, numbers, made = cells.shown, cells.marks, cells.numbers, list(printed.cells)
    for position, keys, place, stated, levels in printed.slots:
        if levels:
            if marks and any(key in marks for key in keys):
                made[position] = own = replace(made[position])
                for key in keys:
                    cells.mark(own, key)
            continue
        key = keys[0]
        mark = marks.get(key)
        if mark is None and (stated or key not in shown):
            continue
        blank = made[position]
        value = blank.value if stated else shown.get(key)
        if mark is None and value is None:
            continue
        made[position] = Cell(
            blank.row, blank.column, value, blank.style if mark is None else blank.style._replace(mark=mark.severity),
            blank.last_row, blank.last_column, "", "" if mark is None else mark.comment,
        )  # fmt: skip
        if isinstance(value, Decimal):
            numbers[place] = value
    return made


def _heights(cells: FormCells, shape: Shape) -> Sequence[tuple[float, ...]]:
    """The heights of the sheet's rows that each row of a filing's table takes."""
    raised: dict[int, float] = {}
    for key in shape.wide.keys() & cells.texts.keys():
        row, width = shape.wide[key]
        # The mark inside a marked cell takes the room of a sign.
        points = height(f"▲{cells.texts[key]}", width)
        if points > raised.get(row, shape.least[row]):
            raised[row] = points
    if not raised:
        return shape.heights
    heights = list(shape.heights)
    for row, points in raised.items():
        heights[row] = tuple(rows_for(points))
    return heights


# ---------------------------------------------------------------- what filings share


@once_a_pack
def _shapes(pack: Pack) -> Callable[[str, Filed, tuple[float, ...]], Shape]:
    tables = {table.id: table for table in pack.tables}

    @lru_cache(maxsize=SHAPES)
    def shape(table: str, filed: Filed, widths: tuple[float, ...]) -> Shape:
        return _shape(pack, tables[table], table_rows(pack, tables[table], filed), widths)

    return shape


def _shape_of(grid: Grid, cells: FormCells, table: Table, institutions: Sequence[Institution]) -> Shape:
    """The shape that a table has for a filing; rows of the department's own among the rubric's make it one of its own."""
    shape = _shapes(cells.pack)(table.id, filed_rows(table, cells.facts, institutions), tuple(grid.widths))
    numbers = custom_numbers(table, cells.facts)
    if not numbers or cells.facts is None:
        return shape
    rows = with_custom_rows(cells.pack, table, shape.rows, cells.facts, numbers)
    return _shape(cells.pack, table, rows, tuple(grid.widths))


def _shape(pack: Pack, table: Table, rows: Sequence[TableRow], widths: tuple[float, ...]) -> Shape:
    least: list[float] = []
    wide: dict[Key, tuple[int, float]] = {}
    for number, row in enumerate(rows):
        points, facts = _row_texts(table, row, widths)
        least.append(points)
        wide.update((key, (number, width)) for key, width in facts)
    printed = lru_cache(maxsize=PRINTS)(partial(_print, pack, table, tuple(rows)))
    return Shape(tuple(rows), tuple(least), wide, printed)


def _row_texts(table: Table, row: TableRow, widths: Sequence[float]) -> tuple[float, list[tuple[Key, float]]]:
    """How high a row is at least, and the facts whose texts may ask for more in their width."""
    least = max(LEAST_ROW, table.row_lines * LINE_POINTS + 6.0 if table.row_lines > 1 else 0.0)
    facts: list[tuple[Key, float]] = []
    if row.footer:
        return least, facts
    columns = grid_columns(table)
    for column in table.columns:
        first, last = columns[column.key]
        width = sum(widths[first : last + 1])
        if column.key in row.inputs:
            facts.append((row.inputs[column.key], width))
        elif column.role is ColumnRole.LABEL:
            least = max(least, height(row.label, width))
        elif column.role is ColumnRole.PRINTED and not (row.shared and column.key in row.shared_columns):
            least = max(least, height(row.printed.get(column.key, ""), width))
    return least, facts


def _print(
    pack: Pack, table: Table, rows: Sequence[TableRow], sheet: str, widths: tuple[float, ...], extra: int, start: int,
    lines: tuple[int, ...],
) -> PrintedTable:  # fmt: skip
    """The table as printed from a row on; `lines` are how many rows of the sheet each of its rows takes."""
    grid = Grid(SheetContent(sheet), widths, extra, start)
    blank = _Blank(pack, None, {}, drawn=grid.sheet.cells)
    drawn = print_table(grid, blank, table, rows, [HIGHEST_ROW * count for count in lines])
    own = range(drawn.rows[0].first, drawn.rows[-1].last + 1) if drawn.rows else range(0)
    heights = grid.sheet.heights
    return PrintedTable(
        drawn, tuple(grid.sheet.cells), tuple(blank.slots), tuple(grid.demands),
        {row: points for row, points in heights.items() if row < own.start},
        {row: points for row, points in heights.items() if row >= own.stop},
        grid.row, blank.places, blank.numbers, blank.concepts, blank.spans,
    )  # fmt: skip
