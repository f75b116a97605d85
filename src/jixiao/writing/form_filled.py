"""What one filing says, put into the laid sheets of the form: values, labels, marks, and the heights that its texts ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.fact import Fact, Facts, State
from jixiao.model.finding import Severity
from jixiao.model.place import Place
from jixiao.model.submission import Institution
from jixiao.writing.canvas import Cell, Style, Value, is_brief, shared_cell
from jixiao.writing.form_cells import Room, Slot, Words
from jixiao.writing.form_laid import LaidSheet, paragraphs_of
from jixiao.writing.form_rows import Key
from jixiao.writing.textsize import rows_for


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


class Said(NamedTuple):
    """What a filing says in a cell, by its position; `own` says that other filings hardly say the same there."""

    position: int
    value: Value
    style: Style | None = None
    own: bool = False


@dataclass(slots=True)
class Contents:
    """What a filing says on a laid sheet, whatever rows its bands take.

    `numbers` are those among it by the number of their slot, `raised` the heights that bands need for the texts.
    """

    said: list[Said] = field(default_factory=list)
    numbers: list[tuple[int, Decimal]] = field(default_factory=list)
    raised: dict[int, float] = field(default_factory=dict)

    def tall(self, laid: LaidSheet) -> tuple[tuple[int, int], ...]:
        """The bands that need another number of rows than they have there, each with the number."""
        counts = ((band, len(rows_for(points))) for band, points in sorted(self.raised.items()))
        return tuple((band, count) for band, count in counts if count != laid.bands[band].rows)


def contents_of(laid: LaidSheet, filing: Filing) -> Contents:
    """What a filing says on a sheet."""
    found = Contents()
    put, numbers, raised, bands, ok = found.said.append, found.numbers.append, found.raised, laid.bands, State.OK

    def fit(room: Room, text: str) -> None:
        if len(text) > room.brief or "\n" in text:
            points = room.points(text)
            if points > raised.get(room.band, bands[room.band].least):
                raised[room.band] = points

    for institution, slots in laid.by_institution:
        facts = filing.facts_of(institution)
        for number, slot in slots:
            fact = facts.get(slot.key[0])
            value: Value = None
            if fact is not None:
                value = fact.value
                if value is None or fact.state is not ok:
                    value = fact.shown
            room = slot.room
            if slot.tell is not None:
                said = _told(slot, value, filing)
                if said is None:
                    continue
                value = said.value
                put(Said(slot.position, value, said.style))
                if said.text is not None and room is not None:
                    fit(room, said.text)
            elif value is not None:
                put(Said(slot.position, value, None, True))
                if room is not None and isinstance(value, str):
                    fit(room, value)
            if isinstance(value, Decimal):
                numbers((number, value))
    for position, institution, room in laid.labels:
        label = filing.institutions[institution].label
        put(Said(position, label))
        fit(room, label)
    for key, positions, rooms in laid.paragraphs:
        for text, position, room in zip(paragraphs_of(filing.facts, key[0]), positions, rooms, strict=False):
            if text:
                put(Said(position, text, None, True))
                fit(room, text)
    return found


def _told(slot: Slot, value: Value, filing: Filing) -> Words | None:
    """What a slot says of a value in its own words; None where it says nothing."""
    assert slot.tell is not None
    if slot.always:
        # The blank form is printed for a year.
        return slot.tell(filing.year if filing.facts is None else value)
    return None if value in (None, "") else slot.tell(value)


def filled_cells(laid: LaidSheet, contents: Contents, marks: Mapping[Key, Mark]) -> list[Cell]:
    """The cells of a sheet with what a filing says; those of which it says nothing are the laid ones themselves."""
    cells = list(laid.cells)
    for position, value, style, own in contents.said:
        blank = cells[position]
        make = Cell if own or not is_brief(value) else shared_cell
        cells[position] = make(
            blank.row, blank.column, value, style or blank.style, blank.last_row, blank.last_column
        )  # fmt: skip
    if marks:
        _mark(cells, laid, marks)
    return cells


def _mark(cells: list[Cell], laid: LaidSheet, marks: Mapping[Key, Mark]) -> None:
    for key, mark in marks.items():
        for position in laid.positions.get(key, ()):
            cells[position] = _marked(cells[position], mark)
    for position, keys in laid.groups:
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
    heights = dict(laid.heights)
    for band, points in contents.raised.items():
        heights.update(enumerate(rows_for(points), start=laid.bands[band].first))
    return heights


def numbers_of(laid: LaidSheet, contents: Contents) -> dict[Place, Decimal]:
    """The numbers that the filing has on a sheet, by place."""
    return {laid.slots[number].place: value for number, value in contents.numbers}
