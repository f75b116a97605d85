"""Public copies of the accepted departments' filings, in a folder of their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from jixiao.batch.engine import Engine
from jixiao.batch.files import write_whole
from jixiao.batch.kept import kept_whole
from jixiao.batch.outputs import PUBLIC
from jixiao.batch.store import Store
from jixiao.model.result import District
from jixiao.pack import load_pack

COPIES_A_TASK = 40


@dataclass(frozen=True, slots=True)
class CopiesTask:
    """Some results, by their ids in the store at `kept`, of which public copies are written, and what that needs to know."""

    results: tuple[str, ...]
    kept: Path
    pack: str
    bureau: str
    year: int
    out: Path
    work: Path


def write_public(district: District, pack: str, out: Path, work: Path, kept: Store, engine: Engine) -> list[str]:
    """Have the public copy of every result that may have one written, of what is kept of it; their names in OUT."""
    from jixiao.writing.public import may_be_public

    shown = [result.submission_id for result in district.results if result.output and may_be_public(result)]
    tasks = [
        CopiesTask(
            tuple(shown[start : start + COPIES_A_TASK]), kept.folder, pack, district.bureau, district.year, out,
            work / f"{PUBLIC}{start:06d}",
        )
        for start in range(0, len(shown), COPIES_A_TASK)
    ]  # fmt: skip
    return [name for written in engine.each_in_order(write_copies, tasks) for name in written]


def write_copies(task: CopiesTask) -> list[str]:
    """Write the public copies of a task's results whole, each in its place; their names in OUT."""
    from jixiao.writing.draw import write_workbook
    from jixiao.writing.public import public_workbook

    pack, kept = load_pack(task.pack), Store(task.kept)
    written = []
    for result in (kept_whole(kept, each) for each in task.results):
        name = public_name(result.output or "")
        content = public_workbook(result, pack, bureau=task.bureau, year=task.year)
        write_whole(task.out / name, partial(write_workbook, content), task.work)
        written.append(name)
    return written


def public_name(returned: str) -> str:
    """The name of the public copy of a returned workbook, both relative to OUT."""
    return f"{PUBLIC}/{PurePosixPath(returned).stem}_{PUBLIC}.xlsx"
