"""The marks that a rule can give at all, and self scores that are none of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.scoring import score
from jixiao.scoring.methods import steps
from tests.checking.clean import changed

POSSIBLE = {
    "key_spending": "0 2 3 4 5",
    "budget_adjustment": "0 0.5 1 2 3",
    "payment_progress": "0 0.5 1 1.5 2 2.5 3",
    "surplus": "0 2 3",
    "budget_rules": "0 1 2 3",
    "disclosure": "0 0.5 1 1.5 2 2.5 3",
    "asset_rules": "0 1 2 3",
    "asset_safety": "0 1 2 3 4",
    "satisfaction": "0 1 3 5",
}


@pytest.mark.parametrize("indicator", POSSIBLE)
def test_a_rule_by_bands_counts_or_answers_gives_certain_marks_only(pack, indicator):
    assert steps(pack.rubric.indicator(indicator)) == {Decimal(each) for each in POSSIBLE[indicator].split()}


def test_a_rule_by_percentage_points_or_none_gives_any_marks(pack):
    others = [each for each in pack.rubric.indicators if each.id not in POSSIBLE]
    certain = {each.id for each in others if steps(each) is not None}
    assert certain == {"fund_compliance"}


@pytest.mark.parametrize(
    ("changes", "failed", "undecided"),
    [
        ({"score.satisfaction.self": 4, "base.satisfaction": None}, ["4"], 0),
        ({"score.satisfaction.self": 3, "base.satisfaction": None}, [], 0),
        ({"score.satisfaction.self": 6, "base.satisfaction": None}, [], 0),  # out of bounds, told by SCR-03
        ({"score.satisfaction.self": None, "base.satisfaction": None}, [], 1),
        ({"score.three_public_control.self": "4.35", "base.three_public.total.budget": None}, [], 0),
    ],
)
def test_a_self_score_off_every_step_is_told(pack, changes, failed, undecided):
    checked = score(changed(pack, changes), pack).checked
    assert [each.actual for each in checked.findings if each.rule == "SCR-14"] == failed
    (outcome,) = [each for each in checked.outcomes if each.rule == "SCR-14"]
    assert (outcome.failed, outcome.undecided) == (len(failed), undecided)


def test_what_contradicts_the_figures_is_told_once(pack):
    checked = score(changed(pack, {"score.satisfaction.self": 4}), pack).checked
    told = [each.rule for each in checked.findings if each.concept == "score.satisfaction.self"]
    assert told == ["SCR-05"]
    (outcome,) = [each for each in checked.outcomes if each.rule == "SCR-14"]
    assert outcome.failed == 1
