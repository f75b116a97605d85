"""The sheets of the district summary: their names, in order, and what each holds in a line."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jixiao.model.words import SUMMARY_SHEETS
from jixiao.pack import Pack
from jixiao.pack.concept import Kind
from jixiao.pack.layout import Table

OVERVIEW, RUN_INFO = SUMMARY_SHEETS
DISTRICTS = "区县汇总"
FILING_STATUS = "报送情况"
ROUNDS = "轮次变化"
ROUND_FINDINGS, ROUND_CELLS = "轮次问题明细", "轮次变动单元格"
RANKING = "得分排名"
COMMON_PROBLEMS = "共性问题"
FINDING_LIST = "问题清单"
SELF_AND_COMPUTED = "自评与系统差异"
MATRIX = "指标得分矩阵"
LAST_YEAR = "与上年比较"
OUTLIERS = "异常值"
SAME_TEXTS = "雷同文字"
INSPECTION = "抽查建议"
RUBRIC = "评分标准"

HOLDS: Mapping[str, str] = MappingProxyType({
    DISTRICTS: "各区县报送、退回和平均得分对照",
    FILING_STATUS: "名册与报送文件对照，催报名单、退回名单",
    ROUNDS: "多次报送的部门：问题增减",
    ROUND_FINDINGS: "多次报送的部门：逐条问题的变化",
    ROUND_CELLS: "多次报送的部门：改动了哪些单元格",
    RANKING: "各部门得分、等次、全区和类内排名",
    COMMON_PROBLEMS: "各类问题涉及的部门数，由多到少",
    FINDING_LIST: "全部问题，可按部门、类别、规则筛选",
    SELF_AND_COMPUTED: "自评得分与系统得分不同的指标",
    MATRIX: "部门与指标对照，平均得分和满分占比",
    LAST_YEAR: "得分和主要数据与上年对照",
    OUTLIERS: "与同类部门相比明显偏离的数",
    SAME_TEXTS: "多个部门一字不差的文字",
    INSPECTION: "按风险和随机抽取的现场抽查名单",
    RUBRIC: "指标、分值、评分标准和等次",
    RUN_INFO: "表样包、工具版本和运行参数",
})  # fmt: skip
"""What stands beside each link on the first sheet; money sheets say their tables."""


def money_sheets(pack: Pack) -> dict[str, tuple[Table, ...]]:
    """The money sheets in order, each with the tables of the form that it adds up."""
    sheets: dict[str, tuple[Table, ...]] = {}
    for table in pack.tables:
        named = [row.summary_sheet or table.summary_sheet for row in pack.table_rows(table)]
        if table in pack.money_tables:
            named = [table.summary_sheet or f"{table.name}汇总"]
        for name in dict.fromkeys(each for each in named if each):
            sheets[name] = (*sheets.get(name, ()), table)
    return sheets


def summed_concepts(pack: Pack, table: Table, sheet: str) -> list[tuple[str, str]]:
    """The amounts of a table that a money sheet adds up, each with its label: by column, else by row and column."""
    if table in pack.money_tables:
        return [(table.concept_id(each), each.label or "".join(each.leaf.split())) for each in table.inputs]
    rows = (row for row in pack.table_rows(table) if (row.summary_sheet or table.summary_sheet) == sheet)
    concepts = (pack.concepts[each] for row in rows for each in table.row_concept_ids(row).values())
    return [(each.id, each.label) for each in concepts if each.kind is Kind.AMOUNT]
