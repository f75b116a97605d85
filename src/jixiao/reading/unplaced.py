"""What a filing holds beside the facts: cells that are no part of the form, and what is hidden."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.model.place import column_letters
from jixiao.model.submission import UnplacedCell
from jixiao.reading.context import ReadContext
from jixiao.reading.formats.grid import Grid
from jixiao.reading.generated_sheets import carried_extras
from jixiao.reading.locate.regions import is_printed
from jixiao.reading.locate.sheet_view import SheetView
from jixiao.reading.table_segment import mark_checks
from jixiao.values.text import is_blank, raw_text

NAMED_AT_MOST = 10


def report_hidden(gathered: ReadContext, views: Sequence[SheetView]) -> None:
    """Report each hidden sheet with filled facts, and the hidden rows or columns of a sheet."""
    for view in views:
        grid = view.grid
        if not (grid.hidden or grid.hidden_rows or grid.hidden_columns):
            continue
        places = [fact.place for fact in gathered.facts if fact.filled and fact.place and fact.place.sheet == view.name]
        if not places:
            continue
        if grid.hidden:
            gathered.report("LAY-08", place=places[0], actual=view.name)
            continue
        rows = sorted({place.row for place in places} & grid.hidden_rows)
        columns = sorted({place.column for place in places} & grid.hidden_columns)
        parts = []
        if rows:
            parts.append(f"第 {_named([str(row + 1) for row in rows])} 行")
        if columns:
            parts.append(f"第 {_named([column_letters(column) for column in columns])} 列")
        if parts:
            place = next(
                place for place in places if place.row in grid.hidden_rows or place.column in grid.hidden_columns
            )
            actual = f"{view.name} {'、'.join(parts)}"
            gathered.report("LAY-08", place=place, actual=actual)


def _named(names: list[str]) -> str:
    shown = "、".join(names[:NAMED_AT_MOST])
    return shown if len(names) <= NAMED_AT_MOST else f"{shown} 等"


def unplaced_cells(gathered: ReadContext, views: Sequence[SheetView], grids: Sequence[Grid]) -> tuple[UnplacedCell, ...]:
    """Return everything filled that is neither printed nor read, comments and what came back so, with one finding that counts it."""
    extras = []
    for view in views:
        mark_checks(view)
        _pass_over_repeated(view, grids)
        for spot in sorted(view.cells.keys() - view.used):
            value = view.cells[spot]
            if not is_printed(view, spot, gathered.index) and not (isinstance(value, str) and is_blank(value)):
                extras.append(UnplacedCell(view.place(spot), raw_text(value) or ""))
    for view in views:
        extras.extend(UnplacedCell(view.place(spot), f"批注：{text}") for spot, text in sorted(view.grid.comments.items()))
    extras.extend(carried_extras(grids))
    if shown := [view.name for view in views if view.grid.pictures]:
        gathered.report("LAY-09", sheets="”“".join(shown), count=sum(view.grid.pictures for view in views))
    if hidden := sum(view.grid.hidden_texts for view in views):
        gathered.report("LAY-10", count=hidden)
    if extras:
        gathered.report("LAY-04", place=extras[0].place, count=len(extras))
    return tuple(extras)


def _pass_over_repeated(each: SheetView, grids: Sequence[Grid]) -> None:
    """Where merges were undone, the entry of a cell that was read stands in the cells that it covered as well.

    A figure is such an entry only below a label that stood over both cells.
    """
    if any(each.grid is grid for grid in grids):
        return
    for (row, column), value in each.cells.items():
        left, above = (row, column - 1), (row - 1, column)
        words = isinstance(value, str)
        covered = each.grid.at(*left) == value and left in each.used and (words or _below_one_label(each, row, column))
        if covered or (words and each.grid.at(*above) == value and above in each.used):
            each.used.add((row, column))


def _below_one_label(each: SheetView, row: int, column: int) -> bool:
    """Whether the nearest words above a cell are a label's that stands over the cell to its left as well."""
    for above in range(row - 1, -1, -1):
        if isinstance(each.grid.at(above, column), str):
            return False
        if (above, column) in each.covered:
            return each.covered[above, column][1] < column
    return False
