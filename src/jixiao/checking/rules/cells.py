"""Rules over single cells (required, sign, whole numbers, choices): what the schemas of the tables report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from jixiao.checking import messages
from jixiao.checking.filing import CheckedFiling
from jixiao.checking.frames import NUMBER, FrameRow, NoValue, frame_of, rows_of, tables_of
from jixiao.checking.schemas import (
    NEGATIVE,
    NOT_A_CHOICE,
    NOT_WHOLE,
    REQUIRED,
    Failure,
    failures,
    rule_codes,
    schemas_of,
)
from jixiao.model.fact import Fact
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.concept import Concept

_DEMANDS = frozenset(REQUIRED.values())


def codes(pack: Pack) -> set[str]:
    """Return the codes of these rules, those that no cell of the form is checked against among them."""
    return {NEGATIVE, NOT_WHOLE, NOT_A_CHOICE, *REQUIRED.values(), *_codes_of_cells(pack)}


@cached_per_pack
def _codes_of_cells(pack: Pack) -> frozenset[str]:
    schemas = schemas_of(pack)
    return frozenset(
        code for table in tables_of(pack) for concept in table.concepts for code in rule_codes(schemas[table.id], concept.id)
    )


def check_all(filings: Sequence[CheckedFiling], pack: Pack) -> None:
    """Validate each table of these filings once; every failure case becomes a finding."""
    for filing in filings:
        filing.not_asked(_codes_of_cells(pack), messages.NOTHING_FILLED)
    for table in tables_of(pack):
        schema, rows = schemas_of(pack)[table.id], rows_of(table, filings)
        concepts = {concept.id: concept for concept in table.concepts}
        columns: dict[str, list[int]] = {}
        for n, concept_id in enumerate(concepts):
            for code in rule_codes(schema, concept_id):
                columns.setdefault(code, []).append(n)
        reported = failures(schema, frame_of(table, rows))
        for failure in reported:
            _report(failure, rows[failure.row], concepts[failure.column])
        failed = Counter((failure.row, failure.check) for failure in reported)
        for index, row in enumerate(rows):
            for code, positions in columns.items():
                row.filing.passed(code, _decided(code, row, positions) - failed[index, code])
        for code, positions in columns.items():
            if code not in _DEMANDS:
                _undecided(code, rows, [(n, table.concepts[n]) for n in positions])


def _decided(code: str, row: FrameRow, positions: Iterable[int]) -> int:
    """Return at how many of these cells a rule is asked and can be decided."""
    if code in _DEMANDS:
        return sum(row.cells[n] is not None for n in positions) if row.demanded else 0
    return sum(isinstance(row.cells[n], Decimal | str) for n in positions)


def _undecided(code: str, rows: Sequence[FrameRow], columns: Iterable[tuple[int, Concept]]) -> None:
    """Record that a rule could not be decided at the cells that could not be read."""
    for n, concept in columns:
        for row in rows:
            if row.cells[n] is NoValue.UNREADABLE:
                fact = _fact(row, concept)
                row.filing.undecided(code, messages.unreadable(row.filing.pack, [fact] if fact else []))


def _report(failure: Failure, row: FrameRow, concept: Concept) -> None:
    filing, code, fact = row.filing, failure.check, _fact(row, concept)
    place = fact.place if fact else None
    if place and any((finding.rule, finding.place) == (code, place) for finding in filing.submission.findings):
        filing.failed_in_reading(code)
        return
    concept_id, institution = _cell_key(row, concept)
    if code in _DEMANDS or fact is None:
        actual = messages.NOT_FILLED
    else:
        actual = messages.shown(fact.value) if fact.value is not None else fact.text or ""
    filing.add(
        filing.pack.rules.finding(
            code, place=place, concept=concept_id, institution=institution, actual=actual,
            expected=messages.joined(concept.choices) if code == NOT_A_CHOICE else None,
            where=messages.cell_label(filing.pack, concept_id, institution),
        )
    )  # fmt: skip


def _cell_key(row: FrameRow, concept: Concept) -> tuple[str, str | None]:
    """Return the concept id and the institution of a cell."""
    if NUMBER in concept.id:
        return concept.id.replace(NUMBER, row.key or ""), None
    return concept.id, row.key


def _fact(row: FrameRow, concept: Concept) -> Fact | None:
    return row.filing.facts.get(*_cell_key(row, concept))
