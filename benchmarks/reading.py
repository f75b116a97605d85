"""Reading a filing against python-calamine alone: `python benchmarks/reading.py`.

For every sample workbook the median CPU time of python-calamine reading all its sheets, of opening it to grids (bounds,
formats, errors, merges, what is hidden), and of reading it to facts and findings, and their ratios to the first.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from python_calamine import CalamineWorkbook

from jixiao.model.submission import Submission
from jixiao.pack import load_pack
from jixiao.reading.read import read_file
from jixiao.reading.source import open_grids

ROOT = Path(__file__).resolve().parents[1]


def calamine(path: Path) -> None:
    """Every sheet of a workbook, as the library gives it."""
    workbook = CalamineWorkbook.from_path(path)
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()


def medians(steps: Sequence[Callable[[], object]], times: int) -> list[float]:
    """The median milliseconds of each step, the steps taken in turn so that a busy machine slows all alike."""
    taken: list[list[float]] = [[] for _ in steps]
    for step in steps:
        step()
    for _ in range(times):
        for step, seconds in zip(steps, taken, strict=True):
            started = time.process_time_ns()
            step()
            seconds.append((time.process_time_ns() - started) / 1e6)
    return [statistics.median(each) for each in taken]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    times = parser.parse_args().times
    pack = load_pack("yunxi_2022")
    files = sorted([*ROOT.glob("samples/inbox/**/*.xlsx"), *ROOT.glob("input_templates/*.xlsx")])
    files = [each for each in files if isinstance(read_file(each, pack, file=each.name), Submission)]
    grids, facts = [], []
    for path in files:
        steps = [partial(calamine, path), partial(open_grids, path), partial(read_file, path, pack, file=path.name)]
        alone, opened, read = medians(steps, times)
        grids.append(opened / alone)
        facts.append(read / alone)
        print(f"{path.name}: calamine {alone:.2f} ms, grids {opened:.2f} ms, facts {read:.2f} ms")
    print(f"grids / calamine: median {statistics.median(grids):.2f}, worst {max(grids):.2f}")
    print(f"facts / calamine: median {statistics.median(facts):.2f}, worst {max(facts):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
