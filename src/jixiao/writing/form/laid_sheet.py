"""Sheets of the form as laid out: all that filings with the same rows share, drawn once, with slots for what each says.

What a filing says decides neither the cells nor, as a rule, where they stand; only how high rows are. A band of rows
that has to show more than one row can makes another laid sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

from jixiao.model.fact import Facts
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.layout import Fields, Heading, Notes, Orientation, Prose, Sheet, Table
from jixiao.writing.form.blocks import draw_fields, draw_heading, draw_notes, draw_prose, draw_stamp
from jixiao.writing.form.cells import FormCells, SheetGrid
from jixiao.writing.form.printed_table import DrawnTable, print_table
from jixiao.writing.form.rows import CellKey, FiledRows, filed_rows, table_rows
from jixiao.writing.xlsx.content import Style

LAID = 256
"""How many laid sheets a pack remembers."""

HEAD, EMPTY = Style("head"), Style("label")

PAGE_SHORT, PAGE_LONG = 509.0, 738.0
"""What is printed of an A4 page between its margins, in points."""

POINTS_A_CHARACTER, CELL_PADDING = 5.25, 3.75
LITTLE_MORE = 1.26
"""Up to how many pages are printed as one."""

WIDEST_PORTRAIT = 125.0
"""Sheets wider than this many characters are printed across."""


class ExtraColumn(NamedTuple):
    """The head of a column to the right of a table, its lines from the top down, and its width in characters."""

    header: tuple[str, ...]
    width: float
    key: str = ""

    @property
    def name(self) -> str:
        """What `extra_key` knows the column by: its key, else the lowest line of its head."""
        return self.key or self.header[-1]


class SideColumns(NamedTuple):
    """What stands beside a table: columns, and what makes of a row's key what their cells are known and asked by."""

    columns: tuple[ExtraColumn, ...]
    row_id: Callable[[str], str] = str


@dataclass(frozen=True, eq=False)
class LaidBeside:
    """Extra columns of a table on its sheet, from `column` on; their cells are blank and stand column by column.

    `positions` are those of the columns' first cells.
    """

    table: DrawnTable
    beside: SideColumns
    column: int
    positions: tuple[int, ...]

    @property
    def columns(self) -> tuple[ExtraColumn, ...]:
        """The columns from left to right."""
        return self.beside.columns

    @property
    def rows(self) -> Iterator[tuple[str, int, int]]:
        """What the cells of each row are asked by, and the first and last row of the sheet that it takes."""
        return ((self.beside.row_id(each.row.key), each.first, each.last) for each in self.table.rows)


@dataclass(frozen=True)
class PageFit:
    """How a sheet is printed, whatever it says: its last column, its direction, the head rows that are repeated.

    It is shrunk to the page's width, whose height is in points.
    """

    last: int
    landscape: bool
    repeat: tuple[int, int] | None
    shrunk: float
    page: float

    def hardly_longer_than_a_page(self, points: float) -> bool:
        """Whether a few rows would stand alone on a second page: then all of it is printed a little smaller."""
        return 1 < points * self.shrunk / self.page <= LITTLE_MORE


@dataclass(frozen=True, eq=False)
class LaidSheet:
    """A sheet of the form with everything but what a filing says. Its cells are shared: none is ever changed.

    Places are by what the form calls the institutions.
    """

    grid: SheetGrid
    form: FormCells
    widths: Mapping[int, float]
    tables: tuple[DrawnTable, ...]
    beside: tuple[LaidBeside, ...]
    fit: PageFit

    @property
    def name(self) -> str:
        """The name of the sheet."""
        return self.grid.name

    @cached_property
    def positions(self) -> Mapping[CellKey, tuple[int, ...]]:
        """The numbers of the cells in which the findings of a fact are shown, those of several facts apart."""
        found: dict[CellKey, tuple[int, ...]] = {}
        for slot in self.form.slots:
            found[slot.key] = (*found.get(slot.key, ()), slot.position)
        for each in self.form.paragraphs:
            found[each.key] = (*found.get(each.key, ()), each.positions[0])
        return found

    @cached_property
    def standing(self) -> Hashable:
        """By what a form is told apart whose formulas cite this sheet: the sheet itself, or the places of its facts."""
        return self if self.tables else tuple(self.form.places.items())


class SheetRequest(NamedTuple):
    """What decides how a sheet is laid out: its id, what a filing has of its tables and paragraphs, what stands beside.

    `filed` and `paragraphs` are for each of its tables and texts in turn; `tall` are the bands that take so many rows of
    the sheet.
    """

    sheet: str
    filed: tuple[FiledRows, ...]
    paragraphs: tuple[int, ...]
    beside: tuple[tuple[str, SideColumns], ...]
    tall: tuple[tuple[int, int], ...] = ()


def asked_of(
    pack: Pack, sheet: Sheet, facts: Facts | None, institutions: tuple[str, ...], beside: Mapping[str, SideColumns]
) -> SheetRequest:
    """What a filing (or the blank form) asks of a sheet; the institutions are by what the form calls them."""
    return SheetRequest(
        sheet.id,
        tuple(filed_rows(pack, block, facts, institutions) for block in sheet.blocks if isinstance(block, Table)),
        tuple(len(paragraphs_of(facts, block.concept)) for block in sheet.blocks if isinstance(block, Prose)),
        tuple((block.id, beside[block.id]) for block in sheet.blocks if block.id in beside),
    )


def paragraphs_of(facts: Facts | None, concept: str) -> list[str]:
    """The paragraphs of a text as filed; none of a blank."""
    fact = facts.get(concept) if facts is not None else None
    shown = None if fact is None else fact.shown
    return str(shown).split("\n") if shown not in (None, "") else []


def laid_sheet(pack: Pack, asked: SheetRequest) -> LaidSheet:
    """The sheet as laid out for all filings that ask the same."""
    return _laid(pack)(asked)


@cached_per_pack
def _laid(pack: Pack) -> Callable[[SheetRequest], LaidSheet]:
    return lru_cache(maxsize=LAID)(partial(_drawn, pack))


def _drawn(pack: Pack, asked: SheetRequest) -> LaidSheet:
    sheet = next(sheet for sheet in pack.layout.sheets if sheet.id == asked.sheet)
    extra = max((len(beside.columns) for _, beside in asked.beside), default=0)
    grid, cells, tables = SheetGrid(sheet.name, sheet.widths, extra, dict(asked.tall)), FormCells(pack), []
    filed, paragraphs = iter(asked.filed), iter(asked.paragraphs)
    for block in sheet.blocks:
        match block:
            case Heading():
                draw_heading(grid, cells, block)
            case Fields():
                draw_fields(grid, cells, block)
            case Prose():
                draw_prose(grid, cells, block, next(paragraphs))
            case Notes():
                draw_notes(grid, block)
            case Table():
                tables.append(print_table(grid, cells, block, table_rows(pack, block, next(filed))))
    if sheet is pack.layout.sheets[0]:
        draw_stamp(grid, cells)
    wanted = dict(asked.beside)
    beside = tuple(_draw_beside(grid, table, wanted[table.table.id]) for table in tables if table.table.id in wanted)
    right = max((grid.columns - 1, *(each.column + len(each.columns) - 1 for each in beside)))
    widths: dict[int, float] = {}
    for each in beside:
        for column, extra_column in enumerate(each.columns, start=each.column):
            widths[column] = max(widths.get(column, 0.0), extra_column.width)
    widths.update(enumerate(sheet.widths))
    if grid.columns == 1:
        # LibreOffice shrinks to the page's width only what has more than one column.
        widths[1] = 1.0
        right = max(right, 1)
    fit = _fit(sheet, widths, tables, right)
    return LaidSheet(grid, cells, widths, tuple(tables), beside, fit)


def _draw_beside(grid: SheetGrid, table: DrawnTable, beside: SideColumns) -> LaidBeside:
    """Draw the extra columns of a table, blank but for their heads."""
    positions = []
    head, foot = table.head[0] + (1 if table.table.caption else 0), table.head[1]
    for at, column in enumerate(beside.columns, start=grid.columns):
        grid.put((head, foot), (at, at), "\n".join(column.header), HEAD)
        positions.append(len(grid.cells))
        for row in table.rows:
            grid.put((row.first, row.last), (at, at), None, EMPTY)
    return LaidBeside(table, beside, grid.columns, tuple(positions))


def _fit(sheet: Sheet, widths: Mapping[int, float], tables: Collection[DrawnTable], right: int) -> PageFit:
    wide = sum(widths[column] for column in range(right + 1)) > WIDEST_PORTRAIT
    landscape = wide or sheet.orientation is Orientation.LANDSCAPE
    # Where one table is the sheet, its head is repeated on every page.
    repeat = next((each.head for each in tables if len(tables) == 1 and len(each.rows) > 12), None)
    room = (PAGE_LONG, PAGE_SHORT) if landscape else (PAGE_SHORT, PAGE_LONG)
    width = sum(widths[column] * POINTS_A_CHARACTER + CELL_PADDING for column in range(right + 1))
    return PageFit(right, landscape, repeat, min(1.0, room[0] / width), room[1])
