"""Sheets of the form as laid out: all that filings with the same rows share, drawn once, with slots for what each says.

What a filing says decides neither the cells nor, as a rule, their places; only how high rows are. A band of rows that
has to show more than one row can makes another laid sheet. Laying sheets out anew takes 10 of 16 ms a filing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

from jixiao.model.fact import Facts
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.layout import Fields, Heading, Notes, Orientation, Prose, Sheet, Table
from jixiao.writing.form.blocks import draw_fields, draw_heading, draw_notes, draw_prose, draw_stamp
from jixiao.writing.form.cells import FormSheet, Span
from jixiao.writing.form.printed_table import DrawnTable, print_table
from jixiao.writing.form.rows import CellKey, FiledRows, filed_rows, table_rows
from jixiao.writing.xlsx.content import Style

LAID_SHEETS = 256
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
    """A column to the right of a table: the lines of its head from the top down, and its width in characters."""

    header: tuple[str, ...]
    width: float
    key: str = ""

    @property
    def name(self) -> str:
        """What `extra_key` knows the column by: its key, else the lowest line of its head."""
        return self.key or self.header[-1]


class SideColumns(NamedTuple):
    """Columns beside a table, and what makes of a row's key the id by which their cells are known."""

    columns: tuple[ExtraColumn, ...]
    row_id: Callable[[str], str] = str


class PlacedColumns(NamedTuple):
    """Extra columns of a table on its sheet, from `column` on; `positions` are those of the columns' first blank cells."""

    table: DrawnTable
    side: SideColumns
    column: int
    positions: tuple[int, ...]

    @property
    def rows(self) -> Iterator[tuple[str, int, int]]:
        """The id of each row, and its first and last row on the sheet."""
        return ((self.side.row_id(each.row.key), each.first, each.last) for each in self.table.rows)


class PageFit(NamedTuple):
    """How a sheet is printed: its last column, its direction, the head rows that are repeated.

    It is shrunk by `scale` to the width of a page that is `page` points high.
    """

    last: int
    landscape: bool
    repeat: Span | None
    scale: float
    page: float

    def hardly_longer_than_a_page(self, points: float) -> bool:
        """Whether a few rows would be alone on a second page: then all of it is printed a little smaller."""
        return 1 < points * self.scale / self.page <= LITTLE_MORE


@dataclass(frozen=True, eq=False)
class LaidSheet:
    """A sheet of the form with everything but what a filing says. Its cells are shared: none is ever changed."""

    form: FormSheet
    widths: Mapping[int, float]
    tables: tuple[DrawnTable, ...]
    side: tuple[PlacedColumns, ...]
    fit: PageFit

    @property
    def name(self) -> str:
        """The name of the sheet."""
        return self.form.name

    @cached_property
    def positions(self) -> Mapping[CellKey, tuple[int, ...]]:
        """The numbers of the cells in which the findings of a fact are shown, those of several facts apart."""
        positions: dict[CellKey, tuple[int, ...]] = {}
        first = (((concept, None), cells[0][0]) for concept, cells in self.form.paragraphs)
        for key, position in (*((slot.key, slot.position) for slot in self.form.slots), *first):
            positions[key] = (*positions.get(key, ()), position)
        return positions


class SheetRequest(NamedTuple):
    """What decides how a sheet is laid out: its id, a filing's rows and paragraphs, the columns beside its tables.

    `filed` and `paragraphs` are for each of its tables and texts in turn; `tall` has the number of rows of bands.
    """

    sheet: str
    filed: tuple[FiledRows, ...]
    paragraphs: tuple[int, ...]
    side: tuple[tuple[str, SideColumns], ...]
    tall: tuple[tuple[int, int], ...] = ()


def sheet_request(
    pack: Pack, sheet: Sheet, facts: Facts | None, institutions: tuple[str, ...], side: Mapping[str, SideColumns]
) -> SheetRequest:
    """Return what a filing (or the blank form) needs of a sheet; the institutions are by what the form calls them."""
    return SheetRequest(
        sheet.id,
        tuple(filed_rows(pack, block, facts, institutions) for block in sheet.blocks if isinstance(block, Table)),
        tuple(len(paragraphs_of(facts, block.concept)) for block in sheet.blocks if isinstance(block, Prose)),
        tuple((block.id, side[block.id]) for block in sheet.blocks if block.id in side),
    )


def paragraphs_of(facts: Facts | None, concept: str) -> list[str]:
    """Return the paragraphs of a text as filed; none of a blank."""
    fact = facts.get(concept) if facts is not None else None
    shown = None if fact is None else fact.shown
    return str(shown).split("\n") if shown not in (None, "") else []


@cached_per_pack
def laid_sheets(pack: Pack) -> Callable[[SheetRequest], LaidSheet]:
    """Return what lays sheets out, each once for all filings with the same request."""
    return lru_cache(LAID_SHEETS)(partial(_lay_out, pack))


def _lay_out(pack: Pack, request: SheetRequest) -> LaidSheet:
    sheet = next(sheet for sheet in pack.layout.sheets if sheet.id == request.sheet)
    side = dict(request.side)
    extra = max((len(each.columns) for each in side.values()), default=0)
    form, tables = FormSheet(pack, sheet.name, sheet.widths, extra, dict(request.tall)), []
    filed, paragraphs = iter(request.filed), iter(request.paragraphs)
    for block in sheet.blocks:
        match block:
            case Heading():
                draw_heading(form, block)
            case Fields():
                draw_fields(form, block)
            case Prose():
                draw_prose(form, block, next(paragraphs))
            case Notes():
                draw_notes(form, block)
            case Table():
                tables.append(print_table(form, block, table_rows(pack, block, next(filed))))
    if sheet is pack.layout.sheets[0]:
        draw_stamp(form)
    placed = tuple(_draw_side(form, table, side[table.table.id]) for table in tables if table.table.id in side)
    widths: dict[int, float] = {}
    for each in placed:
        for column, extra_column in enumerate(each.side.columns, start=each.column):
            widths[column] = max(widths.get(column, 0.0), extra_column.width)
    widths.update(enumerate(sheet.widths))
    if form.columns == 1:
        # LibreOffice shrinks to the page's width only what has more than one column.
        widths[1] = 1.0
    return LaidSheet(form, widths, tuple(tables), placed, _fit(sheet, widths, tables))


def _draw_side(form: FormSheet, table: DrawnTable, side: SideColumns) -> PlacedColumns:
    """Draw the extra columns of a table, blank but for their heads."""
    positions = []
    head = (table.head[0] + (1 if table.table.caption else 0), table.head[1])
    for at, column in enumerate(side.columns, start=form.columns):
        form.put(head, (at, at), "\n".join(column.header), HEAD)
        positions.append(len(form.cells))
        for row in table.rows:
            form.put(row.rows, (at, at), None, EMPTY)
    return PlacedColumns(table, side, form.columns, tuple(positions))


def _fit(sheet: Sheet, widths: Mapping[int, float], tables: Collection[DrawnTable]) -> PageFit:
    landscape = sum(widths.values()) > WIDEST_PORTRAIT or sheet.orientation is Orientation.LANDSCAPE
    # Where one table is the sheet, its head is repeated on every page.
    repeat = next((each.head for each in tables if len(tables) == 1 and len(each.rows) > 12), None)
    room, page = (PAGE_LONG, PAGE_SHORT) if landscape else (PAGE_SHORT, PAGE_LONG)
    width = sum(width * POINTS_A_CHARACTER + CELL_PADDING for width in widths.values())
    return PageFit(max(widths), landscape, repeat, min(1.0, room / width), page)
