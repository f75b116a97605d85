"""The rates of the rubric as the filing's own figures give them, for the rates that its narrative repeats."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from jixiao.model.fact import Fact, Facts
from jixiao.pack import Pack
from jixiao.pack.lookup import amount
from jixiao.pack.rubric import Measure, MeasureKind


def rates_of(pack: Pack, facts: Facts, indicator_id: str) -> dict[Fraction, Measure]:
    """The rates of an indicator under every reading (100 = 100 %), where inputs are filled and no denominator is zero."""
    found: dict[Fraction, Measure] = {}
    for measure in pack.rubric.indicator(indicator_id).measures:
        rate = _rate(pack, facts, measure)
        if rate is not None:
            found.setdefault(rate, measure)
    return found


def _rate(pack: Pack, facts: Facts, measure: Measure) -> Fraction | None:
    part = _number(pack, facts, measure.numerator)
    if measure.kind is MeasureKind.PERCENT or part is None:
        return part
    whole = _number(pack, facts, measure.denominator)
    if not whole:
        return None
    match measure.kind:
        case MeasureKind.CHANGE:
            return (part - whole) / whole * 100
        case MeasureKind.SIZE_RATIO:
            return abs(part) / whole * 100
        case MeasureKind.INCREASE_RATIO:
            return max(part, Fraction(0)) / whole * 100
        case _:
            return part / whole * 100


def _number(pack: Pack, facts: Facts, concept_ids: Sequence[str]) -> Fraction | None:
    """The first of these that is filled."""
    fact = first_filled(pack, facts, concept_ids)
    return None if fact is None or fact.value is None else Fraction(fact.value)


def first_filled(pack: Pack, facts: Facts, concept_ids: Sequence[str]) -> Fact | None:
    """The fact of the first of these concepts that holds something, readable or not."""
    asked = (amount(pack, facts, concept_id) for concept_id in concept_ids)
    return next((fact for fact in asked if fact is not None and fact.filled), None)


def unread_inputs(pack: Pack, facts: Facts, indicator_id: str) -> list[Fact]:
    """The inputs of an indicator's rates that hold something which is no number."""
    measures = pack.rubric.indicator(indicator_id).measures
    asked = (first_filled(pack, facts, side) for each in measures for side in (each.numerator, each.denominator) if side)
    return [fact for fact in asked if fact is not None and fact.value is None]
