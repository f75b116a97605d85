"""A filing against the bureau's figures and last year's: what each rule tells, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from jixiao.checking.check import check
from jixiao.model.external_data import ExternalData
from jixiao.model.fact import Fact, Facts, FactState
from jixiao.pack import Pack
from tests.support.filings import UNREADABLE, filing

Numbers = Mapping[str, object]


def facts(pack: Pack, figures: Numbers | None) -> Facts | None:
    if figures is None:
        return None
    return Facts.of(
        Fact(concept, pack.institution_of(concept), FactState.OK, value=Decimal(str(figure)))
        if pack.concept(concept).numeric
        else Fact(concept, None, FactState.OK, text=str(figure))
        for concept, figure in figures.items()
    )


CODES = ("XFM-90", "YOY-01", "YOY-02", "YOY-03", "YOY-04")


def told(pack: Pack, own: Numbers, bureau: Numbers | None = None, previous: Numbers | None = None) -> list[tuple[str, ...]]:
    """Rule, severity, concept, 填报数, 核对数 and difference of each finding of these rules."""
    known = ExternalData(facts(pack, bureau), facts(pack, previous))
    (checked,) = check([filing(pack, own)], pack, [known])
    return [
        (each.rule, each.severity.value, each.concept or "", each.actual or "", each.expected or "", str(each.difference))
        for each in checked.findings
        if each.rule in CODES
    ]


@pytest.mark.parametrize(
    ("own", "bureau", "expected"),
    [
        ({"base.budget.adjustment": 0}, {"base.budget.adjustment": "12.5"},
         [("XFM-90", "warning", "base.budget.adjustment", "0", "12.5", "-12.5")]),
        ({"base.budget.adjustment": "12.5"}, {"base.budget.adjustment": "12.50"}, []),
        ({"base.budget.adjustment": "12.5"}, {"base.budget.adjustment": "12.504999"},
         [("XFM-90", "info", "base.budget.adjustment", "12.5", "12.504999", "-0.004999")]),
        ({"base.budget.adjustment": "12.5"}, {"base.budget.adjustment": "12.51"},
         [("XFM-90", "warning", "base.budget.adjustment", "12.5", "12.51", "-0.01")]),
        ({}, {"base.budget.adjustment": "12.5"}, []),
        ({"base.compliance.violations": 0}, {"base.compliance.violations": 2},
         [("XFM-90", "warning", "base.compliance.violations", "0", "2", "-2")]),
        ({"base.check.disclosure.2": "是"}, {"base.check.disclosure.2": "否"},
         [("XFM-90", "warning", "base.check.disclosure.2", "是", "否", "None")]),
        ({"expenditure.total": "654.74"}, {"expenditure.total": "655"},
         [("XFM-90", "warning", "expenditure.total", "654.74", "655", "-0.26")]),
        ({("expenditure.total", "headquarters"): "654.74"}, {"expenditure.total": "655"},
         [("XFM-90", "warning", "expenditure.total", "654.74", "655", "-0.26")]),
        ({"base.budget.adjustment": UNREADABLE}, {"base.budget.adjustment": "12.5"}, []),
    ],
)  # fmt: skip
def test_a_figure_that_is_not_the_bureaus_is_a_finding(
    pack: Pack, own: Numbers, bureau: Numbers, expected: list[tuple[str, ...]]
) -> None:
    assert told(pack, own, bureau) == expected


@pytest.mark.parametrize(
    ("own", "previous", "expected"),
    [
        ({"income.carryover": 8}, {"surplus.cumulative": 8}, []),
        ({"income.carryover": 5}, {"surplus.cumulative": 8}, [("YOY-01", "warning", "income.carryover", "5", "8", "-3")]),
        ({}, {"surplus.cumulative": 8}, [("YOY-01", "warning", "income.carryover", "未填列", "8", "-8")]),
        ({}, {"surplus.cumulative": 0}, []),
        ({"base.three_public.total.last_actual": "3.1"}, {"three_public.total": "1.3"},
         [("YOY-02", "warning", "base.three_public.total.last_actual", "3.1", "1.3", "1.8")]),
        ({}, {"three_public.total": "1.3"}, []),
        ({"base.three_public.total.last_actual": "3.1"}, {"base.three_public.total.actual": "3.1"}, []),
        ({"expenditure.total": "981"}, {"expenditure.total": "654"}, []),
        ({"expenditure.total": "981.01"}, {"expenditure.total": "654"},
         [("YOY-03", "warning", "expenditure.total", "981.01", "654", "327.01")]),
        ({"expenditure.total": "20"}, {"expenditure.total": "45"}, []),
        ({"staff.actual": 10}, {"staff.actual": 25}, [("YOY-03", "warning", "staff.actual", "10", "25", "-15")]),
        ({"expenditure.total": "100"}, {"expenditure.total": 0}, []),
    ],
)  # fmt: skip
def test_figures_are_compared_with_last_years(
    pack: Pack, own: Numbers, previous: Numbers, expected: list[tuple[str, ...]]
) -> None:
    assert told(pack, own, previous=previous) == expected


def test_a_difference_is_told_with_both_figures_and_the_gap(pack: Pack) -> None:
    known = ExternalData(facts(pack, {"base.budget.adjustment": "12.5"}), facts(pack, {"expenditure.total": 100}))
    (checked,) = check([filing(pack, {"base.budget.adjustment": 0, "expenditure.total": 1000})], pack, [known])
    messages = {each.rule: each.message for each in checked.findings}
    assert messages["XFM-90"] == (
        "与财政掌握数不符：基础数据表·预算调整数填报数 0.00 万元，财政掌握数 12.50 万元，差额 12.50 万元，请核实并说明。"
    )
    assert messages["YOY-03"] == (
        "年度支出和结余情况·汇总·支出合计本年 1000.00 万元，上年 100.00 万元，增加 900.00%，变动较大，请核实并说明原因。"
    )


def outcomes(pack: Pack, known: ExternalData) -> dict[str, str]:
    (checked,) = check([filing(pack, {"staff.actual": 3})], pack, [known])
    return {each.rule: each.reason for each in checked.outcomes if each.rule in CODES}


def test_rules_are_asked_only_of_what_the_run_was_given(pack: Pack) -> None:
    assert outcomes(pack, ExternalData()) == {}
    assert outcomes(pack, ExternalData(bureau=Facts(()))) == {"XFM-90": "财政核对数据中没有本部门"}
    assert set(outcomes(pack, ExternalData(previous=Facts(())))) == {"YOY-01", "YOY-02", "YOY-03", "YOY-04"}


def test_what_is_known_elsewhere_never_becomes_a_fact_of_the_filing(pack: Pack) -> None:
    own = filing(pack, {})
    check([own], pack, [ExternalData(facts(pack, {"income.total": 5}))])
    assert own.facts.value("income.total", "summary") is None




TASKS = "全年完成干部培训十二期，培训一千二百人次，深入乡镇开展调研，修订管理制度三项，按期完成年度各项工作任务。"
LENGTH = str(len(TASKS) - 5)  # five marks of punctuation
ROWS = [f"targets.quantitative.{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("own", "previous", "concepts"),
    [
        pytest.param({"profile.annual_tasks": TASKS}, {"profile.annual_tasks": TASKS}, ["profile.annual_tasks"], id="word for word"),
        pytest.param({"profile.annual_tasks": TASKS.replace("，", ", ")}, {"profile.annual_tasks": TASKS + "\n"}, ["profile.annual_tasks"],
                     id="but for blanks and punctuation"),
        pytest.param({"narrative": "经办人张三丰。" + TASKS}, {"narrative": "经办人＊＊＊。" + TASKS}, ["narrative"], id="a name that last year's result masks"),
        pytest.param({"profile.annual_tasks": TASKS.replace("十二", "十四")}, {"profile.annual_tasks": TASKS}, [], id="another figure"),
        pytest.param({"profile.annual_tasks": "按期完成。"}, {"profile.annual_tasks": "按期完成。"}, [], id="too short to tell"),
        pytest.param({"profile.annual_tasks": TASKS}, {"profile.achievements": TASKS}, [], id="last year's of another cell"),
        pytest.param({f"{row}.actual": "按期完成，办结率九十七点五" for row in ROWS}, {f"{row}.actual": "按期完成，办结率九十七点五" for row in ROWS},
                     ["targets.quantitative.1.actual"], id="the completions of all targets together"),
        pytest.param({f"{row}.actual": "按期完成，办结率九十七点五" for row in ROWS}, {f"{row}.actual": "按期完成，办结率九十七点五" for row in ROWS[:2]},
                     [], id="completions of which one is new"),
    ],
)  # fmt: skip
def test_a_text_that_is_last_years_is_told(pack, own, previous, concepts):
    assert [each[2] for each in told(pack, own, previous=previous) if each[0] == "YOY-04"] == concepts


def test_a_text_that_is_last_years_is_told_with_its_length_and_a_remedy(pack):
    known = ExternalData(None, facts(pack, {"profile.annual_tasks": TASKS}))
    (checked,) = check([filing(pack, {"profile.annual_tasks": TASKS})], pack, [known])
    (finding,) = [each for each in checked.findings if each.rule == "YOY-04"]
    assert finding.actual == LENGTH and f"“年度主要工作内容”的文字（{LENGTH} 字）" in finding.message and finding.remedy
    assert finding.place is not None and finding.severity.value == "warning"


def test_without_texts_of_last_year_the_rule_is_undecided_and_says_why(pack):
    known = ExternalData(None, facts(pack, {"surplus.cumulative": 8}))
    (checked,) = check([filing(pack, {"profile.annual_tasks": TASKS})], pack, [known])
    (outcome,) = [each for each in checked.outcomes if each.rule == "YOY-04"]
    assert (outcome.verdict, outcome.reason) == ("undecided", "上年结果中没有可比较的文字")
