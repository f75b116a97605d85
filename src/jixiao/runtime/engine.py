"""Where the tasks of a run are done: processes of this computer, or a Dask cluster; both give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from jixiao.errors import UsageError
from jixiao.runtime.worker_pool import LOST, PendingTask, WorkerPool, forks, worker_pool

DASK = "dask"

T = TypeVar("T")
R = TypeVar("R")


class Engine:
    """Does tasks in parallel, `width` at a time.

    `local` says whether this computer does them, `shares` whether what is loaded in this process serves them: they are
    done in it or in forked copies of it.
    """

    width: int
    local = shares = False

    def begin(self, work: Callable[[T], R], task: T) -> Callable[[], R]:
        """Start a task; return a function that waits for its result and returns it, or raises what the task raised.

        The function raises `UsageError` where the process of the task is lost again and again.
        """
        raise NotImplementedError

    def each_in_order(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Yield the result of each task in its order."""
        for result in [self.begin(work, task) for task in tasks]:
            yield result()

    def at_work(self) -> AbstractContextManager[object]:
        """Return a context after which nothing that was started within it goes on, whatever was raised."""
        raise NotImplementedError

    def check_seen(self, folders: Sequence[Path]) -> None:
        """Raise `UsageError` if a worker does not see one of these folders."""


class LocalEngine(Engine):
    """Processes of this computer, started with the first task; with one job everything runs in this process."""

    local = True

    def __init__(self, jobs: int) -> None:
        self.width = jobs
        self.shares = jobs == 1 or forks()
        self._pool: WorkerPool | None = None
        self._running = ExitStack()

    def begin(self, work: Callable[[T], R], task: T) -> Callable[[], R]:
        """Start a task in another process; with one job it is done here when its result is wanted."""
        if self.width <= 1:
            return partial(work, task)
        if self._pool is None:
            self._pool = self._running.enter_context(worker_pool(self.width))
        return partial(_result, self._pool.submit(work, task), work, task)

    def each_in_order(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Yield the result of each task in its order; a single task is done here."""
        return super().each_in_order(work, tasks) if len(tasks) > 1 else map(work, tasks)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with self._running:
            yield
        self._pool = None


def _result(pending: PendingTask[R], work: Callable[[T], R], task: T) -> R:
    """Wait for a task; one whose process was lost is tried once more alone, for another may have taken its memory."""
    try:
        return pending.result()
    except LOST:
        pass
    try:
        with worker_pool(1) as pool:
            return pool.submit(work, task).result()
    except LOST as error:
        raise UsageError("审核进程被系统终止（多为内存不足），请关闭其他程序，或加 --jobs 1 后重新运行。") from error


@contextmanager
def open_engine(name: str, jobs: int, scheduler: str) -> Iterator[Engine]:
    """Open the engine of a name; `scheduler` is the address of a cluster, empty for one on this computer.

    `UsageError` where the cluster cannot be used.
    """
    if name != DASK:
        if scheduler:
            raise UsageError("--scheduler 只在 --engine dask 时使用，请加上 --engine dask。")
        yield LocalEngine(max(1, jobs))
        return
    from jixiao.runtime.dask_engine import open_cluster  # dask is optional

    with open_cluster(jobs, scheduler) as engine:
        yield engine
