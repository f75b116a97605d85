"""The rows of a filing's score sheet: what each may earn at most, the departments' own rows among them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from jixiao.model.fact import Fact, Facts
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.rubric import Indicator, OpenGroup
from jixiao.pack.declared_indicators import DeclaredRow, declared_rows

CENT = Decimal("0.01")
CUSTOM = "custom"


class ScoreRow(NamedTuple):
    """A row that is scored: a printed indicator, or one of the department's own (`indicator` is None).

    `full` is what the row can earn at most; `self_concept` names the cell of the self score.
    """

    id: str
    label: str
    full: Decimal
    self_concept: str
    reason_concept: str
    self_fact: Fact | None
    indicator: Indicator | None = None
    group: OpenGroup | None = None

    @property
    def claim(self) -> Decimal | None:
        """The self score as written, or None where it is blank or unreadable."""
        return self.self_fact.value if self.self_fact else None

    @property
    def set(self) -> bool:
        """Whether the department put something in the row."""
        return self.self_fact is not None and self.self_fact.filled


class _Own(NamedTuple):
    """A department's own row and its 分值, None where that is blank."""

    row: ScoreRow
    points: Decimal | None


def score_rows(pack: Pack, facts: Facts) -> tuple[ScoreRow, ...]:
    """The rows of a filing in the order of the form, a group's own rows after its printed ones.

    The full marks of every open group add up to its points: blank rows that the department's own rows replaced drop
    out, and so do those of a shared group that were left blank while others of it are set.
    """
    custom = _custom_rows(pack, facts)
    rows: list[ScoreRow] = []
    for group, printed in _printed_rows(pack):
        filled = [ScoreRow(*row[:5], facts.get(row.self_concept), *row[6:]) for row in printed]
        rows += filled if group is None else _group_rows(group, filled, [each for each in custom if each.row.group is group])
    return (*rows, *(_declared(pack, each) for each in declared_rows(pack, facts)))


@cached_per_pack
def _printed_rows(pack: Pack) -> tuple[tuple[OpenGroup | None, tuple[ScoreRow, ...]], ...]:
    """The rows that the form prints, those of an open group together where its first one stands; their cells unasked."""
    found: list[tuple[OpenGroup | None, tuple[ScoreRow, ...]]] = []
    done: set[str] = set()
    for indicator in pack.rubric.indicators:
        group = pack.rubric.open_group_of(indicator.id)
        if group is None:
            found.append((None, (_printed(pack, indicator, None),)))
        elif group.id not in done:
            done.add(group.id)
            mates = (pack.rubric.indicator(each) for each in group.indicators)
            found.append((group, tuple(_printed(pack, each, group) for each in mates)))
    return tuple(found)


def _declared(pack: Pack, row: DeclaredRow) -> ScoreRow:
    """A row that the department declared; its first-level group holds no more than the points that the form gives it."""
    one, kept = row.indicator, row.dimension
    group = OpenGroup(id=kept.id, label=kept.label, indicators=(), points=kept.points) if kept else None
    concept, reason = (pack.score_concept(one.id, column) for column in ("self", "reason"))
    return ScoreRow(one.id, one.label, one.full_marks, concept, reason, row.self_fact, one, group)


def _printed(pack: Pack, indicator: Indicator, group: OpenGroup | None) -> ScoreRow:
    concept = pack.score_concept(indicator.id, "self")
    reason = pack.score_concept(indicator.id, "reason")
    return ScoreRow(indicator.id, indicator.label, indicator.full_marks, concept, reason, None, indicator, group)


def _custom_rows(pack: Pack, facts: Facts) -> list[_Own]:
    """The department's own rows in their order; one whose group is not told counts to the first open group."""
    groups = pack.rubric.open_groups
    if not groups:
        return []
    stem = pack.score_concept(f"{CUSTOM}.{{n}}", "self").partition("{n}")[0]
    rows = []
    for n in sorted({int(n) for n in facts.records.get(stem, ())}):
        row_id = f"{CUSTOM}.{n}"
        concept, reason = (pack.score_concept(row_id, column) for column in ("self", "reason"))
        told = facts.text(pack.score_concept(row_id, "group"))
        group = next((each for each in groups if told in (each.id, each.label)), groups[0])
        points = facts.value(pack.score_concept(row_id, "full"))
        label = facts.text(pack.score_concept(row_id, "label")) or f"自设指标{n}"
        row = ScoreRow(row_id, label, Decimal(0), concept, reason, facts.get(concept), None, group)
        rows.append(_Own(row, None if points is None else max(points, Decimal(0))))
    return rows


def _group_rows(group: OpenGroup, printed: list[ScoreRow], custom: list[_Own]) -> list[ScoreRow]:
    """The rows of an open group that count, with their full marks."""
    filled = [row for row in printed if row.set]
    if not custom and (not group.shared or len(filled) in (0, len(printed))):
        return printed
    kept = filled if group.shared else _not_replaced(group, printed, custom)
    rows = [*(_Own(row, None if group.shared else row.full) for row in kept), *custom]
    told = sum((each.points for each in rows if each.points is not None), Decimal(0))
    left = max(group.points - told, Decimal(0))
    rest = iter(shares(left, [each.row.claim for each in rows if each.points is None]))
    return [each.row._replace(full=next(rest) if each.points is None else each.points) for each in rows]


def _not_replaced(group: OpenGroup, printed: list[ScoreRow], custom: list[_Own]) -> list[ScoreRow]:
    """The printed rows that are set, and of the blank ones those for which the group has points left."""
    told = [row.full for row in printed if row.set] + [each.points for each in custom]
    # Own rows without points of their own take whatever is left.
    left = Decimal(0) if None in told else group.points - sum((each or Decimal(0) for each in told), Decimal(0))
    kept = []
    for row in printed:
        if row.set:
            kept.append(row)
        elif row.full <= left:
            left -= row.full
            kept.append(row)
    return kept


def shares(points: Decimal, claims: Sequence[Decimal | None]) -> list[Decimal]:
    """The points of a group among rows without points of their own: equal, unless a claim is over its equal share.

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
