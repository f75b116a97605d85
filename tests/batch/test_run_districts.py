"""An inbox of folders, one a district: each has its summary, and the root holds all of them, from the same data."""

from __future__ import annotations

import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from jixiao.batch.inbox.districts import districts_of
from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.cli.app import group
from jixiao.errors import UsageError
from tests.support.workbooks import Filed


@pytest.mark.parametrize(
    ("files", "districts"),
    [
        (["甲县/1.xlsx", "乙县/1.xlsx", "1.xlsx"], ["甲县", "乙县", None]),
        (["某市/甲县/1.xlsx", "某市/乙县/1.xlsx"], ["某市/甲县", "某市/乙县"]),
        (["甲县/第一次报送/1.xlsx", "甲县/第二次报送/1.xlsx"], ["甲县", "甲县"]),
        (["某市/甲县/第一次报送/1.xlsx", "丙县/1.xlsx"], ["某市/甲县", "丙县"]),
        (["甲县/1.xlsx", "甲县/教科文股/2.xlsx"], ["甲县", "甲县"]),
    ],
)
def test_a_folder_is_a_district_and_one_of_folders_alone_a_city(files, districts):
    found = districts_of(files)
    assert [found.get(name) for name in files] == districts


@pytest.fixture
def home(pack, tmp_path):
    """Two districts with a department of the same code and name, one of them with a second that sent nothing."""
    filed = Filed(pack)
    for district, code, department in (
        ("甲县", "101001", "司法局"), ("甲县", "101011", "甲县统计局"), ("乙县", "101001", "司法局"), ("乙县", "101022", "乙县统计局"),
    ):  # fmt: skip
        filed.cell("cover.budget_code").value = code
        filed.cell("cover.department").value = department
        filed.save(tmp_path / "in" / district / f"{department}.xlsx")
    book = openpyxl.Workbook()
    for row in (
        ("预算编码", "部门名称", "区县"), ("101001", "司法局", "甲县"), ("101011", "甲县统计局", "甲县"),
        ("101001", "司法局", "乙县"), ("101022", "乙县统计局", "乙县"), ("101009", "审计局", "乙县"),
    ):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "名册.xlsx")
    return tmp_path


def shown(path):
    book = openpyxl.load_workbook(path)
    sheet = book["报送情况"]
    links = {cell.hyperlink.target.replace("\\", "/") for row in sheet.iter_rows() for cell in row if cell.hyperlink and cell.hyperlink.target}
    return {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}, links


def test_the_terminal_says_where_the_districts_summaries_are(home):
    asked = ["run", str(home / "in"), "-o", str(home / "out"), "--roster", str(home / "名册.xlsx"), "--districts"]
    done = CliRunner().invoke(group, asked)
    assert f"各区县汇总：2 份，在 {home / 'out' / '区县'}" in done.output


def test_each_district_has_a_summary_and_the_root_holds_all(home):
    out = home / "out"
    options = Options(home / "in", out, "yunxi_2022", roster=home / "名册.xlsx", districts=True)
    run(options)
    rows = pq.read_table(out / "data" / "submissions.parquet").to_pylist()
    told = {(row["file"], row["department"], row["status"]) for row in rows}
    assert ("", "审计局", "missing") in told
    scored = [row for row in rows if row["file"]]
    assert len(rows) == 5 and len(scored) == 4
    assert not {row["status"] for row in scored} & {"superseded", "conflict", "duplicate", "not_on_roster"}
    assert len(list((out / "departments").glob("*.xlsx"))) == 4
    mine, links = shown(out / "区县" / "甲县" / "区级汇总.xlsx")
    other, _ = shown(out / "区县" / "乙县" / "区级汇总.xlsx")
    whole, _ = shown(out / "区级汇总.xlsx")
    assert "甲县统计局" in mine and "乙县统计局" not in mine and "审计局" not in mine
    assert "乙县统计局" in other and "审计局" in other and "甲县统计局" not in other
    rolled = [[cell.value for cell in row] for row in openpyxl.load_workbook(out / "区级汇总.xlsx")["区县汇总"].iter_rows(min_row=4)]
    assert [row[0] for row in rolled] == ["乙县", "甲县", "合计"]
    assert [(row[1], row[5], row[7]) for row in rolled[:2]] == [(3, 1, 2), (2, 0, 2)]
    assert {"甲县统计局", "乙县统计局", "审计局"} <= whole
    returned = [link for link in links if "departments" in link]
    assert returned and all((out / "区县" / "甲县" / link).resolve().is_file() for link in returned)


def test_without_the_option_the_folders_are_one_district_and_its_summaries_go(home):
    out = home / "out"
    run(Options(home / "in", out, "yunxi_2022", districts=True))
    assert (out / "区县" / "甲县" / "区级汇总.xlsx").is_file()
    run(Options(home / "in", out, "yunxi_2022"))
    assert not list((out / "区县").rglob("*.xlsx"))


def test_what_names_a_department_of_two_districts_is_refused(home):
    (home / "last").mkdir()
    run(Options(home / "in" / "甲县", home / "last", "yunxi_2022", year=2022))
    with pytest.raises(UsageError, match=r"“乙县”和“甲县”都有“司法局”，无法认定.*请逐个区县运行"):
        run(Options(home / "in", home / "out", "yunxi_2022", districts=True, previous=home / "last"))
    # One by one, as the line says, it can be told.
    alone = run(Options(home / "in" / "乙县", home / "alone", "yunxi_2022", year=2022, roster=None))
    assert len(alone.district.results) == 2
