"""The form, drawn from the layout of its pack: blank, or with the values, marks and columns of one filing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from jixiao.model.fact import Facts
from jixiao.model.place import Place
from jixiao.model.submission import Institution
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.concept import Concept
from jixiao.writing.form.balance_checks import form_checks, rate_decimals
from jixiao.writing.form.cells import Demand, settle
from jixiao.writing.form.fill import Contents, Filing, Mark, contents_of, filled_cells, filled_heights
from jixiao.writing.form.laid_sheet import ExtraColumn, LaidBeside, LaidSheet, SideColumns, asked_of, laid_sheet
from jixiao.writing.form.live_checks import SheetChecks, checks_by_row
from jixiao.writing.form.rows import CellKey, form_keys, institution_rows
from jixiao.writing.xlsx.content import Cell, Page, SheetContent, Style, Value
from jixiao.writing.xlsx.text_size import height

ARRANGEMENTS = 64
"""How many a pack remembers."""

Made = TypeVar("Made")


class CellPositions(dict[CellKey, Place]):
    """The places of a form's cells, by what the form calls the institutions.

    What follows from them, such as formulas, is made once and kept with them.
    """

    def __init__(self, places: Mapping[CellKey, Place]) -> None:
        super().__init__(places)
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is kept under a key, made on first use; nothing but the key and these places may decide it."""
        try:
            found: Made = self._kept[key]
        except KeyError:
            found = self._kept[key] = make()
        return found


@dataclass(frozen=True)
class FormPositions:
    """The places of a form, those of extra columns among them, and the live checks of each sheet by its name."""

    places: CellPositions
    checks: Mapping[str, SheetChecks]


def arrangement(pack: Pack, sheets: Sequence[LaidSheet], decimals: tuple[int, ...] | None) -> FormPositions:
    """The arrangement of laid sheets; `decimals` are those of its printed rates, None for a form without live checks."""
    kept = _arrangements(pack)
    key = (*(sheet.standing for sheet in sheets), decimals)
    found = kept.get(key)
    if found is None:
        if len(kept) >= ARRANGEMENTS:
            del kept[next(iter(kept))]
        found = kept[key] = _arranged(pack, sheets, decimals)
    return found


def extra_key(column: str, row: str) -> CellKey:
    """The key of an extra column's cell among the places: of the column's name and the row's key."""
    return (f"extra.{column}.{row}", None)


@cached_per_pack
def _arrangements(pack: Pack) -> dict[Hashable, FormPositions]:
    return {}


def _arranged(pack: Pack, sheets: Sequence[LaidSheet], decimals: tuple[int, ...] | None) -> FormPositions:
    places = CellPositions({})
    for sheet in sheets:
        places.update(sheet.form.places)
    for sheet in sheets:
        for beside in sheet.beside:
            for at, column in enumerate(beside.columns, start=beside.column):
                places.update(
                    (extra_key(column.name, row), Place(sheet.name, first, at)) for row, first, _ in beside.rows if row
                )
    if decimals is None:
        return FormPositions(places, {})
    tables = [table for sheet in sheets for table in sheet.tables]
    rows = checks_by_row(form_checks(pack, places, tables, decimals), tables)
    checks = {sheet.name: SheetChecks.of(sheet.name, sheet.tables, rows, sheet.fit.last + 2) for sheet in sheets}
    return FormPositions(places, {name: each for name, each in checks.items() if each is not None})


__all__ = ["DrawnForm", "ExtraCell", "ExtraColumn", "ExtraColumns", "Mark", "SideColumns", "draw_form", "extra_key"]

ExtraCell = tuple[Value, str, Style]
"""Value, formula and style of a cell of an extra column."""


@dataclass(frozen=True)
class ExtraColumns:
    """Columns to the right of a table: `row` gives their cells of a row by what the row is asked by.

    It is None for a row with none. `row` is asked when all cells have their places; those of extra columns stand among
    them as `extra_key(name, row)`.
    """

    heads: SideColumns
    row: Callable[[str, CellPositions], Sequence[ExtraCell] | None]


@dataclass(frozen=True)
class DrawnForm:
    """The sheets of a drawn form and where each fact stands; `arranged` are the places by what the form calls institutions."""

    sheets: list[SheetContent]
    places: Mapping[CellKey, Place]
    arranged: CellPositions
    laid: tuple[LaidSheet, ...]

    @cached_property
    def open_cells(self) -> dict[Place, Concept]:
        """The concepts of the open cells by place."""
        return {place: concept for sheet in self.laid for place, concept in sheet.form.concepts.items()}

    @cached_property
    def spans(self) -> dict[Place, int]:
        """The last rows of the open cells by place."""
        return {place: row for sheet in self.laid for place, row in sheet.form.spans.items()}


def draw_form(
    pack: Pack,
    facts: Facts | None = None,
    *,
    institutions: Sequence[Institution] = (),
    marks: Mapping[CellKey, Mark] = MappingProxyType({}),
    extra_columns: Mapping[str, ExtraColumns] = MappingProxyType({}),
    live_checks: bool = True,
    protected: bool = True,
    sheets: Collection[str] | None = None,
    header: str = "",
) -> DrawnForm:
    """Every sheet of the pack's layout, blank (`facts` None) or filled.

    `marks` shows findings at the cells of facts, `extra_columns` adds columns to the tables of the ids named, `sheets`
    draws only the sheets of these ids, `header` is printed at the head of each page.
    """
    rows = institution_rows(pack, institutions)
    keys = form_keys(rows)
    called = {institution.key: key for institution, key in zip(rows, keys, strict=True)}
    filing = Filing(facts, dict(zip(keys, rows, strict=True)), pack.year)
    beside = {table: columns.heads for table, columns in extra_columns.items()}
    wanted = [sheet for sheet in pack.layout.sheets if sheets is None or sheet.id in sheets]
    laid, contents = [], []
    for sheet in wanted:
        asked = asked_of(pack, sheet, facts, keys, beside)
        own = laid_sheet(pack, asked)
        said = contents_of(own, filing)
        if tall := said.tall(own):
            own = laid_sheet(pack, asked._replace(tall=tall))
        laid.append(own)
        contents.append(said)
    # Places first, then the cells that cite them.
    arranged = arrangement(pack, laid, rate_decimals(pack, facts) if live_checks else None)
    marked = {(concept, institution and called.get(institution, "")): mark for (concept, institution), mark in marks.items()}
    numbers: dict[CellKey, Decimal] = {}
    for said in contents:
        numbers |= said.numbers
    drawn = [
        _filled(own, said, marked, extra_columns, arranged, numbers, protected, header)
        for own, said in zip(laid, contents, strict=True)
    ]
    filed = {key: institution for institution, key in called.items()}
    places = {
        (concept, institution and filed[institution]): place for (concept, institution), place in arranged.places.items()
    }
    return DrawnForm(drawn, places, arranged.places, tuple(laid))


def _filled(
    laid: LaidSheet, contents: Contents, marks: Mapping[CellKey, Mark], extra_columns: Mapping[str, ExtraColumns],
    arranged: FormPositions, numbers: Mapping[CellKey, Decimal], protected: bool, header: str,
) -> SheetContent:  # fmt: skip
    """A sheet with all that a filing says."""
    cells, heights = filled_cells(laid, contents, marks), filled_heights(laid, contents)
    demands = [*laid.grid.demands]
    for beside in laid.beside:
        demands += _fill_beside(cells, beside, extra_columns[beside.table.table.id].row, arranged.places)
    settle(heights, demands)
    sheet = SheetContent(laid.name, cells, dict(laid.widths), heights, protected=protected)
    sheet.page = Page(
        landscape=laid.fit.landscape, repeat_rows=laid.fit.repeat, print_area=(0, 0, laid.grid.row - 1, laid.fit.last),
        one_page=laid.fit.hardly_longer_than_a_page(sum(heights.values())), header=header,
    )  # fmt: skip
    checks = arranged.checks.get(laid.name)
    if checks is not None:
        cells.extend(checks.cells(numbers))
        sheet.widths |= checks.widths
        sheet.conditions.extend(checks.conditions)
    return sheet


def _fill_beside(
    cells: list[Cell], beside: LaidBeside, row: Callable[[str, CellPositions], Sequence[ExtraCell] | None], places: CellPositions
) -> list[Demand]:
    """Set the cells of extra columns; returns what their texts demand of the rows, column by column."""
    demands: list[list[Demand]] = [[] for _ in beside.columns]
    for number, (asked, first, last) in enumerate(beside.rows):
        made = row(asked, places) if asked else None
        for n, (value, formula, style) in enumerate(made or ()):
            column = beside.column + n
            cells[beside.positions[n] + number] = Cell(first, column, value, style, last, column, formula)
            if isinstance(value, str) and value:
                demands[n].append((first, last, height(value, beside.columns[n].width)))
    return [demand for own in demands for demand in own]
