"""Public copies of the accepted departments' filings, in a folder of their own."""

from __future__ import annotations

from functools import partial
from pathlib import Path, PurePosixPath

from jixiao.batch.files import write_whole
from jixiao.model.result import District
from jixiao.pack import Pack

PUBLIC = "公开版"
"""The folder of OUT with the public copies, and what each one's name ends with: it is sent on without its folder."""


def write_public(district: District, pack: Pack, out: Path, work: Path) -> list[str]:
    """Write the public copy of every result that may have one; their names in OUT."""
    from jixiao.writing.draw import write_workbook
    from jixiao.writing.public import may_be_public, public_workbook

    written = []
    for result in district.results:
        if result.output is None or not may_be_public(result):
            continue
        name = public_name(result.output)
        content = public_workbook(result, pack, bureau=district.bureau, year=district.year)
        write_whole(out / name, partial(write_workbook, content), work)
        written.append(name)
    return written


def public_name(returned: str) -> str:
    """The name of the public copy of a returned workbook, both relative to OUT."""
    return f"{PUBLIC}/{PurePosixPath(returned).stem}_{PUBLIC}.xlsx"
