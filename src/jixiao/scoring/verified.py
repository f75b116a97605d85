"""How much of what accounts could verify was verified: leaving a sheet out must not pay."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model.score import Evidence, Scorecard, ScoreStatus
from jixiao.pack import Pack
from jixiao.pack.memo import once_a_pack


def verifiable_marks(pack: Pack, card: Scorecard) -> Decimal:
    """The full marks of the indicators that accounts could verify, less those that do not apply to the department."""
    marks = _by_accounts(pack)
    not_asked = {score.indicator for score in card.scores if score.status is ScoreStatus.NOT_APPLICABLE}
    return sum((full for indicator, full in marks.items() if indicator not in not_asked), Decimal(0))


@once_a_pack
def _by_accounts(pack: Pack) -> dict[str, Decimal]:
    """The full marks of the indicators that accounts can verify, by their ids."""
    return {each.id: each.full_marks for each in pack.rubric.indicators if Evidence(each.evidence) is Evidence.ACCOUNTS}


def little_verified(pack: Pack, card: Scorecard) -> bool:
    """Whether less than the rubric's `least_verified` of the marks that accounts could verify was verified."""
    possible = verifiable_marks(pack, card)
    return possible > 0 and card.full_verified < possible * pack.rubric.settings.least_verified
