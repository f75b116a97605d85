"""Filings without a cover are given their department and year all the way through a run."""

from __future__ import annotations

from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.services.check import check_files
from tests.support.workbooks import Filed, roster

DEPARTMENTS = {"101001": "某区教育局", "101002": "某区水利局", "101003": "某区统计局"}


def bare(pack, **figures: object) -> Filed:
    """A filing whose cover was thrown away."""
    filed = Filed(pack, {key.replace("__", "."): figure for key, figure in figures.items()})
    del filed.book["封面"]
    return filed


def test_a_run_tells_whose_filings_without_a_cover_are(pack, tmp_path):
    inbox = tmp_path / "inbox"
    bare(pack).save(inbox / "水利局整体支出自评.xlsx")
    bare(pack, evaluators__1__name="某某", evaluators__1__unit="某区统计局", narrative="本年度平稳。").save(inbox / "1.xlsx")
    bare(pack, narrative="2021年度平稳。").save(inbox / "新建工作表.xlsx")
    book = roster(tmp_path / "名册.xlsx", DEPARTMENTS)
    district = run(Options(inbox, tmp_path / "out", "yunxi_2022", roster=book, year=2022)).district
    told = {each.file: (each.department, each.identity.year, each.status.value) for each in district.results}
    assert told == {
        "水利局整体支出自评.xlsx": ("某区水利局", 2022, "returned"),
        "1.xlsx": ("某区统计局", 2022, "returned"),
        "新建工作表.xlsx": ("", 2021, "not_on_roster"),
        "": ("某区教育局", None, "missing"),
    }
    rules = {each.file: {finding.rule for finding in each.findings if finding.rule.startswith("SUB")} for each in district.results}
    assert rules["水利局整体支出自评.xlsx"] == {"SUB-09"} and rules["1.xlsx"] == {"SUB-09", "SUB-04"}


def test_a_check_without_a_cover_says_from_where_it_knows(pack, tmp_path):
    path = bare(pack, evaluators__1__name="某某", evaluators__1__unit="某区水利局").save(tmp_path / "a.xlsx")
    (result,) = check_files([path], "yunxi_2022")
    assert (result.department, result.identity.year) == ("某区水利局", 2022)
    assert [finding.actual for finding in result.findings if finding.rule == "SUB-09"] == ["某区水利局", "2022"]
