"""The lowest and highest total that is possible under what is open for review, and whether little of it was verified."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from jixiao.model.score import Evidence, Score, Scorecard, ScoreStatus
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack

NOTHING = Decimal(0)


class ScoreRange(NamedTuple):
    """Between which totals a card can end, in marks; equal where nothing is open."""

    lowest: Decimal
    highest: Decimal

    @property
    def settled(self) -> bool:
        """Whether nothing that is open can change the total."""
        return self.lowest == self.highest


def outlook(pack: Pack, card: Scorecard) -> ScoreRange:
    """The range of a card's total: what was not computed may earn anything, a contradiction either of its scores.

    Groups whose rows departments adapt count at most their points, all together the rubric's.
    """
    lowest = highest = NOTHING
    for points, scores in _groups(pack, card):
        ranges = [_range(pack, score) for score in scores]
        lowest += min(sum((low for low, _ in ranges), NOTHING), points)
        highest += min(sum((high for _, high in ranges), NOTHING), points)
    return ScoreRange(min(lowest, pack.rubric.total), min(highest, pack.rubric.total))


def _groups(pack: Pack, card: Scorecard) -> list[tuple[Decimal, list[Score]]]:
    """The scores by the group that holds their points together, with its points; all others together."""
    groups = {group: (most, list[Score]()) for group, most in _points(pack).items()}
    others: tuple[Decimal, list[Score]] = (pack.rubric.total, [])
    for score in card.scores:
        groups.get(score.group, others)[1].append(score)
    return [each for each in (*groups.values(), others) if each[1]]


@cached_per_pack
def _points(pack: Pack) -> dict[str, Decimal]:
    """The points of each group that can hold those of its rows together, by its id."""
    points = {dimension.id: dimension.points for dimension in pack.rubric.dimensions}
    return points | {group.id: group.points for group in pack.rubric.open_groups}


def _range(pack: Pack, score: Score) -> tuple[Decimal, Decimal]:
    """Between which marks a score can end."""
    final = score.final_marks or NOTHING
    if score.review_marks is not None or not needs_review(score, pack):
        return final, final
    if score.computed_marks is None:
        return NOTHING, score.full_marks
    claim = final if score.self_marks is None else max(NOTHING, min(score.self_marks, score.full_marks))
    return min(claim, score.computed_marks), max(claim, score.computed_marks)


def verifiable_marks(pack: Pack, card: Scorecard) -> Decimal:
    """The full marks of the indicators that accounts could verify, less those that do not apply to the department."""
    marks = _by_accounts(pack)
    not_asked = {score.indicator for score in card.scores if score.status is ScoreStatus.NOT_APPLICABLE}
    return sum((full for indicator, full in marks.items() if indicator not in not_asked), Decimal(0))


@cached_per_pack
def _by_accounts(pack: Pack) -> dict[str, Decimal]:
    """The full marks of the indicators that accounts can verify, by their ids."""
    return {each.id: each.full_marks for each in pack.rubric.indicators if Evidence(each.evidence) is Evidence.ACCOUNTS}


def little_verified(pack: Pack, card: Scorecard) -> bool:
    """Whether less than the rubric's `least_verified` of the marks that accounts could verify was verified."""
    possible = verifiable_marks(pack, card)
    return possible > 0 and card.full_verified < possible * pack.rubric.settings.least_verified


def needs_review(score: Score, pack: Pack) -> bool:
    """Whether a person should decide a score: it contradicts the self score, or could not be computed.

    A self score that some accepted reading of the rule supports is no contradiction; of scores that nothing computes
    (`reported`) the rubric says from which full marks on they are asked for.
    """
    if score.status is ScoreStatus.NOT_COMPUTABLE:
        return True
    if score.status is ScoreStatus.REPORTED or score.computed_marks is None:
        least = pack.rubric.settings.review_reported_from
        return least is not None and score.full_marks >= least
    if score.self_marks is None:
        return True
    claim = max(Decimal(0), min(score.self_marks, score.full_marks))
    return claim != score.computed_marks and claim not in score.accepted_marks
