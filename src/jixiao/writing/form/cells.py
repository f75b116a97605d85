"""A sheet of the form while it is laid out: its cells, its rows, and the slots that take what a filing says."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import Concept, ConceptKind
from jixiao.writing.form.rows import CellKey
from jixiao.writing.xlsx.content import Cell, Style, Value
from jixiao.writing.xlsx.text_size import BODY_SIZE, HIGHEST_ROW, height, rows_for

LEAST_ROW = 21.0
ENOUGH = 0.01
"""What a row may lack of the points that are demanded of it."""

Span = tuple[int, int]
"""The first and last of some rows or columns."""

Demand = tuple[int, int, float]
"""First and last row, and how many points these rows together are to be high."""

INPUT_STYLES: Mapping[ConceptKind, Style] = {
    ConceptKind.AMOUNT: Style("number", "amount_exact", locked=False),
    ConceptKind.COUNT: Style("score", "general", locked=False),
    ConceptKind.PERCENT: Style("score", "general", locked=False),
    ConceptKind.MARKS: Style("score", "marks", locked=False),
    ConceptKind.CHOICE: Style("score", "", locked=False),
    ConceptKind.TEXT: Style("input", "", locked=False),
    ConceptKind.DATE: Style("input", "text", locked=False),
    ConceptKind.YEAR: Style("input", "text", locked=False),
}
SHORT_TEXT = Style("input", "text", locked=False)
"""Short texts such as codes keep their leading zeros: the cell takes what is typed as text."""

MARK_SIGN = "▲"
"""The mark inside a marked cell takes the room of a sign, which every input keeps free."""


class RowBand(NamedTuple):
    """Rows that were taken together: the first and the last, and how many points they show at least."""

    first: int
    last: int
    least: float


class Room(NamedTuple):
    """The room of a cell for a text: its band of rows grows where the text, after `before`, needs more."""

    band: int
    width: float
    size: float
    before: str
    padding: float

    def points(self, text: str) -> float:
        """Return how high the band has to be for a text."""
        return height(self.before + text, self.width, self.size) + self.padding


class ShownValue(NamedTuple):
    """What a cell shows, the text of it that must have room, and a style of its own if it needs one."""

    value: Value
    text: str | None
    style: Style | None = None


Show = Callable[[Value], ShownValue]
"""Makes what a cell shows of the value of its fact, where that is not the value itself; None is a value not stated."""


class CellSlot(NamedTuple):
    """A cell, by its number among the sheet's cells, that shows a fact; with `always` also one that is not stated.

    A key without a concept is that of an institution's label.
    """

    position: int
    key: CellKey
    room: Room | None = None
    show: Show | None = None
    always: bool = False


class Paragraphs(NamedTuple):
    """The cells of a text: position and room of each of its paragraphs."""

    concept: str
    cells: tuple[tuple[int, Room], ...]


@dataclass
class FormSheet:
    """A sheet being laid out. `widths` are those of the form's own columns; `extra` columns are added at the right.

    `tall` has the number of rows of bands, by their order, that take more than the blank form needs. `places` are by what
    the form calls the institutions; `open_cells` have the concepts of unlocked cells, `last_rows` where these end;
    `groups` are printed cells that show the findings of several facts.
    """

    pack: Pack
    name: str
    widths: Sequence[float]
    extra: int = 0
    tall: Mapping[int, int] = field(default_factory=dict)
    row: int = 0
    cells: list[Cell] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    bands: list[RowBand] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)
    places: dict[CellKey, Place] = field(default_factory=dict)
    open_cells: dict[Place, Concept] = field(default_factory=dict)
    last_rows: dict[Place, int] = field(default_factory=dict)
    slots: list[CellSlot] = field(default_factory=list)
    paragraphs: list[Paragraphs] = field(default_factory=list)
    groups: list[tuple[int, tuple[CellKey, ...]]] = field(default_factory=list)

    @property
    def columns(self) -> int:
        """How many columns the form itself has."""
        return len(self.widths)

    @property
    def across(self) -> Span:
        """The first and last of the form's own columns."""
        return (0, self.columns - 1)

    def width(self, columns: Span) -> float:
        """Return the width of a range of the form's columns in characters."""
        return sum(self.widths[columns[0] : columns[1] + 1])

    def take(self, points: float = LEAST_ROW) -> Span:
        """Take the next free rows, as many as it takes to show `points`, as a band; return first and last."""
        least = max(points, LEAST_ROW)
        count = self.tall.get(len(self.bands))
        first = self.row
        for high in rows_for(least) if count is None else [HIGHEST_ROW] * count:
            self.gap(high)
        self.bands.append(RowBand(first, self.row - 1, least))
        return first, self.row - 1

    def gap(self, points: float) -> None:
        """Take an empty row of this height."""
        self.heights[self.row] = points
        self.row += 1

    def put(self, rows: Span, columns: Span, value: Value, style: Style) -> Cell:
        """Set a cell over these rows and columns."""
        cell = Cell(rows[0], columns[0], value, style, rows[1], columns[1])
        self.cells.append(cell)
        return cell

    def put_high(self, rows: Span, columns: Span, value: Value, style: Style, text: str) -> Cell:
        """Set a cell over rows that together are to be high enough for a text."""
        self.demands.append((*rows, height(text, self.width(columns))))
        return self.put(rows, columns, value, style)

    def room(self, rows: Span, columns: Span, before: str = "", size: float = BODY_SIZE, padding: float = 0.0) -> Room:
        """Return the room of cells in the band of these rows."""
        band = bisect_left(self.bands, rows[0], key=lambda band: band.first)
        return Room(band, self.width(columns), size, before, padding)

    def put_fact(
        self, key: CellKey, rows: Span, columns: Span, style: Style | None = None, blank: Value = None, *,
        room: Room | None = None, show: Show | None = None, always: bool = False,
    ) -> None:  # fmt: skip
        """Set the cell of a fact, which shows `blank` as long as nothing is stated, and note its place."""
        concept = self.pack.concept(key[0])
        style = style or INPUT_STYLES[concept.kind]
        if rows[1] > rows[0] and style.role == "input":
            # A text over several rows may run over pages: it begins at the top.
            style = style._replace(role="box")
        cell = self.put(rows, columns, blank, style)
        self.slots.append(CellSlot(len(self.cells) - 1, key, room, show, always))
        self.note_place(key, cell)

    def note_group(self, keys: Sequence[CellKey], cell: Cell) -> None:
        """Note that the cell set last is the place of these facts, though it shows none of their values."""
        if keys:
            self.groups.append((len(self.cells) - 1, tuple(keys)))
        for key in keys:
            self.note_place(key, cell)

    def note_place(self, key: CellKey, cell: Cell) -> None:
        """Note the place of a fact."""
        place = self.places[key] = Place(self.name, cell.row, cell.column)
        if not cell.style.locked:
            self.open_cells[place] = self.pack.concept(key[0])
            self.last_rows[place] = cell.last_row


def settle(heights: dict[int, float], demands: Iterable[Demand]) -> None:
    """Raise rows until every demand is met, as far as rows can be raised; rows without a height grow by themselves."""
    for first, last, points in demands:
        if heights.get(first, 0.0) >= points:
            continue
        rows = [row for row in range(first, last + 1) if row in heights]
        lack = points - sum(heights[row] for row in rows)
        while lack > ENOUGH and rows:
            rows = [row for row in rows if heights[row] < HIGHEST_ROW]
            for row in rows:
                raised = min(lack / len(rows), HIGHEST_ROW - heights[row])
                heights[row] = round(heights[row] + raised + 0.005, 2)
            lack = points - sum(heights[row] for row in range(first, last + 1) if row in heights)
