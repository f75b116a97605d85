"""Sheets that an earlier return added to a filing: passed over, but for what they carry of the department's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jixiao.model.cell import raw_text
from jixiao.model.place import Place, spot_of
from jixiao.model.submission import Extra
from jixiao.model.words import EXTRAS_HEADS, EXTRAS_SHEET, OWN_SIGNS
from jixiao.reading.grid import Grid

LAST_HEAD_ROW = 60
"""How far down a sheet's sign may stand: departments insert rows above."""


def is_own(grid: Grid) -> bool:
    """Whether a sheet is one that the program added: by its name and by what only its own hold.

    A department's own sheet of such a name is read like any other.
    """
    signs = OWN_SIGNS.get(grid.name.strip())
    if signs is None:
        return False
    texts = (value.strip() for row in grid.rows[:LAST_HEAD_ROW] for value in row if isinstance(value, str))
    return any(text.endswith(signs) for text in texts)


def carried_extras(grids: Sequence[Grid]) -> Iterator[Extra]:
    """What stood outside the form in an earlier round and came back on the sheet for it, at its places of that time."""
    for grid in grids:
        if grid.name.strip() != EXTRAS_SHEET or not is_own(grid):
            continue
        head: dict[str, int] | None = None
        for number, row in enumerate(grid.rows):
            texts = [(raw_text(value) or "").strip() for value in row]
            if head is None:
                if set(EXTRAS_HEADS) <= set(texts):
                    head = {name: texts.index(name) for name in EXTRAS_HEADS}
                continue
            sheet, cell, text = (texts[head[name]] if head[name] < len(texts) else "" for name in EXTRAS_HEADS)
            if text:
                spot = spot_of(cell)
                yield Extra(Place(sheet, *spot) if spot else Place(grid.name, number, head[EXTRAS_HEADS[-1]]), text)
