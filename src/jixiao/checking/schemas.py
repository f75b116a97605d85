"""Typed pandera schemas of the frames, made from the layout once a pack; check names are rule codes.

A schema has a column for each rule that is asked of its table, with all cells of the table one behind the other, those
that the rule does not concern missing: pandera takes its time for each column, whatever its length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa

from jixiao.checking.frames import ONE
from jixiao.checking.plan import FramePlan, plan_of
from jixiao.pack import Pack
from jixiao.pack.concept import Concept, Demand, Kind

NEGATIVE, NOT_WHOLE, NOT_A_CHOICE = "PLA-01", "CEL-08", "CEL-09"
REQUIRED = {Demand.ERROR: "REQ-01", Demand.WARNING: "REQ-02"}

Column: TypeAlias = "pd.Series[Any]"
Breaches = Callable[[Column], npt.NDArray[np.bool_]]


class RuleCheck(NamedTuple):
    """A rule over some columns of a frame (by position): what the column `name` holds of them, and which cells breach it.

    `blanks` ones are asked whether a demanded cell is blank (not so a cell that could not be read, or that the form as
    filed has not), the others what the cells hold; `choices` are those that a cell may hold.
    """

    code: str
    name: str
    columns: tuple[int, ...]
    breaches: Breaches
    blanks: bool = False
    choices: tuple[str, ...] = ()


class FrameSchema(NamedTuple):
    """The schema of a frame and its checks, one a column."""

    schema: pa.DataFrameSchema
    checks: tuple[RuleCheck, ...]

    def failures(self, frame: pd.DataFrame) -> Iterator[tuple[RuleCheck, npt.NDArray[np.intp]]]:
        """Every check that fails, with the positions of the cells that breach it; a column of the wrong type is a bug."""
        try:
            self.schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as failed:
            found = {(getattr(error.check, "name", None), error.schema.name): error for error in failed.schema_errors}
            checks = {(check.code, check.name): check for check in self.checks}
            for key in found:
                if key not in checks:
                    raise TypeError(f"frame does not fit its schema: {found[key]}") from failed
            for key, check in checks.items():
                if key in found:
                    yield check, np.flatnonzero(check.breaches(frame[check.name]))


def load_schemas() -> None:
    """Have pandera load what it loads with the first frame, so that processes forked later share it."""
    pa.DataFrameSchema({}).validate(pd.DataFrame())


def negative(column: Column) -> npt.NDArray[np.bool_]:
    """Which numbers are below zero."""
    return np.asarray(column.to_numpy(np.int64, na_value=0) < 0)


def not_whole(column: Column) -> npt.NDArray[np.bool_]:
    """Which numbers are not whole."""
    return np.asarray(column.to_numpy(np.int64, na_value=0) % ONE != 0)


def set_(column: Column) -> npt.NDArray[np.bool_]:
    """Which flags are set."""
    return column.to_numpy(np.bool_)


def _not_among(choices: tuple[str, ...]) -> Breaches:
    return lambda column: (~column.isin(choices) & column.notna()).to_numpy(np.bool_)


def rule_check(code: str, breaches: Breaches) -> pa.Check:
    """A pandera check named by its rule that holds where no cell breaches it.

    It answers for the column as a whole: pandera takes some ten milliseconds to report the rows of each failing check,
    the same predicate finds them in microseconds.
    """
    return pa.Check(lambda column: not breaches(column).any(), name=code, ignore_na=False)


@cache
def _no_schemas() -> dict[str, tuple[FrameSchema, ...]]:
    return {}


def schemas_of(pack: Pack) -> tuple[FrameSchema, ...]:
    """The schema of each frame of the pack's plan, in its order."""
    made = _no_schemas()
    if pack.sha256 not in made:
        made[pack.sha256] = tuple(_schema(plan, pack) for plan in plan_of(pack).frames)
    return made[pack.sha256]


def _schema(plan: FramePlan, pack: Pack) -> FrameSchema:
    asked: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    demanded: dict[str, list[int]] = {}
    breaches_of: dict[tuple[str, tuple[str, ...]], Breaches] = {}
    for position, (_, concept) in enumerate(plan.columns):
        for code, breaches in _rules(concept, pack):
            key = (code, concept.choices if code == NOT_A_CHOICE else ())
            asked.setdefault(key, []).append(position)
            breaches_of[key] = breaches
        if concept.required is not Demand.OPTIONAL:
            demanded.setdefault(REQUIRED[concept.required], []).append(position)
    checks = [
        RuleCheck(code, " ".join((code, *choices)), tuple(positions), breaches_of[code, choices], choices=choices)
        for (code, choices), positions in asked.items()
    ]
    checks += [RuleCheck(code, code, tuple(positions), set_, blanks=True) for code, positions in demanded.items()]
    columns = {
        each.name: pa.Column(
            bool if each.blanks else pd.StringDtype() if each.choices else "Int64",
            nullable=True, required=False, checks=rule_check(each.code, each.breaches),
        )
        for each in checks
    }  # fmt: skip
    return FrameSchema(pa.DataFrameSchema(columns, strict=True), tuple(checks))


def _rules(concept: Concept, pack: Pack) -> Iterator[tuple[str, Breaches]]:
    # Scores of the score sheet are bounded below and above by a rule of their own.
    sheet = pack.concept(pack.names.total_sheet).block
    declared = pack.rubric.declared
    points = pack.score_concept(declared.id, "full") if declared else ""
    bounded = concept.block == sheet and concept.kind is Kind.MARKS and concept.id not in (pack.names.total_sheet, points)
    bounded = bounded or any(concept.id == each.cells.get("self") for each in pack.rubric.indicators)
    if concept.numeric and concept.nonnegative and not bounded:
        yield NEGATIVE, negative
    if concept.id in pack.checks.not_below_zero:
        yield pack.checks.not_below_zero[concept.id], negative
    if concept.kind is Kind.COUNT:
        yield NOT_WHOLE, not_whole
    if concept.kind is Kind.CHOICE:
        yield NOT_A_CHOICE, _not_among(concept.choices)
