"""A pack as rows of text: its rubric, rules with examples, blocks, concepts and equations, for terminal and pages."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from jixiao.model.finding import Severity
from jixiao.pack.declarations.concept import ConceptKind, ConceptScope, Requirement
from jixiao.pack.declarations.equations import Equation
from jixiao.pack.declarations.layout import Block, Fields, Heading, Notes, Prose, RowSource, Table
from jixiao.pack.declarations.rubric import FinalRule
from jixiao.pack.declarations.rules import Rule
from jixiao.pack.docs.method_text import AMONG, COUNTING, inputs_text, method_text, target_text
from jixiao.pack.pack import Pack
from jixiao.pack.resolve import SCOPE_AGGREGATE
from jixiao.pack.rulebook import FAMILY_LABELS
from jixiao.values.number_format import plain_text

RUBRIC_HEADS = ("一级指标", "二级指标", "三级指标", "编号", "分值", "评分方法", "计算依据", "证据")
RULE_HEADS = ("编号", "类别", "级别", "规则", "依据")
SEVERITY_WORDS = {Severity.ERROR: "必改", Severity.WARNING: "需说明", Severity.INFO: "提示"}
USE_SHORT = {"trial": "试行", "off": "停用"}
USE_WORDS = {"trial": "试行（只提示，不计入）", "off": "停用"}
EVIDENCE_WORDS = {"accounts": "决算、人员等数据", "declared": "部门填报", "reported": "自评"}
FINAL_WORDS = {FinalRule.LOWER: "系统得分与自评得分取低", FinalRule.COMPUTED: "以系统得分为准"}
BOTH_ZERO_WORDS = {"full_marks": "该项不适用，计满分", "not_computable": "无法复算，以自评得分计列"}


def rubric_rows(pack: Pack) -> tuple[tuple[str, ...], ...]:
    """Return the cells under `RUBRIC_HEADS` of each indicator in the order of the form, then of each group of own rows."""
    rubric = pack.rubric
    rows = [
        (
            rubric.dimension_of(indicator).label, rubric.criterion(indicator.criterion).label, indicator.label, indicator.id,
            plain_text(indicator.full_marks), method_text(pack, indicator), inputs_text(pack, indicator),
            EVIDENCE_WORDS[indicator.evidence],
        )
        for indicator in rubric.indicators
    ]  # fmt: skip
    if declared := rubric.declared:
        inputs = "、".join(pack.concept(concept).label for concept in (declared.method.target, declared.method.actual))
        rows += [
            (
                dimension.label, "", f"{declared.name}（部门填报的各行）", declared.id, plain_text(dimension.points),
                target_text(declared.method), inputs, EVIDENCE_WORDS[declared.evidence],
            )
            for dimension in rubric.dimensions
            if dimension.declared
        ]  # fmt: skip
    return tuple(rows)


def settings_rows(pack: Pack) -> tuple[tuple[str, str], ...]:
    """Return the settings of the rubric that differ in practice: what is set, and how."""
    rubric = pack.rubric
    settings = rubric.settings
    rows = [
        ("不足一个百分点的部分", COUNTING[settings.partial_points]),
        ("最终得分（未复核时）", FINAL_WORDS[settings.final]),
        ("分子分母均为零", BOTH_ZERO_WORDS[settings.both_zero]),
        ("应可复算的分值中复算不足此比例的，标待核实", f"{plain_text(settings.least_verified * 100)}%"),
        ("自评计列的指标列入复核表的", review_words(settings.review_reported_from)),
    ]
    for indicator in rubric.indicators:
        if len(indicator.measures) > 1:
            wanted = settings.readings.get(indicator.id, indicator.measures[0].reading)
            chosen = next((each for each in indicator.measures if each.reading == wanted), indicator.measures[0])
            others = "、".join(each.reading_label for each in indicator.measures if each is not chosen)
            rows.append((f"{rubric.label_of(indicator)}的口径", f"{chosen.reading_label}（另有：{others}）"))
    return tuple(rows)


def review_words(least: Decimal | None) -> str:
    """Return which scores that nothing computes are put to a reviewer."""
    return "均不列入" if least is None else f"分值 {plain_text(least)} 分及以上"


def grade_rows(pack: Pack) -> tuple[tuple[str, str], ...]:
    """Return the grades from the best down, each with the totals that earn it."""
    rows = []
    above = ""
    for grade in sorted(pack.rubric.grades, key=lambda each: each.at_least, reverse=True):
        least = plain_text(grade.at_least)
        rows.append((grade.label, f"{least} 分（含）至 {above} 分" if above else f"{least} 分（含）以上"))
        above = least
    return tuple(rows)


def rule_rows(pack: Pack) -> tuple[tuple[str, ...], ...]:
    """Return the cells under `RULE_HEADS` of each rule, in the order of the rule book."""
    return tuple(
        (rule.code, FAMILY_LABELS.get(rule.family, rule.family), _severity_words(rule), rule.title, rule.basis)
        for rule in pack.rules
    )


def rule_text(pack: Pack, code: str) -> str:
    """Return the explanation of a rule: content, basis, message, remedy, examples; KeyError if there is none."""
    return "\n".join(f"{name}：{words}" for name, words in rule_parts(pack, pack.rules[code]))


def setting_words(rule: Rule) -> str:
    """Return how the pack departs from a rule and why; empty where it does not."""
    changes = [USE_WORDS[rule.use]] if rule.use != "on" else []
    if rule.usual is not None:
        changes.append(f"由{SEVERITY_WORDS[rule.usual]}改为{SEVERITY_WORDS[rule.severity]}")
    return f"{'，'.join(changes)}：{rule.reason}" if changes else ""


def _severity_words(rule: Rule) -> str:
    return SEVERITY_WORDS[rule.severity] if rule.use == "on" else USE_SHORT[rule.use]


def rule_parts(pack: Pack, rule: Rule) -> list[tuple[str, str]]:
    """Return what there is to say of a rule, by name."""
    shown = examples(pack, rule)
    needs = "、".join(_need(pack, need) for need in rule.needs)
    parts = [
        ("编号", rule.code),
        ("类别", FAMILY_LABELS.get(rule.family, rule.family)),
        ("规则", rule.title),
        ("级别", SEVERITY_WORDS[rule.severity]),
        ("依据", rule.basis),
        ("涉及", needs),
        ("提示语", rule.message),
        ("如何处理", rule.remedy),
        ("符合示例", shown.holds),
        ("不符示例", shown.fails),
        ("本表样", setting_words(rule)),
    ]
    return [(name, words) for name, words in parts if words]


def _need(pack: Pack, concept_id: str) -> str:
    """Return a concept that a rule needs, in the form's words; one repeated over columns by its row alone."""
    before, repeated, after = concept_id.partition("{column}")
    if not repeated:
        return pack.describe(concept_id)
    matches = (each for each in pack.concepts.values() if each.id.startswith(before) and each.id.endswith(after))
    concept = next(matches, None)
    if concept is None:
        return concept_id
    return f"{pack.block_name(concept.block)}·{concept.label.partition('·')[0]}"


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
_KIND_WORDS = {
    ConceptKind.TEXT: "文字", ConceptKind.AMOUNT: "金额或数量", ConceptKind.COUNT: "整数", ConceptKind.PERCENT: "百分数", ConceptKind.MARKS: "得分",
    ConceptKind.CHOICE: "选项", ConceptKind.DATE: "日期", ConceptKind.YEAR: "年度",
}  # fmt: skip
_SCOPES = {ConceptScope.SINGLE: "一格", ConceptScope.INSTITUTION: "每机构一格", ConceptScope.RECORD: "每行一格"}
_DEMANDS = {Requirement.ERROR: "必改", Requirement.WARNING: "需说明", Requirement.OPTIONAL: ""}


def block_rows(pack: Pack) -> tuple[tuple[str, ...], ...]:
    """Return the cells under `BLOCK_HEADS` of each block, in the order of the form."""
    return tuple(
        (sheet.name, block.id, *_kind_and_name(block), str(len(pack.block_concepts.get(block.id, ()))))
        for sheet, block in pack.blocks
    )


def _kind_and_name(block: Block) -> tuple[str, str]:
    match block:
        case Heading():
            return "标题", block.text
        case Fields():
            return "填报项", block.name
        case Table():
            return f"表（{_SOURCES[block.source]}）", block.name
        case Prose():
            return "文字段落", block.name
        case Notes():
            return "说明", ""


def concept_rows(pack: Pack) -> tuple[tuple[str, ...], ...]:
    """Return the cells under `CONCEPT_HEADS` of each concept, in the order of the form."""
    return tuple(
        (
            each.id, each.label, ("、".join(each.choices) or _KIND_WORDS[each.kind]) + ("（个人信息）" if each.personal else ""),
            each.unit, _SCOPES[each.scope], _DEMANDS[each.required], each.block,
        )
        for each in pack.concepts.values()
    )  # fmt: skip


def equation_rows(pack: Pack) -> tuple[tuple[str, ...], ...]:
    """Return the cells under `EQUATION_HEADS` of each equation and of each printed rate."""
    rows = []
    for equation in pack.equations:
        relation = "≥" if equation.relation == "at_least" else "="
        parts = "各机构之和" if equation.scope == SCOPE_AGGREGATE else " + ".join(part.concept for part in equation.parts)
        total = f"{equation.total.concept}（汇总）" if equation.scope == SCOPE_AGGREGATE else equation.total.concept
        rows.append((equation.code, f"{total} {relation} {parts}", equation.title))
    for rate in pack.equations_declared.rates:
        rows.append((rate.code, f"{rate.printed} = {rate.numerator} ÷ {rate.denominator}", rate.title))
    return tuple(rows)


OFF_BY = Decimal("1.00")


class Examples(NamedTuple):
    """What holds and what does not, in the form's words; empty where nothing is declared."""

    holds: str
    fails: str


def examples(pack: Pack, rule: Rule) -> Examples:
    """Return the examples of a rule."""
    if rule.example_pass or rule.example_fail:
        return Examples(rule.example_pass, rule.example_fail)
    equation = next(pack.equations_of(rule.code), None)
    if equation is not None:
        return _of_equation(pack, equation)
    rate = next((each for each in pack.equations_declared.rates if each.code == rule.code), None)
    if rate is None:
        return Examples("", "")
    over, under, printed = (pack.concept(each).label for each in (rate.numerator, rate.denominator, rate.printed))
    sides = f"{over} 90.00，{under} 100.00，{printed}"
    return Examples(f"{sides} 90%。", f"{sides} 95%，应为 90%。")


def _of_equation(pack: Pack, equation: Equation) -> Examples:
    """Return examples of an equation: parts of 1.00, 2.00, … and a total that is their sum, and one that is not."""
    unit = pack.concept(equation.total.concept).unit
    total = _label(pack, equation.total.concept)
    if equation.scope == SCOPE_AGGREGATE:
        names = ["局机关", "二级机构"]
    else:
        names = [_label(pack, part.concept) for part in equation.parts]
    if names == [total]:
        blocks = [pack.block_name(pack.concept(each.concept).block) for each in (equation.total, *equation.parts)]
        total, *names = (f"{block}·{name}" for block, name in zip(blocks, (total, *names), strict=True))
    amounts = [Decimal(n).quantize(OFF_BY) for n in range(1, len(names) + 1)]
    added = sum(amounts, Decimal(0))
    parts = "，".join(f"{name} {amount}" for name, amount in zip(names, amounts, strict=True))
    if equation.scope == SCOPE_AGGREGATE:
        total = f"汇总 {total}"
    wrong = added - OFF_BY if equation.relation == "at_least" else added + OFF_BY
    return Examples(
        f"{parts}，{total} {added}（{unit}）。",
        f"{parts}，{total} {wrong}，相差 {abs(wrong - added)}（{unit}）。",
    )


def _label(pack: Pack, concept_id: str) -> str:
    return pack.concept(concept_id).label.removeprefix(AMONG)
