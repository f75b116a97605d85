"""Content of a workbook before it is drawn: cells with values and roles, and what a sheet needs besides.

A content knows no format and no library. A theme turns roles into formats, a drawing turns content into a file; two
drawings of one content must be equal cell by cell.

Long lists of a district's sheets are listings: rows of one make, made when they are drawn and kept by nobody. What a column
looks like is said once; a row is its values. An object for each cell would be some hundred thousand in a large district.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

from jixiao.model.finding import Severity
from jixiao.model.place import Place
from jixiao.writing.xlsx.text_size import INDENT_UNITS, LINE_POINTS, PADDING_POINTS, height, units

Value = str | Decimal | int | None
T = TypeVar("T")

LEAST_POINTS = LINE_POINTS + PADDING_POINTS
HIGHEST_POINTS = 400.0
_ROOM = 3
"""Half-widths that a text in one line leaves free."""


class Style(NamedTuple):
    """How a cell looks, by role. `number` is a number format of the theme's names; `mark` a severity to show.

    Roles are the theme's: title, subtitle, section, caption, unit, note, guide, head, level, label, printed, input, box,
    prose, text, number, score, total, check, key, figure, plain, link, banner, error, warning, info, passed.
    """

    role: str
    number: str = ""
    mark: Severity | None = None
    locked: bool = True
    align: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A native link: to a cell of this workbook (`sheet` and `row`, `column`) or to a file beside it (`file`)."""

    sheet: str = ""
    row: int = 0
    column: int = 0
    file: str = ""
    tip: str = ""


@dataclass(slots=True)
class Cell:
    """One cell, or a merged range down to (`last_row`, `last_column`). A formula always has its value beside it.

    Sheets may share cells: one that stands in a sheet is not changed any more.
    """

    row: int
    column: int
    value: Value
    style: Style
    last_row: int = -1
    last_column: int = -1
    formula: str = ""
    comment: str = ""
    link: Link | None = None

    @property
    def merged(self) -> bool:
        """Whether it covers more than one cell."""
        return self.last_row > self.row or self.last_column > self.column


@dataclass(frozen=True, slots=True)
class Validation:
    """What a range of input cells accepts, with the prompt and the refusal in Chinese; `any` only prompts."""

    row: int
    column: int
    last_row: int
    last_column: int
    kind: Literal["decimal", "whole", "list", "any"]
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    choices: tuple[str, ...] = ()
    prompt: str = ""
    refusal: str = ""
    strict: bool = True


@dataclass(frozen=True, slots=True)
class ConditionalFormat:
    """A conditional format: `text_begins` paints cells that begin with `text`; scales and bars need no text."""

    row: int
    column: int
    last_row: int
    last_column: int
    kind: Literal["text_begins", "text_contains", "color_scale", "data_bar"]
    text: str = ""
    role: str = ""


class Range(NamedTuple):
    """A rectangle of cells on a named sheet, for charts and print areas; zero-based, ends included."""

    sheet: str
    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart."""

    name: str
    categories: Range
    values: Range


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart placed at a cell, with title, axis titles and alt text; sizes in pixels.

    The axis of a `whole` one shows whole numbers only, in steps that `most`, the largest count, decides; that of a `rate`
    ends at 100 %.
    """

    kind: Literal["column", "bar", "pie", "line", "scatter", "stacked_bar"]
    title: str
    series: tuple[Series, ...]
    row: int
    column: int
    width: int
    height: int
    alt_text: str
    x_title: str = ""
    y_title: str = ""
    labels: bool = True
    whole: bool = False
    rate: bool = False
    most: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """How a sheet is printed on A4: fits one page wide (and high, with `one_page`); head rows repeat."""

    landscape: bool = False
    repeat_rows: tuple[int, int] | None = None
    print_area: tuple[int, int, int, int] | None = None
    one_page: bool = False
    header: str = ""
    footer: str = "第 &P 页，共 &N 页"
    centred: bool = True


class ListColumn(NamedTuple):
    """A column of a table: its head, its width in half-width characters and how its cells look.

    Where it is `low` its texts make no row higher, being cut off where they are long.
    """

    head: str
    width: float
    role: str = "text"
    number: str = ""
    align: str = ""
    locked: bool = True
    low: bool = False


class ListCell(NamedTuple):
    """A cell that is more than its value: a formula, a link, a role or a number format of its own."""

    value: Value
    formula: str = ""
    link: Link | None = None
    role: str = ""
    number: str = ""


Row = Sequence[Value | ListCell]


class Rows(Protocol):
    """Rows that can be gone through again and again, and are the same each time."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Row]: ...


class ItemRows(Generic[T]):
    """A row of each item, made while they are gone through: `row` takes the number of the item, from 0 on, and the item."""

    def __init__(self, items: Sequence[T], row: Callable[[int, T], Row]) -> None:
        self._items, self._row = items, row

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Row]:
        return (self._row(n, item) for n, item in enumerate(self._items))


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows below each other from `first` on, in the columns from the first one on, each of some height at least."""

    first: int
    columns: Sequence[ListColumn]
    rows: Rows
    least: float = LEAST_POINTS

    @property
    def last(self) -> int:
        """The last of its rows; the one before the first where it has none."""
        return self.first + len(self.rows) - 1

    def cells(self) -> Iterator[Cell]:
        """Yield its cells, each by itself."""
        for at, row in enumerate(self.rows, start=self.first):
            yield from row_cells(at, self.columns, row)

    def heights(self) -> dict[int, float]:
        """Return the height of each row in points."""
        return {at: row_height(self.columns, row, least=self.least) for at, row in enumerate(self.rows, start=self.first)}


@dataclass(slots=True)
class SheetContent:
    """One sheet. `widths` by column in characters of half width, `heights` by row in points.

    `listings` are rows of many cells without an object for each; none of its own cells is among them.
    """

    name: str
    cells: list[Cell] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    validations: list[Validation] = field(default_factory=list)
    conditions: list[ConditionalFormat] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    page: Page = field(default_factory=Page)
    freeze: tuple[int, int] | None = None
    filter: tuple[int, int, int, int] | None = None
    protected: bool = False
    hidden_columns: Sequence[int] = ()
    hidden: bool = False
    tab: str = ""
    gridlines: bool = False
    zoom: int = 100
    listings: list[Listing] = field(default_factory=list)

    def put(
        self, row: int, column: int, value: Value, style: Style, *, last_row: int | None = None, last_column: int | None = None,
        formula: str = "", comment: str = "", link: Link | None = None,
    ) -> Place:  # fmt: skip
        """Set a cell (or a merged range) and return its place."""
        end_row = row if last_row is None else last_row
        end_column = column if last_column is None else last_column
        self.cells.append(Cell(row, column, value, style, end_row, end_column, formula, comment, link))
        return Place(self.name, row, column)

    def put_row(self, row: int, values: Iterable[Value], style: Style, points: float | None = None) -> None:
        """Set cells of one style from the first column on, in a row of this height."""
        for column, value in enumerate(values):
            self.put(row, column, value, style)
        if points is not None:
            self.heights[row] = points

    def put_title(self, title: str, last_column: int, note: str | None = None) -> None:
        """Set a title over these columns, with a note under it."""
        self.put(0, 0, title, Style("title"), last_column=last_column)
        self.heights[0] = 30.0
        if note is not None:
            self.put(1, 0, note, Style("note"), last_column=last_column)
            self.heights[1] = 18.0


@dataclass(slots=True)
class WorkbookContent:
    """A workbook: its sheets in order, the one it opens on, and its document properties (never a person)."""

    sheets: Sequence[SheetContent]
    title: str = ""
    subject: str = ""
    company: str = ""
    active: int = 0


def listings_of(sheet: SheetContent) -> list[Listing]:
    """Return the listings of a sheet that have rows, from the top down."""
    return sorted((listing for listing in sheet.listings if len(listing.rows)), key=lambda listing: listing.first)


def laid_out(sheet: SheetContent) -> SheetContent:
    """Return the sheet with every cell of its listings after its own cells."""
    if not sheet.listings:
        return sheet
    cells, heights = [*sheet.cells], dict(sheet.heights)
    for listing in listings_of(sheet):
        cells.extend(listing.cells())
        heights.update(listing.heights())
    return replace(sheet, cells=cells, heights=heights, listings=[])


def row_cells(at: int, columns: Sequence[ListColumn], row: Row, role: str = "") -> Iterator[Cell]:
    """Yield the cells of a row; `role` overrules the columns' where a cell has none of its own."""
    for n, (column, cell) in enumerate(zip(columns, row, strict=True)):
        value, formula, link, own, number = cell if isinstance(cell, ListCell) else (cell, "", None, "", "")
        yield Cell(at, n, value, look_of(column, own or role, number), at, n, formula, "", link)


def look_of(column: ListColumn, role: str = "", number: str = "") -> Style:
    """Return the style of a cell of a column, which may have a role or a number format of its own."""
    role = role or column.role
    align = "right" if role == "total" and column.role == "number" else column.align
    return Style(role, number or column.number, locked=column.locked, align=align)


def row_height(columns: Sequence[ListColumn], row: Row, role: str = "", least: float = LEAST_POINTS) -> float:
    """Return the height in points at which every text of a row shows; at least `least`."""
    tallest = least
    for column, cell in zip(columns, row, strict=True):
        value, own = (cell.value, cell.role or role) if isinstance(cell, ListCell) else (cell, role)
        if isinstance(value, str) and not column.low:
            tallest = max(tallest, text_height(value, column, own))
    return min(tallest, HIGHEST_POINTS)


def text_height(text: str, column: ListColumn, role: str = "") -> float:
    """Return the height in points of a text of a column; `role` is its cell's own."""
    width = column.width - (INDENT_UNITS if (role or column.role) == "told" else 0.0)
    return height(text, width) if "\n" in text or units(text) + _ROOM > width else LEAST_POINTS
