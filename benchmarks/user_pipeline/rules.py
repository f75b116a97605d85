"""Checking a filing: pandera schemas for its tables, plain Python for what lies between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import pandera.pandas as pa

from benchmarks.user_pipeline.reading import TABLES, Cell, Filing
from benchmarks.user_pipeline.scoring import FULL_MARKS, RESULTS, grade

HALF_UNIT = 0.005
FIGURES = [column for _, columns in TABLES.values() for column in columns]
SIGNED = ("当年结余", "累计结余")
# Within a row of the money tables: code, total, parts.
BALANCES = {
    "BAL-01": ("收入合计", ["上年结转", "财政拨款", "政府基金", "非税收入", "其他收入"]),
    "BAL-02": ("支出合计", ["基本支出", "项目支出"]),
    "BAL-03": ("基本支出", ["人员支出", "公用支出"]),
    "BAL-04": ("收入合计", ["支出合计", "累计结余"]),
    "BAL-05": ("累计结余", ["上年结转", "当年结余"]),
    "BAL-06": ("三公合计", ["公务接待费", "公车运维费", "公车购置费", "因公出国费"]),
    "BAL-07": ("固定资产合计", ["在用", "出租", "其他"]),
}
BASE_PARTS = ["公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费"]
# Row of 基础数据表 against a column of the summary row.
CROSS = {
    "XFM-01": ("三公经费合计", "三公合计"), "XFM-02": ("公务接待费", "公务接待费"), "XFM-03": ("公务用车运维费", "公车运维费"),
    "XFM-04": ("公务用车购置费", "公车购置费"), "XFM-05": ("因公出国费", "因公出国费"), "XFM-06": ("项目支出", "项目支出"),
    "XFM-07": ("公用经费", "公用支出"),
}  # fmt: skip
NARRATIVE = {
    "总收入": "收入合计", "上年结转": "上年结转", "总支出": "支出合计", "基本支出": "基本支出", "人员支出": "人员支出",
    "公用支出": "公用支出", "项目支出": "项目支出", "三公经费": "三公合计", "公务接待费": "公务接待费", "固定资产": "固定资产合计",
}  # fmt: skip
COUNTS = ("人员编制", "实有人数", "专项资金项目数", "未按进度下达的专项数", "资金使用不合规事项数", "资产管理不合规事项数")
WORDS = {"error": "必改", "warning": "需说明", "info": "提示"}


@dataclass
class Found:
    """One thing found, with the cell to mark if there is one."""

    code: str
    text: str
    cell: Cell | None = None
    severity: str = "error"


def slack(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """What rounding can explain: half a unit for each filled term."""
    return frame[columns].notna().sum(axis=1) * HALF_UNIT + 1e-9


def balanced(total: str, parts: list[str]) -> pa.Check:
    """A total is the sum of its parts in every row where any is filled."""

    def holds(frame: pd.DataFrame) -> pd.Series:
        gap = (frame[total].fillna(0) - frame[parts].fillna(0).sum(axis=1)).abs()
        return gap <= slack(frame, [total, *parts])

    return pa.Check(holds)


def summed(column: pd.Series) -> bool:
    """The first row is the sum of those below it, where there are any."""
    rest = column.iloc[1:]
    return rest.notna().sum() == 0 or abs(column.fillna(0).iloc[0] - rest.fillna(0).sum()) <= column.notna().sum() * HALF_UNIT + 1e-9


def named(check: pa.Check, code: str) -> pa.Check:
    """A check that goes by its code."""
    check.name = code
    return check


class Rules:
    """The schemas of a filing's tables, made once."""

    def __init__(self) -> None:
        positive = pa.Check(lambda column: column.isna() | (column >= 0), name="PLA-01")
        self.money = pa.DataFrameSchema(
            {
                each: pa.Column(
                    float, [*([] if each in SIGNED else [positive]), pa.Check(summed, name="AGG")], nullable=True
                )
                for each in FIGURES
            },
            checks=[named(balanced(*balance), code) for code, balance in BALANCES.items()],
        )
        self.base = pa.DataFrameSchema(
            {
                column: pa.Column(float, [positive, pa.Check(partial(_three_public, column), name="BAL-08")], nullable=True)
                for column in ("上年决算", "上年预算", "本年预算", "本年决算")
            }
        )
        self.cross = pa.DataFrameSchema(
            {"基础数据表": pa.Column(float, nullable=True), "报表": pa.Column(float, nullable=True)},
            checks=[named(pa.Check(_same), "XFM")],
        )
        self.figures = pa.DataFrameSchema(
            {"数值": pa.Column(float, [], nullable=True)},
            checks=[
                named(pa.Check(lambda frame: frame["数值"].isna() | (frame["数值"] >= 0) | (frame.index == "预算调整数")), "PLA-01"),
                named(pa.Check(lambda frame: frame["数值"].isna() | (frame["数值"] % 1 == 0) | ~frame.index.isin(COUNTS)), "CEL-08"),
            ],
        )
        self.scores = pa.DataFrameSchema(
            {"分值": pa.Column(float, nullable=True), "自评得分": pa.Column(float, nullable=True), "扣分原因": pa.Column(str)},
            checks=[
                named(pa.Check(lambda frame: frame["标准分值"].isna() | (frame["分值"] == frame["标准分值"])), "LAY-03"),
                named(pa.Check(lambda frame: frame["自评得分"].notna() | frame["改设"] | frame["存疑"]), "REQ-02"),
                named(pa.Check(_within), "SCR-03"),
                named(pa.Check(lambda frame: ~(frame["自评得分"] < frame["分值"]) | (frame["扣分原因"] != "")), "SCR-04"),
                named(pa.Check(lambda frame: ~(frame["自评得分"] >= frame["分值"]) | ~frame["扣分原因"].str.contains("扣")), "SCR-09"),
                named(pa.Check(_supported), "SCR-05"),
                named(pa.Check(lambda frame: ~frame["计算过程"].str.startswith("缺少")), "SCR-07"),
                named(pa.Check(lambda frame: ~frame["计算过程"].str.endswith("为零")), "SCR-08"),
            ],
        )  # fmt: skip
        self.targets = pa.DataFrameSchema(
            {"目标": pa.Column(str), "完成情况": pa.Column(str)},
            checks=[
                named(pa.Check(lambda frame: frame["完成情况"] != ""), "TGT-03"),
                named(pa.Check(_has_number), "TGT-01"),
                named(pa.Check(lambda frame: (frame["完成情况"] == "") | (frame["完成情况"] != frame["目标"])), "TGT-04"),
            ],
        )


def _three_public(name: str, column: pd.Series) -> bool:
    parts, total = column.reindex(BASE_PARTS), column.get("三公经费合计")
    if pd.isna(total) and parts.isna().all():
        return True
    filled = parts.notna().sum() + pd.notna(total)
    return abs((0 if pd.isna(total) else total) - parts.fillna(0).sum()) <= filled * HALF_UNIT + 1e-9


def _same(frame: pd.DataFrame) -> pd.Series:
    gap = (frame["基础数据表"] - frame["报表"]).abs()
    return gap.isna() | (gap <= 2 * HALF_UNIT + 1e-9)


def _within(frame: pd.DataFrame) -> pd.Series:
    most = frame["分值"].where(~frame.index.isin(["经济效益", "社会效益", "生态效益"]), 15)
    return frame["自评得分"].isna() | ((frame["自评得分"] >= 0) & (frame["自评得分"] <= most))


def _supported(frame: pd.DataFrame) -> pd.Series:
    return frame["系统得分"].isna() | ~_within(frame) | ~((frame["自评得分"] - frame["系统得分"]).abs() > 1e-9)


def _has_number(frame: pd.DataFrame) -> pd.Series:
    asked = frame["目标"].str.replace(r"^指标\d+[：:]", "", regex=True).str.contains(r"\d", regex=True)
    return ~asked | (frame["完成情况"] == "") | frame["完成情况"].str.contains(r"\d", regex=True)


def failures(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> Iterator[tuple[str, object, str, object]]:
    """Check, row, column and value of each failure of a schema."""
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        whole = errors.failure_cases["schema_context"] == "DataFrameSchema"
        once = errors.failure_cases[whole].drop_duplicates(["check", "index"])
        for cases in (errors.failure_cases[~whole], once):
            for case in cases.itertuples():
                yield str(case.check), case.index, str(case.column), case.failure_case


def check(filing: Filing, rules: Rules, scored: pd.DataFrame) -> list[Found]:
    """Everything found in a filing."""
    return [
        *complete(filing), *written(filing), *money(filing, rules), *base(filing, rules), *figures(filing, rules),
        *scores(filing, rules, scored), *targets(filing, rules), *narrated(filing, scored), *plausible(filing),
    ]  # fmt: skip


def complete(filing: Filing) -> Iterator[Found]:
    """What must or should be filled."""
    for sheet in filing.missing:
        yield Found("LAY-01", f"缺少“{sheet}”", None, "error" if sheet in ("自评报告", "评分表") else "warning")
    summary = filing.money.iloc[0] if len(filing.money) else pd.Series(dtype=float)
    name = str(filing.money.index[0]) if len(filing.money) else ""
    must = {
        "部门（单位）名称": filing.department or None, "人员编制": filing.figures.get("人员编制"), "实有人数": filing.figures.get("实有人数"),
        "收入合计": summary.get("收入合计"), "支出合计": summary.get("支出合计"), "绩效自评综合得分": filing.self_total, "总分": filing.total,
    }  # fmt: skip
    should = {
        "预算编码": filing.code or None, "三公合计": summary.get("三公合计"), "固定资产合计": summary.get("固定资产合计"),
        "评价等次": filing.grade or None, "综述": filing.narrative or None,
    }  # fmt: skip
    for code, severity, asked in (("REQ-01", "error", must), ("REQ-02", "warning", should)):
        for label, value in asked.items():
            if value is None or pd.isna(value):
                yield Found(code, f"“{label}”未填写", filing.cells.get((label, "")) or filing.cells.get((label, name)), severity)
    if filing.targets.empty:
        yield Found("TGT-05", "未填写定量目标", None, "warning")


def written(filing: Filing) -> Iterator[Found]:
    """Numbers that are not written as such."""
    for name, value, cell in filing.unreadable:
        yield Found("CEL-01", f"{name}填的是“{value}”，不是数字", cell)
    for name, value, cell in filing.rewritten:
        yield Found("CEL-03", f"{name}填的是“{value}”，请只填数字", cell, "info")


def money(filing: Filing, rules: Rules) -> Iterator[Found]:
    """The money tables: amounts, balances, the summary against the institutions."""
    table = filing.money
    if table.empty:
        return
    for code, index, column, value in failures(rules.money, table):
        if code in BALANCES:
            total, parts = BALANCES[code]
            stated, sums = table.at[index, total], table.loc[index, parts].fillna(0).sum()
            stated = 0.0 if pd.isna(stated) else stated
            text = f"{index}：{total} {stated:.2f} 与 {'＋'.join(parts)} 之和 {sums:.2f} 不符，差 {stated - sums:.2f} 万元"
            if not any((column, index) in filing.doubtful for column in (total, *parts)):
                yield Found(code, text, filing.cells.get((total, str(index))))
        elif code == "AGG":
            if any((column, row) in filing.doubtful for row in table.index):
                continue
            stated, sums = table[column].iloc[0], table[column].iloc[1:].sum()
            text = f"{column}：汇总数 {stated:.2f} 与各机构之和 {sums:.2f} 不符，差 {stated - sums:.2f} 万元"
            yield Found(f"AGG-{FIGURES.index(column) + 1:02d}", text, filing.cells.get((column, str(table.index[0]))))
        else:
            yield Found(code, f"{index}：{column} 为 {value}，不应为负数", filing.cells.get((column, str(index))))


def base(filing: Filing, rules: Rules) -> Iterator[Found]:
    """The base figures among themselves and against the money tables."""
    table = filing.base
    if table.empty:
        return
    for code, index, column, value in failures(rules.base, table):
        if code == "BAL-08":
            if any((f"{row}/{column}", "") in filing.doubtful for row in ("三公经费合计", *BASE_PARTS)):
                continue
            stated, sums = table.at["三公经费合计", column], table.loc[BASE_PARTS, column].sum()
            text = f"{column}三公经费合计 {stated:.2f} 与各分项之和 {sums:.2f} 不符，差 {stated - sums:.2f} 万元"
            yield Found(code, text, filing.cells.get((f"三公经费合计/{column}", "")))
        else:
            yield Found(code, f"{index}{column}为 {value}，不应为负数", filing.cells.get((f"{index}/{column}", "")))
    if filing.money.empty:
        return
    summary = filing.money.iloc[0]
    both = pd.DataFrame(
        {"基础数据表": [table["本年决算"].get(row) for row, _ in CROSS.values()], "报表": [summary[column] for _, column in CROSS.values()]},
        index=list(CROSS), dtype=float,
    )  # fmt: skip
    for _, index, _, _ in failures(rules.cross, both):
        row, column = CROSS[str(index)]
        there, here = both.loc[str(index)]
        cell = filing.cells.get((column, str(filing.money.index[0])))
        yield Found(str(index), f"{row}：基础数据表 {there:.2f} 与汇总数 {here:.2f} 不一致，差 {there - here:.2f} 万元", cell)


def figures(filing: Filing, rules: Rules) -> Iterator[Found]:
    """Persons, counts and single amounts."""
    frame = pd.DataFrame({"数值": pd.Series(filing.figures, dtype=float)})
    for code, index, _, _ in failures(rules.figures, frame):
        words, severity = ("不应为负数", "error") if code == "PLA-01" else ("应为整数", "warning")
        yield Found(code, f"{index}为 {frame.at[index, '数值']:g}，{words}", filing.cells.get((str(index), "")), severity)


SCORE_WORDS: Mapping[str, tuple[str, str]] = {
    "LAY-03": ("warning", "分值 {分值:g} 与表样的 {标准分值:g} 不同"),
    "REQ-02": ("warning", "未填自评得分"),
    "SCR-03": ("error", "自评得分 {自评得分:g} 不在 0 与分值 {分值:g} 之间"),
    "SCR-04": ("warning", "自评得分 {自评得分:g} 低于分值 {分值:g}，未说明扣分原因"),
    "SCR-05": ("warning", "自评得分 {自评得分:g} 与测算的 {系统得分:g} 不符（{计算过程}）"),
    "SCR-07": ("info", "无法复算，{计算过程}"),
    "SCR-08": ("warning", "无法复算，{计算过程}"),
    "SCR-09": ("warning", "得满分却填有扣分原因“{扣分原因}”"),
}


def scores(filing: Filing, rules: Rules, scored: pd.DataFrame) -> Iterator[Found]:
    """The score sheet, row by row and in all."""
    if filing.scores.empty:
        return
    own = ~filing.scores.index.isin(FULL_MARKS)
    results = own | filing.scores.index.isin(RESULTS)
    marks = filing.scores["分值"][results].sum()
    if marks != sum(FULL_MARKS[each] for each in RESULTS):
        row = int(filing.scores["行"][results].iloc[0]) + 1
        yield Found("LAY-07", f"产出指标分值合计 {marks:g} 与规定不符", ("评分表", row, 5))
    table = filing.scores.assign(
        标准分值=pd.Series(FULL_MARKS, dtype=float), 改设=own.any() & results,
        存疑=[(each, "自评得分") in filing.doubtful for each in filing.scores.index],
    ).join(scored[["系统得分", "计算过程"]])  # fmt: skip
    for code, index, _, _ in failures(rules.scores, table):
        severity, words = SCORE_WORDS[code]
        row = table.loc[index]
        yield Found(code, f"{index}：{words.format(**row)}", ("评分表", int(row["行"]) + 1, 6), severity)
    total = table["自评得分"].sum()
    if abs(total - filing.total) > 1e-9:
        yield Found("SCR-01", f"各指标自评得分之和 {total:g} 与总分 {filing.total:g} 不符", filing.cells.get(("总分", "")))
    if abs(filing.self_total - filing.total) > 1e-9:
        where = filing.cells.get(("绩效自评综合得分", ""))
        yield Found("SCR-02", f"综合得分 {filing.self_total:g} 与总分 {filing.total:g} 不符", where)
    if filing.grade and pd.notna(filing.self_total) and filing.grade != grade(filing.self_total):
        yield Found("SCR-06", f"评价等次“{filing.grade}”与综合得分 {filing.self_total:g} 不符", None, "warning")


def targets(filing: Filing, rules: Rules) -> Iterator[Found]:
    """The quantitative targets and their completion."""
    words = {"TGT-01": "目标有数值，完成情况没有写明数值", "TGT-03": "未填写完成情况", "TGT-04": "完成情况只重复目标"}
    for code, index, _, _ in failures(rules.targets, filing.targets):
        row = filing.targets.loc[index]
        satisfaction = code == "TGT-01" and "满意度" in row["类别"]
        cell = ("自评报告", int(row["行"]) + 1, 7)
        yield Found("TGT-02" if satisfaction else code, f"“{row['目标']}”：{words[code]}", cell, "warning")


def narrated(filing: Filing, scored: pd.DataFrame) -> Iterator[Found]:
    """Amounts and rates in the narrative against the tables."""
    if filing.money.empty:
        return
    summary = filing.money.iloc[0]
    for words, column in NARRATIVE.items():
        for match in re.finditer(rf"{words}[^\d，。；]{{0,8}}(\d+(?:\.\d+)?)\s*万元?", filing.narrative):
            stated = float(match[1])
            if pd.notna(summary[column]) and abs(stated - summary[column]) > 2 * HALF_UNIT:
                near = [other for other, value in summary.items() if abs(stated - value) <= HALF_UNIT]
                hint = f"，疑为 {near[0]}" if near else ""
                yield Found("TXT-01", f"综述“{match[0]}”与表中 {column} {summary[column]:.2f} 不一致{hint}", None, "warning")
    for name, how in scored["计算过程"].items():
        for match in re.finditer(rf"{re.escape(str(name))}[为达]?(\d+(?:\.\d+)?)%", filing.narrative):
            rate = re.search(r"＝ (-?[\d.]+)%", how)
            if rate and abs(float(match[1]) - float(rate[1])) > 0.05:
                yield Found("TXT-02", f"综述“{match[0]}”与测算的 {rate[1]}% 不一致", None, "warning")


def plausible(filing: Filing) -> Iterator[Found]:
    """What is possible but wants a reason."""
    base, figure = filing.base, filing.figures
    summary = filing.money.iloc[0] if len(filing.money) else pd.Series(dtype=float)

    def cell(label: str, column: str) -> float:
        return base.at[label, column] if label in base.index else float("nan")

    def at(label: str, column: str) -> Cell | None:
        return filing.cells.get((f"{label}/{column}", ""))

    name = str(filing.money.index[0]) if len(filing.money) else ""
    spent, planned = cell("三公经费合计", "本年决算"), cell("三公经费合计", "本年预算")
    if figure["实有人数"] > figure["人员编制"]:
        yield Found("PLA-02", f"实有人数 {figure['实有人数']:g} 超过人员编制 {figure['人员编制']:g}", filing.cells.get(("实有人数", "")), "warning")
    if cell("重点项目支出", "本年决算") > cell("项目支出", "本年决算"):
        yield Found("PLA-03", "重点项目支出超过项目支出", at("重点项目支出", "本年决算"))
    if summary.get("三公合计", 0) > summary.get("公用支出", 0) + summary.get("项目支出", 0):
        yield Found("PLA-04", "三公经费超过公用支出与项目支出之和", filing.cells.get(("三公合计", name)), "warning")
    for part in BASE_PARTS:
        if cell(part, "本年决算") > cell(part, "本年预算") and spent <= planned:
            text = f"{part}决算 {cell(part, '本年决算'):.2f} 超过预算 {cell(part, '本年预算'):.2f}，三公经费合计未超"
            yield Found("PLA-05", text, at(part, "本年决算"), "warning")
    if cell("政府采购金额", "本年决算") > cell("政府采购金额", "本年预算"):
        yield Found("PLA-06", "政府采购执行率超过 100%，请提供追加采购预算依据", at("政府采购金额", "本年决算"), "warning")
    reasons = filing.scores.get("扣分原因", {})
    if abs(figure.get("预算调整数", 0.0)) > 0.3 * figure.get("年初批复预算数", float("inf")) and not reasons.get("预算调整率"):
        yield Found("PLA-07", "预算调整率超过 30% 而未说明原因", filing.cells.get(("预算调整数", "")), "warning")
    if summary.get("累计结余", 0) < 0:
        yield Found("PLA-08", f"累计结余 {summary['累计结余']:.2f} 为负数", filing.cells.get(("累计结余", name)), "warning")
    if summary.get("支出合计", 0) >= 1_000_000:
        yield Found("PLA-09", f"支出合计 {summary['支出合计']:.2f} 万元，疑以元填列", filing.cells.get(("支出合计", name)), "warning")
    for table, (_, columns) in TABLES.items():
        values = filing.money[[*columns]] if not filing.money.empty else pd.DataFrame()
        if values.size and (values.fillna(0) == 0).to_numpy().all() and values.notna().to_numpy().any():
            yield Found("PLA-10", f"{table}整表为零", None, "info")
