"""The search for the fewest cells that, changed, make every failed balance hold and leave the others holding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from jixiao.checking.localise.linear_system import Instance, Key
from jixiao.checking.localise.slips import Slip

MOST_CELLS = 3
"""Sets of more cells are never offered: too many would fit."""

SHORTEST_RUN = 2
"""Fewer numbers than this are no run."""

SHIFT_WEIGHT = Fraction(1, 1000)
"""The weight of a shifted run."""

_EFFORT = 4000
"""So many partial sets are tried at most for one group of failures."""

Weigh = Callable[[Key, int], tuple[Fraction, Slip] | None]
"""How likely a change of a cell is the undoing of a slip, and of which; None where the cell cannot hold the result."""

Options = Callable[[Key, int, int], Iterable[int]]
"""Changes of a cell between two bounds that would undo a slip of the hand."""


class Change(NamedTuple):
    """One cell and by how much it would change, in millionths."""

    key: Key
    amount: int
    slip: Slip = Slip.OTHER


class Explanation(NamedTuple):
    """Changes that together make every failed balance of a group hold, with the weight of evidence for them."""

    changes: tuple[Change, ...]
    weight: Fraction
    shifted: bool = False


class System:
    """The decided balances of one filing, found by the cells they tie."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = [each for each in instances if not each.unread]
        self.of: dict[Key, list[int]] = {}
        for n, each in enumerate(self.instances):
            for key in each.signs:
                self.of.setdefault(key, []).append(n)

    def groups(self) -> list[list[int]]:
        """The failed balances in groups that share no cell, each a list of positions."""
        failed = [n for n, each in enumerate(self.instances) if each.failed and not each.holds()]
        groups: list[tuple[list[int], set[Key]]] = []
        for n in failed:
            mates, keys, apart = [n], set(self.instances[n].signs), []
            for group in groups:
                if keys.isdisjoint(group[1]):
                    apart.append(group)
                else:
                    mates, keys = mates + group[0], keys | group[1]
            groups = [*apart, (mates, keys)]
        return [sorted(mates) for mates, _ in groups]

    def moved(self, offsets: Mapping[int, int], key: Key, amount: int) -> dict[int, int]:
        """By how much each balance has moved after one more change."""
        after = dict(offsets)
        for n in self.of.get(key, ()):
            after[n] = after.get(n, 0) + self.instances[n].signs[key] * amount
        return after

    def moved_by(self, changes: Mapping[Key, int]) -> dict[int, int]:
        """Return by how much each balance moves with these changes."""
        offsets: dict[int, int] = {}
        for key, amount in changes.items():
            offsets = self.moved(offsets, key, amount)
        return offsets

    def broken(self, positions: Iterable[int], offsets: Mapping[int, int]) -> list[int]:
        """Those of the balances that do not hold after the changes."""
        return sorted({n for n in positions if not self.instances[n].holds(offsets.get(n, 0))})

    def bounds(self, key: Key, offsets: Mapping[int, int]) -> tuple[int, int]:
        """Lowest and highest change of a cell with which every balance that it enters holds."""
        spans = [self.instances[n].bounds(key, offsets.get(n, 0)) for n in self.of[key]]
        return max(low for low, _ in spans), min(high for _, high in spans)

    def exactness(self, key: Key, amount: int, offsets: Mapping[int, int]) -> int:
        """How many more balances hold to the last digit after a change than before."""
        gained = 0
        for n in self.of[key]:
            each, offset = self.instances[n], offsets.get(n, 0)
            gained += each.exact(offset + each.signs[key] * amount) - each.exact(offset)
        return gained


class Search:
    """A search over one system; `weigh` and `options` know the cells' numbers and what the form says of them."""

    def __init__(self, system: System, weigh: Weigh, options: Options) -> None:
        self.system, self.weigh, self.options = system, weigh, options
        self._effort = 0
        self._degree = max((len(positions) for positions in system.of.values()), default=0)

    def singles(self, failing: Sequence[int], offsets: Mapping[int, int]) -> list[Explanation]:
        """The single cells with which all these balances hold, each with its likeliest value."""
        instances = self.system.instances
        shared = set(instances[failing[0]].signs).intersection(*(instances[n].signs for n in failing[1:]))
        explanations = []
        for key in sorted(shared, key=str):
            low, high = self.system.bounds(key, offsets)
            if low > high:
                continue
            amounts = {-(instances[n].residual + offsets.get(n, 0)) * instances[n].signs[key] for n in failing}
            amounts |= set(self.options(key, low, high)) if low < high else set()
            rated = [
                (weight * Fraction(10) ** self.system.exactness(key, amount, offsets), amount, slip)
                for amount in sorted(amounts)
                if amount and low <= amount <= high and (judged := self.weigh(key, amount)) is not None
                for weight, slip in [judged]
            ]
            if rated:
                weight, amount, slip = max(rated, key=lambda each: (each[0], -abs(each[1]), each[1]))
                explanations.append(Explanation((Change(key, amount, slip),), weight))
        return explanations

    def sets(self, failing: Sequence[int]) -> list[Explanation]:
        """The smallest sets of two or three cells with which all these balances hold; empty where there are none."""
        for size in range(2, MOST_CELLS + 1):
            self._effort = 0
            explanations: dict[frozenset[tuple[Key, int]], Explanation] = {}
            for each in self._sets(list(failing), {}, size, frozenset()):
                explanations.setdefault(frozenset((change.key, change.amount) for change in each.changes), each)
            if self._effort > _EFFORT:
                return []  # not all were seen, so none can be called the only one
            if explanations:
                return list(explanations.values())
        return []

    def _sets(
        self, failing: list[int], offsets: Mapping[int, int], size: int, taken: frozenset[Key]
    ) -> Iterable[Explanation]:
        if not failing or len(failing) > self._degree * size:
            return
        if size == 1:
            yield from (each for each in self.singles(failing, offsets) if each.changes[0].key not in taken)
            return
        instances = self.system.instances
        narrowest = min(failing, key=lambda n: (len(instances[n].signs), n))
        for key in instances[narrowest].signs:
            if key in taken:
                continue
            amounts = {
                -(instances[n].residual + offsets.get(n, 0)) * instances[n].signs[key]
                for n in failing
                if key in instances[n].signs
            }
            for amount in sorted(amounts):
                judged = self.weigh(key, amount)
                self._effort += 1
                if judged is None or self._effort > _EFFORT:
                    continue
                weight, slip = judged
                weight *= Fraction(10) ** self.system.exactness(key, amount, offsets)
                after = self.system.moved(offsets, key, amount)
                left = self.system.broken((*failing, *self.system.of[key]), after)
                for rest in self._sets(left, after, size - 1, taken | {key}):
                    changes = sorted((Change(key, amount, slip), *rest.changes), key=lambda each: str(each.key))
                    yield Explanation(tuple(changes), weight * rest.weight)


def shifts(
    failing: Sequence[int], lines: Sequence[Sequence[Key]], numbers: Mapping[Key, int], search: Search
) -> list[Explanation]:
    """Return the shifts that make all these balances hold and leave the others holding.

    A shift is a run of numbers written one cell too far along a row or column: the slip that spoils many balances at once.
    `lines` are the cells of rows and columns in their order; `numbers` what stands in them, blanks left out.
    """
    system = search.system
    concerned = {key for n in failing for key in system.instances[n].signs}
    explanations: dict[frozenset[tuple[Key, int]], Explanation] = {}
    for line in lines:
        if concerned.isdisjoint(line):
            continue
        for meant in _shifted(line, numbers):
            changes = {key: amount - numbers.get(key, 0) for key, amount in meant.items()}
            changes = {key: amount for key, amount in changes.items() if amount}
            last = next(reversed(meant))
            offsets = system.moved_by(changes)
            left = system.broken((*failing, *offsets), offsets)
            if left:
                # What the last cell should hold was written over: the balances may tell.
                ends = [each for each in search.singles(left, offsets) if each.changes[0].key == last]
                if not ends:
                    continue
                changes[last] = changes.get(last, 0) + ends[0].changes[0].amount
            if len(changes) <= SHORTEST_RUN or any(search.weigh(*change) is None for change in changes.items()):
                continue
            ordered = tuple(Change(key, amount, Slip.OTHER) for key, amount in changes.items())
            # Of several the one counts that leaves the fewest balances of the whole filing broken.
            broken = system.broken((n for group in system.groups() for n in group), system.moved_by(changes))
            weight = SHIFT_WEIGHT / 10 ** len(broken)
            explanations.setdefault(frozenset(changes.items()), Explanation(ordered, weight, shifted=True))
    return list(explanations.values())


def _shifted(line: Sequence[Key], numbers: Mapping[Key, int]) -> Iterator[dict[Key, int]]:
    """What was meant, if a run of the line stands one cell too far: the run moved back, the cell behind it emptied."""
    for cells in (line, line[::-1]):
        for start in range(len(cells) - SHORTEST_RUN):
            if numbers.get(cells[start]):
                continue
            for end in range(start + SHORTEST_RUN, len(cells)):
                run = [numbers.get(key, 0) for key in cells[start + 1 : end + 1]]
                if sum(1 for number in run if number) >= SHORTEST_RUN:
                    yield dict(zip(cells[start : end + 1], [*run, 0], strict=True))
