"""A pack with many faults is told all of them at once, each with its file and a key that people find."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jixiao.pack import installed_packs, load_pack
from jixiao.pack.lint.audit import audit
from jixiao.pack.load import PACKS_FOLDER

Change = tuple[str, str, str]


def changed(tmp_path: Path, *changes: Change) -> Path:
    folder = tmp_path / "packs" / "changed"
    shutil.copytree(PACKS_FOLDER / "yunxi_2022", folder)
    for file, old, new in changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", installed_packs())
def test_an_installed_pack_has_nothing_wrong_with_it(name):
    found = audit(name)
    assert found.problems == ()
    assert found.pack is not None
    assert found.pack.sha256 == load_pack(name).sha256


def test_mistakes_of_several_files_and_lines_are_told_together(tmp_path):
    folder = changed(
        tmp_path,
        ("pack.toml", 'title = "', 'titel = "'),
        ("layout.toml", 'name = "封面"', 'nmae = "封面"'),
        ("layout.toml", 'role = "subtitle"', 'role = "caption2"'),
        ("equations.toml", "explainable = true", 'explainable = "perhaps"'),
        ("checks.toml", "narrative = [", "narrative = [ ["),
    )
    found = {(each.file, each.key, each.problem) for each in audit(folder).problems}
    assert ("pack.toml", "title", "缺少必填的键") in found
    assert ("pack.toml", "titel", "不认识的键，是否为 title？") in found
    assert ("layout.toml", "sheets.cover.name", "缺少必填的键") in found
    assert ("layout.toml", "sheets.cover.nmae", "不认识的键，是否为 name？") in found
    assert any(key == "sheets.cover.blocks.cover_year.role" and "填的是 caption2" in told for _, key, told in found)
    assert ("equations.toml", "equations.BAL-02.explainable", "只能是 true 或 false（填的是 perhaps）") in found
    assert any(file == "checks.toml" and "不是有效的 TOML" in told for file, _, told in found)
    assert len(found) == 7


def test_every_equation_that_does_not_resolve_is_told(tmp_path):
    folder = changed(
        tmp_path,
        ("equations.toml", 'total = "income.total"', 'total = "income.totals"'),
        ("equations.toml", '"expenditure.operating"]', '"staff.actual"]'),
    )
    found = audit(folder).problems
    assert [(each.file, each.key) for each in found] == [
        ("equations.toml", "equations.BAL-01"), ("equations.toml", "equations.BAL-03"),
    ]  # fmt: skip
    assert found[0].problem == "表样中没有概念 income.totals"
    assert "单位不一致" in found[1].problem


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("pack.toml", 'grade = "self.grade"', 'grade = "self.mark"', "names.grade"),
        ("checks.toml", 'concept = "income.other"', 'concept = "income.else"', "narrative.7"),
        ("checks.toml", 'code = "PLA-02"', 'code = "PLA-99"', "comparisons.PLA-02"),
        ("checks.toml", 'actual = "actual", budget', 'actual = "spent", budget', "over_budget"),
        ("checks.toml", '= "PLA-08"', '= "PLA-88"', "not_below_zero.surplus.cumulative"),
        ("checks.toml", 'block = "quantitative"', 'block = "quantities"', "targets.block"),
        ("equations.toml", '"fixed_assets"]\nbasis', '"fixed_asset"]\nbasis', "aggregation.tables"),
        ("equations.toml", 'codes = ["BAL-01", "BAL-04"]', 'codes = ["BAL-01", "BAL-40"]', "causes.carryover_left_out"),
        ("layout.toml", 'printed = { unit = "万元"', 'printed = { units = "万元"', "rows.budget.approved.printed"),
    ],
)
def test_every_mention_that_leads_nowhere_is_told_at_its_key(tmp_path, file, old, new, key):
    found = audit(changed(tmp_path, (file, old, new))).problems
    assert found
    assert {each.file for each in found} == {file}
    assert all(key.replace("PLA-02", "") in each.key for each in found)


def test_a_fault_of_the_rubric_does_not_hide_one_of_the_equations(tmp_path):
    folder = changed(
        tmp_path,
        ("rubric.toml", 'numerator = ["staff.actual"]', 'numerator = ["staff.present"]'),
        ("equations.toml", 'total = "income.total"', 'total = "income.totals"'),
    )
    assert {each.file for each in audit(folder).problems} == {"rubric.toml", "equations.toml"}


MISTAKES = [
    ("rubric.toml", "full_marks = 5", 'full_marks = "five"', "indicators.staff_control.full_marks", "应为数字（填的是 five）"),
    ("rubric.toml", "full_marks = 5", "full_marks = -5", "indicators.staff_control.full_marks", "分值应大于零"),
    ("rubric.toml", "full_marks = 5", "full_marks = 6", "criteria.allocation.points", "合计 16 分，与 15 分不符"),
    ("rubric.toml", 'id = "three_public_change"', 'id = "staff_control"', "indicators.staff_control", "编号重复"),
    ("rubric.toml", "lower = 0.8", "lower = 0.85", "indicators.key_spending.method.bands", "80% 至 85% 之间的比率没有档次"),
    ("rubric.toml", 'kind = "points_over"', 'kind = "pointsover"', "indicators.staff_control.method", "kind 不是已有的种类"),
    ("rubric.toml", 'criterion = "', 'criterion = "x', "indicators.staff_control.criterion", "没有二级指标"),
    ("rubric.toml", '"staff.quota"', '"staff.qota"', "indicators.staff_control.measures.0.denominator", "没有概念 staff.qota"),
    ("equations.toml", '"income.carryover"', '"staff.quota"', "equations.BAL-01", "单位不一致：万元、人"),
    ("equations.toml", "BAL-02", "BAL-01", "equations.BAL-01", "编号重复"),
    ("layout.toml", 'label = "实有人数"', 'label = ""', "sheets.report.blocks.profile.fields.staff.actual.label", "不能为空"),
    ("layout.toml", 'header = ["机构名称"]', "header = []", "sheets.report.blocks.income.columns.institution.header", "不能为空"),
    ("layout.toml", '"staff.actual"', '"staff.quota"', "sheets.report.profile.staff.quota", "声明了两次"),
    ("layout.toml", 'kind = "count"', 'kind = "cnt"', "sheets.report.blocks.profile.fields.staff.quota.traits.kind", "填的是 cnt"),
    ("checks.toml", 'concept = "income.total"', 'concept = "income.totl"', "narrative.1", "没有概念 income.totl"),
    ("checks.toml", 'code = "PLA-02"', 'code = "PLA-77"', "comparisons.PLA-77", "没有规则 PLA-77"),
    ("checks.toml", 'was = ["surplus.cumulative"]', 'was = ["x"]', "elsewhere.last_year.income.carryover", "没有概念 x"),
    ("pack.toml", "id = ", "ident = ", "id", "缺少必填的键"),
    ("rubric.toml", "[", "[[[", "", "第 "),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "told"), MISTAKES)
def test_a_mistake_is_told_by_file_and_key(tmp_path, file, old, new, key, told):
    found = audit(changed(tmp_path, (file, old, new))).problems
    assert [each for each in found if (each.file, each.key) == (file, key) and told in each.problem], found
    assert not [each for each in found if "input should" in each.problem.lower()]
