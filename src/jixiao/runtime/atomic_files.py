"""Files written whole or not at all: to a temporary name beside, then renamed."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable
from hashlib import file_digest
from pathlib import Path, PureWindowsPath

from jixiao.errors import UsageError

PRIVATE = ".jixiao"
"""The folder in OUT that holds what the tool keeps for itself."""


def write_whole(target: Path, write: Callable[[Path], object], work: Path) -> str:
    """Have `write` fill a temporary file in `work`, then put it at `target` in one step; the sha256 of what was written.

    `UsageError` where there is no room, or the target cannot be replaced because it is open in Excel, say; what was
    there stays.
    """
    temporary = work / f"{target.name}.part"
    try:
        work.mkdir(parents=True, exist_ok=True)
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
        told = f"磁盘空间不足，无法写入“{target}”，请清理磁盘或换一个输出文件夹后重新运行；已写完的文件不受影响。"
        raise UsageError(told) from error


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


ROOM = 140
"""Characters left for what stands below a folder: a round's folder, a code, a department's name, a temporary suffix."""

LONGEST = 260
PREFIX = "\\\\?\\"


def extended(path: PureWindowsPath) -> PureWindowsPath:
    """An absolute Windows path with the prefix under which its length is not bounded; one that has it stays as it is."""
    text = str(path)
    if text.startswith(PREFIX):
        return path
    return PureWindowsPath(f"{PREFIX}UNC{text[1:]}" if text.startswith("\\\\") else f"{PREFIX}{text}")


def reachable(*folders: Path) -> tuple[Path, ...]:
    """The folders, spelled so that what stands below them can be reached; all of them alike, so that they compare."""
    if sys.platform != "win32":
        return folders
    whole = [folder.absolute() for folder in folders]
    if all(len(str(folder)) + ROOM < LONGEST for folder in whole):
        return folders
    return tuple(Path(extended(PureWindowsPath(folder))) for folder in whole)
