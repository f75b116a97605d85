"""Make the rows that a table of the form has for one filing: fixed, of institutions, of declared records, of the rubric."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from typing import NamedTuple

from jixiao.model.fact import HEADQUARTERS, SUMMARY, Facts
from jixiao.model.submission import Institution
from jixiao.pack import Pack
from jixiao.pack.declarations.layout import Row, RowSource, Table

CellKey = tuple[str, str | None]
"""A fact's concept and institution; among the cells of a form a unit is called by its number, as `form_keys` has it."""


@dataclass(frozen=True)
class TableRow:
    """One row of a table before it has a place.

    `inputs` are the facts' keys by column key, `printed` the texts by column key. `label` is what stands in the label
    column, with `label_key` its fact where the department writes it; `label_open` says that it may be overwritten.
    `levels` are the texts of the level columns, with `level_keys` the facts that they hold. `institution` names the one
    whose label stands in the label column; `custom` says that the row is the department's own among the rubric's.
    """

    key: str
    label: str = ""
    inputs: Mapping[str, CellKey] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[str, ...] = ()
    level_keys: Mapping[int, CellKey] = field(default_factory=dict)
    label_key: CellKey | None = None
    label_open: bool = False
    printed_keys: Mapping[str, CellKey] = field(default_factory=dict)
    shared: str = ""
    shared_columns: tuple[str, ...] = ()
    footer: bool = False
    institution: str = ""
    custom: bool = False


class FiledRows(NamedTuple):
    """All of a filing that decides which rows a table has, whatever they say.

    `institutions` are the keys of its institutions (units by number), `records` the numbers of its own records or rows,
    each with the texts of its level columns. `custom` are the numbers of the department's own rows among the rubric's,
    each with its group, and `dropped` the printed rows that it struck out for them.
    """

    institutions: tuple[str, ...] = ()
    records: tuple[tuple[int, tuple[str, ...]], ...] = ()
    custom: tuple[tuple[int, str], ...] = ()
    dropped: frozenset[str] = frozenset()


NOTHING_FILED = FiledRows()


def filed_rows(pack: Pack, table: Table, facts: Facts | None, institutions: tuple[str, ...]) -> FiledRows:
    """Return what a filing has of a table's rows."""
    if table.source is RowSource.INSTITUTIONS:
        return FiledRows(institutions)
    if facts is None:
        return NOTHING_FILED
    if table.source is RowSource.RECORDS:
        patterns = [table.concept_id(column) for column in table.columns if column.concept or column in table.inputs]
        levels = [table.concept_id(column) for column in table.level_columns if column.concept]
        records = _numbers(facts, [pattern for pattern in patterns if "{n}" in pattern])
        return FiledRows(records=tuple((n, tuple(_said(facts, each, n) for each in levels)) for n in records))
    added = _numbers(facts, (table.own.label, table.own.concept)) if table.own is not None else ()
    custom = _numbers(facts, (_custom(table, "{n}", "self"),)) if table.source is RowSource.INDICATORS else ()
    own = FiledRows(records=tuple((n, ()) for n in added))
    return _adapted(pack, table, facts, custom, own) if custom else own


def _said(facts: Facts, pattern: str, n: int) -> str:
    return facts.text(pattern.replace("{n}", str(n))) or ""


def table_rows(pack: Pack, table: Table, filed: FiledRows) -> list[TableRow]:
    """Return all rows of a table, its footer included, in the order in which they are printed."""
    match table.source:
        case RowSource.INSTITUTIONS:
            rows = [_institution_row(table, each) for each in filed.institutions]
        case RowSource.RECORDS:
            rows = _record_rows(table, filed.records)
        case _:
            rows = [_fixed_row(table, row) for row in pack.table_rows(table)]
            rows = _with_added_rows(table, rows, [n for n, _ in filed.records])
    rows += [_fixed_row(table, row, footer=True) for row in table.footer]
    return _with_custom_rows(pack, table, rows, filed) if filed.custom else rows


def institution_rows(pack: Pack, institutions: Sequence[Institution]) -> list[Institution]:
    """Return summary and headquarters, then the units as filed; where no unit was filed, the form's placeholders."""
    declared = pack.layout.institutions
    if declared is None:
        return list(institutions)
    filed = {each.key: each for each in institutions}
    summary = filed.pop(SUMMARY, Institution(SUMMARY, declared.summary))
    headquarters = filed.pop(HEADQUARTERS, Institution(HEADQUARTERS, f"1、{declared.headquarters}"))
    units = list(filed.values()) or [
        Institution(f"{declared.placeholder}{n}", f"{n + 1}、{declared.placeholder}{n}")
        for n in range(1, declared.placeholders + 1)
    ]
    return [summary, headquarters, *units]


def form_keys(institutions: Sequence[Institution]) -> tuple[str, ...]:
    """Return what a form calls these institutions: units by number, so that filings with as many units share a form."""
    numbers = count(1)
    return tuple(
        each.key if each.key in (SUMMARY, HEADQUARTERS) else f"unit.{next(numbers)}" for each in institutions
    )


def _institution_row(table: Table, institution: str) -> TableRow:
    inputs: dict[str, CellKey] = {column.key: (table.concept_id(column), institution) for column in table.inputs}
    return TableRow(institution, "", inputs, label_open=institution not in (SUMMARY, HEADQUARTERS), institution=institution)


def _fixed_row(table: Table, row: Row, footer: bool = False) -> TableRow:
    inputs: dict[str, CellKey] = {key: (concept, None) for key, concept in table.row_concept_ids(row).items()}
    return TableRow(
        row.key, row.label, inputs, row.printed, row.levels,
        shared=row.shared, shared_columns=row.shared_columns, footer=footer,
    )  # fmt: skip


# ---------------------------------------------------------------- declared records


def _record_rows(table: Table, records: Sequence[tuple[int, tuple[str, ...]]]) -> list[TableRow]:
    """Return the declared rows in their order, with blank rows up to what the form prints under each kind."""
    numbers = [n for n, _ in records]
    if not table.levels:
        return [_record(table, n, ()) for n in _filled_up(numbers, table.blank_rows)]
    levels = _levels_of(table)
    outer = [level.label for level in table.levels for _ in level.children or (level.label,)]
    described = [(n, *_level_of_record(stated, levels, outer)) for n, stated in records]
    # Departments keep their own order: blank rows are set between only where it is the form's order.
    positions = [position for _, position, _ in described]
    if positions != sorted(positions):
        return [_record(table, n, labels) for n, _, labels in described]
    free = _free_numbers(numbers)
    rows: list[TableRow] = []
    for position, (texts, wanted) in enumerate(levels):
        own = [(n, labels) for n, at, labels in described if at == position]
        rows.extend(_record(table, n, labels) for n, labels in own)
        rows.extend(_record(table, next(free), texts) for _ in range(wanted - len(own)))
    return rows


def _numbers(facts: Facts, patterns: Iterable[str]) -> Sequence[int]:
    """Return the numbers `{n}` of the facts whose concepts begin as one of the patterns does, in the order of the facts."""
    stems = tuple(dict.fromkeys(pattern.split("{n}")[0] for pattern in patterns))
    own = ((concept, stem) for concept in facts.by_concept for stem in stems if concept.startswith(stem))
    numbers = (concept.removeprefix(stem).partition(".")[0] for concept, stem in own)
    return tuple(dict.fromkeys(int(number) for number in numbers if number.isdecimal()))


def _free_numbers(numbers: Sequence[int]) -> Iterator[int]:
    return count(max(numbers, default=0) + 1)


def _filled_up(numbers: Sequence[int], least: int) -> list[int]:
    """Return the numbers followed by free ones up to this many."""
    return [*numbers, *islice(_free_numbers(numbers), max(least - len(numbers), 0))]


def _levels_of(table: Table) -> list[tuple[tuple[str, ...], int]]:
    """Return the printed level texts, outermost first, of every kind of record, each with how many rows the form prints."""
    levels: list[tuple[tuple[str, ...], int]] = []
    for level in table.levels:
        outer = f"{level.label}\n{level.note}" if level.note else level.label
        levels += [((outer, child), level.rows) for child in level.children] or [((outer,), level.rows)]
    return levels


def _level_of_record(
    stated: Sequence[str], levels: Sequence[tuple[tuple[str, ...], int]], groups: Sequence[str]
) -> tuple[int, tuple[str, ...]]:
    """Return the position of a record among the form's kinds, and its own level texts."""
    kind = stated[-1] if stated else ""
    for position, (texts, _) in enumerate(levels):
        if texts[-1] == kind and (not stated[:-1] or stated[0] == groups[position]):
            return position, texts
    # A kind of the department's own comes last in its group, else last of all.
    if stated[:-1] and stated[0] in groups:
        position = len(groups) - 1 - list(reversed(groups)).index(stated[0])
        return position, (levels[position][0][0], kind)
    outer = levels[-1][0][0] if not stated[:-1] else stated[0]
    return len(levels) - 1, (outer, kind)


def _record(table: Table, n: int, levels: tuple[str, ...]) -> TableRow:
    inputs: dict[str, CellKey] = {column.key: (table.concept_id(column, n=n), None) for column in table.inputs}
    level_keys: dict[int, CellKey] = {
        position: (table.concept_id(column, n=n), None) for position, column in enumerate(table.level_columns) if column.concept
    }
    label = table.label_column if table.label_column is not None and table.label_column.concept else None
    label_key = None if label is None else (table.concept_id(label, n=n), None)
    return TableRow(str(n), "", inputs, levels=levels, level_keys=level_keys, label_key=label_key, label_open=label is not None)


# ---------------------------------------------------------------- rows that departments add to a fixed table


def _with_added_rows(table: Table, rows: list[TableRow], numbers: Sequence[int]) -> list[TableRow]:
    """Return the rows with those that the department added, and blank ones up to what the form prints, after their row."""
    own = table.own
    at = next((n for n, row in enumerate(rows, start=1) if own is not None and row.key == own.after), None)
    if own is None or at is None:
        return rows
    added = []
    for n in _filled_up(numbers, own.blank_rows):
        inputs: dict[str, CellKey] = {column.key: (table.own_concept_id(column, n), None) for column in table.inputs}
        added.append(TableRow(f"own.{n}", "", inputs, label_key=(own.label.replace("{n}", str(n)), None), label_open=True))
    return [*rows[:at], *added, *rows[at:]]


# ---------------------------------------------------------------- departments' own rows of an open group


def _adapted(pack: Pack, table: Table, facts: Facts, numbers: Sequence[int], filed: FiledRows) -> FiledRows:
    """Return the same with the department's own rows, each in the group that it states (else the first), and those struck out."""
    groups = pack.rubric.open_groups
    first = groups[0].id if groups else ""
    custom = []
    for n in numbers:
        stated = facts.text(_custom(table, n, "group")) or ""
        custom.append((n, next((group.id for group in groups if stated in (group.id, group.label)), first)))
    adapted = {group for _, group in custom}
    dropped = {
        row.key
        for row in table_rows(pack, table, filed)
        if (group := pack.rubric.open_group_of(row.key)) is not None and group.id in adapted
        and all(facts.get(*key) is None for key in row.inputs.values())
    }  # fmt: skip
    return filed._replace(custom=tuple(custom), dropped=frozenset(dropped))


def _with_custom_rows(pack: Pack, table: Table, rows: Sequence[TableRow], filed: FiledRows) -> list[TableRow]:
    """Return the rows with the department's own at the end of their group; printed ones that it struck out are left out."""
    adapted: list[TableRow] = []
    for position, row in enumerate(rows):
        if row.key not in filed.dropped:
            adapted.append(row)
        group = pack.rubric.open_group_of(row.key)
        after = rows[position + 1].key if position + 1 < len(rows) else ""
        if group and after not in group.indicators:
            model = next(each for each in rows if each.key in group.indicators)
            adapted.extend(_custom_row(table, model, n) for n, own in filed.custom if own == group.id)
    return adapted


def _custom(table: Table, n: int | str, column: str) -> str:
    own = next((each.concept for each in table.columns if each.key == column and each.concept), None)
    return (own or table.concept).replace("{row}", f"custom.{n}").replace("{column}", column)


def _custom_row(table: Table, model: TableRow, n: int) -> TableRow:
    inputs: dict[str, CellKey] = {column.key: (_custom(table, n, column.key), None) for column in table.inputs}
    own_points = "full" not in model.shared_columns
    printed = {**model.printed, "full": ""} if own_points else model.printed
    printed_keys: dict[str, CellKey] = {"full": (_custom(table, n, "full"), None)} if own_points else {}
    return TableRow(
        f"custom.{n}", "", inputs, printed, model.levels,
        label_key=(_custom(table, n, "label"), None), label_open=True, printed_keys=printed_keys,
        shared=model.shared, shared_columns=model.shared_columns, custom=True,
    )  # fmt: skip
