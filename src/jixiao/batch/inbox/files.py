"""The files of an inbox, in an order that does not depend on the file system."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from jixiao.errors import UsageError
from jixiao.reading.formats.detect import is_system_file


@dataclass(frozen=True, slots=True)
class InboxFile:
    """One file of the inbox: its path, its name relative to the inbox with forward slashes, and why it is skipped."""

    path: Path
    name: str
    skipped: str = ""


def inbox_files(inbox: Path, set_aside: tuple[Path, ...] = ()) -> tuple[InboxFile, ...]:
    """Return every file below the inbox by name, without those `set_aside`: files of the run's own, the roster for example.

    Links that lead out of the inbox, owner files and system files are there, marked as skipped, and so are subfolders
    that may not be read. Raises `UsageError` where there is no such folder, it may not be read, or it holds no file.
    """
    if inbox.is_file():
        raise UsageError(f"“{inbox}”是一个文件，不是文件夹，请改为放有自评工作簿的文件夹；只看一份请用 jixiao check。")
    if not inbox.is_dir():
        raise UsageError(f"找不到文件夹“{inbox}”，请检查路径。")
    root = inbox.resolve()
    aside = {os.path.realpath(path) for path in set_aside}
    closed: set[Path] = set()
    try:
        paths = sorted(_walk(inbox, closed), key=lambda path: path.relative_to(inbox).as_posix())
    except PermissionError as error:
        raise UsageError(f"没有读取文件夹“{error.filename}”的权限。") from error
    files = []
    for path in paths:
        if os.path.realpath(path) in aside:
            continue
        reason = "没有读取这个子文件夹的权限，未读取" if path in closed else _why_skipped(path, root)
        files.append(InboxFile(path, printable_name(path.relative_to(inbox).as_posix()), reason))
    if not any(not file.skipped for file in files):
        raise UsageError(f"文件夹“{inbox}”中没有可处理的文件。")
    return tuple(files)


def printable_name(name: str) -> str:
    """Return a file's name as text: bytes that are none in the system's encoding are spelled out."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _walk(folder: Path, closed: set[Path]) -> list[Path]:
    """Return the files below a folder; subfolders that may not be listed are among them, and in `closed`."""
    paths = []
    for path in folder.iterdir():
        if not path.is_dir() or path.is_symlink():
            paths.append(path)
            continue
        try:
            paths.extend(_walk(path, closed))
        except PermissionError:
            closed.add(path)
            paths.append(path)
    return paths


def _why_skipped(path: Path, root: Path) -> str:
    if path.is_symlink():
        target = Path(os.path.realpath(path))  # unlike `resolve`, no error for a link to itself
        if target.is_symlink():
            return "链接指向自身，未读取"
        if not target.is_relative_to(root):
            return "指向文件夹之外的链接，未读取"
    if path.is_dir():
        return "文件夹链接，未读取"
    if path.exists() and not path.is_file():
        return "不是普通文件（管道或设备），未读取"
    if is_system_file(path):
        return "系统或编辑器的临时文件，未读取"
    return ""
