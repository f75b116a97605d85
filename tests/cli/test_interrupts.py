"""Ctrl-C whatever is under way: one line, 130, no trace, nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import files, killing

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

AT_LOADING = """
import os, signal, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == MODULE:
            sys.meta_path.remove(self)
            HOW
here = os.getpid()
sys.meta_path.insert(0, Interrupting())
"""
PLAINLY = "os.kill(here, signal.SIGINT)"
TURNED_INTO_AN_ERROR = """
            try:
                os.kill(here, signal.SIGINT)
                import time
                time.sleep(1)
            except KeyboardInterrupt:
                raise ImportError(f"numpy failed to import") from None
"""
SWALLOWED = """
            class Finalised:
                def __del__(self):
                    os.kill(here, signal.SIGINT)
                    sum(range(1000))
            Finalised()
"""
AT_THE_END_OF_A_POOL = """
import os, signal
import pebble
real, here = pebble.ProcessPool.join, os.getpid()
def join(self, timeout=None):
    pebble.ProcessPool.join = real
    os.kill(here, signal.SIGINT)
    return real(self, timeout)
pebble.ProcessPool.join = join
"""


def interrupted(pack, tmp_path: Path, patch: str) -> tuple[int, str]:
    """The status and the closing line of a run over some filings in a program patched so."""
    (tmp_path / "patch").mkdir()
    (tmp_path / "patch" / "sitecustomize.py").write_text(patch, encoding="utf-8")
    (tmp_path / "inbox").mkdir()
    for number in range(20):
        cells = {"cover.budget_code": f"1010{number:02}", "cover.department": f"某区第{number}局"}
        files.save(files.filed(pack, cells), tmp_path / "inbox" / f"{number}.xlsx")
    call = [sys.executable, "-m", "jixiao", "run", str(tmp_path / "inbox"), "-o", str(tmp_path / "out"), "--jobs", "2"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "patch")}
    done = subprocess.run(
        call, env=environment, capture_output=True, timeout=60, start_new_session=True, check=False, preexec_fn=killing.hears_interrupts
    )
    told = done.stderr.decode()
    assert "Traceback" not in told and "Exception" not in told and "KeyboardInterrupt" not in told
    return done.returncode, told.splitlines()[-1]


@pytest.mark.parametrize("module", ["click", "jixiao.cli.run", "numpy", "pandas", "pandera", "pyarrow", "xlsxwriter"])
def test_an_interrupt_that_meets_the_loading_of_anything_is_one_line(pack, tmp_path, module):
    patch = AT_LOADING.replace("MODULE", repr(module)).replace("HOW", PLAINLY)
    assert interrupted(pack, tmp_path, patch) == (130, "已中断。")


@pytest.mark.parametrize("how", [TURNED_INTO_AN_ERROR, SWALLOWED], ids=["turned into an error", "swallowed"])
def test_an_interrupt_that_a_library_makes_something_else_of_is_one(pack, tmp_path, how):
    patch = AT_LOADING.replace("MODULE", "'pandas'").replace("HOW", how.strip())
    assert interrupted(pack, tmp_path, patch) == (130, "已中断。")


def test_an_interrupt_that_meets_the_end_of_a_pool_leaves_no_worker_to_wait_for(pack, tmp_path):
    assert interrupted(pack, tmp_path, AT_THE_END_OF_A_POOL) == (130, "已中断。")


@pytest.mark.slow
@pytest.mark.parametrize("environment", [{}, {"JIXIAO_START_METHOD": "spawn"}], ids=["dask", "spawn"])
def test_an_interrupt_that_all_processes_of_a_terminal_hear_is_one_line(pack, tmp_path, environment):
    if not environment:
        pytest.importorskip("distributed")
    (tmp_path / "inbox").mkdir()
    for number in range(40):
        cells = {"cover.budget_code": f"1010{number:02}", "cover.department": f"某区第{number}局"}
        files.save(files.filed(pack, cells), tmp_path / "inbox" / f"{number}.xlsx")
    out = tmp_path / "out"
    call = killing.call(tmp_path / "inbox", out, *([] if environment else ["--engine", "dask"]))
    process = subprocess.Popen(
        call, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=killing.hears_interrupts,
    )  # fmt: skip
    while not any((out / ".jixiao" / "read").glob("*")) and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all of them, those that begin as well
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130 and told.decode().splitlines()[-1] == "已中断。"
    assert "Traceback" not in told.decode() and "KeyboardInterrupt" not in told.decode()
