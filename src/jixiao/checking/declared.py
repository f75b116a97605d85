"""Rules of the indicators that departments declare: the points of each group and of all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.checking import words
from jixiao.checking.tally import Tally
from jixiao.model.numerals import to_six_places
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.declared import DeclaredRow, declared_rows

POINTS = "SCR-10"
ALL = "全部指标"


def check_declared(submission: Submission, pack: Pack, tally: Tally) -> None:
    """Tell the tally whether the declared rows of each group, and all indicators, carry the points that the form gives."""
    if pack.rubric.declared is None:
        return
    rows = declared_rows(pack, submission.facts)
    for dimension in pack.rubric.dimensions:
        if dimension.declared:
            mates = [row for row in rows if row.dimension is dimension]
            _points(mates, dimension.points, dimension.label, pack, tally)
    fixed = sum((each.full_marks for each in pack.rubric.indicators), Decimal(0))
    _points(rows, pack.rubric.total, ALL, pack, tally, fixed)
    tally.not_asked(POINTS, words.NOTHING_FILLED)


def _points(
    rows: Sequence[DeclaredRow], points: Decimal, label: str, pack: Pack, tally: Tally, fixed: Decimal = Decimal(0)
) -> None:
    """One sum of points; undecided where a row's points are blank or cannot be read, not asked where there is no row."""
    if not rows:
        if not fixed:
            tally.undecided(POINTS, f"没有{label}")
        return
    blank = [row for row in rows if row.full is None]
    if blank:
        tally.undecided(POINTS, f"“{blank[0].indicator.label}”未填分值")
        return
    total = sum((row.full for row in rows if row.full is not None), fixed)
    if total == points:
        tally.passed(POINTS)
        return
    told = rows[0].full_fact
    tally.failed(
        pack.rules.finding(
            POINTS,
            place=told.place if told else None,
            concept=told.concept if told else None,
            expected=words.shown(points),
            actual=words.shown(total),
            difference=to_six_places(total - points),
            label=label,
        )
    )
