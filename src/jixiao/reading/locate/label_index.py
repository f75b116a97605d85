"""What is printed on a form, by how it is matched: made once for each pack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from jixiao.model.fact import HEADQUARTERS, SUMMARY
from jixiao.model.sheet_names import BACK_WORDS, OWN_COLUMNS, VERSION_STAMP
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import Concept, ConceptKind
from jixiao.pack.declarations.layout import Column, ColumnRole, Field, Fields, Heading, Notes, Prose, Row, Table
from jixiao.reading.locate.labels import MONEY, normalise, squeeze, stated_unit, unit_line
from jixiao.values.numbers import PERCENT
from jixiao.values.units import unit_factor

_SILENT = (ColumnRole.LEVEL, ColumnRole.PRINTED)
"""Columns that hold nothing of the department's."""

STAMP = normalise(VERSION_STAMP)
MOST_KINDS = 16_384
"""The kinds of so many texts are cached; those of a hostile workbook are worked out anew."""

_ROW_NUMBER = re.compile(r"\.\d+(?=\.|$)")
MOST_ASKED = 20_000
"""So many concept ids are remembered; the rows of a hostile list are not."""


class LabelKind(StrEnum):
    """What a text may be on a form; `PRINTED` is any printed line without a fact."""

    HEAD = "head"
    UPPER = "upper line of a head"
    FIELD = "field"
    CAPTION = "caption"
    SIDE = "side label"
    NOTE = "note"
    OWN_COLUMN = "column of the program"
    HEADING = "heading with a fact"
    UNIT = "line with a unit of money"
    PRINTED = "printed"


class HeadColumn(NamedTuple):
    """One printed head of a table: the columns that stand under it (two where one printed cell heads both).

    `key` is the first column's; `labels` are the normalised texts by which it is known.
    """

    key: str
    columns: tuple[Column, ...]
    labels: frozenset[str]
    optional: bool


@dataclass(frozen=True, slots=True)
class ExpectedCell:
    """What a cell is asked for: its concept, whether that is a number, one in percent, a text; the number of its block."""

    concept: Concept
    numeric: bool
    percent: bool
    text: bool
    block: int


class ExpectedCells(dict[str, ExpectedCell]):
    """What the cell of each concept is asked for, by its id; one row of a record is asked what its pattern is."""

    def __init__(self, pack: Pack) -> None:
        order = {block.id: number for number, (_, block) in enumerate(pack.blocks)}
        for key, each in pack.concepts.items():
            self[key] = ExpectedCell(each, each.numeric, each.unit == PERCENT, each.kind is ConceptKind.TEXT, order[each.block])

    def __missing__(self, concept_id: str) -> ExpectedCell:
        expected = self[_ROW_NUMBER.sub(".{n}", concept_id, count=1)]
        if len(self) < MOST_ASKED:
            self[concept_id] = expected
        return expected


class TableLabels:
    """What the declaration of a table says, in the forms in which reading looks it up."""

    def __init__(self, pack: Pack, table: Table) -> None:
        printed_rows = pack.table_rows(table)
        rows = (*printed_rows, *table.footer)
        self.table, self.depth = table, table.depth
        self.heads = _head_columns(table)
        required = sum(not head.optional for head in self.heads)
        self.needed = max(min(2, len(self.heads)), -(-required // 2))
        """So many heads make a table of it."""
        self.inputs, self.levels, self.label = table.inputs, table.level_columns, table.label_column
        self.entries = tuple(column for column in table.columns if column.role in (ColumnRole.INPUT, ColumnRole.LABEL))
        """The columns that a declared row fills."""
        self.printed = tuple(column for column in table.columns if column.role is ColumnRole.PRINTED)
        self.demanded = tuple(column for column in table.columns if column.role not in _SILENT and not column.optional)
        """The columns that a finding names where they lack."""
        self.columns = {column.key: column for column in table.columns}
        self.ids = {column.key: table.concept_id(column) for column in table.columns if column.concept or column.role is ColumnRole.INPUT}
        """The patterns of concept ids by column key."""
        self.concepts = tuple((column.key, table.concept_id(column)) for column in table.inputs)
        """The inputs' keys with their concept ids, where these name no row."""
        ids_of_rows = ((row.key, table.row_concept_ids(row)) for row in rows)
        self.row_concepts = {row: tuple((column.key, ids[column.key]) for column in table.inputs if column.key in ids) for row, ids in ids_of_rows}
        """The same of each printed row by its key."""
        self.names: dict[str, list[Row]] = {}
        """The printed rows by normalised text."""
        for row in printed_rows:
            for text in row_texts(row):
                self.names.setdefault(text, []).append(row)
        self.footers = {text: row for row in table.footer for text in row_texts(row)}
        self.kinds = {
            normalise(text): label
            for level in table.levels
            for label, aliases in level.names().items()
            for text in (label, *aliases)
        }
        """The printed wording of each label of a group, by normalised text."""
        self.groups = _texts(*(level for row in rows for level in row.levels))
        units = {column.key: column.traits.unit or table.traits.unit or "" for column in table.inputs}
        self.money = {key: unit for key, unit in units.items() if unit_factor("元", unit) is not None}
        """The units of the inputs that are money."""

    def head(self, key: str) -> HeadColumn:
        """Return the head column of a key."""
        return next(head for head in self.heads if head.key == key)


def _head_columns(table: Table) -> tuple[HeadColumn, ...]:
    heads: list[HeadColumn] = []
    for column in table.columns:
        labels = _texts(column.leaf, *column.aliases)
        if heads and heads[-1].labels == labels:  # one printed cell over two columns
            heads[-1] = heads[-1]._replace(columns=(*heads[-1].columns, column))
        else:
            heads.append(HeadColumn(column.key, (column,), labels, column.optional))
    return tuple(heads)


class LabelIndex:
    """Every printed text of a form, normalised, with what it may be."""

    def __init__(self, pack: Pack) -> None:
        self.tables: dict[str, TableLabels] = {}
        self.columns: dict[str, list[tuple[str, str]]] = {}
        """Ids of tables and keys of their heads by a head's text."""
        self.upper: dict[str, set[str]] = {}
        """Ids of tables by the text of an upper line of a head."""
        self.fields: dict[str, list[tuple[str, Field]]] = {}
        """Fields and the ids of their blocks by text."""
        self.field_blocks = tuple(block for _, block in pack.blocks if isinstance(block, Fields))
        self.captions: dict[str, list[str]] = {}
        """Ids of blocks by the text of their caption."""
        self.prose: set[str] = set()
        self.headings: set[str] = set()
        self.patterns: list[tuple[Heading, re.Pattern[str]]] = []
        """What matches the headings that hold a fact."""
        self.side_labels: dict[str, str] = {}
        self.printed = set(_texts(BACK_WORDS))
        """Texts that hold no fact wherever they stand; guidance (`notes`) is among them."""
        self.notes: set[str] = set()
        for _, block in pack.blocks:
            self._add(pack, block)
        self.printed |= self.notes
        self.own_columns = _texts(*OWN_COLUMNS)
        """Heads of the program's own columns."""
        self.lines = {*self.headings, *self.captions, *self.printed, *self.side_labels, *self.own_columns}
        self.everything = {*self.lines, *self.columns, *self.upper, *self.fields, *_row_labels(pack)}
        self.needed = {block.id for _, block in pack.blocks if getattr(block, "missing", None) == "error"}
        """A filing has at least one of these blocks."""
        self.caption_texts = {
            block: {text: block for text, blocks in self.captions.items() if block in blocks}
            for each in self.captions.values()
            for block in each
        }
        """The captions of each block, each with the block's id."""
        self.roles = dict(_roles(pack))
        """The keys of the institutions that are no units, by text."""
        self.telephones = frozenset(pack.names.telephones)
        self.cells: Mapping[str, ExpectedCell] = ExpectedCells(pack)
        self._kinds: dict[str, tuple[LabelKind, ...]] = {}
        self.located: dict[Any, Any] = {}
        """What heads the cells of a sheet make, cached by `heads`."""

    def kinds(self, text: str) -> tuple[LabelKind, ...]:
        """Return what a normalised text may be.

        Cached: texts of forms are the same in filing after filing, and classifying those of one anew takes 0.4 ms.
        """
        kinds = self._kinds.get(text)
        if kinds is None:
            kinds = self._classify(text)
            if len(self._kinds) < MOST_KINDS:
                self._kinds[text] = kinds
        return kinds

    def _classify(self, text: str) -> tuple[LabelKind, ...]:
        heading = any(pattern.fullmatch(text) for _, pattern in self.patterns)
        statement = stated_unit(text)
        # A text may state a unit for what is below it, by itself or behind a printed line in the same cell.
        unit = statement is not None and (not statement[0] or statement[0] in self.lines or statement[0] in self.upper)
        tests = {
            LabelKind.HEAD: text in self.columns, LabelKind.FIELD: text in self.fields, LabelKind.CAPTION: text in self.captions,
            LabelKind.SIDE: text in self.side_labels, LabelKind.NOTE: text in self.notes, LabelKind.HEADING: heading,
            LabelKind.OWN_COLUMN: text in self.own_columns, LabelKind.UNIT: unit_line(text) in MONEY, LabelKind.UPPER: text in self.upper,
            LabelKind.PRINTED: heading or unit or text in self.lines or text.startswith(STAMP),
        }  # fmt: skip
        return tuple(kind for kind, holds in tests.items() if holds)

    def _add(self, pack: Pack, block: object) -> None:
        match block:
            case Heading():
                if block.concept:
                    self.patterns.append((block, _heading_pattern(block.text)))
                else:
                    self.headings |= _texts(block.text, *block.aliases)
                self.printed |= _texts(block.right)
            case Notes():
                self.notes |= _texts(*block.texts)
            case Prose():
                self.prose |= _texts(block.caption, *block.aliases)
            case Fields():
                for each in block.fields:
                    for text in _texts(each.label, *each.aliases):
                        self.fields.setdefault(text, []).append((block.id, each))
                    self.printed |= _texts(each.note)
            case Table():
                labels = self.tables[block.id] = TableLabels(pack, block)
                for head in labels.heads:
                    for text in head.labels:
                        self.columns.setdefault(text, []).append((block.id, head.key))
                for column in block.columns:
                    for text in _texts(*column.header[:-1]):
                        self.upper.setdefault(text, set()).add(block.id)
                self.side_labels.update(dict.fromkeys(_texts(block.side_label), block.id))
                self.printed |= _texts(block.unit_line)
        if isinstance(block, Prose | Table):
            for text in _texts(block.caption, *block.aliases):
                self.captions.setdefault(text, []).append(block.id)


_INDEXES: dict[str, LabelIndex] = {}


def label_index(pack: Pack) -> LabelIndex:
    """Return the label index of a pack, made on first use: it takes longer than reading a filing."""
    key = f"{pack.id}/{pack.sha256}"
    if key not in _INDEXES:
        _INDEXES[key] = LabelIndex(pack)
    return _INDEXES[key]


def _texts(*texts: str) -> frozenset[str]:
    return frozenset(normal for text in texts if text and (normal := normalise(text)))


def _roles(pack: Pack) -> Iterable[tuple[str, str]]:
    """The labels of rows that are no unit of their own, with the keys of these; the summary's, said last, go before."""
    if (declared := pack.layout.institutions) is not None:
        yield from ((text, HEADQUARTERS) for text in _texts(declared.headquarters, *declared.headquarters_aliases))
        yield from ((text, SUMMARY) for text in _texts(declared.summary, *declared.summary_aliases))


def _row_labels(pack: Pack) -> Iterable[str]:
    yield from (text for text, _ in _roles(pack))
    for table in pack.tables:
        names = [(row.label, row.aliases) for row in (*pack.table_rows(table), *table.footer)]
        for label, aliases in (*names, *(name for level in table.levels for name in level.names().items())):
            yield from _texts(label, *aliases)


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
