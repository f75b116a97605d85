"""Worker processes: started the same way everywhere, replaced when they die, stopped at once when the run is."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_all_start_methods, get_context
from typing import Any, Generic, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessPool

from jixiao.errors import UsageError
from jixiao.runtime.limits import bound_memory, collect_rarely
from jixiao.runtime.subprocess_task import TaskLost

START_METHOD = "JIXIAO_START_METHOD"
"""The environment variable that names how workers start (`spawn`, `fork`, `forkserver`), else as the platform does."""

# How long a pool sleeps before it looks again whether it has ended or lost a process. By itself it sleeps a tenth of a
# second, and a run ends three pools; a look costs some hundredths of a millisecond.
CONSTS.sleep_unit = 0.01

LOST = (TaskLost, MemoryError)
"""What `PendingTask.result` raises where the process of a task died, or had no memory left."""

_TRIES = 3
"""How often a task is handed to another pool because its own broke down."""

_GLANCE = 0.5

T = TypeVar("T")
R = TypeVar("R")


def start_method() -> str | None:
    """Return how workers are to start, None for the platform's way; `UsageError` for what the platform lacks."""
    method = os.environ.get(START_METHOD) or None
    if method is not None and method not in get_all_start_methods():
        raise UsageError(f"环境变量 {START_METHOD} 应为 {'、'.join(get_all_start_methods())} 之一，现为“{method}”。")
    return method


def forks() -> bool:
    """Return whether a worker starts as a copy of this process, with all that is loaded here."""
    return get_context(start_method()).get_start_method() == "fork"


class WorkerPool:
    """Worker processes; `worker_pool` opens and ends them.

    A worker that dies or stalls costs the task that it is at. The underlying pool gives up when a worker dies while all
    are idle: it is replaced, and tasks without a result go to the new one.
    """

    def __init__(self, workers: int, initializer: Callable[..., object], arguments: Sequence[Any]) -> None:
        self._open = partial(
            ProcessPool, max_workers=max(1, workers), initializer=initializer, initargs=tuple(arguments),
            context=get_context(start_method()),
        )  # fmt: skip
        self._processes = self._open()

    def start(self) -> None:
        """Start the workers, and the threads that replace those that die."""
        if not forks():
            start_tracker()
        with interrupts_held() if os.name != "nt" else _console_ignored():
            _ = self._processes.active

    def submit(self, work: Callable[[T], R], task: T, seconds: float | None = None) -> PendingTask[R]:
        """Give a task to the workers; it may take so many seconds."""
        return PendingTask(lambda: self._schedule(work, task, seconds))

    def _schedule(self, work: Callable[[T], R], task: T, seconds: float | None) -> tuple[ProcessPool, Future[R]]:
        for _ in range(_TRIES):
            try:
                return self._processes, self._processes.schedule(work, args=(task,), timeout=seconds)
            except RuntimeError:  # the pool broke down, and takes no more tasks
                self.end(kill=True)
                self._processes = self._open()
                self.start()
        raise TaskLost

    def end(self, *, kill: bool) -> None:
        """End the workers once they have finished, or kill them."""
        if kill:
            self._processes.stop()  # type: ignore[no-untyped-call]
        else:
            self._processes.close()  # type: ignore[no-untyped-call]
        self._processes.join()


class PendingTask(Generic[R]):
    """A task in a worker. `schedule` hands it to a pool of processes, and again if that one breaks down."""

    def __init__(self, schedule: Callable[[], tuple[ProcessPool, Future[R]]]) -> None:
        self._schedule = schedule
        self._processes, self._future = schedule()

    def result(self) -> R:
        """Wait for the task and return its result, or raise what it raised.

        `TaskLost` if its process died, `TimeoutError` if it took too long.
        """
        for _ in range(_TRIES):
            try:
                return self._wait()
            except ProcessExpired as error:
                raise TaskLost from error
            except BrokenProcessPool:
                self._processes, self._future = self._schedule()
        raise TaskLost

    def _wait(self) -> R:
        # In steps: on Windows a wait without end hears of Ctrl-C only when it is over.
        while not self._future.done():
            wait((self._future,), timeout=_GLANCE)
            if not self._future.done() and not self._processes.active:
                raise BrokenProcessPool  # a task that no worker had taken yet would never end
        return self._future.result()


@contextmanager
def worker_pool(
    workers: int, initializer: Callable[..., object] = collect_rarely, arguments: Sequence[Any] = ()
) -> Iterator[WorkerPool]:
    """Open a pool whose workers finish their tasks at the end, and are killed when anything is raised, an interrupt too."""
    pool = WorkerPool(workers, initializer, arguments)
    try:
        pool.start()
        yield pool
        pool.end(kill=False)
    except BaseException:
        # An interrupt may have met the waiting for the end as well; a second one waits, or workers would be left behind.
        with interrupts_held():
            pool.end(kill=True)
        raise


def run_bounded(
    work: Callable[[T], R], tasks: Sequence[T], *, workers: int, seconds: float, memory_mib: int,
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[R | Exception]:
    """Run tasks in workers that are bounded in time and memory; yield in order what each returned, or raised.

    `meanwhile` is called once while they run.
    """
    if not tasks:
        return
    with worker_pool(min(workers, len(tasks)), _bound_worker, (memory_mib,)) as pool:
        pending = [pool.submit(work, task, seconds) for task in tasks]
        if meanwhile is not None:
            meanwhile()
        for each in pending:
            answer: R | Exception
            try:
                answer = each.result()
            except Exception as error:
                answer = error
            yield answer


def _bound_worker(memory_mib: int) -> None:
    collect_rarely()
    bound_memory(memory_mib)
    # What a library prints when it breaks down over a file is for nobody who runs this.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold back interrupts until the end, and start what is started within without any.

    An interrupt of a process within its fork would be reported by the interpreter, and might be lost. Processes and
    threads keep the mask under which they were started; only the main thread is interrupted, and ends the others.
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
    """Start multiprocessing's own process before spawned ones: started among them, it would let them be interrupted."""
    if os.name != "nt":
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()


@contextmanager
def _console_ignored() -> Iterator[None]:
    """Keep Ctrl-C of a Windows console from processes started within: they would print a trace before they are ready."""
    import ctypes

    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel.SetConsoleCtrlHandler(None, True)
    try:
        yield
    finally:
        kernel.SetConsoleCtrlHandler(None, False)
