"""What is particular to the score sheet: printed points, and the rows that departments adapt to their own tasks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.model.fact import Fact, FactState
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.pack.declarations.layout import Column, Row, Table
from jixiao.pack.declarations.rubric import OpenGroup
from jixiao.reading.blocks.fixed_table import FoundRow, use_labels
from jixiao.reading.context import ReadContext, one_line
from jixiao.reading.locate.labels import normalise
from jixiao.reading.locate.sheet_view import Position
from jixiao.reading.values import read_cell, read_value
from jixiao.values.number_format import plain_text
from jixiao.values.numbers import parse_number, plain_number
from jixiao.values.text import raw_text

FULL = "full"
"""The key of the column of full marks, as rubric tables have it."""

CUSTOM = "custom"


def with_own_rows(
    gathered: ReadContext, table: Table, rows: Sequence[FoundRow]
) -> tuple[list[FoundRow], list[tuple[FoundRow, OpenGroup]]]:
    """The rows that are printed ones, and those that are a department's own, each with its open group.

    A printed row of an open group that carries other points than the form's is the department's own.
    """
    full = _full_column(table)
    printed: list[FoundRow] = []
    own: list[tuple[FoundRow, OpenGroup]] = []
    for position, each in enumerate(rows):
        if each.footer:
            printed.append(each)
            continue
        if each.declared is None:
            group = _group_at(gathered, rows, position)
            if group is not None:
                own.append((each, group))
            continue
        group = gathered.pack.rubric.open_group_of(each.declared.key) if each.declared.open else None
        if group is not None and not group.shared and full is not None:
            points, _, shared = _points(each, full)
            if points is not None and not shared and plain_text(points) != each.declared.printed.get(FULL):
                own.append((each, group))
                continue
        printed.append(each)
    return printed, own


def _full_column(table: Table) -> Column | None:
    return next((column for column in table.columns if column.key == FULL), None)


def _points(each: FoundRow, full: Column) -> tuple[Decimal | None, Position, bool]:
    """The points in a row, their cell, and whether that cell stands over several rows."""
    if not each.part.has(full):
        return None, (each.row, 0), False
    spot = each.part.view.anchor(each.part.spot(full, each.row))
    shared = each.part.view.bottom_edge(spot) > each.row or spot[0] < each.row
    parsed = parse_number(each.part.view.cells.get(spot), unit="分")
    return parsed.value, spot, shared


def _group_at(gathered: ReadContext, rows: Sequence[FoundRow], position: int) -> OpenGroup | None:
    """Return the open group in which a row that is not printed is, by the groups over it, else by its neighbours."""
    rubric, levels = gathered.pack.rubric, rows[position].levels
    candidates: list[OpenGroup] = []
    for group in rubric.open_groups if levels else ():
        criteria = [rubric.criterion(rubric.indicator(indicator).criterion) for indicator in group.indicators]
        if levels[-1] in {normalise(text) for criterion in criteria for text in (criterion.label, criterion.printed)}:
            candidates.append(group)
    if len(candidates) == 1:
        return candidates[0]
    for neighbours in (reversed(rows[:position]), rows[position + 1 :]):
        printed = next((each.declared for each in neighbours if each.declared is not None and not each.footer), None)
        near = rubric.open_group_of(printed.key) if printed else None
        if near is not None and (not candidates or near in candidates):
            return near
    return candidates[0] if candidates else None


def read_own_rows(gathered: ReadContext, table: Table, own: Sequence[tuple[FoundRow, OpenGroup]]) -> None:
    """Read the department's own rows as `custom.<n>` in their order."""
    full = _full_column(table)
    for number, (each, group) in enumerate(own, start=1):
        use_labels(each)
        part, row = each.part, f"{CUSTOM}.{number}"
        read_value(gathered, one_line_label(each.label), each.place, _concept(table, row, "label"))
        if full is not None and part.has(full):
            _, spot, shared = _points(each, full)
            if not (shared and group.shared):
                read_cell(gathered, part.view, spot, _concept(table, row, FULL))
        concept = _concept(table, row, "group")
        gathered.facts.append(Fact(concept, None, FactState.OK, None, group.label, group.label, each.place))
        for column in table.inputs:
            if part.has(column):
                read_cell(gathered, part.view, part.spot(column, each.row), table.concept_id(column, row=row))


def _concept(table: Table, row: str, key: str) -> str:
    return table.concept.replace("{row}", row).replace("{column}", key)


def one_line_label(text: str) -> str:
    """A label as the department wrote it, without the line breaks of its cell."""
    return "".join(line.strip() for line in text.splitlines())


def check_points(
    gathered: ReadContext, table: Table, printed: Sequence[FoundRow], own: Sequence[tuple[FoundRow, OpenGroup]]
) -> None:
    """Findings for full marks that differ from the form's, and for open groups whose points do not add up."""
    full = _full_column(table)
    if full is None:
        return
    for each in printed:
        if each.declared is not None and not each.declared.open:
            _check_closed(gathered, each, each.declared, full)
    for group in gathered.pack.rubric.open_groups:
        members = [each for each in printed if each.declared and each.declared.key in group.indicators]
        members += [each for each, owner in own if owner.id == group.id]
        _check_group(gathered, group, members, full)


def _check_closed(gathered: ReadContext, each: FoundRow, row: Row, full: Column) -> None:
    expected = row.printed.get(FULL)
    value = each.part.view.cells.get((each.row, each.part.spans[FULL][0])) if each.part.has(full) else None
    if type(value) is float and (plain := plain_number(value)) is not None and plain[0] == expected:
        return
    points, spot, shared = _points(each, full)
    if points is None or shared or expected is None or plain_text(points) == expected:
        return
    concepts = (concept for _, concept in each.part.labels.row_concepts[row.key])
    concept = next((concept for concept in concepts if gathered.pack.concept(concept).kind is ConceptKind.MARKS), None)
    gathered.report(
        "LAY-03", place=each.part.view.place(spot), concept=concept, label=one_line(row.label),
        expected=expected, actual=plain_text(points), difference=abs(points - Decimal(expected)),
    )  # fmt: skip


def _check_group(gathered: ReadContext, group: OpenGroup, members: Sequence[FoundRow], full: Column) -> None:
    cells: dict[tuple[int, Position], Decimal] = {}
    first = None
    for each in members:
        points, spot, _ = _points(each, full)
        value = each.part.view.cells.get(spot) if each.part.has(full) else None
        if points is None:
            if value is not None and raw_text(value):
                return  # points that cannot be read are told as such
            continue
        cells[id(each.part.view), spot] = points
        first = first or each.part.view.place(spot)
    if not cells:
        return
    total = sum(cells.values(), Decimal(0))
    if total == group.points or (group.shared and set(cells.values()) == {group.points}):
        return
    gathered.report(
        "LAY-07", place=first, label=group.label, expected=plain_text(group.points),
        actual=plain_text(total), difference=abs(total - group.points),
    )  # fmt: skip
