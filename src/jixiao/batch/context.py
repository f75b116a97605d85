"""What a run works with from the moment OUT is its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from jixiao.batch.beside import Beside
from jixiao.batch.engine import Engine
from jixiao.batch.expected import Expected
from jixiao.batch.inbox import InboxFile
from jixiao.batch.options import Options
from jixiao.batch.outcome import Clock, Progress
from jixiao.batch.store import Store
from jixiao.pack import Pack


@dataclass(frozen=True)
class Context:
    """The options, who does the work, the form, and what was there before any filing was read.

    `private` is the tool's own folder in OUT, `readings` and `kept` the stores of headers and of results in it.
    """

    options: Options
    engine: Engine
    pack: Pack
    expected: Expected
    beside: Beside
    files: Sequence[InboxFile]
    private: Path
    readings: Store
    kept: Store
    progress: Progress
    clock: Clock = field(default_factory=Clock)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def work(self) -> Path:
        """The folder for what is half written."""
        return self.private / "work"
