"""The official template: locked labels, open cells that say what they accept, and a way back to the same facts."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from jixiao.model.fact import SUMMARY
from jixiao.pack import Pack, installed_packs, load_pack
from jixiao.pack.declarations.layout import Notes
from jixiao.reading.read import read_file
from jixiao.writing.form.draw import draw_form
from jixiao.writing.form.template import add_validations, fill, template_workbook
from jixiao.writing.xlsx.content import Validation
from jixiao.writing.xlsx.write import write_workbook
from tests.support.filings import filing, seed_figures

COMMITTED = Path(__file__).resolve().parents[2] / "input_templates" / "部门整体支出绩效自评表.xlsx"


def template_bytes(pack: Pack) -> bytes:
    target = BytesIO()
    write_workbook(template_workbook(pack), target)
    return target.getvalue()


def test_the_committed_template_is_what_is_drawn_today(pack):
    assert COMMITTED.read_bytes() == template_bytes(pack), "run `make templates` and commit the result"


def test_it_has_the_six_sheets_on_a4_protected_without_a_password(pack):
    book = openpyxl.load_workbook(BytesIO(template_bytes(pack)))
    assert book.sheetnames == ["封面", "自评报告", "基础数据表", "评分表", "综述", "填报说明"]
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.protection.sheet and sheet.protection.password is None
        assert sheet.freeze_panes is None
        assert sheet.print_area
    assert book["评分表"].print_title_rows == "$2:$2"
    assert any(cell.value == "表样版本：yunxi_2022 1.0" for row in book["封面"].iter_rows() for cell in row)


def test_exactly_the_cells_of_facts_and_of_names_are_open(pack):
    book = openpyxl.load_workbook(BytesIO(template_bytes(pack)))
    drawn = draw_form(pack)
    open_cells = {
        (sheet.title, cell.row - 1, cell.column - 1)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and not isinstance(cell, openpyxl.cell.cell.MergedCell)
    }
    assert {(place.sheet, place.row, place.column) for place in drawn.open_cells} <= open_cells
    printed = {(sheet.name, cell.row, cell.column) for sheet in drawn.sheets for cell in sheet.cells if cell.style.locked}
    assert open_cells & printed == set()


@pytest.mark.parametrize("name", installed_packs())
def test_the_guide_is_short_and_shows_a_filled_example_that_no_reader_takes_for_a_filing(name, tmp_path):
    form = load_pack(name)
    (guide,) = [block for _, block in form.blocks if isinstance(block, Notes)]
    assert guide.example is not None and len(guide.lines) <= 6 and len(guide.example.rows) <= 8
    sheet = template_workbook(form).sheets[-1]
    assert sheet.name == "填报说明" and all(cell.style.locked for cell in sheet.cells)
    shown = {cell.value for cell in sheet.cells if cell.style.role == "input"}
    assert shown == {row[guide.example.filled] for row in guide.example.rows}
    printed = {label for table in form.tables for column in table.columns for label in column.header}
    printed |= {row.label for table in form.tables for row in form.table_rows(table)}
    assert not printed & set(guide.texts)
    path = tmp_path / "blank.xlsx"
    write_workbook(template_workbook(form), path)
    read = read_file(path, form, file=path.name)
    assert read.extras == ()
    assert not [fact for fact in read.facts if fact.place and fact.place.sheet == sheet.name]


@pytest.mark.parametrize("name", installed_packs())
def test_no_sheet_leaves_a_few_rows_alone_on_a_second_page(name):
    for sheet in template_workbook(load_pack(name)).sheets:
        width = sum(sheet.widths[column] * 5.25 + 3.75 for column in range(sheet.page.print_area[3] + 1))
        across, down = (738, 509) if sheet.page.landscape else (509, 738)
        pages = sum(sheet.heights.values()) * min(1, across / width) / down
        assert sheet.page.one_page == (1 < pages <= 1.26), (sheet.name, pages)


ACCEPTED = [
    ("staff.quota", None, ("whole", 0, 1_000_000, (), True)),
    ("income.total", SUMMARY, ("decimal", 0, 10**9, (), False)),
    ("surplus.current_year", SUMMARY, ("decimal", -(10**9), 10**9, (), False)),
    ("base.budget.adjustment", None, ("decimal", -(10**9), 10**9, (), False)),
    ("base.funds.late", None, ("whole", 0, 1_000_000, (), True)),
    ("base.satisfaction", None, ("decimal", 0, 100, (), False)),
    ("base.check.disclosure.5", None, ("list", None, None, ("是", "否"), True)),
    ("self.grade", None, ("list", None, None, ("优", "良", "中", "差"), True)),
    ("self.total", None, ("decimal", 0, 100, (), True)),
    ("score.surplus.self", None, ("decimal", 0, 3, (), True)),
    ("score.total.self", None, ("decimal", 0, 100, (), True)),
    ("score.growth_pole.self", None, ("decimal", 0, 7, (), False)),
    ("score.social.self", None, ("decimal", 0, 15, (), False)),
    ("cover.report_date", None, ("any", None, None, (), True)),
]


@pytest.mark.parametrize(("concept", "institution", "accepted"), ACCEPTED, ids=[case[0] for case in ACCEPTED])
def test_an_open_cell_accepts_what_its_concept_may_hold(pack, concept, institution, accepted):
    drawn = draw_form(pack)
    add_validations(pack, drawn)
    place = drawn.places[concept, institution]
    sheet = next(each for each in drawn.sheets if each.name == place.sheet)
    (found,) = [each for each in sheet.validations if covers(each, place.row, place.column)]
    assert (found.kind, found.minimum, found.maximum, found.choices, found.strict) == accepted
    assert found.prompt and (found.refusal or found.kind == "any")
    assert len(found.prompt) <= 255 and len(found.refusal) <= 225


def covers(validation: Validation, row: int, column: int) -> bool:
    return validation.row <= row <= validation.last_row and validation.column <= column <= validation.last_column


def test_every_number_and_choice_has_a_validation_and_no_two_overlap(pack):
    drawn = draw_form(pack)
    add_validations(pack, drawn)
    by_name = {sheet.name: sheet for sheet in drawn.sheets}
    for place, concept in drawn.open_cells.items():
        covering = [each for each in by_name[place.sheet].validations if covers(each, place.row, place.column)]
        assert len(covering) <= 1
        assert len(covering) == 1 or not (concept.numeric or concept.choices), concept.id


@pytest.mark.parametrize("name", installed_packs())
def test_the_bytes_are_the_same_each_time(name):
    pack = load_pack(name)
    assert template_bytes(pack) == template_bytes(pack)


def test_the_blank_template_reads_as_a_form_with_nothing_but_its_year(pack, tmp_path):
    path = tmp_path / "t.xlsx"
    write_workbook(template_workbook(pack), path)
    read = read_file(path, pack, file="t.xlsx")
    assert {(fact.concept, fact.text) for fact in read.facts if fact.filled} == {(pack.names.year, str(pack.year))}
    assert (read.extras, read.findings) == ((), ())


LONG = "举办各类培训班55期，党政领导授课36人次。" * 120

FILLED = {
    "profile.contact": "（姓名略）", "profile.telephone": "0730-1234567", "profile.duties": "第一段。\n第二段。",
    "profile.achievements": LONG, "targets.qualitative.expected": LONG, "targets.qualitative.actual": "完成",
    "evaluators.1.name": "（姓名略）", "evaluators.1.unit": "某部", "opinions.leader": "同意。",
    "self.grade": "优", "cover.report_date": "2023年4月10日", "base.satisfaction": "96.5",
    "base.funds.late": 0, "base.check.disclosure.2": "否", "base.check.disclosure.2.evidence": "网站截图",
    "base.budget.adjustment": "-3.5", ("income.total", "甲中心"): "1.234567", ("surplus.current_year", "甲中心"): "-0.5",
    "narrative": f"一、概况\n2022年总收入654.74万元。\n{LONG}",
}  # fmt: skip


def test_a_filled_template_reads_back_to_the_same_facts(pack, tmp_path):
    submission = filing(pack, seed_figures() | FILLED, units=("甲中心", "乙站"))
    path = tmp_path / "f.xlsx"
    write_workbook(fill(pack, submission.facts, submission.institutions), path)
    read = read_file(path, pack, file="f.xlsx")
    wanted, found = (
        {(fact.concept, fact.institution): (fact.state, fact.value, fact.text) for fact in facts if fact.filled}
        for facts in (submission.facts, read.facts)
    )
    assert found == wanted
    assert read.institutions == submission.institutions
    assert read.extras == ()
    drawn = draw_form(pack, submission.facts, institutions=submission.institutions)
    assert {key: fact.place for fact in read.facts if (key := (fact.concept, fact.institution)) in wanted} == {
        key: drawn.places[key] for key in wanted
    }
