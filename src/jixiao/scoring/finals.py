"""The final score of each row: reviewed, else by the rubric's setting of computed and self."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.score import Basis
from jixiao.pack.resolve import plain
from jixiao.pack.rubric import OpenGroup
from jixiao.pack.rubric_settings import FinalRule
from jixiao.pack.rulebook import quoted
from jixiao.scoring.methods import bounded
from jixiao.scoring.rows import ScoreRow


class Final(NamedTuple):
    """A final score, None where nothing gives one; `note` says what was done to it."""

    marks: Decimal | None
    basis: Basis | None
    note: str = ""


def final_of(row: ScoreRow, computed: Decimal | None, review: Decimal | None, rule: FinalRule) -> Final:
    """The final score of one row.

    A review decides; else the lower of the computed and the self score, or the computed one, as the rubric is set;
    else whichever there is. Where both are equal the basis is the computed one. Self scores count within 0 and the
    full marks.
    """
    if review is not None:
        return Final(bounded(review, row.full), Basis.REVIEW)
    claim, note = row.claim, ""
    if claim is None:
        note = "自评得分无法识别。" if row.set else "未填列自评得分。"
    elif claim != bounded(claim, row.full):
        claim = bounded(claim, row.full)
        note = f"自评得分超出 0 至 {plain(row.full)} 分的范围，按 {plain(claim)} 分计。"
    if computed is None:
        return Final(claim, None if claim is None else Basis.SELF, note)
    if claim is None or computed <= claim or rule is FinalRule.COMPUTED:
        return Final(computed, Basis.COMPUTED, note)
    return Final(claim, Basis.SELF, note)


def within_groups(rows: Sequence[ScoreRow], finals: Sequence[Final]) -> list[Final]:
    """The finals with no open group over its points: what is over is taken from its last row, reviewed rows after others."""
    kept = list(finals)
    groups: dict[str, tuple[OpenGroup, list[int]]] = {}
    for index, row in enumerate(rows):
        if row.group is not None:
            groups.setdefault(row.group.id, (row.group, []))[1].append(index)
    for group, members in groups.values():
        over = sum((kept[index].marks or Decimal(0) for index in members), Decimal(0)) - group.points
        for index in sorted(members, key=lambda each: (kept[each].basis is Basis.REVIEW, -each)):
            if over <= 0:
                break
            marks = kept[index].marks or Decimal(0)
            less = min(over, marks)
            over -= less
            if less:
                note = f"{quoted(group.label)}合计超过 {plain(group.points)} 分，本项扣减 {plain(less)} 分。"
                kept[index] = Final(marks - less, kept[index].basis, kept[index].note + note)
    return kept


def reviews_of(rows: Sequence[ScoreRow], reviews: Mapping[str, Decimal] | None) -> list[Decimal | None]:
    """The reviewer's score of each row, None where there is none."""
    return [(reviews or {}).get(row.id) for row in rows]
