"""The parquet tables of a batch, made of what is kept of each filing: beside the summary, by a process of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jixiao.batch.keeping import kept_whole
from jixiao.batch.memory import without
from jixiao.batch.store import Store
from jixiao.model.elsewhere import NOTHING_ELSEWHERE
from jixiao.model.result import Result
from jixiao.pack import load_pack


@dataclass(frozen=True, slots=True)
class TablesTask:
    """The results in their order, those of scored filings by their ids in the store at `kept`, and where the tables go.

    `beside` says whether there is a table of figures from elsewhere.
    """

    results: tuple[Result | str, ...]
    kept: Path
    pack: str
    folder: Path
    beside: bool


def tables_task(results: Sequence[Result], kept: Store, pack: str, folder: Path) -> TablesTask:
    """The task of writing the tables of these results."""
    told = tuple(each.submission_id if each.scored else each for each in results)
    beside = any(each.elsewhere != NOTHING_ELSEWHERE for each in results)
    return TablesTask(told, kept.folder, pack, folder, beside)


def write_kept_tables(task: TablesTask) -> list[str]:
    """Write the tables, one result in memory after the other; the names of their files in the folder."""
    # pyarrow takes pandas along with its first array where it is installed: a quarter of a second and some 40 MiB, for
    # frames that nobody hands to it.
    with without("pandas"):
        from jixiao.writing.parquet import write_rows

        # What is kept is redacted: it holds no personal word any more.
        whole = ((each, frozenset[str]()) for each in _whole(task))
        return [path.name for path in write_rows(whole, load_pack(task.pack), task.folder, beside=task.beside)]


def _whole(task: TablesTask) -> Iterator[Result]:
    store = Store(task.kept)
    for each in task.results:
        yield each if isinstance(each, Result) else kept_whole(store, each)
