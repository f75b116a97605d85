"""The figures of a filing that the sheets of a district ask for: amounts by concept, rates by indicator."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from jixiao.model.result import Result
from jixiao.pack import Pack
from jixiao.pack.lookup import amount
from jixiao.pack.memo import once_a_pack
from jixiao.writing.summary.names import money_sheets, summed_concepts


def figures_of(result: Result, pack: Pack) -> Mapping[str, Decimal]:
    """The amounts that the sheets add up and compare, by concept, each as it counts for the whole; only those there are."""
    if result.figures is not None:
        return result.figures.by_name()
    facts = ((concept, amount(pack, result.facts, concept)) for concept in asked_concepts(pack))
    return {concept: fact.value for concept, fact in facts if fact is not None and fact.value is not None}


def measures_of(result: Result) -> Mapping[str, Decimal]:
    """The rates that were measured, by indicator."""
    if result.measures is not None:
        return result.measures.by_name()
    scores = result.scorecard.scores if result.scorecard else ()
    return {score.indicator: score.measure for score in reversed(scores) if score.measure is not None}


@once_a_pack
def asked_concepts(pack: Pack) -> tuple[str, ...]:
    """The concepts of the amounts that the sheets of a district tell."""
    concepts = [
        *(each for name, tables in money_sheets(pack).items() for table in tables for each, _ in summed_concepts(pack, table, name)),
        *pack.checks.peer_size,
        *(each for rate in pack.checks.peer_rates for each in (*rate.numerator, *rate.denominator)),
        *(jump.concept for jump in pack.checks.elsewhere.jumps),
    ]  # fmt: skip
    return tuple(dict.fromkeys(concepts))
