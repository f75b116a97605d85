"""Which cells a filing has, whatever stands in them: most filings of a form have the same, and what follows is shared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

Pick = Callable[[Sequence[Any]], tuple[Any, ...]]
"""The items of a sequence at fixed positions."""

LARGEST_KEPT = 4_000
"""Filings of more cells share nothing: what is kept has to stay small, whatever is sent in."""


class Line(NamedTuple):
    """The cells of one institution, the last of the form first: their concepts, and what picks them out of all cells."""

    concepts: tuple[str, ...]
    pick: Pick


class CellSet:
    """The concepts and institutions of a filing's cells, in the order of the form.

    `kept` is what others worked out of it, by who did, and lives as long as it does.
    """

    def __init__(self, concepts: tuple[str, ...], institutions: tuple[str | None, ...]) -> None:
        self.concepts, self.institutions = concepts, institutions
        self.kept: dict[str, Any] = {}

    @cached_property
    def lines(self) -> dict[str | None, Line]:
        """The cells of each institution, in the order in which their first ones stand."""
        found: dict[str | None, list[int]] = {}
        for position, institution in enumerate(self.institutions):
            found.setdefault(institution, []).append(position)
        return {
            institution: Line(tuple(self.concepts[at] for at in reversed(positions)), picking(positions[::-1]))
            for institution, positions in found.items()
        }

    @cached_property
    def columns(self) -> dict[str, list[int]]:
        """The positions of the cells of each concept, ascending, the concepts in the order in which their first ones stand."""
        found: dict[str, list[int]] = {}
        for position, concept in enumerate(self.concepts):
            found.setdefault(concept, []).append(position)
        return found

    @cached_property
    def records(self) -> dict[str, list[tuple[str, frozenset[str]]]]:
        """The numbers of the records, ascending, each with its concepts, by what these begin with: `own.` for own.3.label."""
        found: dict[str, dict[str, set[str]]] = {}
        for concept in self.lines[None].concepts if None in self.lines else ():
            parts = concept.split(".")
            for n, part in enumerate(parts):
                if part.isdecimal():
                    found.setdefault(".".join((*parts[:n], "")), {}).setdefault(part, set()).add(concept)
        return {
            stem: [(number, frozenset(numbers[number])) for number in sorted(numbers, key=lambda each: (int(each), each))]
            for stem, numbers in found.items()
        }


def picking(positions: Sequence[int]) -> Pick:
    """What picks the items at these positions."""
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda items: tuple([items[at] for at in positions])


def cell_set(concepts: Iterable[str], institutions: Iterable[str | None]) -> CellSet:
    """The arrangement of cells with these concepts and institutions, the same object for those of like filings."""
    of, at = tuple(concepts), tuple(institutions)
    return _shared(of, at) if len(of) <= LARGEST_KEPT else CellSet(of, at)


_shared = lru_cache(maxsize=64)(CellSet)
