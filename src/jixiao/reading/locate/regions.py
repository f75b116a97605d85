"""Where each block begins and ends: captions above it belong to it, and it ends where the next one begins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from jixiao.reading.locate.heads import Head
from jixiao.reading.locate.label_index import LabelIndex, LabelKind
from jixiao.reading.locate.labels import nearest, normalise, unit_line
from jixiao.reading.locate.sheet_view import Position, Region, SheetView

LINES_ABOVE = 6
"""How many printed lines above a block are asked whether they belong to it."""


def is_printed(view: SheetView, spot: Position, index: LabelIndex) -> bool:
    """Whether a cell holds a line that is printed somewhere on the form and holds no fact."""
    text = view.norms.get(spot)
    if text is None:
        value = view.cells.get(spot)
        return isinstance(value, str) and normalise(value) in index.printed
    return LabelKind.PRINTED in index.kinds(text)


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
            if is_printed(view, spot, index) or LabelKind.UPPER in index.kinds(norms.get(spot, "")):
                printed.append(spot)
        if not count:
            continue
        # A line that states the unit may also say who fills the table in.
        if len(printed) < count and not any(unit_line(norms.get(spot, "")) for spot in printed):
            break
        first = row
        spots.extend(printed)
    return first, tuple(spots)


def settle_heads(views: Sequence[SheetView], heads: Sequence[Head], index: LabelIndex) -> None:
    """Settle the first row of each head, the lines above it and the row behind its data, where the next block begins.

    The `field_labels` of the views are located; heads and labels become the `regions` and `stops` of the views.
    """
    for head in heads:
        head.side = _side_label(head, index)
        head.left = min(head.left, head.side[1] if head.side else head.left)
        head.first, head.above = lines_above(head.sheet, index, head.top, head.left, head.right)
        _take_misspelt_caption(head, index)
    _share_units(heads)
    for view in views:
        here = [head for head in heads if head.sheet is view]
        beginnings = _beginnings(view, here, index) if here else []
        for head in here:
            below = (first for first, left, right in beginnings if first > head.bottom and left <= head.right and right >= head.left)
            head.end = next(below, view.rows[-1] + 1)
            view.regions.append(Region(head.first, head.end, head.left, head.right))
            view.stops.update(head.spots.values())
        view.stops.update(view.field_labels)


def _beginnings(view: SheetView, heads: Sequence[Head], index: LabelIndex) -> list[tuple[int, int, int]]:
    """Return the first row and the columns of everything that ends the data of a head: heads, fields and captions of prose."""
    beginnings = [(head.first, head.left, head.right) for head in heads]
    uppermost = min(head.bottom for head in heads)
    captions = [spot for spot, text in view.marks[LabelKind.CAPTION] if text in index.prose]
    for spot in (*view.field_labels, *captions):
        if spot[0] > uppermost:  # no head's data end at what is above them all
            right = view.right_edge(spot)
            first, _ = lines_above(view, index, spot[0], spot[1], right)
            beginnings += [(first, spot[1], right), (spot[0], spot[1], right)]
    return sorted(beginnings)


def _share_units(heads: Sequence[Head]) -> None:
    """A unit stated at the top of a sheet, above no one table, stands for the tables below it that state none of their own."""
    for sheet in {id(head.sheet): head.sheet for head in heads}.values():
        lines = [spot for spot, _ in sheet.marks[LabelKind.UNIT]]
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
    sides = [
        spot
        for spot, text in head.sheet.marks[LabelKind.SIDE]
        if spot[1] < head.left and spot[0] >= head.top - 1 and index.side_labels.get(text) == head.table_id
    ]
    if not sides:
        sides = _misspelt_sides(head, index)
        head.misspelt.update(dict.fromkeys(sides, head.labels.table.side_label))
    return min(sides, default=None)


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


def notes_regions(view: SheetView, index: LabelIndex) -> Iterable[Region]:
    """The regions of printed guidance, with the headings above it."""
    for spot, _ in view.marks[LabelKind.NOTE]:
        right = view.right_edge(spot)
        first, _ = lines_above(view, index, spot[0], spot[1], right)
        yield Region(first, spot[0] + 1, spot[1], right)
