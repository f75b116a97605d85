"""How much of what accounts could verify was verified: leaving a sheet out must not pay."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model.score import Evidence, Scorecard, ScoreStatus
from jixiao.pack import Pack


def verifiable_marks(pack: Pack, card: Scorecard) -> Decimal:
    """The full marks of the indicators that accounts could verify, less those that do not apply to the department."""
    not_asked = {score.indicator for score in card.scores if score.status is ScoreStatus.NOT_APPLICABLE}
    asked = (
        each.full_marks
        for each in pack.rubric.indicators
        if Evidence(each.evidence) is Evidence.ACCOUNTS and each.id not in not_asked
    )
    return sum(asked, Decimal(0))


def little_verified(pack: Pack, card: Scorecard) -> bool:
    """Whether less than the rubric's `least_verified` of the marks that accounts could verify was verified."""
    possible = verifiable_marks(pack, card)
    return possible > 0 and card.full_verified < possible * pack.rubric.settings.least_verified
