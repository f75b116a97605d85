"""What does the work of a run: processes of this computer, or a Dask cluster; one interface, the same bytes from both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from jixiao.batch.errors import UsageError
from jixiao.batch.identity import Header
from jixiao.batch.readers import ReadOrder, read_all
from jixiao.batch.workers import each_in_order
from jixiao.model.unreadable import Unreadable

DASK = "dask"

T = TypeVar("T")
R = TypeVar("R")


class Engine(Protocol):
    """Does pieces of work side by side. `width` is how many at a time."""

    @property
    def width(self) -> int: ...

    def each_in_order(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """The result of each task in its order; `UsageError` where its process is lost again and again."""
        ...

    def check_seen(self, folders: Sequence[Path]) -> None:
        """`UsageError` where a worker does not see one of these."""
        ...

    def read(self, order: ReadOrder, progress: Callable[[int], None]) -> list[Header | Unreadable]:
        """As `read_all`: a file that kills or stalls its reader is told so and costs no other anything."""
        ...


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Processes of this computer."""

    width: int

    def each_in_order(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        return each_in_order(work, tasks, self.width)

    def check_seen(self, folders: Sequence[Path]) -> None:
        return None

    def read(self, order: ReadOrder, progress: Callable[[int], None]) -> list[Header | Unreadable]:
        return read_all(order, jobs=self.width, progress=progress)


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
    from jixiao.batch.cluster import open_cluster

    with open_cluster(jobs, scheduler) as engine:
        yield engine
