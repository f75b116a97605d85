"""Rows that a department declared in its filing, as indicators of the rubric."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.fact import Fact, Facts
from jixiao.pack.cache import cached_per_filing
from jixiao.pack.declarations.layout import Table
from jixiao.pack.declarations.methods import Operator, TargetCompletion
from jixiao.pack.declarations.rubric import DeclaredRows, Dimension, Indicator
from jixiao.pack.pack import Pack


class DeclaredRow(NamedTuple):
    """A row of the filing that is an indicator: its number, the indicator made of it, and the facts of its cells.

    `dimension` is the rubric's first-level group that it stands under, None where it names none of the form's.
    `full` is its 分值, None where that is blank, unreadable or below zero.
    """

    number: str
    indicator: Indicator
    dimension: Dimension | None
    criterion: str
    full: Decimal | None
    full_fact: Fact | None
    self_fact: Fact | None
    reason: Fact | None
    target: Fact | None
    actual: Fact | None


def record_numbers(facts: Facts, patterns: Iterable[str]) -> list[str]:
    """Return the numbers of the records with a filled cell of one of these concept patterns, in order."""
    filled, records = facts.filled_concepts.get(None, frozenset()), facts.records
    numbers: set[str] = set()
    for pattern in patterns:
        stem, _, tail = pattern.partition("{n}")
        numbers.update(number for number in records.get(stem, ()) if f"{stem}{number}{tail}" in filled)
    return sorted(numbers, key=int)


@cached_per_filing
def declared_rows(pack: Pack, facts: Facts) -> tuple[DeclaredRow, ...]:
    """Return the indicators that a filing declares, in its order; empty where the rubric has none of that kind."""
    declared = pack.rubric.declared
    if declared is None:
        return ()
    table = pack.block(declared.table)
    assert isinstance(table, Table)
    patterns = [table.concept_id(column) for column in table.columns if column in table.inputs or column.concept]
    levels = {pack.score_concept(declared.id, each) for each in ("dimension", "criterion")}
    numbers = record_numbers(facts, [each for each in patterns if each not in levels])
    return tuple(_row(pack, facts, declared, table, n) for n in numbers)


def _row(pack: Pack, facts: Facts, declared: DeclaredRows, table: Table, n: str) -> DeclaredRow:
    row_id = declared.id.replace("{n}", n)

    def fact(column: str) -> Fact | None:
        return facts.get(pack.score_concept(row_id, column))

    def text(column: str) -> str:
        cell = fact(column)
        return " ".join((cell.text or "").split()) if cell is not None else ""

    full = fact("full")
    points = full.value if full is not None and full.value is not None and full.value >= 0 else None
    criterion = text("criterion")
    dimension = _dimension(pack, table, text("dimension"), criterion)
    method = _method(declared.method, n, declared.method.operators.get(criterion, declared.method.operator))
    indicator = Indicator(
        id=row_id,
        label=text("label") or f"{criterion or declared.name}（第{n}行）",
        criterion="",
        full_marks=points or Decimal(0),
        standard=declared.standard,
        source=declared.source,
        evidence=declared.evidence,
        method=method,
        dimension=dimension.id if dimension is not None else "",
    )
    return DeclaredRow(
        n, indicator, dimension, criterion, points, full, fact("self"), fact("reason"),
        facts.get(method.target), facts.get(method.actual),
    )  # fmt: skip


def _method(method: TargetCompletion, n: str, operator: Operator) -> TargetCompletion:
    """Return the method of the row of a number, a target without an operator of its own being read with this one."""
    cells = {name: getattr(method, name).replace("{n}", n) for name in ("target", "actual")}
    return method.model_copy(update=cells | {"operator": operator})


def _dimension(pack: Pack, table: Table, label: str, criterion: str) -> Dimension | None:
    """Return the group that a row names, else the one under which the form prints its second-level label."""
    groups = {each.label: each for each in pack.rubric.dimensions if each.declared}
    if label in groups:
        return groups[label]
    owners = [level.label for level in table.levels if criterion in level.children]
    return groups.get(owners[0]) if len(owners) == 1 else None
