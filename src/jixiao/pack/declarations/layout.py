"""The layout: sheets, blocks, rows and columns of a form, with their printed labels and concepts.

Four kinds of block draw and read every form: `heading` (one printed line, which may hold a fact such as the year),
`fields` (labels with the value beside, below or inside), `table` (a head of columns over rows that are fixed, the
institutions, or records that the department declares) and `prose` (free text under a heading), and `notes` (printed
guidance that holds no facts).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field as PydanticField
from pydantic import model_validator

from jixiao.pack.declarations import Declaration
from jixiao.pack.declarations.concept import ConceptTraits

Printed = Annotated[str, PydanticField(min_length=1)]
"""A text by which a reader finds its place on the form again: never empty."""


class Role(StrEnum):
    """What a printed line is; the theme decides how each looks."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    SECTION = "section"
    CAPTION = "caption"
    NOTE = "note"


class Heading(Declaration):
    """One printed line over the width of the sheet, `space` points below what is above it.

    `{}` in the text stands for the value of `concept`, if it has one.
    """

    kind: Literal["heading"]
    id: str
    text: str
    role: Role = Role.SECTION
    right: str = ""
    space: float = 0
    aliases: tuple[str, ...] = ()
    concept: str | None = None
    traits: ConceptTraits = ConceptTraits()


class ValuePosition(StrEnum):
    """Where a field's value stands: in the next cell, or in the label's own cell after the label."""

    BESIDE = "beside"
    INSIDE = "inside"


class Field(Declaration):
    """A label and its value. `same_row` sets it beside the field before; `lines` is how high the blank form draws it."""

    concept: str
    label: Printed
    aliases: tuple[str, ...] = ()
    where: ValuePosition = ValuePosition.BESIDE
    same_row: bool = False
    label_span: int = 1
    value_span: int = 1
    lines: int = 1
    tail: str = ""
    note: str = ""
    traits: ConceptTraits = ConceptTraits()


class Fields(Declaration):
    """A block of fields."""

    kind: Literal["fields"]
    id: str
    name: str
    traits: ConceptTraits = ConceptTraits()
    missing: Literal["error", "warning", "info"] | None = None
    fields: tuple[Field, ...]


class ColumnRole(StrEnum):
    """What stands in a table's column.

    `level`: the label of a group of rows, merged over them; `label`: what names the row; `printed`: text of the form;
    `input`: what the department fills in.
    """

    LEVEL = "level"
    LABEL = "label"
    PRINTED = "printed"
    INPUT = "input"


class Column(Declaration):
    """A column of a table: its head from the top line down, its concept pattern, and how many grid columns it spans."""

    key: str
    header: Annotated[tuple[Printed, ...], PydanticField(min_length=1)]
    role: ColumnRole = ColumnRole.INPUT
    aliases: tuple[str, ...] = ()
    concept: str | None = None
    label: str = ""
    span: int = 1
    optional: bool = False
    traits: ConceptTraits = ConceptTraits()

    @property
    def leaf(self) -> str:
        """Return the lowest line of its head."""
        return self.header[-1]


class Row(Declaration):
    """A fixed row: its key, its printed label, the levels it stands under and what is printed in other columns.

    `columns` names the input columns it has; None means all. `summary_sheet` is the district summary's sheet that adds
    its amounts up, where its table names none. `shared` names rows whose cells in the printed columns
    `shared_columns` are one merged cell.
    """

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    printed: dict[str, str] = {}
    columns: tuple[str, ...] | None = None
    shared: str = ""
    shared_columns: tuple[str, ...] = ()
    open: bool = False
    traits: ConceptTraits = ConceptTraits()
    maximum: str | None = None
    summary_sheet: str = ""


class OwnRows(Declaration):
    """Rows that a department may add to a fixed table, after the printed row `after`, numbered in their order.

    `concept` is the pattern of their cells with `{n}` and `{column}`, `label` that of their names; `name` is what
    people call one. The blank form has `blank_rows` of them.
    """

    after: str
    concept: str
    label: str
    name: str
    blank_rows: int = 0


class RecordLevel(Declaration):
    """A first-level group of declared rows and its second-level kinds, with the blank rows that the form prints."""

    label: str
    note: str = ""
    aliases: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    child_aliases: dict[str, tuple[str, ...]] = {}
    rows: int = 1

    def names(self) -> dict[str, tuple[str, ...]]:
        """Return the printed labels, its own first, each with the other ways to write it."""
        return {self.label: self.aliases} | {child: self.child_aliases.get(child, ()) for child in self.children}


class RowSource(StrEnum):
    """Where a table's rows come from.

    `fixed`: declared in the layout; `institutions`: summary, headquarters, subordinate units; `records`: declared by
    the department; `indicators` and `checklists`: the rubric's.
    """

    FIXED = "fixed"
    INSTITUTIONS = "institutions"
    RECORDS = "records"
    INDICATORS = "indicators"
    CHECKLISTS = "checklists"


class Table(Declaration):
    """A table. Concept ids are made of `concept` with `{column}`, `{row}` and, for records, `{n}` filled in.

    In a footer below records the footer's key stands in the place of `{n}`. `own` are rows that departments may add.

    `summary_sheet` is the district summary's sheet that adds it up; tables that name the same one stand side by side.
    """

    kind: Literal["table"]
    id: str
    name: str
    caption: str = ""
    aliases: tuple[str, ...] = ()
    unit_line: str = ""
    concept: str
    source: RowSource = RowSource.FIXED
    side_label: str = ""
    traits: ConceptTraits = ConceptTraits()
    missing: Literal["error", "warning", "info"] | None = None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    footer: tuple[Row, ...] = ()
    levels: tuple[RecordLevel, ...] = ()
    blank_rows: int = 0
    row_lines: int = 1
    summary_sheet: str = ""
    own: OwnRows | None = None

    @property
    def depth(self) -> int:
        """Return how many lines its head has."""
        return max(len(column.header) for column in self.columns)

    def column(self, key: str) -> Column:
        """Return the column of a key."""
        return next(column for column in self.columns if column.key == key)

    @property
    def inputs(self) -> tuple[Column, ...]:
        """Return the columns that the department fills in."""
        return tuple(column for column in self.columns if column.role is ColumnRole.INPUT)

    @property
    def label_column(self) -> Column | None:
        """Return the column whose cells name the rows, if there is one."""
        return next((column for column in self.columns if column.role is ColumnRole.LABEL), None)

    @property
    def level_columns(self) -> tuple[Column, ...]:
        """Return the columns of group labels, outermost first."""
        return tuple(column for column in self.columns if column.role is ColumnRole.LEVEL)

    def concept_id(self, column: Column, *, row: str = "", n: int | str = "{n}") -> str:
        """Return the concept id of a cell."""
        pattern = column.concept or self.concept
        return pattern.replace("{column}", column.key).replace("{row}", row).replace("{n}", str(n))

    def own_concept_id(self, column: Column, n: int | str = "{n}") -> str:
        """Return the concept id of a cell of a row that the department added; empty where it may add none."""
        return self.own.concept.replace("{column}", column.key).replace("{n}", str(n)) if self.own else ""

    def row_concept_ids(self, row: Row) -> dict[str, str]:
        """Return the concept id of each input column that a fixed row has, by column key."""
        number = row.key if self.source is RowSource.RECORDS else "{n}"
        return {
            column.key: self.concept_id(column, row=row.key, n=number)
            for column in self.inputs
            if row.columns is None or column.key in row.columns
        }


class Prose(Declaration):
    """Free text, a paragraph a row, under a heading of its own."""

    kind: Literal["prose"]
    id: str
    name: str
    caption: str
    aliases: tuple[str, ...] = ()
    concept: str
    blank_rows: int = 24
    missing: Literal["error", "warning", "info"] | None = None
    traits: ConceptTraits = ConceptTraits()


class Example(Declaration):
    """A filled example below printed guidance: a head and rows of texts, of which column `filled` shows what to enter."""

    heads: tuple[str, ...]
    filled: int
    rows: tuple[tuple[str, ...], ...]

    @model_validator(mode="after")
    def _is_a_table(self) -> Example:
        if not 0 <= self.filled < len(self.heads) or any(len(row) != len(self.heads) for row in self.rows):
            raise ValueError("示例每行的格数应与表头相同，filled 为其中一列（从 0 起）")
        return self


class Notes(Declaration):
    """Printed guidance; holds no facts."""

    kind: Literal["notes"]
    id: str
    lines: tuple[str, ...]
    example: Example | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every text that it prints."""
        table = (self.example.heads, *self.example.rows) if self.example else ()
        return (*self.lines, *(text for row in table for text in row))


Block = Annotated[Heading | Fields | Table | Prose | Notes, PydanticField(discriminator="kind")]


class Orientation(StrEnum):
    """How a sheet is printed on A4."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class Sheet(Declaration):
    """A sheet of the official template: its grid of column widths (in characters) and its blocks from the top."""

    id: str
    name: str
    orientation: Orientation = Orientation.PORTRAIT
    widths: tuple[float, ...]
    blocks: tuple[Block, ...]


class Institutions(Declaration):
    """The rows of the money tables: labels of the summary and headquarters rows and the placeholders' pattern."""

    summary: str
    summary_aliases: tuple[str, ...] = ()
    headquarters: str
    headquarters_aliases: tuple[str, ...] = ()
    placeholder: str
    placeholders: int = 4


class Layout(Declaration):
    """All sheets of the official template in their order."""

    institutions: Institutions | None = None
    sheets: tuple[Sheet, ...]
