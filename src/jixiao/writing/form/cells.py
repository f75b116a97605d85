"""The cells of the form that take what a filing says: where each stands, what it shows of a fact, what room it has."""

from __future__ import annotations

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
"""What a row may lack of the points that are asked of it."""

Demand = tuple[int, int, float]
"""First and last row, and how many points these rows together are to be high."""


class RowBand(NamedTuple):
    """Rows of the sheet that were taken together: the first and the last, and how many points they show at least."""

    first: int
    last: int
    least: float

    @property
    def rows(self) -> int:
        """How many they are."""
        return self.last - self.first + 1


@dataclass
class SheetGrid:
    """A sheet being drawn. `columns` is the form's own width in grid columns; `extra` ones are added at its right.

    `tall` are the bands (by number, in the order in which they are taken) that take so many rows, whatever they show;
    `band_at` has the numbers of bands by their first rows.
    """

    name: str
    widths: Sequence[float]
    extra: int = 0
    tall: Mapping[int, int] = field(default_factory=dict)
    row: int = 0
    cells: list[Cell] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    bands: list[RowBand] = field(default_factory=list)
    band_at: dict[int, int] = field(default_factory=dict)
    demands: list[Demand] = field(default_factory=list)

    @property
    def columns(self) -> int:
        """How many grid columns the form itself has."""
        return len(self.widths)

    def width(self, first: int, last: int) -> float:
        """The width of a range of the form's columns in characters."""
        return sum(self.widths[first : last + 1])

    def take(self, points: float = LEAST_ROW) -> tuple[int, int]:
        """The next free rows, a band of as many as it takes to show `points`: first and last."""
        least = max(points, LEAST_ROW)
        count = self.tall.get(len(self.bands))
        first = self.row
        for high in rows_for(least) if count is None else [HIGHEST_ROW] * count:
            self.heights[self.row] = high
            self.row += 1
        self.band_at[first] = len(self.bands)
        self.bands.append(RowBand(first, self.row - 1, least))
        return first, self.row - 1

    def gap(self, points: float) -> None:
        """Leave an empty row of this height."""
        self.heights[self.row] = points
        self.row += 1

    def put(self, rows: tuple[int, int], columns: tuple[int, int], value: Value, style: Style) -> Cell:
        """Set a cell over these rows and columns."""
        cell = Cell(rows[0], columns[0], value, style, rows[1], columns[1])
        self.cells.append(cell)
        return cell

    def place(self, cell: Cell) -> Place:
        """Where a cell stands."""
        return Place(self.name, cell.row, cell.column)

    def need(self, rows: tuple[int, int], points: float) -> None:
        """Ask that these rows together be at least `points` high."""
        self.demands.append((rows[0], rows[1], points))


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


class Room(NamedTuple):
    """What room a cell has for a text: its band of rows grows where it needs more.

    Of a text `before` takes room too, and `more` points stand around it.
    """

    band: int
    width: float
    size: float
    before: str
    more: float

    @classmethod
    def of(
        cls, grid: SheetGrid, rows: tuple[int, int], columns: tuple[int, int], *, before: str = "", size: float = BODY_SIZE,
        more: float = 0.0,
    ) -> Room:  # fmt: skip
        """The room of cells in the band of these rows."""
        return cls(grid.band_at[rows[0]], grid.width(*columns), size, before, more)

    def points(self, text: str) -> float:
        """How high the band has to be for a text."""
        return height(self.before + text, self.width, self.size) + self.more


class Words(NamedTuple):
    """What a cell shows, the text of it that must have room, and a look of its own if it needs one."""

    value: Value
    text: str | None
    style: Style | None = None


Tell = Callable[[Value], Words]
"""What a cell says of the value of its fact, where that is not the value itself; None is a value that is not stated."""


class CellSlot(NamedTuple):
    """A cell that shows a fact: its number among the sheet's cells.

    `always` says that it says something of a fact that is not stated, too.
    """

    position: int
    key: CellKey
    room: Room | None = None
    tell: Tell | None = None
    always: bool = False


class LabelSlot(NamedTuple):
    """A cell that shows the label of an institution as filed."""

    position: int
    institution: str
    room: Room


class Paragraphs(NamedTuple):
    """The cells of a text, one for each of its paragraphs, with their rooms."""

    key: CellKey
    positions: tuple[int, ...]
    rooms: tuple[Room, ...]


class SharedCell(NamedTuple):
    """A printed cell that shows the findings of several facts."""

    position: int
    keys: tuple[CellKey, ...]


@dataclass
class FormCells:
    """Sets the blank cells of facts on one sheet and remembers where each stands and what it will show.

    `concepts` are those of the open cells by place, `spans` their last rows; `places` are by what the form calls the
    institutions.
    """

    pack: Pack
    places: dict[CellKey, Place] = field(default_factory=dict)
    concepts: dict[Place, Concept] = field(default_factory=dict)
    spans: dict[Place, int] = field(default_factory=dict)
    slots: list[CellSlot] = field(default_factory=list)
    labels: list[LabelSlot] = field(default_factory=list)
    paragraphs: list[Paragraphs] = field(default_factory=list)
    groups: list[SharedCell] = field(default_factory=list)

    def put(
        self,
        grid: SheetGrid,
        key: CellKey,
        rows: tuple[int, int],
        columns: tuple[int, int],
        style: Style | None = None,
        blank: Value = None,
        *,
        room: Room | None = None,
        tell: Tell | None = None,
        always: bool = False,
    ) -> Cell:
        """Set the cell of a fact, which shows `blank` as long as nothing is stated, and remember its place."""
        concept = self.pack.concept(key[0])
        looks = style or INPUT_STYLES[concept.kind]
        if rows[1] > rows[0] and looks.role == "input":
            # A text over several rows may run over pages: it begins at the top.
            looks = looks._replace(role="box")
        cell = grid.put(rows, columns, blank, looks)
        self.slots.append(CellSlot(len(grid.cells) - 1, key, room, tell, always))
        self.remember(grid, key, cell, concept)
        return cell

    def put_label(
        self, grid: SheetGrid, institution: str, rows: tuple[int, int], columns: tuple[int, int], style: Style
    ) -> None:
        """Set the cell of an institution's label."""
        grid.put(rows, columns, "", style)
        self.labels.append(LabelSlot(len(grid.cells) - 1, institution, Room.of(grid, rows, columns)))

    def remember_group(self, grid: SheetGrid, keys: Sequence[CellKey], cell: Cell) -> None:
        """Note that the cell set last is the place of these facts, though it shows none of their values."""
        if keys:
            self.groups.append(SharedCell(len(grid.cells) - 1, tuple(keys)))
        for key in keys:
            self.remember(grid, key, cell)

    def remember(self, grid: SheetGrid, key: CellKey, cell: Cell, concept: Concept | None = None) -> None:
        """Note where a fact stands."""
        place = grid.place(cell)
        self.places[key] = place
        if not cell.style.locked:
            self.concepts[place] = concept or self.pack.concept(key[0])
            self.spans[place] = cell.last_row
