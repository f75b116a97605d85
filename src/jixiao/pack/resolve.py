"""Resolve declarations: rows of rubric tables, concepts with their traits, equations with their terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from jixiao.model.finding import Severity
from jixiao.pack.declarations.concept import Concept, ConceptKind, ConceptScope, ConceptTraits
from jixiao.pack.declarations.equations import AggregationDeclaration, Equation, EquationsDeclaration, PrintedRate, Term
from jixiao.pack.declarations.layout import Column, Fields, Heading, Layout, Prose, Row, RowSource, Table
from jixiao.pack.declarations.rubric import Indicator, Rubric
from jixiao.pack.declarations.rules import Rule
from jixiao.values.number_format import plain_text

SCOPE_SINGLE, SCOPE_INSTITUTION, SCOPE_AGGREGATE = "single", "institution", "aggregate"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"


class ResolveError(Exception):
    """A reference that does not resolve, with the key at which it stands."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(problem)
        self.key, self.problem = key, problem


def resolve_rows(layout: Layout, rubric: Rubric) -> Mapping[str, tuple[Row, ...]]:
    """Return the fixed rows of every table by block id, those of score sheet and checklists from the rubric."""
    rows: dict[str, tuple[Row, ...]] = {}
    for block in (block for sheet in layout.sheets for block in sheet.blocks if isinstance(block, Table)):
        match block.source:
            case RowSource.INDICATORS:
                rows[block.id] = tuple(_indicator_row(each, rubric) for each in rubric.indicators)
            case RowSource.CHECKLISTS:
                rows[block.id] = tuple(row for each in rubric.indicators for row in _checklist_rows(each, rubric))
            case _:
                rows[block.id] = block.rows
    return rows


def _indicator_row(indicator: Indicator, rubric: Rubric) -> Row:
    criterion = rubric.criterion(indicator.criterion)
    group = rubric.open_group_of(indicator.id)
    standard = group.standard if group and group.standard and not indicator.standard else indicator.standard
    full = group.points if group and group.shared else indicator.full_marks
    return Row(
        key=indicator.id,
        label=indicator.label,
        aliases=indicator.aliases,
        levels=(rubric.dimension_of(indicator).printed, criterion.printed),
        printed={"standard": standard, "full": plain_text(full)},
        shared=group.id if group and (group.shared or group.standard) and not indicator.standard else "",
        shared_columns=("standard", "full") if group and group.shared else ("standard",),
        open=group is not None,
        maximum=plain_text(full),
    )


def _checklist_rows(indicator: Indicator, rubric: Rubric) -> list[Row]:
    checklist = indicator.checklist
    if checklist is None:
        return []
    level = (rubric.label_of(indicator),)
    return [
        Row(key=f"{indicator.id}.{n}", label=f"{CIRCLED[n - 1]}{item.text}", levels=level)
        for n, item in enumerate(checklist.items, start=1)
    ]


def resolve_concepts(layout: Layout, rubric: Rubric, rows: Mapping[str, tuple[Row, ...]]) -> dict[str, Concept]:
    """Return every concept of the layout by id, in the order of the form; record concepts as patterns with `{n}`."""
    concepts: dict[str, Concept] = {}

    def add(concept: Concept, key: str) -> None:
        if concept.id in concepts:
            raise ResolveError(key, f"概念 {concept.id} 声明了两次")
        concepts[concept.id] = concept

    for sheet in layout.sheets:
        for block in sheet.blocks:
            key = f"sheets.{sheet.id}.{block.id}"
            match block:
                case Heading(concept=str(concept_id)):
                    # What is printed around the value says what it is: （{}年度） is the 年度.
                    label = block.text.replace("{}", "").strip("（）()[]【】 ") or block.text
                    add(_concept(concept_id, label, block.id, ConceptScope.SINGLE, block.traits), key)
                case Fields():
                    for field in block.fields:
                        concept = _concept(field.concept, field.label, block.id, ConceptScope.SINGLE, field.traits, block.traits)
                        add(concept, f"{key}.{field.concept}")
                case Prose():
                    add(_concept(block.concept, block.name, block.id, ConceptScope.SINGLE, block.traits), key)
                case Table():
                    for concept in _table_concepts(block, rows[block.id]):
                        add(concept, f"{key}.{concept.id}")
    return concepts


def _table_concepts(table: Table, rows: tuple[Row, ...]) -> Iterator[Concept]:
    match table.source:
        case RowSource.INSTITUTIONS:
            for column in table.inputs:
                yield _column_concept(table, column, table.concept_id(column), scope=ConceptScope.INSTITUTION)
        case RowSource.RECORDS:
            for column in table.columns:
                if column.concept or column in table.inputs:
                    yield _column_concept(table, column, table.concept_id(column))
            yield from _fixed_concepts(table, table.footer)
        case _:
            yield from _fixed_concepts(table, (*rows, *table.footer))
            if any(row.open for row in rows):
                yield from _custom_concepts(table)
            if table.own is not None:
                name = table.own.name
                yield _concept(table.own.label, f"{name}·名称", table.id, ConceptScope.RECORD, ConceptTraits(kind=ConceptKind.TEXT))
                for column in table.inputs:
                    yield _column_concept(table, column, table.own_concept_id(column), f"{name}·")


def _column_concept(
    table: Table, column: Column, concept_id: str, prefix: str = "", scope: ConceptScope = ConceptScope.RECORD
) -> Concept:
    label = prefix + (column.label or column.leaf)
    return _concept(concept_id, label, table.id, scope, column.traits, table.traits)


def _fixed_concepts(table: Table, rows: tuple[Row, ...]) -> Iterator[Concept]:
    for row in rows:
        concept_ids = table.row_concept_ids(row)
        for column in table.inputs:
            if column.key not in concept_ids:
                continue
            label = f"{row.label}·{column.label or column.leaf}" if len(table.inputs) > 1 else row.label
            # A fixed row knows best what it holds, save where the column holds something of another kind.
            other_kind = column.traits.kind is not None and row.traits.kind not in (None, column.traits.kind)
            first, second = (column.traits, row.traits) if other_kind else (row.traits, column.traits)
            concept = _concept(concept_ids[column.key], label, table.id, ConceptScope.SINGLE, first, second, table.traits)
            if row.maximum is not None and concept.kind is ConceptKind.MARKS:
                concept = concept._replace(maximum=Decimal(row.maximum))
            yield concept


def _custom_concepts(table: Table) -> Iterator[Concept]:
    """Yield concepts of the rows that a department put in place of, or beside, the printed ones of an open group."""
    for column in table.inputs:
        yield _column_concept(table, column, table.concept_id(column, row="custom.{n}"), "自设指标·")
    for key, label, kind in (("label", "指标名称", ConceptKind.TEXT), ("full", "分值", ConceptKind.MARKS), ("group", "所属指标组", ConceptKind.TEXT)):
        concept_id = table.concept.replace("{row}", "custom.{n}").replace("{column}", key)
        yield _concept(concept_id, f"自设指标·{label}", table.id, ConceptScope.RECORD, ConceptTraits(kind=kind))


def _concept(concept_id: str, label: str, block: str, scope: ConceptScope, traits: ConceptTraits, *fallbacks: ConceptTraits) -> Concept:
    stated: dict[str, Any] = {key: value for key, value in traits.over(*fallbacks).items() if value is not None}
    stated.setdefault("kind", ConceptKind.TEXT)
    stated["label"] = "".join(label.split()).strip("：:")
    return Concept(id=concept_id, block=block, scope=scope, **stated)


def resolve_equations(
    declared: EquationsDeclaration, concepts: Mapping[str, Concept]
) -> tuple[tuple[Equation, ...], tuple[Rule, ...]]:
    """Return all equations with their terms, and the rule of each code."""
    equations: list[Equation] = []
    rules: list[Rule] = []

    def term(concept_id: str, code: str) -> Term:
        if concept_id not in concepts:
            raise ResolveError(f"equations.{code}", f"表样中没有概念 {concept_id}")
        return Term(concept_id)

    for equation in declared.equations:
        for column in equation.columns or ("",):
            total = term(equation.total.replace("{column}", column), equation.code)
            if concepts[total.concept].scope is ConceptScope.RECORD:
                raise ResolveError(f"equations.{equation.code}.total", f"合计项 {total.concept} 不能是部门自设的行")
            parts = tuple(term(part.replace("{column}", column), equation.code) for part in equation.parts)
            scopes = {concepts[one.concept].scope for one in (total, *parts)}
            units = {concepts[one.concept].unit for one in (total, *parts)}
            if len(units) > 1:
                raise ResolveError(f"equations.{equation.code}", f"等式各项的单位不一致：{'、'.join(sorted(units))}")
            scope = SCOPE_INSTITUTION if scopes == {ConceptScope.INSTITUTION} else SCOPE_SINGLE
            equations.append(
                Equation(
                    equation.code, equation.title, scope, total, parts, equation.subject_in(column) or total.concept, equation.basis,
                    equation.explainable, equation.both_filled, equation.rounding, equation.remedy, equation.relation,
                )
            )  # fmt: skip
        rules.append(_equation_rule(equations[-1], [equation.total, *equation.parts]))
    if declared.aggregation:
        for aggregate in _aggregations(declared.aggregation, concepts):
            equations.append(aggregate)
            rules.append(_equation_rule(aggregate, [aggregate.subject]))
    for rate in declared.rates:
        for concept_id in (rate.printed, rate.numerator, rate.denominator):
            if concept_id not in concepts or not concepts[concept_id].numeric:
                raise ResolveError(f"rates.{rate.code}", f"表样中没有数字概念 {concept_id}")
        if concepts[rate.numerator].unit != concepts[rate.denominator].unit:
            raise ResolveError(f"rates.{rate.code}", "分子分母的单位不一致")
        rules.append(_rate_rule(rate))
    return tuple(equations), tuple(rules)


def _rate_rule(rate: PrintedRate) -> Rule:
    return Rule(
        code=rate.code,
        title=rate.title,
        severity=Severity.ERROR,
        basis=rate.basis,
        needs=(rate.printed, rate.numerator, rate.denominator),
        message="前后不一致：{where}填报 {actual}%，{over} ÷ {under} = {expected}%，相差 {difference} 个百分点，请核实更正。",
        remedy=rate.remedy or "请核对比率及其分子、分母，更正填错的一项。",
    )


def _aggregations(declared: AggregationDeclaration, concepts: Mapping[str, Concept]) -> Iterator[Equation]:
    amounts = (
        concept
        for concept in concepts.values()
        if concept.block in declared.tables and concept.scope is ConceptScope.INSTITUTION and concept.kind is ConceptKind.AMOUNT
    )
    for n, concept in enumerate(amounts, start=1):
        yield Equation(
            code=f"{declared.prefix}-{n:02d}",
            title=declared.title.format(label=concept.label),
            scope=SCOPE_AGGREGATE,
            total=Term(concept.id),
            parts=(),
            subject=concept.id,
            basis=declared.basis,
            explainable=True,
            both_filled=False,
            rounding=True,
            remedy=declared.remedy,
        )


def _equation_rule(equation: Equation, needs: list[str]) -> Rule:
    return Rule(
        code=equation.code,
        title=equation.title,
        severity=Severity.ERROR,
        basis=equation.basis,
        needs=tuple(needs),
        explainable=equation.explainable,
        message="勾稽关系不符：{where}“{total_label}”填报 {actual}，{parts_label}合计 {expected}，相差 {difference}，请核实更正。",
        remedy=equation.remedy or "请逐项核对上述数据与决算报表，更正填错的一项。",
    )
