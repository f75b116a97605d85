"""The sample inbox on disk: `inbox/*` and the roster."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from jixiao.demo.filing import DemoFiling, made
from jixiao.demo.load import load_demo
from jixiao.demo.odd import odd_bytes
from jixiao.demo.roster import ROSTER_FILE, roster_workbook
from jixiao.demo.word import SUFFIX, word_bytes
from jixiao.model.errors import UsageError
from jixiao.pack import Pack, load_pack
from jixiao.writing.canvas import WorkbookContent
from jixiao.writing.draw import write_workbook

INBOX = "inbox"


def write_demo(folder: Path, pack_name: str) -> Path:
    """Write the pack's sample inbox and roster into a folder; returns the roster's path.

    Files of the same names are written over, others left alone; the bytes are the same each time. `UsageError` if the
    pack brings no sample or the folder cannot be written.
    """
    pack, demo = load_pack(pack_name), load_demo(pack_name)
    files = {filing.file: filing_bytes(filing, pack) for filing in declared_filings(pack, pack_name)}
    odd = {each.file: odd_bytes(each, files, bytes_of) for each in demo.odd_files}
    roster = folder / ROSTER_FILE
    try:
        for name, content in {**files, **odd}.items():
            path = folder / INBOX / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        roster.write_bytes(bytes_of(roster_workbook(demo)))
    except OSError as error:
        raise UsageError(f"无法写入文件夹“{folder}”，请检查路径和权限。") from error
    return roster


def declared_filings(pack: Pack, pack_name: str | Path) -> Iterator[DemoFiling]:
    """The filings of a pack's sample district, in their order."""
    demo = load_demo(pack_name)
    return (made(pack, demo, declared) for declared in demo.filings)


def filing_bytes(filing: DemoFiling, pack: Pack) -> bytes:
    """A filing as the bytes of its file: a Word document where its name says so, else a workbook."""
    content = filing.workbook(pack)
    return word_bytes(content) if filing.file.endswith(SUFFIX) else bytes_of(content)


def bytes_of(content: WorkbookContent) -> bytes:
    """Return a workbook as the bytes of its file."""
    target = io.BytesIO()
    write_workbook(content, target)
    return target.getvalue()
