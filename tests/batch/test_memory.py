"""What a process loads, and what it is kept from loading."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from jixiao.batch.memory import without


def test_a_module_is_not_there_within_and_there_again_afterwards():
    sys.modules.pop("colorsys", None)
    with without("colorsys"), pytest.raises(ModuleNotFoundError, match="colorsys"):
        __import__("colorsys")
    assert __import__("colorsys").rgb_to_hsv


def test_a_module_that_is_loaded_already_stays():
    with without("json"):
        assert __import__("json") is json


TABLES = """
import sys
from pathlib import Path
from jixiao.batch.tables import TablesTask, write_kept_tables
print(sorted(write_kept_tables(TablesTask((), Path(sys.argv[1]) / "kept", Path(sys.argv[1]), False))))
print(*(name in sys.modules for name in ("pyarrow", "pandas", "jixiao.pack")))
"""


def test_the_process_that_writes_the_tables_does_without_pandas_and_the_form(tmp_path):
    told = subprocess.run([sys.executable, "-c", TABLES, str(tmp_path)], capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == [
        "['facts.parquet', 'findings.parquet', 'scores.parquet', 'submissions.parquet']", "True False False",
    ]  # fmt: skip


LOADING = """
import gc
from jixiao.batch.loading import load_rest
from jixiao.pack import load_pack
pack, looked = load_pack("yunxi_2022"), []
gc.callbacks.append(lambda phase, told: looked.append(phase))
load_rest(pack)
print(len(looked), gc.isenabled())
gc.callbacks.clear()
"""


def test_what_a_run_loads_late_is_not_looked_through_for_circles():
    told = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True).stdout
    assert told == "0 True\n"
