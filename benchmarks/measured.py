"""A command run and measured: wall and processor seconds of it and of all that it starts, the memory of each process."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

POLL = 0.05


@dataclass(frozen=True)
class Measured:
    """`parent_mib` and `worker_mib` are the peaks of the command's own process and of the largest that it started."""

    wall: float
    cpu: float
    parent_mib: float
    worker_mib: float


def measured(command: Sequence[str]) -> Measured:
    """Run a command to its end; fails with it. Modules are compiled once, as those of an installed program are."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    peaks: dict[int, float] = {}
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks, done))
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    done.set()
    watcher.join()
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command[:4]} ended with {process.returncode}")
    parent = peaks.pop(process.pid, 0.0)
    return Measured(wall, usage.ru_utime + usage.ru_stime, parent, max(peaks.values(), default=0.0))


def _watch(root: int, peaks: dict[int, float], done: threading.Event) -> None:
    while not done.wait(POLL):
        todo = [root]
        while todo:
            pid = todo.pop()
            peaks[pid] = max(peaks.get(pid, 0.0), _peak_mib(pid))
            todo.extend(_children(pid))


def _peak_mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
