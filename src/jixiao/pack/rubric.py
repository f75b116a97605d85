"""The rubric: groups, indicators, methods, bands, grades and their sources."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field as PydanticField

from jixiao.pack.declaration import Declaration


@lru_cache(maxsize=1024)
def exact(number: Decimal) -> Fraction:
    """A number of a rubric as a fraction; kept, since every filing asks for the same few."""
    return Fraction(number)


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


class Band(Declaration):
    """Marks for rates from `lower` to `upper`, each end open or closed; a missing end is unbounded."""

    lower: Decimal | None = None
    lower_closed: bool = True
    upper: Decimal | None = None
    upper_closed: bool = False
    marks: Decimal

    def holds(self, rate: Decimal | Fraction) -> bool:
        """Whether the rate, a decimal or an exact quotient, lies in the band."""
        at = rate if isinstance(rate, Fraction) else Fraction(rate)
        return _over(at, self.lower, self.lower_closed) and _under(at, self.upper, self.upper_closed)


def _over(at: Fraction, edge: Decimal | None, closed: bool) -> bool:
    # Multiplied out: comparing fractions takes several times as long, and every rate asks for some bands.
    if edge is None:
        return True
    other = exact(edge)
    mine, its = at.numerator * other.denominator, other.numerator * at.denominator
    return mine > its or (closed and mine == its)


def _under(at: Fraction, edge: Decimal | None, closed: bool) -> bool:
    return edge is None or not _over(at, edge, not closed)


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
        """Whether a share of the points (1 = all) lies in the level's interval."""
        above = share > exact(self.lower) or (self.lower_closed and share == exact(self.lower))
        return above and (share < exact(self.upper) or (self.upper_closed and share == exact(self.upper)))


class TargetCompletion(Declaration):
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


class Indicator(Declaration):
    """One indicator. `zero_if` names, for inputs that may be blank, the balance that must hold with them at zero.

    `cells` are the concepts of its `self` score and `reason` where it stands outside the score sheet. `dimension` is
    that of a row of the filing, which has no criterion of the rubric's.
    """

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    criterion: str
    full_marks: Decimal
    standard: str
    source: str
    evidence: Literal["accounts", "declared", "reported"]
    method: Method
    measures: tuple[Measure, ...] = ()
    zero_if: dict[str, str] = {}
    shared: str = ""
    note: str = ""
    cells: dict[str, str] = {}
    dimension: str = ""

    @property
    def checklist(self) -> Checklist | None:
        """Its checklist, if that is its method."""
        return self.method if isinstance(self.method, Checklist) else None


class Criterion(Declaration):
    """A second-level group: printed label and points."""

    id: str
    label: str
    printed: str
    dimension: str
    points: Decimal


class Dimension(Declaration):
    """A first-level group: printed label and points; `declared` where its indicators are rows of the filing."""

    id: str
    label: str
    printed: str
    points: Decimal
    declared: bool = False


class DeclaredRows(Declaration):
    """Indicators that are rows of the filing: the table of records that holds them, and what each column holds.

    `id` with `{n}` names them in their order; `dimension` to `reason` are keys of the table's columns.
    """

    table: str
    id: str = "row.{n}"
    dimension: str = "dimension"
    criterion: str = "criterion"
    label: str = "label"
    full: str = "full"
    self: str = "self"
    reason: str = "reason"
    name: str
    standard: str
    source: str
    evidence: Literal["accounts", "declared", "reported"]
    method: TargetCompletion


class OpenGroup(Declaration):
    """Rows that departments may adapt: other labels, rows and points are legitimate while the points hold."""

    id: str
    label: str
    indicators: tuple[str, ...]
    points: Decimal
    shared: bool = False
    standard: str = ""


class Grade(Declaration):
    """A grade for totals from `at_least` up to the next grade's."""

    label: str
    at_least: Decimal


class Rubric(Declaration):
    """The score sheet as data."""

    title: str
    source: str
    grade_source: str
    total: Decimal
    settings: Settings = Settings()
    dimensions: tuple[Dimension, ...]
    criteria: tuple[Criterion, ...]
    open_groups: tuple[OpenGroup, ...] = ()
    indicators: tuple[Indicator, ...]
    declared: DeclaredRows | None = None
    grades: tuple[Grade, ...]

    def indicator(self, indicator_id: str) -> Indicator:
        """The indicator of an id; KeyError if there is none."""
        for indicator in self.indicators:
            if indicator.id == indicator_id:
                return indicator
        raise KeyError(indicator_id)

    def label_of(self, indicator: Indicator) -> str:
        """The label of an indicator, with its criterion where another indicator has the same."""
        same = sum(each.label == indicator.label for each in self.indicators)
        return indicator.label if same <= 1 else f"{indicator.label}（{self.criterion(indicator.criterion).label}）"

    def criterion(self, criterion_id: str) -> Criterion:
        """The criterion of an id."""
        return next(each for each in self.criteria if each.id == criterion_id)

    def dimension_of(self, indicator: Indicator) -> Dimension:
        """The dimension that an indicator stands under."""
        dimension_id = indicator.dimension or self.criterion(indicator.criterion).dimension
        return next(each for each in self.dimensions if each.id == dimension_id)

    def open_group_of(self, indicator_id: str) -> OpenGroup | None:
        """The open group that an indicator belongs to, if any."""
        return next((group for group in self.open_groups if indicator_id in group.indicators), None)

    def grade(self, total: Decimal) -> str:
        """The grade of a total."""
        for grade in sorted(self.grades, key=lambda each: each.at_least, reverse=True):
            if total >= grade.at_least:
                return grade.label
        return ""
