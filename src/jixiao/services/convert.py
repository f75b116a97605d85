"""Filings in any layout, Word documents among them, turned into the official workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jixiao.batch.inbox.files import InboxFile, inbox_files
from jixiao.batch.inbox.passwords import read_passwords
from jixiao.batch.inbox.read import read_submissions
from jixiao.batch.inbox.recognition import ReadLimits, main_pack
from jixiao.batch.options import AUTO
from jixiao.errors import UsageError
from jixiao.model.fact import FactState
from jixiao.model.finding import Finding
from jixiao.model.submission import Status, Submission
from jixiao.pack import load_pack
from jixiao.runtime.atomic_files import write_whole
from jixiao.writing.returned.workbook import converted_workbook
from jixiao.writing.xlsx.write import write_workbook

SUFFIX = ".xlsx"


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of a file: the workbook written, or None and the `reason` why there is none.

    `unread` cells could not be read, `extras` have no place on the form; the findings say what is `missing`.
    """

    file: str
    target: Path | None
    reason: str = ""
    unread: int = 0
    extras: int = 0
    missing: tuple[Finding, ...] = ()


def convert(
    source: Path,
    out: Path,
    pack_name: str,
    *,
    seconds: float = 30,
    memory_mib: int = 900,
    passwords: Path | None = None,
) -> list[Converted]:
    """Write the official workbook of a file, or of each file of a folder into a folder.

    `UsageError` for what does not go together, and for a target that exists: someone may have gone on in it.
    """
    limits = ReadLimits(seconds, memory_mib, read_passwords(passwords))
    if source.is_dir():
        return _convert_folder(source, out, pack_name, limits, passwords)
    if not source.is_file():
        raise UsageError(f"找不到文件“{source}”，请检查路径。")
    if out.is_dir() or out.suffix.lower() != SUFFIX:
        raise UsageError(f"“{out}”不是 {SUFFIX} 文件名，请改为例如 {source.stem}{SUFFIX}。")
    if out.exists():
        raise UsageError(f"“{out}”已经存在，不覆盖，请换一个文件名。")
    return _convert([InboxFile(source, source.name)], [out], pack_name, limits)


def _convert_folder(folder: Path, out: Path, pack_name: str, limits: ReadLimits, passwords: Path | None) -> list[Converted]:
    if out.is_file() or out.suffix.lower() == SUFFIX:
        raise UsageError(f"“{folder}”是文件夹，-o 也应是文件夹。")
    if out.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"输出文件夹“{out}”不能在“{folder}”之内，请换一个位置。")
    files = [file for file in inbox_files(folder, (passwords,) if passwords else ()) if not file.skipped]
    targets = dict(zip(files, _targets(files, out), strict=True))
    fresh = {file: target for file, target in targets.items() if not target.exists()}
    converted = _convert(list(fresh), list(fresh.values()), pack_name, limits) if fresh else []
    by_file = dict(zip(fresh, converted, strict=True))
    return [by_file.get(file) or Converted(file.name, None, "目标文件已经存在，不覆盖") for file in files]


def _targets(files: Sequence[InboxFile], out: Path) -> list[Path]:
    """Return a workbook for each file by its name; files that differ in their ending alone keep it in the name."""
    taken: set[str] = set()
    targets = []
    for file in files:
        path = PurePosixPath(file.name)
        name = str(path.with_suffix(SUFFIX))
        if name.casefold() in taken:
            name = str(path.with_name(f"{path.stem}_{path.suffix.lstrip('.')}{SUFFIX}"))
        taken.add(name.casefold())
        targets.append(out / name)
    return targets


def _convert(files: Sequence[InboxFile], targets: Sequence[Path], pack_name: str, limits: ReadLimits) -> list[Converted]:
    form = main_pack(files, limits) if pack_name == AUTO else pack_name
    converted = []
    for file, target, filing in zip(files, targets, read_submissions(files, form, limits), strict=True):
        if isinstance(filing, Submission):
            converted.append(_write(filing, target, form))
        elif pack_name == AUTO and filing.status is Status.WRONG_FORM and len(files) > 1:
            converted += _convert([file], [target], pack_name, limits)  # of the other form
        else:
            converted.append(Converted(file.name, None, "".join(finding.message for finding in filing.findings)))
    return converted


def _write(submission: Submission, target: Path, pack_name: str) -> Converted:
    content = converted_workbook(submission, load_pack(pack_name))
    # The temporary file is next to the target: what is renamed has to be on the same disk.
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, lambda path: write_workbook(content, path), target.parent)
    unread = sum(fact.state is FactState.UNREADABLE for fact in submission.facts)
    missing = tuple(finding for finding in submission.findings if finding.place is None)
    return Converted(submission.file, target, unread=unread, extras=len(submission.extras), missing=missing)
