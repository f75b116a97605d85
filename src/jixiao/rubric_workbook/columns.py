"""The rubric as a workbook: its sheets and columns, declared once for both directions, and the rows of a rubric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from types import MappingProxyType
from typing import Any

from jixiao.pack.declarations.rubric import Rubric
from jixiao.pack.docs.method_text import COUNTING
from jixiao.pack.docs.method_text import OPERATORS as RELATIONS
from jixiao.pack.docs.terminal import FINAL_WORDS
from jixiao.pack.pack import Pack


class Holds(Enum):
    """What a column's cells hold.

    RATE is 1 = 100 %, shown as a percentage; CONCEPTS are cells of the form by name, one a line; CONCEPT_OR_NUMBER one
    of them or a number; ZERO_IF lines of a concept and the code of a balance; IDS a list with 、 between.
    """

    TEXT = auto()
    NUMBER = auto()
    RATE = auto()
    YES = auto()
    CHOICE = auto()
    IDS = auto()
    CONCEPTS = auto()
    CONCEPT_OR_NUMBER = auto()
    ZERO_IF = auto()


@dataclass(frozen=True)
class RubricColumn:
    """A column: the key of the declaration that it holds, its head, and what its cells accept."""

    key: str
    head: str
    holds: Holds = Holds.TEXT
    width: float = 12.0
    required: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    help: str = ""


@dataclass(frozen=True)
class RubricSheet:
    """A sheet: a row for each part of the rubric of one kind; `help` stands under its title."""

    id: str
    name: str
    columns: tuple[RubricColumn, ...]
    help: str

def _words(**words: str) -> Mapping[str, str]:
    return MappingProxyType(words)


METHODS = _words(
    bands="按档次", points_over="超过扣分", points_under="不足扣分", per_instance="按例扣分", checklist="检查清单",
    conditions="按条件", reported="自评计列",
)  # fmt: skip
"""The methods that the workbook can change; an indicator of another method keeps it as it is."""

KEPT_METHOD = "保持原方法"
EVIDENCE = _words(accounts="复算", declared="依据填报", reported="自评")
KINDS = _words(
    ratio="比值", change="变动率", size_ratio="绝对值之比", increase_ratio="只计调增之比", percent="百分数",
)  # fmt: skip
ZERO = _words(not_computable="无法复算", worst="按最低档")
PARTIAL = _words(**{key.value: words for key, words in COUNTING.items()})
FINAL = _words(**{key.value: words for key, words in FINAL_WORDS.items()})
BOTH_ZERO = _words(full_marks="不适用，计满分", not_computable="无法复算")
OPERATORS = MappingProxyType({**RELATIONS, "": "其余"})

INDICATOR = RubricColumn("indicator", "指标编号", width=18, required=True, help="“指标”表中的编号")
MARKS = RubricColumn("marks", "得分", Holds.NUMBER, 8, required=True)

GENERAL_ROWS: tuple[RubricColumn, ...] = (
    RubricColumn("title", "名称", required=True),
    RubricColumn("source", "依据", required=True),
    RubricColumn("grade_source", "等次依据", required=True),
    RubricColumn("total", "总分", Holds.NUMBER, required=True),
    RubricColumn("settings.partial_points", "不足一个百分点的部分", Holds.CHOICE, words=PARTIAL, required=True),
    RubricColumn("settings.final", "未复核时的最终得分", Holds.CHOICE, words=FINAL, required=True),
    RubricColumn("settings.both_zero", "分子分母均为零", Holds.CHOICE, words=BOTH_ZERO, required=True),
    RubricColumn("settings.least_verified", "复算不足此比例标待核实", Holds.RATE, required=True),
    RubricColumn("settings.review_reported_from", "自评计列的指标达到此分值须复核", Holds.NUMBER, help="留空为均不须复核"),
)
"""The rows of the first table: one key each, its value beside it."""

GENERAL = RubricSheet(
    "general",
    "总则",
    (RubricColumn("item", "项目", width=28), RubricColumn("value", "内容", width=60, required=True)),
    "只改“内容”一栏。",
)

SHEETS: tuple[RubricSheet, ...] = (
    RubricSheet("dimensions", "一级指标", (
        RubricColumn("id", "编号", width=14, required=True), RubricColumn("label", "名称", width=16, required=True),
        RubricColumn("printed", "表上印法", width=18, required=True), RubricColumn("points", "分值", Holds.NUMBER, 8, required=True),
    ), "分值合计应等于总分。编号为字母、数字和下划线，定后不改。"),
    RubricSheet("criteria", "二级指标", (
        RubricColumn("id", "编号", width=14, required=True), RubricColumn("label", "名称", width=16, required=True),
        RubricColumn("printed", "表上印法", width=18, required=True),
        RubricColumn("dimension", "一级指标编号", width=14, required=True),
        RubricColumn("points", "分值", Holds.NUMBER, 8, required=True),
    ), "分值合计应等于所属一级指标的分值。"),
    RubricSheet("open_groups", "可调整组", (
        RubricColumn("id", "编号", width=14, required=True), RubricColumn("label", "名称", width=28, required=True),
        RubricColumn("points", "分值", Holds.NUMBER, 8, required=True), RubricColumn("shared", "合并计分", Holds.YES, 10),
        RubricColumn("indicators", "所含指标编号", Holds.IDS, 40, required=True), RubricColumn("standard", "评分标准", width=50),
    ), "部门可以调整其中各行，合计分值不变。所含指标编号以顿号分隔。"),
    RubricSheet("indicators", "指标", (
        RubricColumn("id", "编号", width=20, required=True), RubricColumn("label", "名称", width=24, required=True),
        RubricColumn("aliases", "其他写法", Holds.IDS, 18), RubricColumn("criterion", "二级指标编号", width=13, required=True),
        RubricColumn("full_marks", "分值", Holds.NUMBER, 8, required=True), RubricColumn("standard", "评分标准", width=50),
        RubricColumn("source", "依据", width=30, required=True),
        RubricColumn("evidence", "数据来源", Holds.CHOICE, 10, required=True, words=EVIDENCE),
        RubricColumn("method.kind", "评分方法", Holds.CHOICE, 11, required=True, words=METHODS),
        RubricColumn("method.limit", "界限", Holds.RATE, 9, help="超过扣分、不足扣分用"),
        RubricColumn("method.per", "每点（例）扣分", Holds.NUMBER, 9, help="超过、不足、按例扣分用"),
        RubricColumn("method.count", "计数数据项", Holds.CONCEPTS, 30, help="按例扣分用"),
        RubricColumn("reading", "采用口径", width=12, help="有多个比率时，填口径编号"),
        RubricColumn("zero_if", "未填按零的条件", Holds.ZERO_IF, 34, help="每行：数据项：勾稽编号"),
        RubricColumn("note", "备注", width=20),
    ), "一行一个指标，行序即评分表的顺序。档次、清单、条件、比率在各自的表中按编号填写。"),
    RubricSheet("measures", "比率", (
        INDICATOR, RubricColumn("reading", "口径编号", width=12), RubricColumn("reading_label", "口径名称", width=14),
        RubricColumn("kind", "算法", Holds.CHOICE, 13, required=True, words=KINDS),
        RubricColumn("numerator", "分子", Holds.CONCEPTS, 40, required=True),
        RubricColumn("denominator", "分母", Holds.CONCEPTS, 40),
        RubricColumn("denominator_zero", "分母为零时", Holds.CHOICE, 12, required=True, words=ZERO),
        RubricColumn("zero_denominator_suffices", "分母为零即不适用", Holds.YES, 10),
    ), "分子、分母写“数据项”表中的名称，每行一个，取最先填列的一个。"),
    RubricSheet("bands", "档次", (
        INDICATOR, RubricColumn("lower", "下限", Holds.RATE, 10), RubricColumn("lower_closed", "含下限", Holds.YES, 8),
        RubricColumn("upper", "上限", Holds.RATE, 10), RubricColumn("upper_closed", "含上限", Holds.YES, 8), MARKS,
    ), "上下限为百分数（例如 90%），没有的留空；各档应相接而不重叠。"),
    RubricSheet("items", "检查清单", (
        INDICATOR, RubricColumn("text", "检查内容", width=70, required=True), MARKS,
    ), "各项得分合计应等于该指标的分值。"),
    RubricSheet("conditions", "条件", (
        INDICATOR, RubricColumn("left", "数据项", Holds.CONCEPTS, 36),
        RubricColumn("operator", "关系", Holds.CHOICE, 9, required=True, words=OPERATORS),
        RubricColumn("right", "比较对象", Holds.CONCEPT_OR_NUMBER, 36), MARKS, RubricColumn("text", "情形", width=36, required=True),
    ), "自上而下取最先符合的一条，最后一条的关系填“其余”。比较对象为数据项名称或数。"),
    RubricSheet("grades", "等次", (
        RubricColumn("label", "等次", width=12, required=True), RubricColumn("at_least", "下限", Holds.NUMBER, 10, required=True),
    ), "得分不低于下限即为该等次。"),
)  # fmt: skip

PARTS_OF_METHOD = MappingProxyType({"bands": "bands", "items": "checklist", "conditions": "conditions"})
"""The sheets whose rows are parts of an indicator's method, and the kind of that method."""

PER_KEYS = MappingProxyType({"points_over": "per_point", "points_under": "per_point", "per_instance": "per_instance"})
"""Which key of a method the column 每点（例）扣分 holds."""

PACK_HEAD = "表样包"
"""The row of the first table that names the pack from which the workbook came."""

CONCEPTS_SHEET = "数据项"
CONCEPTS_HELP = "表样中可供计算的数据项，供填写时照抄，本表不读入。"
YES, NO = "是", "否"
LIST_MARK = "、"
ZERO_MARK = "："
HEAD_ROW = 2
"""The row of the heads on every sheet, from zero."""


def concept_words(pack_names: Mapping[str, str], concept_id: str) -> str:
    """Return what the workbook calls a concept: its name where no other has the same, else its id."""
    name = pack_names.get(concept_id, concept_id)
    return name if sum(each == name for each in pack_names.values()) == 1 else concept_id


Row = dict[str, Any]
"""Values by key: text, Decimal, bool, a tuple of ids, or a mapping of concepts to codes."""


def rubric_rows_of(rubric: Rubric) -> dict[str, list[Row]]:
    """Return the rows of every sheet by the sheet's id, in the order of the rubric; `general` has one row of all keys."""
    content = rubric.model_dump()
    rows: dict[str, list[Row]] = {name: content[name] for name in ("dimensions", "criteria", "open_groups", "grades")}
    general = ((column.key, *column.key.rpartition(".")) for column in GENERAL_ROWS)
    rows["general"] = [{key: (content[part] if part else content)[name] for key, part, _, name in general}]
    rows["indicators"] = [_indicator(row, rubric) for row in content["indicators"]]
    rows["measures"] = [{INDICATOR.key: row["id"], **part} for row in rows["indicators"] for part in row["measures"]]
    for sheet, kind in PARTS_OF_METHOD.items():
        methods = ((row["id"], row["method"]) for row in rows["indicators"] if row["method"]["kind"] == kind)
        rows[sheet] = [{INDICATOR.key: name, **part} for name, method in methods for part in method[sheet]]
    return rows


def _indicator(row: Row, rubric: Rubric) -> Row:
    method: Mapping[str, Any] = row["method"]
    return row | {
        "method.kind": method["kind"],
        "method.limit": method.get("limit"),
        "method.per": method.get(PER_KEYS.get(method["kind"], "")),
        "method.count": method["count"] if method["kind"] == "per_instance" else (),
        "reading": rubric.settings.readings.get(row["id"], ""),
    }


def concept_names(pack: Pack) -> dict[str, str]:
    """Return the names of the cells that a rubric can compute with, by concept id."""
    return {
        concept.id: pack.describe(concept.id)
        for concept in pack.concepts.values()
        if (concept.numeric or concept.choices) and "{n}" not in concept.id
    }
