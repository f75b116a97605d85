"""The score card of one filing: every row scored, the totals, the grade, and what scoring found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from jixiao.model.elsewhere import NOTHING_ELSEWHERE, Elsewhere, Origin
from jixiao.model.outcome import Checked
from jixiao.model.score import Basis, Evidence, Input, Score, Scorecard, ScoreStatus
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.memo import once_a_pack
from jixiao.scoring.compute import REPORTED, Computation, compute
from jixiao.scoring.explain import Told, explain
from jixiao.scoring.finals import Final, final_of, reviews_of, within_groups
from jixiao.scoring.findings import Judged, judge
from jixiao.scoring.rows import ScoreRow, score_rows

QUOTIENT = Context(prec=28)
"""Rates are kept as quotients of 28 digits; marks are made of the exact quotients."""

SET_UP_BY_ITSELF = Told("自设指标，按自评得分计列，不作测算。")
NOTHING = Decimal(0)
EVIDENCE = {each.value: each for each in Evidence}


@dataclass(frozen=True, slots=True)
class Scored:
    """What scoring returns for one filing: its card, and its findings with the outcome of every rule it asked."""

    scorecard: Scorecard
    checked: Checked


def score(
    submission: Submission,
    pack: Pack,
    *,
    reviews: Mapping[str, Decimal] | None = None,
    elsewhere: Elsewhere = NOTHING_ELSEWHERE,
) -> Scored:
    """The scores of a filing; `reviews` are the reviewers' scores by indicator id, `elsewhere` what else is known."""
    facts = submission.facts
    rows = score_rows(pack, facts)
    computed = [REPORTED if row.indicator is None else compute(pack, facts, row.indicator, elsewhere) for row in rows]
    reviewed = reviews_of(rows, reviews)
    rule = pack.rubric.settings.final
    finals = [
        final_of(row, each.marks, review, rule) for row, each, review in zip(rows, computed, reviewed, strict=True)
    ]
    finals = within_groups(rows, finals)
    alone = elsewhere is NOTHING_ELSEWHERE
    scores = tuple(_score(pack, alone, *each) for each in zip(rows, computed, reviewed, finals, strict=True))
    judged = [Judged(*each) for each in zip(rows, computed, scores, strict=True)]
    return Scored(_card(submission, pack, scores), judge(submission, pack, judged))


def _score(
    pack: Pack, alone: bool, row: ScoreRow, computed: Computation, review: Decimal | None, final: Final
) -> Score:
    """The score of a row; `alone` where nothing besides the filing is known."""
    inputs, indicator = computed.inputs, row.indicator
    told = SET_UP_BY_ITSELF if indicator is None else explain(pack, indicator, computed)
    return Score(
        indicator=row.id,
        label=row.label,
        full_marks=row.full,
        self_marks=row.claim,
        computed_marks=computed.marks,
        final_marks=final.marks,
        basis=final.basis,
        status=computed.status,
        evidence=_evidence(row, computed, () if alone else inputs),
        review_marks=review,
        measure=_quotient(computed.exact_rate),
        explanation=told.line + final.note,
        inputs=inputs,
        missing=tuple([answer.input for answer in computed.missing]),
        accepted_marks=computed.accepted,
        dimension=_dimension(pack, row),
        group=row.group.id if row.group else "",
        standard=indicator.standard if indicator else "",
        step=told.step,
    )


def _dimension(pack: Pack, row: ScoreRow) -> str:
    """The first-level group of a row; a department's own row stands in that of its open group."""
    if row.indicator is None:
        return _dimensions(pack).get(row.group.indicators[0], "") if row.group else ""
    return row.indicator.dimension or _dimensions(pack).get(row.id, "")


@once_a_pack
def _dimensions(pack: Pack) -> dict[str, str]:
    """The first-level group of each printed indicator by its id."""
    rubric = pack.rubric
    return {each.id: rubric.dimension_of(each).id for each in rubric.indicators if each.criterion or each.dimension}


def _evidence(row: ScoreRow, computed: Computation, inputs: Sequence[Input]) -> Evidence:
    """What the score rests on, by those of its inputs that may not be the filing's; where nothing could be computed, its word.

    A score of accounts is the bureau's as soon as one of its inputs is; one of declarations only where all are.
    """
    if row.indicator is None or computed.award is None:
        return Evidence.REPORTED
    own = EVIDENCE[row.indicator.evidence]
    if not inputs:
        return own
    bureau = [each.origin is Origin.BUREAU for each in inputs]
    decided = any(bureau) if own is Evidence.ACCOUNTS else all(bureau)
    return Evidence.BUREAU if decided else own


def _quotient(rate: Fraction | None) -> Decimal | None:
    return None if rate is None else QUOTIENT.divide(Decimal(rate.numerator), Decimal(rate.denominator))


def _card(submission: Submission, pack: Pack, scores: tuple[Score, ...]) -> Scorecard:
    names, facts = pack.names, submission.facts
    total_final = _sum([score.final_marks for score in scores])
    reviewed = [score for score in scores if score.basis is Basis.REVIEW]
    own = [score for score in scores if score.status is ScoreStatus.COMPUTED and score.basis is not Basis.REVIEW]
    proven = [score for score in own if score.evidence in _PROVEN]
    declared = [score for score in own if score.evidence is Evidence.DECLARED]
    return Scorecard(
        scores=scores,
        total_stated=facts.value(names.total_stated) if names.total_stated else None,
        total_sheet=facts.value(names.total_sheet),
        total_self=_sum([score.self_marks for score in scores]),
        total_computed=_sum([score.computed_marks for score in scores]),
        total_final=total_final,
        full_verified=_sum([score.full_marks for score in (*proven, *reviewed)]),
        full_declared=_sum([score.full_marks for score in declared]),
        grade=pack.rubric.grade(total_final),
    )


_PROVEN = (Evidence.ACCOUNTS, Evidence.BUREAU)


def _sum(marks: Sequence[Decimal | None]) -> Decimal:
    return sum([each for each in marks if each is not None], NOTHING)
