"""A run that is killed leaves nobody behind and whole files only, and is finished by the next; a killed worker costs nothing.

The long series over 200 filings is `benchmarks/kills.py`.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import run
from tests.support import files, killing

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


COUNT = 24


def inbox(pack, folder: Path, figure: int) -> Path:
    """So many filings, with a figure that differs from one inbox to another."""
    folder.mkdir(parents=True)
    for number in range(COUNT):
        cells = {
            "cover.budget_code": f"1010{number:02}", "cover.department": f"某区第{number}局",
            ("expenditure.basic", "headquarters"): figure + number,
        }  # fmt: skip
        files.save(files.filed(pack, cells), folder / f"{number:02}.xlsx")
    return folder


@pytest.fixture(scope="module")
def undisturbed(pack, tmp_path_factory) -> Path:
    """A folder with an inbox, what a run over it leaves, and what one over an earlier state of the inbox left."""
    home = tmp_path_factory.mktemp("killed")
    killing.finished(inbox(pack, home / "before", 100), home / "earlier")
    killing.finished(inbox(pack, home / "inbox", 200), home / "out")
    return home


@pytest.mark.slow
def test_killed_at_random_moments_a_run_shows_whole_files_only_and_is_finished_by_the_next(undisturbed, tmp_path):
    told = killing.kill_often(undisturbed / "inbox", undisturbed / "earlier", tmp_path, kills=8, seed=5)
    assert told.broken == []
    assert told.kills == 8 and told.chains > 1 and told.looks > 50


def killed_in_the_middle(process: subprocess.Popen[bytes], moment: Callable[[], bool], victims: Callable[[], list[int]]) -> int:
    """Kill one of the victims once the moment has come; how many were killed before the process ended."""
    while process.poll() is None:
        if moment():
            for victim in victims():
                os.kill(victim, signal.SIGKILL)
                return 1
        time.sleep(0.002)
    return 0


def stage(out: Path, name: str) -> Callable[[], bool]:
    """Whether a run has come to a stage: files are being read, or returned workbooks written."""
    if name == "read":
        return lambda: any((out / ".jixiao" / "read").glob("*"))
    return lambda: any((out / "departments").glob("*.xlsx"))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the children of a process are found as on Linux")
@pytest.mark.parametrize("name", ["read", "write"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_worker_process_killed_in_the_middle_costs_no_filing_anything(undisturbed, tmp_path, name, seed):
    out = tmp_path / "out"
    process = subprocess.Popen(
        killing.call(undisturbed / "inbox", out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )

    def worker() -> list[int]:
        at_work = killing.children(process.pid)
        return [random.Random(seed).choice(at_work)] if at_work else []

    assert killed_in_the_middle(process, stage(out, name), worker) == 1
    _, told = process.communicate(timeout=120)
    assert (process.returncode, b"Traceback" in told) == (0, False), told.decode()
    assert killing.outputs(out) == killing.outputs(undisturbed / "out")


@pytest.fixture
def cluster(tmp_path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler on loopback and its two workers, all of them processes that nobody starts again."""
    pytest.importorskip("distributed")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    told = tmp_path / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen([*command, "--scheduler-file", str(told)], **quiet)
    while not told.exists() and scheduler.poll() is None:
        time.sleep(0.1)
    command = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(told), "--no-nanny", "--no-dashboard"]
    workers = [subprocess.Popen([*command, "--nthreads", "1", "--name", str(n)], **quiet) for n in range(2)]
    from distributed import Client

    try:
        with Client(scheduler_file=str(told), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            address = client.scheduler.address
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["read", "write"])
def test_a_worker_of_a_cluster_killed_in_the_middle_costs_no_filing_anything(undisturbed, cluster, tmp_path, name):
    address, workers = cluster
    out = tmp_path / "out"
    command = killing.call(undisturbed / "inbox", out, "--engine", "dask", "--scheduler", address)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert killed_in_the_middle(process, stage(out, name), lambda: [workers[1].pid]) == 1
    _, told = process.communicate(timeout=120)
    assert workers[0].poll() is None and workers[1].wait() == -signal.SIGKILL
    assert (process.returncode, b"Traceback" in told) == (0, False), told.decode()
    assert killing.outputs(out) == killing.outputs(undisturbed / "out")
