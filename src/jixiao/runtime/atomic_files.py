"""Files written whole or not at all, under a temporary name and then renamed; folders for the user's own eyes."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time
from collections.abc import Callable
from hashlib import file_digest
from pathlib import Path, PureWindowsPath

from jixiao.errors import UsageError

PRIVATE = ".jixiao"
"""The folder in OUT that holds what the program keeps for itself."""


def private_folder(folder: Path) -> None:
    """Create a folder, and what is missing above it, so that only its owner may open it where the platform can do that."""
    for each in (*reversed(folder.parents), folder):
        each.mkdir(mode=0o700, exist_ok=True)


def refuse_foreign(folder: Path) -> None:
    """Raise `UsageError` if a link, a file or another user's folder is in the place of a private folder; close it to others."""
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(status.st_mode) or (os.name == "posix" and status.st_uid != os.getuid()):
        raise UsageError(f"“{folder}”应是本程序自己的文件夹，现为链接、文件或其他用户的文件夹，请移走后重新运行。")
    with contextlib.suppress(OSError):  # a file system without modes
        folder.chmod(0o700)


def write_whole(target: Path, write: Callable[[Path], object], work: Path) -> str:
    """Have `write` fill a temporary file in `work`, then put it at `target` in one step; return the sha256 of the file.

    `work` is created as a private folder. `UsageError` where there is no room, or the target cannot be replaced because
    it is open in Excel, say; what was there stays.
    """
    temporary = work / f"{target.name}.part"
    try:
        private_folder(work)
        write(temporary)
        _flush(temporary)
        with temporary.open("rb") as stream:
            written = file_digest(stream, "sha256").hexdigest()
        publish(temporary, target)
    except OSError as error:
        reraise_full(error, target)
        raise
    finally:
        temporary.unlink(missing_ok=True)
    return written


def publish(temporary: Path, target: Path) -> None:
    """Put a finished file at its place in one step; `UsageError` where that is refused."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(temporary, target)
    except OSError as error:
        reraise_full(error, target)
        raise UsageError(f"无法写入“{target}”（可能正在 Excel 中打开，或没有权限），请关闭后重新运行。") from error


_TRIES, _PAUSE = 4, 0.25


def _replace(temporary: Path, target: Path) -> None:
    """Rename, trying again for a second: virus scanners and previews hold a file for moments on Windows."""
    for left in reversed(range(_TRIES)):
        try:
            temporary.replace(target)
            return
        except PermissionError:
            if not left:
                raise
            time.sleep(_PAUSE)


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def reraise_full(error: BaseException, target: Path) -> None:
    """Raise a `UsageError` where an error says that the disk is full; nothing otherwise."""
    if isinstance(error, OSError) and error.errno in _FULL:
        raise UsageError(
            f"磁盘空间不足，无法写入“{target}”，请清理磁盘或换一个输出文件夹后重新运行；已写完的文件不受影响。"
        ) from error


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


ROOM = 140
"""Characters left for what is below a folder: a round's folder, a code, a department's name, a temporary suffix."""

LONGEST = 260
PREFIX = "\\\\?\\"


def extended(path: PureWindowsPath) -> PureWindowsPath:
    """Return an absolute Windows path with the prefix under which its length is not bounded."""
    text = str(path)
    if text.startswith(PREFIX):
        return path
    return PureWindowsPath(f"{PREFIX}UNC{text[1:]}" if text.startswith("\\\\") else f"{PREFIX}{text}")


def reachable(*folders: Path) -> tuple[Path, ...]:
    """Return the folders spelled so that what is below them can be reached; all of them alike, so that they compare."""
    if sys.platform != "win32":
        return folders
    whole = [folder.absolute() for folder in folders]
    if all(len(str(folder)) + ROOM < LONGEST for folder in whole):
        return folders
    return tuple(Path(extended(PureWindowsPath(folder))) for folder in whole)
