"""Which form a workbook is filled in on: its texts against what is printed on each form and on no other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from jixiao.model.sheet_names import OWN_SHEETS, VERSION_STAMP
from jixiao.pack import Pack
from jixiao.reading.formats.grid import Grid
from jixiao.reading.locate.label_index import label_index
from jixiao.reading.locate.labels import normalise
from jixiao.reading.locate.sheet_view import SheetView, view

SHORTEST = 3
"""Printed texts of fewer characters stand in workbooks of every kind."""

ENOUGH = 6
"""So many different texts of one form alone must stand in a workbook that is said to be of that form."""

_YEAR = re.compile(r"(20\d\d)年")
LONGEST_TITLE = 40


class Recognised(NamedTuple):
    """What tells a workbook's form: how many texts of each family's alone it has, the pack stamped on it, its year."""

    counts: Mapping[str, int]
    stamp: str = ""
    year: int | None = None

    @property
    def family(self) -> str:
        """The family whose form it is, empty where too little tells."""
        return _family(self.counts)


def recognise(grids: Sequence[Grid], packs: Sequence[Pack]) -> Recognised:
    """What the sheets of a workbook tell of its form."""
    views = [view(grid) for grid in grids if grid.name.strip() not in OWN_SHEETS]
    texts = _texts(views)
    ids, stamp = {pack.id for pack in packs}, normalise(VERSION_STAMP)
    stamps = (name for text in texts if text.startswith(stamp) for name in ids if name in text)
    titles = (dated for each in views for text in each.norms.values() if len(text) <= LONGEST_TITLE and (dated := _YEAR.search(text)))
    year = next(titles, None)
    return Recognised(_counts(texts, packs), max(stamps, key=len, default=""), int(year[1]) if year else None)


def _texts(views: Sequence[SheetView]) -> set[str]:
    return {text for each in views for text in each.norms.values()}


def _counts(texts: set[str], packs: Sequence[Pack]) -> Mapping[str, int]:
    """How many of the texts stand on the form of each family alone."""
    return {family: len(labels & texts) for family, labels in _alone(packs).items()}


def _family(counts: Mapping[str, int]) -> str:
    best = max(counts, key=lambda family: (counts[family], family), default="")
    return best if best and counts[best] >= ENOUGH else ""


_LABELS: dict[tuple[str, ...], dict[str, frozenset[str]]] = {}


def _alone(packs: Sequence[Pack]) -> dict[str, frozenset[str]]:
    """By family, what is printed on its form and on no other's; made once for these packs."""
    key = tuple(sorted(pack.sha256 for pack in packs))
    if key not in _LABELS:
        printed: dict[str, set[str]] = {}
        for pack in packs:
            texts = {text for text in label_index(pack).everything if len(text) >= SHORTEST}
            printed.setdefault(pack.family, set()).update(texts)
        _LABELS[key] = {
            family: frozenset(texts.difference(*(other for name, other in printed.items() if name != family)))
            for family, texts in printed.items()
        }
    return _LABELS[key]


def other_form(views: Sequence[SheetView], pack: Pack, packs: Sequence[Pack]) -> Pack | None:
    """The installed pack of another form on which a workbook is filled in, None where it may be of this pack's form."""
    if all(each.family == pack.family for each in packs):
        return None
    counts = _counts(_texts(views), [pack, *(each for each in packs if each.sha256 != pack.sha256)])
    family = _family(counts)
    if not family or family == pack.family or counts[family] <= counts[pack.family]:
        return None
    return next((each for each in packs if each.id == family), None)
