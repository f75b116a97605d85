"""The final score: a review, else the lower of computed and self, else whichever there is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.model.score import Basis
from jixiao.pack.declarations.rubric import FinalRule
from tests.scoring.support import one, scored, with_settings

D = Decimal
COMPUTES_3 = {"fixed_assets.in_use": 100, "fixed_assets.total": 100}


@pytest.mark.parametrize(
    ("figures", "claim", "review", "rule", "final", "basis"),
    [
        (COMPUTES_3, 3, None, "lower", 3, Basis.COMPUTED),
        (COMPUTES_3, 2, None, "lower", 2, Basis.SELF),
        ({**COMPUTES_3, "fixed_assets.in_use": 90}, 3, None, "lower", 2, Basis.COMPUTED),
        (COMPUTES_3, 2, None, "computed", 3, Basis.COMPUTED),
        (COMPUTES_3, None, None, "lower", 3, Basis.COMPUTED),
        ({}, 2, None, "lower", 2, Basis.SELF),
        ({}, 2, None, "computed", 2, Basis.SELF),
        ({}, None, None, "lower", None, None),
        ({}, 7, None, "lower", 3, Basis.SELF),
        ({}, -1, None, "lower", 0, Basis.SELF),
        (COMPUTES_3, 7, None, "lower", 3, Basis.COMPUTED),
        (COMPUTES_3, 2, "2.5", "lower", D("2.5"), Basis.REVIEW),
        ({}, None, "1", "lower", 1, Basis.REVIEW),
        (COMPUTES_3, 3, "9", "lower", 3, Basis.REVIEW),
    ],
)
def test_the_final_score_and_its_basis(pack, figures, claim, review, rule, final, basis):
    figures = {**figures, "score.asset_utilisation.self": claim}
    reviews = {"asset_utilisation": D(review)} if review else None
    score = one(with_settings(pack, final=FinalRule(rule)), figures, "asset_utilisation", reviews=reviews)
    assert (score.final_marks, score.basis) == (final, basis)
    assert score.review_marks == (D(review) if review else None)
    assert score.self_marks == claim


def test_a_blank_self_score_without_a_computed_one_counts_nothing_and_says_so(pack):
    found = scored(pack, {})
    assert found.scorecard.total_final == 0
    assert all(each.explanation.endswith("未填列自评得分。") for each in found.scorecard.scores)
    assert found.scorecard.grade == "差"


def test_a_self_score_over_its_full_marks_says_what_it_counts_as(pack):
    score = one(pack, {"score.growth_pole.self": 9}, "growth_pole")
    assert score.explanation == "按自评得分计列，不作测算。自评得分超出 0 至 7 分的范围，按 7 分计。"


def test_reviewed_points_are_verified_and_declared_ones_are_not(pack):
    figures = {**COMPUTES_3, "base.funds.late": 0, "score.economic.self": 5}
    before = scored(pack, figures).scorecard
    assert (before.full_verified, before.full_declared) == (3, 3)
    after = scored(pack, figures, reviews={"payment_progress": D(2), "growth_pole": D(6)}).scorecard
    assert (after.full_verified, after.full_declared) == (3 + 3 + 7, 0)


@pytest.mark.parametrize(
    ("points", "grade"), [("90", "优"), ("89.9", "良"), ("80", "良"), ("60", "中"), ("59.5", "差")]
)
def test_the_grade_follows_the_final_total_without_a_hole(pack, points, grade):
    left, reviews = D(points), {}
    for indicator in pack.rubric.indicators:
        reviews[indicator.id] = min(left, indicator.full_marks)
        left -= reviews[indicator.id]
    card = scored(pack, {}, reviews=reviews).scorecard
    assert (card.total_final, card.grade) == (D(points), grade)
