"""A run that is killed leaves nobody behind, and nothing of it counts in the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import run
from tests.support import files

pytestmark = pytest.mark.skipif(os.name == "nt", reason="process groups and signals of POSIX")


def test_a_killed_run_leaves_no_process_and_the_next_one_is_as_without_it(pack, tmp_path):
    inbox, out, fresh = tmp_path / "inbox", tmp_path / "out", tmp_path / "fresh"
    inbox.mkdir()
    for number in range(8):
        code, name = f"1010{number:02}", f"某区第{number}局"
        files.save(files.filed(pack, {"cover.budget_code": code, "cover.department": name}), inbox / f"{number}.xlsx")
    command = [sys.executable, "-m", "jixiao", "run", inbox, "-o", out, "--jobs", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while not (out / ".jixiao" / "read").exists() and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        for _ in range(150):
            os.killpg(process.pid, 0)  # its workers end by themselves
            time.sleep(0.1)
    foreign = out / ".jixiao" / "read" / "ffffffffffff"
    foreign.parent.mkdir(parents=True, exist_ok=True)
    foreign.write_bytes(b"\x80\x05half a filing")
    for folder in (out, fresh):
        run(Options(inbox, folder, "yunxi_2022"))
    told = [pq.read_table(folder / "data" / "submissions.parquet").to_pylist() for folder in (out, fresh)]
    assert told[0] == told[1] and len(told[0]) == 8
    assert not foreign.exists()
