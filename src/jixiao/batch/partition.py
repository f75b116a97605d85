"""A partition of the batch: check, score and write some tens of filings; a pure function but for the files it writes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

from jixiao.batch.answers import answered, without_those_off
from jixiao.batch.assignment import Assignment, PartitionTask
from jixiao.batch.errors import UsageError
from jixiao.batch.files import reraise_full, write_whole
from jixiao.batch.identity import Resolved
from jixiao.batch.readers import load_submission
from jixiao.batch.reasons import scored_reason
from jixiao.batch.redaction import redacted
from jixiao.batch.resume import Records
from jixiao.batch.uncounted import broken_result
from jixiao.checking.check import check
from jixiao.model.elsewhere import NOTHING_ELSEWHERE, Elsewhere
from jixiao.model.finding import Finding, Severity, identified
from jixiao.model.outcome import Checked, Outcome, outcome
from jixiao.model.privacy import masked
from jixiao.model.reply import about
from jixiao.model.result import Result
from jixiao.model.review import Review
from jixiao.model.rounds import RoundChange, change, changed_cells
from jixiao.model.score import Scorecard
from jixiao.model.submission import Status, Submission
from jixiao.model.words import OPINION_WORDS
from jixiao.pack import Pack, load_pack
from jixiao.pack.memo import once_a_pack
from jixiao.scoring import score
from jixiao.writing.brief import brief
from jixiao.writing.draw import write_workbook
from jixiao.writing.public import may_be_public
from jixiao.writing.returned import returned_workbook
from jixiao.writing.tables import table_rows


def process_partition(task: PartitionTask) -> list[Result]:
    """The results of the filings of a task in their order, redacted and brief; each returned workbook is written whole.

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
        return [broken_result(task.assignments[0].header, task.assignments[0].resolved, error, load_pack(task.pack))]


def _processed(task: PartitionTask) -> list[Result]:
    pack = load_pack(task.pack)
    submissions = [load_submission(task.spool, each.header.submission_id) for each in task.assignments]
    results = evaluate(
        submissions, [each.resolved for each in task.assignments], pack, task.year,
        elsewhere=[each.elsewhere for each in task.assignments], reviews=[each.reviews for each in task.assignments],
    )  # fmt: skip
    changes = [
        _change(each, submission, result, task, pack)
        for each, submission, result in zip(task.assignments, submissions, results, strict=True)
    ]
    briefs, published = [], []
    # One thread waits for the disk while the next workbook is drawn; an error is raised where its end is awaited.
    with ThreadPoolExecutor(max_workers=1) as disk:
        for result, changed, assignment in zip(results, changes, task.assignments, strict=True):
            output = replace(result, output=assignment.output, change=changed)
            content = returned_workbook(output, pack, bureau=task.bureau, contact=task.contact, year=task.year)
            # The department's own workbook may name its people, its properties may not.
            content = replace(content, subject=masked(content.subject, assignment.personal))
            drawn = BytesIO()
            write_workbook(content, drawn)
            whole = redacted(output, assignment.personal, pack)
            briefs.append(brief(whole, pack))
            published.append(disk.submit(_publish, task, assignment, drawn.getvalue(), briefs[-1], whole, pack))
    for each in published:
        each.result()
    return briefs


def _change(
    assignment: Assignment, submission: Submission, result: Result, task: PartitionTask, pack: Pack
) -> RoundChange | None:
    """What became of the findings of the version that a filing replaces, that version checked as this one was; redacted.

    What the department replied to a finding that is cleared stands with it. None where there is no such version.
    """
    earlier = assignment.earlier
    if earlier is None or not result.scored:
        return None
    personal = assignment.personal
    try:
        older = load_submission(task.spool, earlier.header.submission_id)
        (before,) = evaluate([older], [earlier.resolved], pack, task.year, elsewhere=[assignment.elsewhere])
    except Exception:  # a version that no longer counts costs the one that does nothing
        return RoundChange(
            result.submission_id, masked(earlier.header.file, personal), earlier.versions, (), (), (), broken=True
        )
    replies = {reply.about: reply.text for reply in submission.replies}
    answers = (replace(each, reply=replies.get(about(each), each.reply)) for each in before.findings)
    before = replace(before, findings=tuple(answers))
    told, now = redacted(before, personal, pack), redacted(result, personal, pack)
    return change(
        result.submission_id, told.file, earlier.versions, told.findings, now.findings,
        changed_cells(told.facts, now.facts),
    )  # fmt: skip


def _publish(
    task: PartitionTask, assignment: Assignment, workbook: bytes, brief: Result, whole: Result, pack: Pack
) -> None:
    """Put a returned workbook in its place, and only then its record, for the tables and for the next run."""
    checksum = write_whole(task.out / assignment.output, lambda path: path.write_bytes(workbook), task.work)
    shown = whole if task.public and may_be_public(whole) else None
    try:
        Records(task.records).put_result(
            task.keys[assignment.header.submission_id], checksum, brief, table_rows(whole, pack), shown
        )
    except OSError as error:
        reraise_full(error, task.records)
        raise UsageError(f"无法写入“{task.records}”，请检查权限后重新运行。") from error


def evaluate(
    submissions: Sequence[Submission],
    resolved: Sequence[Resolved],
    pack: Pack,
    batch_year: int,
    *,
    elsewhere: Sequence[Elsewhere] = (),
    reviews: Sequence[Sequence[Review]] = (),
) -> list[Result]:
    """Each submission checked and scored, with its findings told in order and its status decided; writes nothing.

    `elsewhere` and `reviews` are what else is known of each and what reviewers decided of it, in the same order.
    """
    results = []
    known = elsewhere or [NOTHING_ELSEWHERE] * len(submissions)
    decided = reviews or [()] * len(submissions)
    each_checked = check(submissions, pack, known)
    for submission, who, checked, other, review in zip(submissions, resolved, each_checked, known, decided, strict=True):
        marks = {each.indicator: each.marks for each in review if each.marks is not None}
        scored = score(submission, pack, reviews=marks, elsewhere=other)
        told = (*submission.findings, *who.findings, *checked.findings, *scored.checked.findings)
        findings = identified(without_those_off(told, pack), submission.submission_id)
        findings = answered(findings, submission.replies, pack)
        card = with_opinions(scored.scorecard, review)
        checks = (checked, scored.checked)
        results.append(_result(submission, who, findings, checks, card, batch_year, pack, other, review))
    return results


def with_opinions(card: Scorecard, reviews: Sequence[Review]) -> Scorecard:
    """The card with what the reviewers wrote behind the explanation of each score that they decided."""
    opinions = {each.indicator: each.opinion for each in reviews if each.decides and each.opinion}
    if not opinions:
        return card
    told = tuple(
        each._replace(explanation=f"{each.explanation}{OPINION_WORDS}{opinions[each.indicator].rstrip('。')}。")
        if each.indicator in opinions
        else each
        for each in card.scores
    )
    return replace(card, scores=told)


def _result(
    submission: Submission,
    who: Resolved,
    findings: tuple[Finding, ...],
    checked: tuple[Checked, Checked],
    scorecard: Scorecard,
    batch_year: int,
    pack: Pack,
    elsewhere: Elsewhere,
    reviews: Sequence[Review],
) -> Result:
    status = status_of(findings)
    counted = who.identity.year == batch_year and not (who.entry and who.entry.reports_within)
    return Result(
        submission_id=submission.submission_id,
        file=submission.file,
        sha256=submission.sha256,
        status=status,
        reason=scored_reason(status, findings),
        identity=who.identity,
        findings=findings,
        outcomes=_outcomes(checked, findings, pack),
        facts=submission.facts,
        institutions=submission.institutions,
        extras=submission.extras,
        scorecard=scorecard,
        elsewhere=elsewhere,
        reviews=tuple(reviews),
        roster=who.entry,
        counted=counted,
    )


def status_of(findings: Sequence[Finding]) -> Status:
    """The status that the findings that count give: an error returns the workbook, a warning asks for words."""
    severities = {finding.severity for finding in findings if finding.counted}
    if Severity.ERROR in severities:
        return Status.RETURNED
    return Status.ACCEPTED_WITH_WARNINGS if Severity.WARNING in severities else Status.ACCEPTED


@once_a_pack
def _counted_rules(pack: Pack) -> tuple[tuple[str, Outcome | None], ...]:
    """The codes of the rules that count, in the rule book's order, and the outcome of those of reading that found nothing."""
    held = ((rule.code, rule.family in ("LAY", "CEL")) for rule in pack.rules if rule.counted)
    return tuple((code, outcome(code, 1) if of_reading else None) for code, of_reading in held)


def _outcomes(checked: tuple[Checked, Checked], findings: Sequence[Finding], pack: Pack) -> tuple[Outcome, ...]:
    """The outcome of every rule that counts in the rule book's order; those of reading pass where they found nothing."""
    told = {outcome.rule: outcome for stage in checked for outcome in stage.outcomes}
    failed: dict[str, int] = {}
    for finding in findings:
        failed[finding.rule] = failed.get(finding.rule, 0) + 1
    outcomes = []
    for code, held in _counted_rules(pack):
        if code in told:
            outcomes.append(told[code])
        elif held is not None:
            outcomes.append(outcome(code, 0, failed[code]) if code in failed else held)
    return tuple(outcomes)
