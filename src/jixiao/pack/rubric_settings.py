"""The readings of a rubric that differ in practice."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Literal

from jixiao.pack.declaration import Declaration


class PartialPoints(StrEnum):
    """How a part of a percentage point counts: completed points, points begun, or in proportion."""

    WHOLE = "whole"
    STARTED = "started"
    PROPORTIONAL = "proportional"


class FinalRule(StrEnum):
    """What the final score is while no reviewer has decided: the lower of computed and self, or the computed one."""

    LOWER = "lower"
    COMPUTED = "computed"


class Settings(Declaration):
    """The readings of the rubric that differ in practice; each computed score says which it used.

    A department is marked 待核实 where less than `least_verified` (1 = 100 %) of the marks that accounts could verify
    was verified. A score that nothing computes (`reported`) is put to a reviewer where its full marks are at least
    `review_reported_from`; None for no such score.
    """

    partial_points: PartialPoints = PartialPoints.WHOLE
    final: FinalRule = FinalRule.LOWER
    both_zero: Literal["full_marks", "not_computable"] = "full_marks"
    least_verified: Decimal = Decimal("0.83")
    review_reported_from: Decimal | None = None
    readings: dict[str, str] = {}
