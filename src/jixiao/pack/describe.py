"""The rubric and the rule book as text: tables for the terminal, pages for the documentation."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from jixiao.model.finding import Severity
from jixiao.pack.examples import examples
from jixiao.pack.method_text import COUNTING, inputs_text, method_text, target_text
from jixiao.pack.pack import Pack
from jixiao.pack.resolve import plain
from jixiao.pack.rubric_settings import FinalRule
from jixiao.pack.rulebook import FAMILY_LABELS, Rule

RUBRIC_HEADS = ("一级指标", "二级指标", "三级指标", "编号", "分值", "评分方法", "计算依据", "证据")
RULE_HEADS = ("编号", "类别", "级别", "规则", "依据")
SEVERITY_WORDS = {Severity.ERROR: "必改", Severity.WARNING: "需说明", Severity.INFO: "提示"}
USE_SHORT = {"trial": "试行", "off": "停用"}
USE_WORDS = {"trial": "试行（只提示，不计入）", "off": "停用"}
EVIDENCE_WORDS = {"accounts": "决算、人员等数据", "declared": "部门填报", "reported": "自评"}
FINAL_WORDS = {FinalRule.LOWER: "系统得分与自评得分取低", FinalRule.COMPUTED: "以系统得分为准"}
BOTH_ZERO_WORDS = {"full_marks": "该项不适用，计满分", "not_computable": "无法复算，以自评得分计列"}


def rubric_rows(pack: Pack) -> tuple[tuple[str, ...], ...]:
    """One row an indicator, under `RUBRIC_HEADS`, in the order of the form; rows of the filing are one for each group."""
    rubric = pack.rubric
    printed = tuple(
        (
            rubric.dimension_of(indicator).label,
            rubric.criterion(indicator.criterion).label,
            indicator.label,
            indicator.id,
            plain(indicator.full_marks),
            method_text(pack, indicator),
            inputs_text(pack, indicator),
            EVIDENCE_WORDS[indicator.evidence],
        )
        for indicator in rubric.indicators
    )
    declared = rubric.declared
    if declared is None:
        return printed
    return printed + tuple(
        (
            dimension.label,
            "",
            f"{declared.name}（部门填报的各行）",
            declared.id,
            plain(dimension.points),
            target_text(declared.method),
            "、".join(pack.concept(each).label for each in (declared.method.target, declared.method.actual)),
            EVIDENCE_WORDS[declared.evidence],
        )
        for dimension in rubric.dimensions
        if dimension.declared
    )


def settings_rows(pack: Pack) -> tuple[tuple[str, str], ...]:
    """The settings of the rubric that differ in practice: what is set, and how."""
    rubric = pack.rubric
    settings = rubric.settings
    rows = [
        ("不足一个百分点的部分", COUNTING[settings.partial_points]),
        ("最终得分（未复核时）", FINAL_WORDS[settings.final]),
        ("分子分母均为零", BOTH_ZERO_WORDS[settings.both_zero]),
        ("应可复算的分值中复算不足此比例的，标待核实", f"{plain(settings.least_verified * 100)}%"),
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
    """Which scores that nothing computes are put to a reviewer."""
    return "均不列入" if least is None else f"分值 {plain(least)} 分及以上"


def grade_rows(pack: Pack) -> tuple[tuple[str, str], ...]:
    """The grades from the best down, each with the totals that earn it."""
    rows = []
    above = ""
    for grade in sorted(pack.rubric.grades, key=lambda each: each.at_least, reverse=True):
        least = plain(grade.at_least)
        rows.append((grade.label, f"{least} 分（含）至 {above} 分" if above else f"{least} 分（含）以上"))
        above = least
    return tuple(rows)


def rule_rows(pack: Pack) -> tuple[tuple[str, ...], ...]:
    """One row a rule, under `RULE_HEADS`, in the order of the rule book."""
    return tuple(
        (rule.code, FAMILY_LABELS.get(rule.family, rule.family), _severity_words(rule), rule.title, rule.basis)
        for rule in pack.rules
    )


def rule_text(pack: Pack, code: str) -> str:
    """One rule explained: what it asks, on what basis, what it says, what to do, examples; KeyError if there is none."""
    return "\n".join(f"{name}：{words}" for name, words in _rule_parts(pack, pack.rules[code]))


def setting_words(rule: Rule) -> str:
    """How the pack departs from a rule and why; empty where it does not."""
    told = [USE_WORDS[rule.use]] if rule.use != "on" else []
    if rule.usual is not None:
        told.append(f"由{SEVERITY_WORDS[rule.usual]}改为{SEVERITY_WORDS[rule.severity]}")
    return f"{'，'.join(told)}：{rule.reason}" if told else ""


def _severity_words(rule: Rule) -> str:
    return SEVERITY_WORDS[rule.severity] if rule.use == "on" else USE_SHORT[rule.use]


def _rule_parts(pack: Pack, rule: Rule) -> list[tuple[str, str]]:
    shown = examples(pack, rule)
    parts = [
        ("编号", rule.code),
        ("类别", FAMILY_LABELS.get(rule.family, rule.family)),
        ("规则", rule.title),
        ("级别", SEVERITY_WORDS[rule.severity]),
        ("依据", rule.basis),
        ("涉及", "、".join(_need(pack, need) for need in rule.needs)),
        ("提示语", rule.message),
        ("如何处理", rule.remedy),
        ("符合示例", shown.holds),
        ("不符示例", shown.fails),
        ("本表样", setting_words(rule)),
    ]
    return [(name, words) for name, words in parts if words]


def _need(pack: Pack, concept_id: str) -> str:
    """A concept that a rule needs, in the form's words; one repeated over columns by its row alone."""
    before, repeated, after = concept_id.partition("{column}")
    if not repeated:
        return pack.describe(concept_id)
    found = (each for each in pack.concepts.values() if each.id.startswith(before) and each.id.endswith(after))
    concept = next(found, None)
    if concept is None:
        return concept_id
    return f"{pack.block_name(concept.block)}·{concept.label.partition('·')[0]}"


def rubric_markdown(pack: Pack) -> str:
    """The page of the rubric."""
    rubric = pack.rubric
    lines = [
        f"# {rubric.title}",
        "",
        f"Generated from the pack `{pack.id}` {pack.version}; do not edit.",
        "",
        f"依据：{rubric.source}；等次：{rubric.grade_source}。",
        "",
        *_table(RUBRIC_HEADS, rubric_rows(pack)),
        "",
        "## 可调整的指标组",
        "",
        *_table(("组", "分值", "指标", "说明"), _open_group_rows(pack)),
        "",
        "## 设置",
        "",
        *_table(("事项", "采用"), settings_rows(pack)),
        "",
        "## 等次",
        "",
        *_table(("等次", "综合得分"), grade_rows(pack)),
    ]
    return "\n".join(lines) + "\n"


def _open_group_rows(pack: Pack) -> Iterable[tuple[str, ...]]:
    for group in pack.rubric.open_groups:
        labels = "、".join(pack.rubric.indicator(each).label for each in group.indicators)
        yield (group.label, f"{plain(group.points)}{'（各项共用）' if group.shared else ''}", labels, group.standard)


def rules_markdown(pack: Pack) -> str:
    """The page of the rule book: a table of all rules, then each explained."""
    lines = [
        "# 审核规则",
        "",
        f"Generated from the pack `{pack.id}` {pack.version}; do not edit.",
        "",
        *_table(RULE_HEADS, rule_rows(pack)),
    ]
    for rule in pack.rules:
        lines += ["", f"## {rule.code} {rule.title}", ""]
        lines += [
            f"- {name}：{_cell(words)}" for name, words in _rule_parts(pack, rule) if name not in ("编号", "规则")
        ]
    return "\n".join(lines) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    return lines + [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def write_pages(pack: Pack, folder: Path) -> None:
    """Write the pages of the rubric and of the rule book to a folder."""
    for name, text in (("rubric.md", rubric_markdown(pack)), ("rules.md", rules_markdown(pack))):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    from jixiao.pack.load import default_pack, load_pack

    write_pages(load_pack(default_pack()), Path(sys.argv[1]))
