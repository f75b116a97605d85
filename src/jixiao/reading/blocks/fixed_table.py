"""Tables with printed rows: each row known by its label and the groups it stands under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.declarations.layout import Row, Table
from jixiao.reading.context import ReadContext, one_line
from jixiao.reading.locate.label_index import row_texts
from jixiao.reading.locate.labels import nearest, normalise, squeeze, unit_in_label
from jixiao.reading.locate.sheet_view import Position
from jixiao.reading.table_segment import Segment
from jixiao.reading.values import read_cell, read_row, read_value
from jixiao.values.units import unit_factor

RowConcepts = Sequence[tuple[str, str]]
"""The concepts of the cells of a row by the keys of their columns."""


class FoundRow(NamedTuple):
    """A data row: its label's cells and text, the groups over it with their cells, and the printed row that it is, if any.

    `footer` says that it is one of those below the table, `resembling` that its label only nearly is the printed one.
    """

    part: Segment
    row: int
    spots: tuple[Position, ...]
    text: str
    levels: tuple[str, ...]
    level_spots: tuple[Position, ...] = ()
    declared: Row | None = None
    footer: bool = False
    resembling: bool = False

    @property
    def label(self) -> str:
        """The label as it is written."""
        return "".join(str(self.part.view.cells[spot]) for spot in self.spots)

    @property
    def place(self) -> Place:
        """The place of the label."""
        return self.part.view.place(self.spots[0])


def found_rows(parts: Sequence[Segment], pack: Pack) -> list[FoundRow]:
    """Return the labelled data rows of one copy of a table, matched with the printed ones."""
    labels = parts[0].labels
    carried: dict[str, str] = {}
    taken: set[str] = set()
    rows: list[FoundRow] = []
    for part in parts:
        if labels.label is not None and labels.label.key in part.spans:
            for row in _labelled_rows(part, carried):
                if not row.footer:
                    candidates = [printed for printed in labels.names.get(row.text, ()) if printed.key not in taken]
                    if candidates:
                        best = candidates[0] if len(candidates) == 1 else max(candidates, key=partial(_agreement, levels=row.levels))
                        taken.add(best.key)
                        row = row._replace(declared=best)
                rows.append(row)
    return _resembling(_one_footer(rows) if labels.footers else rows, pack.table_rows(labels.table), taken, labels.names)


def _one_footer(rows: list[FoundRow]) -> list[FoundRow]:
    """The rows with each footer once: the first that is filled, else the first; others are no row of the form."""
    chosen: dict[str, FoundRow] = {}
    for each in rows:
        if each.footer and each.declared is not None:
            before = chosen.get(each.declared.key)
            if before is None or not before.part.filled(before.row, before.part.table.inputs):
                chosen[each.declared.key] = each
    chosen_ids = {id(each) for each in chosen.values()}
    return [each if not each.footer or id(each) in chosen_ids else each._replace(declared=None) for each in rows]


def _labelled_rows(part: Segment, carried: dict[str, str]) -> Iterator[FoundRow]:
    """Yield the labelled rows of a part; `carried` are the groups over the row before, by the key of their column."""
    view, labels = part.view, part.labels
    norms, cells, left = view.norms, view.cells, part.head.left
    first, last = part.spans[labels.label.key]  # type: ignore[union-attr]
    levels = [(n, column) for n, column in enumerate(labels.levels) if column.key in part.spans]
    for row in part.rows:
        columns = view.row_columns[row]
        if labels.footers:
            before = ((row, column) for column in columns if left <= column <= last)
            spot = next((spot for spot in before if norms.get(spot) in labels.footers), None)
            if spot is not None:
                yield FoundRow(part, row, (spot,), norms[spot], (), (), labels.footers[norms[spot]], True)
                continue
        level_spots = []
        for position, column in levels:
            over = part.carried(column, row)
            if over is not None:
                text = norms.get(over) or normalise(str(cells[over]))
                if carried.get(column.key) != text:
                    for inner in labels.levels[position + 1 :]:
                        carried.pop(inner.key, None)
                carried[column.key] = text
                level_spots.append(over)
        spots = tuple([(row, column) for column in columns if first <= column <= last])
        if spots:
            groups = tuple([carried[column.key] for column in labels.levels if column.key in carried])
            text = norms.get(spots[0], "") if len(spots) == 1 else ""
            text = text or normalise("".join(str(cells[spot]) for spot in spots))
            yield FoundRow(part, row, spots, text, groups, tuple(level_spots))


def _agreement(row: Row, *, levels: tuple[str, ...]) -> int:
    return len({normalise(level) for level in row.levels} & set(levels))


def _resembling(
    rows: list[FoundRow], declared: Sequence[Row], taken: set[str], names: Mapping[str, Sequence[Row]]
) -> list[FoundRow]:
    """The rows, those without a match taken for a missing printed row where their label is nearly its."""
    missing = {text: row for row in declared if row.key not in taken for text in row_texts(row)}
    if not missing or all(each.declared for each in rows):
        return rows
    others = names.keys() - missing.keys()
    matched = []
    for each in rows:
        label = nearest(each.text, missing, others) if each.declared is None and not each.footer else None
        if label is None:
            matched.append(each)
            continue
        row = missing[label]
        missing = {text: owner for text, owner in missing.items() if owner is not row}
        matched.append(each._replace(declared=row, resembling=True))
    return matched


def read_fixed(gathered: ReadContext, table: Table, rows: Sequence[FoundRow]) -> None:
    """Read the printed rows that were found; a finding names those that were not."""
    keys = set()
    for each in rows:
        if each.declared is not None:
            keys.add(each.declared.key)
            use_labels(each)
            if each.resembling:
                gathered.resembles(table.name, each.part.view, each.spots[0], each.declared.label)
            concepts = each.part.labels.row_concepts[each.declared.key]
            read_row(gathered, each.part, each.row, concepts, unit=_row_unit(gathered, each, each.declared, concepts))
    printed = (*gathered.pack.table_rows(table), *table.footer)
    gathered.lacking(table.name, [row.label for row in printed if row.key not in keys and not row.open], table.missing)


def _row_unit(gathered: ReadContext, each: FoundRow, row: Row, concepts: RowConcepts) -> str:
    """Return the unit of money that a row's label or its cell for the unit states where the form prints another, reported
    once; empty where it states none."""
    part, cells = each.part, each.part.view.cells
    stated = [(spot, unit_in_label(str(cells[spot]))) for spot in each.spots if "元" in str(cells[spot])]
    for column in part.labels.printed if row.printed else ():
        if unit_factor("元", row.printed.get(column.key, "")) is not None and part.has(column):
            stated.append((part.spot(column, each.row), squeeze(part.text(column, each.row))))
    for spot, unit in stated:
        for _, concept in concepts if unit else ():
            expected = gathered.index.cells[concept].concept.unit
            if unit and unit_factor(unit, expected) not in (None, 1):
                block, place = f"{part.table.name}·{one_line(row.label)}", part.view.place(spot)
                gathered.report("CEL-10", place=place, block=block, actual=unit, expected=expected)
                return unit
    return ""


def read_added_rows(gathered: ReadContext, table: Table, rows: Sequence[FoundRow]) -> None:
    """Read the rows that the department added after the printed row that allows it, numbered in their order."""
    if table.own is None:
        return
    number, open_here = 0, False
    for each in rows:
        if each.declared is not None or each.footer:
            open_here = each.declared is not None and each.declared.key == table.own.after
        elif open_here:
            number += 1
            use_labels(each)
            read_value(gathered, one_line(each.label), each.place, table.own.label.replace("{n}", str(number)))
            concepts = [(column.key, table.own_concept_id(column, number)) for column in table.inputs]
            read_row(gathered, each.part, each.row, concepts)


def use_labels(each: FoundRow) -> None:
    """Count a row's labels, printed groups over it and printed cells in it as part of the form."""
    part, used = each.part, each.part.view.used
    used.update(each.spots)
    used.update(spot for spot in each.level_spots if part.view.norms.get(spot) in part.labels.groups)
    # A footer prints little: what a department writes where it prints nothing is the department's.
    prints = each.declared.printed if each.footer and each.declared is not None else None
    for column in part.labels.printed:
        if column.key in part.spans and (prints is None or column.key in prints):
            used.add(part.view.anchor(part.spot(column, each.row)))


def read_unlabelled(gathered: ReadContext, table: Table, parts: Sequence[Segment]) -> None:
    """Read a table whose one row has no label: what stands under each head, a text over several rows joined."""
    row = gathered.pack.table_rows(table)[0]
    units, ids = parts[0].units, dict(parts[0].labels.row_concepts[row.key])
    for column in parts[0].labels.inputs:
        concept = ids.get(column.key)
        part = next((each for each in parts if each.has(column)), None)
        if concept is None or part is None:
            continue
        spots = [(each.view, each.spot(column, line)) for each in parts if each.has(column) for line in each.rows]
        filled = [(view, spot) for view, spot in spots if spot in view.cells]
        if len(filled) > 1 and not gathered.pack.concept(concept).numeric:
            for view, spot in filled:
                view.used.add(spot)
            text = "\n".join(str(view.cells[spot]) for view, spot in filled)
            read_value(gathered, text, filled[0][0].place(filled[0][1]), concept)
            continue
        below = (part.head.bottom + 1, part.spans[column.key][0])
        view, spot = filled[0] if filled else spots[0] if spots else (part.view, below)
        read_cell(gathered, view, spot, concept, unit=units.get(column.key, ""))
