"""Rules over single cells (required, sign, whole numbers, choices), asked of whole frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from jixiao.checking.frames import ABSENT, BLANK, OK, TOO_LARGE, UNREADABLE, Frame, Stacked
from jixiao.checking.plan import Rows
from jixiao.checking.schemas import Contents, RuleCheck, schema_of
from jixiao.checking.score_sheet import excused
from jixiao.checking.tally import Tally
from jixiao.checking.words import NOT_FILLED, NOTHING_FILLED, joined, shown, unreadable, where
from jixiao.model.fact import HEADQUARTERS
from jixiao.model.submission import Submission
from jixiao.pack import Pack

Counts = npt.NDArray[np.int64]
Positions = npt.NDArray[np.intp]


class _Asked(NamedTuple):
    """A check of one frame, and the cells that it is asked of: their positions in the frame, row by row, and contents."""

    frame: int
    check: RuleCheck
    cells: Positions
    contents: Contents

    @property
    def looks(self) -> bool:
        """Whether it has anything to look at: a number, or a flag that is set."""
        return bool(self.contents.any()) if self.check.flags else len(self.cells) > 0


def check_cells(submissions: Sequence[Submission], stacked: Stacked, pack: Pack, tallies: Sequence[Tally]) -> None:
    """Tell each tally what the rules over single cells answered."""

    @cache
    def excuses(s: int) -> frozenset[str]:
        return excused(submissions[s].facts, pack)

    schema = schema_of(pack)
    codes = {check.code for frame in schema.frames for check in frame}
    for tally in tallies:
        tally.none_asked(codes, NOTHING_FILLED)
    asked = [
        _asked(f, check, stacked, excuses)
        for f, checks in enumerate(schema.frames)
        for check in checks
        if len(stacked.frames[f].keys)
    ]
    # A rule for which nothing is filled, or nothing missing, has nothing to look at.
    columns: dict[str, list[Contents]] = {}
    for each in asked:
        if each.looks:
            columns.setdefault(each.check.name, []).append(each.contents)
    breached = schema.failures({name: np.concatenate(parts) for name, parts in columns.items()})
    seen = dict.fromkeys(columns, 0)
    passed: dict[str, Counts] = {}
    for each in asked:
        check, frame = each.check, stacked.frames[each.frame]
        failed = np.empty(0, np.intp)
        if each.looks and each.check.name in breached:
            first = seen[check.name]
            seen[check.name] = last = first + len(each.cells)
            found = breached[check.name]
            failed = each.cells[found[np.searchsorted(found, first) : np.searchsorted(found, last)] - first]
        for cell in failed.tolist():
            _report(check, frame, *divmod(cell, len(frame.plan.columns)), submissions, pack, tallies)
        times = passed.setdefault(check.code, np.zeros(len(tallies), np.int64))
        times += _passed(each, failed, frame, stacked)
        if not check.blanks:
            _undecided(check, frame, submissions, pack, tallies)
    for code, times in passed.items():
        for tally, count in zip(tallies, times.tolist(), strict=True):
            if count:
                tally.passed(code, count)


def _asked(f: int, check: RuleCheck, stacked: Stacked, excuses: Callable[[int], frozenset[str]]) -> _Asked:
    """The cells of a frame that a check looks at: those that were read, or all of which it asks whether they are blank."""
    frame = stacked.frames[f]
    concerned = np.zeros(frame.state.shape, np.bool_)
    if check.blanks:
        missing = np.zeros(frame.state.shape, np.bool_)
        for c in check.columns:
            concerned[:, c] = True
            missing[:, c] = _missing(frame, f, c, stacked, excuses)
        cells = np.flatnonzero(concerned)
        return _Asked(f, check, cells, missing.ravel()[cells])
    columns = list(check.columns)
    concerned[:, columns] = frame.state[:, columns] == OK
    cells = np.flatnonzero(concerned)
    if check.choices:
        texts = frame.texts(cells)
        return _Asked(f, check, cells, np.fromiter((text not in check.choices for text in texts), np.bool_, len(texts)))
    return _Asked(f, check, cells, frame.number.ravel()[cells])


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


def _passed(asked: _Asked, failed: Positions, frame: Frame, stacked: Stacked) -> Counts:
    """How many cells of each filing a check found in order."""
    width = len(frame.plan.columns)
    if asked.check.blanks:
        there = frame.state != ABSENT
        if frame.plan.rows is Rows.INSTITUTION:
            only = np.zeros(len(frame.keys), np.bool_)
            only[_asked_rows(frame, asked.frame, stacked)] = True
            there &= only[:, np.newaxis]
        there.ravel()[failed] = False
        cells = asked.cells[there.ravel()[asked.cells]]
    else:
        cells = np.setdiff1d(asked.cells, failed, assume_unique=True) if len(failed) else asked.cells
    return np.bincount(frame.submission[cells // width], minlength=stacked.filings)


def _undecided(
    check: RuleCheck, frame: Frame, submissions: Sequence[Submission], pack: Pack, tallies: Sequence[Tally]
) -> None:
    """Tell of the cells that could not be asked."""
    columns = list(check.columns)
    state = frame.state[:, columns]
    for at, row in np.argwhere(((state == UNREADABLE) | (state == TOO_LARGE)).T):
        s, key = int(frame.submission[row]), frame.keys[int(row)]
        fact = submissions[s].facts.get(frame.plan.concept_id(columns[at], key), _institution(frame, key))
        tallies[s].undecided(check.code, unreadable(pack, [fact] if fact else []))


def _institution(frame: Frame, key: str) -> str | None:
    return key if frame.plan.rows is Rows.INSTITUTION else None

