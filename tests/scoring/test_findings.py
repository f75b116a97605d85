"""What scoring finds: contradictions in either direction, missing inputs by name, zero denominators, rates over bounds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao.model.fact import HEADQUARTERS
from jixiao.scoring import score
from tests.scoring.support import codes, one, scored, with_settings
from tests.support.filings import UNREADABLE, filing

CONTROL = {"staff.actual": 50, "staff.quota": 46}  # 8.70 points over: 1, 0.5 or 0.65 of 5
FUNDS = {"base.funds.late": 0}


@pytest.mark.parametrize(
    ("indicator", "figures", "claim", "verdict"),
    [
        ("staff_control", CONTROL, 1, "passed"),
        ("staff_control", CONTROL, "0.5", "passed"),
        ("staff_control", CONTROL, "0.65", "passed"),
        ("staff_control", CONTROL, 5, "failed"),
        ("staff_control", CONTROL, 0, "failed"),
        ("staff_control", CONTROL, None, "undecided"),
        ("staff_control", CONTROL, UNREADABLE, "undecided"),
        ("staff_control", {"staff.actual": 50}, 5, "undecided"),
        ("staff_control", {"staff.actual": 25, "staff.quota": 31}, 7, "passed"),  # SCR-03 has told it already
        ("payment_progress", FUNDS, 3, "passed"),
        ("payment_progress", FUNDS, "2.5", "failed"),
        ("key_spending", {"base.project.actual": 0}, 5, "passed"),
        ("key_spending", {"base.project.actual": 0}, 4, "failed"),
        ("growth_pole", {}, 3, "not asked"),
    ],
)
def test_a_contradiction_is_told_only_where_no_accepted_reading_supports_the_self_score(
    pack, indicator, figures, claim, verdict
):
    found = scored(pack, {**figures, f"score.{indicator}.self": claim})
    fails = [each.concept for each in found.checked.findings if each.rule == "SCR-05"]
    assert fails == ([f"score.{indicator}.self"] if verdict == "failed" else [])
    outcome = next(each for each in found.checked.outcomes if each.rule == "SCR-05")
    assert outcome.passed == (verdict == "passed")
    assert outcome.failed == (verdict == "failed")


BOTH_READINGS = {
    "base.three_public.total.actual": "1.1", "base.three_public.total.last_actual": 1,
    "base.three_public.total.budget": "1.02", "base.three_public.total.last_budget": 1,
}  # fmt: skip


def test_a_self_score_by_the_other_reading_is_no_contradiction(pack):
    found = scored(pack, {**BOTH_READINGS, "score.three_public_change.self": 4})
    assert found.scorecard.of("three_public_change").computed_marks == 0
    assert found.scorecard.of("three_public_change").accepted_marks == (0, 4)
    assert codes(found, "score.three_public_change.self") == []


@pytest.mark.parametrize(
    ("reading", "marks", "words"), [("accounts", 0, "（决算口径）"), ("budgets", 4, "（预算口径）")]
)
def test_the_reading_is_a_setting_and_is_told(pack, reading, marks, words):
    chosen = with_settings(pack, readings={"three_public_change": reading})
    found = one(chosen, BOTH_READINGS, "three_public_change")
    assert found.computed_marks == marks
    assert words in found.explanation


@pytest.mark.parametrize(("adjustment", "size", "increases"), [(15, 1, 1), (-15, 1, 3), (0, 3, 3)])
def test_an_adjustment_downwards_counts_only_by_its_size(pack, adjustment, size, increases):
    figures = {"base.budget.adjustment": adjustment, "base.budget.approved": 100}
    assert one(pack, figures, "budget_adjustment").computed_marks == size
    other = with_settings(pack, readings={"budget_adjustment": "increases"})
    assert one(other, figures, "budget_adjustment").computed_marks == increases


def test_nothing_over_nothing_can_be_set_to_be_not_computable(pack):
    figures = {"fixed_assets.in_use": 0, "fixed_assets.total": 0, "score.asset_utilisation.self": 3}
    found = scored(with_settings(pack, both_zero="not_computable"), figures)
    one_score = found.scorecard.of("asset_utilisation")
    assert (one_score.status, one_score.computed_marks, one_score.final_marks) == ("not_computable", None, 3)
    assert codes(found, "score.asset_utilisation.self") == ["SCR-08"]


@pytest.mark.parametrize(
    ("indicator", "figures", "absent", "missing"),
    [
        ("procurement", {}, (), "基础数据表"),
        ("procurement", {}, ("base_amounts",), "基础数据表"),
        ("procurement", {"base.project.actual": 3}, (), "基础数据表·政府采购金额·本年决算数、基础数据表·政府采购金额·本年预算数"),
        ("procurement", {"base.procurement.actual": 3}, (), "基础数据表·政府采购金额·本年预算数"),
        ("staff_control", {"staff.actual": UNREADABLE, "staff.quota": 3}, (), "基本概况·实有人数（无法识别）"),
        ("staff_control", {"staff.actual": -2, "staff.quota": 3}, (), "基本概况·实有人数（填为负数）"),
        ("staff_control", {"staff.quota": 3}, (), "基本概况·实有人数"),
        ("asset_utilisation", {}, ("fixed_assets",), "固定资产"),
        ("asset_utilisation", {"fixed_assets.total": 3}, (), "固定资产·汇总·在用固定资产"),
        ("asset_rules", {"base.check.disclosure.1": "是"}, (), "基础数据表·管理制度健全性（资产管理）的检查清单"),
        ("asset_rules", {"base.check.asset_rules.2": "是"}, (), "基础数据表·①已制定或具有资产管理制度，且相关资产管理制度合法、合规、完整·是/否"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_in_the_forms_words(pack, indicator, figures, absent, missing):
    found = scored(pack, figures, absent=absent)
    told = [each for each in found.checked.findings if each.concept == f"score.{indicator}.self"]
    assert [each.rule for each in told] == ["SCR-07"]
    assert f"缺少{missing}，" in told[0].message
    assert missing in told[0].remedy


def test_the_headquarters_row_stands_for_a_blank_summary(pack):
    figures = {("fixed_assets.in_use", HEADQUARTERS): 90, ("fixed_assets.total", HEADQUARTERS): 100}
    found = one(pack, figures, "asset_utilisation")
    assert found.computed_marks == 2
    assert {each.institution for each in found.inputs} == {HEADQUARTERS}


@pytest.mark.parametrize(
    ("actual", "budget", "verdict"), [(50, 50, "passed"), ("50.01", 50, "failed"), (None, 50, "undecided"), (0, 0, "undecided")]
)  # fmt: skip
def test_procurement_over_its_budget_asks_for_the_basis(pack, actual, budget, verdict):
    found = scored(pack, {"base.procurement.actual": actual, "base.procurement.budget": budget})
    outcome = next(each for each in found.checked.outcomes if each.rule == "PLA-06")
    assert outcome.verdict == verdict
    told = [each for each in found.checked.findings if each.rule == "PLA-06"]
    assert len(told) == (verdict == "failed")
    for each in told:
        assert (each.expected, each.actual, each.concept) == ("100%", "100.02%", "score.procurement.self")
        assert each.message == "“政府采购执行率”为 100.02%，超过 100%。"


def test_a_filing_without_a_score_sheet_is_scored_by_what_it_holds(pack):
    found = score(filing(pack, {"staff.actual": 25, "staff.quota": 31}, absent=("score",)), pack)
    assert (found.scorecard.total_final, found.scorecard.total_sheet) == (5, None)
    assert len(found.scorecard.scores) == 25


def test_two_indicators_of_one_name_are_told_apart(pack):
    found = scored(pack, {})
    named = {each.concept: each.message.partition("无法")[0] for each in found.checked.findings}
    assert named["score.budget_rules.self"] == "“管理制度健全性（预算管理）”"
    assert named["score.asset_rules.self"] == "“管理制度健全性（资产管理）”"
    assert named["score.three_public_change.self"] == "“‘三公经费’变动率”"


def test_a_rate_nearer_to_its_bound_than_two_decimals_show_is_shown_to_more(pack):
    found = scored(pack, {"base.procurement.actual": "50.0001", "base.procurement.budget": 50})
    assert [each.actual for each in found.checked.findings if each.rule == "PLA-06"] == ["100.0002%"]


def test_scoring_changes_nothing_and_says_the_same_twice(pack):
    filed = filing(pack, {**CONTROL, **BOTH_READINGS})
    assert score(filed, pack) == score(replace(filed), pack)
    assert score(filed, pack, reviews={}) == score(filed, pack)
    assert isinstance(score(filed, pack).scorecard.total_final, Decimal)
