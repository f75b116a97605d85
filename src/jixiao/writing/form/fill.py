"""What one filing says, put into the laid sheets of the form: values, labels, marks, and the heights that its texts ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.finding import Severity
from jixiao.model.submission import Institution
from jixiao.writing.form.cells import CellSlot, Room
from jixiao.writing.form.laid_sheet import LaidSheet, paragraphs_of
from jixiao.writing.form.rows import CellKey
from jixiao.writing.xlsx.content import Cell, Style, Value
from jixiao.writing.xlsx.text_size import rows_for


class Mark(NamedTuple):
    """What is shown at a cell with findings: their heaviest severity and what the comment says."""

    severity: Severity
    comment: str


class Filing(NamedTuple):
    """What a form is filled with: facts, or None for the blank form of a year, and institutions.

    These are by what the form calls them.
    """

    facts: Facts | None
    institutions: Mapping[str, Institution]
    year: int

    def facts_of(self, institution: str | None) -> Mapping[str, Fact]:
        """The facts of an institution by concept."""
        if self.facts is None:
            return {}
        named = self.institutions.get(institution) if institution is not None else None
        return self.facts.of_institution(institution if named is None else named.key)


@dataclass(slots=True)
class Contents:
    """What a filing says on a laid sheet, whatever rows its bands take.

    `said` are values by the position of their cells, each with a look of its own or None. `numbers` are those among them
    by their facts, `raised` the heights that bands need for the texts.
    """

    said: list[tuple[int, Value, Style | None]] = field(default_factory=list)
    numbers: dict[CellKey, Decimal] = field(default_factory=dict)
    raised: dict[int, float] = field(default_factory=dict)

    def tall(self, laid: LaidSheet) -> tuple[tuple[int, int], ...]:
        """The bands that need another number of rows than they have there, each with the number."""
        counts = ((band, len(rows_for(points))) for band, points in sorted(self.raised.items()))
        return tuple((band, count) for band, count in counts if count != laid.grid.bands[band].rows)

    def fit(self, text: str, room: Room, laid: LaidSheet) -> None:
        """See to it that a text has room."""
        points = room.points(text)
        if points > self.raised.get(room.band, laid.grid.bands[room.band].least):
            self.raised[room.band] = points


def contents_of(laid: LaidSheet, filing: Filing) -> Contents:
    """What a filing says on a sheet."""
    found = Contents()
    for slot in laid.form.slots:
        concept, institution = slot.key
        fact = filing.facts_of(institution).get(concept)
        if slot.tell is not None:
            _tell(found, slot, fact, filing, laid)
        elif fact is not None and fact.value is not None and fact.state is FactState.OK:
            found.numbers[slot.key] = fact.value
            found.said.append((slot.position, fact.value, None))
        elif fact is not None and (text := fact.shown) is not None:
            found.said.append((slot.position, text, None))
            if slot.room is not None and isinstance(text, str):
                found.fit(text, slot.room, laid)
    for position, institution, label_room in laid.form.labels:
        label = filing.institutions[institution].label
        found.said.append((position, label, None))
        found.fit(label, label_room, laid)
    for key, positions, rooms in laid.form.paragraphs:
        for text, position, text_room in zip(paragraphs_of(filing.facts, key[0]), positions, rooms, strict=False):
            if text:
                found.said.append((position, text, None))
                found.fit(text, text_room, laid)
    return found


def _tell(found: Contents, slot: CellSlot, fact: Fact | None, filing: Filing, laid: LaidSheet) -> None:
    """Add what a slot says of its fact in words of its own; most say nothing of what is not stated."""
    assert slot.tell is not None
    value: Value = None if fact is None else fact.shown
    if slot.always:
        # The blank form is printed for a year.
        value = filing.year if filing.facts is None else value
    elif value in (None, ""):
        return
    words = slot.tell(value)
    found.said.append((slot.position, words.value, words.style))
    if isinstance(words.value, Decimal):
        found.numbers[slot.key] = words.value
    if words.text is not None and slot.room is not None:
        found.fit(words.text, slot.room, laid)


def filled_cells(laid: LaidSheet, contents: Contents, marks: Mapping[CellKey, Mark]) -> list[Cell]:
    """The cells of a sheet with what a filing says; those of which it says nothing are the laid ones themselves."""
    cells = list(laid.grid.cells)
    for position, value, style in contents.said:
        blank = cells[position]
        cells[position] = Cell(blank.row, blank.column, value, style or blank.style, blank.last_row, blank.last_column)
    _mark(cells, laid, marks)
    return cells


def _mark(cells: list[Cell], laid: LaidSheet, marks: Mapping[CellKey, Mark]) -> None:
    for key, mark in marks.items():
        for position in laid.positions.get(key, ()):
            cells[position] = _marked(cells[position], mark)
    for position, keys in laid.form.groups:
        for mark in [marks[key] for key in keys if key in marks]:
            cells[position] = _marked(cells[position], _joined(cells[position], mark))


def _joined(cell: Cell, mark: Mark) -> Mark:
    """A mark with what a cell shows of the facts before: the heaviest severity, and all that is said."""
    shown, said = cell.style.mark, cell.comment
    severity = mark.severity if shown is None or mark.severity.weight < shown.weight else shown
    if mark.comment and mark.comment not in said:
        said = "\n\n".join(part for part in (said, mark.comment) if part)
    return Mark(severity, said)


def _marked(cell: Cell, mark: Mark) -> Cell:
    style = cell.style._replace(mark=mark.severity)
    return Cell(cell.row, cell.column, cell.value, style, cell.last_row, cell.last_column, "", mark.comment)


def filled_heights(laid: LaidSheet, contents: Contents) -> dict[int, float]:
    """The heights of the rows of a sheet, raised to what the filing's texts ask."""
    heights = dict(laid.grid.heights)
    for band, points in contents.raised.items():
        heights.update(enumerate(rows_for(points), start=laid.grid.bands[band].first))
    return heights
