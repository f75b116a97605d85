"""CPU milliseconds of each stage a filing, one process: `python -m benchmarks.stages [filings] [pack] [rounds]`.

Each is measured over one generated district in partitions as a run has them; the median of the rounds is printed. A first
round, which fills what is kept from filing to filing, is not counted.
"""

from __future__ import annotations

import pickle
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.districts import inbox
from jixiao.batch.inbox.identity import header_of, resolve
from jixiao.demo.write import bytes_of
from jixiao.model.result import District, Result
from jixiao.model.submission import Submission
from jixiao.pack import Pack, load_pack
from jixiao.pipeline import evaluate
from jixiao.privacy.redact import redact
from jixiao.reading.read import read_file
from jixiao.runtime.limits import collect_rarely
from jixiao.runtime.records import decode, encode
from jixiao.writing.parquet.rows import table_rows, tables
from jixiao.writing.parquet.write import write_rows
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.review.workbook import review_workbook
from jixiao.writing.summary import summary_workbook
from jixiao.writing.summary.department_summary import summarize
from jixiao.writing.xlsx.content import WorkbookContent

PACK, PARTITION, YEAR = "yunxi_2022", 50, 2022


def filings(pack: Pack, count: int, folder: Path) -> list[Path]:
    """That many generated workbooks on disk."""
    return sorted(inbox(folder / "inbox", pack, count).iterdir())


def read(paths: Sequence[Path], pack: Pack) -> list[Submission]:
    """What the files hold."""
    found = (read_file(path, pack, file=path.name) for path in paths)
    return [each for each in found if isinstance(each, Submission)]


def unspooled(content: bytes) -> Submission:
    """A filing as a partition takes it up, with its facts made."""
    submission = decode(content, Submission)
    assert submission is not None
    return submission


def evaluated(submissions: Sequence[Submission], pack: Pack) -> list[Result]:
    """The results of the filings, partition by partition."""
    results: list[Result] = []
    for start in range(0, len(submissions), PARTITION):
        part = submissions[start : start + PARTITION]
        who = [resolve(header_of(each, pack), pack, (), YEAR) for each in part]
        results += evaluate(part, who, pack, YEAR)
    return results


def contents(results: Sequence[Result], pack: Pack) -> list[WorkbookContent]:
    """The contents of the returned workbooks."""
    return [returned_workbook(result, pack, bureau="", contact="", year=YEAR) for result in results]


def measured_stages(count: int, pack_name: str, rounds: int) -> dict[str, float]:
    """The median milliseconds a filing of each stage; a round that fills what is kept is not counted."""
    pack = load_pack(pack_name)
    collect_rarely()  # as a run does
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
            known = timed("read", lambda: read(paths, pack))
            spooled = [encode(each) for each in known]
            submissions = timed("unspool", lambda: [unspooled(each) for each in spooled])  # noqa: B023
            results = timed("check and score", lambda: evaluated(submissions, pack))  # noqa: B023
            made = timed("content of the returned workbooks", lambda: contents(results, pack))  # noqa: B023
            timed("drawing of the returned workbooks", lambda: [bytes_of(each) for each in made])  # noqa: B023
            words = [header_of(each, pack).personal for each in submissions]
            told = timed("redact", lambda: [redact(each, mine, pack) for each, mine in zip(results, words, strict=True)])  # noqa: B023
            slim = timed("summarize", lambda: [summarize(each, pack) for each in told])  # noqa: B023
            timed("keep", lambda: [(encode(less), encode(table_rows(each, pack))) for each, less in zip(told, slim, strict=True)])  # noqa: B023
            timed("hand over", lambda: pickle.loads(pickle.dumps(slim)))  # noqa: B023
            many = District(tuple(slim), (), False, YEAR, "", "")
            # Rows of these are made when they are drawn, and counted there.
            summary = timed(
                "content of the summary", lambda: summary_workbook(many, pack, tool_version="", options={})  # noqa: B023
            )  # fmt: skip
            review = timed("content of the review workbook", lambda: review_workbook(many, pack))  # noqa: B023
            timed("drawing of summary and review", lambda: (bytes_of(summary), bytes_of(review)))  # noqa: B023
            rows = [table_rows(each, pack) for each in told]
            timed("parquet", lambda: write_rows(rows, folder, tables(external=False)))  # noqa: B023
    return {stage: statistics.median(each[1:]) for stage, each in laps.items()}


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    count = int(arguments[0]) if arguments else 100
    pack = arguments[1] if len(arguments) > 1 else PACK
    rounds = int(arguments[2]) if len(arguments) > 2 else 3
    print(f"{count} filings of {pack}, CPU milliseconds a filing: median of {rounds} rounds")
    for stage, milliseconds in measured_stages(count, pack, rounds).items():
        print(f"{stage:36}{milliseconds:8.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
