"""CPU milliseconds of each stage a filing, one process: `python -m benchmarks.stages [filings] [pack] [rounds]`.

Reading, checking with scoring, the content of the returned workbooks, the content of the summary and the parquet tables
are measured over one generated district in partitions as a run has them; the median of the rounds is printed, the first
round (which fills what is kept from filing to filing) beside it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jixiao.batch.identity import header_of, resolve
from jixiao.batch.partition import evaluate
from jixiao.batch.redaction import redacted
from jixiao.demo.generate import district
from jixiao.demo.write import bytes_of
from jixiao.model.result import District, Result
from jixiao.model.submission import Submission
from jixiao.pack import Pack, load_pack
from jixiao.reading.read import read_file
from jixiao.writing.parquet import write_tables
from jixiao.writing.returned import returned_workbook
from jixiao.writing.summary import summary_workbook

PACK, SEED, PARTITION, YEAR = "yunxi_2022", 7, 50, 2022


def filings(pack: Pack, count: int, folder: Path) -> list[Path]:
    """That many generated workbooks on disk."""
    paths = []
    for filing in district(pack, count, SEED):
        paths.append(folder / Path(filing.file).name)
        paths[-1].write_bytes(bytes_of(filing.workbook(pack)))
    return paths


def read(paths: Sequence[Path], pack: Pack) -> list[Submission]:
    """What the files hold."""
    found = (read_file(path, pack, file=path.name) for path in paths)
    return [each for each in found if isinstance(each, Submission)]


def evaluated(submissions: Sequence[Submission], pack: Pack) -> list[Result]:
    """The results of the filings, partition by partition."""
    results: list[Result] = []
    for start in range(0, len(submissions), PARTITION):
        part = submissions[start : start + PARTITION]
        who = [resolve(header_of(each, pack), pack, (), YEAR) for each in part]
        results += evaluate(part, who, pack, YEAR)
    return results


def contents(results: Sequence[Result], pack: Pack) -> None:
    """The contents of the returned workbooks, made and dropped."""
    for result in results:
        returned_workbook(result, pack, bureau="", contact="", year=YEAR)


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    count = int(arguments[0]) if arguments else 100
    pack = load_pack(arguments[1] if len(arguments) > 1 else PACK)
    rounds = int(arguments[2]) if len(arguments) > 2 else 3
    laps: dict[str, list[float]] = {}

    def timed(stage: str, work: Callable[[], Any]) -> Any:
        started = time.process_time()
        done = work()
        laps.setdefault(stage, []).append((time.process_time() - started) * 1000 / count)
        return done

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = filings(pack, count, folder)
        for _ in range(rounds + 1):
            submissions = timed("read", lambda: read(paths, pack))
            results = timed("evaluate", lambda: evaluated(submissions, pack))  # noqa: B023
            timed("content", lambda: contents(results, pack))  # noqa: B023
            told = timed("redact", lambda: [redacted(each, frozenset(), pack) for each in results])  # noqa: B023
            whole = District(tuple(told), (), False, YEAR, "", "")
            timed("summary", lambda: summary_workbook(whole, pack, tool_version="", options={}))  # noqa: B023
            timed("parquet", lambda: write_tables(whole, pack, folder))  # noqa: B023
    print(f"{count} filings of {pack.id}, CPU milliseconds a filing: median of {rounds} rounds (first round)")
    for stage, each in laps.items():
        print(f"{stage:10}{statistics.median(each[1:]):8.2f}  ({each[0]:.2f})")


if __name__ == "__main__":
    main(sys.argv[1:])
