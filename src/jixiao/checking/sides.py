"""Both sides of an equation over every row at which it is asked, as arrays."""

from __future__ import annotations

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


def sides(equation: Equation, stacked: Stacked, pack: Pack) -> Sides:
    """Both sides of an equation at every row of its scope."""
    if equation.scope == SCOPE_AGGREGATE:
        return _aggregate(equation, stacked)
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


def _aggregate(equation: Equation, stacked: Stacked) -> Sides:
    """The summary row against the sum of all other rows of its column."""
    slot = stacked.plan.slot(equation.total.concept)
    if slot is None:
        raise KeyError(equation.total.concept)
    frame = stacked.frames[slot.frame]
    starts = stacked.institution_start[:-1]
    number, state = frame.number[:, slot.column], frame.state[:, slot.column]
    units = np.ones(len(number), np.bool_)
    units[starts] = False
    ok = (state == OK) & units
    return Sides(
        np.arange(stacked.filings), starts, Cells(number[starts], state[starts]),
        parts_sum=np.add.reduceat(np.where(ok, number, 0), starts),
        filled=np.add.reduceat(ok.astype(np.int64), starts),
        unread=np.logical_or.reduceat(_unread(state) & units, starts),
        absent=np.zeros(stacked.filings, np.bool_),
        asked=np.ones(stacked.filings, np.bool_),
        stands_in=stacked.stands[frame.plan.block],
        alone=~institutions_filled(stacked),
    )  # fmt: skip


def institutions_filled(stacked: Stacked) -> Flags:
    """For each filing, whether anything is filled in a row of the money tables other than the summary's."""
    filled = np.zeros(len(stacked.institutions), np.bool_)
    for frame in stacked.frames:
        if frame.plan.rows is Rows.INSTITUTION:
            filled |= ((frame.state != ABSENT) & (frame.state != BLANK)).any(axis=1)
    filled[stacked.institution_start[:-1]] = False
    return np.logical_or.reduceat(filled, stacked.institution_start[:-1])
