"""Where the cells of a filing go in the frames of a partition: worked out once for all filings that have the same cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from jixiao.checking.plan import Plan, Rows, Slot
from jixiao.model.arrangement import Arrangement, Pick, picking
from jixiao.model.fact import SUMMARY

Positions = npt.NDArray[np.intp]

_FIXED = ""
"""The name of rows that every filing has, which stand where they stand."""

Row = tuple[int, str]
"""A row that only some filings have, or have elsewhere: its frame, and the institution or number of the record."""


class CellLayout(NamedTuple):
    """Where the cells of an arrangement go: first those with numbers, then those with texts, each from the last of the form.

    For each cell `frame`, `within` (its place in the frame, had the filing one row there) and `row`, one of `rows`: row 0
    stands for all that are fixed. `records` are, by frame, the numbers that a filing may have a row for, ascending, with
    the concepts of which one must be filled.
    """

    numbers: Pick
    texts: Pick
    frame: Positions
    within: Positions
    width: Positions
    row: Positions
    rows: tuple[Row, ...]
    records: Mapping[int, tuple[tuple[str, frozenset[str]], ...]]

    def cells(self, first_rows: Positions, bases: Positions, places: Mapping[int, Mapping[str, int]]) -> Positions:
        """The cells in all frames one behind the other; -1 for those of rows that the filing has not.

        `first_rows` is for each frame the first row of the filing, `bases` its first cell, and `places` for the frames of
        institutions and of records where among the filing's rows each stands.
        """
        of_rows = np.array([0, *(places[frame].get(name, -1) for frame, name in self.rows[1:])], np.intp)[self.row]
        cells = bases[self.frame] + self.within + (first_rows[self.frame] + of_rows) * self.width
        return np.where(of_rows < 0, -1, cells) if (of_rows < 0).any() else cells


def layout_of(arrangement: Arrangement, plan: Plan) -> CellLayout:
    """The layout of an arrangement under a plan."""
    kept: tuple[Plan, CellLayout] | None = arrangement.kept.get(__name__)
    if kept is None or kept[0] is not plan:
        kept = arrangement.kept[__name__] = (plan, _made(arrangement, plan))
    return kept[1]


def _made(arrangement: Arrangement, plan: Plan) -> CellLayout:
    rows: dict[Row, int] = {(-1, _FIXED): 0}
    numbers: list[tuple[int, Slot, int]] = []
    texts: list[tuple[int, Slot, int]] = []
    records: dict[int, dict[str, set[str]]] = {f: {} for f, each in enumerate(plan.frames) if each.rows is Rows.RECORD}
    for at in reversed(range(len(arrangement.concepts))):
        concept, institution = arrangement.concepts[at], arrangement.institutions[at]
        slot = plan.slots[concept]
        if slot is None:
            continue
        frame, row = plan.frames[slot.frame], 0
        if frame.rows is Rows.INSTITUTION:
            row = rows.setdefault((slot.frame, institution or SUMMARY), len(rows))
        elif slot.record:
            row = rows.setdefault((slot.frame, slot.record), len(rows))
            if institution is None:
                records[slot.frame].setdefault(slot.record, set()).add(concept)
        (numbers if frame.columns[slot.column].concept.numeric else texts).append((at, slot, row))
    both = [*numbers, *texts]
    widths = [len(plan.frames[slot.frame].columns) for _, slot, _ in both]
    within = [slot.row * width + slot.column for (_, slot, _), width in zip(both, widths, strict=True)]
    return CellLayout(
        numbers=picking([at for at, _, _ in numbers]),
        texts=picking([at for at, _, _ in texts]),
        frame=np.array([slot.frame for _, slot, _ in both], np.intp),
        within=np.array(within, np.intp),
        width=np.array(widths, np.intp),
        row=np.array([row for _, _, row in both], np.intp),
        rows=tuple(rows),
        records={
            f: tuple((n, frozenset(told[n])) for n in sorted(told, key=lambda n: (int(n), n)))
            for f, told in records.items()
        },
    )
