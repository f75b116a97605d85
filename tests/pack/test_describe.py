"""The rubric and the rule book as text: everything declared is told, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.pack.docs.pages import rubric_markdown, rules_markdown
from jixiao.pack.docs.terminal import (
    RUBRIC_HEADS,
    RULE_HEADS,
    grade_rows,
    rubric_rows,
    rule_rows,
    rule_text,
    settings_rows,
)
from jixiao.pack.rulebook import nested_quotes


def told(pack, indicator):
    return dict(zip(RUBRIC_HEADS, next(row for row in rubric_rows(pack) if indicator in row), strict=True))


def test_the_rubric_is_a_row_an_indicator(pack):
    rows = rubric_rows(pack)
    assert [row[3] for row in rows] == [each.id for each in pack.rubric.indicators]
    assert {len(row) for row in rows} == {len(RUBRIC_HEADS)}


@pytest.mark.parametrize(
    ("indicator", "method", "inputs"),
    [
        ("staff_control", "不超过 100%，5 分；每超过一个百分点扣 0.5 分（按整点计），扣完为止", "实有人数 ÷ 人员编制"),
        ("official_card", "达到 50%，3 分；每低一个百分点扣 0.2 分（按整点计），扣完为止", "公务卡刷卡金额 ÷ 公务支出应刷卡总额"),
        ("budget_adjustment", "0%，3 分；0%-10%（含），2 分；10%-20%（含），1 分；20%-30%（含），0.5 分；大于 30%，0 分",
         "按调整额绝对值（采用）：|预算调整数| ÷ 年初批复预算数；只计调增：预算调整数（只计调增）÷ 年初批复预算数"),
        ("satisfaction", "95%（含）以上，5 分；85%（含）-95%，3 分；75%（含）-85%，1 分；低于 75%，0 分", "服务对象满意度"),
        ("surplus", "无结余（累计结余不超过0），3 分；有结余，但不超过上年结转（累计结余不超过上年结转），2 分；结余超过上年结转，0 分", "累计结余、上年结转"),
        ("payment_progress", "3 分，每例扣 0.5 分，扣完为止", "未按进度下达的专项数"),
        ("growth_pole", "按自评得分计列，不超过 7 分", ""),
    ],
)  # fmt: skip
def test_methods_and_formulas_are_said_in_words(pack, indicator, method, inputs):
    row = told(pack, indicator)
    assert (row["评分方法"], row["计算依据"]) == (method, inputs)


def test_settings_and_grades_are_said(pack):
    assert dict(settings_rows(pack))["预算调整率的口径"] == "按调整额绝对值（另有：只计调增）"
    assert grade_rows(pack)[:2] == (("优", "90 分（含）以上"), ("良", "80 分（含）至 90 分"))


def test_the_rule_book_is_a_row_a_rule_and_each_explains_itself(pack):
    rows = rule_rows(pack)
    assert [row[0] for row in rows] == [rule.code for rule in pack.rules]
    assert {len(row) for row in rows} == {len(RULE_HEADS)}
    for rule in pack.rules:
        text = rule_text(pack, rule.code)
        assert rule.code in text and rule.title in text and rule.basis in text and rule.remedy in text
    assert "涉及：基础数据表·三公经费合计、" in rule_text(pack, "BAL-08")
    with pytest.raises(KeyError):
        rule_text(pack, "BAL-00")


def test_the_pages_hold_every_indicator_and_every_rule(pack):
    page = rubric_markdown(pack)
    assert all(f"| {each.id} |" in page for each in pack.rubric.indicators)
    rules = rules_markdown(pack)
    assert all(f"\n## {rule.code} {rule.title}\n" in rules for rule in pack.rules)
    # A bar within a cell would split it: every row of a table has the bars of its head.
    for line in (each.replace("\\|", "") for each in (page + rules).splitlines() if each.startswith("| ")):
        assert line.count("|") in (3, 5, len(RUBRIC_HEADS) + 1, len(RULE_HEADS) + 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("““三公经费”变动率”为 3", "“‘三公经费’变动率”为 3"),
        ("“甲”与“乙”", "“甲”与“乙”"),
        ("““甲”", "““甲”"),
        ("没有引号", "没有引号"),
        ("“甲“乙””", "“甲‘乙’”"),
    ],
)
def test_quotation_marks_within_quotation_marks_are_single(text, expected):
    assert nested_quotes(text) == expected


def test_the_page_of_the_rubric_is_the_one_generated(pack):
    kept = Path(__file__).parents[2] / "docs" / "rubric.md"
    assert kept.read_text(encoding="utf-8") == rubric_markdown(pack), "run `make docs`"
