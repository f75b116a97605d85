"""What does the work of a run: processes of this computer, or a Dask cluster; one interface, the same bytes from both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from jixiao.batch.errors import UsageError
from jixiao.batch.tables import load_tables
from jixiao.batch.workers import Crew, forks

if TYPE_CHECKING:  # reading needs the form; an engine is opened before that is loaded
    from jixiao.batch.identity import Header
    from jixiao.batch.readers import ReadOrder
    from jixiao.model.unreadable import Unreadable

DASK = "dask"

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Awaited(Protocol[R_co]):
    """A task that was begun."""

    def result(self) -> R_co:
        """What came of it; raises what it raised."""
        ...


class Engine(Protocol):
    """Does pieces of work side by side. `width` is how many at a time.

    `shares` says whether what is loaded in this process serves that work: it is done here or in copies of it.
    """

    @property
    def width(self) -> int: ...

    @property
    def shares(self) -> bool: ...

    def each_in_order(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """The result of each task in its order; `UsageError` where its process is lost again and again."""
        ...

    def begin(self, work: Callable[[T], R], task: T) -> Awaited[R]:
        """Have a task done beside what goes on here; its `result` waits for it."""
        ...

    def at_work(self) -> AbstractContextManager[object]:
        """What is begun within it goes on nowhere after it, whatever was raised."""
        ...

    def check_seen(self, folders: Sequence[Path]) -> None:
        """`UsageError` where a worker does not see one of these."""
        ...

    def read(
        self, order: ReadOrder, progress: Callable[[int], None], meanwhile: Callable[[], None]
    ) -> list[Header | Unreadable]:
        """As `read_all`: a file that kills or stalls its reader is told so and costs no other anything.

        Where what is loaded here is shared, `meanwhile` is called once while others read.
        """
        ...


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Processes of this computer."""

    crew: Crew

    @property
    def width(self) -> int:
        return self.crew.jobs

    @property
    def shares(self) -> bool:
        return self.width == 1 or forks()

    def each_in_order(self, work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        return self.crew.each_in_order(work, tasks)

    def begin(self, work: Callable[[T], R], task: T) -> Awaited[R]:
        return self.crew.begin(work, task)

    def at_work(self) -> AbstractContextManager[object]:
        return self.crew

    def check_seen(self, folders: Sequence[Path]) -> None:
        return None

    def read(
        self, order: ReadOrder, progress: Callable[[int], None], meanwhile: Callable[[], None]
    ) -> list[Header | Unreadable]:
        from jixiao.batch.readers import read_all

        return read_all(order, jobs=self.width, progress=progress, meanwhile=meanwhile if self.shares else lambda: None)


@contextmanager
def open_engine(name: str, jobs: int, scheduler: str) -> Iterator[Engine]:
    """The engine of a name; `scheduler` is the address of a cluster, empty for one on this computer.

    `UsageError` where the cluster cannot be used.
    """
    if name != DASK:
        if scheduler:
            raise UsageError("--scheduler 只在 --engine dask 时使用，请加上 --engine dask。")
        with Crew(max(1, jobs), beside=load_tables) as crew:
            crew.stand_by()
            yield LocalEngine(crew)
        return
    from jixiao.batch.cluster import open_cluster

    with open_cluster(jobs, scheduler) as engine:
        yield engine
