"""Scoring a filing: the marks of each indicator from its figures, and what they come from in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from benchmarks.user_pipeline.reading import Filing

GRADES = [(90, "优"), (80, "良"), (60, "中"), (0, "差")]
NAN = float("nan")

FULL_MARKS = {
    "财政供养人员控制率": 5, "“三公经费”变动率": 5, "重点支出安排率": 5, "预算调整率": 3, "支付进度": 3, "资金结余": 3,
    "“三公经费”控制率": 6, "管理制度健全性": 3, "资金使用合规性": 3, "预决算信息公开性和完善性": 3, "政府采购执行率": 3,
    "公务卡刷卡率": 3, "管理制度健全性（资产）": 3, "资产管理安全性": 4, "固定资产利用率": 3,
    "推进全面小康建设指标任务完成情况": 5, "建设湖南新增长极目标任务完成情况": 7, "《政府工作报告》目标任务完成情况": 5,
    "省市重点民生实事完成情况": 2, "省市重点工程和重大项目建设完成情况": 2, "其他工作实绩指标完成情况": 4, "经济效益": 5,
    "社会效益": 5, "生态效益": 5, "社会公众或服务对象满意度": 5,
}  # fmt: skip
# Rows that a department may replace by its own, as long as their marks add up to the same.
RESULTS = [each for each in FULL_MARKS if each.endswith("完成情况")]


class Mark(NamedTuple):
    """The marks of an indicator, not a number where they cannot be computed, with how they came about."""

    marks: float
    how: str


def grade(total: float) -> str:
    """The grade of a total."""
    return next((name for least, name in GRADES if total >= least), "差")


def over(rate: float, limit: float, full: float, a_point: float) -> float:
    """Marks that fall by each whole point over a limit; nothing where the rate is unknown."""
    return NAN if pd.isna(rate) else max(0.0, full - max(0.0, (round((rate - limit) * 100, 6)) // 1) * a_point)


def band(rate: float, bands: Sequence[tuple[float, float]]) -> float:
    """The marks of the first bound that the rate reaches."""
    return NAN if pd.isna(rate) else next((marks for bound, marks in bands if rate >= bound), 0.0)


def ratio(above: float, below: float) -> float:
    """A rate; unknown where a part of it is, or where there is nothing to divide by."""
    return NAN if pd.isna(above) or pd.isna(below) or below == 0 else above / below


def score(filing: Filing) -> pd.DataFrame:
    """A row an indicator: full, own, computed and final marks, and how the computed ones came about.

    The final marks are the lower of own and computed ones, or those there are.
    """
    computed = compute(filing)
    claimed = filing.scores["自评得分"] if "自评得分" in filing.scores else pd.Series(dtype=float)
    names = list(dict.fromkeys([*FULL_MARKS, *claimed.index]))
    table = pd.DataFrame({"分值": pd.Series(FULL_MARKS, dtype=float)}, index=names)
    table["分值"] = table["分值"].fillna(filing.scores.get("分值", pd.Series(dtype=float)))
    table["自评得分"] = claimed
    table["系统得分"] = pd.Series({name: mark.marks for name, mark in computed.items()}, dtype=float)
    table["最终得分"] = table[["自评得分", "系统得分"]].min(axis=1).fillna(0).clip(lower=0).clip(upper=table["分值"])
    table["计算过程"] = [computed[name].how if name in computed else "按自评得分，由评价人员复核" for name in names]
    return table


def compute(filing: Filing) -> dict[str, Mark]:
    """The computed marks of the indicators that figures decide."""
    money = filing.money.iloc[0] if len(filing.money) else pd.Series(dtype=float)
    base, figure = filing.base, filing.figures

    def cell(label: str, column: str) -> float:
        return base.at[label, column] if label in base.index else NAN

    def of_rate(above: float, below: float, words: tuple[str, str], marks: object, change: bool = False) -> Mark:
        rate = ratio(above, below)
        if pd.isna(rate):
            lacking = [word for word, value in zip(words, (above, below), strict=True) if pd.isna(value)]
            return Mark(NAN, f"缺少：{'、'.join(lacking)}" if lacking else f"{words[1]}为零")
        rate -= change
        value = marks(rate)  # type: ignore[operator]
        told = f"（{words[0]} {above:g} － {words[1]} {below:g}）÷ {words[1]}" if change else f"{words[0]} {above:g} ÷ {words[1]} {below:g}"
        return Mark(value, f"{told} ＝ {rate:.2%}，得 {value:g} 分")

    def of_count(words: str, full: float, each: float) -> Mark:
        count = figure.get(words, NAN)
        value = NAN if pd.isna(count) else max(0.0, full - each * count)
        return Mark(value, f"缺少：{words}" if pd.isna(count) else f"{words} {count:g}，每项扣 {each:g} 分，得 {value:g} 分")

    def of_list(first: int, marks: Sequence[float]) -> Mark:
        answers = filing.checks[first : first + len(marks)]
        if len(answers) < len(marks) or "" in answers:
            return Mark(NAN, "缺少：管理情况检查清单")
        value = sum(each for each, answer in zip(marks, answers, strict=True) if answer == "是")
        return Mark(value, f"检查清单 {'、'.join(answers)}，得 {value:g} 分")

    spent, planned, before = (cell("三公经费合计", each) for each in ("本年决算", "本年预算", "上年决算"))
    spent = money.get("三公合计", NAN) if pd.isna(spent) else spent
    project, key = cell("项目支出", "本年决算"), cell("重点项目支出", "本年决算")
    kept, left = (0.0 if pd.isna(value) else value for value in (money.get("累计结余", NAN), money.get("上年结转", NAN)))
    balance = 3.0 if kept <= 0 else 2.0 if kept <= left else 0.0
    adjusted = abs(figure.get("预算调整数", NAN))
    key_bands, adjust_bands = [(0.9, 5.0), (0.8, 4.0), (0.7, 3.0), (0.6, 2.0)], [(1.0, 3.0), (0.9, 2.0), (0.8, 1.0), (0.7, 0.5)]
    satisfied = figure.get("服务对象满意度", NAN)
    satisfaction = band(satisfied, [(95, 5), (85, 3), (75, 1)])
    no_projects = project == 0 and (pd.isna(key) or key == 0)
    return {
        "财政供养人员控制率": of_rate(figure["实有人数"], figure["人员编制"], ("实有人数", "人员编制"), lambda rate: over(rate, 1, 5, 0.5)),
        "“三公经费”变动率": of_rate(spent, before, ("本年三公决算", "上年三公决算"), lambda rate: over(rate, 0, 5, 0.5), change=True),
        "重点支出安排率": Mark(5.0, "无项目支出，不适用") if no_projects else of_rate(key, project, ("重点项目支出", "项目支出"), lambda rate: band(rate, key_bands)),
        "预算调整率": of_rate(adjusted, figure.get("年初批复预算数", NAN), ("预算调整数", "年初批复预算数"), lambda rate: band(round(1 - rate, 9), adjust_bands)),
        "支付进度": of_count("未按进度下达的专项数", 3, 0.5),
        "资金结余": Mark(balance, f"累计结余 {kept:g}，上年结转 {left:g}，得 {balance:g} 分"),
        "“三公经费”控制率": of_rate(spent, planned, ("本年三公决算", "本年三公预算"), lambda rate: over(rate, 1, 6, 1)),
        "管理制度健全性": of_list(0, (1, 1, 1)),
        "资金使用合规性": of_count("资金使用不合规事项数", 3, 1),
        "预决算信息公开性和完善性": of_list(3, (1, 0.5, 0.5, 0.5, 0.5)),
        "政府采购执行率": of_rate(cell("政府采购金额", "本年决算"), cell("政府采购金额", "本年预算"), ("政府采购决算", "政府采购预算"), lambda rate: over(2 - rate, 1, 3, 0.2)),
        "公务卡刷卡率": of_rate(figure.get("公务卡刷卡金额", NAN), figure.get("公务支出应刷卡总额", NAN), ("刷卡金额", "应刷卡总额"), lambda rate: over(1 - rate, 0.5, 3, 0.2)),
        "管理制度健全性（资产）": of_list(8, (2, 1)),
        "资产管理安全性": of_count("资产管理不合规事项数", 4, 1),
        "固定资产利用率": of_rate(money.get("在用", NAN), money.get("固定资产合计", NAN), ("在用固定资产", "固定资产合计"), lambda rate: over(2 - rate, 1, 3, 0.1)),
        "社会公众或服务对象满意度": Mark(satisfaction, "缺少：服务对象满意度" if pd.isna(satisfied) else f"满意度 {satisfied:g}%，得 {satisfaction:g} 分"),
    }  # fmt: skip
