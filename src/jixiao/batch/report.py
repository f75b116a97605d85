"""What a run reports: its progress, its outcome for the command line, and run.json."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jixiao import __version__
from jixiao.batch.external.bureau_figures import ReferenceRow
from jixiao.batch.outputs import MANIFEST
from jixiao.batch.pdfs import Pdfs
from jixiao.model.result import District
from jixiao.pack import Pack

Progress = Callable[[str, int, int], None]
"""Called with the stage in Chinese, the files done so far and the files in all."""

READING = "读取"
"""The stage that a run leaves out if no input has changed."""


@dataclass(frozen=True)
class RunReport:
    """What the command line reports of a run; `unmatched` are rows of the bureau's workbook without a filing."""

    district: District
    out: Path
    pdfs: Pdfs
    seconds: dict[str, float] = field(default_factory=dict)
    unmatched: tuple[ReferenceRow, ...] = ()
    public: int = 0


class Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """Count what went by since the last lap to a stage."""
        now = time.perf_counter()
        self.laps[stage] = now - self._last
        self._last = now


def manifest(district: District, pack: Pack, options: dict[str, str], outputs: list[str], run: dict[str, Any]) -> str:
    """Return the text of run.json; `outputs` are the files of OUT that this run wrote, relative to it.

    Everything that varies between equal runs is under the key `run`.
    """
    counts = Counter(result.status.value for result in district.results)
    content = {
        "tool": {"name": "jixiao", "version": __version__},
        "pack": {"id": pack.id, "version": pack.version, "sha256": pack.sha256},
        "year": district.year,
        "options": options,
        "counts": dict(sorted(counts.items())),
        "outputs": outputs,
        "run": run,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def previous_outputs(out: Path) -> list[str]:
    """Return the files that an earlier run in OUT says it wrote; none where there is no manifest or it cannot be read."""
    try:
        names = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in names if isinstance(name, str)]
