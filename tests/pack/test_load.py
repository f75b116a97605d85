"""A pack loads whole, and a wrong one is refused naming file and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jixiao.pack import PackError, load_pack
from jixiao.pack.load import PACKS_FOLDER


def copy_of_pack(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / "packs" / "changed"
    shutil.copytree(PACKS_FOLDER / "yunxi_2022", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_the_rubric_has_25_indicators_worth_100_points(pack):
    assert len(pack.rubric.indicators) == 25
    assert sum(indicator.full_marks for indicator in pack.rubric.indicators) == 100


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("layout.toml", 'name = "封面"', 'nmae = "封面"', "sheets.cover"),
        ("equations.toml", '"income.carryover", "income', '"income.carry", "income', "equations.BAL-01"),
        ("rubric.toml", 'kind = "points_over"', 'kind = "points_above"', "indicators.staff_control.method"),
        ("rubric.toml", 'numerator = ["staff.actual"]', 'numerator = ["staff.present"]', "indicators.staff_control"),
        ("pack.toml", "year = 2022", "year = ", ""),
    ],
)
def test_a_wrong_pack_is_refused_with_its_file_and_key(tmp_path, file, old, new, key):
    with pytest.raises(PackError) as refusal:
        load_pack(copy_of_pack(tmp_path, file, old, new))
    assert refusal.value.file == file
    assert key in refusal.value.key
    assert "\n" not in str(refusal.value)


def test_the_subject_of_an_equation_may_stand_in_each_of_its_columns(tmp_path):
    old = 'columns = ["last_actual", "last_budget", "budget", "actual"]\nbasis = "基础数据表 一、经费控制情况"'
    told = f'subject = "base.three_public.reception.{{column}}"\n{old}'
    loaded = load_pack(copy_of_pack(tmp_path, "equations.toml", old, told))
    subjects = [each.subject for each in loaded.equations_of("BAL-08")]
    assert subjects == [f"base.three_public.reception.{each}" for each in ("last_actual", "last_budget", "budget", "actual")]


def test_a_subject_that_is_no_concept_in_one_of_the_columns_is_refused(tmp_path):
    old = 'columns = ["last_actual", "last_budget", "budget", "actual"]\nbasis = "基础数据表 一、经费控制情况"'
    with pytest.raises(PackError) as refusal:
        load_pack(copy_of_pack(tmp_path, "equations.toml", old, f'subject = "base.staff.{{column}}"\n{old}'))
    assert refusal.value.key == "equations.BAL-08.subject"
