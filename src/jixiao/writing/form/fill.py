"""What one filing says, put into the laid-out sheets of the form: values, labels, marks, and the heights that texts need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.finding import Severity
from jixiao.model.submission import Institution
from jixiao.writing.form.cells import CellSlot, Room, ShownValue
from jixiao.writing.form.laid_sheet import LaidSheet, paragraphs_of
from jixiao.writing.form.rows import CellKey
from jixiao.writing.xlsx.content import Cell, Style, Value
from jixiao.writing.xlsx.text_size import rows_for


class Mark(NamedTuple):
    """What is shown at a cell with findings: their heaviest severity and what the comment says."""

    severity: Severity
    comment: str


class FormInput(NamedTuple):
    """What a form is filled with: facts (None for the blank form of a year), institutions by what the form calls them."""

    facts: Facts | None
    institutions: Mapping[str, Institution]
    year: int

    def facts_of(self, institution: str | None) -> Mapping[str, Fact]:
        """Return the facts of an institution by concept."""
        if self.facts is None:
            return {}
        named = self.institutions.get(institution) if institution is not None else None
        return self.facts.of_institution(institution if named is None else named.key)


@dataclass(slots=True)
class SheetValues:
    """What a filing says on a laid sheet, whatever rows its bands take.

    `values` are by the position of their cells, each with a style of its own or None, `numbers` those among them by their
    facts, `points` the heights that bands need for texts.
    """

    laid: LaidSheet
    values: list[tuple[int, Value, Style | None]] = field(default_factory=list)
    numbers: dict[CellKey, Decimal] = field(default_factory=dict)
    points: dict[int, float] = field(default_factory=dict)

    def tall(self) -> tuple[tuple[int, int], ...]:
        """Return the bands that need another number of rows than they have there, each with the number."""
        bands = self.laid.form.bands
        counts = ((band, len(rows_for(points))) for band, points in sorted(self.points.items()))
        return tuple((band, count) for band, count in counts if count != bands[band].last - bands[band].first + 1)

    def put(self, position: int, shown: ShownValue, room: Room | None) -> None:
        """Put a value into a cell and see to it that its text has room."""
        self.values.append((position, shown.value, shown.style))
        if room is not None and shown.text is not None:
            points = room.points(shown.text)
            if points > self.points.get(room.band, self.laid.form.bands[room.band].least):
                self.points[room.band] = points

    def put_slot(self, slot: CellSlot, fact: Fact | None, source: FormInput) -> None:
        """Put what a slot shows of its fact; most show nothing of what is not stated."""
        number: Value = None
        if slot.show is not None:
            value: Value = None if fact is None else fact.shown
            if slot.always and source.facts is None:
                value = source.year  # the blank form is printed for a year
            if value in (None, "") and not slot.always:
                return
            shown = slot.show(value)
            number = shown.value
        elif fact is None or fact.shown is None:
            return
        elif fact.value is not None and fact.state is FactState.OK:
            shown, number = ShownValue(fact.value, None), fact.value
        else:
            shown = ShownValue(fact.shown, fact.shown if isinstance(fact.shown, str) else None)
        if isinstance(number, Decimal):
            self.numbers[slot.key] = number
        self.put(slot.position, shown, slot.room)


def sheet_values(laid: LaidSheet, source: FormInput) -> SheetValues:
    """Return what a filing says on a sheet."""
    values = SheetValues(laid)
    for slot in laid.form.slots:
        concept, institution = slot.key
        if concept:
            values.put_slot(slot, source.facts_of(institution).get(concept), source)
        elif institution:
            label = source.institutions[institution].label
            values.put(slot.position, ShownValue(label, label), slot.room)
    for concept, cells in laid.form.paragraphs:
        for text, (position, room) in zip(paragraphs_of(source.facts, concept), cells, strict=False):
            if text:
                values.put(position, ShownValue(text, text), room)
    return values


def filled_cells(values: SheetValues, marks: Mapping[CellKey, Mark]) -> list[Cell]:
    """Return the cells of a sheet with what a filing says; those of which it says nothing are the laid ones themselves."""
    laid, cells = values.laid, list(values.laid.form.cells)
    for position, value, style in values.values:
        blank = cells[position]
        cells[position] = Cell(blank.row, blank.column, value, style or blank.style, blank.last_row, blank.last_column)
    for key, mark in marks.items():
        for position in laid.positions.get(key, ()):
            cells[position] = _marked(cells[position], mark)
    for position, keys in laid.form.groups:
        for mark in [marks[key] for key in keys if key in marks]:
            cells[position] = _marked(cells[position], _joined(cells[position], mark))
    return cells


def _joined(cell: Cell, mark: Mark) -> Mark:
    """Return a mark with what a cell shows of the facts before: the heaviest severity, and all comments."""
    shown, comment = cell.style.mark, cell.comment
    severity = mark.severity if shown is None or mark.severity.weight < shown.weight else shown
    if mark.comment and mark.comment not in comment:
        comment = "\n\n".join(part for part in (comment, mark.comment) if part)
    return Mark(severity, comment)


def _marked(cell: Cell, mark: Mark) -> Cell:
    style = cell.style._replace(mark=mark.severity)
    return Cell(cell.row, cell.column, cell.value, style, cell.last_row, cell.last_column, "", mark.comment)


def filled_heights(values: SheetValues) -> dict[int, float]:
    """Return the heights of the rows of a sheet, raised to what the filing's texts need."""
    form = values.laid.form
    heights = dict(form.heights)
    for band, points in values.points.items():
        heights.update(enumerate(rows_for(points), start=form.bands[band].first))
    return heights
