"""Cells become facts, through the one door for numbers, with a finding for everything that was done on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from jixiao.model.cell import plain_decimal, raw_text
from jixiao.model.fact import Fact, State
from jixiao.model.finding import Finding
from jixiao.model.numbers import parse_choice, parse_date, parse_number, parse_text, parse_year, plain_number
from jixiao.model.numerals import to_six_places
from jixiao.model.parsed import Note, NoteKind, ParsedNumber, ParsedText
from jixiao.model.place import Place
from jixiao.model.texts import is_plain_text
from jixiao.model.units import unit_factor
from jixiao.pack.concept import Concept, Kind
from jixiao.reading.findings import Gathered
from jixiao.reading.grid import CellValue
from jixiao.reading.index import Asked
from jixiao.reading.segments import Segment
from jixiao.reading.sheet import SheetView, Spot

LONGEST_QUOTED = 60

DATE_EXAMPLE = "日期，例如 2023年4月10日"

_NEW, _OK, _BLANK = tuple.__new__, State.OK, State.BLANK
"""Facts and places are tuples and made as such: a filing has hundreds."""


def read_cell(
    gathered: Gathered, view: SheetView, spot: Spot, concept_id: str, institution: str | None = None, unit: str = ""
) -> Fact:
    """The fact of a cell, added to what is gathered. `unit` is the unit its table names instead of the concept's."""
    value = view.cells.get(spot)
    place = view.place(spot)
    if value is None:
        fact = Fact(concept_id, institution, State.BLANK, None, None, None, place)
        gathered.facts.append(fact)
        return fact
    view.used.add(spot)
    percent = spot in view.grid.percent
    return read_value(gathered, value, place, concept_id, institution, unit=unit, percent_format=percent)


Wanted = Iterable[tuple[str, str]]
"""Keys of columns with the concepts of their cells."""


def read_rows(
    gathered: Gathered, rows: Iterable[tuple[Segment, int, Wanted, str | None]],
    units: Mapping[int, Mapping[str, str]] | None = None,
) -> None:  # fmt: skip
    """Add the facts of rows of tables to what is gathered: of each its part, its number, what is wanted, its institution.

    `units` are those that the head of a part names instead of the concepts', by column key. As `read_cell` for each cell
    of a column that is there, but that nearly every cell holds nothing, a plain number or a plain text and is read here.
    """
    asked = gathered.index.asked
    part = None
    for each, row, wanted, institution in rows:
        if each is not part:
            part, spans, view = each, each.spans, each.view
            cells, used, covered, grid, facts = view.cells, view.used, view.covered, view.grid, gathered.facts
            stated = units.get(id(part)) if units else None
            usual, name = not (stated or grid.percent or grid.origins), grid.name
        for key, concept_id in wanted:
            span = spans.get(key)
            if span is None:
                continue
            spot = row, span[0]
            value = cells.get(spot)
            if value is None and (span[1] > span[0] or spot in covered):
                spot = part.spot(part.labels.columns[key], row)
                value = cells.get(spot)
            if usual:
                fact = plain_fact(value, asked[concept_id], concept_id, institution, Place(name, *spot))
                if fact is not None:
                    if value is not None:
                        used.add(spot)
                    facts.append(fact)
                    continue
            read_cell(gathered, view, spot, concept_id, institution, stated.get(key, "") if stated else "")


def plain_fact(value: CellValue, asked: Asked, concept_id: str, institution: str | None, place: Place) -> Fact | None:
    """The fact of a cell that holds nothing, a plain number or a plain text, None of any other.

    As `read_value` of a cell that has no percent format and whose unit is the concept's.
    """
    if value is None:
        return _NEW(Fact, (concept_id, institution, _BLANK, None, None, None, place))
    if type(value) is float:
        # Between 0 and 1 a percentage may be a rate.
        if asked.numeric and not (asked.percent and 0 < value <= 1) and (plain := plain_number(value)) is not None:
            return _NEW(Fact, (concept_id, institution, _OK, plain[1], None, plain[0], place))
    elif type(value) is str and asked.text and is_plain_text(value):
        return _NEW(Fact, (concept_id, institution, _OK, None, value, value, place))
    return None


def read_value(
    gathered: Gathered,
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
        fact = Fact(concept_id, institution, State.OK, None, value, value, place)
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
    if parsed.notes or parsed.state is State.UNREADABLE:
        _tell(gathered, concept, fact, parsed)
    return fact


def _as_shown(value: CellValue) -> CellValue:
    """A number that its format shows as a percentage, as the text that people see: 0.95 is 95%."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    number = parse_number(value, unit="%", percent_format=True).value
    return value if number is None else f"{plain_decimal(number)}%"


def _text(concept: Concept, value: CellValue) -> ParsedText:
    match concept.kind:
        case Kind.CHOICE:
            return parse_choice(value, concept.choices)
        case Kind.YEAR:
            return parse_year(value)
        case Kind.DATE:
            return parse_date(value)
        case _:
            return parse_text(value)


def _tell(gathered: Gathered, concept: Concept, fact: Fact, parsed: ParsedNumber | ParsedText) -> None:
    told = [found for note in parsed.notes if (found := _note_finding(gathered, concept, fact, note)) is not None]
    if parsed.state is State.UNREADABLE and not told:
        if concept.kind is Kind.CHOICE:
            told.append(_finding(gathered, "CEL-09", fact, "、".join(concept.choices)))
        elif concept.kind is Kind.DATE:
            told.append(_finding(gathered, "CEL-09", fact, DATE_EXAMPLE, "请按“2023年4月10日”的写法填写日期。"))
        elif concept.numeric:
            told.append(_finding(gathered, "CEL-01", fact))
    gathered.findings.extend(told)


def _note_finding(gathered: Gathered, concept: Concept, fact: Fact, note: Note) -> Finding | None:
    shown = plain_decimal(fact.value) if fact.value is not None else fact.text
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
            other = plain_decimal(note.other) if note.other is not None else ""
            return _finding(gathered, "CEL-06", fact, shown, other=other)
        case NoteKind.DATE if concept.numeric:
            return _finding(gathered, "CEL-07", fact)
        case _:
            return None


def _finding(
    gathered: Gathered,
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
