"""The rows of a filing's score sheet: the printed ones, the department's own, and the indicators that it declared."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from jixiao.model.fact import Fact, Facts, FactState
from jixiao.pack.cache import cached_per_filing, cached_per_pack
from jixiao.pack.declarations.rubric import Indicator, OpenGroup
from jixiao.pack.declared_indicators import DeclaredRow, declared_rows
from jixiao.pack.pack import Pack

CUSTOM = "custom"


class ScoreRow(NamedTuple):
    """A row that is scored: a printed indicator, a declared one, or one of the department's own (`indicator` is None).

    `points` is the 分值 of the row itself: None where the department states none, and in a group that shares its points.
    `full` is what the row can earn at most.
    """

    id: str
    label: str
    points: Decimal | None
    full: Decimal
    self_concept: str
    reason_concept: str
    self_fact: Fact | None = None
    reason: Fact | None = None
    indicator: Indicator | None = None
    group: OpenGroup | None = None

    @property
    def claim(self) -> Decimal | None:
        """The self score as written, or None where it is blank or unreadable."""
        return self.self_fact.value if self.self_fact else None

    @property
    def filled(self) -> bool:
        """Whether the department put something in the row."""
        return self.self_fact is not None and self.self_fact.filled

    @property
    def unreadable(self) -> bool:
        """Whether the self score could not be read."""
        return self.self_fact is not None and self.self_fact.state is FactState.UNREADABLE

    @property
    def shared(self) -> bool:
        """Whether the row is one of those that hold the points of their group together."""
        return self.points is None and self.group is not None and self.group.shared

    @property
    def bound(self) -> Decimal | None:
        """The most that the self score may be; None where the department does not say."""
        return self.full if self.shared else self.points


@cached_per_filing
def printed_rows(pack: Pack, facts: Facts) -> tuple[ScoreRow, ...]:
    """Return the printed indicators in the rubric's order, each with its cells as far as the filing has them."""
    return tuple(
        row._replace(self_fact=facts.get(row.self_concept), reason=facts.get(row.reason_concept)) for row in _printed(pack)
    )


@cached_per_pack
def _printed(pack: Pack) -> tuple[ScoreRow, ...]:
    rows = []
    for indicator in pack.rubric.indicators:
        group, full = pack.rubric.open_group_of(indicator.id), indicator.full_marks
        points = None if group is not None and group.shared else full
        concept, reason = (pack.score_concept(indicator.id, column) for column in ("self", "reason"))
        rows.append(ScoreRow(indicator.id, indicator.label, points, full, concept, reason, None, None, indicator, group))
    return tuple(rows)


@cached_per_filing
def own_rows(pack: Pack, facts: Facts) -> tuple[ScoreRow, ...]:
    """Return the department's own rows in their order; `group` is None where they name none of the form's."""
    groups = {name: group for group in pack.rubric.open_groups for name in (group.id, group.label)}
    stem = pack.score_concept(f"{CUSTOM}.{{n}}", "self").partition("{n}")[0]
    rows = []
    for n in facts.filled_records.get(stem, ()) if groups else ():
        row_id = f"{CUSTOM}.{n}"
        label, points, group, own, reason = (
            pack.score_concept(row_id, column) for column in ("label", "full", "group", "self", "reason")
        )
        stated, of = facts.value(points), groups.get(facts.text(group) or "")
        full = stated or (of.points if of else Decimal(0))
        text = facts.text(label) or ""
        rows.append(ScoreRow(row_id, text, stated, full, own, reason, facts.get(own), facts.get(reason), None, of))
    return tuple(rows)


def declared_score_rows(pack: Pack, facts: Facts) -> tuple[ScoreRow, ...]:
    """Return the indicators that the department declared as rows that are scored."""
    return tuple(_declared(pack, row) for row in declared_rows(pack, facts))


def _declared(pack: Pack, row: DeclaredRow) -> ScoreRow:
    """Return a declared row; its first-level group holds no more than the points that the form gives it."""
    one, level = row.indicator, row.dimension
    group = OpenGroup(id=level.id, label=level.label, indicators=(), points=level.points) if level else None
    concept, reason = (pack.score_concept(one.id, column) for column in ("self", "reason"))
    return ScoreRow(one.id, one.label, row.full, one.full_marks, concept, reason, row.self_fact, row.reason, one, group)
