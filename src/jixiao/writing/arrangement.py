"""Where the cells of a form stand, and what follows from that alone; filings whose cells stand alike share it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
    pack: Pack, places: Mapping[Key, Place], tables: Sequence[DrawnTable], extras: ExtraCells,
    decimals: tuple[int, ...] | None,
) -> Arrangement:  # fmt: skip
    """The arrangement of a drawn form; `decimals` are those of its printed rates, None for a form without live checks."""
    return _arrangements(pack)(tuple(places.items()), tuple(tables), extras, decimals)


def extra_key(column: str, row: str) -> Key:
    """The key of an extra column's cell among the places: of the column's name and the row's key."""
    return (f"extra.{column}.{row}", None)


@once_a_pack
def _arrangements(
    pack: Pack,
) -> Callable[[tuple[tuple[Key, Place], ...], tuple[DrawnTable, ...], ExtraCells, tuple[int, ...] | None], Arrangement]:
    @lru_cache(maxsize=ARRANGEMENTS)
    def arranged(
        items: tuple[tuple[Key, Place], ...], tables: tuple[DrawnTable, ...], extras: ExtraCells,
        decimals: tuple[int, ...] | None,
    ) -> Arrangement:  # fmt: skip
        places = Places(dict(items))
        for table, right, columns in extras:
            for column, (name, row_id) in enumerate(columns, start=right):
                for each in table.rows:
                    if own := row_id(each.row.key):
                        places[extra_key(name, own)] = Place(table.sheet, each.first, column)
        checks = {} if decimals is None else checks_by_row(form_checks(pack, places, tables, decimals), tables)
        return Arrangement(places, checks)

    return arranged
