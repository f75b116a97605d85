"""Cases of the checking rules: what is changed in the clean filing, and exactly what must then be told.

A finding is "code concept[@institution] severity"; `undecided` lists the rules that must say they could not decide.
"""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from jixiao.model.fact import HEADQUARTERS as H
from jixiao.model.fact import SUMMARY as S
from tests.checking.clean import MONEY, UNIT
from tests.support.filings import UNREADABLE

Key = str | tuple[str, str]


class Case(NamedTuple):
    """One departure from the clean filing."""

    sentence: str
    changes: dict[Key, object]
    findings: Set[str] = frozenset()
    undecided: Set[str] = frozenset()
    absent: tuple[str, ...] = ()


def everywhere(concept: str, *amounts: object) -> dict[Key, object]:
    """A money concept at summary, headquarters and unit."""
    return dict(zip(((concept, S), (concept, H), (concept, UNIT)), amounts, strict=True))


def without(*institutions: str) -> dict[Key, object]:
    """Every money cell of these institutions blank."""
    return {(concept, each): None for concept in MONEY for each in institutions}


BLOCKS = (
    "cover", "cover_year", "profile", "income", "expenditure", "three_public", "fixed_assets", "qualitative", "quantitative", "self",
    "score", "narrative",
)  # fmt: skip


CASES = [
    # ------------------------------------------------------------ 必填
    Case("a blank staff quota is an error", {"staff.quota": None}, {"REQ-01 staff.quota error"}, {"PLA-02"}),
    Case("a blank stated total is an error and leaves its comparison open", {"self.total": None}, {"REQ-01 self.total error"}, {"SCR-02"}),
    Case("a blank grade is a warning", {"self.grade": None}, {"REQ-02 self.grade warning"}),
    Case("a blank narrative is a warning", {"narrative": None}, {"REQ-02 narrative warning"}, {"TXT-01"}),
    Case("a blank self score is a warning and counts as zero", {"score.livelihood.self": None},
         {"REQ-02 score.livelihood.self warning", "SCR-01 score.total.self error"}),
    Case("blank optional cells are no finding", {"base.procurement.actual": None, "base.satisfaction": None}),
    Case("the units' blank totals are not demanded", without(UNIT) | everywhere("income.total", 700, 700, None) | {
        (concept, S): amounts[1] for concept, amounts in MONEY.items()} | {
        "narrative": "已按要求完成。", "base.three_public.total.actual": None, "base.three_public.reception.actual": None,
        "base.three_public.vehicle_operation.actual": None, "base.three_public.overseas_travel.actual": None,
        "base.project.actual": None, "base.key_project.actual": 100, "base.operating.actual": None}),
    Case("a form of which no block was found is not told cell by cell", {}, set(), {"REQ-01", "REQ-02"}, BLOCKS),
    Case("a missing block is not told cell by cell", {}, set(), {"SCR-02"}, ("self",)),
    # ------------------------------------------------------------ 单元格
    Case("an amount below zero", {"base.procurement.actual": -3}, {"PLA-01 base.procurement.actual error"}),
    Case("surpluses and adjustments may be negative", everywhere("surplus.current_year", -10, -10, 0) | {"base.budget.adjustment": -500}),
    Case("an unreadable amount has no sign", {"base.procurement.actual": UNREADABLE}, set(), {"PLA-01"}),
    Case("half a person", {"staff.actual": "46.5"}, {"CEL-08 staff.actual warning"}),
    Case("an unreadable count is not called broken", {"base.funds.count": UNREADABLE}, set(), {"CEL-08", "PLA-01"}),
    Case("an answer that is none", {"base.check.disclosure.1": "基本是"}, {"CEL-09 base.check.disclosure.1 warning"}),
    Case("an unreadable answer", {"base.check.disclosure.1": UNREADABLE}, set(), {"CEL-09"}),
    # ------------------------------------------------------------ 表内勾稽
    Case("a part of income is wrong in one unit: the balance and the aggregate", {("income.other", UNIT): 5},
         {f"BAL-01 income.total@{UNIT} error", "AGG-06 income.other@summary error"}),
    Case("a total blank beside filled parts names its own cell", {("three_public.total", H): None},
         {"BAL-06 three_public.total@headquarters error", "AGG-14 three_public.total@summary error"}),
    Case("a total blank beside parts that are all zero is no finding", everywhere("three_public.total", None, None, None) | {
        (concept, each): 0 for concept in ("three_public.reception", "three_public.vehicle_operation", "three_public.overseas_travel") for each in (S, H, UNIT)} | {
        f"base.three_public.{part}.actual": None for part in ("total", "reception", "vehicle_operation", "vehicle_purchase", "overseas_travel")},
        {"REQ-02 three_public.total@summary warning"}, {"PLA-04", "PLA-05"}),
    Case("a gap that rounding explains is told, not blamed", {("fixed_assets.other", H): "10.01", ("fixed_assets.other", S): "10.01"},
         {"BAL-07 fixed_assets.total@headquarters info", "BAL-07 fixed_assets.total@summary info"}),
    Case("the last 分 that rounding can explain: half a unit for each of three filled terms", everywhere("expenditure.basic", "600.015", "420.015", "180") | {
        ("expenditure.total", S): "950.015", ("expenditure.total", H): "670.015", ("surplus.cumulative", S): "49.985", ("surplus.cumulative", H): "29.985",
        ("surplus.current_year", S): "-10.015", ("surplus.current_year", H): "-10.015"},
        {"BAL-03 expenditure.basic@headquarters info", "BAL-03 expenditure.basic@summary info"}),
    Case("one 分 more is an error", everywhere("expenditure.basic", "600.0151", "420.0151", "180") | {
        ("expenditure.total", S): "950.0151", ("expenditure.total", H): "670.0151", ("surplus.cumulative", S): "49.9849", ("surplus.cumulative", H): "29.9849",
        ("surplus.current_year", S): "-10.0151", ("surplus.current_year", H): "-10.0151"},
        {"BAL-03 expenditure.basic@headquarters error", "BAL-03 expenditure.basic@summary error"}),
    Case("an unreadable term leaves its balances open", {("expenditure.project", H): UNREADABLE}, set(), {"BAL-02", "AGG-11", "PLA-01"}),
    Case("an unreadable total leaves its balances open", {("fixed_assets.total", UNIT): UNREADABLE}, set(), {"BAL-07", "AGG-19", "PLA-01"}),
    Case("income unreadable", {("income.total", S): UNREADABLE}, set(), {"BAL-01", "BAL-04", "AGG-01", "PLA-01", "TXT-01"}),
    Case("basic expenditure unreadable", {("expenditure.basic", UNIT): UNREADABLE}, set(), {"BAL-02", "BAL-03", "AGG-08", "PLA-01"}),
    Case("surplus unreadable", {("surplus.cumulative", UNIT): UNREADABLE}, set(), {"BAL-04", "BAL-05", "AGG-13", "PLA-08"}),
    Case("a part of 三公经费 unreadable", {("three_public.reception", UNIT): UNREADABLE}, set(), {"BAL-06", "AGG-15", "PLA-01"}),
    Case("expenditure that does not add up", {("expenditure.project", H): 240, ("expenditure.project", S): 340, "base.project.actual": None, "narrative": "略。"},
         {"BAL-02 expenditure.total@headquarters error", "BAL-02 expenditure.total@summary error"}),
    Case("key projects over the form's project expenditure, where the base sheet has none", {"base.project.actual": None, "base.key_project.actual": 351},
         {"PLA-03 base.key_project.actual error"}),
    Case("a balance over two tables is open where one of them is missing", {}, set(), {"BAL-04", "BAL-05"}, ("income",)),
    Case("cumulative surplus that differs from carryover and current year", everywhere("surplus.current_year", -9, -9, 0),
         {"BAL-05 surplus.cumulative@summary error", "BAL-05 surplus.cumulative@headquarters error"}),
    Case("income that differs from expenditure and surplus", everywhere("surplus.cumulative", 45, 25, 20) | everywhere("surplus.current_year", -15, -15, 0),
         {"BAL-04 income.total@summary error", "BAL-04 income.total@headquarters error"}),
    # ------------------------------------------------------------ 已知原因
    Case("income that leaves the carryover out is an explained difference of two balances", everywhere("income.total", 940, 660, 280) | {"narrative": "略。"},
         {f"{code} income.total@{each} warning" for code in ("BAL-01", "BAL-04") for each in (S, H, UNIT)}),
    Case("only one of the two off by the carryover is no known cause", everywhere("income.total", 940, 660, 280) | everywhere("income.general_public_budget", 840, 600, 240)
         | {"narrative": "略。"},
         {f"BAL-04 income.total@{each} error" for each in (S, H, UNIT)}),
    Case("a carryover left blank is suspected where expenditure is over income by what it could be",
         everywhere("income.carryover", None, None, None) | everywhere("income.total", 940, 660, 280)
         | everywhere("surplus.cumulative", 50, 30, 20) | {"narrative": "略。"},
         {f"{code} {concept}@{each} warning" for code, concept in (("BAL-04", "income.total"), ("BAL-05", "surplus.cumulative")) for each in (S, H)}
         | {f"BAL-04 income.total@{UNIT} error", f"BAL-05 surplus.cumulative@{UNIT} error"}),
    Case("a blank carryover excuses nothing where expenditure itself does not add up",
         everywhere("income.carryover", None, None, None) | everywhere("income.total", 940, 660, 280) | everywhere("expenditure.total", 950, 672, 280)
         | everywhere("surplus.cumulative", None, None, None) | everywhere("surplus.current_year", None, None, None)
         | {"narrative": "略。", ("expenditure.total", S): 952},
         {"BAL-04 income.total@summary error", "BAL-04 income.total@headquarters error",
          "BAL-02 expenditure.total@summary error", "BAL-02 expenditure.total@headquarters error"}),
    # ------------------------------------------------------------ 汇总
    Case("only the summary row filled: one note for the form", without(H, UNIT), {"AGG-90 income.total@summary info"}, {"AGG-90", "AGG-01", "AGG-22"}),
    Case("only headquarters filled: taken for the summary", without(S, UNIT) | {"narrative": "总收入700万元，总支出670万元。",
         "base.three_public.total.actual": "8.5", "base.three_public.reception.actual": "1.5", "base.three_public.vehicle_operation.actual": 4,
         "base.three_public.overseas_travel.actual": 3, "base.project.actual": 250, "base.operating.actual": 120, "base.key_project.actual": 200},
         {"AGG-91 income.total@summary warning"}, {"AGG-01", "AGG-22"}),
    Case("what headquarters stand for is told at headquarters", without(S, UNIT) | {("income.total", H): None, ("expenditure.operating", H): 121, "narrative": "公用支出120万元。",
         "base.three_public.total.actual": None, "base.three_public.reception.actual": None, "base.three_public.vehicle_operation.actual": None,
         "base.three_public.overseas_travel.actual": None, "base.project.actual": None, "base.operating.actual": 120, "base.key_project.actual": None},
         {"AGG-91 income.total@summary warning", "REQ-01 income.total@headquarters error", "BAL-01 income.total@headquarters error",
          "BAL-04 income.total@headquarters error", "BAL-03 expenditure.basic@headquarters error",
          "XFM-07 expenditure.operating@headquarters error", "TXT-01 expenditure.operating@summary warning"}, {"PLA-03", "PLA-05"}),
    Case("a summary left blank beside headquarters and a unit is wrong in every column", without(S) | {"narrative": "略。"},
         {"REQ-01 income.total@summary error", "REQ-01 expenditure.total@summary error",
          "REQ-02 three_public.total@summary warning", "REQ-02 fixed_assets.total@summary warning"}
         | {f"AGG-{n:02d} {concept}@summary error" for n, concept in enumerate(MONEY, start=1) if MONEY[concept][0] not in ("0",)},
         {"PLA-04"}),
    Case("nothing filled in the money tables", without(S, H, UNIT) | {"narrative": "略。"},
         {"REQ-01 income.total@summary error", "REQ-01 expenditure.total@summary error",
          "REQ-02 three_public.total@summary warning", "REQ-02 fixed_assets.total@summary warning"}, {"AGG-90", "AGG-91", "PLA-04", "PLA-08"}),
    # ------------------------------------------------------------ 表间
    Case("base data that differ from the form are told at the form's cell", {"base.operating.actual": 201}, {"XFM-07 expenditure.operating@summary error"}),
    Case("base data on one side only are not compared", {"base.operating.actual": None}, set(), {"XFM-07"}),
    Case("unreadable base data leave what they enter open", {"base.three_public.total.actual": UNREADABLE}, set(), {"XFM-01", "BAL-08", "PLA-05", "PLA-01"}),
    Case("unreadable base parts", {"base.three_public.reception.actual": UNREADABLE, "base.three_public.vehicle_operation.actual": UNREADABLE,
         "base.three_public.vehicle_purchase.actual": UNREADABLE, "base.three_public.overseas_travel.actual": UNREADABLE},
         set(), {"XFM-02", "XFM-03", "XFM-04", "XFM-05", "BAL-08"}),
    Case("unreadable project base data", {"base.project.actual": UNREADABLE, "base.operating.actual": UNREADABLE}, set(), {"XFM-06", "XFM-07", "PLA-03"}),
    Case("base totals that do not add up", {"base.three_public.total.budget": 14}, {"BAL-08 base.three_public.total.budget error"}),
    Case("a part that is zero everywhere but in one unit", {("income.special_account_nontax", UNIT): 3},
         {f"BAL-01 income.total@{UNIT} error", "AGG-05 income.special_account_nontax@summary error"}),
    Case("a purchase that only one unit states", {("three_public.vehicle_purchase", UNIT): 1},
         {f"BAL-06 three_public.total@{UNIT} error", "AGG-17 three_public.vehicle_purchase@summary error"}),
    *(Case(f"base data of {part} that differ from the form", {f"base.three_public.{part}.actual": figure},
           {f"XFM-{n:02d} three_public.{part}@summary error", "BAL-08 base.three_public.total.actual error"} | also)
      for n, part, figure, also in ((1, "total", 12, set()), (2, "reception", "1.5", set()), (3, "vehicle_operation", 5, set()),
         (4, "vehicle_purchase", 1, {"PLA-05 base.three_public.vehicle_purchase.actual warning"}), (5, "overseas_travel", 3, set()))),
    Case("base data of projects that differ from the form", {"base.project.actual": 351}, {"XFM-06 expenditure.project@summary error"}),
    # ------------------------------------------------------------ 评分
    Case("a total that is not the sum", {"score.total.self": 98, "self.total": 98}, {"SCR-01 score.total.self error"}),
    Case("a blank total beside self scores", {"score.total.self": None}, {"REQ-01 score.total.self error", "SCR-01 score.total.self error"}, {"SCR-02"}),
    Case("an unreadable self score leaves the sum open", {"score.livelihood.self": UNREADABLE}, set(), {"SCR-01", "SCR-03", "SCR-04"}),
    Case("an unreadable total leaves both totals open", {"score.total.self": UNREADABLE}, set(), {"SCR-01", "SCR-02"}),
    Case("a stated total that is not the total", {"self.total": 95}, {"SCR-02 self.total error"}),
    Case("an unreadable stated total", {"self.total": UNREADABLE}, set(), {"SCR-02", "SCR-06"}),
    Case("a self score over its full marks", {"score.livelihood.self": 3, "score.total.self": 98, "self.total": 98}, {"SCR-03 score.livelihood.self error"}),
    Case("a self score below zero is told once", {"score.livelihood.self": -1, "score.livelihood.reason": "扣3分", "score.total.self": 94, "self.total": 94},
         {"SCR-03 score.livelihood.self error"}),
    Case("a shared score over its own five points where all three are set", {"score.social.self": 6, "score.economic.self": 4, "score.economic.reason": "扣1分"},
         {"SCR-03 score.social.self error"}),
    Case("shared points all claimed by one of three", {"score.social.self": 15, "score.economic.self": None, "score.ecological.self": None}),
    Case("shared points claimed beyond the group's", {"score.social.self": 12, "score.economic.self": 5, "score.ecological.self": None, "score.total.self": 99, "self.total": 99},
         {"SCR-03 score.economic.self error", "REQ-02 score.ecological.self warning"} - {"REQ-02 score.ecological.self warning"}),
    Case("shared points partly claimed, two of three set, are one deduction", {"score.social.self": 5, "score.economic.self": 5, "score.ecological.self": None,
         "score.total.self": 92, "self.total": 92},
         {"REQ-02 score.ecological.self warning", "SCR-04 score.economic.reason warning"}),
    Case("a department's own rows stand for the printed ones", {f"score.{row}.self": None for row in
         ("moderately_prosperous", "growth_pole", "government_report", "livelihood", "key_projects", "other_results")} | {
         "score.custom.1.label": "乡村振兴", "score.custom.1.full": 15, "score.custom.1.self": 15, "score.custom.1.group": "duties",
         "score.custom.2.label": "安全生产", "score.custom.2.full": 10, "score.custom.2.self": 10, "score.custom.2.group": "duties"}),
    Case("an own row over its points", {f"score.{row}.self": None for row in
         ("moderately_prosperous", "growth_pole", "government_report", "livelihood", "key_projects", "other_results")} | {
         "score.custom.1.label": "乡村振兴", "score.custom.1.full": 15, "score.custom.1.self": 16, "score.custom.1.group": "产出",
         "score.custom.2.label": "安全生产", "score.custom.2.full": 10, "score.custom.2.self": 9, "score.custom.2.group": "产出", "score.custom.2.reason": None},
         {"SCR-03 score.custom.1.self error", "SCR-04 score.custom.2.reason warning"}),
    Case("own rows that share a group's points are bounded together", {f"score.{row}.self": None for row in ("economic", "social", "ecological")} | {
         "score.custom.1.label": "带动就业", "score.custom.1.self": 9, "score.custom.1.group": "经济效益、社会效益、生态效益",
         "score.custom.2.label": "节能减排", "score.custom.2.self": 8, "score.custom.2.group": "benefits", "score.total.self": 99, "self.total": 99},
         {"SCR-03 score.custom.1.self error"}),
    Case("own rows that share a group's points and claim them all", {f"score.{row}.self": None for row in ("economic", "social", "ecological")} | {
         "score.custom.1.label": "带动就业", "score.custom.1.self": 9, "score.custom.1.group": "经济效益、社会效益、生态效益",
         "score.custom.2.label": "节能减排", "score.custom.2.self": 6, "score.custom.2.group": "benefits"}),
    Case("an own row without points outside a shared group is not bounded", {f"score.{row}.self": None for row in
         ("moderately_prosperous", "growth_pole", "government_report", "livelihood", "key_projects", "other_results")} | {
         "score.custom.1.label": "乡村振兴", "score.custom.1.self": 25, "score.custom.1.group": "产出"}, set(), {"SCR-03"}),
    Case("a deduction without a reason", {"score.budget_adjustment.reason": None}, {"SCR-04 score.budget_adjustment.reason warning"}),
    Case("a dash is no reason", {"score.budget_adjustment.reason": "——"}, {"SCR-04 score.budget_adjustment.reason warning"}),
    Case("full marks beside a reason for a deduction", {"score.livelihood.reason": "存在未完成事项，扣1分"}, {"SCR-09 score.livelihood.reason warning"}),
    Case("full marks beside another remark", {"score.livelihood.reason": "已全部完成，未发现问题", "score.key_projects.reason": "详见附件3", "score.surplus.reason": "不扣分"}),
    Case("a reason without a score is not judged", {"score.budget_adjustment.self": UNREADABLE}, set(), {"SCR-01", "SCR-03", "SCR-04", "SCR-09"}),
    Case("a grade that the total does not earn", {"self.grade": "良"}, {"SCR-06 self.grade warning"}),
    Case("the edge of a grade", {"self.grade": "良", "self.total": "89.5", "score.total.self": "89.5"}, {"SCR-01 score.total.self error"}),
    # ------------------------------------------------------------ 目标
    Case("a number in the target, only 完成 in the completion", {"targets.quantitative.1.actual": "已完成。"}, {"TGT-01 targets.quantitative.1.actual warning"}),
    Case("years, periods and numbering are no numbers", {"targets.quantitative.1.target": "指标2：2022年6月底前按〔2018〕10号文和“十四五”规划完成第3季度任务", "targets.quantitative.1.actual": "完成"}),
    Case("a target in per cent that is done in per cent", {"targets.quantitative.2.actual": "100%完成"}),
    Case("a satisfaction target without any figure", {"targets.quantitative.3.target": "群众比较满意", "targets.quantitative.3.actual": "满意"}, {"TGT-02 targets.quantitative.3.actual warning"}),
    Case("a satisfaction figure in the completion is enough", {"targets.quantitative.3.target": "群众比较满意"}),
    Case("a target without completion", {"targets.quantitative.2.actual": None}, {"TGT-03 targets.quantitative.2.actual warning"}),
    Case("a completion that repeats the target", {"targets.quantitative.1.actual": "举办培训班 12 期。"}, {"TGT-04 targets.quantitative.1.actual warning"}),
    Case("an unreadable completion", {"targets.quantitative.1.actual": UNREADABLE, "targets.quantitative.3.actual": UNREADABLE}, set(), {"TGT-01", "TGT-02", "TGT-03", "TGT-04"}),
    Case("no target at all", {f"targets.quantitative.{n}.{column}": None for n in (1, 2, 3) for column in ("kind", "target", "actual")},
         {"TGT-05 targets.quantitative.1.target warning"}),
    Case("no target, and the block is missing", {f"targets.quantitative.{n}.{column}": None for n in (1, 2, 3) for column in ("kind", "target", "actual")},
         set(), {"TGT-05"}, ("quantitative",)),
    # ------------------------------------------------------------ 综述
    Case("an amount of the narrative that differs", {"narrative": "项目支出351万元。"}, {"TXT-01 expenditure.project@summary warning"}),
    Case("an amount of a cell that is blank", {("expenditure.project", S): None, ("expenditure.project", H): None, ("expenditure.project", UNIT): None,
         "base.project.actual": None, "narrative": "项目支出350万元。"}, {"TXT-01 expenditure.project@summary warning"}
         | {f"BAL-02 expenditure.total@{each} error" for each in (S, H, UNIT)}, {"PLA-03"}),
    Case("a rate of the narrative that differs", {"narrative": "固定资产利用率98%。"}, {"TXT-02 narrative warning"}),
    Case("a rate of the narrative, rounded as it is written", {"narrative": "财政供养人员控制率为96.7%，预算调整率2%，满意度逐年提高。"}),
    Case("a rate under another reading of the rule is no difference", {"narrative": "“三公经费”变动率为-3.85%。"}),
    Case("a rate without its figures is left open", {"narrative": "公务卡刷卡率66.67%。", "base.card.paid": None}, set(), {"TXT-02"}),
    Case("a rate with an unreadable figure is left open", {"narrative": "公务卡刷卡率66.67%。", "base.card.paid": UNREADABLE}, set(), {"TXT-02"}),
    Case("the rate of another year is not compared", {"narrative": "上年公务卡刷卡率50%。"}, set(), {"TXT-02"}),
    # ------------------------------------------------------------ 合理性
    Case("one unit's table filled in 元", {(concept, UNIT): f"{float(MONEY[concept][2]) * 10000:.0f}" for concept in MONEY if concept.startswith("fixed_assets")},
         {"PLA-09 fixed_assets.total@城区服务中心 warning"} | {f"AGG-{n} {concept}@summary error" for n, concept in ((19, "fixed_assets.total"), (20, "fixed_assets.in_use"), (21, "fixed_assets.leased_out"))}),
    Case("one amount that stands out is a mistyped cell, no table in another unit", {("fixed_assets.total", UNIT): 3000000},
         {f"BAL-07 fixed_assets.total@{UNIT} error", "AGG-19 fixed_assets.total@summary error"}
         | ({"PLA-09 fixed_assets.total@城区服务中心 warning"} - {"PLA-09 fixed_assets.total@城区服务中心 warning"})),
    Case("the whole expenditure table filled in 元", {(concept, each): f"{float(amounts[n]) * 10000:.0f}" for concept, amounts in MONEY.items() if concept.startswith(("expenditure", "surplus"))
         for n, each in enumerate((S, H, UNIT))} | {"narrative": "略。", "base.project.actual": None, "base.operating.actual": None},
         {"PLA-09 expenditure.total@summary warning"} | {f"{code} {concept}@{each} error" for each in (S, H, UNIT) for code, concept in (("BAL-04", "income.total"), ("BAL-05", "surplus.cumulative"))}),
    Case("a table's unit is open where its total cannot be read", {("fixed_assets.total", S): UNREADABLE}, set(), {"PLA-09"}),
    Case("a table of zeros beside others that are not", everywhere("fixed_assets.total", 0, 0, 0) | everywhere("fixed_assets.in_use", 0, 0, 0)
         | everywhere("fixed_assets.leased_out", 0, 0, 0) | everywhere("fixed_assets.other", 0, 0, 0) | {"narrative": "略。"},
         {"PLA-10 fixed_assets.total@summary info"}),
    Case("a table of zeros with a cell that cannot be read is left open", everywhere("fixed_assets.total", 0, 0, 0) | everywhere("fixed_assets.in_use", 0, 0, 0)
         | everywhere("fixed_assets.leased_out", 0, 0, 0) | everywhere("fixed_assets.other", UNREADABLE, 0, 0) | {"narrative": "略。"}, set(), {"PLA-10"}),
    Case("more staff than posts", {"staff.actual": 61}, {"PLA-02 staff.actual warning"}),
    Case("as many staff as posts", {"staff.actual": 60}),
    Case("staff unreadable", {"staff.actual": UNREADABLE}, set(), {"PLA-02", "CEL-08"}),
    Case("key projects over projects", {"base.key_project.actual": 351}, {"PLA-03 base.key_project.actual error"}),
    Case("key projects unreadable", {"base.key_project.actual": UNREADABLE}, set(), {"PLA-03"}),
    Case("三公经费 over what it is paid from", everywhere("three_public.total", 551, 371, 180) | everywhere("three_public.reception", "541", "364", "177")
         | {"base.three_public.total.actual": None, "base.three_public.reception.actual": None, "base.three_public.vehicle_operation.actual": None,
            "base.three_public.overseas_travel.actual": None},
         {"PLA-04 three_public.total@summary warning"}, {"PLA-05"}),
    Case("a part over its budget while the total keeps to it", {"base.three_public.reception.budget": 2, "base.three_public.vehicle_operation.budget": 7},
         {"PLA-05 base.three_public.reception.actual warning"}),
    Case("parts over their budget where the total is over too", {"base.three_public.total.budget": 12, "base.three_public.vehicle_operation.budget": "5.5"}),
    Case("a part without a budget is not judged", {"base.three_public.reception.budget": None, "base.three_public.vehicle_operation.budget": 9}, set(), {"PLA-05"}),
    Case("cumulative surplus below zero", everywhere("surplus.cumulative", -50, -70, 20) | everywhere("surplus.current_year", -110, -110, 0)
         | everywhere("expenditure.total", 1050, 770, 280) | everywhere("expenditure.project", 450, 350, 100) | {"base.project.actual": 450, "narrative": "略。"},
         {"PLA-08 surplus.cumulative@summary warning", "PLA-08 surplus.cumulative@headquarters warning"}),
    *(Case(f"{concept}: an institution unreadable", {(concept, UNIT): UNREADABLE}, set(), {f"AGG-{n:02d}"}) for n, concept in enumerate(MONEY, start=1)),
]  # fmt: skip
