"""A run on a cluster: the same bytes, a lost worker's work done by another, and one line where there is no cluster."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.errors import UsageError
from jixiao.reading import read
from jixiao.runtime.dask_engine import open_cluster
from tests.batch.test_run_resume import contents

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
KILLER = "坏.xlsx"
DIES_OVER_IT = f"""
import os
import jixiao.reading.read as read
real = read.read_file
def broken(path, *args, **more):
    if path.name == "{KILLER}":
        os._exit(9)
    return real(path, *args, **more)
read.read_file = broken
"""


def loses_its_worker_once(told: Path) -> int:
    if not told.exists():
        told.touch()
        os.kill(os.getppid(), signal.SIGKILL)
    return 7


def dies(status: int) -> None:
    os._exit(status)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a scheduler on loopback with two workers in processes of their own, whose readers die over one file."""
    distributed = pytest.importorskip("distributed")
    patch = tmp_path_factory.mktemp("patch")
    (patch / "sitecustomize.py").write_text(DIES_OVER_IT, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(patch), prepend=os.pathsep)
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster:
            yield cluster.scheduler_address


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="workers are forked")
def test_two_workers_of_a_cluster_write_the_bytes_of_one_process_and_outlive_a_file_that_kills_its_reader(
    address, tmp_path, monkeypatch
):
    inbox = tmp_path / "收件"
    shutil.copytree(SAMPLES / "inbox", inbox)
    (inbox / KILLER).write_bytes(b"PK bad")
    monkeypatch.setattr("jixiao.batch.inbox.read.read_file", broken(read.read_file))  # workers here are forked
    told = {}
    for engine, at in (("local", ""), ("dask", address)):
        out = tmp_path / engine
        run(Options(inbox, out, "yunxi_2022", roster=SAMPLES / "名册.xlsx", engine=engine, scheduler=at))
        told[engine] = contents(out)
    assert told["local"] == told["dask"]
    assert len(told["dask"]) > 20


def broken(real):
    """The local reader made to die over the same file."""
    def read_file(path, *args, **more):
        if path.name == KILLER:
            os._exit(9)
        return real(path, *args, **more)
    return read_file


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_work_of_a_lost_worker_is_done_by_another_and_comes_back_in_order(address, tmp_path):
    with open_cluster(2, address) as engine:
        assert engine.width == 2
        assert list(engine.each_in_order(loses_its_worker_once, [tmp_path / "told"])) == [7]
        assert list(engine.each_in_order(abs, [-3, 2, -1])) == [3, 2, 1]
        with pytest.raises(UsageError, match="集群上的工作进程多次被终止"):
            list(engine.each_in_order(dies, [1]))
        with pytest.raises(ZeroDivisionError):
            list(engine.each_in_order(reciprocal, [0]))
        with pytest.raises(UsageError, match="看不到"):
            engine.check_seen([tmp_path / "nowhere"])


def reciprocal(number: int) -> float:
    return 1 / number


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"scheduler": "tcp://127.0.0.1:1"}, "--scheduler 只在 --engine dask 时使用"),
        ({"engine": "dask", "scheduler": "somewhere"}, "不是调度器的地址，应如 tcp://主机:8786"),
        ({"engine": "dask", "scheduler": "tcp://127.0.0.1:1"}, "连接不上调度器“tcp://127.0.0.1:1”"),
    ],
)
def test_a_cluster_that_cannot_be_used_is_one_line_and_nothing_is_written(tmp_path, monkeypatch, options, line):
    pytest.importorskip("distributed")
    monkeypatch.setattr("jixiao.runtime.dask_engine.SECONDS", 1)
    (tmp_path / "in").mkdir()
    with pytest.raises(UsageError, match=line):
        run(Options(tmp_path / "in", tmp_path / "out", "yunxi_2022", **options))
    assert not (tmp_path / "out").exists()


def test_without_dask_the_line_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    (tmp_path / "in").mkdir()
    with pytest.raises(UsageError, match=r"没有安装 dask，请先运行 pip install 'jixiao\[dask\]'"):
        run(Options(tmp_path / "in", tmp_path / "out", "yunxi_2022", engine="dask"))
