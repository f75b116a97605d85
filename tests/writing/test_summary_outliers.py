"""Outliers and whom to inspect: judged among peers, by figures that stand on the screen, and drawn the same each time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

import pytest

from jixiao.model.result import District
from jixiao.model.score import ScoreStatus
from jixiao.writing.summary.sheets.inspection import drawn_by_chance, inspection_sheet, lot, risk_of, seed_of
from jixiao.writing.summary.sheets.outliers import find_outliers
from tests.support.districts import district
from tests.support.filings import filing
from tests.support.summaries import laid, view_of

USUAL = (100, 101, 99, 102, 98, 100, 103, 97, 100)


def measured(pack, rates, *, kinds=None, indicator="staff_control"):
    """A district whose departments differ in one rate (in percent) alone."""
    whole = district(pack, 40)
    bare = filing(pack, {}).facts
    results = []
    for n, (result, rate) in enumerate(zip(whole.scored, rates, strict=False)):
        scores = tuple(
            score._replace(
                measure=Decimal(rate) / 100 if score.indicator == indicator and rate is not None else None,
                status=ScoreStatus.COMPUTED if score.indicator == indicator else score.status,
            )
            for score in result.scorecard.scores
        )
        roster = replace(result.roster, kind=kinds[n] if kinds else "行政")
        results.append(replace(result, facts=bare, scorecard=replace(result.scorecard, scores=scores), roster=roster))
    return District(tuple(results), (), True, 2022)


def told(pack, rates, **more):
    which = measured(pack, rates, **more)
    order = [result.submission_id for result in which.results]
    return [order.index(each.result.submission_id) for each in find_outliers(view_of(which, pack))]


@pytest.mark.parametrize(
    ("rates", "outliers"),
    [
        ((*USUAL, 150), [9]),
        ((*USUAL, 50), [9]),
        ((*USUAL, 150, 60), [9, 10]),
        (USUAL, []),
        # Far by the spread, yet within a tenth of the median: told to nobody.
        ((*USUAL, 109), []),
        # Eight peers are the least.
        ((*USUAL[:8], 300), [8]),
        ((*USUAL[:7], 300), []),
        # Where most are equal there is no spread.
        ((100,) * 9 + (300,), []),
        # Departments without the rate are no peers.
        ((*USUAL[:7], None, None, None, 300), []),
    ],
)
def test_a_rate_far_from_at_least_eight_peers_is_an_outlier(pack, rates, outliers):
    assert told(pack, rates) == outliers


def test_where_a_kind_has_enough_those_of_like_size_are_peers(pack):
    """A rate usual among large departments is far from what is usual among small ones."""
    rates = (*USUAL, 150, *(rate + 50 for rate in (*USUAL, 100)))  # nine small ones, a small one that is far, ten large ones
    which = measured(pack, rates)
    sized = tuple(
        replace(result, facts=filing(pack, {("expenditure.total", "summary"): 100 if n < 10 else 9000}).facts)
        for n, result in enumerate(which.results)
    )
    order = [result.submission_id for result in sized]
    found = find_outliers(view_of(replace(which, results=sized), pack))
    assert [order.index(each.result.submission_id) for each in found] == [9]
    assert found[0].alike and "规模相近" in found[0].words and found[0].peers >= 8
    # Of nobody is a size known: all of the kind are peers.
    assert {(each.alike, each.peers) for each in find_outliers(view_of(which, pack))} == {(False, 19)}


def test_peers_are_of_the_same_kind(pack):
    rates = (*USUAL, 150, *(150 + rate - 100 for rate in USUAL))
    assert told(pack, rates, kinds=["行政"] * 10 + ["事业"] * 9) == [9]
    assert told(pack, rates, kinds=["行政"] * 9 + ["事业"] * 10) == []


def test_an_outlier_is_told_in_words_with_its_peers(pack):
    (outlier,) = find_outliers(view_of(measured(pack, (*USUAL, 150)), pack))
    assert outlier.words == (
        "财政供养人员控制率为 150.00%，同类（行政）另外 9 个部门的数多在 99.00% 至 102.00% 之间（中位数 100.00%），"
        "明显高于同类，请核实数据是否填列有误，或了解原因。"
    )


def test_amounts_are_compared_by_the_rates_that_the_pack_declares(pack):
    which = measured(pack, (None,) * 10)
    people = [{"staff.actual": 10, "three_public.total": 20 + n} for n in range(9)]
    figures = [*people, {"staff.actual": 10, "three_public.total": 300}]
    results = tuple(
        replace(result, facts=filing(pack, each).facts) for result, each in zip(which.results, figures, strict=True)
    )
    (outlier,) = find_outliers(view_of(replace(which, results=results), pack))
    assert (outlier.result.submission_id, outlier.label, outlier.rate) == (results[9].submission_id, "人均三公经费", 30)
    assert outlier.words.startswith("人均三公经费为 30.00 万元/人，")


def test_the_draw_depends_on_the_files_alone_and_can_be_repeated_by_hand(pack):
    which = district(pack, 40)
    seed = seed_of(view_of(which, pack))
    turned = replace(which, results=tuple(reversed(which.results)))
    assert seed_of(view_of(turned, pack)) == seed
    assert len(seed) == 8
    first = drawn_by_chance(which.scored, seed, 5)
    assert drawn_by_chance(turned.scored, seed, 5) == first
    by_hand = sorted(which.scored, key=lambda each: sha256(f"{seed}{each.budget_code}".encode()).hexdigest())[:5]
    assert first == by_hand
    assert lot(seed, first[0]) < lot(seed, first[1])
    other = replace(which, results=which.results[1:])
    assert seed_of(view_of(other, pack)) != seed


def test_the_riskiest_come_first_with_their_reasons_then_the_random_part_without_doubles(pack):
    which = district(pack, 80)
    view = view_of(which, pack)
    outliers = find_outliers(view)
    sheet = laid(inspection_sheet(view, outliers))
    cells = {(cell.row, cell.column): cell.value for cell in sheet.cells}
    rows = [[cells[row, column] for column in range(8)] for row in range(3, 3 + 7 + 4)]
    assert [row[5] for row in rows] == ["风险"] * 7 + ["随机"] * 4
    points = {
        result.budget_code: risk_of(view, result, [each for each in outliers if each.result is result]).points
        for result in view.district.scored
    }
    assert [row[6] for row in rows[:7]] == sorted(points.values(), reverse=True)[:7]
    assert len({row[1] for row in rows}) == len(rows)
    assert all(row[7] for row in rows)
    assert seed_of(view) in str(cells[1, 2])


def test_a_clean_verified_filing_bears_no_risk(pack):
    which = district(pack, 80)
    view = view_of(which, pack)
    result = next(each for each in view.district.scored if not view.little_verified(each))
    scores = tuple(score._replace(self_marks=score.computed_marks) for score in result.scorecard.scores)
    clean = replace(result, findings=(), scorecard=replace(result.scorecard, scores=scores))
    assert risk_of(view, clean, []).points == 0
    assert risk_of(view, clean, []).reasons == ()
