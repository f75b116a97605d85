"""Rules over single cells (required, sign, whole numbers, choices), asked of whole frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from jixiao.checking.frames import ABSENT, BLANK, OK, TOO_LARGE, UNREADABLE, Frame, Stacked
from jixiao.checking.plan import Rows
from jixiao.checking.schemas import RuleCheck, schemas_of
from jixiao.checking.score_sheet import excused
from jixiao.checking.tally import Tally
from jixiao.checking.words import NOT_FILLED, NOTHING_FILLED, joined, shown, unreadable, where
from jixiao.model.fact import HEADQUARTERS
from jixiao.model.submission import Submission
from jixiao.pack import Pack

Counts = npt.NDArray[np.int64]


def check_cells(submissions: Sequence[Submission], stacked: Stacked, pack: Pack, tallies: Sequence[Tally]) -> None:
    """Tell each tally what the rules over single cells answered."""

    @cache
    def excuses(s: int) -> frozenset[str]:
        return excused(submissions[s].facts, pack)

    for code in {check.code for schema in schemas_of(pack) for check in schema.checks}:
        for tally in tallies:
            tally.not_asked(code, NOTHING_FILLED)
    for f, (frame, schema) in enumerate(zip(stacked.frames, schemas_of(pack), strict=True)):
        if not len(frame.keys):
            continue
        # A rule for which nothing is filled, or nothing missing, has nothing to look at.
        typed: dict[str, object] = {}
        for check in schema.checks:
            if check.blanks:
                missing = np.zeros(frame.state.shape, np.bool_)
                for c in check.columns:
                    missing[:, c] = _missing(frame, f, c, stacked, excuses)
                if missing.any():
                    typed[check.name] = missing.ravel()
            elif (cells := frame.read(check.columns)).any():
                typed[check.name] = frame.texts(cells) if check.choices else frame.numbers(cells)
        failures = {check.name: cells for check, cells in schema.failures(pd.DataFrame(typed, copy=False))}
        for check in schema.checks:
            failed = np.zeros(frame.state.shape, np.bool_)
            failed.ravel()[failures.get(check.name, np.empty(0, np.intp))] = True
            for row, c in np.argwhere(failed):
                _report(check, frame, int(row), int(c), submissions, pack, tallies)
            _count(check, frame, failed, stacked, f, submissions, pack, tallies)


def _missing(
    frame: Frame, f: int, c: int, stacked: Stacked, excuses: Callable[[int], frozenset[str]]
) -> npt.NDArray[np.bool_]:
    """Which cells of a demanded concept are blank; of institutions, the summary's or what stands for it."""
    if frame.plan.rows is not Rows.INSTITUTION:
        blank = frame.state[:, c] == BLANK
        for row in np.flatnonzero(blank):
            blank[row] = frame.plan.concept_id(c, frame.keys[int(row)]) not in excuses(int(frame.submission[row]))
        return np.asarray(blank)
    rows = _asked_rows(frame, f, stacked)
    blank = np.zeros(len(frame.keys), np.bool_)
    blank[rows] = (frame.state[rows, c] == BLANK) | _row_left_out(frame, rows, c, stacked)
    return blank


def _asked_rows(frame: Frame, f: int, stacked: Stacked) -> npt.NDArray[np.intp]:
    """The row of each filing at which a money concept is demanded."""
    rows = stacked.institution_start[:-1].copy()
    for s in np.flatnonzero(stacked.stands[frame.plan.block]):
        rows[s] += list(stacked.institutions[rows[s] : stacked.institution_start[s + 1]]).index(HEADQUARTERS)
    return rows


def _row_left_out(frame: Frame, rows: npt.NDArray[np.intp], c: int, stacked: Stacked) -> npt.NDArray[np.bool_]:
    """Whether the summary row is not there although the column is: then what it should hold is missing."""
    starts = stacked.institution_start
    column_there = np.maximum.reduceat(frame.state[:, c] != ABSENT, starts[:-1])
    return np.asarray((frame.state[rows] == ABSENT).all(axis=1) & column_there)


def _report(
    check: RuleCheck,
    frame: Frame,
    row: int,
    c: int,
    submissions: Sequence[Submission],
    pack: Pack,
    tallies: Sequence[Tally],
) -> None:
    s = int(frame.submission[row])
    key = frame.keys[row]
    institution = _institution(frame, key)
    concept_id = frame.plan.concept_id(c, key)
    fact = submissions[s].facts.get(concept_id, institution)
    place = fact.place if fact else None
    if any((each.rule, each.place) == (check.code, place) for each in submissions[s].findings if place):
        tallies[s].failed_elsewhere(check.code)
        return
    actual = (
        NOT_FILLED if check.blanks else (shown(fact.value) if fact and fact.value is not None else (fact and fact.text) or "")
    )
    tallies[s].failed(
        pack.rules.finding(
            check.code,
            place=place,
            concept=concept_id,
            institution=institution,
            actual=actual,
            expected=joined(check.choices) if check.choices else None,
            where=where(pack, concept_id, institution),
        )
    )


def _count(
    check: RuleCheck,
    frame: Frame,
    failed: npt.NDArray[np.bool_],
    stacked: Stacked,
    f: int,
    submissions: Sequence[Submission],
    pack: Pack,
    tallies: Sequence[Tally],
) -> None:
    """Count the cells of each filing that passed, and those that could not be asked."""
    columns = list(check.columns)
    state = frame.state[:, columns]
    if check.blanks:
        asked = state != ABSENT
        if frame.plan.rows is Rows.INSTITUTION:
            only = np.zeros(len(frame.keys), np.bool_)
            only[_asked_rows(frame, f, stacked)] = True
            asked &= only[:, np.newaxis]
    else:
        asked = state == OK
    passed = (asked & ~failed[:, columns]).sum(axis=1)
    for s, times in enumerate(_by_filing(passed, frame, len(tallies))):
        if times:
            tallies[s].passed(check.code, int(times))
    if check.blanks:
        return
    for at, row in np.argwhere(((state == UNREADABLE) | (state == TOO_LARGE)).T):
        s, key = int(frame.submission[row]), frame.keys[int(row)]
        fact = submissions[s].facts.get(frame.plan.concept_id(columns[at], key), _institution(frame, key))
        tallies[s].undecided(check.code, unreadable(pack, [fact] if fact else []))


def _institution(frame: Frame, key: str) -> str | None:
    return key if frame.plan.rows is Rows.INSTITUTION else None


def _by_filing(times: Counts, frame: Frame, filings: int) -> Counts:
    counts = np.zeros(filings, np.int64)
    np.add.at(counts, frame.submission, times)
    return counts
