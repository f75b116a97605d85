"""Groups that departments adapt: shared points, their own rows, and points that always add up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.scoring.rows import shares
from tests.scoring.support import scored

D = Decimal
BENEFITS = ("economic", "social", "ecological")
DUTIES = ("moderately_prosperous", "growth_pole", "government_report", "livelihood", "key_projects", "other_results")


def own(n: int, group: str, full: object, claim: object, label: str = "自设") -> dict[str, object]:
    """The figures of a department's own row."""
    stem = f"score.custom.{n}"
    return {f"{stem}.label": label, f"{stem}.group": group, f"{stem}.full": full, f"{stem}.self": claim}


def rows_of(found, *ids):
    return [
        (each.indicator, each.full_marks, each.final_marks) for each in found.scorecard.scores if each.indicator in ids
    ]


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ((5, 5, 5), [("economic", 5, 5), ("social", 5, 5), ("ecological", 5, 5)]),
        ((None, None, None), [("economic", 5, None), ("social", 5, None), ("ecological", 5, None)]),
        ((6, 5, 4), [("economic", 5, 5), ("social", 5, 5), ("ecological", 5, 4)]),
        ((7, 7, None), [("economic", D("7.5"), 7), ("social", D("7.5"), 7)]),
        ((8, 7, None), [("economic", 8, 8), ("social", 7, 7)]),
        ((None, 9, 5), [("social", D("9.5"), 9), ("ecological", D("5.5"), 5)]),
        ((None, 12, 5), [("social", 12, 12), ("ecological", 3, 3)]),
        ((None, None, 15), [("ecological", 15, 15)]),
        ((20, None, None), [("economic", 15, 15)]),
        ((0, None, None), [("economic", 15, 0)]),
    ],
)
def test_three_share_15_points_by_what_is_set(pack, claims, expected):
    figures = {f"score.{each}.self": claim for each, claim in zip(BENEFITS, claims, strict=True)}
    found = scored(pack, figures)
    assert rows_of(found, *BENEFITS) == expected
    assert sum(each.full_marks for each in found.scorecard.scores) == 100


def test_own_rows_take_the_place_of_the_printed_ones_left_blank(pack):
    figures = {"score.moderately_prosperous.self": 5, **own(1, "duties", 12, 11, "招商引资"), **own(2, "产出", 8, 9)}
    found = scored(pack, figures)
    assert rows_of(found, *DUTIES, "custom.1", "custom.2") == [
        ("moderately_prosperous", 5, 5), ("custom.1", 12, 11), ("custom.2", 8, 8),
    ]  # fmt: skip
    assert sum(each.full_marks for each in found.scorecard.scores) == 100
    assert found.scorecard.of("custom.1").label == "招商引资"
    assert found.scorecard.of("custom.1").evidence == "reported"
    ids = [each.indicator for each in found.scorecard.scores]
    assert ids.index("custom.1") == ids.index("moderately_prosperous") + 1


def test_a_blank_printed_row_stays_where_own_rows_leave_its_points(pack):
    figures = {"score.growth_pole.self": 7, **own(1, "duties", 13, 12)}
    found = scored(pack, figures)
    assert rows_of(found, *DUTIES, "custom.1") == [
        ("moderately_prosperous", 5, None), ("growth_pole", 7, 7), ("custom.1", 13, 12),
    ]  # fmt: skip
    assert sum(each.full_marks for each in found.scorecard.scores) == 100


def test_own_rows_without_points_share_what_the_others_leave(pack):
    figures = {**own(1, "duties", 11, 10), **own(2, "duties", None, 6), **own(3, "duties", None, 7)}
    assert rows_of(scored(pack, figures), "custom.1", "custom.2", "custom.3") == [
        ("custom.1", 11, 10), ("custom.2", 7, 6), ("custom.3", 7, 7),
    ]  # fmt: skip


def test_own_rows_of_the_shared_group_leave_the_rest_to_the_printed_rows_that_are_set(pack):
    figures = {"score.economic.self": 6, **own(1, "经济效益、社会效益、生态效益", 8, 8)}
    found = scored(pack, figures)
    assert rows_of(found, *BENEFITS, "custom.1") == [("economic", 7, 6), ("custom.1", 8, 8)]
    assert sum(each.full_marks for each in found.scorecard.scores) == 100


def test_a_group_over_its_points_loses_what_is_over_from_its_last_row(pack):
    figures = {**own(1, "duties", 20, 20), **own(2, "duties", 20, 4), **own(3, "duties", 20, 3)}
    found = scored(pack, figures)
    assert rows_of(found, "custom.1", "custom.2", "custom.3") == [
        ("custom.1", 20, 20), ("custom.2", 20, 4), ("custom.3", 20, 1),
    ]  # fmt: skip
    assert found.scorecard.of("custom.3").explanation.endswith("“产出”合计超过 25 分，本项扣减 2 分。")


def test_a_reviewed_row_keeps_its_score_while_others_can_give_way(pack):
    figures = {**own(1, "duties", 20, 20), **own(2, "duties", 20, 4)}
    found = scored(pack, figures, reviews={"custom.2": D(10)})
    assert rows_of(found, "custom.1", "custom.2") == [("custom.1", 20, 15), ("custom.2", 20, 10)]


def test_own_rows_beyond_the_printed_ones_do_not_earn_beyond_the_group(pack):
    figures = {f"score.{each}.self": pack.rubric.indicator(each).full_marks for each in DUTIES}
    found = scored(pack, {**figures, **own(1, "duties", 5, 5)})
    finals = [final for _, _, final in rows_of(found, *DUTIES, "custom.1")]
    assert sum(finals) == 25
    assert finals[-1] == 0


@pytest.mark.parametrize(
    ("points", "claims", "expected"),
    [
        (15, [None, None, None], [5, 5, 5]),
        (15, [1, 2], ["7.5", "7.5"]),
        (15, [None] * 7, ["2.14"] * 6 + ["2.16"]),
        (15, [8, 3], [10, 5]),
        (15, [20, 3], [15, 0]),
        (0, [2, 1], [0, 0]),
        (15, [], []),
    ],
)
def test_points_are_shared_out_to_the_last_hundredth(points, claims, expected):
    found = shares(D(points), [None if each is None else D(each) for each in claims])
    assert found == [D(each) for each in expected]
    assert not claims or sum(found) == points
