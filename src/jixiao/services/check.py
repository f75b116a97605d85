"""Findings of single workbooks, writing nothing but a spool that is thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jixiao.batch.inbox.excluded import unreadable_result
from jixiao.batch.inbox.files import InboxFile
from jixiao.batch.inbox.identity import batch_year, header_of, resolve
from jixiao.batch.inbox.passwords import read_passwords
from jixiao.batch.inbox.read import read_submissions
from jixiao.batch.inbox.recognition import main_pack
from jixiao.batch.options import AUTO
from jixiao.errors import UsageError
from jixiao.model.result import Result
from jixiao.model.submission import UnreadableFiling
from jixiao.pack import load_pack
from jixiao.pipeline import evaluate
from jixiao.privacy.redact import redact


def check_files(
    paths: Sequence[Path],
    pack_name: str,
    *,
    year: int | None = None,
    seconds: float = 30,
    memory_mib: int = 900,
    passwords: Path | None = None,
) -> list[Result]:
    """The result of each file in its order, as if each came alone; `UsageError` for a path that is no file."""
    for path in paths:
        if not path.is_file():
            raise UsageError(f"找不到文件“{path}”，请检查路径。")
    files = [InboxFile(path, path.as_posix()) for path in dict.fromkeys(paths)]
    known = read_passwords(passwords)
    results: list[Result] = []
    if pack_name == AUTO:
        bounds = {"year": year, "seconds": seconds, "memory_mib": memory_mib}
        for file in files:
            own = main_pack([file], passwords=known, **bounds)  # type: ignore[arg-type]
            results += check_files([file.path], own, passwords=passwords, **bounds)  # type: ignore[arg-type]
        return results
    pack = load_pack(pack_name)
    read = read_submissions(files, pack_name, seconds=seconds, memory_mib=memory_mib, passwords=known)
    for filing in read:
        if isinstance(filing, UnreadableFiling):
            results.append(replace(unreadable_result(filing, ()), pack=pack_name))
            continue
        header = header_of(filing, pack)
        own_year = batch_year([header], year, pack.year)
        who = resolve(header, pack, (), own_year)
        (result,) = evaluate([filing], [who], pack, own_year)
        # The path is what the caller typed; everything else is reported without anything personal.
        results.append(replace(redact(result, header.personal, pack), file=result.file, pack=pack_name))
    return results
