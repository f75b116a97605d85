"""The score card of one filing: every row scored, the totals, the grade, and what scoring found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao.model.external_data import NO_EXTERNAL_DATA, ExternalData
from jixiao.model.rule_outcome import StageResult
from jixiao.model.score import Basis, Evidence, Score, Scorecard, ScoreStatus
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.scoring.compute import REPORTED, compute
from jixiao.scoring.findings import ScoredRow, score_findings
from jixiao.scoring.row_score import final_of, score_of, within_groups
from jixiao.scoring.rows import score_rows

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Scored:
    """What scoring returns for one filing: its card, and its findings with the outcome of every rule it asked."""

    scorecard: Scorecard
    checked: StageResult


def score(
    submission: Submission,
    pack: Pack,
    *,
    reviews: Mapping[str, Decimal] | None = None,
    external: ExternalData = NO_EXTERNAL_DATA,
) -> Scored:
    """The scores of a filing; `reviews` are the reviewers' scores by indicator id, `external` what else is known."""
    facts, alone, rule = submission.facts, external is NO_EXTERNAL_DATA, pack.rubric.settings.final
    rows = score_rows(pack, facts)
    reviewed = [(reviews or {}).get(row.id) for row in rows]
    computed = [REPORTED if row.indicator is None else compute(pack, facts, row.indicator, external) for row in rows]
    separate = [
        final_of(row, each.marks, review, rule) for row, each, review in zip(rows, computed, reviewed, strict=True)
    ]
    scored = [
        ScoredRow(row, each, score_of(pack, row, each, review, final, alone=alone))
        for row, each, review, final in zip(rows, computed, reviewed, within_groups(rows, separate), strict=True)
    ]
    card = _card(submission, pack, tuple([each.score for each in scored]))
    return Scored(card, score_findings(submission, pack, scored))


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
