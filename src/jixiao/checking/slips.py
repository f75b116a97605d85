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


def guess(
    written: Decimal | None, meant: Decimal, neighbours: frozenset[Decimal] = frozenset(), per_unit: Decimal | None = None
) -> Guess:
    """The likeliest slip by which `written` (None: nothing) stands where `meant` was meant.

    `neighbours` are the numbers of the cells beside it, `per_unit` is how many of a smaller unit people may have counted.
    """
    if written is None:
        return Guess(Slip.BLANK, _SHARES[Slip.BLANK])
    found = [Guess(Slip.OTHER, _SHARES[Slip.OTHER] / 10 ** (len(_digits(meant)) + 1))]
    if meant and written == -meant:
        found.append(Guess(Slip.SIGN, _SHARES[Slip.SIGN]))
    if meant and per_unit and written == meant * per_unit:
        found.append(Guess(Slip.UNIT, _SHARES[Slip.UNIT]))
    if meant and any(written == meant * power for power in _POINTS):
        found.append(Guess(Slip.POINT, _SHARES[Slip.POINT] / len(_POINTS)))
    if written and written in neighbours:
        found.append(Guess(Slip.NEIGHBOUR, _SHARES[Slip.NEIGHBOUR] / 4))
    for slip, results in _results(meant) if written else ():
        # A zero is left or typed on purpose; no slip of one digit makes it.
        if abs(written) in results and (written < 0) == (meant < 0):
            found.append(Guess(slip, _SHARES[slip] / len(results)))
    return max(found, key=lambda each: (each.weight, each.slip))


def meant_by(written: Decimal, low: Decimal, high: Decimal) -> list[Decimal]:
    """The numbers between two bounds from which a slip of one digit leads to `written`."""
    undone = {number for _, results in _results(written) for number in results}
    sign = -1 if written < 0 else 1
    return sorted(number * sign for number in undone if low <= number * sign <= high)


def _digits(number: Decimal) -> str:
    return format(abs(number), "f").replace(".", "").lstrip("0")


def _results(meant: Decimal) -> Iterator[tuple[Slip, frozenset[Decimal]]]:
    """For each slip of digits all that it can make of a number, signs aside."""
    spellings = _spellings(meant)
    for slip, made in ((Slip.SWAPPED, _swapped), (Slip.MISTYPED, _mistyped), (Slip.DROPPED, _dropped), (Slip.DOUBLED, _doubled)):
        results = {Decimal(text) for spelling in spellings for text in made(spelling) if text not in ("", ".")}
        yield slip, frozenset(results - {abs(meant)})


def _spellings(number: Decimal) -> tuple[str, ...]:
    """How a number may have been written: plain, and with two decimals."""
    plain = format(abs(number), "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    whole, _, decimals = plain.partition(".")
    padded = f"{whole}.{decimals.ljust(_DECIMALS, '0')}"
    return (plain,) if plain == padded else (plain, padded)


def _swapped(text: str) -> Iterator[str]:
    at = [position for position, char in enumerate(text) if char != "."]
    for left, right in itertools.pairwise(at):
        characters = list(text)
        characters[left], characters[right] = characters[right], characters[left]
        yield "".join(characters)


def _mistyped(text: str) -> Iterator[str]:
    for position, char in enumerate(text):
        if char != ".":
            yield from (text[:position] + digit + text[position + 1 :] for digit in "0123456789")


def _dropped(text: str) -> Iterator[str]:
    yield from (text[:position] + text[position + 1 :] for position, char in enumerate(text) if char != ".")


def _doubled(text: str) -> Iterator[str]:
    yield from (text[: position + 1] + text[position:] for position, char in enumerate(text) if char != ".")
