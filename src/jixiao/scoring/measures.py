"""Rates of indicators, as exact quotients."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from jixiao.model.elsewhere import Elsewhere
from jixiao.model.fact import Facts
from jixiao.pack import Pack
from jixiao.pack.indicator import Indicator
from jixiao.pack.measure import Measure, MeasureKind
from jixiao.scoring.inputs import Answer, question

HUNDRED = 100
NOTHING = Decimal(0)


class RateState(Enum):
    """Whether there is a rate, and if not, why."""

    KNOWN = "known"
    MISSING = "missing"
    NOTHING_TO_MEASURE = "nothing_to_measure"
    ZERO_DENOMINATOR = "zero_denominator"


class Rate(NamedTuple):
    """A rate under one reading: 1 = 100 %; None unless its state is known.

    `nothing_to_measure` is 0 / 0, or a denominator of zero where that alone suffices.
    """

    measure: Measure
    state: RateState
    rate: Fraction | None
    numerator: Answer
    denominator: Answer | None = None

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Its inputs in the order of the formula."""
        return (self.numerator,) if self.denominator is None else (self.numerator, self.denominator)


Rating = Callable[[Facts, Elsewhere], Rate]
"""What gives a rate of a filing, asked of it and of what else is known of its department."""


def rating(pack: Pack, indicator: Indicator, measure: Measure) -> Rating:
    """What gives the rate of an indicator under one of its measures; made once a pack, asked of every filing."""
    over, zero_if = question(pack, measure.numerator, indicator.zero_if), indicator.zero_if
    if measure.kind is MeasureKind.PERCENT:
        return lambda facts, elsewhere: _percentage(measure, over(facts, elsewhere))
    under = question(pack, measure.denominator, zero_if)
    return lambda facts, elsewhere: _quotient(measure, over(facts, elsewhere), under(facts, elsewhere))


def _percentage(measure: Measure, numerator: Answer) -> Rate:
    percent = numerator.input.value
    if percent is None:
        return Rate(measure, RateState.MISSING, None, numerator)
    return Rate(measure, RateState.KNOWN, Fraction(percent) / HUNDRED, numerator)


def _quotient(measure: Measure, numerator: Answer, denominator: Answer) -> Rate:
    over, under, kind = numerator.input.value, denominator.input.value, measure.kind
    if under == 0 and over is None and measure.zero_denominator_suffices:
        return Rate(measure, RateState.NOTHING_TO_MEASURE, None, numerator, denominator)
    if over is None or under is None:
        return Rate(measure, RateState.MISSING, None, numerator, denominator)
    if kind is MeasureKind.SIZE_RATIO:
        over = over.copy_abs()
    elif kind is MeasureKind.INCREASE_RATIO:
        over = max(over, NOTHING)
    if not under:
        state = RateState.ZERO_DENOMINATOR if over else RateState.NOTHING_TO_MEASURE
        return Rate(measure, state, None, numerator, denominator)
    # One fraction of whole numbers, where two fractions divided would be three.
    part, part_of = over.as_integer_ratio()
    whole, whole_of = under.as_integer_ratio()
    part, whole = part * whole_of, whole * part_of
    rate = Fraction(part - whole if kind is MeasureKind.CHANGE else part, whole)
    return Rate(measure, RateState.KNOWN, rate, numerator, denominator)
