"""Rates of indicators, as exact quotients."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from jixiao.model.elsewhere import NOTHING_ELSEWHERE, Elsewhere
from jixiao.model.fact import Facts
from jixiao.pack import Pack
from jixiao.pack.rubric import Indicator, Measure, MeasureKind
from jixiao.scoring.inputs import Answer, ask

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


def rate_of(
    pack: Pack, facts: Facts, indicator: Indicator, measure: Measure, elsewhere: Elsewhere = NOTHING_ELSEWHERE
) -> Rate:
    """The rate of an indicator under one of its measures."""
    numerator = ask(pack, facts, measure.numerator, indicator.zero_if, elsewhere)
    if measure.kind is MeasureKind.PERCENT:
        if numerator.number is None:
            return Rate(measure, RateState.MISSING, None, numerator)
        return Rate(measure, RateState.KNOWN, Fraction(numerator.number) / HUNDRED, numerator)
    denominator = ask(pack, facts, measure.denominator, indicator.zero_if, elsewhere)
    over, under = numerator.number, denominator.number

    def without(state: RateState) -> Rate:
        return Rate(measure, state, None, numerator, denominator)

    if under == 0 and over is None and measure.zero_denominator_suffices:
        return without(RateState.NOTHING_TO_MEASURE)
    if over is None or under is None:
        return without(RateState.MISSING)
    match measure.kind:
        case MeasureKind.SIZE_RATIO:
            over = over.copy_abs()
        case MeasureKind.INCREASE_RATIO:
            over = max(over, NOTHING)
    if not under:
        return without(RateState.ZERO_DENOMINATOR if over else RateState.NOTHING_TO_MEASURE)
    # One fraction of whole numbers, where two fractions divided would be three.
    part, part_of = over.as_integer_ratio()
    whole, whole_of = under.as_integer_ratio()
    part, whole = part * whole_of, whole * part_of
    rate = Fraction(part - whole if measure.kind is MeasureKind.CHANGE else part, whole)
    return Rate(measure, RateState.KNOWN, rate, numerator, denominator)
