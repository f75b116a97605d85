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
from jixiao.batch.inbox.recognition import ReadLimits, main_pack
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
    """Return the result of each file in its order, as if each came alone; `UsageError` for a path that is no file."""
    for path in paths:
        if not path.is_file():
            raise UsageError(f"找不到文件“{path}”，请检查路径。")
    files = [InboxFile(path, path.as_posix()) for path in dict.fromkeys(paths)]
    limits = ReadLimits(seconds, memory_mib, read_passwords(passwords))
    if pack_name != AUTO:
        return _check(files, pack_name, year, limits)
    return [result for file in files for result in _check([file], main_pack([file], limits, year=year), year, limits)]


def _check(files: Sequence[InboxFile], pack_name: str, year: int | None, limits: ReadLimits) -> list[Result]:
    pack = load_pack(pack_name)
    results: list[Result] = []
    for filing in read_submissions(files, pack_name, limits):
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
