"""Results made brief: what the sheets of a whole district tell of a filing, and no more, so that thousands fit in memory.

`tests/writing/test_brief.py` holds summary and review workbook of brief results equal to those of whole ones. The tables
and the returned workbook are made of whole results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from sys import intern
from typing import TypeVar

from jixiao.model.elsewhere import NOTHING_ELSEWHERE, Elsewhere
from jixiao.model.fact import Fact, Facts, State
from jixiao.model.result import Result
from jixiao.model.score import Score
from jixiao.pack import Pack
from jixiao.pack.lookup import amount, outside
from jixiao.pack.memo import once_a_pack
from jixiao.writing.review import rows_of
from jixiao.writing.summary.names import money_sheets, summed_concepts
from jixiao.writing.summary.same_texts import written_texts


def brief(result: Result, pack: Pack) -> Result:
    """The result with the figures, places, texts and explanations that the sheets of a district ask for.

    Each figure stands at the institution where it counts for the whole; nothing else is left of the facts.
    """
    if not result.scored or result.scorecard is None:
        return replace(result, outcomes=())
    reviewed = dict.fromkeys(row.score.indicator for row in rows_of(result, pack))
    scores = tuple(_score(score, score.indicator in reviewed) for score in result.scorecard.scores)
    return replace(
        result, outcomes=(), extras=(), institutions=(), texts=written_texts(result, pack),
        facts=Facts.of((*_figures(result, pack), *_own_cells(result, reviewed, pack))),
        elsewhere=_elsewhere(result.elsewhere, pack),
        scorecard=replace(result.scorecard, scores=scores),
    )  # fmt: skip


def _score(score: Score, reviewed: bool) -> Score:
    """A score without how it came about, where no sheet tells it."""
    told = reviewed or score.self_marks != score.computed_marks
    # Numbers and words are one object wherever they are alike: districts hold few different ones.
    return Score(
        indicator=intern(score.indicator), label=intern(score.label), full_marks=_one(score.full_marks),
        self_marks=_one(score.self_marks), computed_marks=_one(score.computed_marks), final_marks=_one(score.final_marks),
        basis=score.basis, status=score.status, evidence=score.evidence, review_marks=_one(score.review_marks),
        measure=_one(score.measure), explanation=score.explanation if told else "",
        inputs=score.inputs if reviewed else (), missing=score.missing if reviewed else (),
        accepted_marks=tuple(map(_one, score.accepted_marks)), dimension=intern(score.dimension), group=intern(score.group),
    )  # fmt: skip


Number = TypeVar("Number", Decimal, Decimal | None)


def _one(number: Number) -> Number:
    return number if number is None else _number(str(number))


_number = lru_cache(maxsize=20_000)(Decimal)


def _figures(result: Result, pack: Pack) -> Iterator[Fact]:
    """The figures that the sheets add up and compare."""
    for concept, institution in _compared(pack):
        fact = amount(pack, result.facts, concept)
        if fact is not None and fact.value is not None:
            yield Fact(concept, institution, State.OK, _one(fact.value))


def _own_cells(result: Result, reviewed: Iterable[str], pack: Pack) -> Iterator[Fact]:
    """Where a department wrote the scores that a person is to decide, and its reasons with their words."""
    for indicator in reviewed:
        for column in ("self", "reason"):
            fact = result.facts.get(pack.score_concept(indicator, column))
            if fact is not None and fact.filled:
                yield fact._replace(value=None, text=fact.text if column == "reason" else None, raw=None)


def _elsewhere(known: Elsewhere, pack: Pack) -> Elsewhere:
    """What is known from elsewhere, of last year's figures those that are set beside this year's, of the bureau's none."""
    if known == NOTHING_ELSEWHERE:
        return known
    previous = None
    if known.previous is not None:
        asked = (outside(pack, known.previous, jump.concept) for jump in pack.checks.elsewhere.jumps)
        previous = Facts.of(fact._replace(raw=None, place=None) for fact in asked if fact is not None)
    return replace(known, bureau=None if known.bureau is None else Facts(()), previous=previous)


@once_a_pack
def _compared(pack: Pack) -> tuple[tuple[str, str | None], ...]:
    """The concepts of the figures that the sheets of a district tell, each with the institution where it counts."""
    concepts = [
        *(each for name, tables in money_sheets(pack).items() for table in tables for each, _ in summed_concepts(pack, table, name)),
        *pack.checks.peer_size,
        *(each for rate in pack.checks.peer_rates for each in (*rate.numerator, *rate.denominator)),
        *(jump.concept for jump in pack.checks.elsewhere.jumps),
    ]  # fmt: skip
    return tuple((each, pack.institution_of(each)) for each in dict.fromkeys(concepts))
