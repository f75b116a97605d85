"""Skeletons: what the cells of a sheet are in the file besides what they hold (rows, beginnings of cells, merged ranges).

They are alike in the sheets of many filings, so a skeleton is written once for all of them and kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from jixiao.writing.unusual import Unusual
from jixiao.writing.xml_text import LETTERS, MOST_ROWS

SKELETONS, BAND = 512, 1_000
"""How many skeletons a process keeps, and of how many cells at most.

Sheets of whole districts are like no other: they are written in bands of so many cells, so that little is held at a time.
"""

_ROW = 1 << 15
"""How far the keys of two rows are apart; before its cells stands its opening."""

_REMEMBERED = 16_384

Spot = tuple[int, ...]
"""Row, column and look of a cell; of a merged range also its last row and column."""


class Skeleton(NamedTuple):
    """What cells are besides what they hold: the text around them, and in what order they stand in it.

    No `order` means that they come in their order. `extent` are first and last row, first and last column of cells, nothing
    where there are none; `merges` tells merged `ranges`, so many.
    """

    pieces: tuple[bytes, ...]
    order: tuple[int, ...]
    extent: tuple[int, ...]
    ranges: int
    merges: bytes

    def filled(self, tails: Sequence[bytes]) -> bytes:
        """The rows, where each cell ends with its own of these."""
        made = [b""] * (2 * len(tails) + 1)
        made[::2] = self.pieces
        made[1::2] = map(tails.__getitem__, self.order) if self.order else tails
        return b"".join(made)


def skeleton_of(spots: tuple[Spot, ...], heights: tuple[tuple[int, float], ...]) -> Skeleton:
    """The skeleton of cells at these spots, in rows of these heights in points; `Unusual` where the library has to draw them."""
    return (_kept if len(spots) <= BAND else _new)(spots, heights)


def _new(spots: tuple[Spot, ...], heights: tuple[tuple[int, float], ...]) -> Skeleton:
    """As `skeleton_of`.

    Each cell stands under its key, which says in what order they come: its position, or a text for what has none.
    """
    written: dict[int, int | str] = {}
    ranges: dict[int, _Range] = {}
    for position, spot in enumerate(spots):
        written[spot[0] * _ROW + spot[1]] = position
        if len(spot) > 3:
            ranges[position] = _range(spot)
    for merged in ranges.values():
        written.update(merged.below)
    covered = set(chain.from_iterable(merged.covered for merged in ranges.values()))
    if (
        len(written) < len(spots) + sum(len(merged.below) for merged in ranges.values())
        or len(covered) < sum(len(merged.covered) for merged in ranges.values())
        or not covered.isdisjoint(written)
    ):
        raise Unusual("cells that stand over each other")
    rows = {key // _ROW for key in written}
    columns = {key % _ROW for key in chain(written, covered)}
    points = dict(heights)
    open_row = False
    for row in sorted(rows.union(points)):
        opening = _opening(row, points.get(row, 15.0), ">" if row in rows else "/>")
        written[row * _ROW - 1] = f"</row>{opening}" if open_row else opening
        open_row = row in rows
    pieces: list[str] = []
    order: list[int] = []
    piece = ""
    for key in sorted(written):
        each = written[key]
        if isinstance(each, str):
            piece += each
        else:
            row, column, look = spots[each][:3]
            pieces.append(f'{piece}<c r="{LETTERS[column]}{row + 1}" s="{look}"')
            order.append(each)
            piece = ranges[each].beside if each in ranges else ""
    pieces.append(f"{piece}</row>" if open_row else piece)
    return Skeleton(
        tuple(map(str.encode, pieces)),
        () if order == list(range(len(order))) else tuple(order),
        (min(rows), max(rows), min(columns), max(columns)) if rows else (),
        len(ranges),
        "".join(merged.told for merged in ranges.values()).encode(),
    )


_kept = lru_cache(SKELETONS)(_new)


class _Range(NamedTuple):
    """A merged range: how it is told, the blank cells beside its first cell, those of the rows below by key.

    `covered` are the keys of all that have no text of their own: all but the first of each row.
    """

    told: str
    beside: str
    below: dict[int, str]
    covered: tuple[int, ...]


@lru_cache(_REMEMBERED)
def _range(spot: Spot) -> _Range:
    row, column, look, last_row, last_column = spot
    below = range(row + 1, last_row + 1)
    return _Range(
        f'<mergeCell ref="{LETTERS[column]}{row + 1}:{LETTERS[last_column]}{last_row + 1}"/>',
        _blanks(row, column + 1, last_column, look),
        {each * _ROW + column: _blanks(each, column, last_column, look) for each in below},
        tuple(each * _ROW + beside for each in (row, *below) for beside in range(column + 1, last_column + 1)),
    )


def _blanks(row: int, column: int, last_column: int, look: int) -> str:
    """Blank cells of a row, as those of a merged range are."""
    return "".join(f'<c r="{LETTERS[each]}{row + 1}" s="{look}"/>' for each in range(column, last_column + 1))


@lru_cache(_REMEMBERED)
def _opening(row: int, points: float, end: str) -> str:
    """The opening of a row of this height."""
    if row >= MOST_ROWS:
        raise Unusual("a row beyond the last")
    return f'<row r="{row + 1}"{high(points)}{end}'


@lru_cache(1_024)
def high(points: float) -> str:
    """What the opening of a row says of its height."""
    pixels = int(min(points, 409.0) * 4 / 3 + 0.5)
    if pixels <= 0:
        raise Unusual("a row that is hidden")
    return "" if pixels == 20 else f' ht="{pixels * 0.75:.16g}" customHeight="1"'
