"""What scoring finds: contradictions, what could not be computed, denominators of zero, rates that want a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from jixiao.model.finding import Finding
from jixiao.model.rule_outcome import RuleOutcome, StageResult
from jixiao.model.score import Evidence, Score, ScoreStatus
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.checks import RateBound
from jixiao.pack.declarations.methods import TargetCompletion
from jixiao.pack.score_rows import ScoreRow
from jixiao.pack.target_completion import CompletionKind, interval_of
from jixiao.scoring.compute import Computation
from jixiao.scoring.explain import all_unanswered, checklist_label, interval_text, missing_label, quantity_text
from jixiao.scoring.inputs import InputProblem, RateState
from jixiao.scoring.methods import steps
from jixiao.values.number_format import bounded, edge_text, percent_text, plain_text

CONTRADICTION = "SCR-05"
NOT_COMPUTABLE = "SCR-07"
GROUNDS = {Evidence.BUREAU: "财政掌握数"}
NO_CLAIM = "自评得分未填列或无法识别"
OWN_GROUNDS = "填报数据"
ZERO_DENOMINATOR = "SCR-08"
OFF_STEP = "SCR-14"
OUTSIDE_LEVEL = "SCR-11"
UNCLEAR = "SCR-12"
LOW_TARGET = "SCR-13"


LONGEST_QUOTE = 40


class ScoredRow(NamedTuple):
    """A row of the score sheet with how it was computed and scored."""

    row: ScoreRow
    computed: Computation
    score: Score


RuleAnswer = Finding | str | None
"""What a rule says of one row: a finding, the reason why it could not decide, or None where the row passed."""


def score_findings(submission: Submission, pack: Pack, scored: Sequence[ScoredRow]) -> StageResult:
    """Return the findings of scoring, and the outcomes of its rules in the rule book's order."""
    computable = [each for each in scored if each.computed.status is not ScoreStatus.REPORTED]
    rated = [each for each in computable if each.computed.rate is not None and each.computed.rate.denominator]
    lacking = any(each.computed.missing for each in computable)
    unfilled = _unfilled_blocks(submission, pack) if lacking else frozenset()
    answers: dict[str, list[RuleAnswer]] = {
        CONTRADICTION: [_contradiction(pack, each) for each in computable],
        NOT_COMPUTABLE: [_not_computable(pack, each, unfilled) for each in computable],
        ZERO_DENOMINATOR: [_zero_denominator(pack, each) for each in rated],
        OFF_STEP: [_off_step(pack, each) for each in computable],
    }
    if pack.rubric.declared is not None:
        read = [each for each in scored if each.computed.completion is not None]
        answers[OUTSIDE_LEVEL] = [_outside_level(pack, each) for each in read]
        answers[UNCLEAR] = [_unclear(submission, pack, each) for each in read]
        answers[LOW_TARGET] = [_low_target(pack, each) for each in read]
    for bound in pack.checks.rate_bounds:
        bounded_rows = [_bound(pack, bound, each) for each in rated if each.row.id == bound.indicator]
        answers.setdefault(bound.code, []).extend(bounded_rows)
    order = [code for code in pack.rules.codes if code in answers]
    outcomes = tuple(_outcome(code, answers[code]) for code in order)
    # A score that contradicts the figures is reported as that alone.
    answers[OFF_STEP] = [
        answer
        for answer, contradiction in zip(answers[OFF_STEP], answers[CONTRADICTION], strict=True)
        if not isinstance(contradiction, Finding)
    ]
    findings = tuple(answer for code in order for answer in answers[code] if isinstance(answer, Finding))
    return StageResult(findings, outcomes)


def _outcome(code: str, answers: Sequence[RuleAnswer]) -> RuleOutcome:
    reasons = [answer for answer in answers if isinstance(answer, str)]
    failed = sum(isinstance(answer, Finding) for answer in answers)
    passed = len(answers) - failed - len(reasons)
    return RuleOutcome(code, passed, failed, len(reasons), "；".join(dict.fromkeys(reasons)))


def _finding(pack: Pack, scored: ScoredRow, code: str, **words: object) -> Finding:
    """A finding of a rule at the row's self score."""
    row = scored.row
    place = row.self_fact.place if row.self_fact else None
    make: Callable[..., Finding] = pack.rules.finding
    label = row.label if row.indicator is None else pack.rubric.label_of(row.indicator)
    return make(code, place=place, concept=row.self_concept, label=label, **words)


def _contradiction(pack: Pack, scored: ScoredRow) -> RuleAnswer:
    """A self score that no accepted reading of the rule supports, whether too high or too low."""
    row, computed = scored.row, scored.computed
    if computed.marks is None:
        return "指标无法复算"
    if row.claim is None:
        return NO_CLAIM
    if bounded(row.claim, row.full) in computed.accepted:
        return None
    return _finding(
        pack, scored, CONTRADICTION, expected=plain_text(computed.marks), actual=plain_text(row.claim),
        difference=row.claim - computed.marks, grounds=GROUNDS.get(scored.score.evidence, OWN_GROUNDS),
        explanation=scored.score.explanation,
    )  # fmt: skip


def _off_step(pack: Pack, scored: ScoredRow) -> RuleAnswer:
    """A self score that no figures could have earned under the rule."""
    row = scored.row
    possible = _steps(pack).get(row.id) if row.indicator is not None else None
    if possible is None:
        return None
    if row.claim is None:
        return NO_CLAIM
    if row.claim in possible or bounded(row.claim, row.full) != row.claim:
        return None
    offered = "、".join(plain_text(each) for each in sorted(possible, reverse=True))
    return _finding(pack, scored, OFF_STEP, expected=offered, actual=plain_text(row.claim))


@cached_per_pack
def _steps(pack: Pack) -> dict[str, frozenset[Decimal] | None]:
    """The marks that each printed indicator's rule can give, by its id; declared rows can earn any."""
    return {each.id: steps(each) for each in pack.rubric.indicators}


def _not_computable(pack: Pack, scored: ScoredRow, unfilled: frozenset[str]) -> RuleAnswer:
    missing = scored.computed.missing
    if not missing:
        return None
    wanted = "、".join(_missing_words(pack, scored, unfilled))
    wrong = [answer for answer in missing if answer.trouble is not InputProblem.BLANK]
    remedy = "请更正或补填{missing}。" if wrong else None
    return _finding(pack, scored, NOT_COMPUTABLE, missing=wanted, remedy=remedy)


def _missing_words(pack: Pack, scored: ScoredRow, unfilled: frozenset[str]) -> list[str]:
    """What is missing, in the form's own words; a block without anything filled once and by its name."""
    indicator, computed = scored.row.indicator, scored.computed
    words: dict[str, None] = {}
    for answer in computed.missing:
        concept = pack.concept(answer.input.concept)
        block = pack.block_name(concept.block)
        if concept.block in unfilled:
            words[block] = None
        elif indicator is not None and all_unanswered(indicator, computed):
            words[f"{block}·{checklist_label(pack, indicator)}"] = None
        else:
            where = pack.institution_label(answer.input.institution)
            words["·".join(part for part in (block, where, missing_label(pack, answer)) if part)] = None
    return list(words)


def _unfilled_blocks(submission: Submission, pack: Pack) -> frozenset[str]:
    """The blocks of the form in which the filing has nothing, readable or not."""
    filled = frozenset().union(*submission.facts.filled_concepts.values())
    return frozenset(
        block for block, concepts in pack.block_concepts.items() if not any(each.id in filled for each in concepts)
    )


def _outside_level(pack: Pack, scored: ScoredRow) -> RuleAnswer:
    """A self score of a qualitative row outside the interval of the level that its text names."""
    completion, claim = scored.computed.completion, scored.row.claim
    if completion is None or completion.level is None:
        return None
    if claim is None:
        return NO_CLAIM
    if scored.computed.status is ScoreStatus.REPORTED:
        return None
    least, most = interval_of(completion.level, scored.row.full)
    bound = least if claim < least else most
    words = {"level": completion.level.label, "explanation": scored.score.explanation}
    expected = interval_text(completion.level, scored.row.full)
    return _finding(
        pack, scored, OUTSIDE_LEVEL, expected=expected, actual=plain_text(claim), difference=claim - bound, **words
    )


def _unclear(submission: Submission, pack: Pack, scored: ScoredRow) -> RuleAnswer:
    """A row whose texts can be read neither as figures of one unit nor as a level."""
    completion, indicator = scored.computed.completion, scored.row.indicator
    if completion is None or completion.reading in (CompletionKind.QUANTITATIVE, CompletionKind.QUALITATIVE):
        return None
    assert indicator is not None and isinstance(indicator.method, TargetCompletion)
    fact = submission.facts.get(indicator.method.actual)
    return pack.rules.finding(
        UNCLEAR, place=fact.place if fact else None, concept=indicator.method.actual, label=scored.row.label,
        actual=" ".join(((fact.text or "") if fact else "").split())[:LONGEST_QUOTE],
        explanation=scored.score.explanation,
    )  # fmt: skip


def _low_target(pack: Pack, scored: ScoredRow) -> RuleAnswer:
    """A target that was met so many times over that it was set low."""
    completion = scored.computed.completion
    if completion is None or not completion.low or completion.target is None or completion.ratio is None:
        return None
    wanted = quantity_text(completion.operator, completion.target)
    finding = _finding(pack, scored, LOW_TARGET, expected=wanted, actual=percent_text(completion.ratio))
    return replace(finding, concept=pack.score_concept(scored.row.id, "target"))


def _zero_denominator(pack: Pack, scored: ScoredRow) -> RuleAnswer:
    computed = scored.computed
    rate = computed.rate
    if rate is None or rate.denominator is None or computed.missing:
        return "缺少基础数据"
    nothing_left = rate.state is RateState.NOTHING_TO_MEASURE and computed.award is None
    if rate.state is not RateState.ZERO_DENOMINATOR and not nothing_left:
        return None
    missing = pack.describe(rate.denominator.input.concept, rate.denominator.input.institution)
    return _finding(pack, scored, ZERO_DENOMINATOR, explanation=scored.score.explanation, missing=missing, actual="0")


def _bound(pack: Pack, bound: RateBound, scored: ScoredRow) -> RuleAnswer:
    """A rate over its bound, unless the reason column says why."""
    rate = scored.computed.exact_rate
    if rate is None:
        return "指标无法复算"
    if rate <= Fraction(bound.over):
        return None
    reason = scored.row.reason
    if bound.unless_reason and reason is not None and reason.filled:
        return None
    shown = percent_text(rate, (bound.over * 100,))
    return _finding(pack, scored, bound.code, expected=edge_text(bound.over), actual=shown)
