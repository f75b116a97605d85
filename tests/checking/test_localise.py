"""Localisation: the cell that explains broken balances is named with its value, and nothing where nothing singles one out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from benchmarks.corruption import SHIFT, Count, study, total

from jixiao.checking.check import check
from jixiao.checking.localise.linear_system import Instance
from jixiao.checking.localise.search import System
from jixiao.demo.generate import district
from jixiao.model.fact import HEADQUARTERS as H
from jixiao.model.fact import SUMMARY as S
from jixiao.model.submission import Submission
from tests.checking.cases import everywhere
from tests.checking.clean import UNIT, changed
from tests.support.filings import UNREADABLE

D = Decimal


Cell = tuple[str, str | None, Decimal | None]


def alike(rules: tuple[str, ...], cells: set[Cell]) -> dict[str, set[Cell]]:
    """The same cells at every rule."""
    return dict.fromkeys(rules, cells)


def suggestions(pack, submission: Submission) -> dict[str, set[Cell]]:
    """For each rule with a finding the cells suggested; a rule whose findings have none stands with the empty set."""
    facts = {fact.place: fact for fact in submission.facts}
    (checked,) = check([submission], pack)
    found: dict[str, set[Cell]] = {}
    for finding in checked.findings:
        cells = found.setdefault(finding.rule, set())
        if finding.suggestion:
            fact = facts[finding.suggested_place]
            cells.add((fact.concept, fact.institution, finding.suggested_value))
    return found


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({("income.total", UNIT): "3000"}, alike(("BAL-01", "BAL-04", "AGG-01"), {("income.total", UNIT, D(300))}),
                     id="a total in three balances"),
        pytest.param({("expenditure.personnel", H): None}, alike(("BAL-03", "AGG-09"), {("expenditure.personnel", H, D(300))}),
                     id="a blank that should hold the difference"),
        pytest.param({("surplus.current_year", UNIT): "5"}, alike(("BAL-05", "AGG-12"), {("surplus.current_year", UNIT, D(0))}),
                     id="a zero that was not left"),
        pytest.param({"base.project.actual": "35"}, {"XFM-06": {("base.project.actual", None, D(350))}},
                     id="passed balances clear the other side"),
        pytest.param({"score.total.self": 79}, {"SCR-01": {("score.total.self", None, D(97))}, "SCR-02": {("score.total.self", None, D(97))}},
                     id="the total of the score sheet, swapped"),
        pytest.param({"self.total": 99}, {"SCR-02": {("self.total", None, D(97))}}, id="the stated total alone"),
        pytest.param({("income.other", UNIT): "5", ("income.carryover", UNIT): "27"},
                     {"BAL-01": {("income.carryover", UNIT, D(20))}, "BAL-05": {("income.carryover", UNIT, D(20))},
                      "AGG-06": {("income.other", UNIT, D(0))}, "AGG-02": {("income.carryover", UNIT, D(20))}},
                     id="two cells where no single one explains"),
        pytest.param({("income.other", UNIT): "5", ("fixed_assets.other", H): "11.5"},
                     {"BAL-01": {("income.other", UNIT, D(0))}, "AGG-06": {("income.other", UNIT, D(0))},
                      "BAL-07": {("fixed_assets.other", H, D(10))}, "AGG-22": {("fixed_assets.other", H, D(10))}},
                     id="failures that share no cell are told apart"),
    ],
)  # fmt: skip
def test_the_cell_is_named(pack, changes, told):
    found = suggestions(pack, changed(pack, changes))
    assert {rule: cells for rule, cells in found.items() if rule in told} == told


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"score.livelihood.self": 1, "score.livelihood.reason": "扣1分"}, id="one of twenty-five scores"),
        pytest.param(everywhere("surplus.current_year", "-37.5", "-37.5", 0), id="a cause that touches no one cell"),
        pytest.param({("expenditure.total", S): 960, ("expenditure.total", H): 680, ("surplus.cumulative", S): 40, ("surplus.cumulative", H): 20,
                      ("surplus.current_year", S): -20, ("surplus.current_year", H): -20}, id="an item of expenditure the form has no column for"),
        pytest.param({"score.livelihood.self": 22, "score.key_projects.self": 1, "score.key_projects.reason": "扣1分"}, id="no total is above a hundred"),
        pytest.param({"base.three_public.vehicle_operation.last_budget": "9", "base.three_public.reception.last_budget": "5"},
                     id="two parts of a balance that stands alone"),
    ],
)  # fmt: skip
def test_nothing_is_offered_where_nothing_singles_a_cell_out(pack, changes):
    found = suggestions(pack, changed(pack, changes))
    assert found
    assert all(not cells for rule, cells in found.items())


def test_the_sentence_names_row_label_address_slip_and_value(pack):
    (checked,) = check([changed(pack, {("fixed_assets.total", UNIT): "30"})], pack)
    told = {finding.suggestion for finding in checked.findings if finding.rule in ("BAL-07", "AGG-19")}
    place = next(finding.suggested_place for finding in checked.findings if finding.suggestion)
    assert len(told) == 1
    assert told.pop().startswith(f"疑{UNIT}“固定资产合计”（{place.sheet} {place.cell}）")


def test_a_cell_that_holds_what_it_cannot_hold_is_the_likelier_one(pack):
    found = suggestions(pack, changed(pack, {"score.livelihood.self": 22}))
    assert found["SCR-01"] == {("score.livelihood.self", None, D(2))}


def test_known_causes_come_first_and_get_no_suggestion(pack):
    left_out = everywhere("income.total", 940, 660, 280)
    found = suggestions(pack, changed(pack, left_out))
    assert found["BAL-01"] == set() and found["BAL-04"] == set()


def test_what_one_unreadable_cell_should_hold_is_said_with_the_reason(pack):
    (checked,) = check([changed(pack, {("fixed_assets.total", UNIT): UNREADABLE})], pack)
    reasons = {outcome.rule: outcome.reason for outcome in checked.outcomes}
    assert reasons["BAL-07"].endswith("无法识别为数字，按其余各项推算应为 300.00 万元")
    assert reasons["AGG-19"].endswith("无法识别为数字，按其余各项推算应为 300.00 万元")


@pytest.mark.parametrize(("ties", "groups"), [
    ([{"a", "b"}, {"c", "d"}, {"b", "c", "a"}], [[0, 1, 2]]),
    ([{"a", "b"}, {"c"}, {"a", "c", "b", "d"}, {"d"}, {"e"}], [[4], [0, 1, 2, 3]]),
    ([{"a"}, {"b"}, {"c"}], [[0], [1], [2]]),
])  # fmt: skip
def test_failures_are_grouped_by_the_cells_that_they_share(ties, groups):
    broken = [Instance("BAL-01", {(cell, None): 1 for cell in sorted(cells)}, 5, 0, failed=True) for cells in ties]
    assert sorted(System(broken).groups()) == sorted(groups)


def test_clean_filings_get_no_suggestion(pack):
    for checked in check([each.submission(pack) for each in district(pack, 30, seed=9, faulty=0)], pack):
        assert [finding for finding in checked.findings if finding.suggestion or finding.suggested_place] == []


def test_corruptions_are_found_in_a_small_study(pack):
    counts = study(pack, 6, seed=2)
    whole = total(counts)
    assert whole.named >= 0.95 * whole.broken
    assert whole.valued >= 0.90 * whole.broken
    assert whole.wrong == 0
    assert counts[SHIFT].named == counts[SHIFT].cases


@pytest.mark.slow
def test_corruptions_are_found_in_the_large_study(pack):
    whole: Count = total(study(pack, 120, seed=4))
    assert whole.named >= 0.95 * whole.cases
    assert whole.valued >= 0.90 * whole.cases


def test_failed_balances_that_share_cells_are_one_group_however_they_are_joined():
    def failing(*cells: str) -> Instance:
        return Instance("BAL-00", {(cell, None): 1 for cell in cells}, 1, 0, True)

    # The last ties the first three together, and shares more than one cell with the first.
    tied = [failing("a", "b"), failing("c"), failing("d"), failing("e"), failing("a", "c", "b", "d")]
    assert System(tied).groups() == [[3], [0, 1, 2, 4]]
    assert System([*tied, failing("c", "e", "a")]).groups() == [[0, 1, 2, 3, 4, 5]]


def test_a_suggestion_has_quotation_marks_within_quotation_marks_as_single_ones(pack):
    (checked,) = check([changed(pack, {"score.three_public_control.self": 60000})], pack)
    (told,) = (each.suggestion for each in checked.findings if each.rule == "SCR-01")
    assert "“‘三公经费’控制率·自评得分”" in told
