"""Processes that share the work: started the same way everywhere, stopped at once when the run is."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from typing import Any, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessPool

from jixiao.errors import UsageError

START_METHOD = "JIXIAO_START_METHOD"
"""The environment variable that names how workers start (`spawn`, `fork`, `forkserver`), else as the platform does."""

# How long a pool sleeps before it looks again whether it has ended or lost a process. By itself it sleeps a tenth of a
# second, and a run ends three pools; a look costs some hundredths of a millisecond.
CONSTS.sleep_unit = 0.01

LOST = (ProcessExpired, BrokenProcessPool, MemoryError)
"""What a task raises whose process was lost, or that of an idle worker, which ends its pool."""

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
