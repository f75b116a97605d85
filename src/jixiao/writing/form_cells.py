"""The cells that hold facts: what each shows, how it looks, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from jixiao.model.fact import Facts, State
from jixiao.model.finding import Severity
from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.concept import Concept, Kind
from jixiao.writing.canvas import Cell, Style, Value
from jixiao.writing.form_grid import Grid
from jixiao.writing.form_rows import Key
from jixiao.writing.textsize import height

INPUT_STYLES: Mapping[Kind, Style] = {
    Kind.AMOUNT: Style("number", "amount_exact", locked=False),
    Kind.COUNT: Style("score", "general", locked=False),
    Kind.PERCENT: Style("score", "general", locked=False),
    Kind.MARKS: Style("score", "marks", locked=False),
    Kind.CHOICE: Style("score", "", locked=False),
    Kind.TEXT: Style("input", "", locked=False),
    Kind.DATE: Style("input", "text", locked=False),
    Kind.YEAR: Style("input", "text", locked=False),
}
SHORT_TEXT = Style("input", "text", locked=False)
"""Short texts such as codes keep their leading zeros: the cell takes what is typed as text."""


class Mark(NamedTuple):
    """What is shown at a cell with findings: their heaviest severity and what the comment says."""

    severity: Severity
    comment: str


@dataclass
class FormCells:
    """Draws the cells of facts of one filing (or of the blank form) and remembers where each stands.

    `numbers` are the numbers that stand in the drawn cells, by place, for the live checks' cached values; `apart` are the
    places outside of tables.
    """

    pack: Pack
    facts: Facts | None
    marks: Mapping[Key, Mark]
    places: dict[Key, Place] = field(default_factory=dict)
    numbers: dict[Place, Decimal] = field(default_factory=dict)
    concepts: dict[Place, Concept] = field(default_factory=dict)
    spans: dict[Place, int] = field(default_factory=dict)
    apart: dict[Key, Place] = field(default_factory=dict)

    @cached_property
    def shown(self) -> Mapping[Key, Value]:
        """What stands in the cells that are not blank: number or text as read, the raw text of what could not be read."""
        found: dict[Key, Value] = {}
        blank, unreadable = State.BLANK, State.UNREADABLE
        # Backwards, so that the first fact of a key counts.
        for fact in reversed(self.facts.rows if self.facts is not None else ()):
            value: Value = None
            if fact.state is unreadable:
                value = fact.raw or fact.text
            elif fact.state is not blank:
                value = fact.value
                if value is None:
                    value = fact.text if fact.text is not None else fact.raw
            found[fact.concept, fact.institution] = value
        return found

    @cached_property
    def texts(self) -> Mapping[Key, str]:
        """The texts among what stands in the cells."""
        return {key: value for key, value in self.shown.items() if isinstance(value, str)}

    def value(self, key: Key) -> Value:
        """What stands in the cell of a fact, None for a blank."""
        return self.shown.get(key)

    def text(self, key: Key) -> str:
        """The same as text, empty for a blank."""
        value = self.value(key)
        return "" if value is None else str(value)

    def put(
        self,
        grid: Grid,
        key: Key,
        rows: tuple[int, int],
        columns: tuple[int, int],
        style: Style | None = None,
        value: Value = None,
        stated: bool = False,
    ) -> Cell:
        """Set the cell of a fact and remember its place; `stated` says that `value` is what it shows."""  # fmt: skip
        concept = self.pack.concept(key[0])
        shown = value if stated else self.value(key)
        looks = style or INPUT_STYLES[concept.kind]
        if rows[1] > rows[0] and looks.role == "input":
            # A text over several rows may run over pages: it begins at the top.
            looks = looks._replace(role="box")
        mark = self.marks.get(key)
        if mark is not None:
            looks = looks._replace(mark=mark.severity)
        cell = grid.put(rows, columns, shown, looks, mark.comment if mark else "")
        self.remember(grid, key, cell, concept)
        return cell

    def remember(self, grid: Grid, key: Key, cell: Cell, concept: Concept | None = None) -> None:
        """Note where a fact stands."""
        place = grid.place(cell)
        self.places[key] = self.apart[key] = place
        if isinstance(cell.value, Decimal | int):
            self.numbers[place] = Decimal(cell.value)
        if not cell.style.locked:
            self.concepts[place] = concept or self.pack.concept(key[0])
            self.spans[place] = cell.last_row

    def mark(self, cell: Cell, key: Key) -> None:
        """Show a fact's findings at a cell that holds several facts: the heaviest severity, all comments."""
        mark = self.marks.get(key)
        if mark is None:
            return
        shown = cell.style.mark
        heavier = shown is None or mark.severity.weight < shown.weight
        cell.style = cell.style._replace(mark=mark.severity if heavier else shown)
        if mark.comment and mark.comment not in cell.comment:
            cell.comment = "\n\n".join(part for part in (cell.comment, mark.comment) if part)

    def points(self, key: Key, width: float) -> float:
        """The height that the fact's text needs in a width."""
        value = self.value(key)
        # The mark inside a marked cell takes the room of a sign.
        return height(f"▲{value}", width) if isinstance(value, str) else 0.0
