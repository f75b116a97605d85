"""Both sides of an equation over every row at which it is asked, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from jixiao.checking.frames import ABSENT, BLANK, OK, TOO_LARGE, UNREADABLE, Numbers, Stacked, States
from jixiao.checking.plan import Rows, Slot
from jixiao.pack import Pack
from jixiao.pack.equations import Equation, Term
from jixiao.pack.resolve import SCOPE_AGGREGATE, SCOPE_INSTITUTION

Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]


class Cells(NamedTuple):
    """The cells of one term; of one that sums declared rows, `rows_filled` says how many of them hold a number."""

    number: Numbers
    state: States
    rows_filled: npt.NDArray[np.int64] | None = None


class Sides(NamedTuple):
    """For each row its filing and institution row (-1: none), the total's cell, and the parts summed.

    `filled` counts the parts with a number, `unread` says that one cannot be summed, `absent` that one has no cell.
    `asked` is False where the equation is told elsewhere, `stands_in` and `alone` where nothing can be compared.
    """

    submission: Positions
    institution: Positions
    total: Cells
    parts_sum: Numbers
    filled: npt.NDArray[np.int64]
    unread: Flags
    absent: Flags
    asked: Flags
    stands_in: Flags
    alone: Flags


def sides_of(equations: Sequence[Equation], stacked: Stacked, pack: Pack) -> list[Sides]:
    """Both sides of each equation at every row of its scope."""
    slots = (stacked.plan.slot(each.total.concept) for each in equations if each.scope == SCOPE_AGGREGATE)
    known = {frame: _aggregates(frame, stacked) for frame in {slot.frame for slot in slots if slot is not None}}
    return [_sides(equation, stacked, pack, known) for equation in equations]


def _sides(equation: Equation, stacked: Stacked, pack: Pack, known: Mapping[int, Aggregates]) -> Sides:
    if equation.scope == SCOPE_AGGREGATE:
        return _aggregate(equation, stacked, known)
    if equation.scope == SCOPE_INSTITUTION:
        submission, institution = stacked.row_submission, np.arange(len(stacked.institutions))
        total, parts = _column(equation.total, stacked), [_column(part, stacked) for part in equation.parts]
        asked = ~_told_at_headquarters(equation, stacked, pack)
    else:
        submission, institution = np.arange(stacked.filings), np.full(stacked.filings, -1)
        total, parts = _single(equation.total, stacked), [_single(part, stacked) for part in equation.parts]
        asked = np.ones(stacked.filings, np.bool_)
    states = np.stack([part.state for part in parts])
    ok = states == OK
    none = np.zeros(len(submission), np.bool_)
    counts = [ok[n].astype(np.int64) if part.rows_filled is None else part.rows_filled for n, part in enumerate(parts)]
    return Sides(
        submission, institution, total,
        parts_sum=np.where(ok, np.stack([part.number for part in parts]), 0).sum(axis=0),
        filled=np.sum(counts, axis=0),
        unread=np.any(_unread(states), axis=0),
        absent=(states == ABSENT).any(axis=0),
        asked=asked, stands_in=none, alone=none,
    )  # fmt: skip


def _unread(state: States) -> Flags:
    return np.asarray((state == UNREADABLE) | (state == TOO_LARGE), dtype=np.bool_)


def _column(term: Term, stacked: Stacked) -> Cells:
    slot = stacked.plan.slot(term.concept)
    if slot is None:
        raise KeyError(term.concept)
    number, state = stacked.view(slot.frame)
    return Cells(number[:, slot.column], state[:, slot.column])


def _single(term: Term, stacked: Stacked) -> Cells:
    """The cells of a term with one cell a filing; of a money concept, those of the summary rows."""
    slot = stacked.plan.slot(term.concept)
    if slot is None:
        raise KeyError(term.concept)
    plan = stacked.frames[slot.frame].plan
    if plan.rows is Rows.RECORD:
        return _declared(slot, stacked)
    if plan.rows is Rows.INSTITUTION:
        rows = stacked.institution_start[:-1]
    else:
        rows = np.arange(stacked.filings) * len(plan.row_keys) + slot.row
    cells = _column(term, stacked)
    return Cells(cells.number[rows], cells.state[rows])


def _declared(slot: Slot, stacked: Stacked) -> Cells:
    """For each filing the sum over the rows that it declared; blank where it declared none, unread where one is."""
    frame = stacked.frames[slot.frame]
    number, state = frame.number[:, slot.column], frame.state[:, slot.column]
    ok = state == OK
    total, count = np.zeros(stacked.filings, np.int64), np.zeros(stacked.filings, np.int64)
    np.add.at(total, frame.submission[ok], number[ok])
    np.add.at(count, frame.submission[ok], 1)
    told = np.where(count > 0, OK, BLANK).astype(np.uint8)
    told[frame.submission[_unread(state)]] = UNREADABLE
    return Cells(total, told, count)


def _told_at_headquarters(equation: Equation, stacked: Stacked, pack: Pack) -> Flags:
    """The summary rows for which headquarters stand in every table of the equation: asked once, at headquarters."""
    told = np.zeros(len(stacked.institutions), np.bool_)
    blocks = {pack.concepts[term.concept].block for term in (equation.total, *equation.parts)}
    everywhere = np.logical_and.reduce([stacked.stands[block] for block in blocks])
    told[stacked.institution_start[:-1][everywhere]] = True
    return told


class Aggregates(NamedTuple):
    """For each filing and column of a money table: its units summed, how many hold a number, and whether one cannot be read."""

    parts_sum: Numbers
    filled: npt.NDArray[np.int64]
    unread: Flags


def _aggregates(frame: int, stacked: Stacked) -> Aggregates:
    """The sums of all rows of a money table but the summary's."""
    number, state = stacked.frames[frame].number, stacked.frames[frame].state
    starts = stacked.institution_start[:-1]
    units = np.ones((len(number), 1), np.bool_)
    units[starts] = False
    ok = (state == OK) & units
    return Aggregates(
        np.add.reduceat(np.where(ok, number, 0), starts),
        np.add.reduceat(ok, starts, dtype=np.int64),
        np.logical_or.reduceat(_unread(state) & units, starts),
    )


def _aggregate(equation: Equation, stacked: Stacked, known: Mapping[int, Aggregates]) -> Sides:
    """The summary row against the sum of all other rows of its column."""
    slot = stacked.plan.slot(equation.total.concept)
    if slot is None:
        raise KeyError(equation.total.concept)
    frame, column = stacked.frames[slot.frame], slot.column
    starts = stacked.institution_start[:-1]
    units = known[slot.frame]
    return Sides(
        np.arange(stacked.filings), starts, Cells(frame.number[starts, column], frame.state[starts, column]),
        parts_sum=units.parts_sum[:, column], filled=units.filled[:, column], unread=units.unread[:, column],
        absent=np.zeros(stacked.filings, np.bool_),
        asked=np.ones(stacked.filings, np.bool_),
        stands_in=stacked.stands[frame.plan.block],
        alone=~stacked.units_filled,
    )  # fmt: skip
