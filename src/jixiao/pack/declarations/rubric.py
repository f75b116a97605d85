"""The rubric: its settings, groups, indicators with their measures, grades and sources."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Literal

from jixiao.pack.declarations import Declaration
from jixiao.pack.declarations.methods import Checklist, Method, TargetCompletion


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
    def inputs(self) -> tuple[str, ...]:
        """Return every concept that it asks for under any of its readings."""
        rates = (concept for each in self.measures for concept in (*each.numerator, *each.denominator))
        return (*rates, *self.method.inputs)

    @property
    def checklist(self) -> Checklist | None:
        """Its checklist, if that is its method."""
        return self.method if isinstance(self.method, Checklist) else None


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
        """Return the indicator of an id; KeyError if there is none."""
        for indicator in self.indicators:
            if indicator.id == indicator_id:
                return indicator
        raise KeyError(indicator_id)

    def label_of(self, indicator: Indicator) -> str:
        """Return the label of an indicator, with its criterion where another indicator has the same."""
        same = sum(each.label == indicator.label for each in self.indicators)
        return indicator.label if same <= 1 else f"{indicator.label}（{self.criterion(indicator.criterion).label}）"

    def criterion(self, criterion_id: str) -> Criterion:
        """Return the criterion of an id."""
        return next(each for each in self.criteria if each.id == criterion_id)

    def dimension_of(self, indicator: Indicator) -> Dimension:
        """Return the dimension that an indicator stands under."""
        dimension_id = indicator.dimension or self.criterion(indicator.criterion).dimension
        return next(each for each in self.dimensions if each.id == dimension_id)

    def open_group_of(self, indicator_id: str) -> OpenGroup | None:
        """Return the open group that an indicator belongs to, if any."""
        return next((group for group in self.open_groups if indicator_id in group.indicators), None)

    def grade(self, total: Decimal) -> str:
        """Return the grade of a total."""
        for grade in sorted(self.grades, key=lambda each: each.at_least, reverse=True):
            if total >= grade.at_least:
                return grade.label
        return ""
