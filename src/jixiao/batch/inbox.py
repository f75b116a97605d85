"""The files of an inbox, in an order that does not depend on the file system."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jixiao.batch.errors import UsageError
from jixiao.reading.sniff import is_system_file


@dataclass(frozen=True, slots=True)
class InboxFile:
    """One file of the inbox: its path, its name relative to the inbox with forward slashes, and why it is skipped."""

    path: Path
    name: str
    skipped: str = ""


def inbox_files(inbox: Path, set_aside: tuple[Path, ...] = ()) -> tuple[InboxFile, ...]:
    """Every file below the inbox by name; `set_aside` are files of the run's own (the roster, say) that lie in it.

    Links that lead out of the inbox, owner files and system files are there, marked as skipped. Raises `UsageError`
    where there is no such folder, it may not be read, or it holds no file.
    """
    if not inbox.is_dir():
        raise UsageError(f"找不到文件夹“{inbox}”，请检查路径。")
    root = inbox.resolve()
    aside = {path.resolve() for path in set_aside}
    try:
        paths = sorted(_walk(inbox), key=lambda path: path.relative_to(inbox).as_posix())
    except PermissionError as error:
        raise UsageError(f"没有读取文件夹“{error.filename}”的权限。") from error
    files = []
    for path in paths:
        if path.resolve() in aside:
            continue
        files.append(InboxFile(path, path.relative_to(inbox).as_posix(), _why_skipped(path, root)))
    if not any(not file.skipped for file in files):
        raise UsageError(f"文件夹“{inbox}”中没有可处理的文件。")
    return tuple(files)


def _walk(folder: Path) -> list[Path]:
    found = []
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            found.extend(_walk(path))
        else:
            found.append(path)
    return found


def _why_skipped(path: Path, root: Path) -> str:
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        return "指向文件夹之外的链接，未读取"
    if path.is_dir():
        return "文件夹链接，未读取"
    if is_system_file(path):
        return "系统或编辑器的临时文件，未读取"
    return ""
