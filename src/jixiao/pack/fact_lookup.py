"""Look up the facts of a filing for rules: the headquarters' row counts for a summary row that was left blank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jixiao.model.external_data import ExternalData
from jixiao.model.fact import HEADQUARTERS, SUMMARY, Fact, Facts
from jixiao.pack.declarations.concept import ConceptScope
from jixiao.pack.pack import Pack

_OF_HEADQUARTERS_ALONE = frozenset({SUMMARY, HEADQUARTERS, None})


def effective_fact(pack: Pack, facts: Facts, concept_id: str, institution: str | None = None) -> Fact | None:
    """Return the fact of a concept; for a money concept without institution or at the summary, that which counts there.

    That is the headquarters' fact where `headquarters_count_as_summary` for the summary row. None where the form has no such cell.
    """
    if institution is None or institution == SUMMARY:
        institution = summary_institution(pack, facts, concept_id) or institution
    return facts.get(concept_id, institution)


def external_fact(pack: Pack, facts: Facts | None, concept_id: str) -> Fact | None:
    """Return the fact of a concept among external facts, which are the summary's; None where there is none."""
    return facts.get(concept_id, pack.institution_of(concept_id)) if facts is not None else None


def last_year_fact(pack: Pack, external: ExternalData, concept_id: str) -> Fact | None:
    """Return last year's figure that a concept of this year repeats, under this year's concept; None where there is none."""
    candidates = (external_fact(pack, external.previous, was) for was in pack.checks.elsewhere.was(concept_id))
    fact_then = next((fact for fact in candidates if fact is not None and fact.value is not None), None)
    return fact_then and fact_then._replace(concept=concept_id, institution=pack.institution_of(concept_id))


def term_facts(pack: Pack, facts: Facts, concept_id: str, institution: str | None = None) -> list[Fact]:
    """Return the facts of a term of an equation: the one that counts, or those of every row of a pattern with `{n}`."""
    if "{n}" in concept_id:
        return list(row_facts(facts, (concept_id,)))
    fact = effective_fact(pack, facts, concept_id, institution)
    return [] if fact is None else [fact]


def row_facts(facts: Facts, patterns: Iterable[str]) -> Iterator[Fact]:
    """Yield every fact of these concepts, also of a cell read twice; `{n}` in one stands for the number of any row."""
    for pattern in patterns:
        stem, repeated, tail = pattern.partition("{n}")
        for number in facts.records.get(stem, ()) if repeated else ("",):
            yield from facts.by_concept.get(f"{stem}{number}{tail}", ())


def headquarters_count_as_summary(pack: Pack, facts: Facts, table_id: str) -> bool:
    """Return whether the headquarters' row of a money table is taken for its summary row (FORM.md section 4).

    So where the table's summary row is wholly blank, its headquarters' row is not, and no subordinate unit is filled
    in any money table.
    """
    filled = facts.filled_concepts
    if HEADQUARTERS not in filled or not filled.keys() <= _OF_HEADQUARTERS_ALONE:
        return False
    columns, summary = pack.block_concepts.get(table_id, ()), filled.get(SUMMARY, frozenset())
    if any(concept.id in summary for concept in columns):
        return False
    return any(concept.id in filled[HEADQUARTERS] for concept in columns)


def summary_institution(pack: Pack, facts: Facts, concept_id: str) -> str | None:
    """Return the institution that counts for the summary: `summary`, `headquarters`, or None outside the money tables."""
    concept = pack.concepts.get(concept_id)
    if concept is None or concept.scope is not ConceptScope.INSTITUTION:
        return None
    return HEADQUARTERS if headquarters_count_as_summary(pack, facts, concept.block) else SUMMARY
