"""Results made brief: what the sheets of a whole district tell of a filing, and no more, so that thousands fit in memory.

`tests/writing/test_brief.py` holds summary and review workbook of brief results equal to those of whole ones. The tables
and the returned workbook are made of whole results.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from sys import intern

from jixiao.model.external_data import NO_EXTERNAL_DATA, ExternalData
from jixiao.model.fact import Fact, Facts
from jixiao.model.finding import Finding
from jixiao.model.result import CompactNumbers, Result, WrittenText
from jixiao.model.score import Score, Scorecard
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.pack.declarations.layout import Table
from jixiao.pack.fact_lookup import effective_fact, external_fact
from jixiao.writing.review.workbook import rows_of

_NO_WORDS = re.compile(r"[\W_]+")
SHOWN = 60
"""The characters of a compared text that sheets show."""


def brief(result: Result, pack: Pack) -> Result:
    """The result with the figures, places, texts and explanations that the sheets of a district ask for.

    Of its facts those are left whose places are told, of its scores what sets one department's apart from another's.
    """
    if not result.scored or result.scorecard is None:
        return replace(result, outcomes=())
    reviewed = dict.fromkeys(row.score.indicator for row in rows_of(result, pack))
    scores = tuple([_score(score, score.indicator in reviewed) for score in result.scorecard.scores])
    return replace(
        result, findings=tuple(map(_finding, result.findings)), outcomes=(), extras=(), institutions=(),
        texts=written_texts(result, pack), figures=CompactNumbers.of(figures_of(result, pack)),
        measures=CompactNumbers.of(measures_of(result)), facts=Facts.of(_own_cells(result, reviewed, pack)),
        elsewhere=_elsewhere(result.elsewhere, pack),
        scorecard=_card(result.scorecard, scores),
    )  # fmt: skip


def _card(card: Scorecard, scores: tuple[Score, ...]) -> Scorecard:
    """The card with these scores, its totals one object for all that are alike."""
    return Scorecard(
        scores, _stated(card.total_stated), _stated(card.total_sheet), _number(card.total_self), _number(card.total_computed),
        _number(card.total_final), _number(card.full_verified), _number(card.full_declared), card.grade,
    )  # fmt: skip


@lru_cache(maxsize=10_000)
def _number(number: Decimal) -> Decimal:
    return number


@lru_cache(maxsize=10_000)
def _stated(number: Decimal | None) -> Decimal | None:
    return number


def _finding(finding: Finding) -> Finding:
    """A finding whose advice, mostly that of its rule, is one text for all findings that give it."""
    return replace(finding, remedy=intern(finding.remedy), suggestion=intern(finding.suggestion))


def _score(score: Score, reviewed: bool) -> Score:
    """A score without its measure and how it came about, where no sheet tells it: one object for all that are alike."""
    explained = reviewed or score.self_marks != score.computed_marks
    return _shared(
        score.indicator, score.label, score.full_marks, score.self_marks, score.computed_marks, score.final_marks, score.basis,
        score.status, score.evidence, score.review_marks, None, score.explanation if explained else "",
        score.inputs if reviewed else (), score.missing if reviewed else (), score.accepted_marks, score.dimension, score.group,
    )  # fmt: skip


# Numbers that are equal though written otherwise share one: the sheets tell neither from the other.
_shared = lru_cache(maxsize=10_000)(Score)


def _own_cells(result: Result, reviewed: Iterable[str], pack: Pack) -> Iterator[Fact]:
    """Where a department wrote the scores that a person is to decide, and its reasons with their words."""
    for indicator in reviewed:
        for column in ("self", "reason"):
            fact = result.facts.get(pack.score_concept(indicator, column))
            if fact is not None and fact.filled:
                yield fact._replace(value=None, text=fact.text if column == "reason" else None, raw=None)


def _elsewhere(external: ExternalData, pack: Pack) -> ExternalData:
    """What is known from elsewhere, of last year's figures those that are set beside this year's, of the bureau's none."""
    if external == NO_EXTERNAL_DATA:
        return external
    previous = None
    if external.previous is not None:
        facts = (external_fact(pack, external.previous, jump.concept) for jump in pack.checks.elsewhere.jumps)
        previous = Facts.of(fact._replace(raw=None, place=None) for fact in facts if fact is not None)
    return replace(external, bureau=None if external.bureau is None else Facts(()), previous=previous)


def figures_of(result: Result, pack: Pack) -> Mapping[str, Decimal]:
    """The amounts that the sheets add up and compare, by concept, each as it counts for the whole; only those there are."""
    if result.figures is not None:
        return result.figures.by_name()
    facts = ((concept, effective_fact(pack, result.facts, concept)) for concept in asked_concepts(pack))
    return {concept: fact.value for concept, fact in facts if fact is not None and fact.value is not None}


def measures_of(result: Result) -> Mapping[str, Decimal]:
    """The rates that were measured, by indicator."""
    if result.measures is not None:
        return result.measures.by_name()
    scores = result.scorecard.scores if result.scorecard else ()
    return {score.indicator: score.measure for score in reversed(scores) if score.measure is not None}


@cached_per_pack
def asked_concepts(pack: Pack) -> tuple[str, ...]:
    """The concepts of the amounts that the sheets of a district tell."""
    concepts = [
        *(each for name, tables in money_sheets(pack).items() for table in tables for each, _ in summed_concepts(pack, table, name)),
        *pack.checks.peer_size,
        *(each for rate in pack.checks.peer_rates for each in (*rate.numerator, *rate.denominator)),
        *(jump.concept for jump in pack.checks.elsewhere.jumps),
    ]  # fmt: skip
    return tuple(dict.fromkeys(concepts))


def money_sheets(pack: Pack) -> dict[str, tuple[Table, ...]]:
    """The money sheets in order, each with the tables of the form that it adds up."""
    sheets: dict[str, tuple[Table, ...]] = {}
    for table in pack.tables:
        named = [row.summary_sheet or table.summary_sheet for row in pack.table_rows(table)]
        if table in pack.money_tables:
            named = [table.summary_sheet or f"{table.name}汇总"]
        for name in dict.fromkeys(each for each in named if each):
            sheets[name] = (*sheets.get(name, ()), table)
    return sheets


def summed_concepts(pack: Pack, table: Table, sheet: str) -> list[tuple[str, str]]:
    """The amounts of a table that a money sheet adds up, each with its label: by column, else by row and column."""
    if table in pack.money_tables:
        return [(table.concept_id(each), each.label or "".join(each.leaf.split())) for each in table.inputs]
    rows = (row for row in pack.table_rows(table) if (row.summary_sheet or table.summary_sheet) == sheet)
    concepts = (pack.concepts[each] for row in rows for each in table.row_concept_ids(row).values())
    return [(each.id, each.label) for each in concepts if each.kind is ConceptKind.AMOUNT]


def written_texts(result: Result, pack: Pack) -> tuple[WrittenText, ...]:
    """The texts of a filing that are long enough to be compared with those of others, in the order of their declaration."""
    declared = pack.checks.same_texts
    if result.texts is not None or declared is None:
        return result.texts or ()
    texts = []
    for concept in declared.concepts:
        text = result.facts.text(concept) or ""
        bare = _NO_WORDS.sub("", text)
        if len(bare) >= declared.least:
            mark = blake2b(bare.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
            texts.append(WrittenText(concept, mark, len(bare), " ".join(text.split())[:SHOWN]))
    return tuple(texts)
