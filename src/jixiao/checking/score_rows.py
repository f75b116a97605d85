"""The score sheet of a filing as the rules about it ask for it: one row an indicator, the departments' own among them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.fact import Fact, Facts, FactState
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_filing, cached_per_pack
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.pack.declarations.layout import RowSource, Table
from jixiao.pack.declarations.rubric import OpenGroup
from jixiao.pack.declared_indicators import declared_rows

CUSTOM = "custom.{n}"


class StatedScore(NamedTuple):
    """One row: its label, full marks (None where the row states none), self score, reason, and the open group it is in.

    `marks` is the self score's number, None where it is blank, `unreadable`, or not on the form. `shared` rows hold the
    points of their group together; `full_marks` is then what one of them may have at most.
    """

    label: str
    full_marks: Decimal | None
    self_score: Fact | None
    reason: Fact | None
    self_concept: str
    group: OpenGroup | None
    indicator: str
    marks: Decimal | None
    unreadable: bool
    shared: bool

    @property
    def custom(self) -> bool:
        """Whether the department set it up itself."""
        return not self.indicator


def _row(
    label: str, full_marks: Decimal | None, self_score: Fact | None, reason: Fact | None, concept: str,
    group: OpenGroup | None, indicator: str = "",
) -> StatedScore:  # fmt: skip
    """A row; the points of a department's own belong to its group only where it states none."""
    marks, unreadable = (None, False) if self_score is None else (self_score.value, self_score.state is FactState.UNREADABLE)
    shared = group is not None and group.shared and (bool(indicator) or full_marks is None)
    return StatedScore(label, full_marks, self_score, reason, concept, group, indicator, marks, unreadable, shared)


class _Printed(NamedTuple):
    """A printed row: the concepts of its cells, its full marks and its group."""

    label: str
    full_marks: Decimal | None
    self_concept: str
    reason_concept: str
    group: OpenGroup | None
    indicator: str


class _Sheet(NamedTuple):
    """The printed rows, and the concepts of the departments' own rows, patterns with `{n}`, by what they hold."""

    printed: tuple[_Printed, ...]
    own: dict[str, str]


@cached_per_pack
def _sheet(pack: Pack) -> _Sheet | None:
    """Return the table that holds the total of the self scores: its column of the total's marks, and the first of text."""
    table = pack.block(pack.concept(pack.names.total_sheet).block)
    if not isinstance(table, Table) or table.source is not RowSource.INDICATORS:
        return None
    totals = {
        key
        for row in table.footer
        for key, each in table.row_concept_ids(row).items()
        if each == pack.names.total_sheet
    }
    self_column = next((column for column in table.inputs if column.key in totals), None)
    reason = next((column for column in table.inputs if column.traits.kind is ConceptKind.TEXT), None)
    if self_column is None:
        return None
    printed = tuple(
        _Printed(
            _label(row.key, pack),
            pack.concepts[table.concept_id(self_column, row=row.key)].maximum,
            table.concept_id(self_column, row=row.key),
            table.concept_id(reason, row=row.key) if reason else "",
            pack.rubric.open_group_of(row.key),
            row.key,
        )
        for row in pack.table_rows(table)
    )
    own = {key: table.concept.replace("{row}", CUSTOM).replace("{column}", key) for key in ("label", "full", "group")}
    own["self"] = table.concept_id(self_column, row=CUSTOM)
    own["reason"] = table.concept_id(reason, row=CUSTOM) if reason else ""
    return _Sheet(tuple(row for row in printed if not pack.rubric.indicator(row.indicator).cells), own)


@cached_per_filing
def score_rows(pack: Pack, facts: Facts) -> Sequence[StatedScore]:
    """Return the rows of a filing's score sheet that it has, printed ones first, then the department's own in their order."""
    sheet = _sheet(pack)
    outside = _outside_rows(facts, pack)
    if sheet is None:
        return outside
    rows = outside
    for row in sheet.printed:
        fact = facts.get(row.self_concept)
        if fact is not None:
            reason = facts.get(row.reason_concept)
            rows.append(_row(row.label, row.full_marks, fact, reason, row.self_concept, row.group, row.indicator))
    return _bounded(rows + _own_rows(facts, pack, sheet.own), pack)


def _outside_rows(facts: Facts, pack: Pack) -> list[StatedScore]:
    """Rows outside a score sheet: indicators with cells of their own, and those that the department declared."""
    rows = []
    for indicator in pack.rubric.indicators:
        concept = indicator.cells.get("self", "")
        if concept and (fact := facts.get(concept)) is not None:
            reason = facts.get(indicator.cells.get("reason", ""))
            rows.append(_row(_label(indicator.id, pack), indicator.full_marks, fact, reason, concept, None, indicator.id))
    for each in declared_rows(pack, facts):
        concept = pack.score_concept(each.indicator.id, "self")
        rows.append(_row(each.indicator.label, each.full, each.self_fact, each.reason, concept, None, each.indicator.id))
    return rows


def _label(indicator_id: str, pack: Pack) -> str:
    """The indicator's label, with its criterion where another has the same."""
    indicator = pack.rubric.indicator(indicator_id)
    if sum(each.label == indicator.label for each in pack.rubric.indicators) == 1:
        return indicator.label
    return f"{indicator.label}（{pack.rubric.criterion(indicator.criterion).label}）"


def _own_rows(facts: Facts, pack: Pack, own: dict[str, str]) -> list[StatedScore]:
    groups = {name: each for each in pack.rubric.open_groups for name in (each.id, each.label)}
    rows = []
    for n in record_numbers(facts, own["self"]):
        concept = {key: pattern.replace("{n}", n) for key, pattern in own.items()}
        rows.append(
            _row(
                facts.text(concept["label"]) or pack.concept(concept["self"]).label,
                facts.value(concept["full"]),
                facts.get(concept["self"]),
                facts.get(concept["reason"]),
                concept["self"],
                groups.get(facts.text(concept["group"]) or ""),
            )
        )
    return rows


def record_numbers(facts: Facts, pattern: str) -> list[str]:
    """The numbers of the records of which a filing has something filled, by the concept of one cell, in their order."""
    return facts.filled_records.get(pattern.partition("{n}")[0], [])


def _bounded(rows: list[StatedScore], pack: Pack) -> list[StatedScore]:
    """The rows with the bound of shared ones: their own full marks where just the printed ones are set, else the group's."""
    printed: dict[str, bool] = {}
    bounded = []
    for row in rows:
        if row.group is not None and row.shared:
            group = row.group
            if group.id not in printed:
                printed[group.id] = _as_printed(group, rows)
            own = printed[group.id]
            row = row._replace(full_marks=pack.rubric.indicator(row.indicator).full_marks if own else group.points)
        bounded.append(row)
    return bounded


def _as_printed(group: OpenGroup, rows: Sequence[StatedScore]) -> bool:
    """Whether just the printed rows of a group are there, and each of them is filled."""
    mates = [row for row in rows if row.group is not None and row.group.id == group.id]
    filled = [row for row in mates if row.self_score is not None and row.self_score.filled]
    return len(mates) == len(filled) and [row.indicator for row in filled] == list(group.indicators)


@cached_per_filing
def excused(pack: Pack, facts: Facts) -> frozenset[str]:
    """The self scores that need not be filled: of open groups whose points other rows hold already."""
    blank: set[str] = set()
    rows = score_rows(pack, facts)
    for group in pack.rubric.open_groups:
        mates = [row for row in rows if row.group and row.group.id == group.id]
        own = any(row.custom for row in mates)
        held = sum((row.marks for row in mates if row.marks is not None), Decimal(0))
        if own or (group.shared and held >= group.points):
            blank.update(row.self_concept for row in mates if not row.custom)
    return frozenset(blank)
