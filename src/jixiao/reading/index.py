"""What is printed on a form, by how it is matched: made once for each pack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from jixiao.model.fact import HEADQUARTERS, SUMMARY
from jixiao.model.numbers import PERCENT
from jixiao.model.units import unit_factor
from jixiao.model.words import BACK_WORDS, OWN_COLUMNS
from jixiao.pack import Pack
from jixiao.pack.concept import Concept, Kind
from jixiao.pack.layout import Column, ColumnRole, Field, Fields, Heading, Notes, Prose, Row, Table
from jixiao.reading.labels import normalise, squeeze

_SILENT = (ColumnRole.LEVEL, ColumnRole.PRINTED)
"""Columns that hold nothing of the department's."""

_ROW_NUMBER = re.compile(r"\.\d+(?=\.|$)")
MOST_ASKED = 20_000
"""So many concept ids are remembered; the rows of a hostile list are not."""


class HeadColumn(NamedTuple):
    """One printed head of a table: the columns that stand under it (two where one printed cell heads both).

    `key` is the first column's; `labels` are the normalised texts by which it is known.
    """

    key: str
    columns: tuple[Column, ...]
    labels: frozenset[str]
    optional: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a cell is asked for: its concept, whether that is a number, one in percent, a text; the number of its block."""

    concept: Concept
    numeric: bool
    percent: bool
    text: bool
    block: int


class AskedCells(dict[str, Asked]):
    """What the cell of each concept is asked for, by its id; one row of a record is asked what its pattern is."""

    def __init__(self, pack: Pack) -> None:
        order = {block.id: number for number, (_, block) in enumerate(pack.blocks)}
        for key, each in pack.concepts.items():
            self[key] = Asked(each, each.numeric, each.unit == PERCENT, each.kind is Kind.TEXT, order[each.block])

    def __missing__(self, concept_id: str) -> Asked:
        found = self[_ROW_NUMBER.sub(".{n}", concept_id, count=1)]
        if len(self) < MOST_ASKED:
            self[concept_id] = found
        return found


@dataclass(frozen=True)
class TableLabels:
    """A table with its head columns and how many of them make a table of it.

    What its declaration tells by search stands here ready: its columns by what they are, the inputs' keys with their
    concept ids where these name no row and for each printed row by key, the normalised labels of the groups over
    its rows, the columns that are told where they lack, and the units of the inputs that are money. `names` are its printed
    rows and `footers` those of its footer by normalised text, `kinds` the printed wording of each group label; `entries` are
    the columns that a declared row fills, `ids` the patterns of their concept ids by column key.
    """

    table: Table
    heads: tuple[HeadColumn, ...]
    needed: int
    depth: int
    inputs: tuple[Column, ...]
    entries: tuple[Column, ...]
    levels: tuple[Column, ...]
    printed: tuple[Column, ...]
    label: Column | None
    names: Mapping[str, tuple[Row, ...]]
    footers: Mapping[str, Row]
    kinds: Mapping[str, str]
    columns: Mapping[str, Column]
    ids: Mapping[str, str]
    concepts: tuple[tuple[str, str], ...]
    row_concepts: Mapping[str, tuple[tuple[str, str], ...]]
    groups: frozenset[str]
    demanded: tuple[Column, ...]
    money: Mapping[str, str]

    def head(self, key: str) -> HeadColumn:
        """The head column of a key."""
        return next(head for head in self.heads if head.key == key)


@dataclass(frozen=True)
class LabelIndex:
    """Every printed text of a form, normalised, with what it may be.

    `columns`: (table id, head key) by text; `upper`: table ids by text of a head's upper lines; `fields`: (block id,
    concept) by text; `captions`: block ids by text; `printed`: texts that hold no facts wherever they stand; `lines`:
    these, headings, captions and heads of the program's own columns; `needed`: blocks of which a filing has at least one;
    `telephones`: concepts;
    `asked`: what the cell of each concept is asked for; `kinds` and `located`: what texts may be and what heads cells make, remembered by
    `marks` and `heads`; `caption_texts`: the captions of each block, each with the block's id; `roles`: the keys of the institutions that are no units.
    """

    tables: Mapping[str, TableLabels]
    columns: Mapping[str, tuple[tuple[str, str], ...]]
    upper: Mapping[str, frozenset[str]]
    fields: Mapping[str, tuple[tuple[str, Field], ...]]
    captions: Mapping[str, tuple[str, ...]]
    prose: frozenset[str]
    headings: frozenset[str]
    patterns: tuple[tuple[Heading, re.Pattern[str]], ...]
    side_labels: Mapping[str, str]
    printed: frozenset[str]
    notes: frozenset[str]
    own_columns: frozenset[str]
    lines: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    everything: frozenset[str] = frozenset()
    telephones: frozenset[str] = frozenset()
    asked: Mapping[str, Asked] = field(default_factory=dict)
    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    located: dict[Any, Any] = field(default_factory=dict, compare=False)
    caption_texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    field_blocks: tuple[Fields, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)


_INDEXES: dict[str, LabelIndex] = {}


def label_index(pack: Pack) -> LabelIndex:
    """The label index of a pack, made on first use."""
    key = f"{pack.id}/{pack.sha256}"
    if key not in _INDEXES:
        _INDEXES[key] = _make(pack)
    return _INDEXES[key]


def _texts(*texts: str) -> frozenset[str]:
    return frozenset(normal for text in texts if text and (normal := normalise(text)))


def _make(pack: Pack) -> LabelIndex:
    tables: dict[str, TableLabels] = {}
    columns: dict[str, list[tuple[str, str]]] = {}
    upper: dict[str, set[str]] = {}
    fields: dict[str, list[tuple[str, Field]]] = {}
    captions: dict[str, list[str]] = {}
    headings: set[str] = set()
    patterns: list[tuple[Heading, re.Pattern[str]]] = []
    side_labels: dict[str, str] = {}
    printed: set[str] = set(_texts(BACK_WORDS))
    notes: set[str] = set()
    prose: set[str] = set()
    for _, block in pack.blocks:
        match block:
            case Heading():
                if block.concept:
                    patterns.append((block, _heading_pattern(block.text)))
                else:
                    headings |= _texts(block.text, *block.aliases)
                printed |= _texts(block.right)
            case Notes():
                notes |= _texts(*block.texts)
            case Prose():
                prose |= _texts(block.caption, *block.aliases)
                for text in _texts(block.caption, *block.aliases):
                    captions.setdefault(text, []).append(block.id)
            case Fields():
                for each in block.fields:
                    for text in _texts(each.label, *each.aliases):
                        fields.setdefault(text, []).append((block.id, each))
                    printed |= _texts(each.note)
            case Table():
                tables[block.id] = _table_labels(pack, block)
                for head in tables[block.id].heads:
                    for text in head.labels:
                        columns.setdefault(text, []).append((block.id, head.key))
                for column in block.columns:
                    for text in _texts(*column.header[:-1]):
                        upper.setdefault(text, set()).add(block.id)
                for text in _texts(block.caption, *block.aliases):
                    captions.setdefault(text, []).append(block.id)
                for text in _texts(block.side_label):
                    side_labels[text] = block.id
                printed |= _texts(block.unit_line)
    own = _texts(*OWN_COLUMNS)
    known = {*columns, *upper, *fields, *captions, *headings, *side_labels, *printed, *notes, *own, *_row_labels(pack)}
    return LabelIndex(
        tables,
        {text: tuple(found) for text, found in columns.items()},
        {text: frozenset(found) for text, found in upper.items()},
        {text: tuple(found) for text, found in fields.items()},
        {text: tuple(found) for text, found in captions.items()},
        frozenset(prose),
        frozenset(headings),
        tuple(patterns),
        side_labels,
        frozenset(printed | notes),
        frozenset(notes),
        own,
        frozenset({*headings, *captions, *printed, *notes, *side_labels, *own}),
        frozenset(block.id for _, block in pack.blocks if getattr(block, "missing", None) == "error"),
        frozenset(known),
        frozenset(pack.names.telephones),
        AskedCells(pack),
        caption_texts={
            block: {text: block for text, blocks in captions.items() if block in blocks} for each in captions.values() for block in each
        },
        roles=dict(_roles(pack)),
        field_blocks=tuple(block for _, block in pack.blocks if isinstance(block, Fields)),
    )


def _roles(pack: Pack) -> Iterable[tuple[str, str]]:
    """The labels of rows that are no unit of their own, with the keys of these; the summary's, said last, go before."""
    if (declared := pack.layout.institutions) is not None:
        yield from ((text, HEADQUARTERS) for text in _texts(declared.headquarters, *declared.headquarters_aliases))
        yield from ((text, SUMMARY) for text in _texts(declared.summary, *declared.summary_aliases))


def _row_labels(pack: Pack) -> Iterable[str]:
    if (declared := pack.layout.institutions) is not None:
        yield from _texts(
            declared.summary, *declared.summary_aliases, declared.headquarters, *declared.headquarters_aliases
        )
    for table in pack.tables:
        for row in (*pack.table_rows(table), *table.footer):
            yield from _texts(row.label, *row.aliases)
        for level in table.levels:
            for label, aliases in level.names().items():
                yield from _texts(label, *aliases)


def _table_labels(pack: Pack, table: Table) -> TableLabels:
    heads: list[HeadColumn] = []
    for column in table.columns:
        labels = _texts(column.leaf, *column.aliases)
        if heads and heads[-1].labels == labels:  # one printed cell over two columns
            heads[-1] = heads[-1]._replace(columns=(*heads[-1].columns, column))
        else:
            heads.append(HeadColumn(column.key, (column,), labels, column.optional))
    required = sum(not head.optional for head in heads)
    rows = (*pack.table_rows(table), *table.footer)
    concepts = {}
    for row in rows:
        ids = table.row_concept_ids(row)
        concepts[row.key] = tuple((column.key, ids[column.key]) for column in table.inputs if column.key in ids)
    names: dict[str, tuple[Row, ...]] = {}
    for row in pack.table_rows(table):
        for text in row_texts(row):
            names[text] = (*names.get(text, ()), row)
    kinds = {
        normalise(text): label
        for level in table.levels
        for label, aliases in level.names().items()
        for text in (label, *aliases)
    }
    units = {column.key: column.traits.unit or table.traits.unit or "" for column in table.inputs}
    return TableLabels(
        table,
        tuple(heads),
        max(min(2, len(heads)), -(-required // 2)),
        table.depth,
        table.inputs,
        tuple(column for column in table.columns if column.role in (ColumnRole.INPUT, ColumnRole.LABEL)),
        table.level_columns,
        tuple(column for column in table.columns if column.role is ColumnRole.PRINTED),
        table.label_column,
        names,
        {text: row for row in table.footer for text in row_texts(row)},
        kinds,
        {column.key: column for column in table.columns},
        {column.key: table.concept_id(column) for column in table.columns if column.concept or column.role is ColumnRole.INPUT},
        tuple((column.key, table.concept_id(column)) for column in table.inputs),
        concepts,
        _texts(*(level for row in rows for level in row.levels)),
        tuple(column for column in table.columns if column.role not in _SILENT and not column.optional),
        {key: unit for key, unit in units.items() if unit_factor("元", unit) is not None},
    )


OF_WHICH = "其中"
"""What stands before the first part of a total, and is no part of its name."""


def row_texts(row: Row) -> set[str]:
    """The normalised texts by which a printed row is known."""
    texts = {normalise(text) for text in (row.label, *row.aliases)}
    return texts | {text.removeprefix(OF_WHICH).lstrip(":") for text in texts}


def _heading_pattern(text: str) -> re.Pattern[str]:
    """What matches a squeezed heading with anything short in place of `{}`; its brackets may be left out."""
    before, _, after = squeeze(text).partition("{}")
    loose = [f"{re.escape(part)}?" if part in "()" else re.escape(part) for part in (*before, "\0", *after)]
    return re.compile("".join(loose).replace(re.escape("\0"), r"(?P<held>[^()]{0,12}?)"))
