"""How a rate is made of what the form asks for."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from jixiao.pack.declaration import Declaration


class MeasureKind(StrEnum):
    """How a rate is made of its inputs.

    `ratio`: numerator / denominator; `change`: (numerator - denominator) / denominator; `size_ratio`: the same as
    ratio of the numerator's absolute value; `increase_ratio`: of its increases only; `percent`: a percentage as filled.
    """

    RATIO = "ratio"
    CHANGE = "change"
    SIZE_RATIO = "size_ratio"
    INCREASE_RATIO = "increase_ratio"
    PERCENT = "percent"


class Measure(Declaration):
    """A rate under one reading. Each input is a list of concepts, the first that the filing has counting."""

    reading: str = ""
    reading_label: str = ""
    kind: MeasureKind
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    denominator_zero: Literal["not_computable", "worst"] = "worst"
    zero_denominator_suffices: bool = False
