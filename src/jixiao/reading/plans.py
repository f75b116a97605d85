"""What a table with printed rows asks of which cell, remembered by what is printed of it.

Which printed row each row of such a table is hangs on its labels, on the groups over them, on the points printed beside
them and on the merges of the sheet, and on nothing else: not on what was filled in. Offices copy one template, so all of
that is the same in filing after filing, and what was found of it is found again by it. Only tables that are as they are
printed are remembered; where a row is missing, misspelt, added or moved, it is told, and found anew each time.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

from jixiao.model.place import Place
from jixiao.pack.layout import Column
from jixiao.reading.findings import Gathered
from jixiao.reading.fixed import FoundRow, label_spots, own_unit
from jixiao.reading.index import Asked, LabelIndex
from jixiao.reading.segments import Segment, rows_below
from jixiao.reading.sheet import Spot
from jixiao.reading.values import plain_fact, read_cell

MOST_PLANS, LONGEST_PLAN = 512, 200
"""So many tables of so many rows are remembered."""


class PlannedCell(NamedTuple):
    """A cell of which a table asks something, by the key of its column; `spread` is that column where what is filled in
    may stand in another of the cells under its head."""

    spot: Spot
    place: Place
    key: str
    concept: str
    asked: Asked
    spread: Column | None


class Plan(NamedTuple):
    """What is asked of which cell of a table, row by row, and its cells that are part of the form, filled or not."""

    cells: tuple[PlannedCell, ...]
    used: tuple[Spot, ...]


def plan_of(part: Segment, index: LabelIndex) -> Plan | None:
    """The plan of a part, None where none is remembered."""
    plan: Plan | None = index.plans.get(_key(part, _entered(part)))
    return plan


def _entered(part: Segment) -> set[int]:
    """The columns of the sheet in which the department fills in the table."""
    spans = [part.spans[column.key] for column in part.labels.inputs if column.key in part.spans]
    return {column for first, last in spans for column in range(first, last + 1)}


def _key(part: Segment, entered: set[int]) -> Hashable:
    """All that a plan of a part hangs on, None where it may hang on more."""
    view, labels, head, spans = part.view, part.labels, part.head, part.spans
    if view.merged_as is None or labels.label is None or labels.label.key not in spans or len(part.rows) > LONGEST_PLAN:
        return None
    if min(entered, default=0) <= spans[labels.label.key][1]:
        return None  # what is filled in stands among the labels
    edge = max(last for _, last in spans.values())
    cells, row_columns = view.cells, view.row_columns
    printed = [
        (row, column) for row in rows_below(view, head) for column in row_columns[row] if column <= edge and column not in entered
    ]
    values = [cells[spot] for spot in printed]
    return (
        labels.table.id, view.name, view.merged_as, head.left, head.bottom, tuple(spans.items()), part.rows,
        tuple(printed), tuple(values), tuple(map(type, values)),
    )  # fmt: skip


def read_plan(gathered: Gathered, part: Segment, plan: Plan, units: Mapping[str, str]) -> None:
    """Read a part as planned. `units` are those that its head names instead of the concepts', by column key."""
    view, facts = part.view, gathered.facts
    view.used.update(plan.used)
    cells, usual = view.cells, not (units or view.grid.percent or view.grid.origins)
    for spot, place, key, concept, asked, spread in plan.cells:
        value = cells.get(spot)
        if value is None and spread is not None:
            spot = part.spot(spread, spot[0])
            value, place = cells.get(spot), view.place(spot)
            if value is not None:
                view.used.add(spot)
        fact = plain_fact(value, asked, concept, None, place) if usual else None
        if fact is not None:
            facts.append(fact)
        else:
            read_cell(gathered, view, spot, concept, unit=units.get(key, ""))


def remember(part: Segment, rows: Sequence[FoundRow], gathered: Gathered) -> None:
    """Remember what was found of a part, where every row of it is a printed one, and once, and none is missing."""
    plans = gathered.index.plans
    keys = [each.declared.key for each in rows if each.declared is not None and not each.resembling]
    table = part.table
    asked = {row.key for row in (*gathered.pack.table_rows(table), *table.footer) if not row.open}
    if len(keys) < len(rows) or len(set(keys)) < len(keys) or not asked.issubset(keys) or len(plans) >= MOST_PLANS:
        return
    entered = _entered(part)
    key = _key(part, entered)
    if key is None or not all(_within(part, each.row, entered) for each in rows):
        return
    wanted = part.labels.row_concepts
    if any(own_unit(each, wanted[row], gathered) for each, row in zip(rows, keys, strict=True)):
        return
    cells = tuple(
        _planned(part, each.row, column, concept, gathered.index)
        for each, row in zip(rows, keys, strict=True)
        for column, concept in wanted[row]
        if column in part.spans
    )
    used = (*(spot for each in rows for spot in label_spots(each)), *(each.spot for each in cells))
    plans[key] = Plan(cells, used)


def _planned(part: Segment, row: int, key: str, concept: str, index: LabelIndex) -> PlannedCell:
    first, last = part.spans[key]
    spot = row, first
    spread = last > first or part.view.anchor(spot) != spot
    return PlannedCell(spot, part.view.place(spot), key, concept, index.asked[concept], part.labels.columns[key] if spread else None)


def _within(part: Segment, row: int, entered: set[int]) -> bool:
    """Whether what is printed beside a row stands among what is printed, whatever merges cover it."""
    spots = (part.view.anchor(part.spot(column, row)) for column in part.labels.printed if column.key in part.spans)
    return all(above > part.head.bottom and column not in entered for above, column in spots)
