"""Where each block begins and ends: captions above it belong to it, and it ends where the next one begins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from jixiao.reading.locate.heads import Head
from jixiao.reading.locate.label_index import LabelIndex
from jixiao.reading.locate.label_kinds import PRINTED, UPPER, label_kinds
from jixiao.reading.locate.labels import nearest, normalise, unit_line
from jixiao.reading.locate.sheet_view import Position, SheetView

LINES_ABOVE = 6
"""How many printed lines above a block are asked whether they belong to it."""


class Region(NamedTuple):
    """The rectangle of a located block: rows from `first` up to, not including, `end`; columns `left` to `right`."""

    first: int
    end: int
    left: int
    right: int


def is_printed(view: SheetView, spot: Position, index: LabelIndex) -> bool:
    """Whether a cell holds a line that is printed somewhere on the form and holds no fact."""
    text = view.norms.get(spot)
    if text is None:
        value = view.cells.get(spot)
        return isinstance(value, str) and normalise(value) in index.printed
    return PRINTED in label_kinds(text, index)


def _is_line(text: str, index: LabelIndex) -> bool:
    """Whether a normalised text is a printed line or an upper line of a head."""
    kinds = label_kinds(text, index)
    return PRINTED in kinds or UPPER in kinds


def lines_above(view: SheetView, index: LabelIndex, top: int, left: int, right: int) -> tuple[int, tuple[Position, ...]]:
    """The first row of the printed lines directly above a block, and their cells, the nearest line first."""
    end = bisect_left(view.rows, top)
    norms, merges, first = view.norms, view.merges, top
    spots: list[Position] = []
    for row in reversed(view.rows[max(0, end - LINES_ABOVE) : end]):
        count, printed = 0, []
        for column in view.row_columns[row]:
            if column > right:
                break
            spot = row, column
            if column < left and (spot not in merges or merges[spot].last_column < left):
                continue
            count += 1
            text = norms.get(spot)
            if is_printed(view, spot, index) if text is None else _is_line(text, index):
                printed.append(spot)
        if not count:
            continue
        # A line that states the unit may also say who fills the table in.
        if len(printed) < count and not any(unit_line(norms.get(spot, "")) for spot in printed):
            break
        first = row
        spots.extend(printed)
    return first, tuple(spots)


def settle_heads(heads: Sequence[Head], labels: Iterable[tuple[SheetView, Position]], index: LabelIndex) -> None:
    """Tell each head its first row, the lines above it and the row behind its data; `labels` are located field labels."""
    for head in heads:
        head.side = _side_label(head, index)
        head.left = min(head.left, head.side[1] if head.side else head.left)
        head.first, head.above = lines_above(head.sheet, index, head.top, head.left, head.right)
        _take_misspelt_caption(head, index)
    _share_units(heads)
    stops: dict[int, list[Region]] = {}
    for head in heads:
        stops.setdefault(id(head.sheet), []).append(Region(head.first, head.bottom + 1, head.left, head.right))
    uppermost = {sheet: min(region.end for region in regions) for sheet, regions in stops.items()}
    for view, spot in labels:
        if id(view) not in uppermost or spot[0] < uppermost[id(view)]:
            continue  # no head's data end at what stands above them all
        right = view.right_edge(spot)
        first, _ = lines_above(view, index, spot[0], spot[1], right)
        stops[id(view)].append(Region(first, spot[0] + 1, spot[1], right))
        stops[id(view)].append(Region(spot[0], spot[0] + 1, spot[1], right))
    for here in stops.values():
        here.sort()
    for head in heads:
        bottom, left, right = head.bottom, head.left, head.right
        below = (first for first, _, start, end in stops[id(head.sheet)] if first > bottom and start <= right and end >= left)
        head.end = next(below, head.sheet.rows[-1] + 1 if head.sheet.rows else 0)


def _share_units(heads: Sequence[Head]) -> None:
    """A unit stated at the top of a sheet, above no one table, stands for the tables below it that state none of their own."""
    for sheet in {id(head.sheet): head.sheet for head in heads}.values():
        lines = [spot for spot, _ in sheet.marks.units]
        if not lines:
            continue
        here = [head for head in heads if head.sheet is sheet]
        taken = {spot for head in here for spot in head.above}
        top = min(head.first for head in here)
        free = [spot for spot in lines if spot[0] < top and spot not in taken]
        for head in here:
            if free and not any(spot in lines for spot in head.above):
                head.above = (*head.above, free[-1])


def _side_label(head: Head, index: LabelIndex) -> Position | None:
    """The cell left of a head that holds its side label: the nearest from the head's first row down."""
    if not head.labels.table.side_label:
        return None
    found = [
        spot
        for spot, text in head.sheet.marks.sides
        if spot[1] < head.left and spot[0] >= head.top - 1 and index.side_labels.get(text) == head.table_id
    ]
    if not found:
        found = _misspelt_sides(head, index)
        head.misspelt.update(dict.fromkeys(found, head.labels.table.side_label))
    return min(found, default=None)


def _take_misspelt_caption(head: Head, index: LabelIndex) -> None:
    """Count the line directly above a head for its caption where it nearly is that, with the printed lines above it."""
    wanted = index.caption_texts.get(head.table_id, {})
    view = head.sheet
    before = bisect_left(view.rows, head.first) - 1
    if before < 0 or any(view.norms.get(spot) in wanted for spot in head.above):
        return
    row = view.rows[before]
    line = [spot for spot in view.filled_between(row, 0, head.right) if view.right_edge(spot) >= head.left]
    text = view.norms.get(line[0]) if len(line) == 1 else None
    if not text or text in index.everything or not nearest(text, wanted, index.captions.keys() - wanted.keys()):
        return
    head.misspelt[line[0]] = head.labels.table.caption
    head.first, further = lines_above(view, index, row, head.left, head.right)
    head.above = (*head.above, line[0], *further)


def _misspelt_sides(head: Head, index: LabelIndex) -> list[Position]:
    """The cells left of a head's first row whose text nearly is its side label."""
    wanted = {text: table for text, table in index.side_labels.items() if table == head.table_id}
    return [
        spot
        for spot in head.sheet.filled_between(head.top, 0, head.left - 1)
        if (text := head.sheet.norms.get(spot)) and text not in index.everything and nearest(text, wanted)
    ]


def region(head: Head) -> Region:
    """The region of a settled head."""
    return Region(head.first, head.end, head.left, head.right)


def notes_regions(view: SheetView, index: LabelIndex) -> Iterable[Region]:
    """The regions of printed guidance, with the headings above it."""
    for spot, _ in view.marks.notes:
        right = view.right_edge(spot)
        first, _ = lines_above(view, index, spot[0], spot[1], right)
        yield Region(first, spot[0] + 1, spot[1], right)
