"""The heart of the program: a filing as read becomes a result, checked, scored and with a status."""

from __future__ import annotations

from collections import Counter
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
from jixiao.scoring import score
from jixiao.writing.wording import STATUS_WORDS, counts_words


def evaluate(
    submissions: Sequence[Submission],
    resolved: Sequence[ResolvedIdentity],
    pack: Pack,
    batch_year: int,
    *,
    external: Sequence[ExternalData] = (),
    reviews: Sequence[Sequence[Review]] = (),
) -> list[Result]:
    """Check and score submissions, apply the departments' replies and decide each status; writes nothing.

    `resolved`, `external` and `reviews` are, in the same order, whose each filing is, what is known of it besides, and
    what reviewers decided of it.
    """
    external = external or [NO_EXTERNAL_DATA] * len(submissions)
    reviews = reviews or [()] * len(submissions)
    stages = check(submissions, pack, external)
    results = []
    for submission, who, checked, data, decisions in zip(submissions, resolved, stages, external, reviews, strict=True):
        marks = {review.indicator: review.marks for review in decisions if review.marks is not None}
        scored = score(submission, pack, reviews=marks, external=data)
        raised = (*submission.findings, *who.findings, *checked.findings, *scored.checked.findings)
        findings = identified(without_those_off(raised, pack), submission.submission_id)
        findings = answered(findings, submission.replies, pack)
        status = status_of(findings)
        result = Result(
            submission_id=submission.submission_id,
            file=submission.file,
            sha256=submission.sha256,
            status=status,
            reason=f"{STATUS_WORDS[status]}：{counts_words(findings)}",
            identity=who.identity,
            findings=findings,
            outcomes=_outcomes((checked, scored.checked), findings, pack),
            facts=submission.facts,
            institutions=submission.institutions,
            extras=submission.extras,
            scorecard=_with_opinions(scored.scorecard, decisions),
            external=data,
            reviews=tuple(decisions),
            roster=who.entry,
            counted=who.identity.year == batch_year and not (who.entry and who.entry.reports_within),
        )
        results.append(result)
    return results


def status_of(findings: Sequence[Finding]) -> Status:
    """Return the status that findings lead to: an error returns the workbook, a warning asks for an explanation."""
    severities = {finding.severity for finding in findings if finding.counted}
    if Severity.ERROR in severities:
        return Status.RETURNED
    return Status.ACCEPTED_WITH_WARNINGS if Severity.WARNING in severities else Status.ACCEPTED


def _with_opinions(card: Scorecard, reviews: Sequence[Review]) -> Scorecard:
    """Append each reviewer's opinion to the explanation of the score that the reviewer decided."""
    opinions = {review.indicator: review.opinion.rstrip("。") for review in reviews if review.decides and review.opinion}
    scores = tuple(
        each._replace(explanation=f"{each.explanation}{OPINION_WORDS}{opinions[each.indicator]}。")
        if each.indicator in opinions
        else each
        for each in card.scores
    )
    return replace(card, scores=scores) if opinions else card


def _outcomes(stages: Sequence[StageResult], findings: Sequence[Finding], pack: Pack) -> tuple[RuleOutcome, ...]:
    """Return the outcome of every rule that counts, in the rule book's order; those of reading pass where nothing failed."""
    by_rule = {each.rule: each for stage in stages for each in stage.outcomes}
    failed = Counter(finding.rule for finding in findings)
    outcomes = []
    for rule in pack.rules:
        if rule.counted and rule.code in by_rule:
            outcomes.append(by_rule[rule.code])
        elif rule.counted and rule.family in ("LAY", "CEL"):
            outcomes.append(RuleOutcome(rule.code, 0 if failed[rule.code] else 1, failed[rule.code]))
    return tuple(outcomes)
