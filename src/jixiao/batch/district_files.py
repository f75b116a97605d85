"""The files of OUT that tell of the whole district: summaries, review workbooks, public copies and tables."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jixiao import __version__
from jixiao.batch.districts import districts_of, parts_of
from jixiao.batch.engine import Engine
from jixiao.batch.errors import UsageError
from jixiao.batch.files import write_whole
from jixiao.batch.options import Options
from jixiao.batch.outputs import DISTRICTS, REVIEW, SECTIONS, SUMMARY
from jixiao.batch.public import write_public
from jixiao.batch.store import Store
from jixiao.batch.tables import tables_task, write_kept_tables
from jixiao.model.names import safe_file_stem
from jixiao.model.result import District
from jixiao.pack import Pack
from jixiao.writing.canvas import WorkbookContent


def write_district(
    district: District, pack: Pack, options: Options, told: dict[str, str], private: Path, kept: Store, engine: Engine
) -> list[str]:
    """Write them whole, one by one, and return their names; `told` are the run's options in Chinese.

    The tables are written by the engine, of what is kept of each filing, while the workbooks are drawn here.
    """
    from jixiao.writing.review import review_workbook, section_districts
    from jixiao.writing.summary import summary_workbook

    work, out = private / "work", options.out
    tables = engine.begin(write_kept_tables, tables_task(district.results, pack, kept, work / "data"))
    where = districts_of(result.file for result in district.results) if options.districts else {}
    parts = {name: (_summary_of(name), part) for name, part in parts_of(district, where).items()}
    # Each content is made where it is written, and gone before the next: that of a large district takes room.
    contents = {
        SUMMARY: lambda: summary_workbook(
            district, pack, tool_version=__version__, options=told, parts=parts, most_rows=options.most_rows
        ),
        REVIEW: lambda: review_workbook(district, pack),
    }
    for name, content_of in contents.items():
        write_whole(out / name, lambda path, made=content_of: _draw(made(), path), work)  # type: ignore[misc]
    written = [SUMMARY, REVIEW, *(write_public(district, options.pack, out, work, kept, engine) if options.public else [])]
    for target, part in parts.values():
        content = summary_workbook(part, pack, tool_version=__version__, options=told, most_rows=options.most_rows)
        write_whole(out / target, partial(_draw, content), work)
        written.append(target)
    for section, part in section_districts(district, pack).items():
        name = f"{SECTIONS}/{safe_file_stem(f'复核表_{section}')}.xlsx"
        content = review_workbook(part, pack, folder="../", section=section)
        write_whole(out / name, partial(_draw, content), work)
        written.append(name)
    for name in sorted(tables.result()):
        write_whole(out / "data" / name, (work / "data" / name).replace, work)
        written.append(f"data/{name}")
    return written


def _draw(content: WorkbookContent, path: Path) -> None:
    """Draw a workbook of a whole district; `UsageError` where a sheet has more rows than a spreadsheet can have."""
    from jixiao.writing.draw import TooLong, write_workbook

    try:
        write_workbook(content, path)
    except TooLong as error:
        raise UsageError(f"“{error}”超过 Excel 每表 1,048,576 行的上限，请按区县分批运行。") from error


def _summary_of(district: str) -> str:
    """Where the summary of one of several districts lies in OUT."""
    return f"{DISTRICTS}/{'/'.join(map(safe_file_stem, district.split('/')))}/{SUMMARY}"
