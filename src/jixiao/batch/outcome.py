"""What a run tells while it goes on and when it is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jixiao.batch.pdf import Pdfs
    from jixiao.batch.reference import ReferenceRow
    from jixiao.model.result import District

Progress = Callable[[str, int, int], None]
"""Called with the stage in Chinese, the files done so far and the files in all."""


@dataclass(frozen=True)
class Outcome:
    """What a run leaves behind for the command line to tell; `unmatched` are rows of the bureau's workbook without a filing."""

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
