"""The lowest and highest total that is possible under what is still open for review."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from jixiao.model.score import Score, Scorecard, ScoreStatus
from jixiao.pack import Pack
from jixiao.writing.review import needs_review

NOTHING = Decimal(0)


class Outlook(NamedTuple):
    """Between which totals a card can end, in marks; equal where nothing is open."""

    lowest: Decimal
    highest: Decimal

    @property
    def settled(self) -> bool:
        """Whether nothing that is open can change the total."""
        return self.lowest == self.highest


def outlook(pack: Pack, card: Scorecard) -> Outlook:
    """The range of a card's total: what could not be computed may earn anything, a contradiction either of its scores.

    Groups whose rows departments adapt count at most their points.
    """
    lowest = highest = NOTHING
    for points, scores in _groups(pack, card):
        ranges = [_range(score) for score in scores]
        lowest += min(sum((low for low, _ in ranges), NOTHING), points)
        highest += min(sum((high for _, high in ranges), NOTHING), points)
    return Outlook(lowest, highest)


def _groups(pack: Pack, card: Scorecard) -> list[tuple[Decimal, list[Score]]]:
    """The scores by open group with its points; all others together, a department's own rows among them."""
    groups = {group.id: (group.points, list[Score]()) for group in pack.rubric.open_groups}
    others: tuple[Decimal, list[Score]] = (pack.rubric.total, [])
    for score in card.scores:
        group = pack.rubric.open_group_of(score.indicator)
        (groups[group.id] if group else others)[1].append(score)
    return [*groups.values(), others]


def _range(score: Score) -> tuple[Decimal, Decimal]:
    """Between which marks a score can end."""
    final = score.final_marks or NOTHING
    if score.review_marks is not None or not needs_review(score):
        return final, final
    if score.status is ScoreStatus.NOT_COMPUTABLE or score.computed_marks is None:
        return NOTHING, score.full_marks
    claim = final if score.self_marks is None else max(NOTHING, min(score.self_marks, score.full_marks))
    return min(claim, score.computed_marks), max(claim, score.computed_marks)
