"""The pipeline a user would write: `python -m benchmarks.user_pipeline INBOX OUT`.

Pandas reads each workbook over openpyxl, a pandera schema checks its tables, plain Python works out its scores, openpyxl
opens it again, colours and comments the cells in question, adds a sheet with the findings and the scores, and saves it;
pandas writes a summary. It is written plainly and as such programs are, for one form in one layout: it knows nothing of
shifted rows, other spellings or units, explains little, and checks less than jixiao does, so a ratio to it flatters it.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
import pandera.pandas as pa
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

TOLERANCE = 0.005
RED, YELLOW = PatternFill("solid", fgColor="F8D7DA"), PatternFill("solid", fgColor="FFF3CD")

# Tables of the sheet 自评报告: caption, rows of the head, and the columns of the figures.
TABLES = {
    "年度收入情况": (2, {"收入合计": 1, "上年结转": 2, "财政拨款": 3, "政府基金": 4, "非税收入": 5, "其他收入": 7}),
    "年度支出和结余情况": (3, {"支出合计": 1, "基本支出": 2, "人员支出": 3, "公用支出": 4, "项目支出": 5, "当年结余": 6, "累计结余": 7}),
    "三公经费": (2, {"三公合计": 1, "公务接待费": 2, "公车运维费": 3, "公车购置费": 5, "因公出国费": 7}),
    "固定资产": (2, {"固定资产合计": 1, "在用": 2, "出租": 4, "其他": 6}),
}  # fmt: skip
# Within a table: code, total, parts.
BALANCES = [
    ("BAL-01", "收入合计", ["上年结转", "财政拨款", "政府基金", "非税收入", "其他收入"]),
    ("BAL-02", "支出合计", ["基本支出", "项目支出"]),
    ("BAL-03", "基本支出", ["人员支出", "公用支出"]),
    ("BAL-04", "收入合计", ["支出合计", "累计结余"]),
    ("BAL-05", "累计结余", ["上年结转", "当年结余"]),
    ("BAL-06", "三公合计", ["公务接待费", "公车运维费", "公车购置费", "因公出国费"]),
    ("BAL-07", "固定资产合计", ["在用", "出租", "其他"]),
]
# Sheet 基础数据表 against the summary row: label there, column here.
CROSS = [
    ("XFM-01", "三公经费合计", "三公合计"), ("XFM-02", "其中：公务接待费", "公务接待费"), ("XFM-03", "公务用车运维费", "公车运维费"),
    ("XFM-04", "公务用车购置费", "公车购置费"), ("XFM-05", "因公出国费", "因公出国费"), ("XFM-06", "项目支出", "项目支出"),
    ("XFM-07", "公用经费", "公用支出"),
]  # fmt: skip
NARRATIVE = {
    "总收入": "收入合计", "上年结转": "上年结转", "总支出": "支出合计", "基本支出": "基本支出", "人员支出": "人员支出",
    "公用支出": "公用支出", "项目支出": "项目支出", "三公经费": "三公合计", "公务接待费": "公务接待费", "固定资产": "固定资产合计",
}  # fmt: skip
GRADES = [(90, "优"), (80, "良"), (60, "中"), (0, "差")]


@dataclass
class Filing:
    """What was read of a file: `money` with a row an institution, the other tables by label, and cells by name."""

    file: str
    department: str = ""
    code: str = ""
    money: pd.DataFrame = field(default_factory=pd.DataFrame)
    base: pd.DataFrame = field(default_factory=pd.DataFrame)
    figures: dict[str, float] = field(default_factory=dict)
    checks: list[str] = field(default_factory=list)
    scores: pd.DataFrame = field(default_factory=pd.DataFrame)
    narrative: str = ""
    self_total: float = float("nan")
    cells: dict[tuple[str, str], tuple[str, int, int]] = field(default_factory=dict)


def number(value: object) -> float:
    """The number of a cell; not a number where there is none."""
    if isinstance(value, str):
        value = value.replace(",", "").replace("，", "").replace("万元", "").strip()
    return float(pd.to_numeric(value, errors="coerce"))


def beside(frame: pd.DataFrame, label: str) -> object:
    """The cell right of a label."""
    rows, columns = (frame == label).to_numpy().nonzero()
    return frame.iat[rows[0], columns[0] + 1] if len(rows) else None


def read(path: Path) -> Filing:
    """Read one workbook."""
    sheets = pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    filing = Filing(path.name)
    cover, report = sheets["封面"], sheets["自评报告"]
    filing.department, filing.code = str(beside(cover, "部门（单位）名称")), str(beside(cover, "预算编码"))
    filing.figures = {"人员编制": number(beside(report, "人员编制"))}
    rows, columns = (report == "实有人数").to_numpy().nonzero()
    filing.figures["实有人数"] = number(report.iat[rows[0], columns[0] + 1]) if len(rows) else float("nan")
    parts = []
    for caption, (head, wanted) in TABLES.items():
        at = report.index[report[0].astype(str).str.contains(caption, regex=False)]
        rows_read = {}
        for row in range(at[0] + 1 + head, len(report)) if len(at) else ():
            name = report.iat[row, 0]
            if pd.isna(name):
                break
            key = re.sub(r"^\d+、", "", str(name))
            rows_read[key] = {column: number(report.iat[row, place]) for column, place in wanted.items()}
            filing.cells |= {(column, key): ("自评报告", row + 1, place + 1) for column, place in wanted.items()}
        parts.append(pd.DataFrame.from_dict(rows_read, orient="index"))
    filing.money = pd.concat(parts, axis=1)
    filing.self_total = number(beside(report, "绩效自评综合得分"))
    if "基础数据表" in sheets:
        read_base(filing, sheets["基础数据表"])
    if "评分表" in sheets:
        score = sheets["评分表"].iloc[2:, [2, 4, 5, 6]].set_axis(["指标", "分值", "自评得分", "扣分原因"], axis=1)
        score["分值"], score["自评得分"] = score["分值"].map(number).ffill(), score["自评得分"].map(number)
        score.loc[score["指标"].duplicated(), "指标"] += "（资产）"
        score.loc[score["指标"].isin(["经济效益", "社会效益", "生态效益"]), "分值"] = 5  # the three share a printed 15
        filing.scores = score.dropna(subset=["指标"]).reset_index(names="行")
    if "综述" in sheets:
        filing.narrative = "\n".join(sheets["综述"][0].dropna().astype(str))
    return filing


def read_base(filing: Filing, frame: pd.DataFrame) -> None:
    """Read the sheet of base figures."""
    columns = {"上年决算": 2, "上年预算": 3, "本年预算": 4, "本年决算": 5}
    rows = {}
    for row in range(4, 13):
        label = str(frame.iat[row, 0])
        rows[label] = {column: number(frame.iat[row, place]) for column, place in columns.items()}
        filing.cells |= {(f"{label}/{column}", ""): ("基础数据表", row + 1, place + 1) for column, place in columns.items()}
    filing.base = pd.DataFrame.from_dict(rows, orient="index")
    for row in range(16, min(25, len(frame))):
        filing.figures[str(frame.iat[row, 0])] = number(frame.iat[row, 2])
    if len(frame) > 28:
        filing.checks = frame.iloc[28:, 3].astype(str).tolist()


def schema() -> pa.DataFrameSchema:
    """The balances as checks of a table with a row an institution."""

    def balanced(total: str, parts: list[str]) -> pa.Check:
        def holds(frame: pd.DataFrame) -> pd.Series:
            return (frame[total].fillna(0) - frame[parts].fillna(0).sum(axis=1)).abs() <= TOLERANCE

        return pa.Check(holds, name=total)

    figures = [column for _, columns in TABLES.values() for column in columns]
    signed = ("当年结余", "累计结余")
    columns = {each: pa.Column(float, None if each in signed else pa.Check.ge(0), nullable=True) for each in figures}
    checks = [balanced(total, parts) for _, total, parts in BALANCES]
    for check, (code, _, _) in zip(checks, BALANCES, strict=True):
        check.name = code
    return pa.DataFrameSchema(columns, checks=checks)


@dataclass
class Found:
    """One thing found, with the cell to mark if there is one."""

    code: str
    text: str
    cell: tuple[str, int, int] | None = None
    error: bool = True


def check(filing: Filing, rules: pa.DataFrameSchema) -> list[Found]:
    """Everything found in a filing."""
    found: list[Found] = []
    money = filing.money
    try:
        rules.validate(money, lazy=True)
    except pa.errors.SchemaErrors as errors:
        totals = {code: (total, parts) for code, total, parts in BALANCES}
        cases = errors.failure_cases.drop_duplicates(["check", "index"])
        for name, index, column in zip(cases["check"], cases["index"], cases["column"], strict=True):
            if name in totals and index in money.index:
                total, parts = totals[name]
                stated, sums = money.at[index, total], money.loc[index, parts].fillna(0).sum()
                text = f"{index}：{total} {stated:.2f} 与 {'＋'.join(parts)} 之和 {sums:.2f} 不符，差 {stated - sums:.2f} 万元"
                found.append(Found(name, text, filing.cells.get((total, index))))
            else:
                found.append(Found("CEL", f"{index}：{column} 不是有效的非负数", filing.cells.get((str(column), str(index)))))
    found += aggregates(filing) + crossed(filing) + told(filing) + plausible(filing)
    return found


def aggregates(filing: Filing) -> list[Found]:
    """The summary row against the sum of the institutions."""
    money = filing.money
    if len(money) < 2:
        return []
    summary, rest = money.iloc[0], money.iloc[1:].sum()
    return [
        Found("AGG", f"{column}：汇总数 {summary[column]:.2f} 与各机构之和 {rest[column]:.2f} 不符", filing.cells.get((column, str(money.index[0]))))
        for column in money.columns
        if abs(summary[column] - rest[column]) > TOLERANCE
    ]  # fmt: skip


def crossed(filing: Filing) -> list[Found]:
    """The base figures against the money tables, and among themselves."""
    found: list[Found] = []
    if filing.base.empty or filing.money.empty:
        return found
    for code, label, column in CROSS:
        if label in filing.base.index and column in filing.money:
            there, here = filing.base.at[label, "本年决算"], filing.money.iloc[0][column]
            if abs(there - here) > TOLERANCE:
                text = f"{column}：基础数据表 {there:.2f} 与汇总数 {here:.2f} 不一致"
                found.append(Found(code, text, filing.cells.get((f"{label}/本年决算", ""))))
    for column in filing.base.columns:
        total, parts = filing.base.iloc[0][column], filing.base.iloc[1:5][column].fillna(0).sum()
        if abs(total - parts) > TOLERANCE:
            text = f"{column}三公经费合计 {total:.2f} 与各分项之和 {parts:.2f} 不符"
            found.append(Found("BAL-08", text, filing.cells.get((f"{filing.base.index[0]}/{column}", ""))))
    return found


def told(filing: Filing) -> list[Found]:
    """Amounts in the narrative against the tables."""
    found = []
    for words, column in NARRATIVE.items():
        for match in re.finditer(rf"{words}[^\d，。；]{{0,8}}(\d+(?:\.\d+)?)\s*万元", filing.narrative):
            if column in filing.money and abs(float(match[1]) - filing.money.iloc[0][column]) > TOLERANCE:
                text = f"综述“{match[0]}”与表中 {column} {filing.money.iloc[0][column]:.2f} 不一致"
                found.append(Found("TXT-01", text, error=False))
    return found


def plausible(filing: Filing) -> list[Found]:
    """What is possible but wants a reason."""
    found = []
    if filing.figures["实有人数"] > filing.figures["人员编制"]:
        found.append(Found("PLA-02", "实有人数超过人员编制", error=False))
    for row in filing.scores.itertuples():
        place = ("评分表", row.行 + 1, 6)
        if row.自评得分 > row.分值 and row.指标 != "总  分":
            found.append(Found("SCO-01", f"{row.指标}：自评得分 {row.自评得分} 超过分值 {row.分值}", place))
        if row.自评得分 < row.分值 and pd.isna(row.扣分原因):
            found.append(Found("SCO-02", f"{row.指标}：扣分未填写原因", place, error=False))
    if not filing.scores.empty:
        total = filing.scores["自评得分"].iloc[:25].sum()
        if abs(total - filing.self_total) > TOLERANCE:
            found.append(Found("SCO-03", f"各指标自评得分之和 {total} 与综合得分 {filing.self_total} 不符"))
    return found


def over(rate: float, limit: float, full: float, per_point: float) -> float:
    """Marks that fall by each point over a limit; nothing where the rate is unknown."""
    return float("nan") if pd.isna(rate) else max(0.0, full - max(0.0, rate - limit) * 100 * per_point)


def band(rate: float, bands: list[tuple[float, float]]) -> float:
    """The marks of the first bound that the rate reaches."""
    return float("nan") if pd.isna(rate) else next((marks for bound, marks in bands if rate >= bound), 0.0)


def score(filing: Filing) -> dict[str, float]:
    """The computed marks by indicator; where nothing can be computed, those that were claimed."""
    money = filing.money.iloc[0] if len(filing.money) else pd.Series(dtype=float)
    base, figure = filing.base, filing.figures

    def ratio(above: float | None, below: float | None) -> float:
        return above / below if above is not None and below else float("nan")

    def cell(label: str, column: str) -> float | None:
        return base.at[label, column] if label in base.index else None

    spent, planned, before = (cell("三公经费合计", each) for each in ("本年决算", "本年预算", "上年决算"))
    yes = [each == "是" for each in filing.checks] + [False] * 10
    kept, left = money.get("累计结余", 0.0), money.get("上年结转", 0.0)
    computed = {
        "财政供养人员控制率": over(ratio(figure["实有人数"], figure["人员编制"]), 1, 5, 0.5),
        "“三公经费”变动率": over(ratio(spent, before) - 1, 0, 5, 0.5),
        "重点支出安排率": band(ratio(cell("其中：重点项目支出", "本年决算"), cell("项目支出", "本年决算")), [(0.9, 5), (0.8, 4), (0.7, 3), (0.6, 2)]),
        "预算调整率": band(1 - abs(ratio(figure.get("预算调整数"), figure.get("年初批复预算数"))), [(1, 3), (0.9, 2), (0.8, 1), (0.7, 0.5)]),
        "支付进度": max(0.0, 3 - 0.5 * figure.get("未按进度下达的专项数", float("nan"))),
        "资金结余": 3.0 if kept <= 0 else 2.0 if kept <= left else 0.0,
        "“三公经费”控制率": over(ratio(spent, planned), 1, 6, 1),
        "管理制度健全性": sum(marks for marks, each in zip((1, 1, 1), yes[:3], strict=True) if each),
        "资金使用合规性": max(0.0, 3 - figure.get("资金使用不合规事项数", float("nan"))),
        "预决算信息公开性和完善性": sum(marks for marks, each in zip((1, 0.5, 0.5, 0.5, 0.5), yes[3:8], strict=True) if each),
        "政府采购执行率": over(2 - ratio(cell("政府采购金额", "本年决算"), cell("政府采购金额", "本年预算")), 1, 3, 0.2),
        "公务卡刷卡率": over(1 - ratio(figure.get("公务卡刷卡金额"), figure.get("公务支出应刷卡总额")), 0.5, 3, 0.2),
        "管理制度健全性（资产）": sum(marks for marks, each in zip((2, 1), yes[8:10], strict=True) if each),
        "资产管理安全性": max(0.0, 4 - figure.get("资产管理不合规事项数", float("nan"))),
        "固定资产利用率": over(2 - ratio(money.get("在用"), money.get("固定资产合计")), 1, 3, 0.1),
        "社会公众或服务对象满意度": band(figure.get("服务对象满意度", float("nan")) / 100, [(0.95, 5), (0.85, 3), (0.75, 1)]),
    }  # fmt: skip
    claimed = filing.scores.drop_duplicates("指标").set_index("指标")["自评得分"] if not filing.scores.empty else {}
    return {name: claimed.get(name, 0.0) if pd.isna(marks) else marks for name, marks in computed.items()} | {
        name: marks for name, marks in dict(claimed).items() if name not in computed and name != "总  分"
    }


def annotate(path: Path, target: Path, found: list[Found], marks: dict[str, float]) -> None:
    """Save the workbook with marked cells and a sheet of findings and scores."""
    book = openpyxl.load_workbook(path)
    for each in found:
        if each.cell is not None:
            sheet, row, column = each.cell
            cell = book[sheet].cell(row, column)
            cell.fill = RED if each.error else YELLOW
            before = cell.comment.text + "\n" if cell.comment else ""
            cell.comment = Comment(f"{before}{each.code} {each.text}", "财政局")
    result = book.create_sheet("审核结果", 0)
    result.append(["代码", "类别", "问题", "位置"])
    for each in found:
        place = f"{each.cell[0]}!R{each.cell[1]}C{each.cell[2]}" if each.cell else ""
        result.append([each.code, "必改" if each.error else "需说明", each.text, place])
    result.append([])
    result.append(["指标", "系统得分"])
    for name, value in marks.items():
        result.append([name, value])
    result.append(["合计", pd.Series(marks).sum()])
    result.column_dimensions["C"].width = 80
    book.save(target)


def main(inbox: Path, out: Path) -> None:
    """Process the folder."""
    (out / "departments").mkdir(parents=True, exist_ok=True)
    rules, rows, problems = schema(), [], []
    for path in sorted(inbox.glob("*.xlsx")):
        try:
            filing = read(path)
            found, marks = check(filing, rules), score(filing)
        except (KeyError, IndexError, ValueError) as error:
            rows.append({"文件": path.name, "结果": f"表样不符：{error}"})
            continue
        annotate(path, out / "departments" / path.name, found, marks)
        errors, total = sum(each.error for each in found), pd.Series(marks).sum()
        rows.append({
            "文件": path.name, "部门": filing.department, "预算编码": filing.code, "必改": errors, "需说明": len(found) - errors,
            "结果": "退回修改" if errors else "通过", "自评得分": filing.self_total, "系统得分": round(total, 2),
            "等次": next(grade for least, grade in GRADES if total >= least),
        })  # fmt: skip
        problems += [{"文件": path.name, "代码": each.code, "问题": each.text} for each in found]
    with pd.ExcelWriter(out / "区级汇总.xlsx", engine="openpyxl") as writer:
        pd.DataFrame(rows).to_excel(writer, sheet_name="汇总", index=False)
        pd.DataFrame(problems).to_excel(writer, sheet_name="问题清单", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
