"""run.json: what ran, with what, and what came of it; all that varies from run to run stands under `run`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from jixiao import __version__
from jixiao.model.result import District
from jixiao.pack import Pack


def manifest(district: District, pack: Pack, options: dict[str, str], outputs: list[str], run: dict[str, Any]) -> str:
    """The text of run.json; `outputs` are the files of OUT that this run wrote, relative to it."""
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
    """The files that an earlier run in OUT says it wrote; empty where there is none or it cannot be read."""
    try:
        told = json.loads((out / "run.json").read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in told if isinstance(name, str)]
