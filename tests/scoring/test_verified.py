"""How much of the score was verified: leaving a sheet out does not pay."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.writing.scores.score_range import little_verified, verifiable_marks
from tests.scoring.support import scored, with_settings

# What accounts verify, worth 36 points: 5, 5, 5, 3, 3, 6, 3, 3, 3.
EVERYTHING = {
    "staff.actual": 25, "staff.quota": 31, "base.three_public.total.actual": 9, "base.three_public.total.last_actual": 10,
    "base.three_public.total.budget": 10, "base.key_project.actual": 9, "base.project.actual": 10,
    "base.budget.adjustment": 0, "base.budget.approved": 100, "surplus.cumulative": 0, "base.procurement.actual": 5,
    "base.procurement.budget": 5, "base.card.paid": 5, "base.card.payable": 5, "fixed_assets.in_use": 3, "fixed_assets.total": 3,
}  # fmt: skip


@pytest.mark.parametrize(
    ("without", "verified", "little"),
    [
        ((), 36, False),
        (("base.card.paid",), 33, False),
        (("base.card.paid", "surplus.cumulative"), 30, False),
        (("base.three_public.total.budget",), 30, False),
        (("base.three_public.total.budget", "base.card.paid"), 27, True),
        (("staff.quota", "base.card.paid"), 28, True),
        (tuple(each for each in EVERYTHING if each.startswith("base.")), 11, True),
    ],
)
def test_a_department_of_which_little_could_be_verified_is_told(pack, without, verified, little):
    figures = {concept: figure for concept, figure in EVERYTHING.items() if concept not in without}
    card = scored(pack, figures).scorecard
    assert (card.full_verified, verifiable_marks(pack, card)) == (verified, 36)
    assert little_verified(pack, card) is little


def test_what_does_not_apply_is_not_asked_for(pack):
    card = scored(pack, {**EVERYTHING, "base.procurement.actual": 0, "base.procurement.budget": 0}).scorecard
    assert (card.full_verified, verifiable_marks(pack, card)) == (33, 33)
    assert not little_verified(pack, card)


def test_how_much_is_little_is_a_setting(pack):
    strict = with_settings(pack, least_verified=Decimal(1))
    figures = {concept: figure for concept, figure in EVERYTHING.items() if concept != "base.card.paid"}
    card = scored(strict, figures).scorecard
    assert little_verified(strict, card) and not little_verified(pack, card)


def test_reviewed_points_count_as_verified(pack):
    reviews = {each.id: Decimal(1) for each in pack.rubric.indicators}
    assert not little_verified(pack, scored(pack, {}, reviews=reviews).scorecard)
    assert little_verified(pack, scored(pack, {}).scorecard)
