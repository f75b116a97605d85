"""Cells become facts, through the one door for numbers, with a finding for everything that was done on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from jixiao.model.fact import Fact, FactState
from jixiao.model.finding import Finding
from jixiao.model.place import Place
from jixiao.pack.declarations.concept import Concept, ConceptKind
from jixiao.reading.context import ReadContext
from jixiao.reading.formats.grid import CellValue
from jixiao.reading.locate.sheet_view import Position, SheetView
from jixiao.reading.table_segment import Segment
from jixiao.values.choices import parse_choice
from jixiao.values.dates import parse_date, parse_year
from jixiao.values.number_format import plain_text, to_six_places
from jixiao.values.numbers import parse_number
from jixiao.values.text import Note, NoteKind, ParsedNumber, ParsedText, is_plain_text, parse_text, raw_text
from jixiao.values.units import unit_factor

LONGEST_QUOTED = 60

DATE_EXAMPLE = "日期，例如 2023年4月10日"

def read_cell(
    gathered: ReadContext, view: SheetView, spot: Position, concept_id: str, institution: str | None = None, unit: str = ""
) -> Fact:
    """The fact of a cell, added to what is gathered. `unit` is the unit its table names instead of the concept's."""
    value = view.cells.get(spot)
    place = view.place(spot)
    if value is None:
        fact = Fact(concept_id, institution, FactState.BLANK, place=place)
        gathered.facts.append(fact)
        return fact
    view.used.add(spot)
    percent = spot in view.grid.percent
    return read_value(gathered, value, place, concept_id, institution, unit=unit, percent_format=percent)


Wanted = Iterable[tuple[str, str]]
"""Keys of columns with the concepts of their cells."""


def read_rows(
    gathered: ReadContext, rows: Iterable[tuple[Segment, int, Wanted, str | None]],
    units: Mapping[int, Mapping[str, str]] | None = None,
) -> None:  # fmt: skip
    """Read rows of tables, each a part, a row number, the wanted cells and the institution that the row is of.

    `units` are those that the head of a part names instead of the concepts', by column key. Columns that a part lacks are
    passed over.
    """
    for part, row, wanted, institution in rows:
        stated = (units or {}).get(id(part), {})
        for key, concept_id in wanted:
            if key in part.spans:
                spot = part.spot(part.labels.columns[key], row)
                read_cell(gathered, part.view, spot, concept_id, institution, stated.get(key, ""))


def read_value(
    gathered: ReadContext,
    value: CellValue,
    place: Place,
    concept_id: str,
    institution: str | None = None,
    *,
    unit: str = "",
    percent_format: bool = False,
) -> Fact:
    """The fact of a value at a place, added to what is gathered."""
    asked = gathered.index.asked[concept_id]
    fact: Fact
    if type(value) is str and asked.text and is_plain_text(value):
        fact = Fact(concept_id, institution, FactState.OK, None, value, value, place)
        gathered.facts.append(fact)
        return fact
    concept = asked.concept
    raw = raw_text(value)
    parsed: ParsedNumber | ParsedText
    if asked.numeric:
        wanted = unit or concept.unit
        parsed = parse_number(value, unit=wanted, percent_format=percent_format)
        number = parsed.value
        if number is not None and wanted != concept.unit:
            number = to_six_places(number * (unit_factor(wanted, concept.unit) or Decimal(1)))
        fact = Fact(concept_id, institution, parsed.state, number, None, raw, place)
    else:
        parsed = _text(concept, _as_shown(value) if percent_format else value)
        fact = Fact(concept_id, institution, parsed.state, None, parsed.text, raw, place)
    gathered.facts.append(fact)
    if parsed.notes or parsed.state is FactState.UNREADABLE:
        _tell(gathered, concept, fact, parsed)
    return fact


def _as_shown(value: CellValue) -> CellValue:
    """A number that its format shows as a percentage, as the text that people see: 0.95 is 95%."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    number = parse_number(value, unit="%", percent_format=True).value
    return value if number is None else f"{plain_text(number)}%"


def _text(concept: Concept, value: CellValue) -> ParsedText:
    match concept.kind:
        case ConceptKind.CHOICE:
            return parse_choice(value, concept.choices)
        case ConceptKind.YEAR:
            return parse_year(value)
        case ConceptKind.DATE:
            return parse_date(value)
        case _:
            return parse_text(value)


def _tell(gathered: ReadContext, concept: Concept, fact: Fact, parsed: ParsedNumber | ParsedText) -> None:
    told = [found for note in parsed.notes if (found := _note_finding(gathered, concept, fact, note)) is not None]
    if parsed.state is FactState.UNREADABLE and not told:
        if concept.kind is ConceptKind.CHOICE:
            told.append(_finding(gathered, "CEL-09", fact, "、".join(concept.choices)))
        elif concept.kind is ConceptKind.DATE:
            told.append(_finding(gathered, "CEL-09", fact, DATE_EXAMPLE, "请按“2023年4月10日”的写法填写日期。"))
        elif concept.numeric:
            told.append(_finding(gathered, "CEL-01", fact))
    gathered.findings.extend(told)


def _note_finding(gathered: ReadContext, concept: Concept, fact: Fact, note: Note) -> Finding | None:
    shown = plain_text(fact.value) if fact.value is not None else fact.text
    match note.kind:
        case NoteKind.UNIT:
            return _finding(gathered, "CEL-02", fact, shown, unit=concept.unit)
        case NoteKind.WRITTEN if concept.numeric:
            return _finding(gathered, "CEL-03", fact, shown)
        case NoteKind.WRITTEN:
            return _finding(gathered, "CEL-03", fact, f"“{shown}”", f"请直接填写“{shown}”。")
        case NoteKind.FORMULA:
            return _finding(gathered, "CEL-04", fact)
        case NoteKind.ERROR:
            return _finding(gathered, "CEL-05", fact)
        case NoteKind.PERCENT_AMBIGUOUS:
            other = plain_text(note.other) if note.other is not None else ""
            return _finding(gathered, "CEL-06", fact, shown, other=other)
        case NoteKind.DATE if concept.numeric:
            return _finding(gathered, "CEL-07", fact)
        case _:
            return None


def _finding(
    gathered: ReadContext,
    code: str,
    fact: Fact,
    expected: str | None = None,
    remedy: str | None = None,
    unit: str = "",
    other: str = "",
) -> Finding:
    return gathered.pack.rules.finding(
        code,
        place=fact.place,
        concept=fact.concept,
        institution=fact.institution,
        expected=expected,
        actual=(fact.raw or "")[:LONGEST_QUOTED],
        remedy=remedy,
        where=gathered.pack.describe(fact.concept, fact.institution),
        unit=unit,
        other=other,
    )
