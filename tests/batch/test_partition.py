"""A filing on which the program itself breaks costs itself a finding and none of the others anything."""

from __future__ import annotations

from jixiao import pipeline
from jixiao.batch import partition
from jixiao.batch.filing_task import FilingTask, PartitionTask
from jixiao.model.submission import FilingHeader, Identity, ResolvedIdentity
from jixiao.runtime.records import RecordStore
from tests.support.filings import seed_filing


def test_a_filing_that_breaks_the_program_is_told_and_the_others_are_processed(pack, tmp_path, monkeypatch):
    seed, score = seed_filing(pack), pipeline.score
    assignments = []
    spool = RecordStore(tmp_path / "spool").create()
    for name in ("good", "bad"):
        spool.put(name, seed)
    for name in ("good", "bad"):
        header = FilingHeader(name, f"{name}.xlsx", "1", name, name, 2022, None, "", "", None, None, None)
        who = ResolvedIdentity(Identity(name, name, 2022), None, ())
        assignments.append(FilingTask(header, who, f"departments/{name}.xlsx"))

    asked = []

    def breaking(submission, *arguments, **more):
        # Of the partition as a whole the second breaks; alone, the first passes and the second breaks again.
        asked.append(submission)
        if len(asked) in (2, 4):
            raise ZeroDivisionError
        return score(submission, *arguments, **more)

    monkeypatch.setattr(pipeline, "score", breaking)
    out, work, keys = tmp_path / "out", tmp_path / "work", {"good": "a" * 64, "bad": "b" * 64}
    records = RecordStore(tmp_path / "records").create().folder
    task = PartitionTask(tuple(assignments), pack.id, 2022, "财政局", "", spool.folder, out, work, records, keys)
    good, bad = partition.process_partition(task)
    assert (good.status.value, bad.status.value) == ("returned", "unreadable")
    assert [finding.rule for finding in bad.findings] == ["SUB-12"]
    assert "ZeroDivisionError" in bad.reason
    assert [path.name for path in (out / "departments").iterdir()] == ["good.xlsx"]
