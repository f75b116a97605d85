"""A run with the bureau's figures and last year's result: what decides, what is told, and what stays apart."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.errors import UsageError
from tests.batch.test_previous import last_year
from tests.batch.test_reference import workbook
from tests.support.libreoffice import convert, needs_libreoffice
from tests.support.workbooks import Filed


def filed(pack, home: Path) -> Options:
    cover = {"cover.department": "某区水利局", "cover.budget_code": "101003", "base.compliance.violations": 0}
    Filed(pack, cover).save(home / "inbox" / "a.xlsx")
    reference = workbook(
        home / "财政核对数据.xlsx", ["人员编制", "资金使用不合规事项数（起）"],
        ["101003", "某区水利局", 24, 2], ["101099", "某区盐务局", 9, None],
    )  # fmt: skip
    previous = last_year(pack, home / "last")
    return Options(home / "inbox", home / "out", pack.id, year=2022, reference=reference, previous=previous)


def rows(out: Path, name: str) -> list[dict[str, object]]:
    return pq.read_table(out / "data" / f"{name}.parquet").to_pylist()


def told(book: Path, sheet: str) -> list[str]:
    cells = openpyxl.load_workbook(book)[sheet].iter_rows(values_only=True)
    return [str(value) for row in cells for value in row if value is not None]


@pytest.fixture(scope="module")
def ran(pack, tmp_path_factory):
    home = tmp_path_factory.mktemp("elsewhere")
    options = filed(pack, home)
    return options, run(options)


def test_the_bureaus_figure_decides_and_last_years_stands_in(ran):
    scores = {each["indicator"]: each for each in rows(ran[0].out, "scores")}
    found = {name: (scores[name]["computed"], scores[name]["evidence"]) for name in (
        "staff_control", "fund_compliance", "three_public_change", "asset_utilisation",
    )}  # fmt: skip
    assert found == {
        # 25 persons where the bureau approved 24: 4.17 points over, 4 completed ones.
        "staff_control": (Decimal(3), "bureau"),
        "fund_compliance": (Decimal(1), "bureau"),
        "three_public_change": (Decimal(5), "accounts"),
        "asset_utilisation": (Decimal(3), "accounts"),
    }
    assert "人员编制 24（财政掌握数）" in str(scores["staff_control"]["explanation"])
    assert "上年决算数 1.3（上年结果）" in str(scores["three_public_change"]["explanation"])


def test_differing_figures_are_findings(ran):
    found = {
        (each["rule"], each["concept"], each["actual"], each["expected"])
        for each in rows(ran[0].out, "findings")
        if str(each["rule"]).startswith(("XFM-90", "YOY"))
    }
    assert found == {
        ("XFM-90", "staff.quota", "31", "24"),
        ("XFM-90", "base.compliance.violations", "0", "2"),
        ("YOY-01", "income.carryover", "未填列", "8"),
    }


def test_a_department_of_last_year_that_sent_nothing_is_told(ran, pack, tmp_path):
    assert ran[1].district.gone == ()
    Filed(pack, {"cover.department": "某区盐务局", "cover.budget_code": "101099"}).save(tmp_path / "inbox" / "b.xlsx")
    done = run(Options(tmp_path / "inbox", tmp_path / "out", pack.id, year=2022, previous=ran[0].previous))
    (gone,) = done.district.gone
    assert gone.budget_code == "101003"
    assert "本年未报送" in " ".join(told(tmp_path / "out" / "区级汇总.xlsx", "与上年比较"))


def test_facts_from_elsewhere_stay_apart_from_the_filings_own(ran):
    own = {each["concept"]: each["value"] for each in rows(ran[0].out, "facts") if each["institution"] is None}
    assert own["staff.quota"] == 31 and own["base.three_public.total.last_actual"] is None
    apart = {(each["origin"], each["concept"], each["value"], each["cell"]) for each in rows(ran[0].out, "elsewhere")}
    assert {each for each in apart if each[0] == "bureau"} == {
        ("bureau", "staff.quota", 24, "C3"), ("bureau", "base.compliance.violations", 2, "D3"),
    }  # fmt: skip
    assert {each[:3] for each in apart if each[0] == "previous"} == {
        ("previous", "surplus.cumulative", 8), ("previous", "three_public.total", Decimal("1.3")),
        ("previous", "fixed_assets.total", 40), ("previous", "staff.actual", 30),
    }  # fmt: skip


def test_receipt_review_table_and_manifest_say_where_figures_come_from(ran):
    options, outcome = ran
    (book,) = (options.out / "departments").iterdir()
    receipt = told(book, "回执")
    assert "本部门有 2 项，测算采用 2 项：人员编制、资金使用不合规事项数" in receipt
    assert "本部门有 4 项，测算采用 1 项：三公经费合计·上年决算数" in receipt
    assert any("财政核对数据：财政核对数据" in text or "财政核对数据：Sheet C3" in text for text in told(options.out / "复核表.xlsx", "复核表"))
    manifest = json.loads((options.out / "run.json").read_text("utf-8"))
    assert manifest["options"]["财政核对数据"] == "2 个部门，1 个有计分的报送"
    assert manifest["options"]["上年结果"] == "2021 年度，1 个部门有上年数据"
    assert [row.department for row in outcome.unmatched] == ["某区盐务局"]


def test_the_live_formula_cites_the_bureaus_figure(ran):
    (book,) = (ran[0].out / "departments").iterdir()
    formulas = [text for text in told(book, "评分表") if text.startswith("=")]
    assert any("/24," in formula for formula in formulas)


@pytest.mark.slow
@needs_libreoffice
def test_the_live_formula_computes_with_the_bureaus_figure(ran, tmp_path):
    (book,) = (ran[0].out / "departments").iterdir()
    again = openpyxl.load_workbook(convert([book], tmp_path, "xlsx")[0], data_only=True)["评分表"]
    scores = {each["label"]: each["computed"] for each in rows(ran[0].out, "scores")}
    heads = {cell.value: cell.column for row in again.iter_rows(max_row=4) for cell in row}
    names, computed = heads["三级指标"], heads["系统得分"]
    found = {again.cell(row, names).value: again.cell(row, computed).value for row in range(3, again.max_row)}
    for label in ("财政供养人员控制率", "资金使用合规性", "“三公经费”变动率"):
        assert found[label] == scores[label]


def test_a_run_without_them_leaves_nothing_of_them_and_a_wrong_one_changes_nothing(ran, pack, tmp_path):
    options, _ = ran
    wrong = workbook(tmp_path / "x.xlsx", ["支出总额"], ["101003", "某区水利局", 1])
    before = {path: path.read_bytes() for path in options.out.rglob("*") if path.is_file()}
    with pytest.raises(UsageError):
        run(Options(options.inbox, options.out, pack.id, year=2022, reference=wrong))
    with pytest.raises(UsageError, match=r"不是上年（2022 年度）的结果"):
        run(Options(options.inbox, options.out, pack.id, year=2023, previous=options.previous))
    assert {path: path.read_bytes() for path in options.out.rglob("*") if path.is_file()} == before
    run(Options(options.inbox, options.out, pack.id, year=2022))
    assert not (options.out / "data" / "elsewhere.parquet").exists()
    assert all(each["evidence"] != "bureau" for each in rows(options.out, "scores"))
