"""Names from workbooks become file names only after cleaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.values.names import comparable_name, safe_file_stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("101_区教育局", "101_区教育局"), ("../../etc/passwd", "___etc_passwd"), ("CON", "_CON"), ("nul.txt", "_nul.txt"),
        ("a/b\\c:d", "a_b_c_d"), ("  . ", "未命名"), ("\u202e倒写", "倒写"), ("=cmd", "=cmd"), ("局.", "局"),
    ],
)  # fmt: skip
def test_a_name_is_made_safe(name, stem):
    assert safe_file_stem(name) == stem


@given(st.text())
def test_no_name_leaves_the_folder_or_is_refused_by_windows(name):
    stem = safe_file_stem(name)
    assert stem and not set(stem) & set('<>:"/\\|?*') and stem == stem.strip(" .") and len(stem) <= 81
    assert ".." not in stem


def test_names_compare_without_width_blanks_and_brackets():
    assert comparable_name("区 卫健局（本级）") == comparable_name("区卫健局(本级)")
