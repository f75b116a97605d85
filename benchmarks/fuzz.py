"""Mutated workbooks by the thousand: `python benchmarks/fuzz.py --files 12000 --texts 12000`.

Prints what broke, each with the seed that repeats it, and the counts. Every thousand cases run in a process of their
own, so that one that aborts its process is told as well. Ends with 1 where anything broke.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support import fuzz  # noqa: E402

from jixiao.pack import load_pack  # noqa: E402
from jixiao.reading.formats.open import grids_of  # noqa: E402
from jixiao.reading.read import read_grids  # noqa: E402

CHUNK = 1000
CHUNK_OF_NUMBERS = 50_000
PACK = "yunxi_2022"


def files_case() -> Callable[[int], fuzz.Failure | None]:
    """What runs one mutated file."""
    pack = load_pack(PACK)
    base = fuzz.base_files([ROOT / "samples" / "inbox", ROOT / "tests" / "reading" / "data"])
    return lambda seed: fuzz.broken_file(pack, base[seed % len(base)][1], seed)


def texts_case() -> Callable[[int], fuzz.Failure | None]:
    """What runs one mutated cell."""
    pack = load_pack(PACK)
    grids = grids_of((ROOT / "tests" / "reading" / "data" / "filing.ods").read_bytes())
    cells = fuzz.numeric_cells(pack, grids)
    facts = fuzz.facts_of(read_grids(grids, pack, file="t.xlsx", sha256="0" * 64, submission_id="t"))
    return lambda seed: fuzz.wrong_text(pack, grids, cells, facts, seed)


def numbers_case() -> Callable[[int], fuzz.Failure | None]:
    """What runs the door for numbers on one mutated cell."""
    pack = load_pack(PACK)
    cells = fuzz.numeric_cells(pack, grids_of((ROOT / "tests" / "reading" / "data" / "filing.ods").read_bytes()))
    return lambda seed: fuzz.wrong_number(pack, cells, seed)


CASES = {"numbers": numbers_case, "texts": texts_case, "files": files_case}


def chunk(kind: str, first: int, last: int, at: object, answers: object) -> None:
    """Run the cases of some seeds; `at` always holds the seed that runs."""
    case = CASES[kind]()
    found = []
    for seed in range(first, last):
        at.value = seed  # type: ignore[attr-defined]
        if failure := case(seed):
            found.append((failure.seed, failure.seen))
    answers.put(found)  # type: ignore[attr-defined]


def main() -> int:
    """Run what was asked; 1 where anything broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=12_000)
    parser.add_argument("--texts", type=int, default=12_000)
    parser.add_argument("--numbers", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    broken = 0
    for kind in CASES:
        count, started = getattr(asked, kind), time.perf_counter()
        step = CHUNK_OF_NUMBERS if kind == "numbers" else CHUNK
        for first in range(asked.seed, asked.seed + count, step):
            last = min(first + step, asked.seed + count)
            while first < last:
                at, answers = multiprocessing.Value("q", first), multiprocessing.SimpleQueue()
                worker = multiprocessing.Process(target=chunk, args=(kind, first, last, at, answers))
                worker.start()
                worker.join()
                if not answers.empty():
                    for seed, seen in answers.get():
                        broken += 1
                        print(f"{kind} {seed}: {seen}", flush=True)
                    break
                broken += 1
                print(f"{kind} {at.value}: the process ended with {worker.exitcode}", flush=True)
                first = at.value + 1
        print(f"{kind}: {count} cases in {time.perf_counter() - started:.0f} s", flush=True)
    print(f"broken: {broken}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
