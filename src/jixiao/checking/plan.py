"""How the cells of a form are laid into frames: one for each table or group of fields, made from the layout."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from jixiao.pack import Pack
from jixiao.pack.concept import Concept, Demand, Kind, Scope
from jixiao.pack.layout import Row, RowSource, Table

_NUMBERED = re.compile(r"\.\d+(?=\.|$)")
_MEMORY = 20_000


class Rows(StrEnum):
    """What a frame has a row for: a filing, a fixed row of the table, an institution, a declared record."""

    FILING = "filing"
    ROW = "row"
    INSTITUTION = "institution"
    RECORD = "record"


class FrameColumn(NamedTuple):
    """A column of a frame: a concept id, or a pattern over the rows, and a concept with the traits that its cells share."""

    name: str
    concept: Concept


class FramePlan(NamedTuple):
    """One frame: the block it holds, what its rows are, and its columns."""

    block: str
    rows: Rows
    row_keys: tuple[str, ...]
    columns: tuple[FrameColumn, ...]

    def concept_id(self, column: int, key: str) -> str:
        """The concept of a cell, by its column and the key of its row."""
        return self.columns[column].name.replace("{row}", key).replace("{n}", key)


class Slot(NamedTuple):
    """Where the facts of a concept go: frame, column, and (fixed rows) the row within the filing; `record` is its number."""

    frame: int
    column: int
    row: int = 0
    record: str = ""


class Plan:
    """All frames of a form, and the slot of every concept that goes into one."""

    def __init__(self, frames: tuple[FramePlan, ...]) -> None:
        self.frames = frames
        self.slots = _Slots()
        for f, frame in enumerate(frames):
            for c, column in enumerate(frame.columns):
                if frame.rows is Rows.RECORD:
                    self.slots[column.name] = Slot(f, c)
                else:
                    for r, key in enumerate(frame.row_keys):
                        self.slots[frame.concept_id(c, key)] = Slot(f, c, r)

    def slot(self, concept_id: str) -> Slot | None:
        """The slot of a concept, of a pattern with `{n}` that of its column; None for those that no frame holds."""
        return self.slots[concept_id]


class _Slots(dict[str, Slot | None]):
    """The slots of concepts, those of records found by their patterns when first asked for."""

    def __missing__(self, concept_id: str) -> Slot | None:
        found = self._of_record(concept_id)
        if len(self) < _MEMORY:
            self[concept_id] = found
        return found

    def _of_record(self, concept_id: str) -> Slot | None:
        for match in _NUMBERED.finditer(concept_id):
            slot = self.get(f"{concept_id[: match.start()]}.{{n}}{concept_id[match.end() :]}")
            if slot is not None:
                return slot._replace(record=match[0][1:])
        return None


_plans: dict[str, Plan] = {}


def plan_of(pack: Pack) -> Plan:
    """The frames of a pack, made once."""
    if pack.sha256 not in _plans:
        _plans[pack.sha256] = Plan(tuple(frame for frame in _frames(pack) if frame.columns))
    return _plans[pack.sha256]


def is_checked(concept: Concept) -> bool:
    """Whether a frame holds the concept: a number, or a text of which something is demanded."""
    return concept.numeric or concept.kind is Kind.CHOICE or concept.required is not Demand.OPTIONAL


def _frames(pack: Pack) -> list[FramePlan]:
    frames = []
    for _, block in pack.blocks:
        concepts = [concept for concept in pack.block_concepts.get(block.id, ()) if is_checked(concept)]
        single = [concept for concept in concepts if concept.scope is Scope.SINGLE]
        if isinstance(block, Table) and block.source is RowSource.INSTITUTIONS:
            frames.append(FramePlan(block.id, Rows.INSTITUTION, ("",), _columns(concepts)))
            continue
        if isinstance(block, Table) and (tall := _tall(pack, block)):
            frames.append(tall)
            held = {tall.concept_id(c, key) for c in range(len(tall.columns)) for key in tall.row_keys}
            single = [concept for concept in single if concept.id not in held]
        frames.append(FramePlan(block.id, Rows.FILING, ("",), _columns(single)))
        records = [concept for concept in concepts if concept.scope is Scope.RECORD]
        frames.append(FramePlan(block.id, Rows.RECORD, ("",), _columns(records)))
    return frames


def _columns(concepts: list[Concept]) -> tuple[FrameColumn, ...]:
    return tuple(FrameColumn(concept.id, concept) for concept in concepts)


def _tall(pack: Pack, table: Table) -> FramePlan | None:
    """A frame with a row for each fixed row, where the cells of each column are alike; else None."""
    rows = pack.table_rows(table)
    if table.source is RowSource.RECORDS or len(rows) < 2:
        return None
    columns = []
    for column in table.inputs:
        pattern = table.concept_id(column, row="{row}")
        concepts = [pack.concepts[row_id] for row_id in _ids(table, rows, column.key)]
        alike = {(each.kind, each.unit, each.nonnegative, each.required, each.choices) for each in concepts}
        if len(alike) != 1 or "{row}" not in pattern:
            return None
        if is_checked(concepts[0]):
            columns.append(FrameColumn(pattern, concepts[0]))
    return FramePlan(table.id, Rows.ROW, tuple(row.key for row in rows), tuple(columns))


def _ids(table: Table, rows: tuple[Row, ...], column_key: str) -> list[str]:
    ids = (table.row_concept_ids(row).get(column_key) for row in rows)
    return [concept_id for concept_id in ids if concept_id is not None]
