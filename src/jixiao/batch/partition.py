"""A partition of the batch: check, score and write some tens of filings; a pure function but for the files it writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

from jixiao.batch.filing_task import FilingTask, PartitionTask
from jixiao.batch.inbox.excluded import broken_result
from jixiao.batch.inbox.read import load_submission
from jixiao.batch.resume import Records
from jixiao.errors import UsageError
from jixiao.model.finding import reply_key
from jixiao.model.result import DepartmentSummary, Result
from jixiao.model.round import RoundChange, compare_cells, compare_rounds
from jixiao.model.submission import Submission
from jixiao.pack import Pack, load_pack
from jixiao.pipeline import evaluate
from jixiao.privacy.mask import mask
from jixiao.privacy.redact import redact
from jixiao.runtime.atomic_files import reraise_full, write_whole
from jixiao.writing.parquet.rows import table_rows
from jixiao.writing.returned.public_copy import may_be_public
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.summary.department_summary import summarize
from jixiao.writing.xlsx.write import write_workbook


def process_partition(task: PartitionTask) -> list[DepartmentSummary]:
    """Return the results of the filings of a task in their order, redacted and brief; write each returned workbook whole.

    A filing on which the program itself breaks costs itself a finding that says where, and none of the others anything.
    """
    try:
        return _processed(task)
    except UsageError:
        raise
    except Exception as error:
        if len(task.assignments) > 1:
            alone = (replace(task, assignments=(each,)) for each in task.assignments)
            return [result for each in alone for result in process_partition(each)]
        broken = broken_result(task.assignments[0].header, task.assignments[0].resolved, error, load_pack(task.pack))
        return [DepartmentSummary.of(broken)]


def _processed(task: PartitionTask) -> list[DepartmentSummary]:
    pack = load_pack(task.pack)
    submissions = [load_submission(task.spool, each.header.submission_id) for each in task.assignments]
    results = evaluate(
        submissions, [each.resolved for each in task.assignments], pack, task.year,
        external=[each.external for each in task.assignments], reviews=[each.reviews for each in task.assignments],
    )  # fmt: skip
    changes = [
        _change(each, submission, result, task, pack)
        for each, submission, result in zip(task.assignments, submissions, results, strict=True)
    ]
    summaries, published = [], []
    # One thread waits for the disk while the next workbook is drawn; an error is raised where its end is awaited.
    with ThreadPoolExecutor(max_workers=1) as disk:
        for result, changed, assignment in zip(results, changes, task.assignments, strict=True):
            output = replace(result, output=assignment.output, change=changed)
            content = returned_workbook(output, pack, bureau=task.bureau, contact=task.contact, year=task.year)
            # The department's own workbook may name its people, its properties may not.
            content = replace(content, subject=mask(content.subject, assignment.personal))
            drawn = BytesIO()
            write_workbook(content, drawn)
            whole = redact(output, assignment.personal, pack)
            summaries.append(summarize(whole, pack))
            published.append(disk.submit(_publish, task, assignment, drawn.getvalue(), summaries[-1], whole, pack))
    for each in published:
        each.result()
    return summaries


def _change(
    assignment: FilingTask, submission: Submission, result: Result, task: PartitionTask, pack: Pack
) -> RoundChange | None:
    """Return what became of the findings of the version that a filing replaces, checked as this one was; redacted.

    A finding that is cleared comes with what the department replied to it. None where there is no such version.
    """
    earlier = assignment.earlier
    if earlier is None or not result.scored:
        return None
    personal = assignment.personal
    try:
        older = load_submission(task.spool, earlier.header.submission_id)
        (before,) = evaluate([older], [earlier.resolved], pack, task.year, external=[assignment.external])
    except Exception:  # a version that no longer counts costs the one that does nothing
        return RoundChange(
            result.submission_id, mask(earlier.header.file, personal), earlier.versions, (), (), (), broken=True
        )
    replies = {reply.about: reply.text for reply in submission.replies}
    answers = (replace(finding, reply=replies.get(reply_key(finding), finding.reply)) for finding in before.findings)
    before = redact(replace(before, findings=tuple(answers)), personal, pack)
    now = redact(result, personal, pack)
    return compare_rounds(
        result.submission_id, before.file, earlier.versions, before.findings, now.findings,
        compare_cells(before.facts, now.facts),
    )  # fmt: skip


def _publish(
    task: PartitionTask, assignment: FilingTask, workbook: bytes, summary: DepartmentSummary, whole: Result, pack: Pack
) -> None:
    """Put a returned workbook in its place, and only then its record, for the tables and for the next run."""
    checksum = write_whole(task.out / assignment.output, lambda path: path.write_bytes(workbook), task.work)
    shown = whole if task.public and may_be_public(whole) else None
    try:
        Records(task.records).put_result(
            task.keys[assignment.header.submission_id], checksum, summary, table_rows(whole, pack), shown
        )
    except OSError as error:
        reraise_full(error, task.records)
        raise UsageError(f"无法写入“{task.records}”，请检查权限后重新运行。") from error
