"""What scoring finds: contradictions, what could not be computed, denominators of zero, rates that want a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from jixiao.model.finding import Finding
from jixiao.model.outcome import Checked, Outcome, outcome
from jixiao.model.score import Evidence, Score, ScoreStatus
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.checks import RateBound
from jixiao.pack.memo import once_a_pack
from jixiao.pack.method import TargetCompletion
from jixiao.pack.resolve import edge_text, plain
from jixiao.scoring.completion import Reading, interval_of
from jixiao.scoring.compute import Computation
from jixiao.scoring.explain import (
    all_unanswered,
    checklist_label,
    interval_text,
    missing_label,
    percent_text,
    quantity_text,
)
from jixiao.scoring.inputs import Trouble
from jixiao.scoring.methods import bounded, steps
from jixiao.scoring.rows import ScoreRow

CONTRADICTION = "SCR-05"
NOT_COMPUTABLE = "SCR-07"
GROUNDS = {Evidence.BUREAU: "财政掌握数"}
OWN_GROUNDS = "填报数据"
ZERO_DENOMINATOR = "SCR-08"
OFF_STEP = "SCR-14"
OUTSIDE_LEVEL = "SCR-11"
UNCLEAR = "SCR-12"
LOW_TARGET = "SCR-13"


LONGEST_QUOTE = 40


class Judged(NamedTuple):
    """A row of the score sheet with how it was computed and scored."""

    row: ScoreRow
    computed: Computation
    score: Score


class _Answered(NamedTuple):
    """What a rule answers for one row: a finding, or passed, or undecided with the reason; `told` by another rule's."""

    finding: Finding | None = None
    undecided: str = ""
    told: bool = False


PASSED = _Answered()


def judge(submission: Submission, pack: Pack, judged: Sequence[Judged]) -> Checked:
    """The findings of scoring, and the outcomes of its rules in the rule book's order."""
    computable = [each for each in judged if each.computed.status is not ScoreStatus.REPORTED]
    rated = [each for each in computable if each.computed.rate is not None and each.computed.rate.denominator]
    lacking = any(each.computed.missing for each in computable)
    unfilled = _unfilled_blocks(submission, pack) if lacking else frozenset()
    answers: dict[str, list[_Answered]] = {
        CONTRADICTION: [_contradiction(pack, each) for each in computable],
        NOT_COMPUTABLE: [_not_computable(pack, each, unfilled) for each in computable],
        ZERO_DENOMINATOR: [_zero_denominator(pack, each) for each in rated],
    }
    if pack.rubric.declared is not None:
        read = [each for each in judged if each.computed.completion is not None]
        answers[OUTSIDE_LEVEL] = [_outside_level(pack, each) for each in read]
        answers[UNCLEAR] = [_unclear(submission, pack, each) for each in read]
        answers[LOW_TARGET] = [_low_target(pack, each) for each in read]
    answers[OFF_STEP] = [
        _off_step(pack, each, contradicted.finding is not None)
        for each, contradicted in zip(computable, answers[CONTRADICTION], strict=True)
    ]
    for bound in pack.checks.rate_bounds:
        asked = [_bound(submission, pack, bound, each) for each in rated if each.row.id == bound.indicator]
        answers.setdefault(bound.code, []).extend(asked)
    order = [code for code in pack.rules.codes if code in answers]
    findings = [answer.finding for code in order for answer in answers[code] if answer.finding]
    return Checked(tuple(findings), tuple(_outcome(code, answers[code]) for code in order))


def _outcome(code: str, answers: Iterable[_Answered]) -> Outcome:
    found = list(answers)
    if not any(answer is not PASSED for answer in found):
        return outcome(code, len(found))
    failed = sum(answer.finding is not None or answer.told for answer in found)
    reasons = list(dict.fromkeys(answer.undecided for answer in found if answer.undecided))
    undecided = sum(bool(answer.undecided) for answer in found)
    return outcome(code, len(found) - failed - undecided, failed, undecided, "；".join(reasons))


def _finding(pack: Pack, judged: Judged, code: str, **words: object) -> Finding:
    """A finding of a rule at the row's self score."""
    row = judged.row
    place = row.self_fact.place if row.self_fact else None
    make: Callable[..., Finding] = pack.rules.finding
    label = row.label if row.indicator is None else pack.rubric.label_of(row.indicator)
    return make(code, place=place, concept=row.self_concept, label=label, **words)


def _contradiction(pack: Pack, judged: Judged) -> _Answered:
    """A self score that no accepted reading of the rule supports, whether too high or too low."""
    row, computed = judged.row, judged.computed
    if computed.marks is None:
        return _Answered(undecided="指标无法复算")
    if row.claim is None:
        return _Answered(undecided="自评得分未填列或无法识别")
    if bounded(row.claim, row.full) in computed.accepted:
        return PASSED
    found = _finding(
        pack,
        judged,
        CONTRADICTION,
        expected=plain(computed.marks),
        actual=plain(row.claim),
        difference=row.claim - computed.marks,
        grounds=GROUNDS.get(judged.score.evidence, OWN_GROUNDS),
        explanation=judged.score.explanation,
    )
    return _Answered(found)


def _off_step(pack: Pack, judged: Judged, contradicted: bool) -> _Answered:
    """A self score that no figures could have earned under the rule; one that contradicts the figures is told there."""
    row = judged.row
    possible = _steps(pack).get(row.id) if row.indicator is not None else None
    if possible is None or row.claim is None:
        return PASSED if possible is None else _Answered(undecided="自评得分未填列或无法识别")
    if row.claim in possible or bounded(row.claim, row.full) != row.claim:
        return PASSED
    if contradicted:
        return _Answered(told=True)
    offered = "、".join(plain(each) for each in sorted(possible, reverse=True))
    return _Answered(_finding(pack, judged, OFF_STEP, expected=offered, actual=plain(row.claim)))


@once_a_pack
def _steps(pack: Pack) -> dict[str, frozenset[Decimal] | None]:
    """The marks that each printed indicator's rule can give, by its id; declared rows can earn any."""
    return {each.id: steps(each) for each in pack.rubric.indicators}


def _not_computable(pack: Pack, judged: Judged, unfilled: frozenset[str]) -> _Answered:
    missing = judged.computed.missing
    if not missing:
        return PASSED
    wanted = "、".join(_missing_words(pack, judged, unfilled))
    wrong = [answer for answer in missing if answer.trouble is not Trouble.BLANK]
    remedy = "请更正或补填{missing}。" if wrong else None
    return _Answered(_finding(pack, judged, NOT_COMPUTABLE, missing=wanted, remedy=remedy))


def _missing_words(pack: Pack, judged: Judged, unfilled: frozenset[str]) -> list[str]:
    """What is missing, in the form's own words; a block without anything filled once and by its name."""
    indicator, computed = judged.row.indicator, judged.computed
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


def _outside_level(pack: Pack, judged: Judged) -> _Answered:
    """A self score of a qualitative row outside the interval of the level that its text names."""
    completion, claim = judged.computed.completion, judged.row.claim
    if completion is None or completion.level is None:
        return PASSED
    if claim is None:
        return _Answered(undecided="自评得分未填列或无法识别")
    if judged.computed.status is ScoreStatus.REPORTED:
        return PASSED
    least, most = interval_of(completion.level, judged.row.full)
    bound = least if claim < least else most
    words = {"level": completion.level.label, "explanation": judged.score.explanation}
    expected = interval_text(completion.level, judged.row.full)
    return _Answered(
        _finding(pack, judged, OUTSIDE_LEVEL, expected=expected, actual=plain(claim), difference=claim - bound, **words)
    )


def _unclear(submission: Submission, pack: Pack, judged: Judged) -> _Answered:
    """A row whose texts can be read neither as figures of one unit nor as a level."""
    completion, indicator = judged.computed.completion, judged.row.indicator
    if completion is None or completion.reading in (Reading.QUANTITATIVE, Reading.QUALITATIVE):
        return PASSED
    assert indicator is not None and isinstance(indicator.method, TargetCompletion)
    told = submission.facts.get(indicator.method.actual)
    make: Callable[..., Finding] = pack.rules.finding
    return _Answered(
        make(
            UNCLEAR, place=told.place if told else None, concept=indicator.method.actual, label=judged.row.label,
            actual=" ".join(((told.text or "") if told else "").split())[:LONGEST_QUOTE],
            explanation=judged.score.explanation,
        )
    )  # fmt: skip


def _low_target(pack: Pack, judged: Judged) -> _Answered:
    """A target that was met so many times over that it was set low."""
    completion = judged.computed.completion
    if completion is None or not completion.low or completion.target is None or completion.ratio is None:
        return PASSED
    wanted = quantity_text(completion.operator, completion.target)
    found = _finding(pack, judged, LOW_TARGET, expected=wanted, actual=percent_text(completion.ratio))
    return _Answered(replace(found, concept=pack.score_concept(judged.row.id, "target")))


def _zero_denominator(pack: Pack, judged: Judged) -> _Answered:
    computed = judged.computed
    rate = computed.rate
    if rate is None or rate.denominator is None or computed.missing:
        return _Answered(undecided="缺少基础数据")
    nothing_left = computed.nothing_to_measure and computed.award is None
    if not computed.zero_denominator and not nothing_left:
        return PASSED
    asked = rate.denominator.input
    found = _finding(
        pack,
        judged,
        ZERO_DENOMINATOR,
        explanation=judged.score.explanation,
        missing=pack.describe(asked.concept, asked.institution),
        actual="0",
    )
    return _Answered(found)


def _bound(submission: Submission, pack: Pack, bound: RateBound, judged: Judged) -> _Answered:
    """A rate over its bound, unless the reason column says why."""
    rate = judged.computed.exact_rate
    if rate is None:
        return _Answered(undecided="指标无法复算")
    if rate <= Fraction(bound.over):
        return PASSED
    reason = submission.facts.get(judged.row.reason_concept)
    if bound.unless_reason and reason is not None and reason.filled:
        return PASSED
    shown = percent_text(rate, (bound.over * 100,))
    found = _finding(pack, judged, bound.code, expected=edge_text(bound.over), actual=shown)
    return _Answered(found)
