"""Tables with printed rows: each row known by its label and the groups it stands under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from jixiao.pack import Pack
from jixiao.pack.declarations.layout import Row, Table
from jixiao.reading.context import ReadContext, one_line
from jixiao.reading.locate.label_index import row_texts
from jixiao.reading.locate.labels import nearest, normalise, squeeze, unit_in_label
from jixiao.reading.locate.sheet_view import Position
from jixiao.reading.table_segment import Segment, stated_units
from jixiao.reading.values import Wanted, read_cell, read_rows, read_value
from jixiao.values.units import unit_factor


class FoundRow(NamedTuple):
    """A data row: the printed row that it is (None if it is none), its label's cells, and the groups over it."""

    part: Segment
    row: int
    spots: tuple[Position, ...]
    text: str
    levels: tuple[str, ...]
    level_spots: tuple[Position, ...] = ()
    declared: Row | None = None
    footer: bool = False
    resembling: bool = False


def found_rows(parts: Sequence[Segment], pack: Pack) -> list[FoundRow]:
    """The labelled data rows of one copy of a table, matched with the printed ones."""
    labels = parts[0].labels
    names = labels.names
    carried: dict[str, tuple[Position, str]] = {}
    taken: set[str] = set()
    rows: list[FoundRow] = []
    footed = False
    for part in parts:
        if labels.label is None or labels.label.key not in part.spans:
            continue
        for row, spots, text, levels, level_spots, footer in _rows(part, carried):
            if footer is not None:
                footed = True
                rows.append(FoundRow(part, row, spots, text, (), (), footer, True))
                continue
            candidates = [each for each in names.get(text, ()) if each.key not in taken]
            best = None
            if candidates:
                best = candidates[0] if len(candidates) == 1 else max(candidates, key=partial(_agreement, levels=levels))
                taken.add(best.key)
            rows.append(FoundRow(part, row, spots, text, levels, level_spots, best))
    return _resembling(_one_footer(rows) if footed else rows, pack.table_rows(labels.table), taken, names)


def _one_footer(rows: list[FoundRow]) -> list[FoundRow]:
    """The rows with each footer once: the first that is filled, else the first; others are no row of the form."""
    chosen: dict[str, FoundRow] = {}
    for each in rows:
        if each.footer and each.declared is not None:
            before = chosen.get(each.declared.key)
            if before is None or not before.part.filled(before.row, before.part.table.inputs):
                chosen[each.declared.key] = each
    kept = {id(each) for each in chosen.values()}
    return [each if not each.footer or id(each) in kept else each._replace(declared=None) for each in rows]


_Labelled = tuple[int, tuple[Position, ...], str, tuple[str, ...], tuple[Position, ...], Row | None]
"""A row, its label's cells and text, the groups over it and their cells, and the row of the footer that it is, if any."""


def _rows(part: Segment, carried: dict[str, tuple[Position, str]]) -> Iterator[_Labelled]:
    """The labelled rows of a part; `carried` are the groups over the row before, by the key of their column."""
    view, labels = part.view, part.labels
    norms, cells, row_columns, left = view.norms, view.cells, view.row_columns, part.head.left
    first, last = part.spans[labels.label.key]  # type: ignore[union-attr]
    levels = [(n, column) for n, column in enumerate(labels.levels) if column.key in part.spans]
    for row in part.rows:
        columns = row_columns[row]
        if labels.footers:
            before = ((row, column) for column in columns if left <= column <= last)
            spot = next((spot for spot in before if norms.get(spot) in labels.footers), None)
            if spot is not None:
                yield row, (spot,), norms[spot], (), (), labels.footers[norms[spot]]
                continue
        level_spots = []
        for position, column in levels:
            over = part.carried(column, row)
            if over is not None:
                text = norms.get(over) or normalise(str(cells[over]))
                if column.key not in carried or carried[column.key][1] != text:
                    for inner in labels.levels[position + 1 :]:
                        carried.pop(inner.key, None)
                carried[column.key] = (over, text)
                level_spots.append(over)
        spots = tuple([(row, column) for column in columns if first <= column <= last])
        if spots:
            groups = tuple([carried[column.key][1] for column in labels.levels if column.key in carried])
            text = norms.get(spots[0], "") if len(spots) == 1 else ""
            text = text or normalise("".join(str(cells[spot]) for spot in spots))
            yield row, spots, text, groups, tuple(level_spots), None


def _with(each: FoundRow, declared: Row, resembling: bool = False) -> FoundRow:
    return FoundRow(*each[:6], declared, False, resembling)


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
    made = []
    for each in rows:
        label = nearest(each.text, missing, others) if each.declared is None and not each.footer else None
        if label is None:
            made.append(each)
            continue
        row = missing[label]
        missing = {text: owner for text, owner in missing.items() if owner is not row}
        made.append(_with(each, row, True))
    return made


def read_fixed(gathered: ReadContext, table: Table, rows: Sequence[FoundRow], units: dict[int, dict[str, str]]) -> None:
    """Read the printed rows that were found; a finding names those that were not."""
    read_rows(gathered, _wanted(gathered, table, rows), units)
    found = {each.declared.key for each in rows if each.declared is not None}
    lacking = [
        row.label for row in (*gathered.pack.table_rows(table), *table.footer) if row.key not in found and not row.open
    ]
    gathered.lacking(table.name, lacking, table.missing)


def _wanted(
    gathered: ReadContext, table: Table, rows: Sequence[FoundRow]
) -> Iterator[tuple[Segment, int, Wanted, str | None]]:
    """What is asked of each printed row, whose labels count as part of the form."""
    for each in rows:
        if each.declared is not None:
            use_labels(each)
            if each.resembling:
                gathered.resembles(table.name, each.part.view, each.spots[0], each.declared.label)
            wanted = each.part.labels.row_concepts[each.declared.key]
            if unit := _row_unit(gathered, table, each, wanted):
                for key, concept in wanted:
                    column = each.part.labels.columns[key]
                    if each.part.has(column):
                        read_cell(gathered, each.part.view, each.part.spot(column, each.row), concept, unit=unit)
            else:
                yield each.part, each.row, wanted, None


def _row_unit(gathered: ReadContext, table: Table, each: FoundRow, wanted: Wanted) -> str:
    """The unit that a row states for itself where the form prints another, told once; empty where it states none."""
    stated = own_unit(each, wanted, gathered)
    if stated is None or each.declared is None:
        return ""
    spot, unit, asked = stated
    block = f"{table.name}·{one_line(each.declared.label)}"
    place = each.part.view.place(spot)
    gathered.findings.append(gathered.pack.rules.finding("CEL-10", place=place, block=block, actual=unit, expected=asked))
    return unit


def own_unit(each: FoundRow, wanted: Wanted, gathered: ReadContext) -> tuple[Position, str, str] | None:
    """The unit of money that a row's label or its cell for the unit states, with its place, where the form prints another."""
    part, cells = each.part, each.part.view.cells
    stated = [(spot, unit_in_label(str(cells[spot]))) for spot in each.spots if "元" in str(cells[spot])]
    if each.declared is not None and each.declared.printed:
        for column in part.labels.printed:
            if unit_factor("元", each.declared.printed.get(column.key, "")) is not None and part.has(column):
                stated.append((part.spot(column, each.row), squeeze(part.text(column, each.row))))
    for spot, unit in stated:
        for _, concept in wanted if unit else ():
            asked = gathered.index.asked[concept].concept.unit
            if unit and unit_factor(unit, asked) not in (None, 1):
                return spot, unit, asked
    return None


def read_added_rows(gathered: ReadContext, table: Table, rows: Sequence[FoundRow], units: dict[int, dict[str, str]]) -> None:
    """Read the rows that the department added after the printed row that allows it, numbered in their order."""
    if table.own is None:
        return
    number, open_here = 0, False
    for each in rows:
        if each.declared is not None or each.footer:
            open_here = each.declared is not None and each.declared.key == table.own.after
            continue
        if not open_here:
            continue
        number += 1
        use_labels(each)
        label = "".join(str(each.part.view.cells[spot]) for spot in each.spots)
        place = each.part.view.place(each.spots[0])
        read_value(gathered, one_line(label), place, table.own.label.replace("{n}", str(number)))
        for column in table.inputs:
            if each.part.has(column):
                unit = units.get(id(each.part), {}).get(column.key, "")
                spot = each.part.spot(column, each.row)
                read_cell(gathered, each.part.view, spot, table.own_concept_id(column, number), unit=unit)


def use_labels(each: FoundRow) -> None:
    """Count a row's labels, printed groups over it and printed cells beside it as part of the form."""
    each.part.view.used.update(label_spots(each))


def label_spots(each: FoundRow) -> Iterator[Position]:
    """The cells of a row that are printed: its labels, groups over it, and what is printed beside it."""
    part = each.part
    yield from each.spots
    for spot in each.level_spots:
        if part.view.norms.get(spot) in part.labels.groups:
            yield spot
    # A footer prints little: what a department writes where it prints nothing is the department's.
    prints = each.declared.printed if each.footer and each.declared is not None else None
    for column in part.labels.printed:
        if column.key in part.spans and (prints is None or column.key in prints):
            yield part.view.anchor(part.spot(column, each.row))


def read_unlabelled(gathered: ReadContext, table: Table, parts: Sequence[Segment]) -> None:
    """Read a table whose one row has no label: what stands under each head, a text over several rows joined."""
    row = gathered.pack.table_rows(table)[0]
    units = stated_units(parts[0], gathered)
    ids = dict(parts[0].labels.row_concepts[row.key])
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
