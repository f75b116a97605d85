"""The rows of a filing's score sheet that are scored, with what each can earn at most."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from jixiao.model.fact import Facts
from jixiao.pack import Pack
from jixiao.pack.declarations.rubric import OpenGroup
from jixiao.pack.score_rows import CUSTOM, ScoreRow, declared_score_rows, own_rows, printed_rows

CENT = Decimal("0.01")


def score_rows(pack: Pack, facts: Facts) -> tuple[ScoreRow, ...]:
    """Return the rows of a filing in the order of the form, a group's own rows after its printed ones.

    The full marks of every open group add up to its points: blank rows that the department's own rows replaced drop
    out, and so do those of a shared group that were left blank while others of it are filled.
    """
    own, printed = _own_rows(pack, facts), {row.id: row for row in printed_rows(pack, facts)}
    rows: list[ScoreRow] = []
    groups: set[str] = set()
    for row in printed.values():
        group = row.group
        if group is None:
            rows.append(row)
        elif group.id not in groups:
            groups.add(group.id)
            mates = [printed[indicator] for indicator in group.indicators]
            rows += _group_rows(group, mates, [each for each in own if each.group is group])
    return (*rows, *declared_score_rows(pack, facts))


def _own_rows(pack: Pack, facts: Facts) -> list[ScoreRow]:
    """Return the department's own rows; one that names no group counts to the first open group."""
    return [
        row._replace(
            label=row.label or f"自设指标{row.id.removeprefix(f'{CUSTOM}.')}",
            points=None if row.points is None else max(row.points, Decimal(0)),
            group=row.group or pack.rubric.open_groups[0],
        )
        for row in own_rows(pack, facts)
    ]


def _group_rows(group: OpenGroup, printed: list[ScoreRow], own: list[ScoreRow]) -> list[ScoreRow]:
    """Return the rows of an open group that count, with their full marks."""
    filled = [row for row in printed if row.filled]
    if not own and (not group.shared or len(filled) in (0, len(printed))):
        return printed
    rows = [*(filled if group.shared else _not_replaced(group, printed, own)), *own]
    stated = sum((row.points for row in rows if row.points is not None), Decimal(0))
    left = max(group.points - stated, Decimal(0))
    rest = iter(shares(left, [row.claim for row in rows if row.points is None]))
    return [row._replace(full=next(rest) if row.points is None else row.points) for row in rows]


def _not_replaced(group: OpenGroup, printed: list[ScoreRow], own: list[ScoreRow]) -> list[ScoreRow]:
    """Return the printed rows that are filled, and of the blank ones those for which the group has points left."""
    stated = [row.points for row in (*own, *(row for row in printed if row.filled))]
    # Own rows without points of their own take whatever is left.
    left = Decimal(0) if None in stated else group.points - sum((each or Decimal(0) for each in stated), Decimal(0))
    rows = []
    for row in printed:
        if row.filled:
            rows.append(row)
        elif row.full <= left:
            left -= row.full
            rows.append(row)
    return rows


def shares(points: Decimal, claims: Sequence[Decimal | None]) -> list[Decimal]:
    """Return the points of a group among rows without points of their own: equal, unless a claim is over its equal share.

    Then each row gets what it claims, as far as the points reach in the order of the form, and an equal part of what
    is left. They add up to the points exactly; what does not divide goes to the last row.
    """
    if not claims:
        return []
    equal = _equal(points, len(claims))
    wanted = [max(claim or Decimal(0), Decimal(0)) for claim in claims]
    if all(claim <= share for claim, share in zip(wanted, equal, strict=True)):
        return equal
    left, granted = points, []
    for claim in wanted:
        granted.append(min(claim, left))
        left -= granted[-1]
    return [claim + more for claim, more in zip(granted, _equal(left, len(claims)), strict=True)]


def _equal(points: Decimal, rows: int) -> list[Decimal]:
    share = (points / rows).quantize(CENT, ROUND_DOWN)
    return [*([share] * (rows - 1)), points - share * (rows - 1)]
