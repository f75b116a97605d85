"""The typed pandera schema of all rules over single cells, made from the layout once a pack; check names are rule codes.

It has a column for each rule, with all cells of the partition that the rule is asked of one behind the other: pandera takes
its time for each column and for each schema, whatever their length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pa

from jixiao.checking.frames import ONE
from jixiao.checking.plan import FramePlan, plan_of
from jixiao.pack import Pack
from jixiao.pack.concept import Concept, Demand, Kind
from jixiao.pack.memo import once_a_pack

NEGATIVE, NOT_WHOLE, NOT_A_CHOICE = "PLA-01", "CEL-08", "CEL-09"
REQUIRED = {Demand.ERROR: "REQ-01", Demand.WARNING: "REQ-02"}

Column: TypeAlias = "pd.Series[Any]"
Contents = npt.NDArray[Any]
Breaches = Callable[[Column], npt.NDArray[np.bool_]]


class RuleCheck(NamedTuple):
    """A rule over some columns of a frame (by position): what the column `name` holds of them, and which cells breach it.

    `blanks` ones are asked whether a demanded cell is blank (not so a cell that could not be read, or that the form as
    filed has not), those with `choices` whether a cell holds none of them, the others what number it holds.
    """

    code: str
    name: str
    columns: tuple[int, ...]
    breaches: Breaches
    blanks: bool = False
    choices: tuple[str, ...] = ()

    @property
    def flags(self) -> bool:
        """Whether its column holds flags, set where a cell breaches the rule, and no numbers."""
        return self.blanks or bool(self.choices)


class CellSchema(NamedTuple):
    """The schema of all cells, a column for each name of a check, and the checks of each frame of the pack's plan."""

    schema: pa.DataFrameSchema
    frames: tuple[tuple[RuleCheck, ...], ...]

    def failures(self, columns: Mapping[str, Contents]) -> dict[str, npt.NDArray[np.intp]]:
        """For the name of every check that fails, the positions in its column that breach it.

        Columns may be of different lengths; one of the wrong type is a bug.
        """
        if not columns:
            return {}
        longest = max(len(column) for column in columns.values())
        table = pd.DataFrame({name: _column(column, longest) for name, column in columns.items()}, copy=False)
        try:
            self.schema.validate(table, lazy=True)
        except pa.errors.SchemaErrors as failed:
            breaches = {check.name: check.breaches for frame in self.frames for check in frame}
            found = [str(getattr(error.check, "name", None)) for error in failed.schema_errors]
            if not breaches.keys() >= set(found):
                raise TypeError(f"cells do not fit their schema: {failed.schema_errors[0]}") from failed
            return {name: np.flatnonzero(breaches[name](table[name])) for name in found}
        return {}


def _column(contents: Contents, length: int) -> object:
    """Numbers or flags as a column as long as the longest: what is added is missing, or not set."""
    column = np.zeros(length, contents.dtype)
    column[: len(contents)] = contents
    return column if column.dtype == np.bool_ else pd.arrays.IntegerArray(column, np.arange(length) >= len(contents))


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


def rule_check(name: str, column: str, breaches: Breaches) -> pa.Check:
    """A pandera check that holds where no cell of a column, should the table have it, breaches a rule.

    It answers once, and for the table: pandera takes some ten milliseconds to report the rows of each failing check and
    more than one for each failing column; the same predicate finds them in microseconds.
    """
    return pa.Check(lambda table: column not in table or not breaches(table[column]).any(), name=name, ignore_na=False)


@once_a_pack
def schema_of(pack: Pack) -> CellSchema:
    """The schema of the cells of the pack's plan."""
    frames = tuple(_checks(plan, pack) for plan in plan_of(pack).frames)
    each = {check.name: check for frame in frames for check in frame}
    columns = {name: pa.Column(_dtype(check), nullable=True, required=False) for name, check in each.items()}
    checks = [rule_check(name, name, check.breaches) for name, check in each.items()]
    return CellSchema(pa.DataFrameSchema(columns, checks=checks, strict=True), frames)


def _dtype(check: RuleCheck) -> Any:
    return bool if check.flags else "Int64"


def _checks(plan: FramePlan, pack: Pack) -> tuple[RuleCheck, ...]:
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
    return tuple(checks)


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
        yield NOT_A_CHOICE, set_
