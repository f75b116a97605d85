"""Runs that are killed, whole or a worker of theirs, and what must hold of what they leave behind."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

Outputs = Mapping[str, str]
"""The files of OUT that people see, by name, each with its sha256."""

POLL = 0.03
"""Seconds between two looks at OUT while a run is under way."""

CHAIN = 4
"""The most kills in a row before a run is let finish."""


def call(inbox: Path, out: Path, *more: str) -> list[str]:
    """The command line of a run."""
    return [sys.executable, "-m", "jixiao", "run", str(inbox), "-o", str(out), "--pack", "yunxi_2022", "--jobs", "2", *more]


def hears_interrupts() -> None:
    """For `preexec_fn`: what is started from the background has interrupts ignored otherwise."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def outputs(out: Path) -> dict[str, str]:
    """What OUT holds for people, whole; of run.json what may not vary from run to run."""
    return {name: _digest(path) for name, path in _visible(out)}


def finished(inbox: Path, out: Path, *more: str) -> dict[str, str]:
    """The outputs of a run that nobody disturbs."""
    done = subprocess.run(call(inbox, out, *more), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return outputs(out)


def _visible(out: Path) -> list[tuple[str, Path]]:
    found = []
    for folder, folders, names in os.walk(out):
        if folder == str(out) and ".jixiao" in folders:
            folders.remove(".jixiao")
        found += [Path(folder, name) for name in names]
    return [(path.relative_to(out).as_posix(), path) for path in sorted(found)]


def _digest(path: Path) -> str:
    data = path.read_bytes()
    if path.name == "run.json":
        told = json.loads(data)
        del told["run"]
        data = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    return sha256(data).hexdigest()


@dataclass
class Watch:
    """Looks at OUT and remembers each file that is none of the states it may be in: partial, mixed or under a strange name."""

    out: Path
    allowed: Sequence[Outputs]
    unfit: set[str] = field(default_factory=set)
    looks: int = 0
    _seen: set[tuple[str, int, int]] = field(default_factory=set)

    def look(self) -> None:
        """One look at every file that was not there before."""
        self.looks += 1
        for name, path in _visible(self.out):
            try:
                stat = path.stat()
                if (name, stat.st_ino, stat.st_mtime_ns) in self._seen:
                    continue
                told = _digest(path)
            except FileNotFoundError:
                continue  # renamed over or removed since it was listed
            except ValueError:
                told = "no JSON"
            if all(told != each.get(name) for each in self.allowed):
                self.unfit.add(name)
            self._seen.add((name, stat.st_ino, stat.st_mtime_ns))


def killed(command: Sequence[str], after: float, watch: Watch, alone: bool) -> bool:
    """Start a run, look at OUT until it is killed `after` seconds, its process alone or its group; whether that met it alive."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    end = time.monotonic() + after
    while time.monotonic() < end and process.poll() is None:
        watch.look()
        time.sleep(min(POLL, max(0.0, end - time.monotonic())))
    alive = process.poll() is None
    try:
        if alone:
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    watch.look()
    return alive


@dataclass
class Told:
    """What a series of kills came to."""

    kills: int = 0
    too_late: int = 0
    chains: int = 0
    looks: int = 0
    broken: list[str] = field(default_factory=list)


def kill_often(inbox: Path, earlier: Path | None, home: Path, kills: int, seed: int, tell: bool = False) -> Told:
    """Kill runs over an inbox at random moments until that many kills met one, each followed by a rerun.

    Every third time OUT begins as `earlier`, the whole result of another inbox; a rerun may be killed as well. In the end a run
    is let finish, and OUT must be what an undisturbed run wrote.
    """
    draw, told = random.Random(seed), Told()
    began = time.monotonic()
    whole = finished(inbox, home / "whole")
    length = time.monotonic() - began
    before = outputs(earlier) if earlier else {}
    while told.kills < kills:
        out = home / "out"
        shutil.rmtree(out, ignore_errors=True)
        from_earlier = earlier is not None and draw.random() < 1 / 3
        if from_earlier:
            assert earlier is not None
            shutil.copytree(earlier, out)
        watch = Watch(out, [whole, before] if from_earlier else [whole])
        chain = draw.randint(1, CHAIN)
        met = 0
        for _ in range(min(chain, kills - told.kills)):
            after, alone = draw.uniform(0.1, length), draw.random() < 0.5
            if killed(call(inbox, out), after, watch, alone):
                met += 1
            else:
                told.too_late += 1
        told.kills += met
        told.chains += bool(met)
        ended = subprocess.run(call(inbox, out), capture_output=True, check=False)
        while ended.returncode == 2 and "另一次运行正在使用" in ended.stderr.decode():
            time.sleep(0.2)  # a run whose main process alone was killed has workers that still end
            ended = subprocess.run(call(inbox, out), capture_output=True, check=False)
        watch.look()
        now = outputs(out)
        wrong = sorted(name for name in {*now, *whole} if now.get(name) != whole.get(name))
        told.looks += watch.looks
        if ended.returncode:
            told.broken.append(f"kill {told.kills}: the rerun ended with {ended.returncode}: {ended.stderr.decode()[-300:]}")
        told.broken += [f"kill {told.kills}: {name} was seen neither old nor new" for name in sorted(watch.unfit)]
        told.broken += [f"kill {told.kills}: {name} differs after the rerun" for name in wrong]
        if tell:
            print(f"{told.kills} kills, {told.looks} looks, {len(told.broken)} broken", flush=True)
    return told


def children(process: int) -> list[int]:
    """The processes that a process started and those that they did, as Linux tells."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]) == process:
                found += [int(folder.name), *children(int(folder.name))]
        except (OSError, ValueError, IndexError):
            continue
    return sorted(found)
