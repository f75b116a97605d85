"""The same bytes from the same inbox: whatever the processes, the order of the files on the disk, the time zone or the language."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import run
from tests.batch.test_run_resume import contents

SAMPLES = Path(__file__).resolve().parents[2] / "samples"

SHUFFLED = """
import random
from pathlib import Path
listed = Path.iterdir
def iterdir(self):
    found = list(listed(self))
    random.Random(3).shuffle(found)
    return iter(found)
Path.iterdir = iterdir
"""


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> dict[str, bytes]:
    """OUT of one process in order."""
    out = tmp_path_factory.mktemp("reference") / "out"
    run(Options(SAMPLES / "inbox", out, "yunxi_2022", roster=SAMPLES / "名册.xlsx", jobs=1))
    return contents(out)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("jobs", "variables", "shuffled"),
    [
        pytest.param(1, {"PYTHONHASHSEED": "7"}, False, id="another seed of hashes"),
        pytest.param(2, {"PYTHONHASHSEED": "8"}, False, id="two processes"),
        pytest.param(2, {}, True, id="files listed in another order"),
        pytest.param(1, {"TZ": "America/Los_Angeles", "LC_ALL": "C"}, False, id="another time zone and language"),
        pytest.param(1, {"TZ": "Pacific/Kiritimati", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}, True, id="both"),
    ],
)
def test_out_is_the_same_byte_for_byte(reference, tmp_path, jobs, variables, shuffled):
    known = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "TZ"))}
    if shuffled:
        (tmp_path / "patch").mkdir()
        (tmp_path / "patch" / "sitecustomize.py").write_text(SHUFFLED, encoding="utf-8")
        known["PYTHONPATH"] = os.pathsep.join(filter(None, [str(tmp_path / "patch"), known.get("PYTHONPATH", "")]))
    out = tmp_path / "out"
    call = [
        sys.executable, "-m", "jixiao", "run", SAMPLES / "inbox", "-o", out, "--pack", "yunxi_2022", "--roster",
        SAMPLES / "名册.xlsx", "--jobs", str(jobs),
    ]  # fmt: skip
    subprocess.run(call, check=True, capture_output=True, env=known | variables)
    assert contents(out) == reference


def test_files_are_taken_in_the_order_of_their_names_however_they_are_listed(tmp_path, monkeypatch):
    from jixiao.batch.inbox.files import inbox_files

    for name in ("乙", "甲", "b", "A", "子/1"):
        (tmp_path / f"{name}.xlsx").parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.xlsx").write_bytes(b"PK")
    listed, expected = Path.iterdir, [file.name for file in inbox_files(tmp_path)]

    def shuffled(self):
        found = list(listed(self))
        random.Random(1).shuffle(found)
        return iter(found)

    monkeypatch.setattr(Path, "iterdir", shuffled)
    assert [file.name for file in inbox_files(tmp_path)] == expected
