"""The balances of a partition as one long frame of residuals, a row for each filing, institution and equation asked."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa

from jixiao.checking.frames import ABSENT, BLANK, OK, ONE, Stacked
from jixiao.checking.schemas import Column, rule_check
from jixiao.checking.sides import sides
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


def residuals(stacked: Stacked, pack: Pack) -> pd.DataFrame:
    """The long frame; its index is (filing, row of the institution or -1, position of the equation in the pack)."""
    pieces = [_asked(equation, n, stacked, pack) for n, equation in enumerate(pack.equations)]
    submission, institution, equation, residual, slack, verdict = (
        np.concatenate(each) for each in zip(*pieces, strict=True)
    )
    undecided = verdict >= Verdict.UNREADABLE
    excess = np.where(verdict == Verdict.BLANK_TOTAL, np.abs(residual), np.abs(residual) - slack)
    return pd.DataFrame(
        {
            "residual": pd.arrays.IntegerArray(residual, undecided),
            "slack": pd.arrays.IntegerArray(slack, np.zeros_like(undecided)),
            "excess": pd.arrays.IntegerArray(excess, undecided.copy()),
            "state": verdict.astype(np.int8),
        },
        index=pd.MultiIndex.from_arrays(
            [submission, institution, equation], names=["submission", "institution", "equation"]
        ),
    )


def _asked(equation: Equation, n: int, stacked: Stacked, pack: Pack) -> tuple[npt.NDArray[np.int64], ...]:
    """Filing, institution row, equation, residual, slack and verdict of every row at which the equation is asked."""
    two = sides(equation, stacked, pack)
    total_ok = two.total.state == OK
    total_filled = (two.total.state != ABSENT) & (two.total.state != BLANK)
    any_part = (two.filled > 0) | two.unread
    residual = np.where(total_ok, two.total.number, 0) - two.parts_sum
    if equation.relation == "at_least":
        residual = np.minimum(residual, 0)
    slack = (two.filled + total_ok) * (HALF if equation.rounding else 0)
    verdict = np.full(len(residual), int(Verdict.BROKEN))
    verdict[~total_ok] = Verdict.BLANK_TOTAL
    verdict[total_ok & (np.abs(residual) <= slack)] = Verdict.ROUNDED
    verdict[two.absent | (two.total.state == ABSENT)] = Verdict.NOT_ON_FORM
    verdict[residual == 0] = Verdict.HOLDS
    verdict[two.unread | (total_filled & ~total_ok)] = Verdict.UNREADABLE
    verdict[two.alone] = Verdict.NO_INSTITUTIONS
    verdict[two.stands_in] = Verdict.STOOD_IN
    kept = two.asked & ((total_filled & any_part) if equation.both_filled else (total_filled | any_part))
    columns = (two.submission, two.institution, np.full(len(kept), n), residual, slack, verdict)
    return tuple(column[kept].astype(np.int64) for column in columns)


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


def records(table: pd.DataFrame, stacked: Stacked, pack: Pack, rows: npt.NDArray[np.intp]) -> list[Residual]:
    """These rows of the frame as records."""
    submission, institution, equation = (table.index.get_level_values(level).to_numpy()[rows] for level in range(3))
    verdicts = table["state"].to_numpy()[rows]
    return [
        Residual(int(s), None if i < 0 else stacked.institutions[int(i)], pack.equations[int(e)], Verdict(int(v)))
        for s, i, e, v in zip(submission, institution, equation, verdicts, strict=True)
    ]
