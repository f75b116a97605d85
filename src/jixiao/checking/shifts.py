"""Runs of numbers written one cell too far along a row or column: the slip that spoils many balances at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from jixiao.checking.search import Change, Explanation, Search
from jixiao.checking.slips import Slip
from jixiao.checking.system import Key

SHORTEST = 2
"""Fewer numbers than this are no run."""

WEIGHT = Fraction(1, 1000)


def shifts(
    failing: Sequence[int], lines: Sequence[Sequence[Key]], numbers: Mapping[Key, int], search: Search
) -> list[Explanation]:
    """The shifts that make all these balances hold and leave the others holding.

    `lines` are the cells of rows and columns in their order; `numbers` what stands in them, blanks left out.
    """
    system = search.system
    concerned = {key for n in failing for key in system.instances[n].signs}
    found: dict[frozenset[tuple[Key, int]], Explanation] = {}
    for line in lines:
        if concerned.isdisjoint(line):
            continue
        for meant in _shifted(line, numbers):
            changes = {key: amount - numbers.get(key, 0) for key, amount in meant.items()}
            changes = {key: amount for key, amount in changes.items() if amount}
            last = next(reversed(meant))
            offsets: dict[int, int] = {}
            touched: list[int] = []
            for key, amount in changes.items():
                offsets = system.moved(offsets, key, amount)
                touched += system.of.get(key, ())
            left = system.broken((*failing, *touched), offsets)
            if left:
                # What the last cell should hold was written over: the balances may tell.
                ends = [each for each in search.singles(left, offsets) if each.changes[0].key == last]
                if not ends:
                    continue
                changes[last] = changes.get(last, 0) + ends[0].changes[0].amount
            if len(changes) <= SHORTEST or any(search.weigh(*change) is None for change in changes.items()):
                continue
            told = tuple(Change(key, amount, Slip.OTHER) for key, amount in changes.items())
            # Of several the one counts that leaves the fewest balances of the whole filing broken.
            weight = WEIGHT / 10 ** len(_still_broken(changes, search))
            found.setdefault(frozenset(changes.items()), Explanation(told, weight, shifted=True))
    return list(found.values())


def _still_broken(changes: Mapping[Key, int], search: Search) -> list[int]:
    system = search.system
    offsets: dict[int, int] = {}
    for key, amount in changes.items():
        offsets = system.moved(offsets, key, amount)
    return system.broken((n for group in system.groups() for n in group), offsets)


def _shifted(line: Sequence[Key], numbers: Mapping[Key, int]) -> Iterator[dict[Key, int]]:
    """What was meant, if a run of the line stands one cell too far: the run moved back, the cell behind it emptied."""
    for cells in (line, line[::-1]):
        for start in range(len(cells) - SHORTEST):
            if numbers.get(cells[start]):
                continue
            for end in range(start + SHORTEST, len(cells)):
                run = [numbers.get(key, 0) for key in cells[start + 1 : end + 1]]
                if sum(1 for number in run if number) >= SHORTEST:
                    yield dict(zip(cells[start : end + 1], [*run, 0], strict=True))
