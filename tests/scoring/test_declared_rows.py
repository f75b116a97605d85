"""Rows that departments declare: every way to read a target, exact marks and findings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.checking.check import check
from jixiao.pack import Pack, load_pack
from jixiao.scoring import score
from tests.support.filings import filing


@pytest.fixture(scope="module")
def declared() -> Pack:
    return load_pack("hunan_2020")


def figures(row: dict[str, object] | None = None, **more: object) -> dict[str, object]:
    """A filing whose figures agree: five rows of 50, 30 and 10 points, the first of them with what is given."""
    rows: list[dict[str, object]] = [
        {"dimension": "产出指标", "criterion": "数量指标", "label": "第一项", "target": "≥55期", "actual": "60期", "full": 10, "self": 10},
        {"dimension": "产出指标", "criterion": "质量指标", "label": "第二项", "target": "≥95%", "actual": "96%", "full": 40, "self": 40},
        {"dimension": "效益指标", "criterion": "社会效益指标", "label": "第三项", "target": "提升", "actual": "达成", "full": 30, "self": 30},
        {"dimension": "满意度指标", "criterion": "服务对象满意度指标", "label": "第四项", "target": "≥90%", "actual": "95%", "full": 10, "self": 10},
    ]
    rows[0] |= row or {}
    found: dict[str, object] = {
        "report.year": "2022", "report.department": "某局", "goal.expected": "甲", "goal.actual": "乙", "budget.total.initial": 100,
        "budget.total.annual": 120, "budget.total.executed": 120, "budget.total.rate": 100, "budget.total.score": 10,
        "budget.other.initial": 100, "budget.other.annual": 120, "budget.other.executed": 120, "budget.basic.initial": 100,
        "budget.basic.annual": 120, "budget.basic.executed": 120, "indicators.total.self": 100, "staff.quota": 20, "staff.actual": 19,
    }  # fmt: skip
    for n, each in enumerate(rows, start=1):
        found |= {f"indicators.{n}.{key}": value for key, value in each.items() if value is not None}
    return found | {key.replace("__", "."): value for key, value in more.items()}


def told(pack: Pack, given: dict[str, object]) -> set[tuple[str, str | None]]:
    submission = filing(pack, {key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    findings = (*check([submission], pack)[0].findings, *score(submission, pack).checked.findings)
    return {(each.rule, each.concept) for each in findings}


QUANTITATIVE = [
    ("≥55期", "60期", "10", "at least, met"),
    ("≥55期", "55期", "10", "at least, at the edge"),
    ("≥60期", "45期", "7.5", "at least, missed"),
    ("≥3次", "1次", "3.33", "rounded down"),
    ("≥3次", "2次", "6.67", "rounded up"),
    ("≥1600人", "1441人", "9.01", "half up: 9.00625"),
    ("≤100万元", "95万元", "10", "at most, met"),
    ("≤100万元", "125万元", "8", "at most, missed"),
    ("≤3件", "0件", "10", "at most, nothing"),
    ("≤0件", "2件", "0", "at most nothing, missed"),
    ("=12次", "12次", "10", "exactly, met"),
    ("=12次", "10次", "8.33", "exactly, missed from below"),
    ("=10次", "12次", "8.33", "exactly, missed from above"),
    (">10次", "11次", "10", "more than, met"),
    ("<10次", "9次", "10", "less than, met"),
    ("<10次", "20次", "5", "less than, missed"),
    ("55期", "44期", "8", "no operator is at least"),
    ("不低于95%", "95.10%", "10", "an operator in words"),
    ("100%", "0.5", "5", "a bare rate against percent"),
    ("≥１２．５万元", "125000元", "10", "another unit of money, full width"),
    ("≥1.5万人", "12000人", "8", "ten thousands of a unit"),
    ("≥2,000人", "1000", "5", "thousands, a bare number"),
    ("80%以上", "完成60%", "7.5", "an operator behind, a word for done before"),
]


@pytest.mark.parametrize(("target", "actual", "marks", "case"), QUANTITATIVE, ids=[each[3] for each in QUANTITATIVE])
def test_figures_are_scored_against_their_target(declared, target, actual, marks, case):
    given = figures({"target": target, "actual": actual, "self": marks}, indicators__total__self=Decimal(90) + Decimal(marks))
    submission = filing(declared, given)  # type: ignore[arg-type]
    found = score(submission, declared).scorecard.of("row.1")
    assert found is not None
    assert (found.computed_marks, found.final_marks, found.status.value) == (Decimal(marks), Decimal(marks), "computed")


def test_a_target_of_cost_without_an_operator_is_at_most(declared):
    given = figures({"criterion": "成本指标", "target": "100万元", "actual": "80万元"})
    found = score(filing(declared, given), declared).scorecard.of("row.1")  # type: ignore[arg-type]
    assert found is not None and found.computed_marks == 10
    assert "未写运算符，按“≤”认定" in found.explanation


LEVELS = [
    ("达成", "8", set()), ("达成", "10", set()), ("达成", "7.99", {("SCR-11", "indicators.1.self")}),
    ("部分达成", "6", set()), ("部分达成", "7.99", set()), ("部分达成", "8", {("SCR-11", "indicators.1.self")}),
    ("未达成", "5.99", set()), ("未达成", "0", set()), ("未达成", "6", {("SCR-11", "indicators.1.self")}),
    ("有所好转", "9", {("SCR-12", "indicators.1.actual")}),
]  # fmt: skip


@pytest.mark.parametrize(("actual", "own", "expected"), LEVELS)
def test_a_qualitative_row_keeps_the_self_score_within_its_level(declared, actual, own, expected):
    row = {"target": "明显改善", "actual": actual, "self": own, "reason": None if own == "10" else "客观原因"}
    given = figures(row, indicators__total__self=Decimal(90) + Decimal(own))
    assert told(declared, given) == expected
    found = score(filing(declared, {k: v for k, v in given.items() if v is not None}), declared).scorecard.of("row.1")  # type: ignore[misc]
    assert found is not None and (found.computed_marks, found.final_marks) == (None, Decimal(own))


CASES = [
    ({}, {}, set(), "a filing whose figures agree"),
    ({"target": "≥40期"}, {}, {("SCR-13", "indicators.1.target")}, "met by 150 %"),
    ({"target": "≥41期"}, {}, set(), "met by a little less"),
    ({"target": "≥60期", "actual": "45期"}, {}, {("SCR-05", "indicators.1.self")}, "a claim that the figures do not bear"),
    ({"actual": "60人"}, {}, {("SCR-12", "indicators.1.actual")}, "another unit"),
    ({"full": 9}, {}, {("SCR-03", "indicators.1.self"), ("SCR-10", "indicators.1.full")}, "points that do not add up"),
    ({}, {"indicators.total.self": 99}, {("SCR-01", "indicators.total.self")}, "a total that is not the sum"),
    ({}, {"budget.total.score": 9, "indicators.total.self": 99}, {("SCR-05", "budget.total.score")}, "a budget score of its own"),
    ({}, {"budget.total.rate": "99"}, {("BAL-31", "budget.total.rate")}, "a printed rate that is not the quotient"),
    ({}, {"budget.total.annual": 119, "budget.other.annual": 119, "budget.basic.annual": 119, "budget.total.rate": "100.84"},
     {("PLA-21", "budget.total.score")}, "execution over 100 %"),
    ({}, {"budget.other.initial": 90}, {("BAL-21", "budget.total.initial")}, "income parts that fall short"),
    ({}, {"budget.basic.executed": 119}, {("BAL-22", "budget.total.executed")}, "spending parts that fall short"),
    ({}, {"base.operating.total.actual": 5, "base.operating.office.actual": 4, "base.operating.meetings.actual": 2},
     {("BAL-26", "base.operating.total.actual")}, "parts over the whole"),
    ({}, {"base.operating.total.actual": 5, "base.operating.office.actual": 4}, set(), "parts under the whole"),
    ({}, {"base.project.total.actual": 9, "base.project.business.actual": 4, "base.special.1.label": "甲", "base.special.1.actual": 3,
          "base.special.2.label": "乙", "base.special.2.actual": 2}, set(), "specials of the department's own"),
    ({}, {"base.project.total.actual": 9, "base.project.business.actual": 4, "base.special.1.label": "甲", "base.special.1.actual": 3},
     {("BAL-25", "base.project.total.actual")}, "a special left out"),
    ({}, {"budget.project.executed": 20, "budget.basic.executed": 100, "base.project.total.actual": 19, "base.project.business.actual": 19},
     {("XFM-21", "budget.project.executed")}, "project expenditure differs between the sheets"),
    ({}, {"staff.rate": "95"}, set(), "a printed rate to no decimals"),
    ({}, {"staff.rate": "94.9"}, {("BAL-32", "staff.rate")}, "a printed rate a tenth off"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "more", "expected", "case"), CASES, ids=[each[3] for each in CASES])
def test_a_filing_of_the_second_form_has_exactly_these_findings(declared, row, more, expected, case):
    assert told(declared, figures(row) | more) == expected


@pytest.mark.parametrize(("executed", "marks"), [("120", "10"), ("114", "9.5"), ("100", "8.33"), ("200", "10"), ("0", "0"), ("119.94", "10"), ("119.93", "9.99")])
def test_budget_execution_is_ten_times_the_rate_at_most_ten(declared, executed, marks):
    found = score(filing(declared, figures() | {"budget.total.executed": executed}), declared).scorecard  # type: ignore[arg-type]
    score_ = found.of("budget_execution")
    assert score_ is not None and score_.computed_marks == Decimal(marks)
