"""One inbox with everything that rounds and a roster are for: each file has its status, and each department its place."""

from __future__ import annotations

import openpyxl
import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import run
from tests.support.workbooks import Filed, roster

NAMES = {
    "101001": "某区教育局", "101002": "某区水利局", "101003": "某区卫生健康局", "101004": "某区民政局", "101005": "某区审计局",
    "101006": "某区国家保密局", "101007": "某区地震局", "101008": "某区统计局", "101009": "某区林业局",
}  # fmt: skip

FILES: dict[str, tuple[str, str, int, str]] = {
    # file: department, 报告日期, year, a figure that tells contents apart
    "第一次报送/教育局.xlsx": ("101001", "2023年5月9日", 2022, "100"),
    "第二次报送/教育局.xlsx": ("101001", "2023年4月1日", 2022, "101"),
    "水利局.xlsx": ("101002", "2023年4月1日", 2022, "102"),
    "水利局（副本）.xlsx": ("101002", "2023年4月1日", 2022, "102"),
    "甲/卫健局.xlsx": ("101003", "2023年4月1日", 2022, "103"),
    "乙/卫健局.xlsx": ("101003", "2023年4月1日", 2022, "104"),
    "民政局.xlsx": ("101004", "2023年4月1日", 2022, "105"),
    "民政局 更正.xlsx": ("101004", "2023年4月2日", 2022, "106"),
    "审计局.xlsx": ("101005", "2023年4月1日", 2021, "107"),
    "地震局.xlsx": ("101007", "2023年4月1日", 2022, "108"),
    "外县某局.xlsx": ("909009", "2023年4月1日", 2022, "109"),
}

STATUSES = {
    "第一次报送/教育局.xlsx": ("superseded", "该部门另有更新的报送 第二次报送/教育局.xlsx，本文件不再计分"),
    "第二次报送/教育局.xlsx": ("returned", "退回修改"),
    "水利局.xlsx": ("returned", "退回修改"),
    "水利局（副本）.xlsx": ("duplicate", "与 水利局.xlsx 内容完全相同，以该文件为准"),
    "甲/卫健局.xlsx": ("conflict", "与 乙/卫健局.xlsx 同属一个部门，报告日期和文件名相同而内容不同，无法判断以哪份为准，均未计分"),
    "乙/卫健局.xlsx": ("conflict", "与 甲/卫健局.xlsx 同属一个部门，报告日期和文件名相同而内容不同，无法判断以哪份为准，均未计分"),
    "民政局.xlsx": ("superseded", "该部门另有更新的报送 民政局 更正.xlsx，本文件不再计分"),
    "民政局 更正.xlsx": ("returned", "退回修改"),
    "审计局.xlsx": ("returned", "退回修改"),
    "地震局.xlsx": ("returned", "退回修改"),
    "外县某局.xlsx": ("not_on_roster", "名册中没有“某县某局”"),
    "某区国家保密局.xlsx": ("skipped", "名册标明涉密，按规定未读取，请线下处理"),
    "国家保密局2022年自评.xlsx": ("skipped", "名册标明涉密，按规定未读取，请线下处理"),
    "国家保密局/自评.xlsx": ("skipped", "名册标明涉密，按规定未读取，请线下处理"),
    "某区林业局.xlsx": ("unreadable", "文件无法读取：空文件（0 字节）"),
}


@pytest.fixture(scope="module")
def home(pack, tmp_path_factory):
    """The inbox, the roster and what a run with it left."""
    home = tmp_path_factory.mktemp("roster")
    filed = Filed(pack)
    for name, (code, date, year, figure) in FILES.items():
        for concept, value in {
            "cover.budget_code": code, "cover.department": NAMES.get(code, "某县某局"), "cover.report_date": date,
            "cover.year": f"{year}年度", "base.key_project.budget": float(figure),
        }.items():  # fmt: skip
            filed.cell(concept).value = value
        filed.save(home / "inbox" / name)
    (home / "inbox" / "水利局（副本）.xlsx").write_bytes((home / "inbox" / "水利局.xlsx").read_bytes())
    for name in ("某区国家保密局.xlsx", "国家保密局2022年自评.xlsx", "国家保密局/自评.xlsx"):
        path = home / "inbox" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"what would be told as text if it were read")
    (home / "inbox" / "某区林业局.xlsx").write_bytes(b"")
    roster(home / "名册.xlsx", NAMES, 涉密={"101006": "是"}, 并入报送={"101007": "某区民政局", "101008": "某区民政局"})
    return home


@pytest.fixture(scope="module")
def ran(home):
    return run(Options(home / "inbox", home / "out", "yunxi_2022", roster=home / "名册.xlsx")).district


@pytest.mark.parametrize("file", STATUSES)
def test_each_file_has_its_status_and_reason(ran, file):
    result = next(each for each in ran.results if each.file == file)
    status, reason = STATUSES[file]
    assert (result.status.value, result.reason.split("：必改")[0]) == (status, reason)


def test_nothing_else_has_a_row(ran):
    assert {each.file for each in ran.results if each.file} == set(STATUSES)
    assert [each.identity.department for each in ran.results if not each.file] == []


def test_a_classified_file_is_not_read_at_all(ran):
    assert {each.sha256 for each in ran.results if each.status.value == "skipped"} == {""}


def test_only_what_counts_is_scored_and_has_a_return(ran, home):
    scored = {each.file for each in ran.results if each.scored}
    assert scored == {file for file, (status, _) in STATUSES.items() if status == "returned"}
    returned = {path.name.split("_")[0] for path in (home / "out" / "departments").iterdir()}
    assert returned == {"101001", "101002", "101004", "101005", "101007"}


def test_another_year_and_a_department_within_another_are_left_out_of_ranking_and_totals(ran, home):
    book = openpyxl.load_workbook(home / "out" / "区级汇总.xlsx")
    words = {name: [str(cell.value) for row in book[name].iter_rows() for cell in row if cell.value is not None] for name in book.sheetnames}
    audit = next(each for each in ran.results if each.file == "审计局.xlsx")
    assert audit.scored and [(each.rule, each.severity.value) for each in audit.findings if each.rule == "SUB-05"] == [("SUB-05", "warning")]
    # Money tables and the ranking list those that count first, others apart or not at all.
    ranked = [row[0].value for row in book["得分排名"].iter_rows() if isinstance(row[0].value, int)]
    assert len(ranked) == len(set(ranked)) <= 3
    for name in ("收支汇总", "三公经费汇总", "固定资产汇总"):
        assert not any("审计局" in each or "地震局" in each for each in words[name]), name
    status = words["报送情况"]
    assert any("并入“某区民政局”报送，不单独计数" in each for each in status)


def test_the_year_asked_for_counts_against_the_majority(home):
    district = run(Options(home / "inbox", home / "other", "yunxi_2022", roster=home / "名册.xlsx", year=2021)).district
    counted = {each.file for each in district.results if each.scored and each.counted}
    assert district.year == 2021 and counted == {"审计局.xlsx"}
    others = [each for each in district.results if each.scored and each.file != "审计局.xlsx"]
    assert others and all(any(finding.rule == "SUB-05" for finding in each.findings) for each in others)


def test_without_a_roster_a_run_says_what_it_cannot_know(home):
    run(Options(home / "inbox", home / "none", "yunxi_2022"))
    book = openpyxl.load_workbook(home / "none" / "区级汇总.xlsx")
    words = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
    assert "本次运行没有名册，未报送的部门无法列出。" in words and "无名册" in words
