"""The whole batch on a generated district: `python -m benchmarks.whole [filings] [jobs]`.

Prints the seconds of each stage and the milliseconds a filing, from run.json, after one run that is not counted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from jixiao.demo.generate import district
from jixiao.demo.write import bytes_of
from jixiao.pack import load_pack

PACK = "yunxi_2022"
SEED = 7


def written(folder: Path, count: int) -> Path:
    """An inbox of that many filings."""
    inbox = folder / "inbox"
    inbox.mkdir()
    pack = load_pack(PACK)
    for filing in district(pack, count, SEED):
        (inbox / Path(filing.file).name).write_bytes(bytes_of(filing.workbook(pack)))
    return inbox


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    count = int(arguments[0]) if arguments else 100
    jobs = arguments[1] if len(arguments) > 1 else "2"
    with tempfile.TemporaryDirectory() as name:
        inbox = written(Path(name), count)
        for warm in (False, True):
            out = Path(name) / f"out{warm}"
            command = [sys.executable, "-m", "jixiao", "run", str(inbox), "-o", str(out), "--jobs", jobs, "--pack", PACK]
            subprocess.run(command, check=True, capture_output=True)
        run = json.loads((out / "run.json").read_text(encoding="utf-8"))["run"]
        for stage, seconds in run["seconds"].items():
            print(f"{stage}: {seconds:.2f} s, {seconds / count * 1000:.1f} ms a filing")
        print(f"{count} filings, {jobs} processes, peak memory {run['peak_memory_mib']} MiB")


if __name__ == "__main__":
    main(sys.argv[1:])
