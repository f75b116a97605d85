"""What a run has loaded when it starts other processes: no more than they, or what is done before, need."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOADED = """
import sys
import {first}
print(*(name for name in {names} if name in sys.modules))
"""


@pytest.mark.parametrize(
    ("first", "not_yet"),
    [
        ("jixiao.cli.run_command", ["jixiao.batch.run", "pebble", "pydantic", "pandas"]),
        ("jixiao.batch.run", ["jixiao.pack", "pydantic", "pandas", "pyarrow", "xlsxwriter", "openpyxl"]),
        ("jixiao.batch.course", ["jixiao.scoring", "jixiao.checking", "jixiao.writing", "pandas", "pyarrow", "xlsxwriter", "openpyxl"]),
    ],
)
def test_what_comes_later_is_not_loaded_yet(first, not_yet):
    told = subprocess.run(
        [sys.executable, "-c", LOADED.format(first=first, names=not_yet)], capture_output=True, text=True, check=True
    ).stdout
    assert told.split() == []
