"""Methods: how an indicator earns its marks."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field as PydanticField

from jixiao.pack.band import Band
from jixiao.pack.declaration import Declaration
from jixiao.pack.target import TargetCompletion


class Bands(Declaration):
    """Marks by the band in which the rate lies."""

    kind: Literal["bands"]
    bands: tuple[Band, ...]
    minimum: Decimal | None = Decimal(0)


class PointsOver(Declaration):
    """Full marks up to `limit`; `per_point` off for each percentage point over it."""

    kind: Literal["points_over"]
    limit: Decimal
    per_point: Decimal


class PointsUnder(Declaration):
    """Full marks from `limit`; `per_point` off for each percentage point under it."""

    kind: Literal["points_under"]
    limit: Decimal
    per_point: Decimal


class PerInstance(Declaration):
    """`per_instance` off for each instance counted in `count`."""

    kind: Literal["per_instance"]
    count: tuple[str, ...]
    per_instance: Decimal


class ChecklistItem(Declaration):
    """One item of a checklist and the marks it earns when the answer is 是."""

    text: str
    marks: Decimal


class Checklist(Declaration):
    """Marks for each item answered 是; `concept` with `{n}` names the answers, counted from 1."""

    kind: Literal["checklist"]
    concept: str
    items: tuple[ChecklistItem, ...]


class Condition(Declaration):
    """`marks` if `left` `operator` `right` (a concept or a number); without an operator, in every other case."""

    left: str = ""
    operator: Literal["<=", "<", ">=", ">", "==", ""] = ""
    right: str | Decimal = ""
    marks: Decimal
    text: str


class Conditions(Declaration):
    """Marks of the first condition that holds."""

    kind: Literal["conditions"]
    conditions: tuple[Condition, ...]


class RateTimesPoints(Declaration):
    """The full marks times the rate, no more than the full marks, rounded half up to `places` decimals."""

    kind: Literal["rate_times_points"]
    places: int = 2


class Reported(Declaration):
    """Nothing to compute: the department's own score, bounded by full marks."""

    kind: Literal["reported"]


Method = Annotated[
    Bands
    | PointsOver
    | PointsUnder
    | PerInstance
    | Checklist
    | Conditions
    | RateTimesPoints
    | TargetCompletion
    | Reported,
    PydanticField(discriminator="kind"),
]
