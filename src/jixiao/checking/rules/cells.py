"""Rules over single cells (required, sign, whole numbers, choices): what the schemas of the tables report."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.checking import messages
from jixiao.checking.filing import Filing
from jixiao.checking.frames import NUMBER, Cell, NoValue, Row, frame_of, rows_of, tables_of
from jixiao.checking.schemas import NOT_A_CHOICE, REQUIRED, Failure, failures, rule_codes, schemas_of
from jixiao.model.fact import Fact
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import Concept

_DEMANDS = frozenset(REQUIRED.values())


def cell_codes(pack: Pack) -> set[str]:
    """Return the codes of these rules in a pack."""
    schemas = schemas_of(pack)
    return {
        code for table in tables_of(pack) for concept in table.concepts for code in rule_codes(schemas[table.id], concept.id)
    }


def check_cells(filings: Sequence[Filing], pack: Pack) -> None:
    """Validate each table of these filings once; every failure case becomes a finding."""
    codes = cell_codes(pack)
    for filing in filings:
        filing.not_asked(codes, messages.NOTHING_FILLED)
    for table in tables_of(pack):
        schema, rows = schemas_of(pack)[table.id], rows_of(table, filings)
        concepts = {concept.id: concept for concept in table.concepts}
        reported = failures(schema, frame_of(table, rows))
        for failure in reported:
            _report(failure, rows[failure.row], concepts[failure.column])
        broken = set(reported)
        for n, concept in enumerate(table.concepts):
            for code in rule_codes(schema, concept.id):
                passed = [
                    row for index, row in enumerate(rows)
                    if _is_asked(code, row, row.cells[n], concept) and (index, concept.id, code) not in broken
                ]  # fmt: skip
                for row in passed:
                    row.filing.passed(code)


def _is_asked(code: str, row: Row, cell: Cell, concept: Concept) -> bool:
    """Return whether a rule is asked of a cell and decided; where a cell could not be read, it is undecided."""
    if code in _DEMANDS:
        return cell is not None and row.demanded
    if cell is NoValue.UNREADABLE:
        fact = _fact(row, concept)
        row.filing.undecided(code, messages.unreadable(row.filing.pack, [fact] if fact else []))
    return isinstance(cell, Decimal | str)


def _report(failure: Failure, row: Row, concept: Concept) -> None:
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


def _cell_key(row: Row, concept: Concept) -> tuple[str, str | None]:
    """Return the concept id and the institution of a cell."""
    if NUMBER in concept.id:
        return concept.id.replace(NUMBER, row.key or ""), None
    return concept.id, row.key


def _fact(row: Row, concept: Concept) -> Fact | None:
    return row.filing.facts.get(*_cell_key(row, concept))
