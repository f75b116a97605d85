"""The rows of a listing as the file has them, one after the other: nothing is held of those that are written."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from jixiao.writing.canvas import Value
from jixiao.writing.links import Linked, linked
from jixiao.writing.listings import Entry, Listing, look_of, row_height
from jixiao.writing.rows import BLANK, Writer, formula_tail, high, number_of
from jixiao.writing.unusual import Unusual
from jixiao.writing.xml_text import LETTERS, MOST_ROWS

AT_A_TIME = 8_000
"""So many pieces of text or more, four a cell, are handed on together."""


class ListingRows:
    """The rows of a listing, written as they are asked for; `links` are then its cells that lead somewhere."""

    def __init__(self, listing: Listing, writer: Writer) -> None:
        self._listing, self._writer = listing, writer
        self.links: list[Linked] = []

    def __iter__(self) -> Iterator[bytes]:
        listing, looks, tail_of = self._listing, self._writer.looks, self._tail
        if listing.last >= MOST_ROWS:
            raise Unusual("rows beyond the last")
        heads = [f'<c r="{LETTERS[column]}'.encode() for column in range(len(listing.columns))]
        # Looks have their numbers as they are met: that of a column is asked for with its first cell.
        usual: list[bytes] = [b""] * len(heads)
        waiting: list[bytes] = []
        for row, cells in enumerate(listing.rows, start=listing.first):
            number = b"%d" % (row + 1)
            waiting.append(b'<row r="%b"%b>' % (number, high(row_height(listing.columns, cells)).encode()))
            for column, cell in enumerate(cells):
                if isinstance(cell, Entry):
                    look = _styled(looks[look_of(listing.columns[column], cell.role, cell.number)])
                    tail = formula_tail(cell.formula, cell.value) if cell.formula else tail_of(cell.value)
                    if cell.link is not None:
                        self.links.append(linked(row, column, cell.link, cell.value, cell.formula))
                else:
                    look = usual[column]
                    if not look:
                        look = usual[column] = _styled(looks[look_of(listing.columns[column])])
                    tail = tail_of(cell)
                waiting += (heads[column], number, look, tail)
            waiting.append(b"</row>")
            if len(waiting) > AT_A_TIME:
                yield b"".join(waiting)
                waiting.clear()
        yield b"".join(waiting)

    def _tail(self, value: Value) -> bytes:
        """What ends the cell of a value."""
        if value is None or value == "":
            return BLANK
        if not isinstance(value, str):
            number = number_of(value)
            if number is not None:
                return f"><v>{number:.16G}</v></c>".encode()
            value = str(value)
        self._writer.told += 1
        return self._writer.texts[value]


@lru_cache(1_024)
def _styled(look: int) -> bytes:
    return b'" s="%d"' % look
