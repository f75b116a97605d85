"""Live checks say of the drawn numbers what the equations say, and another engine computes the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.model.fact import HEADQUARTERS, SUMMARY
from jixiao.pack import installed_packs, load_pack
from jixiao.writing.form.draw import DrawnForm, draw_form
from jixiao.writing.form.template import fill, template_workbook
from tests.support.filings import UNREADABLE, filing, seed_figures
from tests.support.libreoffice import needs_libreoffice, recalculated

UNIT = "甲中心"

CLEAN = {
    ("income.total", SUMMARY): "10", ("income.other", SUMMARY): "10", ("income.total", HEADQUARTERS): "10",
    ("income.other", HEADQUARTERS): "10", ("expenditure.total", SUMMARY): "10", ("expenditure.basic", SUMMARY): "10",
    ("expenditure.personnel", SUMMARY): "10", ("expenditure.total", HEADQUARTERS): "10",
    ("expenditure.basic", HEADQUARTERS): "10", ("expenditure.personnel", HEADQUARTERS): "10",
}  # fmt: skip


def told(drawn: DrawnForm, concept: str, institution: str | None = None) -> str:
    place = drawn.places[concept, institution]
    sheet = next(each for each in drawn.sheets if each.name == place.sheet)
    return str(next(cell.value for cell in sheet.cells if cell.row == place.row and cell.style.role == "check"))


CASES = [
    ("blank", dict.fromkeys(CLEAN), "income.total", SUMMARY, ""),
    ("all hold", {}, "income.total", SUMMARY, "✓ 相符"),
    ("a part is off", {("income.other", HEADQUARTERS): "9.9"}, "income.total", HEADQUARTERS, "✗ 收入合计与各项之和相差 0.10"),
    ("rounding of two terms", {("income.other", HEADQUARTERS): "9.99"}, "income.total", HEADQUARTERS, "✓ 四舍五入差 0.01"),
    ("more than rounding", {("income.other", HEADQUARTERS): "9.98"}, "income.total", HEADQUARTERS, "✗ 收入合计与各项之和相差 0.02"),
    ("a blank total", {("income.total", HEADQUARTERS): None}, "income.total", HEADQUARTERS, "✗ 收入合计未填"),
    ("a blank total that its own table does not miss", {("income.total", HEADQUARTERS): None, ("income.other", HEADQUARTERS): None},
     "income.total", HEADQUARTERS, "✗ 收入合计未填"),
    ("text counts for nothing", {("income.other", HEADQUARTERS): UNREADABLE}, "income.total", HEADQUARTERS, "✗ 收入合计与各项之和相差 10.00"),
    ("the units do not add up", {("income.other", UNIT): "1", ("income.total", UNIT): "1", ("expenditure.total", UNIT): "1"},
     "income.total", SUMMARY, "✗ 收入合计汇总数与各机构之和相差 1.00；其他收入汇总数与各机构之和相差 1.00"),
    ("no institution is filled",
     {key: None for key in CLEAN if key[1] == HEADQUARTERS}, "income.total", SUMMARY, "✓ 相符"),
    ("only the headquarters are filled", {key: None for key in CLEAN if key[1] == SUMMARY}, "income.total", SUMMARY, ""),
    ("surplus makes the difference", {("surplus.cumulative", SUMMARY): "0.5", ("surplus.cumulative", HEADQUARTERS): "0.5"},
     "income.total", SUMMARY, "✗ 收入合计与支出合计、累计结余之和相差 0.50"),
    ("the other table is blank: nothing to compare", {"base.three_public.total.actual": "1", "base.three_public.reception.actual": "1"},
     "base.three_public.total.actual", None, "✓ 相符"),
    ("the two tables differ", {"base.project.actual": "3", ("expenditure.project", SUMMARY): "2.5"},
     "base.project.actual", None, "✗ 项目支出·本年决算数与年度支出和结余情况“项目支出”相差 0.50"),
    ("the score sheet adds up", {"score.surplus.self": "2.5", "score.total.self": "2.5", "self.total": "2.5"}, "score.total.self", None, "✓ 相符"),
    ("the total is off", {"score.surplus.self": "2.5", "score.total.self": "3", "self.total": "2"}, "score.total.self", None,
     "✗ 总分·自评得分与各项之和相差 0.5；绩效自评综合得分与评分表“总分·自评得分”相差 1"),
]  # fmt: skip


def drawn_with(pack, changes) -> DrawnForm:
    submission = filing(pack, CLEAN | changes, units=(UNIT,))
    return draw_form(pack, submission.facts, institutions=submission.institutions)


@pytest.mark.parametrize(("changes", "concept", "institution", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_live_check_says_what_the_balances_of_its_row_say(pack, changes, concept, institution, words):
    assert told(drawn_with(pack, changes), concept, institution) == words


def test_every_row_with_a_balance_has_a_check_and_failing_ones_turn_red(pack):
    drawn = draw_form(pack)
    for sheet in drawn.sheets:
        checks = [cell for cell in sheet.cells if cell.style.role == "check"]
        assert all(cell.formula and len(cell.formula) < 8192 for cell in checks)
        if checks:
            red = next(each for each in sheet.conditions if each.text == "✗")
            assert red.role == "error"
            assert all(red.row <= cell.row <= red.last_row and cell.column == red.column for cell in checks)
            assert sheet.page.print_area is not None
            assert all(cell.column > sheet.page.print_area[3] for cell in checks)
    counted = {sheet.name: sum(cell.style.role == "check" for cell in sheet.cells) for sheet in drawn.sheets}
    assert counted == {"封面": 0, "自评报告": 24, "基础数据表": 7, "评分表": 1, "综述": 0, "填报说明": 0}


def test_sums_over_institutions_include_a_row_inserted_at_either_end(pack):
    drawn = draw_form(pack)
    summary, last = drawn.places["income.total", SUMMARY], drawn.places["income.total", "二级机构4"]
    sheet = next(each for each in drawn.sheets if each.name == summary.sheet)
    check = next(cell for cell in sheet.cells if cell.row == summary.row and cell.style.role == "check")
    assert f"SUM(B{summary.row + 2}:B{last.row + 2})" in check.formula


def test_checks_can_be_left_out(pack):
    assert not any(cell.formula for sheet in draw_form(pack, live_checks=False).sheets for cell in sheet.cells)


@pytest.mark.slow
@needs_libreoffice
def test_libreoffice_computes_the_same_as_is_written_beside_every_formula(tmp_path: Path):
    contents = {f"blank_{name}": template_workbook(load_pack(name)) for name in installed_packs()}
    pack = load_pack("yunxi_2022")
    figures = [CLEAN | case[1] for case in CASES] + [seed_figures()]
    for number, each in enumerate(figures):
        submission = filing(pack, each, units=(UNIT,))
        contents[f"case_{number}"] = fill(pack, submission.facts, submission.institutions)
    found = recalculated(contents, tmp_path)
    assert found.wrong == {}
    assert found.formulas > 300
