"""The files of OUT that tell of the whole district: summaries, review workbooks, public copies and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jixiao import __version__
from jixiao.batch.inbox.districts import districts_of, parts_of
from jixiao.batch.options import Options
from jixiao.batch.outputs import DISTRICTS, PUBLIC, REVIEW, SECTIONS, SUMMARY, public_name
from jixiao.batch.resume import Records
from jixiao.errors import UsageError
from jixiao.model.result import DepartmentSummary, District, TableRows
from jixiao.pack import Pack, load_pack
from jixiao.runtime.atomic_files import private_folder, write_whole
from jixiao.runtime.engine import Engine
from jixiao.values.names import safe_file_stem
from jixiao.writing.parquet.columns import ParquetTable
from jixiao.writing.parquet.rows import summary_rows, tables
from jixiao.writing.returned.public_copy import may_be_public, public_workbook
from jixiao.writing.review.workbook import review_workbook, section_districts
from jixiao.writing.summary import summary_workbook
from jixiao.writing.xlsx.content import WorkbookContent
from jixiao.writing.xlsx.write import TooLong, write_workbook

COPIES_A_TASK = 40


def write_district(
    district: District, pack: Pack, options: Options, settings: dict[str, str], work: Path, records: Path,
    keys: Mapping[str, str], engine: Engine,
) -> list[str]:
    """Write the files one by one, each whole, and return their names; `settings` are the run's options in Chinese.

    `keys` are those of the scored filings' records, by submission. Another process writes the tables meanwhile.
    """
    out, written = options.out, []

    def draw(name: str, content: WorkbookContent) -> None:
        # The content is gone before the next is made: that of a large district takes room.
        write_whole(out / name, partial(_draw, content), work)
        written.append(name)

    summary = partial(summary_workbook, tool_version=__version__, options=settings, most_rows=options.most_rows)
    parquet = engine.begin(write_tables, _tables_task(district.results, pack, records, keys, work / "data"))
    where = districts_of(result.file for result in district.results) if options.districts else {}
    parts = {name: (_summary_of(name), part) for name, part in parts_of(district, where).items()}
    draw(SUMMARY, summary(district, pack, parts=parts))
    draw(REVIEW, review_workbook(district, pack))
    if options.public:
        written += _write_public(district, options, work, records, keys, engine)
    for name, part in parts.values():
        draw(name, summary(part, pack))
    for section, part in section_districts(district, pack).items():
        name = f"{SECTIONS}/{safe_file_stem(f'复核表_{section}')}.xlsx"
        draw(name, review_workbook(part, pack, folder="../", section=section))
    for name in sorted(parquet()):
        write_whole(out / "data" / name, (work / "data" / name).replace, work)
        written.append(f"data/{name}")
    return written


def _draw(content: WorkbookContent, path: Path) -> None:
    """Draw a workbook of a whole district; `UsageError` where a sheet has more rows than a spreadsheet can have."""
    try:
        write_workbook(content, path)
    except TooLong as error:
        raise UsageError(f"“{error}”超过 Excel 每表 1,048,576 行的上限，请按区县分批运行。") from error


def _summary_of(district: str) -> str:
    """Return the name in OUT of the summary of one of several districts."""
    return f"{DISTRICTS}/{'/'.join(map(safe_file_stem, district.split('/')))}/{SUMMARY}"


@dataclass(frozen=True, slots=True)
class TablesTask:
    """The rows of the tables in their order, or the keys of records that hold them, the tables and their folder."""

    rows: Sequence[TableRows | str]
    records: Path
    folder: Path
    tables: Sequence[ParquetTable]


def _tables_task(
    results: Sequence[DepartmentSummary], pack: Pack, records: Path, keys: Mapping[str, str], folder: Path
) -> TablesTask:
    rows = [keys[each.submission_id] if each.scored else summary_rows(each, pack) for each in results]
    return TablesTask(rows, records, folder, tables(external=any(each.has_external_data for each in results)))


def write_tables(task: TablesTask) -> list[str]:
    """Write the tables with one group of rows in memory at a time; return the names of their files in the folder."""
    from jixiao.writing.parquet.write import write_rows  # takes some 10 MiB, which only the process of the tables needs

    private_folder(task.folder)
    return [path.name for path in write_rows(_rows(task), task.folder, task.tables)]


def _rows(task: TablesTask) -> Iterator[TableRows]:
    records = Records(task.records)
    for each in task.rows:
        yield records.rows(each) if isinstance(each, str) else each


@dataclass(frozen=True, slots=True)
class CopiesTask:
    """Filings, by the keys of their records, of which public copies are written, and what that needs to know."""

    keys: tuple[str, ...]
    records: Path
    pack: str
    bureau: str
    year: int
    out: Path
    work: Path


def _write_public(
    district: District, options: Options, work: Path, records: Path, keys: Mapping[str, str], engine: Engine
) -> list[str]:
    """Write a public copy of every filing that may have one, from its record, and return the names in OUT."""
    shown = [keys[result.submission_id] for result in district.results if result.output and may_be_public(result)]
    tasks = [
        CopiesTask(
            tuple(shown[start : start + COPIES_A_TASK]), records, options.pack, district.bureau, district.year,
            options.out, work / f"{PUBLIC}{start:06d}",
        )
        for start in range(0, len(shown), COPIES_A_TASK)
    ]  # fmt: skip
    return [name for written in engine.each_in_order(write_copies, tasks) for name in written]


def write_copies(task: CopiesTask) -> list[str]:
    """Write the public copies of a task, each whole, and return their names in OUT."""
    pack, records = load_pack(task.pack), Records(task.records)
    written = []
    for result in map(records.whole, task.keys):
        name = public_name(result.output or "")
        content = public_workbook(result, pack, bureau=task.bureau, year=task.year)
        write_whole(task.out / name, partial(write_workbook, content), task.work)
        written.append(name)
    return written
