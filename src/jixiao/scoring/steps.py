"""The marks that a rule can give at all, whatever the figures."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

from jixiao.pack.indicator import Indicator
from jixiao.pack.method import Bands, Checklist, Conditions, PerInstance

MOST_ITEMS = 12
"""With more items a checklist can give almost anything."""


def steps(indicator: Indicator) -> frozenset[Decimal] | None:
    """The marks that an indicator's rule can give, 0 and full marks among them; None where it can give any.

    Rules by percentage points give any marks: how a part of a point counts is open.
    """
    full = indicator.full_marks
    always = {Decimal(0), full}
    match indicator.method:
        case Bands() as method:
            return frozenset(always | {band.marks for band in method.bands})
        case Conditions() as method:
            return frozenset(always | {each.marks for each in method.conditions})
        case Checklist() as method if len(method.items) <= MOST_ITEMS:
            marks = [item.marks for item in method.items]
            chosen = (each for n in range(len(marks) + 1) for each in combinations(marks, n))
            return frozenset(always | {sum(each, Decimal(0)) for each in chosen})
        case PerInstance() as method:
            most = int(full / method.per_instance) if method.per_instance else 0
            return frozenset(always | {full - n * method.per_instance for n in range(most + 1)})
        case _:
            return None
