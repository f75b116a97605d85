"""Summaries of results for the sheets of a whole district, so small that thousands fit in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import blake2b
from sys import intern

from jixiao.model.external_data import NO_EXTERNAL_DATA
from jixiao.model.fact import Fact, Facts
from jixiao.model.finding import Finding
from jixiao.model.result import CompactNumbers, DepartmentSummary, LastYearFigures, Result, WrittenText, shared_score
from jixiao.model.score import Score
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.pack.declarations.layout import Table
from jixiao.pack.fact_lookup import effective_fact, external_fact
from jixiao.writing.review.workbook import rows_of

_NO_WORDS = re.compile(r"[\W_]+")
SHOWN = 60
"""The characters of a compared text that sheets show."""


def summarize(result: Result, pack: Pack) -> DepartmentSummary:
    """Return the summary of a redacted result: figures, places, texts and explanations that some sheet shows."""
    if not result.scored or result.scorecard is None:
        return DepartmentSummary.of(result)
    reviewed = dict.fromkeys(row.score.indicator for row in rows_of(result, pack))
    scores = tuple([_score(score, score.indicator in reviewed) for score in result.scores])
    measures = {score.indicator: score.measure for score in reversed(result.scores) if score.measure is not None}
    return DepartmentSummary.of(
        result,
        findings=tuple(map(_finding, result.findings)),
        scorecard=replace(result.scorecard, scores=scores),
        score_cells=Facts.of(_score_cells(result, reviewed, pack)),
        texts=tuple(_written_texts(result, pack)),
        figures=CompactNumbers.of(_figures(result, pack)),
        measures=CompactNumbers.of(measures),
        has_external_data=result.external != NO_EXTERNAL_DATA,
        last_year=_last_year(result, pack),
    )


def _finding(finding: Finding) -> Finding:
    """Return a finding whose advice, mostly that of its rule, is one text for all findings that give it."""
    return replace(finding, remedy=intern(finding.remedy), suggestion=intern(finding.suggestion))


def _score(score: Score, reviewed: bool) -> Score:
    """Return a score without its measure and how it came about, where no sheet shows it."""
    explained = reviewed or score.self_marks != score.computed_marks
    shown = score._replace(measure=None, explanation=score.explanation if explained else "", standard="", step="")
    return shared_score(shown if reviewed else shown._replace(inputs=(), missing=()))


def _score_cells(result: Result, reviewed: Iterable[str], pack: Pack) -> Iterator[Fact]:
    """Yield the cells of the scores that a person is to decide, and of their reasons with the words."""
    for indicator in reviewed:
        for column in ("self", "reason"):
            fact = result.facts.get(pack.score_concept(indicator, column))
            if fact is not None and fact.filled:
                yield fact._replace(value=None, text=fact.text if column == "reason" else None, raw=None)


def _last_year(result: Result, pack: Pack) -> LastYearFigures | None:
    previous = result.external.previous
    if previous is None:
        return None
    facts = ((jump.concept, external_fact(pack, previous, jump.concept)) for jump in pack.checks.elsewhere.jumps)
    figures = {concept: fact.value for concept, fact in facts if fact is not None and fact.value is not None}
    return LastYearFigures(result.external.standing, CompactNumbers.of(figures))


def _figures(result: Result, pack: Pack) -> dict[str, Decimal]:
    """Return the amounts that the sheets add up and compare, by concept, each as it counts for the whole."""
    facts = ((concept, effective_fact(pack, result.facts, concept)) for concept in summary_concepts(pack))
    return {concept: fact.value for concept, fact in facts if fact is not None and fact.value is not None}


@cached_per_pack
def summary_concepts(pack: Pack) -> tuple[str, ...]:
    """Return the concepts of the amounts that the sheets of a district show."""
    money = ((table, name) for name, tables in money_sheets(pack).items() for table in tables)
    concepts = [
        *(each for table, name in money for each, _ in summed_concepts(pack, table, name)),
        *pack.checks.peer_size,
        *(each for rate in pack.checks.peer_rates for each in (*rate.numerator, *rate.denominator)),
        *(jump.concept for jump in pack.checks.elsewhere.jumps),
    ]  # fmt: skip
    return tuple(dict.fromkeys(concepts))


def money_sheets(pack: Pack) -> dict[str, tuple[Table, ...]]:
    """Return the money sheets in order, each with the tables of the form that it adds up."""
    sheets: dict[str, tuple[Table, ...]] = {}
    for table in pack.tables:
        named = [row.summary_sheet or table.summary_sheet for row in pack.table_rows(table)]
        if table in pack.money_tables:
            named = [table.summary_sheet or f"{table.name}汇总"]
        for name in dict.fromkeys(each for each in named if each):
            sheets[name] = (*sheets.get(name, ()), table)
    return sheets


def summed_concepts(pack: Pack, table: Table, sheet: str) -> list[tuple[str, str]]:
    """Return the amounts of a table that a money sheet adds up, each with its label: by column, else by row and column."""
    if table in pack.money_tables:
        return [(table.concept_id(each), each.label or "".join(each.leaf.split())) for each in table.inputs]
    rows = (row for row in pack.table_rows(table) if (row.summary_sheet or table.summary_sheet) == sheet)
    concepts = (pack.concepts[each] for row in rows for each in table.row_concept_ids(row).values())
    return [(each.id, each.label) for each in concepts if each.kind is ConceptKind.AMOUNT]


def _written_texts(result: Result, pack: Pack) -> Iterator[WrittenText]:
    """Yield the texts that are long enough to be compared with those of others, in the order of their declaration."""
    declared = pack.checks.same_texts
    for concept in declared.concepts if declared else ():
        text = result.facts.text(concept) or ""
        bare = _NO_WORDS.sub("", text)
        if declared and len(bare) >= declared.least:
            mark = blake2b(bare.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
            yield WrittenText(concept, mark, len(bare), " ".join(text.split())[:SHOWN])
