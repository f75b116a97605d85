"""Rows and cells of a table under its head; parts of one table and copies of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jixiao.model.cell import ErrorValue, UncachedFormula
from jixiao.model.sheet_names import CHECK_COLUMN, CHECK_MARKS
from jixiao.pack.declarations.layout import Column, Table
from jixiao.reading.context import ReadContext, one_line
from jixiao.reading.locate.heads import Head
from jixiao.reading.locate.label_index import HeadColumn, LabelKind, TableLabels
from jixiao.reading.locate.labels import normalise, squeeze, stated_unit, unit_in_label
from jixiao.reading.locate.sheet_view import Position, SheetView
from jixiao.values.text import is_blank, raw_text
from jixiao.values.units import unit_factor


@dataclass(eq=False)
class Segment:
    """The data rows under one head, with the grid columns that each column of the form takes (first and last).

    `units` are the units that its head states for columns instead of the form's.
    """

    head: Head
    rows: tuple[int, ...]
    spans: Mapping[str, tuple[int, int]]
    units: Mapping[str, str] = field(default_factory=dict)
    view: SheetView = field(init=False)
    labels: TableLabels = field(init=False)
    table: Table = field(init=False)

    def __post_init__(self) -> None:
        self.view, self.labels, self.table = self.head.sheet, self.head.labels, self.head.labels.table

    def has(self, column: Column) -> bool:
        """Whether the column was found."""
        return column.key in self.spans

    def spot(self, column: Column, row: int) -> Position:
        """The cell of a column in a row: the filled one under its head, else the first."""
        first, last = self.spans[column.key]
        view = self.view
        if (row, first) in view.cells:
            return row, first
        if last > first:
            for spot in view.filled_between(row, first, last):
                return spot
        anchor = view.anchor((row, first))
        if anchor[0] != row or anchor == (row, first):
            return row, first
        taken = any(low <= anchor[1] <= high for key, (low, high) in self.spans.items() if key != column.key)
        return (row, first) if taken else anchor

    def carried(self, column: Column, row: int) -> Position | None:
        """The text that stands over a row by its merge, or in it; None where there is none. Numbers head no groups."""
        first, last = self.spans[column.key]
        cells, spot = self.view.cells, (row, first)
        if isinstance(cells.get(spot), str):
            return spot
        if last > first:
            for spot in self.view.filled_between(row, first, last):
                if isinstance(cells[spot], str):
                    return spot
        anchor = self.view.anchor((row, first))
        return anchor if isinstance(cells.get(anchor), str) and anchor[0] > self.head.bottom else None

    def filled(self, row: int, columns: Iterable[Column]) -> bool:
        """Whether any of the columns holds something in a row, marks for nothing apart."""
        for column in columns:
            if column.key in self.spans:
                value = self.view.cells.get(self.spot(column, row))
                if value is not None and not (isinstance(value, str) and is_blank(value)):
                    return True
        return False

    def text(self, column: Column, row: int) -> str:
        """The text of a column's cell in a row, empty where it holds none."""
        value = self.view.cells.get(self.spot(column, row))
        return value if isinstance(value, str) else "" if value is None else str(value)


def segment(head: Head) -> Segment:
    """The rows of a settled head that hold anything within its columns, and where its columns stand."""
    view = head.sheet
    left, right = head.left, head.right
    row_columns, rows = view.row_columns, []
    for row in rows_below(view, head):
        columns = row_columns[row]
        if left <= columns[0] <= right or (columns[0] < left and any(left <= column <= right for column in columns)):
            rows.append(row)
    return Segment(head, tuple(rows), dict(_spans(head, rows)) if head.spans is None else head.spans)


def rows_below(view: SheetView, head: Head) -> Sequence[int]:
    """The rows that hold anything between a head and the next block."""
    return view.rows[bisect_right(view.rows, head.bottom) : bisect_left(view.rows, head.end)]


def _spans(head: Head, rows: Sequence[int]) -> Iterator[tuple[str, tuple[int, int]]]:
    view = head.sheet
    for each in head.labels.heads:
        spot = head.spots.get(each.key)
        if spot is None:
            continue
        first, last = spot[1], view.right_edge(spot)
        if len(each.columns) == 1:
            yield each.key, (first, last)
            continue
        if last == first:  # one head over several columns, not merged: it reaches to the next
            stops = (column for _, column in head.band() if column > first)
            last = min(stops, default=first + len(each.columns)) - 1
        yield from _shared(each, view, rows, first, last)


def _shared(each: HeadColumn, view: SheetView, rows: Sequence[int], first: int, last: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """The spans of columns under one printed head, by where the data stand; the last column counts most."""
    used = sorted({spot[1] for row in rows for spot in view.filled_between(row, first, last)})
    count = len(each.columns)
    if len(used) < count:
        used = list(range(first, first + count)) if not used or last - first + 1 == count else used
    starts = used[:count]
    for column, start in zip(each.columns[-len(starts) :], starts, strict=True):
        following = [other for other in starts if other > start]
        yield column.key, (start, following[0] - 1 if following else max(start, last))


def mark_head(part: Segment, gathered: ReadContext) -> None:
    """Count the head, its captions and the program's own columns beside it as part of the form."""
    head, view, index = part.head, part.view, gathered.index
    view.used.update(head.spots.values())
    view.used.update(head.above)
    if head.side is not None:
        view.used.add(head.side)
    for spot, label in head.misspelt.items():
        gathered.resembles(part.table.name, view, spot, label)
    for key, spot in head.resembling.items():
        column = head.labels.head(key).columns[-1]
        gathered.resembles(head.labels.table.name, view, spot, column.leaf)
    for spot, text in view.marks[LabelKind.UPPER]:
        within = head.first <= spot[0] <= head.bottom and head.left <= spot[1] <= head.right
        if within and head.table_id in index.upper[text]:
            view.used.add(spot)
    for spot, text in view.marks[LabelKind.OWN_COLUMN]:
        if head.first <= spot[0] <= head.bottom and head.left <= spot[1]:
            view.used.add(spot)
            checks = text == normalise(CHECK_COLUMN)
            for below in rows_below(view, head):
                cells = view.filled_between(below, spot[1], view.right_edge(spot))
                view.used.update(cell for cell in cells if not checks or _is_check(view, cell))


def _is_check(view: SheetView, spot: Position) -> bool:
    """Whether a cell in a check column holds a check; what people write there is theirs.

    A bare 0 is what .xls files give for a formula that shows a text.
    """
    value = view.cells[spot]
    return isinstance(value, UncachedFormula | ErrorValue) or value == 0 or str(value).strip().startswith(CHECK_MARKS)


def mark_checks(view: SheetView) -> None:
    """Count the checks that stand in a check column, beside whatever, as the program's own."""
    if columns := {spot[1] for spot, _ in view.marks[LabelKind.OWN_COLUMN]}:
        for spot, text in view.norms.items():
            if spot[1] in columns and (text.startswith(CHECK_MARKS) or view.cells[spot] == 0):
                view.used.add(spot)


def stated_units(part: Segment, gathered: ReadContext) -> dict[str, str]:
    """Return the unit that head, unit line or caption state for each column, where it is not the form's; one finding says so."""
    view, expected = part.view, part.labels.money
    if not expected:
        return {}
    lines: dict[str, Position] = {}
    for above in (*part.head.above, *_heads_of_rows(part)):
        text = str(view.cells.get(above, ""))
        statement = stated_unit(text)
        if unit := statement[1] if statement else unit_in_label(text):
            lines.setdefault(unit, above)
    units: dict[str, str] = {}
    for key, unit in expected.items():
        spot = part.head.spots.get(key)
        own = unit_in_label(str(view.cells.get(spot, ""))) if spot else None
        stated = own or next((line for line in lines if line != unit), None)
        if stated and stated != unit and unit_factor(stated, unit) is not None:
            units[key] = stated
    for key, unit in list(units.items())[:1]:
        place = view.place(lines.get(unit, part.head.spots[key]))
        gathered.report("CEL-10", place=place, block=part.table.name, actual=unit, expected=expected[key])
    return units


def _heads_of_rows(part: Segment) -> Iterator[Position]:
    """What stands over or beside the labels of the rows: it may state the unit of the whole table (年度预算申请（万元）)."""
    labels, head, view = part.labels, part.head, part.view
    for column in (*labels.levels, *((labels.label,) if labels.label else ())):
        if column.key in head.spots:
            yield head.spots[column.key]
    if side := part.table.side_label:
        wanted, first = normalise(side), min(column for _, column in head.spots.values())
        for row in range(head.top, head.bottom + 1):
            for column in range(first):
                if view.norms.get((row, column)) == wanted:
                    yield row, column


def _report_columns(parts: Sequence[Segment], gathered: ReadContext) -> None:
    """Report the columns that no part of a table has."""
    table, present = parts[0].table, {key for part in parts for key in part.spans}
    lacking = [one_line(column.leaf) for column in parts[0].labels.demanded if column.key not in present]
    gathered.lacking(table.name, lacking, table.missing)


def begin(versions: Sequence[list[Segment]], gathered: ReadContext, *, units: bool = True) -> list[Segment]:
    """Return the copy that counts, its heads marked, its lacking columns reported and the `units` of its heads noted."""
    chosen = _choose(versions, gathered)
    gathered.blocks.add(chosen[0].table.id)
    for part in chosen:
        mark_head(part, gathered)
    _report_columns(chosen, gathered)
    if units:
        for part in chosen:
            part.units = stated_units(part, gathered)
    return chosen


def copies(parts: Sequence[Segment], keys: Callable[[Segment], set[str]]) -> list[list[Segment]]:
    """The parts of a table in copies: a part whose rows were there before begins another copy.

    `keys` says which rows a part holds. Parts without rows join the copy before them.
    """
    if len(parts) == 1:
        return [[*parts]]
    versions: list[list[Segment]] = []
    present: set[str] = set()
    for part in parts:
        own = keys(part)
        if not versions or own & present:
            versions.append([part])
            present = set(own)
        else:
            versions[-1].append(part)
            present |= own
    return versions


def _choose(versions: Sequence[list[Segment]], gathered: ReadContext) -> list[Segment]:
    """The copy in which most is filled in, the first of equals; every other one that holds anything is told."""
    if len(versions) == 1:
        return versions[0]
    counts = [_filled(copy) for copy in versions]
    best = counts.index(max(counts))
    for position, copy in enumerate(versions):
        if position != best and counts[position]:
            first, other = ((part.view, min(part.head.spots.values())) for part in (versions[best][0], copy[0]))
            gathered.second_copy(copy[0].table.name, first, other)
    return versions[best]


def _filled(copy: Sequence[Segment]) -> int:
    """Return how many cells are filled in."""
    cells = ((part, row, column) for part in copy for row in part.rows for column in part.labels.inputs if part.has(column))
    texts = (raw_text(part.view.cells.get(part.spot(column, row))) for part, row, column in cells)
    return sum(not is_blank(text) for text in texts if text)


def pass_over(versions: Sequence[list[Segment]], chosen: Sequence[Segment], gathered: ReadContext) -> None:
    """Count what a copy that is not read has in common with the form, or with the copy that is, as no extra."""
    if len(versions) < 2:
        return
    read = {squeeze(fact.raw) for fact in gathered.facts if fact.raw}
    units = {normalise(each.label) for each in gathered.institutions.values()}
    for copy in versions:
        if copy is chosen:
            continue
        for part in copy:
            view = part.view
            view.used.update(part.head.band())
            for row in part.rows:
                for spot in view.filled_between(row, part.head.left, part.head.right):
                    text, label = squeeze(raw_text(view.cells[spot]) or ""), view.norms.get(spot, "")
                    if text in read or label in units or label in gathered.index.everything or _is_placeholder(label, gathered):
                        view.used.add(spot)


def _is_placeholder(label: str, gathered: ReadContext) -> bool:
    declared = gathered.pack.layout.institutions
    return declared is not None and label.rstrip("0123456789") == normalise(declared.placeholder)
