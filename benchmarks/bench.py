"""The whole measurement: `python -m benchmarks.bench [--filings 200] [--rounds 5] [--large 5000] [--write FILE]`.

One generated district, and in every round the same machine runs over it the pipeline a user would write
(`user_pipeline`), jixiao with as many processes as the machine has cores, and the floor (inputs inflated, outputs
deflated and written). Ratios are those of a round, so that a slow moment of the machine falls on both; medians and the
lowest and highest are told. The large district is run once, by jixiao alone.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.districts import inbox
from benchmarks.floor import floor
from benchmarks.measured import Measured, measured
from benchmarks.stages import measured_stages
from jixiao.pack import load_pack

PACK = "yunxi_2022"
STARTS = 15


def jixiao_run(folder: Path, out: Path, jobs: int) -> Measured:
    """A run that takes nothing from earlier ones."""
    command = [sys.executable, "-m", "jixiao", "run", str(folder), "-o", str(out), "--pack", PACK, "--jobs", str(jobs)]
    return measured([*command, "--fresh"])


def spread(values: Sequence[float], form: str = ".1f") -> str:
    """The median, with the lowest and highest."""
    low, middle, high = (format(each, form) for each in (min(values), statistics.median(values), max(values)))
    return f"{middle}（{low}–{high}）" if len(values) > 1 else middle


def start_up() -> tuple[list[float], list[float]]:
    """Milliseconds until `jixiao --help` ended, and until an interpreter that does nothing has."""
    commands = ([sys.executable, "-m", "jixiao", "--help"], [sys.executable, "-c", ""])
    told, bare = ([measured(command).wall * 1000 for _ in range(STARTS)] for command in commands)
    return told, bare


def machine() -> str:
    """The machine without its name."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    libraries = ", ".join(f"{each} {version(each)}" for each in ("xlsxwriter", "python-calamine", "openpyxl", "pandas", "pandera"))
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}, {libraries}"


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filings", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", type=int, default=0, help="filings of the large district, 0 for none")
    parser.add_argument("--keep", type=Path, help="a folder that keeps the districts for the next time")
    parser.add_argument("--write", type=Path, help="a page that holds the result")
    given = parser.parse_args()
    lines: list[str] = []

    def tell(line: str = "") -> None:
        print(line, flush=True)
        lines.append(line)

    pack, jobs = load_pack(PACK), os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        districts = given.keep or folder
        small = inbox(districts / f"{given.filings}", pack, given.filings)
        runs = rounds(folder, small, given.rounds, jobs)
        flat = None
        if given.large:
            large = inbox(districts / f"{given.large}", pack, given.large)
            flat = jixiao_run(large, folder / "large-out", jobs)
        report(tell, given, jobs, runs, flat)
    tell()
    tell("## Stages")
    tell()
    tell("| stage | ms of processor time a filing, one process |")
    tell("| --- | --- |")
    for stage, milliseconds in measured_stages(100, PACK, 3).items():
        tell(f"| {stage} | {milliseconds:.2f} |")
    if given.write:
        given.write.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def rounds(folder: Path, small: Path, count: int, jobs: int) -> list[tuple[Measured, Measured, float]]:
    """Of each round the user's pipeline, jixiao and the floor; a run before them warms the disk and is not counted."""
    jixiao_run(small, folder / "out", jobs)
    (folder / "floor").mkdir()
    made = []
    for _ in range(count):
        theirs = measured([sys.executable, "-m", "benchmarks.user_pipeline", str(small), str(folder / "user")])
        ours = jixiao_run(small, folder / "out", jobs)
        made.append((theirs, ours, floor(small, folder / "out", folder / "floor")))
    return made


def report(
    tell: Callable[..., None], given: argparse.Namespace, jobs: int, runs: Sequence[tuple[Measured, Measured, float]], flat: Measured | None
) -> None:  # fmt: skip
    """Tell the ratios and what they are made of."""
    count = given.filings
    each = [1000 / count * ours.cpu for _, ours, _ in runs]
    told, bare = start_up()
    rows = [
        ("ratio to the user's pipeline, elapsed", spread([theirs.wall / ours.wall for theirs, ours, _ in runs]) + " ×", "≥ 20, then ≥ 40"),
        ("ratio to the user's pipeline, processor time", spread([theirs.cpu / ours.cpu for theirs, ours, _ in runs]) + " ×", ""),
        ("ratio to the floor, processor time", spread([ours.cpu / least for _, ours, least in runs]) + " ×", "≤ 3"),
        ("user's pipeline, elapsed seconds", spread([theirs.wall for theirs, _, _ in runs], ".2f"), ""),
        (f"jixiao, elapsed seconds, {jobs} processes", spread([ours.wall for _, ours, _ in runs], ".2f"), ""),
        ("user's pipeline, ms of processor time a filing", spread([1000 / count * theirs.cpu for theirs, _, _ in runs]), ""),
        ("jixiao, ms of processor time a filing, start included", spread(each), "≤ 16, then ≤ 3.5"),
        ("floor, ms of processor time a filing", spread([1000 / count * least for _, _, least in runs], ".2f"), ""),
        ("peak memory of a worker, MiB", spread([ours.worker_mib for _, ours, _ in runs], ".0f"), "≤ 200"),
        ("peak memory of the parent, MiB", spread([ours.parent_mib for _, ours, _ in runs], ".0f"), "≤ 400"),
        ("`jixiao --help`, ms", spread(told, ".0f"), "instant"),
        ("an interpreter that does nothing, ms", spread(bare, ".0f"), ""),
    ]  # fmt: skip
    if flat is not None:
        cpu = 1000 / given.large * flat.cpu
        wall = [flat.wall / given.large / (ours.wall / count) for _, ours, _ in runs]
        rows += [
            (f"{given.large:,} filings: elapsed seconds", f"{flat.wall:.1f}", ""),
            (f"{given.large:,} filings: ms of processor time a filing", f"{cpu:.1f}", ""),
            (f"{given.large:,} filings: time a filing against {count}, processor", f"{cpu / statistics.median(each):.2f}", "≤ 1.2"),
            (f"{given.large:,} filings: time a filing against {count}, elapsed", spread(wall, ".2f"), "≤ 1.2"),
            (f"{given.large:,} filings: peak memory of a worker, MiB", f"{flat.worker_mib:.0f}", "≤ 200"),
            (f"{given.large:,} filings: peak memory of the parent, MiB", f"{flat.parent_mib:.0f}", "≤ 400"),
        ]  # fmt: skip
    tell(f"Machine: {machine()}. {count} filings of `{PACK}`, {len(runs)} rounds; median (lowest–highest).")
    load = f", {os.getloadavg()[0]:.1f} processes waiting or running at the end" if hasattr(os, "getloadavg") else ""
    tell(f"Load of the machine{load}.")
    tell()
    tell("| measured | value | goal |")
    tell("| --- | --- | --- |")
    for measure, value, goal in rows:
        tell(f"| {measure} | {value} | {goal} |")


HEAD = """# Performance

The last result of `make bench`. The program is compared with a pipeline that a user would write
(`benchmarks/user_pipeline/`): pandas over openpyxl, pandera schemas per file, openpyxl to annotate and save. On filings of
the official layout that pipeline produces the same findings and scores (`tests/test_user_pipeline.py` checks it). It supports no other
layout, does not search for the wrong cell, and returns less (no letter, live checks, score formulas, review workbook or parquet), so
the ratio understates the difference. The floor only inflates the inputs, and deflates and writes the bytes of the outputs.

"""

if __name__ == "__main__":
    main()
