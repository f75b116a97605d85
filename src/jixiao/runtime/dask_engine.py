"""The engine on a Dask cluster: each task in a process of its own on the computer of a worker."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from jixiao.errors import UsageError
from jixiao.runtime.digest import program_digest
from jixiao.runtime.engine import Engine
from jixiao.runtime.subprocess_task import TaskLost, pack_task, run_in_subprocess, unpack_answer
from jixiao.runtime.worker_pool import interrupts_held, start_tracker

RETRIES = 2
"""How often a task whose process was lost is tried again; the cluster itself does as much for a lost worker."""

SECONDS = 10
"""How long a scheduler may take to answer."""

_ADDRESS = re.compile(r"(\w+://)?\S+:\d+/?")

T = TypeVar("T")
R = TypeVar("R")


def seen(folders: Sequence[str]) -> tuple[str, tuple[bool, ...]]:
    """Return, of the worker that runs this, the digest of its program and which of the folders it sees."""
    return program_digest(), tuple(Path(folder).is_dir() for folder in folders)


class DaskEngine(Engine):
    """Workers of a cluster; `client` is a `distributed.Client`, `folder` what relative paths start from."""

    def __init__(self, client: Any, width: int, folder: str) -> None:
        self._client, self.width, self._folder = client, width, folder
        self._begun: list[Any] = []

    def begin(self, work: Callable[[T], R], task: T) -> Callable[[], R]:
        future = self._client.submit(
            run_in_subprocess, pack_task(work, task), self._folder, pure=False, retries=RETRIES, priority=-len(self._begun)
        )
        self._begun.append(future)
        return partial(_result, future)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._client.cancel(self._begun)
            self._begun.clear()

    def check_seen(self, folders: Sequence[Path]) -> None:
        shared = [str(folder.absolute()) for folder in folders]
        try:
            answers = self._client.run(seen, shared)
        except Exception as error:
            raise UsageError("集群的工作进程上没有安装同一版本的本程序，请在每台计算机上安装后重新运行。") from error
        for worker, (program, visible) in sorted(answers.items()):
            if program != program_digest():
                raise UsageError(f"工作进程 {worker} 上的本程序与这里的版本不同，请在每台计算机上安装同一版本。")
            for folder in (folder for folder, is_visible in zip(shared, visible, strict=True) if not is_visible):
                raise UsageError(
                    f"工作进程 {worker} 看不到“{folder}”，收件文件夹和输出文件夹应放在各台计算机都能以同一路径访问的共享位置。"
                )


def _result(future: Any) -> Any:
    """Wait for a `distributed.Future` and return its answer; `UsageError` if the cluster lost the task, or is gone."""
    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    try:
        answer = future.result()
    except (KilledWorker, TaskLost) as error:
        raise UsageError("集群上的工作进程多次被终止（多为内存不足），请检查集群后重新运行，已完成的不必重做。") from error
    except (CancelledError, CommClosedError) as error:
        raise UsageError("与集群的连接中断，请检查集群后重新运行，已完成的不必重做。") from error
    future.release()
    return unpack_answer(answer)


@contextmanager
def open_cluster(jobs: int, scheduler: str) -> Iterator[DaskEngine]:
    """Connect to a cluster, or start one of `jobs` processes on this computer if no address is given."""
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("没有安装 dask，请先运行 pip install 'jixiao[dask]'，或改用 --engine local。") from error
    # The run itself reports in one line what happens to workers and connections.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        if scheduler and not _ADDRESS.fullmatch(scheduler):
            raise UsageError(f"“{scheduler}”不是调度器的地址，应如 tcp://主机:8786。")
        if not scheduler:
            start_tracker()
            with interrupts_held():  # its processes end with this one, and print nothing of an interrupt
                scheduler = stack.enter_context(_local(jobs))
        try:
            client = stack.enter_context(
                Client(scheduler, timeout=SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
            )
            threads = client.nthreads()
        except (OSError, ValueError, TimeoutError) as error:
            raise UsageError(f"连接不上调度器“{scheduler}”，请检查地址（例如 tcp://主机:8786）和网络。") from error
        if not threads:
            raise UsageError(f"调度器“{scheduler}”没有工作进程，请先启动工作进程再运行。")
        engine = DaskEngine(client, max(1, sum(threads.values())), str(Path.cwd()))
        engine.check_seen([])
        yield engine


def _local(jobs: int) -> Any:
    """Start a cluster of this computer alone, that listens on its own address only."""
    from distributed import LocalCluster

    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=jobs, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=logging.CRITICAL
    )
