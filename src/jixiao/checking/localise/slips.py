"""Slips of the hand: how likely it is that one number was written where another was meant, and by which slip."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple


class Slip(StrEnum):
    """What went wrong at the keyboard."""

    BLANK = "blank"
    UNIT = "unit"
    POINT = "point"
    SIGN = "sign"
    SWAPPED = "swapped"
    MISTYPED = "mistyped"
    DROPPED = "dropped"
    DOUBLED = "doubled"
    NEIGHBOUR = "neighbour"
    OTHER = "other"


class Guess(NamedTuple):
    """A slip and the weight of evidence for it; weights of rival explanations compare as odds."""

    slip: Slip
    weight: Fraction


# How often people make each slip, roughly, of all slips. Each share is divided by the number of results that the slip
# could have had, so that a slip that fits by chance (one digit of a short number) counts for little.
_SHARES = {
    Slip.BLANK: Fraction(5, 100), Slip.UNIT: Fraction(8, 100), Slip.POINT: Fraction(8, 100),
    Slip.SIGN: Fraction(4, 100), Slip.SWAPPED: Fraction(15, 100), Slip.MISTYPED: Fraction(25, 100),
    Slip.DROPPED: Fraction(10, 100), Slip.DOUBLED: Fraction(10, 100), Slip.NEIGHBOUR: Fraction(8, 100),
    Slip.OTHER: Fraction(10, 100),
}  # fmt: skip

_POINTS = tuple(Decimal(10) ** power for power in (1, 2, 3, -1, -2, -3))
_DECIMALS = 2

_PLACES = 7
"""Results are counted in steps of so many decimals: one more than numbers are kept to, for a digit that was doubled."""


def guess(
    written: Decimal | None, meant: Decimal, neighbours: frozenset[Decimal] = frozenset(), per_unit: Decimal | None = None
) -> Guess:
    """The likeliest slip by which `written` (None: nothing) stands where `meant` was meant.

    `neighbours` are the numbers of the cells beside it, `per_unit` is how many of a smaller unit people may have counted.
    """
    if written is None:
        return Guess(Slip.BLANK, _SHARES[Slip.BLANK])
    guesses = [Guess(Slip.OTHER, _SHARES[Slip.OTHER] / 10 ** (len(_digits(meant)) + 1))]
    if meant and written == -meant:
        guesses.append(Guess(Slip.SIGN, _SHARES[Slip.SIGN]))
    if meant and per_unit and written == meant * per_unit:
        guesses.append(Guess(Slip.UNIT, _SHARES[Slip.UNIT]))
    if meant and any(written == meant * power for power in _POINTS):
        guesses.append(Guess(Slip.POINT, _SHARES[Slip.POINT] / len(_POINTS)))
    if written and written in neighbours:
        guesses.append(Guess(Slip.NEIGHBOUR, _SHARES[Slip.NEIGHBOUR] / 4))
    # A zero is left or typed on purpose; no slip of one digit makes it.
    for slip, results in _results(meant) if written and (written < 0) == (meant < 0) else ():
        if _steps(written) in results:
            guesses.append(Guess(slip, _SHARES[slip] / len(results)))
    return max(guesses, key=lambda each: (each.weight, each.slip))


def meant_by(written: Decimal, low: Decimal, high: Decimal) -> list[Decimal]:
    """The numbers between two bounds from which a slip of one digit leads to `written`."""
    undone = set().union(*(results for _, results in _results(written)))
    least, most = sorted((_signed(low, written), _signed(high, written)))
    sign = -1 if written < 0 else 1
    return sorted(sign * Decimal(steps).scaleb(-_PLACES) for steps in undone if least <= steps <= most)


def _digits(number: Decimal) -> str:
    return format(abs(number), "f").replace(".", "").lstrip("0")


def _steps(number: Decimal) -> int:
    """The size of a number in the steps in which results are told."""
    return int(number.copy_abs().scaleb(_PLACES))


def _signed(bound: Decimal, written: Decimal) -> int:
    return int(bound.scaleb(_PLACES)) * (-1 if written < 0 else 1)


def _results(meant: Decimal) -> Iterator[tuple[Slip, frozenset[int]]]:
    """For each slip of digits all that it can make of a number, signs aside, in steps."""
    spellings, itself = _spellings(meant), {_steps(meant)}
    for slip, results_of in ((Slip.SWAPPED, _swapped), (Slip.MISTYPED, _mistyped), (Slip.DROPPED, _dropped), (Slip.DOUBLED, _doubled)):
        yield slip, frozenset(set().union(*map(results_of, spellings)) - itself)


class _Spelling(NamedTuple):
    """A number as written: its digits, what each is worth in steps, how many stand before the point, and the number.

    `above` is, for each digit, what those before it are worth together.
    """

    digits: tuple[int, ...]
    worth: tuple[int, ...]
    whole: int
    number: int
    above: tuple[int, ...]


def _spellings(number: Decimal) -> list[_Spelling]:
    """How a number may have been written: plain, and with two decimals."""
    plain = format(abs(number), "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    whole, _, decimals = plain.partition(".")
    padded = f"{whole}.{decimals.ljust(_DECIMALS, '0')}"
    return [_spelling(text) for text in ((plain,) if plain == padded else (plain, padded))]


def _spelling(text: str) -> _Spelling:
    whole, _, decimals = text.partition(".")
    digits = tuple(map(int, whole + decimals))
    worth = tuple(10 ** (_PLACES + len(whole) - 1 - n) for n in range(len(digits)))
    sums = tuple(itertools.accumulate((d * w for d, w in zip(digits, worth, strict=True)), initial=0))
    return _Spelling(digits, worth, len(whole), sums[-1], sums[:-1])


def _swapped(it: _Spelling) -> list[int]:
    pairs = itertools.pairwise(zip(it.digits, it.worth, strict=True))
    return [it.number + (right - left) * (more - less) for (left, more), (right, less) in pairs]


def _mistyped(it: _Spelling) -> list[int]:
    return [it.number + (typed - d) * w for d, w in zip(it.digits, it.worth, strict=True) for typed in range(10)]


def _dropped(it: _Spelling) -> list[int]:
    """Before the point what stands above moves down, behind it what stands below moves up."""
    if len(it.digits) == 1:
        return []  # nothing would be left
    numbers = []
    for n, (d, w) in enumerate(zip(it.digits, it.worth, strict=True)):
        above, below = it.above[n], it.number - it.above[n] - d * w
        numbers.append(above // 10 + below if n < it.whole else above + below * 10)
    return numbers


def _doubled(it: _Spelling) -> list[int]:
    """Before the point what stands above moves up, behind it what stands below moves down."""
    numbers = []
    for n, (d, w) in enumerate(zip(it.digits, it.worth, strict=True)):
        above, below = it.above[n] + d * w, it.number - it.above[n] - d * w
        numbers.append(above * 10 + d * w + below if n < it.whole else above + (d * w + below) // 10)
    return numbers
