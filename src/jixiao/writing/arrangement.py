"""Where the cells of a form stand, and what follows from that alone; filings whose cells stand alike share it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.memo import once_a_pack
from jixiao.writing.checks_live import RowChecks, checks_by_row
from jixiao.writing.form_checks import form_checks
from jixiao.writing.form_rows import Key
from jixiao.writing.form_tables import DrawnTable

ARRANGEMENTS = 64
"""How many a pack remembers."""

ExtraCells = tuple[tuple[DrawnTable, int, tuple[tuple[str, Callable[[str], str]], ...]], ...]
"""Of tables: the first column to their right, and name and `row_id` of each extra column there."""


class Places(dict[Key, Place]):
    """The places of a form's cells; formulas that follow from them are written once and kept with them."""

    def __init__(self, places: Mapping[Key, Place]) -> None:
        super().__init__(places)
        self._formulas: dict[Hashable, str] = {}
        self._named: dict[Hashable, dict[str, Place]] = {}

    def of(self, kind: str, names: Sequence[str], key: Callable[[str], Key]) -> dict[str, Place]:
        """The places of those of these names that have one; `kind` stands for `key`, which makes of a name its key."""
        asked = (kind, *names)
        found = self._named.get(asked)
        if found is None:
            found = self._named[asked] = {name: self[own] for name in names if (own := key(name)) in self}
        return found

    def formula(self, key: Hashable, write: Callable[[], str]) -> str:
        """The formula of a key, written on first use; nothing but the key and these places may decide it."""
        found = self._formulas.get(key)
        if found is None:
            found = self._formulas[key] = write()
        return found


@dataclass(frozen=True)
class Arrangement:
    """The places of a form, those of extra columns among them, and the live checks of each row (by sheet and row)."""

    places: Places
    checks: Mapping[tuple[str, int], RowChecks]


def arrangement(
    pack: Pack, places: Mapping[Key, Place], apart: Mapping[Key, Place], tables: Sequence[DrawnTable], extras: ExtraCells,
    decimals: tuple[int, ...] | None,
) -> Arrangement:  # fmt: skip
    """The arrangement of a drawn form; `decimals` are those of its printed rates, None for a form without live checks.

    The tables decide `places` but for those `apart` of them.
    """
    kept = _arrangements(pack)
    key = (tuple(apart.items()), tuple(tables), extras, decimals)
    found = kept.get(key)
    if found is None:
        if len(kept) >= ARRANGEMENTS:
            del kept[next(iter(kept))]
        found = kept[key] = _arranged(pack, Places(places), tables, extras, decimals)
    return found


def extra_key(column: str, row: str) -> Key:
    """The key of an extra column's cell among the places: of the column's name and the row's key."""
    return (f"extra.{column}.{row}", None)


@once_a_pack
def _arrangements(pack: Pack) -> dict[Hashable, Arrangement]:
    return {}


def _arranged(
    pack: Pack, places: Places, tables: Sequence[DrawnTable], extras: ExtraCells, decimals: tuple[int, ...] | None
) -> Arrangement:
    for table, right, columns in extras:
        for column, (name, row_id) in enumerate(columns, start=right):
            for each in table.rows:
                if own := row_id(each.row.key):
                    places[extra_key(name, own)] = Place(table.sheet, each.first, column)
    checks = {} if decimals is None else checks_by_row(form_checks(pack, places, tables, decimals), tables)
    return Arrangement(places, checks)
