"""Completion of declared targets: what a row's texts read as, and the marks that follow."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from jixiao.pack.declarations.methods import Level, TargetCompletion
from jixiao.values.number_format import bounded, round_half_up, strip_zeros
from jixiao.values.quantities import AT_LEAST, MORE, Quantity, in_unit, meets, parse_actual, parse_target
from jixiao.values.text import strip_invisible


class CompletionKind(Enum):
    """What a row is read as.

    `quantitative`: a target and a figure in its unit; `qualitative`: the actual text names a level; `other_unit`: two
    figures that cannot be compared; `unclear`: neither figures nor a level.
    """

    QUANTITATIVE = "quantitative"
    QUALITATIVE = "qualitative"
    OTHER_UNIT = "other_unit"
    UNCLEAR = "unclear"


class CompletionReading(NamedTuple):
    """A row as it was read.

    `operator` is the one that counts, `assumed` says that the target has none of its own. `actual` is in the target's
    unit. `ratio` is what was reached of the target, None where it cannot be told; `low` that the target was set low.
    """

    reading: CompletionKind
    operator: str = ""
    assumed: bool = False
    target: Quantity | None = None
    actual: Fraction | None = None
    ratio: Fraction | None = None
    met: bool = False
    low: bool = False
    level: Level | None = None


def completion_of(method: TargetCompletion, target_text: str, actual_text: str) -> CompletionReading:
    """Return what the texts of a row say of each other."""
    target, stated = parse_target(target_text), parse_actual(actual_text)
    if target is not None and stated is not None:
        actual = in_unit(stated, target.unit)
        if actual is None:
            return CompletionReading(CompletionKind.OTHER_UNIT, target=target)
        return _measured(method, target, actual)
    level = level_of(method, actual_text)
    return CompletionReading(CompletionKind.UNCLEAR if level is None else CompletionKind.QUALITATIVE, level=level)


def _measured(method: TargetCompletion, target: Quantity, actual: Fraction) -> CompletionReading:
    operator, wanted = target.operator or method.operator, Fraction(target.number)
    reached = actual / wanted if wanted else None
    match operator:
        case ">=" | ">":
            ratio = reached
        case "<=" | "<":
            ratio = wanted / actual if actual else None
        case _:
            ratio = min(reached, wanted / actual) if reached else Fraction(int(actual == wanted))
    met = meets(actual, operator, wanted)
    at_least = operator in (AT_LEAST, MORE)
    low = met and at_least and method.low_from is not None and reached is not None and reached >= Fraction(method.low_from)
    return CompletionReading(CompletionKind.QUANTITATIVE, operator, not target.operator, target, actual, ratio, met, low)


def level_of(method: TargetCompletion, text: str) -> Level | None:
    """Return the level that a text names, by the longest of the words that it holds, the first of equals; None for none."""
    packed = "".join(strip_invisible(text).split())
    matches = [(len(word), -packed.index(word), level) for level in method.levels for word in level.words if word in packed]
    return max(matches, key=lambda each: each[:2])[2] if matches else None


def marks_of(completion: CompletionReading, full: Decimal, places: int) -> Decimal:
    """Return the marks of a quantitative row: full if the target is met, else in proportion, half up, at least zero."""
    if completion.met:
        return full
    ratio = max(completion.ratio or Fraction(0), Fraction(0))
    return bounded(strip_zeros(round_half_up(Fraction(full) * ratio, places)), full)


def interval_of(level: Level, full: Decimal) -> tuple[Decimal, Decimal]:
    """Return the marks from which and up to which a level allows."""
    return strip_zeros(full * level.lower), strip_zeros(full * level.upper)


def within(level: Level, claim: Decimal, full: Decimal) -> bool:
    """Return whether a self score lies in the interval of its level."""
    return level.holds(Fraction(claim) / Fraction(full)) if full else not claim
