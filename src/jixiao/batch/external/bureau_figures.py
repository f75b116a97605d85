"""What the bureau itself knows (财政核对数据): one row a department, a column for each concept it has figures of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from jixiao.batch.external.header_table import HeaderTable, cell_text, read_header_table
from jixiao.errors import Problems, UsageError
from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.place import Place
from jixiao.model.submission import HEADINGS, Identity
from jixiao.pack import Pack
from jixiao.pack.bureau_figures import named
from jixiao.pack.declarations.concept import Concept, ConceptKind
from jixiao.values.choices import parse_choice
from jixiao.values.names import comparable_name
from jixiao.values.number_format import to_six_places
from jixiao.values.numbers import parse_number
from jixiao.values.text import NoteKind
from jixiao.values.units import unit_factor

NAME = "财政核对数据"
CODE, DEPARTMENT = "预算编码", "部门名称"
PASSED_OVER = frozenset({*HEADINGS, "序号", "备注", "说明"})
"""Headings that tell of a department what is no figure of the form."""


class ReferenceRow(NamedTuple):
    """What the bureau knows of one department; `row` counts from 1."""

    budget_code: str
    department: str
    facts: Facts
    row: int


class _Column(NamedTuple):
    column: int
    concept: Concept
    unit: str


def read_reference(path: Path, pack: Pack) -> tuple[ReferenceRow, ...]:
    """Return the rows of the bureau's workbook; `UsageError` names every cell that cannot be used. Blank cells are unknown."""
    table = read_header_table(path, NAME, (CODE, DEPARTMENT))
    columns = _columns(table, pack)
    rows: list[ReferenceRow] = []
    seen: dict[str, int] = {}
    problems = Problems()
    for row in table.rows:
        code, department = table.text(row, CODE), table.text(row, DEPARTMENT)
        facts = []
        for column in columns:
            with problems:
                facts.append(_fact(table, row, column, pack))
        filled = [fact for fact in facts if fact is not None]
        if not code and not department:
            if filled:
                problems.add(f"{table.place(row)}填有数据，未填预算编码和部门名称，请补填。")
            continue
        key = f"#{code}" if code else comparable_name(department)
        if key in seen:
            problems.add(f"{table.place(row)}与第 {seen[key]} 行是同一部门，请合并为一行。")
            continue
        seen[key] = row + 1
        rows.append(ReferenceRow(code, department, Facts.of(filled), row + 1))
    problems.refuse()
    return tuple(rows)


def _columns(table: HeaderTable, pack: Pack) -> list[_Column]:
    columns: dict[str, _Column] = {}
    for number, text in table.headings.items():
        concepts, unit = named(pack, text)
        if not concepts and text in PASSED_OVER:
            continue
        if len(concepts) != 1:
            why = f"可指{'、'.join(concept.id for concept in concepts)}，请写明其中一个" if concepts else "不是表样中的指标，请用表样的名称"
            raise UsageError(f"{table.place(table.head)}的“{text}”栏{why}。")
        (concept,) = concepts
        if concept.id in columns:
            raise UsageError(f"{NAME}“{table.shown}”的“{text}”栏出现两次，请删去一栏。")
        columns[concept.id] = _Column(number, concept, unit or concept.unit)
    return list(columns.values())


def _fact(table: HeaderTable, row: int, at: _Column, pack: Pack) -> Fact | None:
    """Return the figure of a cell; None if it is blank."""
    value, concept = table.grid.at(row, at.column), at.concept
    where, shown = table.place(row, at.column), cell_text(value)
    fact = Fact(concept.id, pack.institution_of(concept.id), FactState.OK, raw=shown, place=Place(table.grid.name, row, at.column))
    if concept.kind is ConceptKind.CHOICE:
        choice = parse_choice(value, concept.choices)
        if choice.state is FactState.BLANK:
            return None
        if choice.text is None:
            raise UsageError(f"{where}填有“{shown}”，应为{'或'.join(concept.choices)}。")
        return fact._replace(text=choice.text)
    number = parse_number(value, unit=at.unit, percent_format=(row, at.column) in table.grid.percent)
    if number.state is FactState.BLANK:
        return None
    if number.value is None:
        raise UsageError(f"{where}填有“{shown}”，无法识别为数字，请更正。")
    if any(note.kind is NoteKind.PERCENT_AMBIGUOUS for note in number.notes):
        raise UsageError(f"{where}填有“{shown}”，请按百分数填写，例如 96.5 或 96.5%。")
    amount = number.value
    if at.unit != concept.unit:
        amount = to_six_places(amount * (unit_factor(at.unit, concept.unit) or 1))
    if amount < 0 and concept.nonnegative:
        raise UsageError(f"{where}填有 {shown}，不应为负数。")
    if concept.kind is ConceptKind.COUNT and amount != amount.to_integral_value():
        raise UsageError(f"{where}填有 {shown}，应为整数。")
    return fact._replace(value=amount)


def reference_of(rows: Sequence[ReferenceRow], identity: Identity) -> ReferenceRow | None:
    """Return the row of a department: by budget code, else by name where either has no code; None if there is none."""
    code, name = identity.budget_code, comparable_name(identity.department or "")
    by_code = (row for row in rows if code and row.budget_code == code)
    by_name = (
        row for row in rows
        if name and not (code and row.budget_code) and comparable_name(row.department) == name
    )  # fmt: skip
    return next(by_code, None) or next(by_name, None)


def unmatched(rows: Iterable[ReferenceRow], matched: Iterable[ReferenceRow]) -> list[ReferenceRow]:
    """Return the rows with figures of departments of which no filing came, in their order."""
    used = {row.row for row in matched}
    return [row for row in rows if len(row.facts) and row.row not in used]
