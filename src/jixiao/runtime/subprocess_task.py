"""A task in a process of its own, handed over as bytes: for a worker of a cluster, which must outlive its tasks.

`run_in_subprocess` starts it where it is called and waits; `python -m jixiao.runtime.subprocess_task` is that process.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


class TaskLost(Exception):
    """The process of a task ended without an answer: killed by the system, mostly for want of memory."""


def pack_task(work: Callable[[Any], object], task: object) -> bytes:
    """Return a task as bytes: the function by its name, its argument by value."""
    return pickle.dumps((work, task), protocol=pickle.HIGHEST_PROTOCOL)


def run_in_subprocess(payload: bytes, folder: str) -> bytes:
    """Run a packed task in a new process in `folder`, so that relative paths mean the same; return its packed answer.

    `TaskLost` if the process ended without one. Its own process, because the workers of a cluster run several tasks in
    threads, may not have children of their own by the usual way, and must not die of a task.
    """
    done = subprocess.run(
        [sys.executable, "-m", "jixiao.runtime.subprocess_task"], input=payload, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        cwd=folder if Path(folder).is_dir() else None, check=False,
    )  # fmt: skip
    if done.returncode or not done.stdout:
        raise TaskLost(f"exit status {done.returncode}")
    return done.stdout


def unpack_answer(answer: bytes) -> Any:
    """Return what the task returned; raise what it raised."""
    succeeded, value = pickle.loads(answer)
    if not succeeded:
        raise value
    return value


def _answer(payload: bytes) -> bytes:
    try:
        work, task = pickle.loads(payload)
        answer = (True, work(task))
    except MemoryError:
        raise  # as good as lost: another try may find more
    except Exception as error:
        answer = (False, error)
    try:
        return pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception:
        return pickle.dumps((False, RuntimeError(repr(answer[1]))))


def _main() -> None:
    # What a library prints must not get into the answer.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    payload = sys.stdin.buffer.read()
    with answer:
        answer.write(_answer(payload))


if __name__ == "__main__":
    _main()
