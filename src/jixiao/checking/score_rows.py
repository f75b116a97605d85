"""The score sheet of a filing as the rules about it need it: the rows that the filing has, with what each may claim."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.model.fact import Facts
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_filing
from jixiao.pack.declarations.rubric import OpenGroup
from jixiao.pack.score_rows import ScoreRow, declared_score_rows, own_rows, printed_rows


@cached_per_filing
def score_rows(pack: Pack, facts: Facts) -> Sequence[ScoreRow]:
    """Return the rows of which the filing has the self score, printed ones first; labels are unique."""
    printed = [
        row._replace(label=pack.rubric.label_of(row.indicator))
        for row in printed_rows(pack, facts)
        if row.self_fact is not None and row.indicator is not None
    ]
    own = [row._replace(label=row.label or pack.concept(row.self_concept).label) for row in own_rows(pack, facts)]
    # What the declared rows of a dimension add up to is a rule of its own.
    declared = [row._replace(group=None) for row in declared_score_rows(pack, facts)]
    return [_bounded(row, [*printed, *own]) for row in (*printed, *own, *declared)]


def _bounded(row: ScoreRow, rows: Sequence[ScoreRow]) -> ScoreRow:
    """Return a row that shares its points with what it may claim: its own marks if its group is as printed, else all."""
    if row.group is None or not row.shared or _as_printed(row.group, rows):
        return row
    return row._replace(full=row.group.points)


def _as_printed(group: OpenGroup, rows: Sequence[ScoreRow]) -> bool:
    """Return whether a group has just its printed rows, and all of them are filled."""
    mates = [row for row in rows if row.group is group]
    return all(row.filled for row in mates) and [row.id for row in mates] == list(group.indicators)


@cached_per_filing
def excused(pack: Pack, facts: Facts) -> frozenset[str]:
    """Return the self scores that need not be filled: of open groups whose points other rows hold already."""
    blank: set[str] = set()
    rows = score_rows(pack, facts)
    for group in pack.rubric.open_groups:
        mates = [row for row in rows if row.group is group]
        own = any(row.indicator is None for row in mates)
        held = sum((row.claim for row in mates if row.claim is not None), Decimal(0))
        if own or (group.shared and held >= group.points):
            blank.update(row.self_concept for row in mates if row.indicator is not None)
    return frozenset(blank)
