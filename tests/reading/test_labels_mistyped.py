"""Labels with one letter mistyped, one at a time: every one reads to the same facts and is told as it was found, or is told as missing."""

from __future__ import annotations

import pytest

from jixiao.pack import load_pack
from jixiao.pack.declarations.layout import RowSource
from tests.support import grids
from tests.support.grids import Piece, drawn, figures, read

UNITS = ("第一中学", "实验小学")


def whole(pack) -> list[Piece]:
    kinds = {block.id: ("", "") for block in pack.tables if block.source is RowSource.RECORDS}
    return grids.pieces(pack, grids.distinct_values(pack, UNITS, kinds), UNITS, kinds)


def mistyped(pack, old: str, new: str):
    pieces = whole(pack)
    made = [grids.decorated(piece, lambda text, role: new if text == old else text) for piece in pieces]
    return read(pack, grids.sheets(pack, made)), read(pack, grids.sheets(pack, pieces))


@pytest.mark.parametrize(
    ("form", "label", "typed"),
    [
        ("yunxi_2022", "公共财政拨款", "公财政拨款"),
        ("yunxi_2022", "其他收入", "其他入"),
        ("yunxi_2022", "机构名称", "机构称"),
        ("yunxi_2022", "预算编码", "预算码"),
        ("yunxi_2022", "局机关及二级机构汇总", "局机关及二级机够汇总"),
        ("yunxi_2022", "1、局机关", "1、局局机关"),
        ("yunxi_2022", "年度部门（单位）总体运行情况及取得的成绩", "年度部门（单位）总体运运行情况及取得的成绩"),
        ("hunan_2020", "年初预算数", "年初预数"),
        ("hunan_2020", "单位负责人", "单负责人"),
        ("hunan_2020", "绩效指标", "绩效指指标"),
    ],
)
def test_a_mistyped_label_is_read_and_told_as_it_was_found(form, label, typed):
    read_so, alone = mistyped(load_pack(form), label, typed)
    assert grids.seen(read_so) == grids.seen(alone)
    told = [finding for finding in read_so.findings if finding not in alone.findings]
    assert told and {finding.rule for finding in told} == {"LAY-06"}
    assert all(typed.removeprefix("1、") in finding.message for finding in told)


def test_what_may_be_either_of_two_labels_is_neither_and_told(pack):
    read_so, alone = mistyped(pack, "上年决算数", "上年算数")
    assert grids.seen(read_so) < grids.seen(alone)
    assert {finding.rule for finding in read_so.findings} == {"LAY-02", "LAY-04"}


def test_a_mistyped_caption_of_the_narrative_in_a_sheet_with_the_rest_is_found(pack):
    pieces = whole(pack)
    caption = "五、评价报告综述（文字部分）"
    made = [grids.decorated(each, lambda text, role: text.replace("综述", "综术") if text == caption else text) for each in pieces]
    submission = read(pack, [grids.stacked("全部", made)])
    assert grids.seen(submission) == grids.seen(read(pack, [grids.stacked("全部", pieces)]))
    assert [finding.rule for finding in submission.findings] == ["LAY-06"]


TABLE = """
{line}
机构名称 | 三公经费合计 | 公务接待费 | 公务用车运维费 | 公务用车购置费 | 因公出国费
汇总 | 10000 | 10000 | 0 | 0 | 0
"""


@pytest.mark.parametrize(
    "line",
    [
        "单位：元", "（元）", "货币单位：元", "金额单位：人民币元", "单位：元、人", "单位：元（保留两位小数）", "三公经费　　　　单位：元",
        "三公经费（单位：元）", "（单位：元）", "三公经费 | | | | | 单位：元", "单位：元\n二、部门（单位）收支情况\n三公经费",
    ],
)  # fmt: skip
def test_a_unit_above_a_table_is_known_however_it_is_written(pack, line):
    submission = read(pack, [drawn(TABLE.format(line=line), "三公")])
    assert figures(submission)["three_public.total", "summary"] == "1"
    told = [finding for finding in submission.findings if finding.rule == "CEL-10"]
    assert len(told) == 1 and "元" in str(line.split("|")[-1])
    assert submission.extras == ()


def test_a_unit_at_the_top_of_a_sheet_stands_for_its_tables_and_one_of_a_table_for_that_alone(pack):
    second = "\n" + TABLE.format(line="三公经费") + "固定资产\n机构名称 | 固定资产合计 | 在用固定资产 | 出租固定资产 | 其他\n汇总 | 20000 | 20000 | 0 | 0"
    top = read(pack, [drawn("单位：元\n人员编制 | 31 | 实有人数 | 25" + second, "表")])
    own = read(pack, [drawn("人员编制 | 31 | 实有人数 | 25" + second.replace("三公经费\n", "三公经费 | | | | | 单位：元\n", 1), "表")])
    assert [figures(top)[each, "summary"] for each in ("three_public.total", "fixed_assets.total")] == ["1", "2"]
    assert [figures(own)[each, "summary"] for each in ("three_public.total", "fixed_assets.total")] == ["1", "20000"]
    assert [str(each.place) for each in top.findings if each.rule == "CEL-10"] == ["表!A1", "表!A1"]
