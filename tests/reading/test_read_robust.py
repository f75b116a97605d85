"""Whatever stands in the cells: no exception, nothing lost, and what is no filing is told as such."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from jixiao.model.submission import Status, UnreadableFiling
from jixiao.pack import load_pack
from jixiao.reading.formats.grid import ErrorValue, Grid, Merge, UncachedFormula
from jixiao.reading.read import read_grids
from tests.reading.test_read_moved import whole
from tests.support import grids
from tests.support.grids import drawn


def outcome(pack, made):
    return read_grids(made, pack, file="t.xlsx", sha256="0" * 64, submission_id="t")


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ([], "工作簿是空的"),
        ([Grid("Sheet1", [])], "工作簿是空的"),
        ([drawn("姓名 | 电话\n甲 | 1")], "没有年度收入情况、年度支出和结余情况、三公经费、固定资产、评分表"),
        ([drawn("五、评价报告综述 |\n总收入 |")], "没有年度收入情况、年度支出和结余情况、三公经费、固定资产、评分表"),
    ],
)
def test_a_workbook_of_another_form_is_told_as_such(pack, made, reason):
    read = outcome(pack, made)
    assert isinstance(read, UnreadableFiling)
    assert read.status is Status.WRONG_FORM
    assert [(finding.rule, finding.message) for finding in read.findings] == [("SUB-03", f"未找到规定表样的内容：{reason}。")]


ODD = st.sampled_from([
    None, "", " ", 0, -1.5, float("nan"), float("inf"), 1e300, True, datetime(2023, 4, 10), time(8, 30), ErrorValue("#DIV/0!"),
    UncachedFormula("=A1"), "#REF!", "=1+1", "{where}", "机构名称", "其他", "其中：", "总  分", "局机关", "项目支出", "社会效益",
    "一级指标", "人员编制：三十一", "：", "①", "2、", "（）", "备注", "x" * 40_000, "2022年度", "\x00", "单位：元", "合计",
])  # fmt: skip


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate), suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_odd_cells_anywhere_end_in_a_filing_and_findings_that_can_be_read(data):
    pack = load_pack("yunxi_2022")
    sheet = grids.stacked("全部", whole(pack))
    rows = [list(line) for line in sheet.rows]
    spots = st.tuples(st.integers(0, len(rows) - 1), st.integers(0, 12))
    for row, column in data.draw(st.lists(spots, max_size=25)):
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = data.draw(ODD)
    merges = [merge for merge in sheet.merges if data.draw(st.integers(0, 30)) != 0]
    for row, column in data.draw(st.lists(spots, max_size=3)):
        merges.append(Merge(row, column, row + data.draw(st.integers(0, 5)), column + data.draw(st.integers(0, 5))))
    made = Grid("全部", rows, tuple(merges))
    read = outcome(pack, [made])
    assert isinstance(read, UnreadableFiling) or len({(fact.concept, fact.institution) for fact in read.facts}) == len(read.facts)
    if isinstance(read, UnreadableFiling):
        return
    for finding in read.findings:
        assert finding.message and "None" not in finding.message


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 160), st.integers(0, 12), st.booleans())
@example(128, 3, False)  # in the row of the total, where the form prints nothing
def test_a_number_typed_anywhere_beside_the_form_is_read_or_carried_over(row, column, unmerged):
    pack = load_pack("yunxi_2022")
    drawn = whole(pack)
    sheet = grids.stacked("全部", [grids.without_merges(piece) for piece in drawn] if unmerged else drawn)
    rows = [[*line, *[None] * (13 - len(line))] for line in sheet.rows]
    if row >= len(rows) or rows[row][column] is not None:
        return
    rows[row][column] = 987654.25
    read = outcome(pack, [Grid("全部", rows, sheet.merges)])
    assert not isinstance(read, UnreadableFiling)
    texts = [text for fact in read.facts for text in (fact.raw, fact.text) if text] + [extra.text for extra in read.extras]
    assert any("987654.25" in text for text in texts), (row, column)
