"""Reading a filing against python-calamine alone: `python -m benchmarks.reading`.

For every sample workbook of both packs the median CPU time of python-calamine reading all its sheets, of opening it to
grids (bounds, formats, errors, merges, what is hidden), and of reading it to facts and findings, and their ratios to
the first. The files are read in turn, each once a round, as a run reads them: nothing is timed right after itself.
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
from jixiao.pack import Pack, load_pack
from jixiao.reading.formats.limits import LIMITS
from jixiao.reading.formats.open import open_grids
from jixiao.reading.formats.zip_package import open_package
from jixiao.reading.locate.sheet_view import view
from jixiao.reading.read import read_file
from jixiao.runtime.limits import collect_rarely

ROOT = Path(__file__).resolve().parents[1]
PACKS = ("yunxi_2022", "hunan_2020")
STEPS = ("calamine", "package", "grids", "views", "facts")
"""Each but the first and second holds the one before it."""


def calamine(path: Path) -> None:
    """Every sheet of a workbook, as the library gives it."""
    workbook = CalamineWorkbook.from_path(path)
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()


def filings() -> list[tuple[Path, Pack]]:
    """The .xlsx filings among samples and templates, each with the pack on whose form it is."""
    packs = [load_pack(pack) for pack in PACKS]
    found = []
    for path in sorted([*ROOT.glob("samples/**/*.xlsx"), *ROOT.glob("input_templates/*.xlsx")]):
        for pack in packs:
            if isinstance(read_file(path, pack, file=path.name, others=packs), Submission):
                found.append((path, pack))
    return found


def steps(path: Path, pack: Pack) -> Sequence[Callable[[], object]]:
    """What is timed of one filing, in the order of `STEPS`."""
    return (
        partial(calamine, path),
        lambda: open_package(path.read_bytes(), LIMITS),
        partial(open_grids, path),
        lambda: [view(grid) for grid in open_grids(path)],
        partial(read_file, path, pack, file=path.name),
    )


def measured(work: Sequence[Sequence[Callable[[], object]]], rounds: int) -> list[list[float]]:
    """The median milliseconds of each step of each filing; the first round is not counted."""
    taken: list[list[list[float]]] = [[[] for _ in each] for each in work]
    for number in range(rounds + 1):
        for each, times in zip(work, taken, strict=True):
            for step, milliseconds in zip(each, times, strict=True):
                started = time.process_time_ns()
                step()
                if number:
                    milliseconds.append((time.process_time_ns() - started) / 1e6)
    return [[statistics.median(times) for times in each] for each in taken]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    rounds = parser.parse_args().times
    files = filings()
    collect_rarely()  # as a run does
    medians = measured([steps(path, pack) for path, pack in files], rounds)
    for (path, pack), times in zip(files, medians, strict=True):
        shown = ", ".join(f"{name} {each:.2f}" for name, each in zip(STEPS, times, strict=True))
        print(f"{path.name} ({pack.id}): {shown} ms")
    for number, name in enumerate(STEPS[1:], start=1):
        ratios = [times[number] / times[0] for times in medians]
        print(f"{name} / calamine: median {statistics.median(ratios):.2f}, worst {max(ratios):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
