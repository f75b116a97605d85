"""A pack is started, checked and shown from the command line; problems are told by file and key with status 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jixiao.cli.app import group
from jixiao.pack import installed_packs, load_pack


def call(*arguments: object) -> Result:
    return CliRunner().invoke(group, ["pack", *map(str, arguments)])


@pytest.fixture
def started(tmp_path: Path) -> Path:
    made = call("new", "county_2024", "-o", tmp_path / "county_2024")
    assert made.exit_code == 0
    return tmp_path / "county_2024"


def test_a_new_pack_loads_under_its_name_and_passes_its_check(started):
    assert load_pack(started).id == "county_2024"
    checked = call("check", started)
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert checked.stdout.startswith("county_2024：1 张表、13 个概念、2 条等式、2 项指标，检查通过")


def test_a_new_pack_is_commented_on_every_file(started):
    for file in started.iterdir():
        assert file.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("name", ["County", "2024", "a b", "../x", "x"])
def test_a_name_that_is_none_is_refused(tmp_path, name):
    refused = call("new", name, "-o", tmp_path / "pack")
    assert refused.exit_code != 0
    assert not (tmp_path / "pack").exists()


def test_nothing_is_written_over(started):
    before = (started / "layout.toml").read_bytes()
    assert call("new", "county_2025", "-o", started).exit_code != 0
    assert (started / "layout.toml").read_bytes() == before


@pytest.mark.parametrize("name", installed_packs())
def test_an_installed_pack_passes_its_check(name):
    assert call("check", name).exit_code == 0


def test_a_rule_under_the_code_of_a_common_one_is_told(started):
    assert "通用" not in call("check", started).stdout
    own = "\n[[rules]]\ncode = 'PLA-01'\ntitle = '新规则'\nseverity = 'info'\nbasis = '表'\nmessage = '一'\nremedy = '二'\n"
    checks = started / "checks.toml"
    checks.write_text(checks.read_text("utf-8") + own, "utf-8")
    checked = call("check", started)
    assert checked.exit_code == 0
    assert checked.stdout.splitlines()[1].startswith("提示：") and "PLA-01 新规则" in checked.stdout


def test_problems_are_listed_by_file_and_key_with_status_2(started):
    layout = started / "layout.toml"
    layout.write_text(layout.read_text("utf-8").replace("span = 2 }", "spam = 2 }").replace("label_span", "label_spann"), "utf-8")
    rubric = started / "rubric.toml"
    rubric.write_text(rubric.read_text("utf-8").replace("full_marks = 60", "full_marks = 61"), "utf-8")
    checked = call("check", started)
    assert checked.exit_code == 2
    assert [line.split("\t") for line in checked.stdout.splitlines()] == [
        ["layout.toml", "sheets.form.blocks.cover.fields.cover.department.label_spann", "不认识的键，是否为 label_span？"],
        ["layout.toml", "sheets.form.blocks.budget.columns.planned.spam", "不认识的键，是否为 span？"],
        ["layout.toml", "sheets.form.blocks.budget.columns.spent.spam", "不认识的键，是否为 span？"],
        ["rubric.toml", "criteria.duties.points", "所属三级指标分值合计 61 分，与 60 分不符"],
    ]
    assert "4 处问题" in checked.stderr


def test_a_form_that_does_not_read_back_what_it_drew_is_told(started):
    # Two columns under one head: the second is never found.
    layout = started / "layout.toml"
    layout.write_text(layout.read_text("utf-8").replace('header = ["全年执行数"]', 'header = ["全年预算数"]'), "utf-8")
    checked = call("check", started)
    assert checked.exit_code == 2
    assert "sheets.form.blocks.budget" in checked.stdout


@pytest.mark.parametrize("name", installed_packs())
def test_a_pack_is_shown_with_its_blocks_concepts_and_equations(name):
    pack = load_pack(name)
    shown = call("show", name)
    assert shown.exit_code == 0
    words = {cell for line in shown.stdout.splitlines() for cell in line.split("\t")}
    assert {block.id for _, block in pack.blocks} <= words
    assert set(pack.concepts) <= words
    assert {rule.code for rule in pack.rules if rule.family in ("BAL", "XFM", "AGG") and rule.code in words}
    assert {equation.code for equation in pack.equations} <= words


def test_without_a_name_the_installed_packs_are_listed():
    lines = call("show").stdout.splitlines()
    assert [line.split("\t")[0] for line in lines[2:]] == list(installed_packs())


def test_a_pack_that_there_is_not_is_a_configuration_error(tmp_path):
    assert call("check", tmp_path / "none").exit_code != 0
