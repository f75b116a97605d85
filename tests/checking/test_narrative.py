"""Amounts of the narrative are tied to concepts only where the words leave no doubt."""

from __future__ import annotations

import pytest

from jixiao.checking.check import check
from jixiao.checking.rules.narrative import ties
from tests.checking.clean import changed

TIED = [
    ("2022年，我单位总收入654.74万元，其中财政拨款654.74万元。", {"income.total 654.74", "income.general_public_budget 654.74"}),
    ("总支出654.74万元，基本支出654.74万元，其中人员支出334.41万，公用支出334.41万元。",
     {"expenditure.total 654.74", "expenditure.basic 654.74", "expenditure.personnel 334.41", "expenditure.operating 334.41"}),
    ("收入合计为6,547,400元", {"income.total 654.74"}),
    ("本年三公经费支出共计1.3万元，其中：公务接待费1.3万元，因公出国（境）费0万元", {"three_public.total 1.3", "three_public.reception 1.3", "three_public.overseas_travel 0"}),
    ("“三公”经费支出1.3万元", {"three_public.total 1.3"}),
    ("总支出（含上年结转20万元）654.74万元", {"expenditure.total 654.74"} | {"income.carryover 20"}),
    ("一般公共预算拨款收入600万元", {"income.general_public_budget 600"}),
    ("基本支出中人员支出334.41万元", {"expenditure.personnel 334.41"}),
    ("人员编制31人，在职人员25人", {"staff.quota 31", "staff.actual 25"}),
    ("年末结余0万元；固定资产35.94万元", {"surplus.cumulative 0", "fixed_assets.total 35.94"}),
    ("总收入：654.74万元\n总支出：654.74万元", {"income.total 654.74", "expenditure.total 654.74"}),
    ("其中：一般公共预算财政拨款收入600.00万元，政府性基金预算财政拨款收入54.74万元", {"income.general_public_budget 600", "income.government_fund 54.74"}),
    ("纳入专户管理的非税收入拨款3万元，其他收入10万元", {"income.special_account_nontax 3", "income.other 10"}),
    ("人员经费支出400万元，日常公用经费200万元", {"expenditure.personnel 400", "expenditure.operating 200"}),
    ("固定资产800万元，其中在用固定资产760万元，出租固定资产30万元", {"fixed_assets.total 800", "fixed_assets.in_use 760", "fixed_assets.leased_out 30"}),
    ("某局总支出950万元", {"expenditure.total 950"}),
    ("我局实有在职人员58人，核定人员编制60名", {"staff.actual 58", "staff.quota 60"}),
    ("全年实现总收入0.1亿元，部门整体支出9500000元", {"income.total 1000", "expenditure.total 950"}),
    ("“三公经费”支出12.5万元，公车运行维护费6万元，因公出国（境）费用4万元",
     {"three_public.total 12.5", "three_public.vehicle_operation 6", "three_public.overseas_travel 4"}),
    ("2022年度项目支出50万元、公用支出20万元", {"expenditure.project 50", "expenditure.operating 20"}),
]  # fmt: skip

LEFT_ALONE = [
    "2021年，总收入600万元，总支出580万元。",
    "上年总收入600万元，总支出580万元",
    "总收入较上年增加12万元",
    "公务接待费比上年减少0.5万元",
    "年初预算总收入700万元",
    "总支出预算为700万元",
    "基本支出和项目支出共计654.74万元",
    "基本支出、项目支出分别为600万元、54.74万元",
    "非财政拨款收入30万元",
    "人均公用支出2.5万元",
    "项目支出主要用于道路维修50万元",
    "项目支出中安排培训费5万元",
    "总收入约655万元",
    "总收入650余万元",
    "公用支出占总支出的48.9%",
    "下属单位基本支出100万元",
    "其他财政拨款收入3万元",
    "一次性开支30000元以上的需经部委会集体研究决定",
    "财政拨款支出654.74万元",
    "项目支出预算执行率98%",
    "1-6月项目支出20万元",
    "人员经费人均12万元",
    "基本支出同比增长5万元",
    "严格控制公务接待费，全年节约3万元",
    "年度支出计划500万元",
    "乡村振兴项目支出50万元",
    "聘用人员经费20万元",
    "离退休人员支出5万元",
    "城区服务中心收入合计300万元",
    "新增固定资产50万元，处置固定资产5万元，闲置固定资产3万元",
    "上级财政拨款80万元",
    "聘用在职人员3人",
    "行政人员编制40人",
    "公务用车购置及运行维护费6万元",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TIED, ids=[text for text, _ in TIED])
def test_an_amount_is_tied_to_the_concept_named_before_it(text, expected, pack):
    assert {f"{tie.entry.concept} {tie.amount.value}" for tie in ties(text, pack, 2022, "某局")} == expected


@pytest.mark.parametrize("text", LEFT_ALONE, ids=LEFT_ALONE)
def test_an_amount_of_another_sense_is_left_alone(text, pack):
    assert list(ties(text, pack, 2022)) == []


AGREEING = [
    "总收入1000万元，总收入1000.00万元，总收入10,000,000元，总收入0.1亿元。",
    "三公经费12.5万元。三公经费13万元。",  # written without decimals
    "财政拨款收入930万元。财政拨款收入900万元。",  # with the government fund, and without
    "2021年总收入1200万元，2022年总收入1000万元。",
]

DIFFERING = [
    ("总收入1001万元。", {("income.total", "1000", "1001")}),
    ("三公经费12.4万元。", {("three_public.total", "12.5", "12.4")}),
    ("三公经费12.50万元，公务接待费6万元。", {("three_public.reception", "2.5", "6")}),
    ("项目支出351万元，项目支出351.00万元。", {("expenditure.project", "350", "351")}),
    ("在职人员57人。", {("staff.actual", "58", "57")}),
    ("财政拨款收入931万元。", {("income.general_public_budget", "900", "931")}),
    ("总收入1001万元（其中上年结转61万元）。", {("income.total", "1000", "1001"), ("income.carryover", "60", "61")}),
]


@pytest.mark.parametrize("text", AGREEING)
def test_amounts_that_agree_as_far_as_they_are_written(text, pack):
    (checked,) = check([changed(pack, {"narrative": text})], pack)
    assert checked.findings == ()


@pytest.mark.parametrize(("text", "expected"), DIFFERING, ids=[text for text, _ in DIFFERING])
def test_amounts_that_differ(text, expected, pack):
    (checked,) = check([changed(pack, {"narrative": text})], pack)
    assert {(each.concept, each.expected, each.actual) for each in checked.findings} == expected
    assert {each.rule for each in checked.findings} == {"TXT-01"}


def test_the_hint_names_the_neighbour_that_holds_the_amount(pack):
    (checked,) = check([changed(pack, {"narrative": "三公经费12.5万元，其中公务接待费6.00万元。"})], pack)
    assert [finding.message.endswith("6 是相邻的“公务用车运维费”。") for finding in checked.findings] == [True]


def test_a_rate_that_is_left_open_is_named_with_its_own_quotation_marks_as_single_ones(pack):
    blank = {f"base.three_public.total.{column}": None for column in ("last_actual", "actual", "budget")}
    (checked,) = check([changed(pack, {"narrative": "“三公经费”变动率为-3.85%。", **blank})], pack)
    (reason,) = (each.reason for each in checked.outcomes if each.rule == "TXT-02")
    assert reason == "“‘三公经费’变动率”的计算依据未填列"
