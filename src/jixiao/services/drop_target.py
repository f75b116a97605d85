"""What a folder dropped onto the launcher is run with: files in it or next to it under their usual names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

OUT_SUFFIX = "_结果"
USUAL = {"roster": "名册.xlsx", "reference": "财政核对数据.xlsx", "passwords": "密码.txt"}
"""Options of a run by the name of the file that is taken for each, in the folder or else beside it."""

PREVIOUS = "上年结果"
"""Last year's result is taken from beside the folder alone: within it, its workbooks would be filings."""


@dataclass(frozen=True, slots=True)
class DropTarget:
    """Where the results go, and the file of each option."""

    inbox: Path
    out: Path
    companions: dict[str, Path]


def dropped(folder: Path) -> DropTarget:
    """Return how to run a dropped folder: results next to it; its own roster goes before one next to it."""
    inbox = folder.absolute()
    taken: dict[str, tuple[Path, ...]] = {
        **{option: (inbox / name, inbox.parent / name) for option, name in USUAL.items()},
        "previous": (inbox.parent / PREVIOUS,),
    }
    companions = {
        option: next(path for path in paths if path.exists())
        for option, paths in taken.items()
        if any(path.exists() for path in paths)
    }
    return DropTarget(inbox, inbox.with_name(f"{inbox.name}{OUT_SUFFIX}"), companions)
