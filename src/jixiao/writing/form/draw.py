"""The form, drawn from the layout of its pack: blank, or with the values, marks and columns of one filing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from types import MappingProxyType
from typing import Any

from jixiao.model.fact import Facts
from jixiao.model.place import Place
from jixiao.model.submission import Institution
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.concept import Concept
from jixiao.writing.form.balance_checks import form_checks, rate_decimals
from jixiao.writing.form.cells import Demand, settle
from jixiao.writing.form.fill import FormInput, Mark, SheetValues, filled_cells, filled_heights, sheet_values
from jixiao.writing.form.laid_sheet import (
    ExtraColumn,
    LaidSheet,
    PlacedColumns,
    SideColumns,
    laid_sheets,
    sheet_request,
)
from jixiao.writing.form.live_checks import SheetChecks, sheet_checks
from jixiao.writing.form.rows import CellKey, form_keys, institution_rows
from jixiao.writing.xlsx.content import Cell, Page, SheetContent, Style, Value
from jixiao.writing.xlsx.text_size import height

__all__ = ["DrawnForm", "ExtraCell", "ExtraColumn", "ExtraColumns", "Mark", "SideColumns", "draw_form", "extra_key"]

ARRANGEMENTS = 64
"""How many a pack remembers."""


class CellPositions(dict[CellKey, Place]):
    """The places of a form's cells, by what the form calls the institutions.

    `formulas` that follow from the places are cached with them: writing those of the scores takes 1 ms a filing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.formulas: dict[Hashable, Any] = {}


ExtraCell = tuple[Value, str, Style]
"""Value, formula and style of a cell of an extra column."""

RowCells = Callable[[str, CellPositions], Sequence[ExtraCell] | None]


@dataclass(frozen=True)
class ExtraColumns:
    """Columns to the right of a table: `row` returns their cells for the id of a row, None for a row with none.

    It is called when all cells have their places; those of extra columns are among them as `extra_key(name, row)`.
    """

    heads: SideColumns
    row: RowCells


@dataclass(frozen=True)
class DrawnForm:
    """The sheets of a drawn form and the place of each fact; `arranged` has them by what the form calls institutions."""

    sheets: list[SheetContent]
    places: Mapping[CellKey, Place]
    arranged: CellPositions
    laid: tuple[LaidSheet, ...]

    @cached_property
    def open_cells(self) -> dict[Place, Concept]:
        """The concepts of the open cells by place."""
        return {place: concept for sheet in self.laid for place, concept in sheet.form.open_cells.items()}

    @cached_property
    def spans(self) -> dict[Place, int]:
        """The last rows of the open cells by place."""
        return {place: row for sheet in self.laid for place, row in sheet.form.last_rows.items()}


def extra_key(column: str, row: str) -> CellKey:
    """Return the key of an extra column's cell among the places: of the column's name and the row's id."""
    return (f"extra.{column}.{row}", None)


Arranged = tuple[CellPositions, Mapping[str, SheetChecks]]


@cached_per_pack
def _arrangements(pack: Pack) -> Callable[[tuple[LaidSheet, ...], tuple[tuple[CellKey, Place], ...], tuple[int, ...] | None], Arranged]:
    return lru_cache(ARRANGEMENTS)(partial(_arrange, pack))


def _arrange(
    pack: Pack, sheets: tuple[LaidSheet, ...], others: tuple[tuple[CellKey, Place], ...], decimals: tuple[int, ...] | None
) -> Arranged:
    """Return the places of all cells, and the live checks of each sheet by its name.

    `sheets` are those with tables, `others` the places on those without, `decimals` those of the printed rates; None for
    a form without live checks.
    """
    places = CellPositions()
    places.update(others)
    for sheet in sheets:
        places.update(sheet.form.places)
        for placed in sheet.side:
            for at, column in enumerate(placed.side.columns, start=placed.column):
                places.update((extra_key(column.name, row), Place(sheet.name, first, at)) for row, first, _ in placed.rows if row)
    if decimals is None:
        return places, {}
    tables = [table for sheet in sheets for table in sheet.tables]
    columns = {sheet.name: sheet.fit.last + 2 for sheet in sheets}
    return places, sheet_checks(form_checks(pack, places, tables, decimals), tables, columns)


def draw_form(
    pack: Pack,
    facts: Facts | None = None,
    *,
    institutions: Sequence[Institution] = (),
    marks: Mapping[CellKey, Mark] = MappingProxyType({}),
    extra_columns: Mapping[str, ExtraColumns] = MappingProxyType({}),
    live_checks: bool = True,
    sheets: Collection[str] | None = None,
    header: str = "",
) -> DrawnForm:
    """Draw every sheet of the pack's layout, blank (`facts` None) or filled.

    `marks` shows findings at the cells of facts, `extra_columns` adds columns to the tables of the ids named, `sheets`
    draws only the sheets of these ids, `header` is printed at the head of each page.
    """
    rows = institution_rows(pack, institutions)
    keys = form_keys(rows)
    called = {institution.key: key for institution, key in zip(rows, keys, strict=True)}
    filed = {key: institution for institution, key in called.items()}
    source = FormInput(facts, dict(zip(keys, rows, strict=True)), pack.year)
    side = {table: columns.heads for table, columns in extra_columns.items()}
    lay_out = laid_sheets(pack)
    contents: list[SheetValues] = []
    for sheet in pack.layout.sheets:
        if sheets is None or sheet.id in sheets:
            request = sheet_request(pack, sheet, facts, keys, side)
            values = sheet_values(lay_out(request), source)
            if tall := values.tall():
                values.laid = lay_out(request._replace(tall=tall))
            contents.append(values)
    laid = tuple(values.laid for values in contents)
    # Places first, then the cells that cite them.
    others = tuple(item for sheet in laid if not sheet.tables for item in sheet.form.places.items())
    decimals = rate_decimals(pack, facts) if live_checks else None
    arranged, checks = _arrangements(pack)(tuple(sheet for sheet in laid if sheet.tables), others, decimals)
    numbers: dict[CellKey, Decimal] = {}
    for values in contents:
        numbers |= values.numbers
    own_marks = {(concept, unit and called.get(unit, "")): mark for (concept, unit), mark in marks.items()}
    drawn = []
    for values in contents:
        content = _filled(values, own_marks, extra_columns, arranged, header)
        if check := checks.get(content.name):
            check.add_to(content, numbers)
        drawn.append(content)
    places = {(concept, unit and filed[unit]): place for (concept, unit), place in arranged.items()}
    return DrawnForm(drawn, places, arranged, laid)


def _filled(
    values: SheetValues, marks: Mapping[CellKey, Mark], extra_columns: Mapping[str, ExtraColumns], places: CellPositions, header: str
) -> SheetContent:
    """Return a sheet with all that a filing says."""
    laid = values.laid
    cells, heights, demands = filled_cells(values, marks), filled_heights(values), [*laid.form.demands]
    for placed in laid.side:
        demands += _fill_side(cells, placed, extra_columns[placed.table.table.id].row, places)
    settle(heights, demands)
    page = Page(
        landscape=laid.fit.landscape, repeat_rows=laid.fit.repeat, print_area=(0, 0, laid.form.row - 1, laid.fit.last),
        one_page=laid.fit.hardly_longer_than_a_page(sum(heights.values())), header=header,
    )  # fmt: skip
    return SheetContent(laid.name, cells, dict(laid.widths), heights, protected=True, page=page)


def _fill_side(cells: list[Cell], placed: PlacedColumns, row_cells: RowCells, places: CellPositions) -> list[Demand]:
    """Set the cells of extra columns; return what their texts demand of the rows, column by column."""
    demands: list[list[Demand]] = [[] for _ in placed.positions]
    for number, (row, first, last) in enumerate(placed.rows):
        for n, (value, formula, style) in enumerate((row_cells(row, places) if row else None) or ()):
            column = placed.column + n
            cells[placed.positions[n] + number] = Cell(first, column, value, style, last, column, formula)
            if isinstance(value, str) and value:
                demands[n].append((first, last, height(value, placed.side.columns[n].width)))
    return [demand for own in demands for demand in own]
