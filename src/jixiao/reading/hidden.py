"""Sheets, rows and columns that are hidden and hold what was read."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.model.place import column_letters
from jixiao.reading.context import ReadContext
from jixiao.reading.locate.sheet_view import SheetView

NAMED_AT_MOST = 10


def tell_hidden(gathered: ReadContext, views: Sequence[SheetView]) -> None:
    """One finding for each hidden sheet with filled facts, and one for the hidden rows or columns of a sheet."""
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
