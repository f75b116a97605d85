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
