"""Where the tasks of a run are done: processes of this computer, or a Dask cluster; both give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from pebble import ProcessPool

from jixiao.errors import UsageError
from jixiao.runtime.limits import collect_rarely
from jixiao.runtime.worker_pool import LOST, forks, result_of, worker_pool

DASK = "dask"

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Awaited(Protocol[R_co]):
    """A task that was started."""

    def result(self) -> R_co:
        """Return what came of it; raise what it raised."""
        ...


class Engine(Protocol):
    """Does tasks in parallel, `width` at a time.

    `local` says whether this computer does them, `shares` whether what is loaded in this process serves them: they are
    done in it or in forked copies of it.
    """

    @property
    def width(self) -> int: ...

    @property
    def local(self) -> bool: ...

    @property
    def shares(self) -> bool: ...

    def each_in_order(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Yield the result of each task in its order; `UsageError` where its process is lost again and again."""
        ...

    def begin(self, work: Callable[[T], R], task: T) -> Awaited[R]:
        """Start a task; its `result` waits for it."""
        ...

    def at_work(self) -> AbstractContextManager[object]:
        """Return a context after which nothing that was started within it goes on, whatever was raised."""
        ...

    def check_seen(self, folders: Sequence[Path]) -> None:
        """Raise `UsageError` if a worker does not see one of these folders."""
        ...


class LocalEngine:
    """Processes of this computer, started with the first task; with one job everything runs in this process.

    A task whose process is lost is tried once more by itself, for another may have taken its memory; `UsageError` if it
    is lost again.
    """

    local = True

    def __init__(self, jobs: int) -> None:
        self.width = jobs
        self._pool: ProcessPool | None = None
        self._running = ExitStack()

    @property
    def shares(self) -> bool:
        return self.width == 1 or forks()

    def each_in_order(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Yield the result of each task in its order; one task alone is done here."""
        if len(tasks) <= 1:
            yield from map(work, tasks)
            return
        for pending in [self.begin(work, task) for task in tasks]:
            yield pending.result()

    def begin(self, work: Callable[[T], R], task: T) -> Awaited[R]:
        """Start a task in another process; with one job it is done here when its result is asked for."""
        if self.width <= 1:
            return _Pending(work, task)
        if self._pool is None:
            self._pool = self._running.enter_context(worker_pool(self.width, collect_rarely))
        return _Pending(work, task, _scheduled(self._pool, work, task))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with self._running:
            yield
        self._pool = None

    def check_seen(self, folders: Sequence[Path]) -> None:
        return None


class _Pending(Generic[T, R]):
    """A task that was given to another process, or that waits until its result is asked for."""

    def __init__(self, work: Callable[[T], R], task: T, future: Future[R] | None = None) -> None:
        self._work, self._task, self._future = work, task, future

    def result(self) -> R:
        """Return what came of it, once it is done."""
        if self._future is None:
            return self._work(self._task)
        try:
            return result_of(self._future)
        except LOST:
            return _alone(self._work, self._task)


def _scheduled(pool: ProcessPool, work: Callable[[T], R], task: T) -> Future[R]:
    """Give a task to the pool; it is lost if the pool takes no more, because an idle process of it was killed."""
    try:
        return pool.schedule(work, args=(task,))
    except RuntimeError as error:
        lost: Future[R] = Future()
        lost.set_exception(BrokenProcessPool(str(error)))
        return lost


def _alone(work: Callable[[T], R], task: T) -> R:
    with worker_pool(1, collect_rarely) as pool:
        try:
            result: R = result_of(pool.schedule(work, args=(task,)))
        except LOST as error:
            raise UsageError("审核进程被系统终止（多为内存不足），请关闭其他程序，或加 --jobs 1 后重新运行。") from error
    return result


@contextmanager
def open_engine(name: str, jobs: int, scheduler: str) -> Iterator[Engine]:
    """The engine of a name; `scheduler` is the address of a cluster, empty for one on this computer.

    `UsageError` where the cluster cannot be used.
    """
    if name != DASK:
        if scheduler:
            raise UsageError("--scheduler 只在 --engine dask 时使用，请加上 --engine dask。")
        yield LocalEngine(max(1, jobs))
        return
    from jixiao.runtime.dask_engine import open_cluster

    with open_cluster(jobs, scheduler) as engine:
        yield engine
