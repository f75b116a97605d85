"""TODO."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jixiao.checking.check import check
from jixiao.checking.replies import answered, without_those_off
from jixiao.model.external_data import NO_EXTERNAL_DATA, ExternalData
from jixiao.model.finding import Finding, Severity, identified
from jixiao.model.result import Result
from jixiao.model.review import Review
from jixiao.model.rule_outcome import RuleOutcome, StageResult
from jixiao.model.score import Scorecard
from jixiao.model.sheet_names import OPINION_WORDS
from jixiao.model.submission import ResolvedIdentity, Status, Submission
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.scoring import score
from jixiao.writing.wording import STATUS_WORDS, counts_words


def evaluate(
    submissions: Sequence[Submission],
    resolved: Sequence[ResolvedIdentity],
    pack: Pack,
    batch_year: int,
    *,
    elsewhere: Sequence[ExternalData] = (),
    reviews: Sequence[Sequence[Review]] = (),
) -> list[Result]:
    """Each submission checked and scored, with its findings told in order and its status decided; writes nothing.

    `elsewhere` and `reviews` are what else is known of each and what reviewers decided of it, in the same order.
    """
    results = []
    known = elsewhere or [NO_EXTERNAL_DATA] * len(submissions)
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
    who: ResolvedIdentity,
    findings: tuple[Finding, ...],
    checked: tuple[StageResult, StageResult],
    scorecard: Scorecard,
    batch_year: int,
    pack: Pack,
    elsewhere: ExternalData,
    reviews: Sequence[Review],
) -> Result:
    status = status_of(findings)
    counted = who.identity.year == batch_year and not (who.entry and who.entry.reports_within)
    return Result(
        submission_id=submission.submission_id,
        file=submission.file,
        sha256=submission.sha256,
        status=status,
        reason=f"{STATUS_WORDS[status]}：{counts_words(findings)}",
        identity=who.identity,
        findings=findings,
        outcomes=_outcomes(checked, findings, pack),
        facts=submission.facts,
        institutions=submission.institutions,
        extras=submission.extras,
        scorecard=scorecard,
        external=elsewhere,
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


@cached_per_pack
def _counted_rules(pack: Pack) -> tuple[tuple[str, RuleOutcome | None], ...]:
    """The codes of the rules that count, in the rule book's order, and the outcome of those of reading that found nothing."""
    held = ((rule.code, rule.family in ("LAY", "CEL")) for rule in pack.rules if rule.counted)
    return tuple((code, RuleOutcome(code, 1) if of_reading else None) for code, of_reading in held)


def _outcomes(checked: tuple[StageResult, StageResult], findings: Sequence[Finding], pack: Pack) -> tuple[RuleOutcome, ...]:
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
            outcomes.append(RuleOutcome(code, 0, failed[code]) if code in failed else held)
    return tuple(outcomes)
