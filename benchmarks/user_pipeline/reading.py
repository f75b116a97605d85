"""Reading a filing: the tables of its sheets as frames, and where each figure stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

SHEETS = ("封面", "自评报告", "基础数据表", "评分表", "综述")

# Tables of the sheet 自评报告: caption, rows of the head, and the columns of the figures.
TABLES = {
    "年度收入情况": (2, {"收入合计": 1, "上年结转": 2, "财政拨款": 3, "政府基金": 4, "非税收入": 5, "其他收入": 7}),
    "年度支出和结余情况": (3, {"支出合计": 1, "基本支出": 2, "人员支出": 3, "公用支出": 4, "项目支出": 5, "当年结余": 6, "累计结余": 7}),
    "三公经费": (2, {"三公合计": 1, "公务接待费": 2, "公车运维费": 3, "公车购置费": 5, "因公出国费": 7}),
    "固定资产": (2, {"固定资产合计": 1, "在用": 2, "出租": 4, "其他": 6}),
}  # fmt: skip
BASE_COLUMNS = {"上年决算": 2, "上年预算": 3, "本年预算": 4, "本年决算": 5}
BENEFITS = ("经济效益", "社会效益", "生态效益")

Cell = tuple[str, int, int]


@dataclass
class Filing:
    """What was read of a file: `money` has a row an institution, the other tables one a label; cells by name."""

    file: str
    department: str = ""
    code: str = ""
    missing: list[str] = field(default_factory=list)
    money: pd.DataFrame = field(default_factory=pd.DataFrame)
    base: pd.DataFrame = field(default_factory=pd.DataFrame)
    figures: dict[str, float] = field(default_factory=dict)
    checks: list[str] = field(default_factory=list)
    scores: pd.DataFrame = field(default_factory=pd.DataFrame)
    targets: pd.DataFrame = field(default_factory=pd.DataFrame)
    narrative: str = ""
    total: float = float("nan")
    self_total: float = float("nan")
    grade: str = ""
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    unreadable: list[tuple[str, object, Cell]] = field(default_factory=list)
    rewritten: list[tuple[str, object, Cell]] = field(default_factory=list)
    doubtful: set[tuple[str, str]] = field(default_factory=set)

    def number(self, key: tuple[str, str], value: object, cell: Cell) -> float:
        """The number of a cell; not a number where there is none, and a note where it is not written as one."""
        self.cells[key] = cell
        if value is None or (isinstance(value, float) and pd.isna(value)):
            return float("nan")
        if not isinstance(value, str):
            return float(pd.to_numeric(value, errors="coerce"))
        text = value.replace(",", "").replace("，", "").replace("万元", "").replace("%", "").strip()
        number = float(pd.to_numeric(text or None, errors="coerce"))
        name = "：".join(reversed([each for each in key if each]))
        if text and pd.isna(number):
            self.unreadable.append((name, value, cell))
            self.doubtful.add(key)
        elif text != value:
            self.rewritten.append((name, value, cell))
        return number


def beside(frame: pd.DataFrame, label: str) -> tuple[object, int, int]:
    """The cell right of a label, with its row and column; nothing where there is no such label."""
    rows, columns = (frame == label).to_numpy().nonzero()
    if not len(rows):
        return None, 0, 0
    row, column = int(rows[0]), int(columns[0]) + 1
    return frame.iat[row, column], row + 1, column + 1


def read(path: Path) -> Filing:
    """Read one workbook."""
    sheets = pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    filing = Filing(path.name, missing=[each for each in SHEETS if each not in sheets])
    cover, report = sheets["封面"], sheets["自评报告"]
    filing.department = text_of(beside(cover, "部门（单位）名称")[0])
    filing.code = text_of(beside(cover, "预算编码")[0])
    for label in ("人员编制", "实有人数"):
        named_figure(filing, "自评报告", report, label)
    filing.money = pd.concat([money_table(filing, report, caption) for caption in TABLES], axis=1)
    named_figure(filing, "自评报告", report, "绩效自评综合得分")
    filing.self_total = filing.figures.pop("绩效自评综合得分")
    filing.grade = text_of(beside(report, "评价等次")[0])
    filing.targets = targets_table(report)
    if "基础数据表" in sheets:
        read_base(filing, sheets["基础数据表"])
    if "评分表" in sheets:
        read_scores(filing, sheets["评分表"])
    if "综述" in sheets:
        filing.narrative = "\n".join(sheets["综述"][0].dropna().astype(str))
    return filing


def text_of(value: object) -> str:
    """A cell's text; empty where there is none."""
    return "" if value is None or (isinstance(value, float) and pd.isna(value)) else str(value).strip()


def named_figure(filing: Filing, sheet: str, frame: pd.DataFrame, label: str) -> None:
    """Read the number that stands right of its label."""
    value, row, column = beside(frame, label)
    filing.figures[label] = filing.number((label, ""), value, (sheet, row, column))


def money_table(filing: Filing, report: pd.DataFrame, caption: str) -> pd.DataFrame:
    """A money table with a row an institution, in its order."""
    head, wanted = TABLES[caption]
    at = report.index[report[0].astype(str).str.contains(caption, regex=False)]
    rows = {}
    for row in range(at[0] + 1 + head, len(report)) if len(at) else ():
        name = report.iat[row, 0]
        if pd.isna(name):
            break
        key = re.sub(r"^\d+、", "", str(name))
        rows[key] = {}
        for column, place in wanted.items():
            rows[key][column] = filing.number((column, key), report.iat[row, place], ("自评报告", row + 1, place + 1))
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(wanted), dtype=float)


def targets_table(report: pd.DataFrame) -> pd.DataFrame:
    """The quantitative targets with their completion."""
    rows, _columns = (report == "绩效目标").to_numpy().nonzero()
    if not len(rows):
        return pd.DataFrame(columns=["类别", "目标", "完成情况"])
    table = report.iloc[rows[0] + 1 :, [2, 3, 6]].set_axis(["类别", "目标", "完成情况"], axis=1)
    ends = report.index[report[0] == "绩效自评综合得分"]
    table = table.loc[: ends[0] - 1] if len(ends) else table
    table["类别"] = table["类别"].ffill()
    return table.dropna(subset=["目标"]).fillna("").astype(str).reset_index(names="行")


def read_base(filing: Filing, frame: pd.DataFrame) -> None:
    """Read the sheet of base figures."""
    rows = {}
    for row in range(4, 13):
        label = re.sub("^其中：", "", str(frame.iat[row, 0]))
        rows[label] = {}
        for column, place in BASE_COLUMNS.items():
            cell = ("基础数据表", row + 1, place + 1)
            rows[label][column] = filing.number((f"{label}/{column}", ""), frame.iat[row, place], cell)
    filing.base = pd.DataFrame.from_dict(rows, orient="index", dtype=float)
    for row in range(16, min(25, len(frame))):
        label, cell = str(frame.iat[row, 0]), ("基础数据表", row + 1, 3)
        filing.figures[label] = filing.number((label, ""), frame.iat[row, 2], cell)
    filing.checks = frame.iloc[28:38, 3].fillna("").astype(str).str.strip().tolist()


def read_scores(filing: Filing, frame: pd.DataFrame) -> None:
    """Read the score sheet."""
    score = frame.iloc[2:, [2, 4, 5, 6]].set_axis(["指标", "分值", "自评得分", "扣分原因"], axis=1)
    score.loc[frame.index[frame[0].astype(str).str.replace(" ", "") == "总分"], "指标"] = "总分"
    score.loc[score["指标"].duplicated() & score["指标"].notna(), "指标"] += "（资产）"
    for column, place in (("分值", 5), ("自评得分", 6)):
        score[column] = [
            filing.number((str(name), column), value, ("评分表", row + 1, place))
            for row, name, value in zip(score.index, score["指标"], score[column], strict=True)
        ]
    score["分值"] = score["分值"].ffill()
    score.loc[score["指标"].isin(BENEFITS), "分值"] /= len(BENEFITS)  # the three share what is printed
    score["扣分原因"] = score["扣分原因"].fillna("").astype(str).str.strip()
    score = score.dropna(subset=["指标"]).reset_index(names="行").set_index("指标")
    if "总分" in score.index:
        filing.total = score.at["总分", "自评得分"]
        filing.cells["总分", ""] = ("评分表", int(score.at["总分", "行"]) + 1, 6)
    filing.scores = score.drop(index="总分", errors="ignore")
