"""The facts of a partition stacked into frames: whole numbers (millionths of the concept's unit) with the state of each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

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
    records = _records(submissions, plan)
    frames = tuple(
        _empty(frame, len(submissions), row_submission, institutions, records[f]) for f, frame in enumerate(plan.frames)
    )
    for s, submission in enumerate(submissions):
        _fill(submission, s, plan, frames, positions[s], int(start[s]), records)
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


def _records(submissions: Sequence[Submission], plan: Plan) -> list[dict[tuple[int, str], int]]:
    """For each frame, the row of every (filing, record number) of which something is filled."""
    rows: list[dict[tuple[int, str], int]] = [{} for _ in plan.frames]
    for s, submission in enumerate(submissions):
        for concept_id in submission.facts.filled_concepts.get(None, ()):
            slot = plan.slot(concept_id)
            if slot is not None and slot.record:
                rows[slot.frame].setdefault((s, slot.record), 0)
    return [{key: row for row, key in enumerate(sorted(each, key=lambda key: (key[0], int(key[1]))))} for each in rows]


def _empty(
    frame: FramePlan,
    filings: int,
    row_submission: npt.NDArray[np.intp],
    institutions: Sequence[str],
    records: dict[tuple[int, str], int],
) -> Frame:
    keys: Sequence[str]
    if frame.rows is Rows.INSTITUTION:
        owners, keys = row_submission, institutions
    elif frame.rows is Rows.RECORD:
        owners, keys = np.array([s for s, _ in records], dtype=np.intp), [n for _, n in records]
    else:
        owners, keys = np.repeat(np.arange(filings), len(frame.row_keys)), list(frame.row_keys) * filings
    size = (len(keys), len(frame.columns))
    texts: dict[int, list[str | None]] = {
        c: [None] * len(keys) for c, column in enumerate(frame.columns) if not column.concept.numeric
    }
    return Frame(frame, owners, keys, np.zeros(size, np.int64), np.full(size, ABSENT, np.uint8), texts)


def _fill(
    submission: Submission,
    s: int,
    plan: Plan,
    frames: tuple[Frame, ...],
    institutions: dict[str, int],
    start: int,
    records: list[dict[tuple[int, str], int]],
) -> None:
    """Set the cells of one filing; of facts with the same concept and institution the first counts."""
    read, blank = State.OK, State.BLANK
    for fact in submission.facts.rows:
        slot = plan.slot(fact.concept)
        if slot is None:
            continue
        frame = frames[slot.frame]
        if frame.plan.rows is Rows.INSTITUTION:
            place = institutions.get(fact.institution or SUMMARY)
            row = None if place is None else start + place
        elif slot.record:
            row = records[slot.frame].get((s, slot.record))
        else:
            row = s * len(frame.plan.row_keys) + slot.row
        if row is None or frame.state[row, slot.column] != ABSENT:
            continue
        state = BLANK if fact.state is blank else UNREADABLE
        if fact.state is read and slot.column in frame.text:
            state, frame.text[slot.column][row] = OK, fact.text
        elif fact.state is read and fact.value is not None:
            state = TOO_LARGE if abs(fact.value) >= LARGEST else OK
            if state == OK:
                frame.number[row, slot.column] = int(fact.value * ONE)
        frame.state[row, slot.column] = state


def _viewed(
    frame: Frame, stands: npt.NDArray[np.bool_], positions: list[dict[str, int]], start: npt.NDArray[np.intp]
) -> tuple[Numbers, States]:
    number, state = frame.number.copy(), frame.state.copy()
    for s in np.flatnonzero(stands):
        summary, headquarters = start[s], start[s] + positions[s][HEADQUARTERS]
        number[summary], state[summary] = number[headquarters], state[headquarters]
    return number, state
