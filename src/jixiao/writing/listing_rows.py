"""The rows of a listing as the file has them, one after the other: nothing is held of those that are written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from math import inf

from jixiao.writing.canvas import Value
from jixiao.writing.links import Linked, linked
from jixiao.writing.listings import HIGHEST_POINTS, Entry, Listing, look_of, surely_low, text_height
from jixiao.writing.rows import BLANK, Writer, formula_tail, number_of
from jixiao.writing.skeletons import high
from jixiao.writing.unusual import Unusual
from jixiao.writing.xml_text import LETTERS, MOST_ROWS

AT_A_TIME = 8_000
"""So many pieces of text or more, four a cell, are handed on together."""

MOST_NUMBERS = 1_000
"""Of how many different numbers the text is kept: the marks of a listing are as many, its amounts more."""


class ListingRows:
    """The rows of a listing, written as they are asked for; `links` are then its cells that lead somewhere."""

    def __init__(self, listing: Listing, writer: Writer) -> None:
        self._listing, self._writer = listing, writer
        self.links: list[Linked] = []
        self._numbers: dict[Decimal | int, bytes] = {}

    def __iter__(self) -> Iterator[bytes]:
        listing, looks = self._listing, self._writer.looks
        if listing.last >= MOST_ROWS:
            raise Unusual("rows beyond the last")
        columns = listing.columns
        heads = [f'<c r="{LETTERS[column]}'.encode() for column in range(len(columns))]
        lengths = [inf if each.low else surely_low(each) for each in columns]
        # Looks have their numbers as they are met: that of a column is asked for with its first cell.
        usual: list[bytes] = [b""] * len(columns)
        waiting: list[bytes] = []
        for row, cells in enumerate(listing.rows, start=listing.first):
            number, points, start = b"%d" % (row + 1), listing.least, len(waiting)
            waiting.append(b"")
            for column, cell in enumerate(cells):
                if isinstance(cell, Entry):
                    value, formula, link, role, shown = cell
                    look = _styled(looks[look_of(columns[column], role, shown)])
                    tail = formula_tail(formula, value) if formula else self._tail(value)
                    if link is not None:
                        self.links.append(linked(row, column, link, value, formula))
                else:
                    value, role = cell, ""
                    look = usual[column]
                    if not look:
                        look = usual[column] = _styled(looks[look_of(columns[column])])
                    tail = self._tail(value)
                if isinstance(value, str) and (len(value) > lengths[column] or "\n" in value) and not columns[column].low:
                    points = max(points, text_height(value, columns[column], role))
                waiting += (heads[column], number, look, tail)
            waiting[start] = b'<row r="%b"%b>' % (number, high(min(points, HIGHEST_POINTS)).encode())
            waiting.append(b"</row>")
            if len(waiting) > AT_A_TIME:
                yield b"".join(waiting)
                waiting.clear()
        yield b"".join(waiting)

    def _tail(self, value: Value) -> bytes:
        """What ends the cell of a value."""
        if isinstance(value, str):
            if not value:
                return BLANK
            self._writer.told += 1
            return self._writer.texts[value]
        if value is None:
            return BLANK
        known = self._numbers.get(value)
        if known is not None:
            return known
        number = number_of(value)
        if number is None:
            return self._tail(str(value))
        tail = f"><v>{number:.16G}</v></c>".encode()
        # Marks are few; zeros are equal, whatever their sign, and written otherwise.
        if number and len(self._numbers) < MOST_NUMBERS:
            self._numbers[value] = tail
        return tail


@lru_cache(1_024)
def _styled(look: int) -> bytes:
    return b'" s="%d"' % look
