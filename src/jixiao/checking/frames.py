"""The facts of a partition stacked into frames: whole numbers (millionths of the concept's unit) with the state of each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt

from jixiao.checking.layout import CellLayout, layout_of
from jixiao.checking.plan import FramePlan, Plan, Rows, plan_of
from jixiao.model.fact import HEADQUARTERS, SUMMARY, Facts, State
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
_OK, _BLANK = State.OK, State.BLANK

ABSENT, BLANK, OK, UNREADABLE, TOO_LARGE = range(5)
"""States of a cell; `TOO_LARGE` is one that was read, yet is beyond what is summed."""

_UNREAD = (UNREADABLE, BLANK)
"""The state of a cell without a number or text, by whether it is blank."""

Numbers = npt.NDArray[np.int64]
States = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Frame:
    """One stacked frame: for each row its filing's position and its key, for each cell number and state.

    `text` are the texts of all frames by their cells, of which the frame's own begin at `first`.
    """

    plan: FramePlan
    submission: npt.NDArray[np.intp]
    keys: Sequence[str]
    number: Numbers
    state: States
    text: Mapping[int, str | None]
    first: int

    def texts(self, cells: npt.NDArray[np.intp]) -> list[str | None]:
        """The texts of these cells, by their positions row by row."""
        return [self.text[cell] for cell in (cells + self.first).tolist()]


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

    @cached_property
    def units_filled(self) -> npt.NDArray[np.bool_]:
        """For each filing, whether anything is filled in a row of the money tables other than the summary's."""
        filled = np.zeros(len(self.institutions), np.bool_)
        for frame in self.frames:
            if frame.plan.rows is Rows.INSTITUTION:
                filled |= ((frame.state != ABSENT) & (frame.state != BLANK)).any(axis=1)
        filled[self.institution_start[:-1]] = False
        return np.logical_or.reduceat(filled, self.institution_start[:-1])

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
    frames = _frames(submissions, plan, positions, row_submission, institutions)
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


def _frames(
    submissions: Sequence[Submission], plan: Plan, positions: Sequence[Mapping[str, int]],
    row_submission: npt.NDArray[np.intp], institutions: Sequence[str],
) -> tuple[Frame, ...]:  # fmt: skip
    """All frames: one array of cells is filled, of which each frame has its part."""
    layouts = [layout_of(submission.facts.arrangement, plan) for submission in submissions]
    records = [_records(layout, submission.facts) for layout, submission in zip(layouts, submissions, strict=True)]
    filings = np.arange(len(submissions))
    rows: list[tuple[npt.NDArray[np.intp], Sequence[str]]] = []
    for f, frame in enumerate(plan.frames):
        if frame.rows is Rows.INSTITUTION:
            rows.append((row_submission, institutions))
        elif frame.rows is Rows.RECORD:
            owners = np.repeat(filings, [len(each[f]) for each in records])
            rows.append((owners, [number for each in records for number in each[f]]))
        else:
            rows.append((np.repeat(filings, len(frame.row_keys)), list(frame.row_keys) * len(submissions)))
    sizes = [len(keys) * len(frame.columns) for frame, (_, keys) in zip(plan.frames, rows, strict=True)]
    firsts = np.cumsum([0, *sizes])
    # The row of each frame at which those of a filing begin.
    first_rows = np.stack([np.searchsorted(owners, filings) for owners, _ in rows], axis=1)
    money = [f for f, frame in enumerate(plan.frames) if frame.rows is Rows.INSTITUTION]
    filled = _Filled()
    for n, (submission, layout) in enumerate(zip(submissions, layouts, strict=True)):
        places: dict[int, Mapping[str, int]] = {**records[n], **dict.fromkeys(money, positions[n])}
        filled.add(submission.facts, layout, layout.cells(first_rows[n], firsts, places))
    number, state = filled.arrays(int(firsts[-1]))
    frames = []
    for frame, (owners, keys), first, size in zip(plan.frames, rows, firsts[:-1].tolist(), sizes, strict=True):
        part, shape = slice(first, first + size), (len(keys), len(frame.columns))
        numbers, states = number[part].reshape(shape), state[part].reshape(shape)
        frames.append(Frame(frame, owners, keys, numbers, states, filled.texts, first))
    return tuple(frames)


def _records(layout: CellLayout, facts: Facts) -> dict[int, dict[str, int]]:
    """For each frame of records those of a filing of which something is filled, by their numbers, each with its place."""
    filled = facts.filled_concepts.get(None, frozenset())
    found = {}
    for frame, numbers in layout.records.items():
        told = [number for number, concepts in numbers if not filled.isdisjoint(concepts)]
        found[frame] = {number: place for place, number in enumerate(told)}
    return found


class _Filled:
    """The cells of a partition's filings, gathered one filing after the other."""

    def __init__(self) -> None:
        self.texts: dict[int, str | None] = {}
        self._cells: list[npt.NDArray[np.intp]] = []
        self._of_numbers: list[npt.NDArray[np.intp]] = []
        self._states: list[int] = []
        self._numbers: list[int] = []

    def add(self, facts: Facts, layout: CellLayout, cells: npt.NDArray[np.intp]) -> None:
        """Add what stands in the cells of one filing, in the order of its layout."""
        of_numbers, of_texts = layout.numbers(facts.rows), layout.texts(facts.rows)
        numbers = [0 if fact.value is None else int(fact.value * _ONE) for fact in of_numbers]
        states = [OK if fact.value is not None else _UNREAD[fact.state is _BLANK] for fact in of_numbers]
        states += [OK if fact.state is _OK else _UNREAD[fact.state is _BLANK] for fact in of_texts]
        if max(map(abs, numbers), default=0) >= MOST:
            for n, number in enumerate(numbers):
                if abs(number) >= MOST:
                    numbers[n], states[n] = 0, TOO_LARGE
        self._cells.append(cells)
        self._of_numbers.append(cells[: len(numbers)])
        self._numbers += numbers
        self._states += states
        self.texts.update(zip(cells[len(numbers) :].tolist(), [fact.text for fact in of_texts], strict=True))

    def arrays(self, size: int) -> tuple[Numbers, States]:
        """Numbers and states of so many cells; of cells added twice the later count."""
        # One more takes what is of no row.
        number, state = np.zeros(size + 1, np.int64), np.full(size + 1, ABSENT, np.uint8)
        number[np.concatenate(self._of_numbers)] = np.array(self._numbers, np.int64)
        state[np.concatenate(self._cells)] = np.array(self._states, np.uint8)
        return number[:size], state[:size]


def _viewed(
    frame: Frame, stands: npt.NDArray[np.bool_], positions: list[dict[str, int]], start: npt.NDArray[np.intp]
) -> tuple[Numbers, States]:
    number, state = frame.number.copy(), frame.state.copy()
    for s in np.flatnonzero(stands):
        summary, headquarters = start[s], start[s] + positions[s][HEADQUARTERS]
        number[summary], state[summary] = number[headquarters], state[headquarters]
    return number, state
