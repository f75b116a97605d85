"""The rubric: its settings, groups, indicators, grades and their sources."""

from __future__ import annotations

from decimal import Decimal

from jixiao.pack.declaration import Declaration
from jixiao.pack.indicator import DeclaredRows, Indicator
from jixiao.pack.rubric_settings import Settings


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
