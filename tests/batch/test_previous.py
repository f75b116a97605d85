"""Last year's result: which figures it supplies, of which department, and what is no result of last year."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.batch.external.last_year import previous_of, read_previous
from jixiao.errors import UsageError
from jixiao.model.external_data import ExternalData
from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.result import District
from jixiao.model.submission import Identity
from jixiao.pack import load_pack
from tests.support.results import result
from tests.support.tables import write_tables

LAST = {"surplus.cumulative": 8, "three_public.total": "1.3", "fixed_assets.total": 40, "staff.actual": 30}


def last_year(pack, folder: Path, figures: dict[object, object] = LAST, *, year: int = 2021, **more) -> Path:
    """The result of a year with one department."""
    made = result(pack, figures)
    made = replace(made, identity=Identity("某区水利局", "101003", year), roster=None, **more)
    write_tables(District((made,), (), False, year), pack, folder / "data")
    return folder


def figures(pack, folder: Path) -> dict[str, Decimal | None]:
    (department,) = read_previous(folder, pack, 2022)
    return {fact.concept: fact.value for fact in department.facts}


def test_last_years_figures_are_those_of_the_summary(pack, tmp_path):
    assert figures(pack, last_year(pack, tmp_path)) == {
        "surplus.cumulative": 8, "three_public.total": Decimal("1.3"), "fixed_assets.total": 40, "staff.actual": 30,
    }  # fmt: skip


def test_last_years_texts_come_with_them(pack, tmp_path):
    written = {"profile.annual_tasks": "完成培训。", "targets.quantitative.1.actual": "十二期", "profile.duties": "职责。"}
    (department,) = read_previous(last_year(pack, tmp_path, written), pack, 2022)
    assert {fact.concept: fact.text for fact in department.facts} == {
        concept: text for concept, text in written.items() if concept != "profile.duties"
    }


def test_headquarters_stand_for_a_blank_summary_as_they_did_then(pack, tmp_path):
    folder = last_year(pack, tmp_path, {("surplus.cumulative", "headquarters"): 8})
    assert figures(pack, folder) == {"surplus.cumulative": 8}


def test_what_the_bureau_knew_last_year_counts_before_what_was_filed(pack, tmp_path):
    known = Facts.of([Fact("surplus.cumulative", "summary", FactState.OK, Decimal(9))])
    assert figures(pack, last_year(pack, tmp_path, external=ExternalData(bureau=known)))["surplus.cumulative"] == 9


def test_a_department_is_known_by_code_then_name(pack, tmp_path):
    rows = read_previous(last_year(pack, tmp_path), pack, 2022)
    for code, name in (("101003", "改名局"), (None, "某区（水利局）"), ("999", "某区水利局")):
        assert previous_of(rows, Identity(name, code, 2022)) is rows[0]
    assert previous_of(rows, Identity("某区统计局", "101004", 2022)) is None


@pytest.mark.parametrize(
    ("year", "counted", "message"),
    [
        (2022, True, "不是上年（2021 年度）的结果（其中为：2022 年度）"),
        (2020, True, "不是上年（2021 年度）的结果（其中为：2020 年度）"),
        (2021, False, "不是上年（2021 年度）的结果（其中为：没有计分的报送）"),
    ],
)
def test_another_years_result_is_refused(pack, tmp_path, year, counted, message):
    folder = last_year(pack, tmp_path, year=year, counted=counted)
    with pytest.raises(UsageError) as refused:
        read_previous(folder, pack, 2022)
    assert message in str(refused.value)


def test_a_folder_that_is_no_result_or_cannot_be_read_is_refused(pack, tmp_path):
    with pytest.raises(UsageError, match=r"不是上年的结果文件夹"):
        read_previous(tmp_path, pack, 2022)
    with pytest.raises(UsageError, match=r"找不到上年的结果文件夹"):
        read_previous(tmp_path / "nowhere", pack, 2022)
    folder = last_year(pack, tmp_path)
    (folder / "data" / "facts.parquet").write_bytes(b"PAR1")
    with pytest.raises(UsageError, match=r"facts\.parquet”无法读取"):
        read_previous(folder, pack, 2022)


def test_a_file_of_the_result_and_the_folder_inside_it_mean_the_result(pack, tmp_path):
    folder = last_year(pack, tmp_path / "out")
    (folder / "区级汇总.xlsx").write_bytes(b"")
    for named in (folder / "data", folder / "区级汇总.xlsx"):
        assert read_previous(named, pack, 2022) == read_previous(folder, pack, 2022)


def test_the_result_of_another_form_is_refused(tmp_path, pack):
    other = load_pack("hunan_2020")
    with pytest.raises(UsageError, match=r"是另一种表样的结果"):
        read_previous(last_year(other, tmp_path / "out", {"staff.actual": 30}), pack, 2022)
    with pytest.raises(UsageError, match=r"是另一种表样的结果"):
        read_previous(last_year(pack, tmp_path / "own"), other, 2022)
    assert read_previous(last_year(pack, tmp_path / "again"), load_pack("yunxi_2023"), 2022)
