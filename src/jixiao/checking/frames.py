"""The cells of filings as pandas frames: one for each table of the form, with a column for each concept.

A frame has a row for each filing and, in a money table, for each of its institutions; in a table with rows that departments
declare, further rows for each of these. A cell holds what was read, a number (`Decimal`) or a text, or says why it
holds nothing (`NoValue`); it is None where the form as filed has no such cell. Money stays exact: no cell is a float.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

import pandas as pd

from jixiao.checking.filing import CheckedFiling
from jixiao.checking.score_rows import excused
from jixiao.model.fact import HEADQUARTERS, SUMMARY, Fact, FactState
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.concept import NUMERIC, Concept, ConceptKind, ConceptScope, Requirement
from jixiao.pack.declarations.layout import RowSource, Table
from jixiao.pack.fact_lookup import headquarters_count_as_summary

LARGEST = Decimal(10) ** 11
"""Numbers of this size and beyond are not checked: no amount of a form in 万元 comes near it."""

NUMBER = "{n}"
"""The placeholder for the number of a declared row in the id of its concepts."""

SUBMISSION, INSTITUTION, RECORD = "submission_id", "institution", "record"
"""The columns before those of the concepts: a filing, and its institution or the number of its declared row."""


class NoValue(Enum):
    """Why a cell holds neither a number nor a text."""

    BLANK = "blank"
    """Nothing is filled in, in a row in which the form demands what is required."""
    NOT_DEMANDED = "not demanded"
    """Nothing is filled in, and the form does not demand it in this row: a unit's amount, points that other rows hold."""
    UNREADABLE = "unreadable"
    """What is filled in is no number, or one that is too large."""


Cell = Decimal | str | NoValue | None


class CheckedTable(NamedTuple):
    """A table (or group of fields) of the form with its checked concepts: those of fixed cells and of declared rows."""

    id: str
    by_institution: bool
    fixed: tuple[Concept, ...]
    declared: tuple[Concept, ...]

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """All checked concepts, in the order of the columns."""
        return self.fixed + self.declared


class FrameRow(NamedTuple):
    """A row of a frame: filing, institution or number of the declared row, and cells.

    `demanded` says that what is required must be filled in this row.
    """

    filing: CheckedFiling
    key: str | None
    demanded: bool
    cells: list[Cell]


@cached_per_pack
def tables_of(pack: Pack) -> tuple[CheckedTable, ...]:
    """Return the tables of the form with their numbers, and those texts of which something is demanded."""
    tables = []
    for _, block in pack.blocks:
        concepts = [concept for concept in pack.block_concepts.get(block.id, ()) if _is_checked(concept)]
        declared = tuple(concept for concept in concepts if concept.scope is ConceptScope.RECORD)
        fixed = tuple(concept for concept in concepts if concept.scope is not ConceptScope.RECORD)
        by_institution = isinstance(block, Table) and block.source is RowSource.INSTITUTIONS
        if concepts:
            tables.append(CheckedTable(block.id, by_institution, fixed, declared))
    return tuple(tables)


def _is_checked(concept: Concept) -> bool:
    return concept.numeric or concept.kind is ConceptKind.CHOICE or concept.required is not Requirement.OPTIONAL


def rows_of(table: CheckedTable, filings: Sequence[CheckedFiling]) -> list[FrameRow]:
    """Return the rows of a table for these filings."""
    rows = _institution_rows if table.by_institution else _fixed_and_declared_rows
    return [row for filing in filings for row in rows(table, filing)]


def frame_of(table: CheckedTable, rows: Sequence[FrameRow]) -> pd.DataFrame:
    """Return the cells of these rows as a frame; its index counts the rows."""
    return object_frame({concept.id: [row.cells[n] for row in rows] for n, concept in enumerate(table.concepts)})


def keyed_frame_of(table: CheckedTable, rows: Sequence[FrameRow]) -> pd.DataFrame:
    """Return the frame of these rows with the columns that say which filing, and which row of it, each belongs to."""
    keys: dict[str, list[object]] = {
        SUBMISSION: [row.filing.submission.submission_id for row in rows],
        INSTITUTION if table.by_institution else RECORD: [row.key for row in rows],
    }
    return pd.concat([object_frame(keys), frame_of(table, rows)], axis=1)


def object_frame(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """Return a frame of Python objects; pandera looks columns up faster by names that are such objects too."""
    frame = pd.DataFrame(columns, dtype=object)
    frame.columns = pd.Index(list(columns), dtype=object)
    return frame


def _institution_rows(table: CheckedTable, filing: CheckedFiling) -> Iterator[FrameRow]:
    """What is required is demanded in the summary row, or in the headquarters' where that one stands for it."""
    facts, institutions = filing.facts, filing.institutions
    demanded = HEADQUARTERS if headquarters_count_as_summary(filing.pack, facts, table.id) else SUMMARY
    for key in institutions:
        line = facts.of_institution(key)
        blank = NoValue.BLANK if key == demanded else NoValue.NOT_DEMANDED
        cells = [_cell(line.get(concept.id), concept, blank) for concept in table.fixed]
        if key == demanded and all(cell is None for cell in cells):
            # The row is missing although the table is there: then what it should hold is blank.
            there = {concept for other in institutions for concept in facts.of_institution(other)}
            cells = [NoValue.BLANK if concept.id in there else None for concept in table.fixed]
        yield FrameRow(filing, key, key == demanded, cells)


def _fixed_and_declared_rows(table: CheckedTable, filing: CheckedFiling) -> Iterator[FrameRow]:
    """One row for the filing's fixed cells, and one for each declared row in which something is filled."""
    facts, line, not_demanded = filing.facts, filing.facts.of_institution(None), excused(filing.pack, filing.facts)

    def cell(concept: Concept, concept_id: str) -> Cell:
        blank = NoValue.NOT_DEMANDED if concept_id in not_demanded else NoValue.BLANK
        return _cell(line.get(concept_id), concept, blank)

    no_fixed: list[Cell] = [None] * len(table.fixed)
    no_declared: list[Cell] = [None] * len(table.declared)
    yield FrameRow(filing, None, True, [cell(concept, concept.id) for concept in table.fixed] + no_declared)
    stems = {concept.id.partition(NUMBER)[0] for concept in table.declared}
    numbers = {number for stem in stems for number in facts.filled_records.get(stem, ())}
    for number in sorted(numbers, key=lambda each: (int(each), each)):
        cells = [cell(concept, concept.id.replace(NUMBER, number)) for concept in table.declared]
        if any(each not in (None, NoValue.BLANK, NoValue.NOT_DEMANDED) for each in cells):
            yield FrameRow(filing, number, True, no_fixed + cells)


def _cell(fact: Fact | None, concept: Concept, blank: NoValue) -> Cell:
    if fact is None:
        return None
    if (value := fact.value) is not None:
        return value if -LARGEST < value < LARGEST else NoValue.UNREADABLE
    if fact.state is FactState.BLANK:
        return blank
    return fact.text or "" if fact.state is FactState.OK and concept.kind not in NUMERIC else NoValue.UNREADABLE
