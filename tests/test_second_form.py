"""The province's form the whole way: filled, read back, returned; recognised beside the district's; a year's delta."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.batch.inbox.recognition import choose
from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.model.fact import FactState
from jixiao.model.submission import Status, Submission
from jixiao.pack import Pack, installed_packs, load_pack
from jixiao.reading.read import read_file
from jixiao.writing.form.template import fill, template_workbook
from jixiao.writing.xlsx.write import write_workbook
from tests.scoring.test_declared_rows import figures
from tests.support.filings import filing, seed_filing

FILLED = figures({"reason": "无偏差"}) | {
    "goal.expected": "做好工作", "goal.actual": "已做好", "budget.project.initial": 0, "staff.rate": 95,
    "base.three_public.total.actual": 3, "base.three_public.reception.actual": 3, "base.adjustment.actual": -2,
    "base.project.total.actual": 9, "base.project.business.actual": 4, "base.special.1.label": "3、信息化专项",
    "base.special.1.actual": 5, "building.approved_area": 1000, "building.actual_area": 990, "building.area_rate": 99,
    "economy.measures": "厉行节约", "signature.preparer": "甲某", "signature.date": "2023年3月1日",
    "indicators.5.dimension": "效益指标", "indicators.5.criterion": "本部门的指标", "indicators.5.label": "第五项",
    "indicators.5.target": "提升", "indicators.5.actual": "达成", "indicators.5.full": 0.5, "indicators.5.self": 0.5,
}  # fmt: skip


@pytest.fixture(scope="module")
def province() -> Pack:
    return load_pack("hunan_2020")


def said(submission: Submission) -> dict[str, object]:
    return {each.concept: each.value if each.value is not None else each.text for each in submission.facts if each.state is FactState.OK}


def test_what_is_filled_in_reads_back_the_same(province, tmp_path):
    filled = filing(province, FILLED)
    write_workbook(fill(province, filled.facts), tmp_path / "f.xlsx")
    again = read_file(tmp_path / "f.xlsx", province, file="f.xlsx")
    assert isinstance(again, Submission)
    assert said(again) == said(filled)
    assert (again.findings, again.extras) == ((), ())


def test_the_blank_template_says_nothing_but_its_year(province, tmp_path):
    write_workbook(template_workbook(province), tmp_path / "t.xlsx")
    read = read_file(tmp_path / "t.xlsx", province, file="t.xlsx")
    assert isinstance(read, Submission)
    assert (said(read), read.findings, read.extras) == ({"report.year": "2022"}, (), ())


def test_a_batch_is_of_the_form_of_most_files_and_names_the_other(province, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for n in (1, 2):
        given = FILLED | {"report.department": f"第{n}局"}
        write_workbook(fill(province, filing(province, given).facts), inbox / f"第{n}局.xlsx")
    district = load_pack("yunxi_2022")
    write_workbook(fill(district, seed_filing(district).facts, seed_filing(district).institutions), inbox / "某部.xlsx")
    (inbox / "坏.xlsx").write_bytes(b"PK\x03\x04")
    outcome = run(Options(inbox=inbox, out=tmp_path / "out", pack="auto"))
    statuses = {result.file: result.status for result in outcome.district.results}
    assert statuses["某部.xlsx"] is Status.WRONG_FORM
    assert statuses["坏.xlsx"] is Status.UNREADABLE
    assert {statuses["第1局.xlsx"], statuses["第2局.xlsx"]} == {Status.RETURNED}
    other = next(result for result in outcome.district.results if result.file == "某部.xlsx")
    assert {(finding.rule, finding.actual) for finding in other.findings} == {("SUB-15", district.title)}
    returned = read_file(tmp_path / "out" / "departments" / "第1局.xlsx", province, file="第1局.xlsx")
    assert isinstance(returned, Submission) and returned.extras == ()


VOTES = [
    ([("yunxi_2022", "yunxi_2023", 2023), ("yunxi_2022", "", 2022), ("yunxi_2022", "yunxi_2023", 2022)], None, "yunxi_2023"),
    ([("yunxi_2022", "", 2023)], None, "yunxi_2022"),
    ([("hunan_2020", "", 2022), ("yunxi_2022", "", 2022)], None, "yunxi_2022"),
    ([("", "", 2022)], None, "yunxi_2022"),
]


@pytest.mark.parametrize(("votes", "year", "expected"), VOTES)
def test_the_pack_is_that_of_most_files(votes, year, expected):
    packs = [load_pack(name) for name in installed_packs()]
    assert choose(votes, packs, year) == expected


def test_a_delta_changes_what_it_states_and_nothing_else():
    base, delta = load_pack("yunxi_2022"), load_pack("yunxi_2023")
    assert (delta.id, delta.year, delta.family) == ("yunxi_2023", 2023, "yunxi_2022")
    changed = {each for each in base.concepts if base.concepts[each] != delta.concepts[each]}
    assert changed == {f"base.operating.{column}" for column in ("last_actual", "last_budget", "budget", "actual")}
    assert {one.id for one, other in zip(base.rubric.indicators, delta.rubric.indicators, strict=True) if one != other} == {"official_card"}
    method = delta.rubric.indicator("official_card").method
    assert (method.limit, method.per_point) == (Decimal("0.6"), Decimal("0.2"))  # type: ignore[union-attr]
    assert base.equations == delta.equations


def test_a_workbook_of_the_second_form_is_drawn_the_same_each_time(province):
    first, second = io.BytesIO(), io.BytesIO()
    for target in (first, second):
        write_workbook(template_workbook(province), target)
    assert first.getvalue() == second.getvalue()


def test_the_delta_brings_only_what_differs():
    folder = Path(__file__).resolve().parents[1] / "src" / "jixiao" / "packs" / "yunxi_2023"
    lines = [line for path in folder.glob("*.toml") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) < 25


def test_the_money_sheets_are_those_that_the_tables_of_the_pack_name(province):
    from jixiao.writing.summary.department_summary import money_sheets, summed_concepts

    found = {name: [each for table in tables for each in summed_concepts(province, table, name)] for name, tables in money_sheets(province).items()}
    assert {name: (len(each), each[0]) for name, each in found.items()} == {
        "收支汇总": (21, ("budget.total.initial", "年度资金总额·年初预算数")),
        "三公经费汇总": (18, ("base.three_public.total.last_actual", "三公经费·上年决算数")),
    }
