"""Progress and tables on a terminal, plain lines elsewhere; results on stdout, progress on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import click


class Report(Protocol):
    """Called with the stage in Chinese, the files done and the files in all."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


@contextmanager
def progress() -> Iterator[Report]:
    """Yield a progress bar on a terminal; elsewhere a plain line at most every five seconds and at a stage's end.

    Either tells how many files are done a second, and how long the rest of the stage takes at that rate.
    """
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )  # fmt: skip
        with Progress(*columns, console=Console(stderr=True)) as bar:
            tasks: dict[str, Any] = {}
            paces: dict[str, Pace] = {}

            def show(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage], paces[stage] = bar.add_task(stage, total=total, rate=""), Pace(done)
                bar.update(tasks[stage], completed=done, rate=paces[stage].rate_words(done))

            yield show
        return
    last = 0.0
    begun: dict[str, Pace] = {}

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        pace = begun.setdefault(stage, Pace(done))
        if done == total or now - last > 5:
            last = now
            words = [f"{stage} {done}/{total}", pace.rate_words(done), pace.left_words(done, total)]
            click.echo("，".join(word for word in words if word), err=True)

    yield tell


class Pace:
    """The speed of a stage since its first report of what is `done`, which an earlier run may have done."""

    def __init__(self, done: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._first, self._begun = done, clock()

    def _rate(self, done: int) -> float:
        seconds = self._clock() - self._begun
        return (done - self._first) / seconds if seconds > 0 else 0.0

    def rate_words(self, done: int) -> str:
        """Return the files per second in words; empty before there are any."""
        rate = self._rate(done)
        return f"每秒 {rate:.1f} 份" if rate else ""

    def left_words(self, done: int, total: int) -> str:
        """Return how long the rest takes in words; empty where that is unknown or nothing is left."""
        rate = self._rate(done)
        if not rate or done >= total:
            return ""
        minutes, seconds = divmod(round((total - done) / rate), 60)
        return f"约剩 {minutes} 分 {seconds} 秒" if minutes else f"约剩 {seconds} 秒"


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on stdout: drawn on a terminal, tab-separated lines elsewhere."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table

        drawn = Table(title=title or None, title_justify="left")
        for head in heads:
            drawn.add_column(head, overflow="fold")
        for row in rows:
            drawn.add_row(*row)
        Console().print(drawn)
        return
    if title:
        click.echo(title)
    for row in [heads, *rows]:
        click.echo("\t".join(row))
