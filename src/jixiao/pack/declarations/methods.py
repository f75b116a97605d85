"""Methods: how an indicator earns its marks, with their bands, levels and targets."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field as PydanticField

from jixiao.pack.declarations import Declaration


class Band(Declaration):
    """Marks for rates from `lower` to `upper`, each end open or closed; a missing end is unbounded."""

    lower: Decimal | None = None
    lower_closed: bool = True
    upper: Decimal | None = None
    upper_closed: bool = False
    marks: Decimal

    def holds(self, rate: Decimal | Fraction) -> bool:
        """Return whether the rate, a decimal or an exact quotient, lies in the band."""
        at = rate if isinstance(rate, Fraction) else Fraction(rate)
        return _over(at, self.lower, self.lower_closed) and _under(at, self.upper, self.upper_closed)


def _over(at: Fraction, edge: Decimal | None, closed: bool) -> bool:
    # Multiplied out: comparing fractions takes several times as long, and every rate asks for some bands.
    if edge is None:
        return True
    other = Fraction(edge)
    mine, its = at.numerator * other.denominator, other.numerator * at.denominator
    return mine > its or (closed and mine == its)


def _under(at: Fraction, edge: Decimal | None, closed: bool) -> bool:
    return edge is None or not _over(at, edge, not closed)


Operator = Literal[">=", "<=", "=", ">", "<"]


class Level(Declaration):
    """A level of completion that a text names by one of `words`, and the share of the points that it allows."""

    label: str
    words: tuple[str, ...]
    lower: Decimal
    lower_closed: bool = True
    upper: Decimal
    upper_closed: bool = False

    def holds(self, share: Fraction) -> bool:
        """Return whether a share of the points (1 = all) lies in the level's interval."""
        return _over(share, self.lower, self.lower_closed) and _under(share, self.upper, self.upper_closed)


class MethodDeclaration(Declaration):
    """How an indicator earns its marks, and which concepts it asks for besides those of the indicator's measures."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the concepts that the method asks for itself."""
        return ()

    @property
    def edges(self) -> tuple[Decimal, ...]:
        """Return the rates at which the marks change."""
        return ()


class TargetCompletion(MethodDeclaration):
    """Full marks where the actual figure meets its target, else the marks times the ratio that was reached.

    `target` and `actual` are concepts with `{n}`. A target without an operator is read as `operator`, or as
    `operators` says for its second-level label. An at-least target met `low_from` times over was set low. Where the
    texts hold no figures, the self score stands within the interval of the level that the actual text names.
    """

    kind: Literal["target"]
    target: str
    actual: str
    operator: Operator = ">="
    operators: dict[str, Operator] = {}
    low_from: Decimal | None = None
    places: int = 2
    levels: tuple[Level, ...] = ()


class Bands(MethodDeclaration):
    """Marks by the band in which the rate lies."""

    kind: Literal["bands"]
    bands: tuple[Band, ...]
    minimum: Decimal | None = Decimal(0)

    @property
    def edges(self) -> tuple[Decimal, ...]:
        return tuple(sorted({edge for band in self.bands for edge in (band.lower, band.upper) if edge is not None}))


class PointsOver(MethodDeclaration):
    """Full marks up to `limit`; `per_point` off for each percentage point over it."""

    kind: Literal["points_over"]
    limit: Decimal
    per_point: Decimal

    @property
    def edges(self) -> tuple[Decimal, ...]:
        return (self.limit,)


class PointsUnder(MethodDeclaration):
    """Full marks from `limit`; `per_point` off for each percentage point under it."""

    kind: Literal["points_under"]
    limit: Decimal
    per_point: Decimal

    @property
    def edges(self) -> tuple[Decimal, ...]:
        return (self.limit,)


class PerInstance(MethodDeclaration):
    """`per_instance` off for each instance counted in `count`."""

    kind: Literal["per_instance"]
    count: tuple[str, ...]
    per_instance: Decimal

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.count


class ChecklistItem(Declaration):
    """One item of a checklist and the marks it earns when the answer is 是."""

    text: str
    marks: Decimal


class Checklist(MethodDeclaration):
    """Marks for each item answered 是; `concept` with `{n}` names the answers, counted from 1."""

    kind: Literal["checklist"]
    concept: str
    items: tuple[ChecklistItem, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(self.concept.replace("{n}", str(n)) for n in range(1, len(self.items) + 1))


class Condition(Declaration):
    """`marks` if `left` `operator` `right` (a concept or a number); without an operator, in every other case."""

    left: str = ""
    operator: Literal["<=", "<", ">=", ">", "==", ""] = ""
    right: str | Decimal = ""
    marks: Decimal
    text: str


class Conditions(MethodDeclaration):
    """Marks of the first condition that holds."""

    kind: Literal["conditions"]
    conditions: tuple[Condition, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        sides = (side for each in self.conditions for side in (each.left, each.right))
        return tuple(dict.fromkeys(side for side in sides if isinstance(side, str) and side))


class RateTimesPoints(MethodDeclaration):
    """The full marks times the rate, no more than the full marks, rounded half up to `places` decimals."""

    kind: Literal["rate_times_points"]
    places: int = 2

    @property
    def edges(self) -> tuple[Decimal, ...]:
        return (Decimal(1),)


class Reported(MethodDeclaration):
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
