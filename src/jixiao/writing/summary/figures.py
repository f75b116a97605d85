"""The figures of a filing that the sheets of a district ask for: amounts by concept, rates by indicator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from hashlib import blake2b

from jixiao.model.result import Result, WrittenText
from jixiao.pack import Pack
from jixiao.pack.concept import Kind
from jixiao.pack.layout import Table
from jixiao.pack.lookup import amount
from jixiao.pack.memo import once_a_pack

_NO_WORDS = re.compile(r"[\W_]+")
SHOWN = 60
"""The characters of a compared text that sheets show."""


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
    return [(each.id, each.label) for each in concepts if each.kind is Kind.AMOUNT]


def written_texts(result: Result, pack: Pack) -> tuple[WrittenText, ...]:
    """The texts of a filing that are long enough to be compared with those of others, in the order of their declaration."""
    declared = pack.checks.same_texts
    if result.texts is not None or declared is None:
        return result.texts or ()
    found = []
    for concept in declared.concepts:
        text = result.facts.text(concept) or ""
        bare = _NO_WORDS.sub("", text)
        if len(bare) >= declared.least:
            mark = blake2b(bare.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
            found.append(WrittenText(concept, mark, len(bare), " ".join(text.split())[:SHOWN]))
    return tuple(found)
