"""Processes that share the work: started the same way everywhere, stopped at once when the run is."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager
from multiprocessing import get_all_start_methods, get_context
from types import TracebackType
from typing import Any, Generic, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessPool

from jixiao.batch.errors import UsageError
from jixiao.batch.memory import collect_seldom

START_METHOD = "JIXIAO_START_METHOD"
"""The environment variable that names how workers start (`spawn`, `fork`, `forkserver`), else as the platform does."""

# How long a pool sleeps before it looks again whether it has ended or lost a process. By itself it sleeps a tenth of a
# second, and a run ends three pools; a look costs some hundredths of a millisecond.
CONSTS.sleep_unit = 0.01

T = TypeVar("T")
R = TypeVar("R")


def start_method() -> str | None:
    """How workers are to start, None as the platform does; `UsageError` for what the platform has not."""
    asked = os.environ.get(START_METHOD) or None
    if asked is not None and asked not in get_all_start_methods():
        raise UsageError(f"环境变量 {START_METHOD} 应为 {'、'.join(get_all_start_methods())} 之一，现为“{asked}”。")
    return asked


@contextmanager
def worker_pool(
    workers: int, initializer: Callable[..., object] | None = None, arguments: Sequence[Any] = ()
) -> Iterator[ProcessPool]:
    """A pool whose workers are let finish at the end, and are killed when anything is raised, an interrupt too."""
    pool = ProcessPool(
        max_workers=max(1, workers), initializer=initializer, initargs=tuple(arguments),
        context=get_context(start_method()),
    )  # fmt: skip
    try:
        if not forks():
            start_tracker()
        with interrupts_held() if os.name != "nt" else _console_ignored():
            _ = pool.active  # starts the workers, and the threads that start others in the place of those lost
        yield pool
        pool.close()  # type: ignore[no-untyped-call]
        pool.join()
    except BaseException:
        # An interrupt may have met the waiting for the end as well; a second one waits, or workers would be left behind.
        with interrupts_held():
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()
        raise


def forks() -> bool:
    """Whether a worker starts as a copy of this process, with all that is loaded here."""
    return get_context(start_method()).get_start_method() == "fork"


@contextmanager
def interrupts_held() -> Iterator[None]:
    """An interrupt waits until the end of it, and nothing started within ever meets one.

    One that met a process within its fork would be told by the interpreter itself, and might be lost. Processes and
    threads keep the mask under which they were started; only the main thread hears of interrupts, and ends the others.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before) or os.name == "nt":
        yield
        return
    waiting: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: waiting.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
        if waiting:
            before(waiting[0], None)


def start_tracker() -> None:
    """Start what multiprocessing keeps beside spawned processes: started among them, it has them hear of interrupts again."""
    if os.name != "nt":
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()


@contextmanager
def _console_ignored() -> Iterator[None]:
    """On Windows a console tells all its processes of Ctrl-C; those started within never hear of it.

    A worker that heard of it before it is ready would print a trace.
    """
    import ctypes

    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel.SetConsoleCtrlHandler(None, True)
    try:
        yield
    finally:
        kernel.SetConsoleCtrlHandler(None, False)


_GLANCE = 0.5


def result_of(future: Future[R]) -> R:
    """The result of a piece of work, or what it raised; an interrupt ends the waiting on every platform.

    On Windows a wait without end hears of Ctrl-C only when it is over.
    """
    while not future.done():
        wait((future,), timeout=_GLANCE)
    return future.result()


class Crew:
    """Processes that stay for several kinds of work, started with the first; `jobs` of them, or for one none but this.

    With `beside` there is one more, for what goes on beside the rest: started early, it has not grown by other work, and
    begins with that call while others still load what they need.
    A task whose process is lost is tried once more by itself, for another may have taken its memory. `UsageError` where
    it is lost again.
    """

    def __init__(self, jobs: int, *, beside: Callable[[], object] | None = None) -> None:
        self.jobs = jobs
        self._beside = beside
        self._pools: dict[bool, ProcessPool] = {}
        self._opened = ExitStack()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._opened.__exit__(kind, error, trace)
        self._pools.clear()

    def each_in_order(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """The result of each task in its order; one task alone is done here."""
        if self.jobs <= 1 or len(tasks) <= 1:
            yield from map(work, tasks)
            return
        pool = self._pool(beside=False)
        for begun in [Begun(work, task, _scheduled(pool, work, task)) for task in tasks]:
            yield begun.result()

    def begin(self, work: Callable[[T], R], task: T) -> Begun[T, R]:
        """Have a task done beside what goes on here; in this process, when its result is asked for, where there is no other."""
        if self.jobs <= 1:
            return Begun(work, task)
        return Begun(work, task, _scheduled(self._pool(beside=self._beside is not None), work, task))

    def stand_by(self) -> None:
        """Start the process beside the rest, while this one is small."""
        if self._beside is not None and self.jobs > 1:
            self._pool(beside=True)

    def _pool(self, *, beside: bool) -> ProcessPool:
        if beside not in self._pools:
            opened = worker_pool(1, self._beside) if beside else worker_pool(self.jobs, collect_seldom)
            self._pools[beside] = self._opened.enter_context(opened)
        return self._pools[beside]


class Begun(Generic[T, R]):
    """A task that was begun."""

    def __init__(self, work: Callable[[T], R], task: T, future: Future[R] | None = None) -> None:
        self._work, self._task, self._future = work, task, future

    def result(self) -> R:
        """What came of it; waits for it."""
        if self._future is None:
            return self._work(self._task)
        try:
            return result_of(self._future)
        except (ProcessExpired, MemoryError):
            return _alone(self._work, self._task)


def each_in_order(work: Callable[[T], R], tasks: Sequence[T], jobs: int) -> Iterator[R]:
    """The result of each task in its order, in as many processes as asked, in this one for one; see `Crew`."""
    with Crew(min(jobs, len(tasks))) as crew:
        yield from crew.each_in_order(work, tasks)


def _scheduled(pool: ProcessPool, work: Callable[[T], R], task: T) -> Future[R]:
    """The task, given to the pool; one that takes no more, since a process that had nothing to do was killed, has lost it."""
    try:
        return pool.schedule(work, args=(task,))
    except RuntimeError:
        lost: Future[R] = Future()
        lost.set_exception(ProcessExpired("the pool had lost its process"))  # type: ignore[no-untyped-call]
        return lost


def _alone(work: Callable[[T], R], task: T) -> R:
    with worker_pool(1, collect_seldom) as pool:
        try:
            result: R = result_of(pool.schedule(work, args=(task,)))
        except (ProcessExpired, MemoryError) as error:
            raise UsageError("审核进程被系统终止（多为内存不足），请关闭其他程序，或加 --jobs 1 后重新运行。") from error
    return result
