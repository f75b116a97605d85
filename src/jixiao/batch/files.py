"""Files written whole or not at all: to a temporary name beside, then renamed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from jixiao.batch.errors import UsageError

PRIVATE = ".jixiao"
"""The folder in OUT that holds what the tool keeps for itself."""


def write_whole(target: Path, write: Callable[[Path], object], work: Path) -> None:
    """Have `write` fill a temporary file in `work`, then put it at `target` in one step.

    `UsageError` where the target cannot be replaced, because it is open in Excel, say; what was there stays.
    """
    work.mkdir(parents=True, exist_ok=True)
    temporary = work / f"{target.name}.part"
    try:
        write(temporary)
        _flush(temporary)
        publish(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def publish(temporary: Path, target: Path) -> None:
    """Put a finished file at its place in one step; `UsageError` where that is refused."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(target)
    except OSError as error:
        raise UsageError(f"无法写入“{target}”（可能正在 Excel 中打开，或没有权限），请关闭后重新运行。") from error


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
