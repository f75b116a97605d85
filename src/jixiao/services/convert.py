"""Filings in any layout, Word documents among them, turned into the official workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jixiao.batch.inbox.files import InboxFile, inbox_files
from jixiao.batch.inbox.passwords import Passwords, read_passwords
from jixiao.batch.inbox.read import read_submissions
from jixiao.batch.inbox.recognition import main_pack
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
    """What became of a file: the workbook written (None where there is none and `reason` says why), how many cells could
    not be read, how much has no place on the form, and the findings that tell what is missing."""

    file: str
    target: Path | None
    reason: str = ""
    unread: int = 0
    extras: int = 0
    missing: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bounds:
    seconds: float
    memory_mib: int
    passwords: Passwords


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

    `UsageError` for what does not go together, and for a target that is there already: someone may have gone on in it.
    """
    bounds = _Bounds(seconds, memory_mib, read_passwords(passwords))
    if source.is_dir():
        return _convert_folder(source, out, pack_name, bounds, passwords)
    if not source.is_file():
        raise UsageError(f"找不到文件“{source}”，请检查路径。")
    if out.is_dir() or out.suffix.lower() != SUFFIX:
        raise UsageError(f"“{out}”不是 {SUFFIX} 文件名，请改为例如 {source.stem}{SUFFIX}。")
    if out.exists():
        raise UsageError(f"“{out}”已经存在，不覆盖，请换一个文件名。")
    return _convert([InboxFile(source, source.name)], [out], pack_name, bounds)


def _convert_folder(
    folder: Path, out: Path, pack_name: str, bounds: _Bounds, passwords: Path | None
) -> list[Converted]:
    if out.is_file() or out.suffix.lower() == SUFFIX:
        raise UsageError(f"“{folder}”是文件夹，-o 也应是文件夹。")
    if out.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"输出文件夹“{out}”不能在“{folder}”之内，请换一个位置。")
    found = [file for file in inbox_files(folder, (passwords,) if passwords else ()) if not file.skipped]
    targets = _targets(found, out)
    there = {file.name for file, target in zip(found, targets, strict=True) if target.exists()}
    fresh = [(file, target) for file, target in zip(found, targets, strict=True) if file.name not in there]
    made = _convert([file for file, _ in fresh], [target for _, target in fresh], pack_name, bounds) if fresh else []
    by_name = {each.file: each for each in made}
    kept = {name: Converted(name, None, "目标文件已经存在，不覆盖") for name in there}
    return [(by_name | kept)[file.name] for file in found]


def _targets(files: Sequence[InboxFile], out: Path) -> list[Path]:
    """A workbook beside the others by each file's name; files that differ in their ending alone keep it in the name."""
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


def _convert(
    files: Sequence[InboxFile], targets: Sequence[Path], pack_name: str, bounds: _Bounds
) -> list[Converted]:
    asked = pack_name
    if asked == AUTO:
        pack_name = main_pack(
            files, seconds=bounds.seconds, memory_mib=bounds.memory_mib, passwords=bounds.passwords
        )
    made = []
    read = read_submissions(
        files, pack_name, seconds=bounds.seconds, memory_mib=bounds.memory_mib, passwords=bounds.passwords
    )
    for file, target, filing in zip(files, targets, read, strict=True):
        if isinstance(filing, Submission):
            made.append(_write(filing, target, pack_name))
        elif asked == AUTO and filing.status is Status.WRONG_FORM and len(files) > 1:
            made += _convert([file], [target], asked, bounds)  # of the other form
        else:
            made.append(Converted(file.name, None, "".join(each.message for each in filing.findings)))
    return made


def _write(submission: Submission, target: Path, pack_name: str) -> Converted:
    pack = load_pack(pack_name)
    content = converted_workbook(submission, pack)
    # The temporary file is next to the target: what is renamed has to be on the same disk.
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, lambda path: write_workbook(content, path), target.parent)
    unread = sum(fact.state is FactState.UNREADABLE for fact in submission.facts)
    missing = tuple(finding for finding in submission.findings if finding.place is None)
    return Converted(submission.file, target, unread=unread, extras=len(submission.extras), missing=missing)
