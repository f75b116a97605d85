"""The form, drawn from the layout of its pack: blank, or with the values, marks and columns of one filing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from jixiao.model.fact import Facts
from jixiao.model.place import Place
from jixiao.model.submission import Institution
from jixiao.pack import Pack
from jixiao.pack.concept import Concept
from jixiao.pack.layout import Fields, Heading, Notes, Orientation, Prose, Sheet, Table
from jixiao.writing.arrangement import Arrangement, Places, arrangement, extra_key
from jixiao.writing.canvas import Cell, Page, SheetContent, Style, Value, is_brief, shared_cell
from jixiao.writing.checks_live import draw_checks
from jixiao.writing.form_blocks import draw_fields, draw_heading, draw_notes, draw_prose, draw_stamp
from jixiao.writing.form_cells import FormCells, Mark
from jixiao.writing.form_checks import rate_decimals
from jixiao.writing.form_grid import Grid
from jixiao.writing.form_laid import draw_table
from jixiao.writing.form_rows import Key
from jixiao.writing.form_tables import DrawnTable
from jixiao.writing.textsize import height

__all__ = ["DrawnForm", "ExtraColumn", "Mark", "draw_form", "extra_key"]

ExtraCell = tuple[Value, str, Style]

HEAD = Style("head")
EMPTY = Style("label")

PAGE_SHORT, PAGE_LONG = 509.0, 738.0
"""What is printed of an A4 page between its margins, in points."""

POINTS_A_CHARACTER, CELL_PADDING = 5.25, 3.75
LITTLE_MORE = 1.26
"""Up to how many pages are printed as one."""

WIDEST_PORTRAIT = 125.0
"""Sheets wider than this many characters are printed across."""


@dataclass(frozen=True)
class ExtraColumn:
    """A column to the right of a table: `cell` gives value, formula and style of a row, or None for an empty cell.

    `row_id` makes of a row's key what the cells are known and asked by; it may differ from table to table. `cell` is
    asked when all cells have their places; those of extra columns stand among them as `extra_key(key, row)`.
    """

    header: tuple[str, ...]
    width: float
    cell: Callable[[str, Places], ExtraCell | None]
    key: str = ""
    row_id: Callable[[str], str] = str

    @property
    def name(self) -> str:
        """What `extra_key` knows the column by: its key, else the lowest line of its head."""
        return self.key or self.header[-1]


@dataclass(frozen=True)
class DrawnForm:
    """The sheets of a drawn form, where each fact stands, and the open cells with their concepts by place.

    `spans` are the last rows of open cells.
    """

    sheets: list[SheetContent]
    places: Places
    open_cells: dict[Place, Concept]
    spans: dict[Place, int]


def draw_form(
    pack: Pack,
    facts: Facts | None = None,
    *,
    institutions: Sequence[Institution] = (),
    marks: Mapping[Key, Mark] = MappingProxyType({}),
    extra_columns: Mapping[str, Sequence[ExtraColumn]] = MappingProxyType({}),
    live_checks: bool = True,
    protected: bool = True,
    sheets: Collection[str] | None = None,
    header: str = "",
) -> DrawnForm:
    """Every sheet of the pack's layout, blank (`facts` None) or filled.

    `marks` shows findings at the cells of facts, `extra_columns` adds columns to the tables of the ids named, `sheets`
    draws only the sheets of these ids, `header` is printed at the head of each page.
    """
    cells = FormCells(pack, facts, marks)
    drawn: list[tuple[Sheet, Grid, list[DrawnTable]]] = []
    for number, sheet in enumerate(pack.layout.sheets):
        if sheets is not None and sheet.id not in sheets:
            continue
        extra = max((len(extra_columns.get(block.id, ())) for block in sheet.blocks), default=0)
        grid = Grid(SheetContent(sheet.name, protected=protected), sheet.widths, extra)
        tables = _draw_blocks(grid, cells, sheet, institutions)
        if number == 0:
            draw_stamp(grid, cells)
        drawn.append((sheet, grid, tables))
    # Places first, then the cells that cite them.
    arranged = _arranged(cells, drawn, extra_columns, live_checks)
    for sheet, grid, tables in drawn:
        extras = [(table, extra_columns.get(table.table.id, ())) for table in tables]
        right = _draw_extras(grid, cells, arranged.places, extras)
        grid.settle()
        _set_page(grid, sheet, tables, right, header)
        draw_checks(grid, cells, tables, arranged.checks, right + 2)
    return DrawnForm([grid.sheet for _, grid, _ in drawn], arranged.places, cells.concepts, cells.spans)


def _draw_blocks(grid: Grid, cells: FormCells, sheet: Sheet, institutions: Sequence[Institution]) -> list[DrawnTable]:
    tables = []
    for block in sheet.blocks:
        match block:
            case Heading():
                draw_heading(grid, cells, block)
            case Fields():
                draw_fields(grid, cells, block)
            case Prose():
                draw_prose(grid, cells, block)
            case Notes():
                draw_notes(grid, block)
            case Table():
                tables.append(draw_table(grid, cells, block, institutions))
    return tables


def _arranged(
    cells: FormCells, drawn: Sequence[tuple[Sheet, Grid, list[DrawnTable]]],
    extra_columns: Mapping[str, Sequence[ExtraColumn]], live_checks: bool,
) -> Arrangement:  # fmt: skip
    extras = tuple(
        (table, grid.columns, tuple((each.name, each.row_id) for each in extra_columns[table.table.id]))
        for _, grid, tables in drawn
        for table in tables
        if table.table.id in extra_columns
    )
    tables = [table for _, _, own in drawn for table in own]
    decimals = rate_decimals(cells.pack, cells.facts) if live_checks else None
    return arrangement(cells.pack, cells.places, cells.apart, tables, extras, decimals)


def _draw_extras(
    grid: Grid, cells: FormCells, places: Places, extras: Sequence[tuple[DrawnTable, Sequence[ExtraColumn]]]
) -> int:
    """Draw the extra columns; returns the last column of the sheet that is printed."""
    right = grid.columns - 1
    put, name = grid.sheet.cells.append, grid.sheet.name
    for table, columns in extras:
        for at, column in enumerate(columns, start=grid.columns):
            right = max(right, at)
            grid.sheet.widths[at] = max(grid.sheet.widths.get(at, 0.0), column.width)
            head, foot = table.head[0] + (1 if table.table.caption else 0), table.head[1]
            put(shared_cell(head, at, "\n".join(column.header), HEAD, foot, at))
            for first, last, row_id in _ids(table, column.row_id):
                made = column.cell(row_id, places) if row_id else None
                if made is None:
                    put(shared_cell(first, at, None, EMPTY, last, at))
                    continue
                value, formula, style = made
                if formula or not is_brief(value):
                    put(Cell(first, at, value, style, last, at, formula))
                else:
                    put(shared_cell(first, at, value, style, last, at))
                if isinstance(value, str):
                    if value:
                        grid.need((first, last), height(value, column.width))
                elif isinstance(value, Decimal):
                    cells.numbers[Place(name, first, at)] = value
    return right


@lru_cache(maxsize=256)
def _ids(table: DrawnTable, row_id: Callable[[str], str]) -> tuple[tuple[int, int, str], ...]:
    """The rows of a table with what the cells beside them are asked by."""
    return tuple((each.first, each.last, row_id(each.row.key)) for each in table.rows)


def _set_page(grid: Grid, sheet: Sheet, tables: Sequence[DrawnTable], right: int, header: str) -> None:
    content = grid.sheet
    for column, width in enumerate(sheet.widths):
        content.widths[column] = width
    if grid.columns == 1:
        # LibreOffice shrinks to the page's width only what has more than one column.
        content.widths[1] = 1.0
        right = max(right, 1)
    wide = sum(content.widths[column] for column in range(right + 1)) > WIDEST_PORTRAIT
    landscape = wide or sheet.orientation is Orientation.LANDSCAPE
    # Where one table is the sheet, its head is repeated on every page.
    repeat = tables[0].head if len(tables) == 1 and len(tables[0].rows) > 12 else None
    content.page = Page(
        landscape=landscape, repeat_rows=repeat, print_area=(0, 0, grid.row - 1, right), header=header,
        one_page=_hardly_longer_than_a_page(content, right, landscape),
    )  # fmt: skip


def _hardly_longer_than_a_page(sheet: SheetContent, right: int, landscape: bool) -> bool:
    """Whether a few rows would stand alone on a second page: then all of it is printed a little smaller."""
    room = (PAGE_LONG, PAGE_SHORT) if landscape else (PAGE_SHORT, PAGE_LONG)
    width = sum(sheet.widths[column] * POINTS_A_CHARACTER + CELL_PADDING for column in range(right + 1))
    pages = sum(sheet.heights.values()) * min(1.0, room[0] / width) / room[1]
    return 1 < pages <= LITTLE_MORE
