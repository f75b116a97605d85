"""Heads of tables found by their printed columns, wherever they stand and however they are merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from jixiao.reading.locate.label_index import LabelIndex, LabelKind, TableLabels
from jixiao.reading.locate.labels import nearest
from jixiao.reading.locate.sheet_view import Position, SheetView

SPARE_LINES = 1
"""A head may take so many more rows than the form prints."""


Spans = Mapping[str, tuple[int, int]]
"""The first and last grid column of each column of a table that was found, by key."""


@dataclass(eq=False)
class Head:
    """A head found on a sheet: the cell of each head column by key, and the texts taken for labels they only resemble.

    `misspelt` are the cells around it that only resemble its caption or side label, each with what the form prints.
    `first` is the first row that belongs to its block (captions above included), `end` the row behind its data. `spans` are
    the grid columns that its columns take, None where some share a head and the data must tell.
    """

    labels: TableLabels
    sheet: SheetView
    spots: dict[str, Position]
    resembling: dict[str, Position] = field(default_factory=dict)
    first: int = 0
    end: int = 0
    above: tuple[Position, ...] = ()
    side: Position | None = None
    misspelt: dict[Position, str] = field(default_factory=dict)

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0
    spans: Spans | None = None

    @property
    def table_id(self) -> str:
        """The id of the table it heads."""
        return self.labels.table.id

    def measure(self) -> None:
        """Settle the rows and columns that its cells take."""
        spots, sheet = self.spots.values(), self.sheet
        self.top, self.left = min(row for row, _ in spots), min(column for _, column in spots)
        self.bottom, self.right = max(map(sheet.bottom_edge, spots)), max(map(sheet.right_edge, spots))
        columns = [each for each in self.labels.heads if each.key in self.spots]
        spans = {each.key: (self.spots[each.key][1], sheet.right_edge(self.spots[each.key])) for each in columns}
        self.spans = spans if all(len(each.columns) == 1 for each in columns) else None

    def band(self) -> list[Position]:
        """All filled cells within the head, columns that the form does not have among them."""
        left, right = self.left, self.right
        return [spot for row in range(self.top, self.bottom + 1) for spot in self.sheet.filled_between(row, left, right)]


class _Hit(NamedTuple):
    rank: int
    spot: Position
    key: str


class _Candidate(NamedTuple):
    labels: TableLabels
    hits: tuple[_Hit, ...]

    def weight(self) -> tuple[int, int, int]:
        """Sorts the fullest first, then the most compact, then the uppermost."""
        ranks = [hit.rank for hit in self.hits]
        return -len(self.hits), max(ranks) - min(ranks), min(ranks)


_Signature = tuple[tuple[int, int, int, str], ...]
"""The cells of a sheet that hold the text of a head, in its order: row and rank from the first of them on, column, text."""

_Located = tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...]
"""Heads: of each the table's id and the head columns' keys with their row from the first such cell on and their column."""

MOST_LOCATED, LONGEST_LOCATED = 1024, 400
"""So many arrangements of so many cells are kept with the index: filings of one template share a few dozen. Saves 0.5 ms a
filing."""


def find_heads(views: Sequence[SheetView], index: LabelIndex) -> list[Head]:
    """The heads on all sheets in reading order; every cell counts for one head, the one that explains most."""
    heads: list[Head] = []
    for view in views:
        marked = view.marks[LabelKind.HEAD]
        if not marked:
            continue
        rank, top = view.rank, marked[0][0][0]
        first = rank[top]
        signature = tuple([(row - top, rank[row] - first, column, text) for (row, column), text in marked])
        located = index.located.get(signature)
        if located is None:
            located = _located(signature, index)
            if len(index.located) < MOST_LOCATED and len(signature) <= LONGEST_LOCATED:
                index.located[signature] = located
        for table_id, spots in located:
            heads.append(Head(index.tables[table_id], view, {key: (top + row, column) for key, row, column in spots}))
    heads = _plausible(heads)
    for head in heads:
        head.measure()
        if _resemble(head, index):
            head.measure()
    return heads


def _located(signature: _Signature, index: LabelIndex) -> _Located:
    """The heads that cells with texts of heads make: of nothing else than where these stand and what they say."""
    by_table, owned = _hits(signature, index)
    candidates = [each for table_id, hits in by_table.items() for each in _candidates(index.tables[table_id], hits, owned)]
    taken: set[Position] = set()
    located_heads: list[tuple[str, tuple[tuple[str, int, int], ...]]] = []
    for candidate in sorted(candidates, key=_Candidate.weight):
        hits = [hit for hit in candidate.hits if hit.spot not in taken]
        if len(hits) >= candidate.labels.needed:
            taken.update(hit.spot for hit in hits)
            spots = {hit.key: hit.spot for hit in hits}
            located_heads.append((candidate.labels.table.id, tuple((key, *spot) for key, spot in spots.items())))
    return tuple(sorted(located_heads, key=lambda head: min((row, column) for _, row, column in head[1])))


_Owned = Mapping[int, Sequence[tuple[int, Sequence[str]]]]
"""By row, the columns that hold a head's text and the ids of the tables that have it."""


def _hits(signature: _Signature, index: LabelIndex) -> tuple[dict[str, list[_Hit]], _Owned]:
    """The cells that hold the text of a head, by table and by row."""
    hits: dict[str, list[_Hit]] = {}
    owned: dict[int, list[tuple[int, Sequence[str]]]] = {}
    for row, rank, column, text in signature:
        owners = index.columns[text]
        owned.setdefault(row, []).append((column, [table_id for table_id, _ in owners]))
        for table_id, key in owners:
            hits.setdefault(table_id, []).append(_Hit(rank, (row, column), key))
    return hits, owned


def _candidates(labels: TableLabels, hits: list[_Hit], owned: _Owned) -> Iterable[_Candidate]:
    if len(hits) < labels.needed:
        return
    height = labels.depth + SPARE_LINES
    for start in sorted({hit.rank for hit in hits}):
        within = [hit for hit in hits if start <= hit.rank < start + height]
        if len(within) >= labels.needed:
            for run in _runs(within, labels.table.id, owned):
                if len(run) >= labels.needed:
                    yield _Candidate(labels, tuple(run))


def _runs(hits: list[_Hit], table_id: str, owned: _Owned) -> Iterable[list[_Hit]]:
    """The hits from left to right, cut where a column comes again or another table's columns stand between."""
    rows = [hit.spot[0] for hit in hits]
    between = (cell for row in range(min(rows), max(rows) + 1) for cell in owned.get(row, ()))
    foreign = [column for column, owners in between if table_id not in owners]
    run: list[_Hit] = []
    for hit in sorted(hits, key=lambda each: (each.spot[1], each.spot[0])):
        if run:
            before = run[-1].spot[1]
            if hit.spot[1] == before:
                continue
            repeated = any(hit.key == each.key for each in run)
            if repeated or any(before < column < hit.spot[1] for column in foreign):
                yield run
                run = []
        run.append(hit)
    if run:
        yield run


def _plausible(heads: list[Head]) -> list[Head]:
    """Without heads that are much poorer than the fullest of their table: lists of a department's own."""
    fullest: dict[str, int] = {}
    for head in heads:
        fullest[head.table_id] = max(fullest.get(head.table_id, 0), len(head.spots))
    return [head for head in heads if len(head.spots) >= fullest[head.table_id] - 1]


def _resemble(head: Head, index: LabelIndex) -> bool:
    """Take cells of the head for missing columns whose labels they nearly are; whether there were any."""
    missing = [column for column in head.labels.heads if column.key not in head.spots]
    if not missing:
        return False
    wanted = {label: column for column in missing for label in column.labels}
    others = {label for column in head.labels.heads for label in column.labels} - wanted.keys()
    view, head_cells = head.sheet, set(head.spots.values())
    rows = view.rows
    start = view.rank[head.top]
    last = max(view.rank[row] for row, _ in head_cells) if head.labels.depth == 1 else start + head.labels.depth - 1
    for row in rows[start : last + 1]:
        for spot in view.filled_between(row, head.left - 3, head.right + 3):
            text = view.norms.get(spot)
            if text is None or spot in head_cells or text in index.everything:
                continue
            label = nearest(text, wanted, others)
            column = wanted[label] if label is not None else None
            if column and all(spot[1] != other[1] for key, other in head.spots.items() if key != column.key):
                head.spots[column.key] = head.resembling[column.key] = spot
                wanted = {each: owner for each, owner in wanted.items() if owner is not column}
    return bool(head.resembling)

