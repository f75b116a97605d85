"""Money tables: which row is which institution, which column which concept, however the table was pasted."""

from __future__ import annotations

import pytest

from jixiao.model.fact import FactState
from tests.support.grids import coded, drawn, figures, read

PLAIN = """
年度收入情况（万元） | > | > | > | > | > | 单位：万元
机构名称 | 收入合计 | 其中： | > | > | > | >
^ | ^ | 上年结转 | 公共财政拨款 | 政府基金拨款 | 纳入专户管理的非税收入拨款 | 其他收入
局机关及二级机构汇总 | 30 | 1 | 29 | | |
1、局机关 | 20 | 1 | 19 | | |
2、第一中学 | 10 | | 10 | | |
3、二级机构2 | | | | | |
"""
READ = {
    ("income.total", "summary"): "30", ("income.carryover", "summary"): "1",
    ("income.general_public_budget", "summary"): "29",
    ("income.total", "headquarters"): "20", ("income.carryover", "headquarters"): "1",
    ("income.general_public_budget", "headquarters"): "19",
    ("income.total", "第一中学"): "10", ("income.general_public_budget", "第一中学"): "10",
}  # fmt: skip


def layout_findings(submission) -> set[tuple[str, str]]:
    """All findings but those for the blocks that these small sheets lack."""
    return {each for each in coded(submission) if each[0] != "LAY-01"}


@pytest.mark.parametrize(
    ("name", "text"),
    {
        "as printed": PLAIN,
        "every head in the head's first row": """
            机构名称 | 收入合计 | 上年结转 | 公共财政拨款 | 政府基金拨款 | 纳入专户管理的非税收入拨款 | 其他收入
            局机关及二级机构汇总 | 30 | 1 | 29 | | |
            1、局机关 | 20 | 1 | 19 | | |
            2、第一中学 | 10 | | 10 | | |
            """,
        "labels broken, spaced, in full width and with units": """
            机 构\\n名 称 | 收入合计（万元） | 其 中 | | | |
            | | 上年\\n结转 | 公共财\\n政拨款 | “政府基金”拨款： | 纳入专户管理的\\n非税收入拨款 | 其  他\\n收入
            局机关及二级机构 汇总 | 30 | 1 | 29 | | |
            １．局机关 | 20 | 1 | 19 | | |
            （2）第一 中学 | 10 | | 10 | | |
            """,
        "a head repeated by a page break": """
            机构名称 | 收入合计 | 其中： | > | > | > | >
            ^ | ^ | 上年结转 | 公共财政拨款 | 政府基金拨款 | 纳入专户管理的非税收入拨款 | 其他收入
            汇总 | 30 | 1 | 29 | | |
            局机关 | 20 | 1 | 19 | | |
            | | | | | |
            机构名称 | 收入合计 | 其中： | > | > | > | >
            ^ | ^ | 上年结转 | 公共财政拨款 | 政府基金拨款 | 纳入专户管理的非税收入拨款 | 其他收入
            第一中学 | 10 | | 10 | | |
            """,
        "columns in another order, each value merged over two cells": """
            机构名称 | 公共财政拨款 | > | 收入合计 | > | 上年结转 | 其他收入 | 政府基金拨款 | 纳入专户管理的非税收入拨款
            合计 | 29 | > | 30 | > | 1 | | |
            机关本级 | 19 | > | 20 | > | 1 | | |
            2、第一中学 | 10 | > | 10 | > | | | |
            """,
    }.items(),
)  # fmt: skip
def test_the_same_table_reads_the_same(pack, name, text):
    submission = read(pack, [drawn(text)])
    assert figures(submission) == READ
    assert layout_findings(submission) == set()


def test_blank_cells_of_a_row_are_blank_facts_and_a_blank_placeholder_is_no_institution(pack):
    submission = read(pack, [drawn(PLAIN)])
    assert [each.key for each in submission.institutions] == ["summary", "headquarters", "第一中学"]
    blank = submission.facts.get("income.other", "第一中学")
    assert blank is not None and blank.state is FactState.BLANK and str(blank.place) == "表!G6"
    assert len(submission.facts) == 3 * 6


def test_a_placeholder_with_figures_is_an_institution(pack):
    submission = read(pack, [drawn(PLAIN.replace("二级机构2 | |", "二级机构2 | 7 |"))])
    assert figures(submission)["income.total", "二级机构2"] == "7"


def test_tables_side_by_side_are_told_apart_though_they_share_labels(pack):
    submission = read(pack, [drawn("""
        机构名称 | 收入合计 | 上年结转 | 公共财政拨款 | 其他收入 | | 机构名称 | 固定资产合计 | 其中： | > | 其他
        ^ | ^ | ^ | ^ | ^ | | ^ | ^ | 在用固定资产 | 出租固定资产 | ^
        局机关及二级机构汇总 | 30 | 1 | 29 | 0 | | 局机关及二级机构汇总 | 8 | 5 | 2 | 1
        1、局机关 | 30 | 1 | 29 | 0 | | 1、局机关 | 8 | 5 | 2 | 1
        """)])
    assert figures(submission, block="fixed_assets")["fixed_assets.other", "summary"] == "1"
    assert figures(submission, block="income")["income.other", "headquarters"] == "0"
    assert {code for code, _ in layout_findings(submission)} == {"LAY-02"}


def test_a_label_nearly_right_is_read_and_told_and_a_missing_column_is_one_finding(pack):
    submission = read(pack, [drawn("""
        机构名称 | 收入合计 | 上年结转 | 公共财政拔款 | 政府基金拨款 | 其他收入
        汇总 | 30 | 1 | 29 | |
        """)])
    assert figures(submission)["income.general_public_budget", "summary"] == "29"
    assert layout_findings(submission) == {("LAY-06", "表!D1"), ("LAY-02", "")}
    told = {finding.rule: finding.message for finding in submission.findings}
    assert told["LAY-06"] == "“年度收入情况”的“公共财政拔款”按“公共财政拨款”读取。"
    assert "纳入专户管理的非税收入拨款" in told["LAY-02"]


def test_a_department_may_write_its_own_name_for_the_headquarters(pack):
    submission = read(pack, [drawn("""
        部门（单位）名称 | 区教育局
        机构名称 | 收入合计 | 上年结转 | 公共财政拨款 | 其他收入
        汇总 | 30 | 1 | 29 |
        1、区教育局 | 20 | 1 | 19 |
        2、区教师进修学校 | 10 | | 10 |
        """)])
    assert [each.key for each in submission.institutions] == ["summary", "headquarters", "区教师进修学校"]
    assert submission.institutions[1].label == "1、区教育局"


EXPENDITURE = """
机构名称 | 支出合计 | 基本支出 | 人员支出 | 公用支出 | 项目支出 | 当年结余 | 累计结余
汇总 | 5 | 5 | 5 | | | |
局机关 | 3 | 3 | 3 | | | |
"""


@pytest.mark.parametrize(
    ("first", "second", "key", "codes"),
    [
        ("2、区第一中学", "二、区第一中学：", "区第一中学", set()),
        ("2、区卫生计生监督所", "2、区卫生计生监督站", "区卫生计生监督所", {"LAY-06"}),
        ("2、区第一中学", "2、区第二中学", "区第二中学", set()),
    ],
)
def test_a_unit_is_the_same_in_all_tables_unless_its_number_differs(pack, first, second, key, codes):
    income = PLAIN.replace("2、第一中学", first)
    submission = read(pack, [drawn(income, "一"), drawn(EXPENDITURE + f"{second} | 2 | 2 | 2 | | | |", "二")])
    assert figures(submission, block="expenditure")["expenditure.total", key] == "2"
    assert {code for code, _ in layout_findings(submission)} == codes


@pytest.mark.parametrize(
    ("summary", "headquarters", "codes"),
    [
        ("总计", "1、局机关", set()),
        ("全部门汇总", "1、局机关", {"LAY-06"}),
        ("本级及所属合计", "1、局机关", {"LAY-06"}),
        ("局机关及二级机构汇总", "1、区教育局（本级）", set()),
        ("局机关及二级机构汇总", "区教育局机关", {"LAY-06"}),
        ("局机关及二级机构汇总", "第一中学机关服务中心", set()),  # a unit of that name
    ],
)
def test_summary_and_headquarters_are_known_by_what_their_names_say(pack, summary, headquarters, codes):
    submission = read(pack, [drawn(PLAIN.replace("局机关及二级机构汇总", summary).replace("1、局机关", headquarters))])
    told = figures(submission)
    assert told["income.total", "summary"] == "30"
    key = "headquarters" if "服务中心" not in headquarters else headquarters
    assert told["income.total", key] == "20" and told["income.total", "第一中学"] == "10"
    assert {code for code, _ in layout_findings(submission)} == codes


@pytest.mark.parametrize("head", ["单位名称", "部门（单位）名称", "机构"])
def test_the_column_of_names_may_be_called_otherwise(pack, head):
    submission = read(pack, [drawn(PLAIN.replace("机构名称", head))])
    assert figures(submission)["income.total", "第一中学"] == "10" and layout_findings(submission) == set()


@pytest.mark.parametrize(
    ("before", "here", "same", "codes"),
    [
        (("区卫生监督所", "区教师学校"), ("区教师学校", "区卫生监督站"), True, {"LAY-06"}),  # in another order
        (("区卫生监督所", "区教师学校"), ("区教师学校", "区卫监生督所"), False, set()),  # more than a slip
        (("幼儿园", "区教师学校"), ("区教师学校", "幼儿圆"), True, {"LAY-06"}),
        (("一中", "区教师学校"), ("区教师学校", "二中"), False, set()),
        (("区卫生监督所", "区教师学校"), ("区文化馆", "区卫生监督站"), False, set()),  # two are new: it may be another
    ],
)
def test_a_misspelt_unit_is_known_by_being_the_one_that_is_missing(pack, before, here, same, codes):
    income = PLAIN.replace("2、第一中学", f"2、{before[0]}") + f"3、{before[1]} | 1 | 1 | | | |\n"
    rows = "".join(f"{n}、{name} | {n} | {n} | {n} | | | |\n" for n, name in enumerate(here, start=2))
    submission = read(pack, [drawn(income, "一"), drawn(EXPENDITURE + rows, "二")])
    told = figures(submission, block="expenditure")
    assert (("expenditure.total", before[0]) in told) is same
    assert {code for code, _ in layout_findings(submission)} == codes


@pytest.mark.parametrize(
    ("line", "factor"),
    [("单位：人民币（元）", "0.01"), ("元", "0.01"), ("人民币元", "0.01"), ("单位：百万元", "10000"), ("单位：元", "0.01"), ("（单位：元）", "0.01"), ("单位：万元", "100"), ("金额单位：亿元", "1000000")]
)
def test_a_table_in_another_unit_is_converted_and_told_once(pack, line, factor):
    submission = read(pack, [drawn(PLAIN.replace("单位：万元", line).replace(" 30 ", " 100 "))])
    assert figures(submission)["income.total", "summary"] == factor
    assert {code for code, _ in layout_findings(submission)} == (set() if factor == "100" else {"CEL-10"})


@pytest.mark.parametrize("head", ["收入合计（元）", "收入合计 元", "收入合计元", r"收入合计\n元", r"收入合计\n（单位：元）"])
def test_a_column_in_another_unit_is_converted_and_told(pack, head):
    submission = read(pack, [drawn(PLAIN.replace("收入合计", head).replace(" 30 ", " 100 "))])
    told = figures(submission)
    assert told["income.total", "summary"] == "0.01" and told["income.total", "headquarters"] == "0.002"
    assert told["income.carryover", "summary"] == "1"
    assert {code for code, _ in layout_findings(submission)} - {"LAY-06"} == {"CEL-10"}


def test_a_unit_in_the_cell_counts_for_more_than_the_unit_of_the_table(pack):
    submission = read(pack, [drawn(PLAIN.replace("单位：万元", "单位：元").replace(" 30 ", " 30万元 "))])
    assert figures(submission)["income.total", "summary"] == "30"


def test_notes_and_signatures_below_a_table_are_no_institutions(pack):
    below = "注：本表由财务股填列 | > | > | > | > | > | >\n填表人 | 张三 | | | | |\n"
    submission = read(pack, [drawn(PLAIN + below)])
    assert figures(submission) == READ
    assert [extra.text for extra in submission.extras] == ["注：本表由财务股填列", "填表人", "张三"]


def test_columns_of_a_departments_own_are_kept_outside_the_form(pack):
    lines = PLAIN.strip().split("\n")
    text = "\n".join(f"{line} | {more}" for line, more in zip(lines, ["", "备注", "", "含专项", "", "", ""], strict=True))
    submission = read(pack, [drawn(text)])
    assert figures(submission) == READ
    assert [(str(extra.place), extra.text) for extra in submission.extras] == [("表!H2", "备注"), ("表!H4", "含专项")]
    assert layout_findings(submission) == {("LAY-04", "表!H2")}


def test_of_two_copies_the_fuller_counts_and_the_other_is_told_and_kept(pack):
    other = PLAIN.replace("10", "11").replace("2、第一中学 | 11 | | 11", "2、第一中学 | 11 | |")
    submission = read(pack, [drawn(other, "旧"), drawn(PLAIN, "新")])
    assert figures(submission) == READ
    assert layout_findings(submission) == {("LAY-05", "旧!A2"), ("LAY-04", "旧!B6")}
    assert [extra.text for extra in submission.extras] == ["11"]


def test_the_row_labels_of_another_table_are_no_head(pack):
    submission = read(pack, [drawn(PLAIN + """
        项目 | 上年决算数 | 本年预算数 | 本年决算数
        三公经费合计 | 1 | 2 | 3
        其中：公务接待费 | 1 | 2 | 3
        公务用车运维费 | 0 | 0 | 0
        公务用车购置费 | 0 | 0 | 0
        因公出国费 | 0 | 0 | 0
        项目支出 | 4 | 5 | 6
        其中：重点项目支出 | 4 | 5 | 6
        公用经费 | 7 | 8 | 9
        政府采购金额 | 1 | 1 | 1
        """)])
    assert submission.blocks == {"income", "base_amounts"}
    assert figures(submission, block="base")["base.operating.actual"] == "9"
