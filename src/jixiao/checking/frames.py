"""The facts of a partition stacked into frames: whole numbers (millionths of the concept's unit) with the state of each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from jixiao.checking.plan import FramePlan, Plan, Rows, plan_of
from jixiao.model.fact import HEADQUARTERS, SUMMARY, State
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.lookup import headquarters_stands

ONE = 1_000_000
"""A whole unit in the numbers of a frame: an amount of 万元 is kept to the 分."""

LARGEST = Decimal(10) ** 11
"""Sums of numbers below it stay far within 64 bits; no amount of a form in 万元 comes near it."""

MOST = int(LARGEST * ONE)
"""The same in the numbers of a frame."""

_ONE = Decimal(ONE)

ABSENT, BLANK, OK, UNREADABLE, TOO_LARGE = range(5)
"""States of a cell; `TOO_LARGE` is one that was read, yet is beyond what is summed."""

Numbers = npt.NDArray[np.int64]
States = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Frame:
    """One stacked frame: for each row its filing's position and its key, for each cell number and state."""

    plan: FramePlan
    submission: npt.NDArray[np.intp]
    keys: Sequence[str]
    number: Numbers
    state: States
    text: dict[int, list[str | None]]

    def texts(self, cells: npt.NDArray[np.intp]) -> list[str | None]:
        """The texts of these cells, by their positions row by row."""
        width = len(self.plan.columns)
        return [self.text[cell % width][cell // width] for cell in cells.tolist()]


@dataclass(frozen=True)
class Stacked:
    """All frames of a partition. `stands` says, by money table and filing, where headquarters stand for the summary row."""

    plan: Plan
    frames: tuple[Frame, ...]
    filings: int
    institution_start: npt.NDArray[np.intp]
    row_submission: npt.NDArray[np.intp]
    institutions: Sequence[str]
    stands: dict[str, npt.NDArray[np.bool_]]
    views: dict[int, tuple[Numbers, States]]

    def view(self, frame: int) -> tuple[Numbers, States]:
        """Numbers and states of a frame with headquarters' numbers in the summary rows for which they stand."""
        return self.views.get(frame, (self.frames[frame].number, self.frames[frame].state))


def stack(submissions: Sequence[Submission], pack: Pack) -> Stacked:
    """The frames of these submissions."""
    plan = plan_of(pack)
    positions = [_institutions(submission) for submission in submissions]
    start = np.cumsum([0, *(len(each) for each in positions)])
    institutions = [key for each in positions for key in each]
    row_submission = np.repeat(np.arange(len(submissions)), [len(each) for each in positions])
    filled = _Filling(plan)
    for n, submission in enumerate(submissions):
        filled.add(submission, n, positions[n], int(start[n]))
    frames = tuple(
        _frame(f, frame, len(submissions), row_submission, institutions, filled) for f, frame in enumerate(plan.frames)
    )
    stands = {
        table.id: np.fromiter(
            (headquarters_stands(pack, each.facts, table.id) for each in submissions), np.bool_, len(submissions)
        )
        for table in pack.money_tables
    }
    views = {}
    for f, frame in enumerate(frames):
        if frame.plan.rows is Rows.INSTITUTION and stands[frame.plan.block].any():
            views[f] = _viewed(frame, stands[frame.plan.block], positions, start)
    return Stacked(plan, frames, len(submissions), start, row_submission, institutions, stands, views)


def _institutions(submission: Submission) -> dict[str, int]:
    """The institutions of a filing, the summary first, each with its place among them."""
    seen = [key for key in submission.facts.filled_concepts if key is not None]
    return {
        key: n for n, key in enumerate(dict.fromkeys((SUMMARY, *(each.key for each in submission.institutions), *seen)))
    }


class _Cells(NamedTuple):
    """Cells of one frame as they are found: rows, columns, numbers and states, and the texts among them."""

    rows: list[int]
    columns: list[int]
    numbers: list[int]
    states: list[int]
    texts: list[tuple[int, int, str | None]]


class _Filling:
    """The cells of a partition's filings, gathered one filing after the other; `records` are the rows of records."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.texts = [{c for c, each in enumerate(frame.columns) if not each.concept.numeric} for frame in plan.frames]
        self.cells = [_Cells([], [], [], [], []) for _ in plan.frames]
        self.records: list[list[tuple[int, str]]] = [[] for _ in plan.frames]

    def add(self, submission: Submission, s: int, institutions: dict[str, int], start: int) -> None:
        """Add the cells of one filing; of facts with the same concept and institution the first counts."""
        frames, slots, blank, read = self.plan.frames, self.plan.slots, State.BLANK, State.OK
        of_records = self._records(submission, s)
        # What is added later is what stays: the first of a pair comes last.
        for fact in reversed(submission.facts.rows):
            slot = slots[fact.concept]
            if slot is None:
                continue
            f, column, row, record = slot
            plan = frames[f]
            if plan.rows is Rows.INSTITUTION:
                place = institutions.get(fact.institution or SUMMARY)
                if place is None:
                    continue
                row = start + place
            elif record:
                place = of_records[f].get(record)
                if place is None:
                    continue
                row = place
            else:
                row += s * len(plan.row_keys)
            cells, number = self.cells[f], 0
            state = BLANK if fact.state is blank else UNREADABLE
            if fact.state is read:
                if column in self.texts[f]:
                    state = OK
                    cells.texts.append((row, column, fact.text))
                elif fact.value is not None:
                    number = int(fact.value * _ONE)
                    if -MOST < number < MOST:
                        state = OK
                    else:
                        state, number = TOO_LARGE, 0
            cells.rows.append(row)
            cells.columns.append(column)
            cells.numbers.append(number)
            cells.states.append(state)

    def _records(self, submission: Submission, s: int) -> dict[int, dict[str, int]]:
        """For each frame of records the rows of a filing's records of which something is filled, by their numbers."""
        numbers: dict[int, set[str]] = {f: set() for f, frame in enumerate(self.plan.frames) if frame.rows is Rows.RECORD}
        if numbers:
            for concept in submission.facts.filled_concepts.get(None, ()):
                slot = self.plan.slots[concept]
                if slot is not None and slot.record:
                    numbers[slot.frame].add(slot.record)
        found = {}
        for f, told in numbers.items():
            rows, ascending = self.records[f], sorted(told, key=lambda each: (int(each), each))
            found[f] = {number: len(rows) + n for n, number in enumerate(ascending)}
            rows += [(s, number) for number in ascending]
        return found


def _frame(
    f: int,
    frame: FramePlan,
    filings: int,
    row_submission: npt.NDArray[np.intp],
    institutions: Sequence[str],
    filled: _Filling,
) -> Frame:
    keys: Sequence[str]
    if frame.rows is Rows.INSTITUTION:
        owners, keys = row_submission, institutions
    elif frame.rows is Rows.RECORD:
        records = filled.records[f]
        owners, keys = np.array([s for s, _ in records], dtype=np.intp), [n for _, n in records]
    else:
        owners, keys = np.repeat(np.arange(filings), len(frame.row_keys)), list(frame.row_keys) * filings
    size, cells = (len(keys), len(frame.columns)), filled.cells[f]
    number, state = np.zeros(size, np.int64), np.full(size, ABSENT, np.uint8)
    number[cells.rows, cells.columns] = cells.numbers
    state[cells.rows, cells.columns] = cells.states
    texts: dict[int, list[str | None]] = {
        c: [None] * len(keys) for c, column in enumerate(frame.columns) if not column.concept.numeric
    }
    for row, column, text in cells.texts:
        texts[column][row] = text
    return Frame(frame, owners, keys, number, state, texts)


def _viewed(
    frame: Frame, stands: npt.NDArray[np.bool_], positions: list[dict[str, int]], start: npt.NDArray[np.intp]
) -> tuple[Numbers, States]:
    number, state = frame.number.copy(), frame.state.copy()
    for s in np.flatnonzero(stands):
        summary, headquarters = start[s], start[s] + positions[s][HEADQUARTERS]
        number[summary], state[summary] = number[headquarters], state[headquarters]
    return number, state
