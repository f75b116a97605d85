"""Scores with figures from elsewhere: the bureau's decides, last year's stands in where the filing has none."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal as D

import pytest

from jixiao.model.external_data import DataSource, ExternalData
from jixiao.model.score import Evidence, Score, ScoreStatus
from jixiao.pack import Pack
from jixiao.scoring import score
from tests.checking.test_elsewhere import facts
from tests.support.filings import filing, seed_filing

Numbers = Mapping[str, object]


def scored(pack: Pack, indicator: str, own: Numbers, bureau: Numbers | None = None, previous: Numbers | None = None) -> Score:
    known = ExternalData(facts(pack, bureau), facts(pack, previous))
    found = score(filing(pack, own), pack, external=known).scorecard.of(indicator)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("indicator", "own", "bureau", "marks", "evidence"),
    [
        ("staff_control", {"staff.actual": 50, "staff.quota": 50}, {"staff.quota": 46}, "1", Evidence.BUREAU),
        ("staff_control", {"staff.actual": 50, "staff.quota": 50}, {"income.total": 46}, "5", Evidence.ACCOUNTS),
        ("budget_adjustment", {}, {"base.budget.adjustment": 5, "base.budget.approved": 100}, "2", Evidence.BUREAU),
        ("fund_compliance", {"base.compliance.violations": 0}, {"base.compliance.violations": 2}, "1", Evidence.BUREAU),
        ("asset_rules", {"base.check.asset_rules.1": "是", "base.check.asset_rules.2": "是"},
         {"base.check.asset_rules.2": "否"}, "2", Evidence.DECLARED),
        ("asset_rules", {"base.check.asset_rules.1": "是", "base.check.asset_rules.2": "是"},
         {"base.check.asset_rules.1": "是", "base.check.asset_rules.2": "否"}, "2", Evidence.BUREAU),
        ("three_public_control", {"base.three_public.total.actual": 9, "base.three_public.total.budget": 10},
         {"three_public.total": 12}, "0", Evidence.BUREAU),
        ("surplus", {"surplus.cumulative": 5, "income.carryover": 5}, {"surplus.cumulative": 6}, "0", Evidence.BUREAU),
    ],
)  # fmt: skip
def test_the_bureaus_figure_decides(
    pack: Pack, indicator: str, own: Numbers, bureau: Numbers, marks: str, evidence: Evidence
) -> None:
    found = scored(pack, indicator, own, bureau)
    assert (found.computed_marks, found.evidence) == (D(marks), evidence)


def test_last_years_figure_stands_in_only_where_the_filing_has_none(pack: Pack) -> None:
    own = {"three_public.total": "1.43"}
    previous = {"three_public.total": "1.3"}
    found = scored(pack, "three_public_change", own, previous=previous)
    assert (found.computed_marks, found.status, found.evidence) == (D(0), ScoreStatus.COMPUTED, Evidence.ACCOUNTS)
    assert [each.origin for each in found.inputs] == [DataSource.FILING, DataSource.PREVIOUS]
    filled = scored(pack, "three_public_change", own | {"base.three_public.total.last_actual": "1.43"}, previous=previous)
    assert filled.computed_marks == D(5)


def test_last_years_surplus_stands_in_for_a_blank_carryover_before_a_balance_does(pack: Pack) -> None:
    own = {"income.total": 10, "income.other": 10, "surplus.cumulative": 3}
    assert scored(pack, "surplus", own).computed_marks == D(0)
    assert scored(pack, "surplus", own, previous={"surplus.cumulative": 4}).computed_marks == D(2)


def test_the_explanation_says_where_each_figure_comes_from(pack: Pack) -> None:
    own = {"staff.actual": 50, "staff.quota": 50, "score.staff_control.self": 5, "score.asset_rules.self": 3}
    found = scored(pack, "staff_control", own, {"staff.quota": 46})
    assert found.explanation == (
        "实有人数 50 ÷ 人员编制 46（财政掌握数） = 108.70%，超过 100% 8.70 个百分点，按整点计 8 × 0.5 = 4，得 5 − 4 = 1 分。"
    )
    other = scored(pack, "three_public_change", {"three_public.total": "1.3"}, previous={"three_public.total": "1.3"})
    assert "三公经费合计·上年决算数 1.3（上年结果）" in other.explanation
    rules = scored(pack, "asset_rules", own | {"base.check.asset_rules.1": "是"}, {"base.check.asset_rules.2": "否"})
    assert rules.explanation == "①是 2 分，②否（财政掌握数） 0 分，合计得 2 分。"


def test_a_contradiction_names_the_bureaus_figures_as_its_ground(pack: Pack) -> None:
    own = {"staff.actual": 50, "staff.quota": 50, "score.staff_control.self": 5}
    known = ExternalData(facts(pack, {"staff.quota": 46}))
    (found,) = score(filing(pack, own), pack, external=known).checked.findings[:1]
    assert found.rule == "SCR-05" and "按财政掌握数测算 1 分" in found.message


def test_the_bureaus_figures_verify_points_and_nothing_elsewhere_changes_nothing(pack: Pack) -> None:
    seed = seed_filing(pack)
    plain = score(seed, pack).scorecard
    assert score(seed, pack, external=ExternalData()).scorecard == plain
    known = ExternalData(facts(pack, {"base.compliance.violations": 0, "base.asset.violations": 1}))
    verified = score(seed, pack, external=known).scorecard
    assert verified.full_verified - plain.full_verified == D(7)
