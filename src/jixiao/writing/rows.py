"""The cells of a sheet as the file has them, written in one pass; what is not plain is told to be drawn by the library.

What stands where is alike in the sheets of many filings and written once for all of them (`skeletons.py`); a filing fills in
what its cells hold.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from xlsxwriter.worksheet import re_dynamic_function

from jixiao.writing.canvas import Cell, SheetContent, Value
from jixiao.writing.cell_values import as_result, exact
from jixiao.writing.clean import clean_text
from jixiao.writing.links import Linked, linked
from jixiao.writing.listings import listings_of
from jixiao.writing.looks import Looks
from jixiao.writing.skeletons import BAND, Spot, skeleton_of
from jixiao.writing.unusual import Unusual
from jixiao.writing.xml_text import LETTERS, MOST_COLUMNS, MOST_ROWS, escaped, text_element

_REMEMBERED = 16_384
_BRIEF = 200
BLANK = b"/>"
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_SURELY_EXACT = 1e14


class Rows(NamedTuple):
    """The cells of a sheet as the file has them: its extent, rows and merged ranges; and the cells with links and comments.

    The first and the last of `rows` stand around the others. Between these stand the rows of the sheet's listings, if it has
    some: of each from above in turn.
    """

    dimension: bytes
    rows: list[bytes]
    merges: bytes
    links: list[Linked]
    comments: list[Cell]


class Texts(dict[str, bytes]):
    """What ends the cell of a text: its number, given as texts are first met; `written` is what the file has of them."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []

    def __missing__(self, text: str) -> bytes:
        clean, written = _item(text) if len(text) <= _BRIEF else _written_item(text)
        if clean != text:
            tail = self[clean]
        else:
            tail = _NUMBERED[len(self.written)]
            self.written.append(written)
        self[text] = tail
        return tail


class Writer:
    """Writes the sheets of one workbook, whose texts and looks they share."""

    def __init__(self) -> None:
        self.texts = Texts()
        self.looks = Looks()
        self.told = 0

    def rows(self, sheet: SheetContent) -> Rows:
        """The cells of a sheet; `Unusual` where the library has to draw them."""
        links: list[Linked] = []
        comments: list[Cell] = []
        rows: list[bytes] = []
        skeletons = []
        for cells, heights in _between_listings(sheet) if sheet.listings else _bands(sheet):
            spots, tails = self._written(cells, links, comments)
            skeletons.append(skeleton_of(tuple(spots), heights))
            rows.append(skeletons[-1].filled(tails))
        ranges = sum(each.ranges for each in skeletons)
        merges = b"".join(each.merges for each in skeletons)
        extents = [each.extent for each in skeletons if each.extent]
        if sheet.listings:
            extents += ((listing.first, listing.last, 0, len(listing.columns) - 1) for listing in listings_of(sheet))
        return Rows(
            _dimension(sheet, extents).encode(),
            [b"<sheetData>", *rows, b"</sheetData>"] if any(rows) or sheet.listings else [b"<sheetData/>"],
            b'<mergeCells count="%d">%b</mergeCells>' % (ranges, merges) if ranges else b"",
            links, comments,
        )  # fmt: skip

    def _written(
        self, cells: Sequence[Cell], links: list[Linked], comments: list[Cell]
    ) -> tuple[list[Spot], list[bytes]]:
        """Where these cells stand and what ends each; those with links and comments are added to the lists."""
        spots: list[Spot] = []
        tails: list[bytes] = []
        texts, looks, fixed, told = self.texts, self.looks, self.looks.fixed, 0
        for cell in cells:
            ready = cell.drawn
            if ready:
                spot, tail, text = ready
                spots.append(spot)
                if text is None:
                    tails.append(tail)
                else:
                    tails.append(texts[text])
                    told += 1
                continue
            row, column, last_row, last_column = cell.row, cell.column, cell.last_row, cell.last_column
            value, look, text = cell.value, looks[cell.style], None
            if cell.formula:
                tail = formula_tail(cell.formula, value)
            elif not value and (value is None or isinstance(value, str)):
                tail = BLANK
            elif isinstance(value, str):
                text = value
            elif (number := number_of(value)) is not None:
                tail = f"><v>{number:.16G}</v></c>".encode()
            else:
                text = str(value)
            if text is not None:
                tail = texts[text]
                told += 1
            spot = (row, column, look)
            if last_column > column or last_row > row:
                spot = (row, column, look, last_row, last_column)
            spots.append(spot)
            tails.append(tail)
            if cell.link is not None:
                links.append(linked(row, column, cell.link, value, cell.formula))
            if cell.comment:
                comments.append(cell)
            if ready is None:
                cell.drawn = False
            elif look <= fixed and not cell.formula and not cell.comment and cell.link is None:
                # Met again, so sheets share it. The number of a text is the workbook's own.
                cell.drawn = (spot, tail, text)
        self.told += told
        return spots, tails

    def shared_texts(self) -> bytes:
        """The part of the file that holds the texts."""
        head = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            f' count="{self.told}" uniqueCount="{len(self.texts.written)}">'
        )
        return b"".join((head.encode(), *self.texts.written, b"</sst>"))


def _bands(sheet: SheetContent) -> Iterator[tuple[Sequence[Cell], tuple[tuple[int, float], ...]]]:
    """The cells of a sheet, with the heights of its rows: in one, or in bands of rows where there are many in order."""
    cells, heights = sheet.cells, sheet.heights
    if len(cells) <= BAND or any(below.row < above.row for above, below in pairwise(cells)):
        yield cells, tuple(heights.items())
        return
    high = sorted(heights.items())
    start = reach = told = 0
    for position, cell in enumerate(cells):
        if position - start >= BAND and cell.row > reach:
            until = bisect(high, (cell.row,))
            yield cells[start:position], tuple(high[told:until])
            start, told = position, until
        reach = max(reach, cell.row, cell.last_row)
    yield cells[start:], tuple(high[told:])


def _between_listings(sheet: SheetContent) -> Iterator[tuple[Sequence[Cell], tuple[tuple[int, float], ...]]]:
    """The own cells of a sheet, with the heights of their rows: those above its first listing, and those below each."""
    listings = listings_of(sheet)
    firsts = [listing.first for listing in listings]
    groups: list[list[Cell]] = [[] for _ in range(len(listings) + 1)]
    for cell in sheet.cells:
        groups[bisect(firsts, cell.row)].append(cell)
    heights: list[dict[int, float]] = [{} for _ in groups]
    for row, points in sheet.heights.items():
        heights[bisect(firsts, row)][row] = points
    ends = (-1, *(listing.last for listing in listings))
    for end, cells, high, nearest in zip(ends, groups, heights, (*firsts, MOST_ROWS), strict=True):
        rows = {*high, *(cell.row for cell in cells)}
        if min(rows, default=MOST_ROWS) <= end or max((cell.last_row for cell in cells), default=-1) >= nearest:
            raise Unusual("cells among the rows of a listing")
        yield cells, tuple(high.items())
    if [*chain.from_iterable(groups)] != sheet.cells:
        raise Unusual("cells in no order beside listings")


def number_of(value: Decimal | int) -> float | None:
    """The number as a cell keeps it; None of one that it cannot keep."""
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return number if -_SURELY_EXACT < number < _SURELY_EXACT or exact(value) else None


def formula_tail(formula: str, value: Value) -> bytes:
    """What stands in the cell of a formula, with the value beside it."""
    text = _formula(formula)
    if value is None or isinstance(value, str):
        kind = b"e" if value in _ERRORS else b"str"
        return b' t="%b"%b%b</v></c>' % (kind, text, escaped(value or "").encode())
    return text + str(as_result(value)).encode() + b"</v></c>"


@lru_cache(_REMEMBERED)
def _formula(formula: str) -> bytes:
    """The text of a formula up to its value, but of one that spills over cells, which only the library knows to write."""
    for function in _FUNCTIONS.findall(formula):
        if _spills(function):
            raise Unusual(formula)
    return f"><f>{escaped(formula)}</f><v>".encode()


_FUNCTIONS = re.compile(r"\w+\(")


@lru_cache(1_024)
def _spills(function: str) -> bool:
    return re_dynamic_function.search(function) is not None


def _dimension(sheet: SheetContent, extents: Sequence[tuple[int, ...]]) -> str:
    """What the file says of the extent of a sheet: that of its cells, its rows with heights and its hidden columns."""
    rows = [row for extent in extents for row in extent[:2]]
    columns = [column for column in sheet.hidden_columns if sheet.widths.get(column)]
    if sheet.heights:
        # A row of some height begins where hidden columns do.
        columns.append(min(columns, default=0))
        rows += min(sheet.heights), max(sheet.heights)
    columns += (column for extent in extents for column in extent[2:])
    if not columns and not rows:
        return '<dimension ref="A1"/>'
    if max(columns, default=0) >= MOST_COLUMNS:
        raise Unusual("a column beyond the last")
    first = f"{LETTERS[min(columns, default=0)]}{min(rows, default=0) + 1}"
    last = f"{LETTERS[max(columns, default=0)]}{max(rows, default=0) + 1}"
    return f'<dimension ref="{first if first == last else f"{first}:{last}"}"/>'


def _written_item(text: str) -> tuple[str, bytes]:
    """A text made fit for a cell, and what the file has of it."""
    clean = clean_text(text)
    return clean, f"<si>{text_element(clean)}</si>".encode()


_item = lru_cache(_REMEMBERED)(_written_item)


class _Numbered(dict[int, bytes]):
    def __missing__(self, number: int) -> bytes:
        tail = b' t="s"><v>%d</v></c>' % number
        if number < _REMEMBERED:
            self[number] = tail
        return tail


_NUMBERED = _Numbered()
"""What ends the cell of a text by the number of the text, kept."""
