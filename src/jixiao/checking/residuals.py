"""The balances of a partition as one long frame of residuals, a row for each filing, institution and equation asked."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa

from jixiao.checking.frames import ABSENT, BLANK, OK, ONE, Numbers, Stacked
from jixiao.checking.schemas import Column, rule_check
from jixiao.checking.sides import Positions, Sides, sides_of
from jixiao.pack import Pack
from jixiao.pack.equations import HALF_UNIT, Equation

HALF = int(HALF_UNIT * ONE)
BALANCE, BEYOND_ROUNDING, SLACK = "balance", "balance beyond rounding", "slack"


class Verdict(IntEnum):
    """How an equation that was asked came out; from UNREADABLE on it could not be decided."""

    HOLDS = 0
    ROUNDED = 1
    BROKEN = 2
    BLANK_TOTAL = 3
    UNREADABLE = 4
    NOT_ON_FORM = 5
    NO_INSTITUTIONS = 6
    STOOD_IN = 7


_VERDICTS = tuple(Verdict)


class Residual(NamedTuple):
    """One equation asked at one institution of one filing (by its position), and how it came out."""

    submission: int
    institution: str | None
    equation: Equation
    verdict: Verdict


def _differs(column: Column) -> npt.NDArray[np.bool_]:
    return np.asarray(column.to_numpy(np.int64, na_value=0) != 0)


def _exceeds(column: Column) -> npt.NDArray[np.bool_]:
    return np.asarray(column.to_numpy(np.int64, na_value=0) > 0)


def _negative(column: Column) -> npt.NDArray[np.bool_]:
    return np.asarray(column.to_numpy(np.int64) < 0)


SCHEMA = pa.DataFrameSchema(
    {
        "residual": pa.Column("Int64", nullable=True),
        "slack": pa.Column("Int64"),
        "excess": pa.Column("Int64", nullable=True),
        "state": pa.Column("int8"),
    },
    checks=[
        rule_check(BALANCE, "residual", _differs),
        rule_check(SLACK, "slack", _negative),
        rule_check(BEYOND_ROUNDING, "excess", _exceeds),
    ],
    strict=True,
)
"""Total less parts; what rounding can explain of it; how far it goes beyond that (all of it where the total is blank).

Residual and excess are missing where the equation could not be decided; `state` is the `Verdict`."""


class Asked(NamedTuple):
    """Every balance asked: the long frame, and for each of its rows the filing, the institution's row or -1, the equation's
    position in the pack and the `Verdict`.
    """

    frame: pd.DataFrame
    submission: Positions
    institution: Positions
    equation: Positions
    verdict: Positions


def residuals(stacked: Stacked, pack: Pack) -> Asked:
    """All balances of the pack at every row at which they are asked."""
    each = sides_of(pack.equations, stacked, pack)
    equation = np.repeat(np.arange(len(each)), [len(two.submission) for two in each])
    number, state = (np.concatenate(part) for part in zip(*((two.total.number, two.total.state) for two in each), strict=True))
    joined = Sides(*map(np.concatenate, zip(*(two._replace(total=two.total.number) for two in each), strict=True)))  # type: ignore[arg-type]
    total_ok = state == OK
    total_filled = (state != ABSENT) & (state != BLANK)
    any_part = (joined.filled > 0) | joined.unread
    at_least, rounding, both_filled = (
        np.array(flags)[equation]
        for flags in zip(*((one.relation == "at_least", one.rounding, one.both_filled) for one in pack.equations), strict=True)
    )
    residual = np.where(total_ok, number, 0) - joined.parts_sum
    residual[at_least] = np.minimum(residual[at_least], 0)
    slack = np.where(rounding, (joined.filled + total_ok) * HALF, 0)
    verdict = np.full(len(residual), int(Verdict.BROKEN))
    verdict[~total_ok] = Verdict.BLANK_TOTAL
    verdict[total_ok & (np.abs(residual) <= slack)] = Verdict.ROUNDED
    verdict[joined.absent | (state == ABSENT)] = Verdict.NOT_ON_FORM
    verdict[residual == 0] = Verdict.HOLDS
    verdict[joined.unread | (total_filled & ~total_ok)] = Verdict.UNREADABLE
    verdict[joined.alone] = Verdict.NO_INSTITUTIONS
    verdict[joined.stands_in] = Verdict.STOOD_IN
    kept = joined.asked & np.where(both_filled, total_filled & any_part, total_filled | any_part)
    columns = (joined.submission, joined.institution, equation, verdict)
    return Asked(_frame(residual[kept], slack[kept], verdict[kept]), *(column[kept] for column in columns))


def _frame(residual: Numbers, slack: Numbers, verdict: Positions) -> pd.DataFrame:
    undecided = verdict >= Verdict.UNREADABLE
    excess = np.where(verdict == Verdict.BLANK_TOTAL, np.abs(residual), np.abs(residual) - slack)
    return pd.DataFrame(
        {
            "residual": pd.arrays.IntegerArray(residual, undecided),
            "slack": pd.arrays.IntegerArray(slack, np.zeros_like(undecided)),
            "excess": pd.arrays.IntegerArray(excess, undecided.copy()),
            "state": verdict.astype(np.int8),
        },
        copy=False,
    )


def failing(table: pd.DataFrame) -> npt.NDArray[np.intp]:
    """The positions of the rows that do not balance exactly, found by one lazy pandera pass."""
    try:
        SCHEMA.validate(table, lazy=True)
    except pa.errors.SchemaErrors as failed:
        names = {getattr(error.check, "name", None) for error in failed.schema_errors}
        if not names <= {BALANCE, BEYOND_ROUNDING}:
            raise TypeError(f"residuals do not fit their schema: {names}") from failed
        return np.flatnonzero(_differs(table["residual"]))
    return np.empty(0, np.intp)


def records(asked: Asked, stacked: Stacked, pack: Pack, rows: Positions) -> list[Residual]:
    """These rows of the frame as records."""
    where = (each[rows].tolist() for each in (asked.submission, asked.institution, asked.equation, asked.verdict))
    return [
        Residual(s, None if i < 0 else stacked.institutions[i], pack.equations[e], _VERDICTS[v])
        for s, i, e, v in zip(*where, strict=True)
    ]
