"""Where the cells of a form stand, and what follows from that alone; filings whose cells stand alike share it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.memo import once_a_pack
from jixiao.writing.checks_live import SheetChecks, checks_by_row
from jixiao.writing.form_checks import form_checks
from jixiao.writing.form_laid import LaidSheet
from jixiao.writing.form_rows import Key

ARRANGEMENTS = 64
"""How many a pack remembers."""

Made = TypeVar("Made")


class Places(dict[Key, Place]):
    """The places of a form's cells, by what the form calls the institutions.

    What follows from them, such as formulas, is made once and kept with them.
    """

    def __init__(self, places: Mapping[Key, Place]) -> None:
        super().__init__(places)
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is kept under a key, made on first use; nothing but the key and these places may decide it."""
        try:
            found: Made = self._kept[key]
        except KeyError:
            found = self._kept[key] = make()
        return found


@dataclass(frozen=True)
class Arrangement:
    """The places of a form, those of extra columns among them, and the live checks of each sheet by its name."""

    places: Places
    checks: Mapping[str, SheetChecks]


def arrangement(pack: Pack, sheets: Sequence[LaidSheet], decimals: tuple[int, ...] | None) -> Arrangement:
    """The arrangement of laid sheets; `decimals` are those of its printed rates, None for a form without live checks."""
    kept = _arrangements(pack)
    key = (*(sheet.standing for sheet in sheets), decimals)
    found = kept.get(key)
    if found is None:
        if len(kept) >= ARRANGEMENTS:
            del kept[next(iter(kept))]
        found = kept[key] = _arranged(pack, sheets, decimals)
    return found


def extra_key(column: str, row: str) -> Key:
    """The key of an extra column's cell among the places: of the column's name and the row's key."""
    return (f"extra.{column}.{row}", None)


@once_a_pack
def _arrangements(pack: Pack) -> dict[Hashable, Arrangement]:
    return {}


def _arranged(pack: Pack, sheets: Sequence[LaidSheet], decimals: tuple[int, ...] | None) -> Arrangement:
    places = Places({})
    for sheet in sheets:
        places.update(sheet.form.places)
    for sheet in sheets:
        for beside in sheet.beside:
            for at, column in enumerate(beside.columns, start=beside.column):
                places.update(
                    (extra_key(column.name, row), Place(sheet.name, first, at)) for row, first, _ in beside.rows if row
                )
    if decimals is None:
        return Arrangement(places, {})
    tables = [table for sheet in sheets for table in sheet.tables]
    rows = checks_by_row(form_checks(pack, places, tables, decimals), tables)
    checks = {sheet.name: SheetChecks.of(sheet.name, sheet.tables, rows, sheet.fit.last + 2) for sheet in sheets}
    return Arrangement(places, {name: each for name, each in checks.items() if each is not None})
