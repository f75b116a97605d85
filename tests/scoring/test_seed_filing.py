"""The seed's own filing, scored: FORM.md section 6 as far as scoring goes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.model.finding import Severity
from jixiao.model.score import Basis, Evidence, ScoreStatus
from jixiao.scoring import score
from tests.support.filings import SEED_SCORES, seed_filing

NEEDS_THE_BASE_SHEET = {
    "three_public_change", "budget_adjustment", "payment_progress", "three_public_control", "budget_rules",
    "fund_compliance", "disclosure", "procurement", "official_card", "asset_rules", "asset_safety", "satisfaction",
}  # fmt: skip


@pytest.fixture(scope="module")
def seed(pack):
    return score(seed_filing(pack), pack)


def test_the_findings_are_one_contradiction_and_what_the_base_sheet_would_have_given(seed):
    found = {(each.rule, each.concept, each.severity) for each in seed.checked.findings}
    infos = {("SCR-07", f"score.{each}.self", Severity.INFO) for each in NEEDS_THE_BASE_SHEET}
    assert found == {("SCR-05", "score.asset_utilisation.self", Severity.WARNING)} | infos
    assert len(seed.checked.findings) == 13


def test_the_contradiction_says_both_numbers_and_how_the_second_came_about(pack, seed):
    finding = next(each for each in seed.checked.findings if each.rule == "SCR-05")
    assert (finding.expected, finding.actual, finding.difference) == ("3", "2", Decimal(-1))
    assert finding.message == (
        "与基础数据不符：“固定资产利用率”自评 2 分，按填报数据测算 3 分，相差 1 分。"
        "在用固定资产 35.94 ÷ 固定资产合计 35.94 = 100.00%，达到 100%，得 3 分。"
    )
    own = seed_filing(pack).facts.get("score.asset_utilisation.self")
    assert finding.place == own.place


def test_what_a_wholly_blank_sheet_would_have_given_is_told_once_by_its_name(seed):
    infos = [each for each in seed.checked.findings if each.rule == "SCR-07"]
    assert {each.message.partition("：")[2] for each in infos} == {"缺少基础数据表，以自评得分计列，未经复算。"}
    assert {each.remedy for each in infos} == {"请补填基础数据表。"}


@pytest.mark.parametrize(
    ("indicator", "status", "computed", "final", "basis", "evidence"),
    [
        ("staff_control", ScoreStatus.COMPUTED, 5, 5, Basis.COMPUTED, Evidence.ACCOUNTS),
        ("key_spending", ScoreStatus.NOT_APPLICABLE, 5, 5, Basis.COMPUTED, Evidence.ACCOUNTS),
        ("surplus", ScoreStatus.COMPUTED, 3, 3, Basis.COMPUTED, Evidence.ACCOUNTS),
        ("asset_utilisation", ScoreStatus.COMPUTED, 3, 2, Basis.SELF, Evidence.ACCOUNTS),
        ("budget_adjustment", ScoreStatus.NOT_COMPUTABLE, None, 2, Basis.SELF, Evidence.REPORTED),
        ("growth_pole", ScoreStatus.REPORTED, None, 7, Basis.SELF, Evidence.REPORTED),
        ("economic", ScoreStatus.REPORTED, None, 5, Basis.SELF, Evidence.REPORTED),
    ],
)
def test_each_score_names_its_status_basis_and_evidence(seed, indicator, status, computed, final, basis, evidence):
    one = seed.scorecard.of(indicator)
    assert (one.status, one.computed_marks, one.final_marks) == (status, computed, final)
    assert (one.basis, one.evidence) == (basis, evidence)


def test_the_surplus_is_read_as_none_and_says_so(seed):
    one = seed.scorecard.of("surplus")
    assert [(each.concept, each.value, each.assumed) for each in one.inputs] == [("surplus.cumulative", 0, True)]
    assert one.explanation == "累计结余 0（未填列，BAL-04 在其为零时相符，按零计），无结余，得 3 分。"


@pytest.mark.parametrize(
    ("indicator", "step"),
    [
        ("staff_control", "未超过 100%，得 5 分"),
        ("surplus", "无结余，得 3 分"),
        ("key_spending", "分母为零，该项不适用，计满分 5 分"),
        ("budget_adjustment", ""),
        ("growth_pole", ""),
    ],
)
def test_a_score_keeps_the_sentence_of_its_rule_and_the_step_that_applied(pack, seed, indicator, step):
    one = seed.scorecard.of(indicator)
    assert (one.standard, one.step) == (pack.rubric.indicator(indicator).standard, step)
    assert one.step in one.explanation


def test_the_rate_is_kept_to_28_digits(seed):
    assert seed.scorecard.of("staff_control").measure == Decimal("0.8064516129032258064516129032")


def test_the_totals_are_the_four_that_the_form_confuses_and_the_final_one(seed):
    card = seed.scorecard
    assert (card.total_stated, card.total_sheet, card.total_self, card.total_final) == (95, 99, 98, 98)
    assert (card.total_computed, card.full_verified, card.full_declared, card.grade) == (16, 11, 0, "优")
    assert [each.indicator for each in card.scores] == list(SEED_SCORES)
    assert sum(each.full_marks for each in card.scores) == 100


def test_every_rule_of_scoring_has_its_outcome_in_the_rule_books_order(pack, seed):
    outcomes = [(each.rule, each.passed, each.failed, each.undecided) for each in seed.checked.outcomes]
    assert outcomes == [
        ("SCR-05", 3, 1, 12), ("SCR-07", 4, 12, 0), ("SCR-08", 3, 0, 5), ("SCR-14", 16, 0, 0), ("PLA-06", 0, 0, 1), ("PLA-07", 0, 0, 1),
    ]  # fmt: skip
    assert all(each.reason for each in seed.checked.outcomes if each.undecided)
