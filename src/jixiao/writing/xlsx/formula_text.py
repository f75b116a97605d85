"""Formulas as text: addresses, sums, conditions; only what Excel 2010, WPS and LibreOffice share."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.model.place import Place

NOTHING = '""'
GUARD_PLACES = 8
"""Places to which sums and differences of marks are rounded, so that binary noise never shows."""


def on_sheet(sheet: str, address: str) -> str:
    """Return an address with the name of its sheet, e.g. '自评报告'!C5."""
    return "'" + sheet.replace("'", "''") + f"'!{address}"


def reference(place: Place, sheet: str = "") -> str:
    """Return the address of a cell as a formula on `sheet` cites it, e.g. C5 or '自评报告'!C5."""
    return place.cell if place.sheet == sheet else on_sheet(place.sheet, place.cell)


def range_address(first: Place, last: Place) -> str:
    """Return the address of the cells from one to another of its sheet, e.g. C5:D7; of one cell its own."""
    return first.cell if first[1:] == last[1:] else f"{first.cell}:{last.cell}"


def sum_formula(places: Sequence[Place], sheet: str, empty: str = "") -> str:
    """Return the formula that adds cells up, runs of cells in a column as ranges; "" for none.

    With `empty` it gives that text where no cell holds a number.
    """
    if not places:
        return ""
    runs: list[list[Place]] = []
    for place in sorted(places):
        last = runs[-1][-1] if runs else None
        if last is not None and (last.sheet, last.column, last.row + 1) == (place.sheet, place.column, place.row):
            runs[-1].append(place)
        else:
            runs.append([place])
    cited = ",".join(
        reference(run[0], sheet) if len(run) == 1 else f"{reference(run[0], sheet)}:{run[-1].cell}" for run in runs
    )
    total = f"ROUND(SUM({cited}),{GUARD_PLACES})"
    return f"IF(COUNT({cited})=0,{quoted(empty)},{total})" if empty else total


def when(condition: str, then: str, otherwise: str) -> str:
    """Return a condition with two outcomes; without a condition the first of them."""
    return f"IF({condition},{then},{otherwise})" if condition else then


def all_of(conditions: Sequence[str], function: str = "AND") -> str:
    """Return the condition that all of some hold (with OR: any of them); "" for none."""
    return f"{function}({','.join(conditions)})" if len(conditions) > 1 else "".join(conditions)


def first_filled(cells: Sequence[str]) -> str:
    """Return the formula of the first of some cells that holds anything, else of the last."""
    picked = cells[-1]
    for cell in reversed(cells[:-1]):
        picked = f'IF({cell}<>"",{cell},{picked})'
    return picked


def quoted(word: str) -> str:
    """Return a text as a formula writes it."""
    return '"' + word.replace('"', '""') + '"'
