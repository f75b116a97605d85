"""The methods of the rubric: marks from a rate, a count, answers or conditions, and which are possible; exact.

No award is under 0 or over the full marks.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from typing import NamedTuple

from jixiao.pack.declarations.methods import (
    Bands,
    Checklist,
    Condition,
    Conditions,
    PerInstance,
    PointsOver,
    PointsUnder,
    RateTimesPoints,
)
from jixiao.pack.declarations.rubric import Indicator, PartialPoints
from jixiao.values.number_format import NOTHING, bounded, round_half_up, strip_zeros

COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt, "==": operator.eq,
}

NO_POINTS = Fraction(0)


class Award(NamedTuple):
    """The marks that a rule gives, and the step of the rule that gave them.

    `points` are the percentage points (or instances) that cost marks, `counted` those that count, `deduction` what
    they cost before the floor at zero; `step` is the index of the band or condition.
    """

    marks: Decimal
    points: Fraction = NO_POINTS
    counted: Decimal = NOTHING
    deduction: Decimal = NOTHING
    step: int = 0


def by_bands(method: Bands, full: Decimal, rate: Fraction) -> Award | None:
    """Marks of the band that holds the rate; None where no band does."""
    for step, band in enumerate(method.bands):
        if band.holds(rate):
            return Award(bounded(band.marks, full), step=step)
    return None


def points_beyond(method: PointsOver | PointsUnder, rate: Fraction) -> Fraction:
    """By how many percentage points a rate is beyond its limit, zero where it is not."""
    limit = Fraction(method.limit)
    # One fraction of whole numbers, where a difference and a product would be two.
    beyond = rate.numerator * limit.denominator - limit.numerator * rate.denominator
    beyond = beyond if isinstance(method, PointsOver) else -beyond
    return Fraction(beyond * 100, rate.denominator * limit.denominator) if beyond > 0 else NO_POINTS


def less_points(per_point: Decimal, full: Decimal, points: Fraction, partial: PartialPoints) -> Award:
    """Full marks less `per_point` for each of these percentage points, parts of one counting as asked."""
    if not points:
        return Award(full)
    match partial:
        case PartialPoints.WHOLE:
            return _less(Decimal(floor(points)), per_point, full, points)
        case PartialPoints.STARTED:
            return _less(Decimal(ceil(points)), per_point, full, points)
        case PartialPoints.PROPORTIONAL:
            # The only method whose marks have no end of decimals: they are rounded, and the deduction is what is gone.
            deduction = points * Fraction(per_point)
            if deduction > Fraction(full):
                return Award(NOTHING, points, round_half_up(points), round_half_up(deduction))
            marks = bounded(strip_zeros(round_half_up(Fraction(full) - deduction)), full)
            return Award(marks, points, round_half_up(points), full - marks)


def by_points(method: PointsOver | PointsUnder, full: Decimal, rate: Fraction, partial: PartialPoints) -> Award:
    """Full marks up to (or from) the limit, less `per_point` for each percentage point beyond it."""
    return less_points(method.per_point, full, points_beyond(method, rate), partial)


def by_rate(method: RateTimesPoints, full: Decimal, rate: Fraction) -> Award:
    """Full marks times the rate, half up, no less than nothing and no more than full."""
    return Award(bounded(strip_zeros(round_half_up(Fraction(full) * rate, method.places)), full))


def by_instances(method: PerInstance, full: Decimal, count: Decimal) -> Award:
    """Full marks less `per_instance` for each instance."""
    return _less(count, method.per_instance, full, Fraction(count))


def _less(counted: Decimal, each: Decimal, full: Decimal, points: Fraction) -> Award:
    deduction = counted * each
    return Award(bounded(strip_zeros(full - deduction), full), points, counted, deduction)


def by_checklist(method: Checklist, full: Decimal, answers: Sequence[bool]) -> Award:
    """The marks of the items that are answered yes."""
    earned = sum((item.marks for item, yes in zip(method.items, answers, strict=True) if yes), NOTHING)
    return Award(bounded(earned, full))


def by_conditions(method: Conditions, full: Decimal, look_up: Callable[[str], Decimal | None]) -> Award | None:
    """Marks of the first condition that holds; None as soon as one asks for a number that is missing."""
    for step, condition in enumerate(method.conditions):
        holds = _holds(condition, look_up)
        if holds is None:
            return None
        if holds:
            return Award(bounded(condition.marks, full), step=step)
    return None


def _holds(condition: Condition, look_up: Callable[[str], Decimal | None]) -> bool | None:
    if not condition.operator:
        return True
    left = look_up(condition.left)
    if left is None:
        return None
    right = look_up(condition.right) if isinstance(condition.right, str) else condition.right
    if right is None:
        return None
    return COMPARE[condition.operator](left, right)


def worst(method: Bands | PointsOver | PointsUnder | RateTimesPoints) -> Award:
    """The lowest marks that a rule on a rate can give."""
    if isinstance(method, Bands):
        step = min(range(len(method.bands)), key=lambda index: method.bands[index].marks)
        return Award(method.bands[step].marks, step=step)
    return Award(NOTHING)


MOST_ITEMS = 12
"""With more items a checklist can give almost anything."""


def steps(indicator: Indicator) -> frozenset[Decimal] | None:
    """The marks that an indicator's rule can give, 0 and full marks among them; None where it can give any.

    Rules by percentage points give any marks: how a part of a point counts is open.
    """
    full = indicator.full_marks
    always = {Decimal(0), full}
    match indicator.method:
        case Bands() as method:
            return frozenset(always | {band.marks for band in method.bands})
        case Conditions() as method:
            return frozenset(always | {each.marks for each in method.conditions})
        case Checklist() as method if len(method.items) <= MOST_ITEMS:
            marks = [item.marks for item in method.items]
            chosen = (each for n in range(len(marks) + 1) for each in combinations(marks, n))
            return frozenset(always | {sum(each, Decimal(0)) for each in chosen})
        case PerInstance() as method:
            most = int(full / method.per_instance) if method.per_instance else 0
            return frozenset(always | {full - n * method.per_instance for n in range(most + 1)})
        case _:
            return None
