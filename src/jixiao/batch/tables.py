"""The parquet tables of a batch, of the rows that are kept of each filing: beside the summary, by a process of its own.

It loads pyarrow and next to nothing else: the rows were made where the filings were checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.batch.kept import kept_rows
from jixiao.batch.memory import collect_seldom, without
from jixiao.batch.store import Store
from jixiao.model.elsewhere import NOTHING_ELSEWHERE
from jixiao.model.result import Result
from jixiao.model.table_rows import TableRows

if TYPE_CHECKING:  # the process that writes them needs no form
    from jixiao.pack import Pack


@dataclass(frozen=True, slots=True)
class TablesTask:
    """The rows in their order, those of scored filings by their ids in the store at `kept`, and where the tables go.

    `beside` says whether there is a table of figures from elsewhere.
    """

    rows: Sequence[TableRows | str]
    kept: Path
    folder: Path
    beside: bool


def tables_task(results: Sequence[Result], pack: Pack, kept: Store, folder: Path) -> TablesTask:
    """The task of writing the tables of these results, which hold no personal word any more."""
    from jixiao.writing.tables import table_rows

    rows = [each.submission_id if each.scored else table_rows(each, pack) for each in results]
    return TablesTask(rows, kept.folder, folder, any(each.elsewhere != NOTHING_ELSEWHERE for each in results))


def write_kept_tables(task: TablesTask) -> list[str]:
    """Write the tables, no more than a group of them in memory; the names of their files in the folder."""
    load_tables()
    with without("pandas"):
        from jixiao.writing.parquet import write_rows

        return [path.name for path in write_rows(_rows(task), task.folder, beside=task.beside)]


def load_tables() -> None:
    """Load what writes tables: at the start of a run another process has nothing else to do."""
    # pyarrow takes pandas along with its first array where it is installed: a quarter of a second and some 40 MiB, for
    # frames that nobody hands to it.
    with without("pandas"):
        import jixiao.writing.parquet  # noqa: F401
    collect_seldom()


def _rows(task: TablesTask) -> Iterator[TableRows]:
    store = Store(task.kept)
    for each in task.rows:
        yield kept_rows(store, each) if isinstance(each, str) else each
