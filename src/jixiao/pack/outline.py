"""A pack at a glance: its blocks, concepts and equations as rows of text."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.pack.concept import Concept, Demand, Kind, Scope
from jixiao.pack.layout import Block, Fields, Heading, Notes, Prose, RowSource, Table
from jixiao.pack.pack import Pack
from jixiao.pack.resolve import SCOPE_AGGREGATE

BLOCK_HEADS = ("工作表", "版块", "种类", "名称", "概念数")
CONCEPT_HEADS = ("概念", "名称", "填什么", "单位", "每份几格", "未填时", "版块")
EQUATION_HEADS = ("编号", "等式", "名称")

_SOURCES = {
    RowSource.FIXED: "固定行",
    RowSource.INSTITUTIONS: "每机构一行",
    RowSource.RECORDS: "部门自填行",
    RowSource.INDICATORS: "每指标一行",
    RowSource.CHECKLISTS: "每检查项一行",
}
_KINDS = {
    Kind.TEXT: "文字", Kind.AMOUNT: "金额或数量", Kind.COUNT: "整数", Kind.PERCENT: "百分数", Kind.MARKS: "得分",
    Kind.CHOICE: "选项", Kind.DATE: "日期", Kind.YEAR: "年度",
}  # fmt: skip
_SCOPES = {Scope.SINGLE: "一格", Scope.INSTITUTION: "每机构一格", Scope.RECORD: "每行一格"}
_DEMANDS = {Demand.ERROR: "必改", Demand.WARNING: "需说明", Demand.OPTIONAL: ""}


def block_rows(pack: Pack) -> tuple[tuple[str, ...], ...]:
    """One row a block, under `BLOCK_HEADS`, in the order of the form."""
    return tuple(
        (sheet.name, block.id, _kind(block), _name(block), str(len(pack.block_concepts.get(block.id, ()))))
        for sheet, block in pack.blocks
    )


def _kind(block: Block) -> str:
    match block:
        case Heading():
            return "标题"
        case Fields():
            return "填报项"
        case Table():
            return f"表（{_SOURCES[block.source]}）"
        case Prose():
            return "文字段落"
        case Notes():
            return "说明"


def _name(block: Block) -> str:
    return block.text if isinstance(block, Heading) else block.name if not isinstance(block, Notes) else ""


def concept_rows(pack: Pack) -> tuple[tuple[str, ...], ...]:
    """One row a concept, under `CONCEPT_HEADS`, in the order of the form."""
    return tuple(
        (each.id, each.label, _accepts(each), each.unit, _SCOPES[each.scope], _DEMANDS[each.required], each.block)
        for each in pack.concepts.values()
    )


def _accepts(concept: Concept) -> str:
    said = "、".join(concept.choices) if concept.choices else _KINDS[concept.kind]
    return f"{said}（个人信息）" if concept.personal else said


def equation_rows(pack: Pack) -> tuple[tuple[str, ...], ...]:
    """One row an equation, of every column and institution, and a printed rate, under `EQUATION_HEADS`."""
    return tuple(_equations(pack))


def _equations(pack: Pack) -> Iterator[tuple[str, ...]]:
    for each in pack.equations:
        relation = "≥" if each.relation == "at_least" else "="
        parts = "各机构之和" if each.scope == SCOPE_AGGREGATE else " + ".join(part.concept for part in each.parts)
        total = f"{each.total.concept}（汇总）" if each.scope == SCOPE_AGGREGATE else each.total.concept
        yield each.code, f"{total} {relation} {parts}", each.title
    for rate in pack.equations_declared.rates:
        yield rate.code, f"{rate.printed} = {rate.numerator} ÷ {rate.denominator}", rate.title
