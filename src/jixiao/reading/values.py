"""Cells become facts: each value is parsed as its concept asks, with a finding for everything that was done on the way."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from jixiao.model.fact import Fact, FactState
from jixiao.model.finding import Finding
from jixiao.model.place import Place
from jixiao.pack.declarations.concept import Concept, ConceptKind
from jixiao.reading.context import ReadContext
from jixiao.reading.formats.grid import CellValue
from jixiao.reading.locate.label_index import ExpectedCell
from jixiao.reading.locate.sheet_view import Position, SheetView
from jixiao.reading.table_segment import Segment
from jixiao.values.choices import parse_choice
from jixiao.values.dates import parse_date, parse_year
from jixiao.values.number_format import plain_text, to_six_places
from jixiao.values.numbers import parse_number, plain_number
from jixiao.values.text import Note, NoteKind, ParsedNumber, ParsedText, is_plain_text, parse_text, raw_text
from jixiao.values.units import unit_factor

LONGEST_QUOTED = 60

DATE_EXAMPLE = "日期，例如 2023年4月10日"


def read_row(
    gathered: ReadContext, part: Segment, row: int, concepts: Iterable[tuple[str, str]], institution: str | None = None, unit: str = ""
) -> None:  # fmt: skip
    """Read a row of a table: `concepts` are those of its cells by the key of their column, those that the part lacks passed over.

    `unit` is what the row itself states instead of the concepts' units and those of its table.
    """
    view, spans, columns, units = part.view, part.spans, part.labels.columns, part.units
    for key, concept_id in concepts:
        if key in spans:
            read_cell(gathered, view, part.spot(columns[key], row), concept_id, institution, unit or units.get(key, ""))


def read_cell(
    gathered: ReadContext, view: SheetView, spot: Position, concept_id: str, institution: str | None = None, unit: str = ""
) -> Fact:
    """Return the fact of a cell, added to what is gathered. `unit` is the unit its table names instead of the concept's."""
    value = view.cells.get(spot)
    place = view.place(spot)
    if value is None:
        fact = Fact(concept_id, institution, FactState.BLANK, place=place)
        gathered.facts.append(fact)
        return fact
    view.used.add(spot)
    return read_value(gathered, value, place, concept_id, institution, unit=unit, percent_format=spot in view.grid.percent)


def read_value(
    gathered: ReadContext, value: CellValue, place: Place, concept_id: str, institution: str | None = None,
    *, unit: str = "", percent_format: bool = False,
) -> Fact:  # fmt: skip
    """Return the fact of a value at a place, added to what is gathered, with the findings about how it was read."""
    cell = gathered.index.cells[concept_id]
    fact = _plain_fact(cell, value, place, concept_id, institution) if not unit else None
    if fact is not None:
        gathered.facts.append(fact)
        return fact
    concept, number = cell.concept, None
    parsed: ParsedNumber | ParsedText
    if cell.numeric:
        unit = unit or concept.unit
        parsed = parse_number(value, unit=unit, percent_format=percent_format)
        text, number = None, parsed.value
        if number is not None and unit != concept.unit:
            number = to_six_places(number * (unit_factor(unit, concept.unit) or Decimal(1)))
    else:
        parsed = _text(concept, _as_shown(value) if percent_format else value)
        text = parsed.text
    fact = Fact(concept_id, institution, parsed.state, number, text, raw_text(value), place)
    gathered.facts.append(fact)
    if parsed.notes or parsed.state is FactState.UNREADABLE:
        gathered.findings.extend(_findings(gathered, concept, fact, parsed))
    return fact


def _plain_fact(cell: ExpectedCell, value: CellValue, place: Place, concept_id: str, institution: str | None) -> Fact | None:
    """Return the fact of an ordinary number or text, which nothing is to be said about; None where a closer look is due."""
    if type(value) is float:
        if cell.numeric and not cell.percent and (plain := plain_number(value)) is not None:
            return Fact(concept_id, institution, FactState.OK, plain[1], None, plain[0], place)
    elif type(value) is str and cell.text and is_plain_text(value):
        return Fact(concept_id, institution, FactState.OK, None, value, value, place)
    return None


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


def _findings(gathered: ReadContext, concept: Concept, fact: Fact, parsed: ParsedNumber | ParsedText) -> list[Finding]:
    """Return the findings about how a value was read, or that it could not be."""
    findings = [finding for note in parsed.notes if (finding := _note_finding(gathered, concept, fact, note)) is not None]
    if findings or parsed.state is not FactState.UNREADABLE:
        return findings
    if concept.kind is ConceptKind.CHOICE:
        return [_finding(gathered, "CEL-09", fact, "、".join(concept.choices))]
    if concept.kind is ConceptKind.DATE:
        return [_finding(gathered, "CEL-09", fact, DATE_EXAMPLE, "请按“2023年4月10日”的写法填写日期。")]
    return [_finding(gathered, "CEL-01", fact)] if concept.numeric else []


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
    gathered: ReadContext, code: str, fact: Fact, expected: str | None = None, remedy: str | None = None, unit: str = "", other: str = ""
) -> Finding:
    return gathered.pack.rules.finding(
        code, place=fact.place, concept=fact.concept, institution=fact.institution, expected=expected,
        actual=(fact.raw or "")[:LONGEST_QUOTED], remedy=remedy, where=gathered.pack.describe(fact.concept, fact.institution),
        unit=unit, other=other,
    )  # fmt: skip
