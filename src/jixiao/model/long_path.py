"""Paths that Windows accepts beyond 260 characters: spelled out whole, with the prefix that says so."""

from __future__ import annotations

import sys
from pathlib import Path, PureWindowsPath

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
