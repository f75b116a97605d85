"""Content of a workbook before it is drawn: cells with values and roles, and what a sheet needs besides.

A content knows no format and no library. A theme turns roles into formats, a drawing turns content into a file; two
drawings of one content must be equal cell by cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from jixiao.model.finding import Severity
from jixiao.model.place import Place

if TYPE_CHECKING:
    from jixiao.writing.listings import Listing

Value = str | Decimal | int | None
BRIEF = 64


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

    Sheets may share cells: one that stands in a sheet is not changed any more. `drawn` is the drawing's own.
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
    drawn: Any = field(default=None, init=False, repr=False, compare=False)

    @property
    def merged(self) -> bool:
        """Whether it covers more than one cell."""
        return self.last_row > self.row or self.last_column > self.column


def is_brief(value: Value) -> bool:
    """Whether a value is one that many sheets may hold at the same place: a short text or nothing."""
    return value is None or (isinstance(value, str) and len(value) < BRIEF)


@lru_cache(maxsize=16_384)
def shared_cell(row: int, column: int, value: Value, style: Style, last_row: int, last_column: int) -> Cell:
    """A cell with a brief value, one for all sheets that have it: what is made of it in drawing is kept with it."""
    return Cell(row, column, value, style, last_row, last_column)


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
class Condition:
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
    """A native chart placed at a cell, with title, axis titles and alt text; sizes in pixels."""

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
    """Whether it counts things, so that its axis shows whole numbers only."""

    rate: bool = False
    """Whether it shows shares of a whole, so that its axis ends at 100 %."""

    most: int = 0
    """The largest count, which decides the steps of such an axis."""


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


@dataclass(slots=True)
class SheetContent:
    """One sheet. `widths` by column in characters of half width, `heights` by row in points.

    `listings` are rows of many cells that no object stands for; none of its own cells stands among them. It `shares` its
    cells where each filing has such a sheet: those with brief texts are the same objects in all of them.
    """

    name: str
    cells: list[Cell] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    validations: list[Validation] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
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
    shares: bool = False
    listings: list[Listing] = field(default_factory=list)

    def put(
        self,
        row: int,
        column: int,
        value: Value,
        style: Style,
        *,
        last_row: int | None = None,
        last_column: int | None = None,
        formula: str = "",
        comment: str = "",
        link: Link | None = None,
    ) -> Place:
        """Set a cell (or a merged range) and return its place."""
        end_row = row if last_row is None else last_row
        end_column = column if last_column is None else last_column
        if not self.shares or formula or comment or link is not None or not is_brief(value):
            self.cells.append(Cell(row, column, value, style, end_row, end_column, formula, comment, link))
        else:
            self.cells.append(shared_cell(row, column, value, style, end_row, end_column))
        return Place(self.name, row, column)


@dataclass(slots=True)
class WorkbookContent:
    """A workbook: its sheets in order, the one it opens on, and its document properties (never a person)."""

    sheets: Sequence[SheetContent]
    title: str = ""
    subject: str = ""
    company: str = ""
    active: int = 0
