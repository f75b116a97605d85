"""The cells of a sheet as the file has them; what is not plain raises `UnsupportedContent` and is left to the drawing library."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from jixiao.writing.xlsx.adapter import StyleNumbers, spills
from jixiao.writing.xlsx.cell_text import (
    LETTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    as_result,
    cell_name,
    clean_text,
    escaped,
    number_of,
    text_element,
)
from jixiao.writing.xlsx.content import Cell, Listing, SheetContent, Value, listings_of, row_cells, row_height
from jixiao.writing.xlsx.fast.package import UnsupportedContent

DEFAULT_PIXELS, DEFAULT_POINTS, HIGHEST_POINTS = 20, 15.0, 409.0
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_FUNCTIONS = re.compile(r"\w+\(")


class SharedTexts(dict[str, int]):
    """The number of each text of a workbook, in the order in which texts are met; `uses` counts the cells with one."""

    def __init__(self) -> None:
        super().__init__()
        self.uses = 0
        self._items: list[str] = []

    def __missing__(self, text: str) -> int:
        clean, item = _text_item(text)
        if clean != text:
            number = self[clean]
        else:
            number = len(self._items)
            self._items.append(item)
        self[text] = number
        return number

    def xml(self) -> str:
        """Return the part of the file that holds the texts."""
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            f' count="{self.uses}" uniqueCount="{len(self._items)}">{"".join(self._items)}</sst>'
        )


class SheetRows:
    """The cells of one sheet: its own at once, those of its listings row by row while `pieces` is gone through.

    `links` are the cells with links, complete after the last piece.
    """

    def __init__(self, sheet: SheetContent, texts: SharedTexts, styles: StyleNumbers) -> None:
        self._sheet, self._texts, self._styles = sheet, texts, styles
        self._listings = listings_of(sheet)
        self._rows: defaultdict[int, list[tuple[int, int, str]]] = defaultdict(list)
        self._merges: list[str] = []
        self.links: list[Cell] = []
        self._add(sheet.cells)
        self.dimension = self._dimension()

    def merges(self) -> str:
        """Return the element of the merged ranges, complete after the last piece."""
        ranges = self._merges
        return f'<mergeCells count="{len(ranges)}">{"".join(ranges)}</mergeCells>' if ranges else ""

    def pieces(self) -> Iterator[bytes]:
        """Yield the rows from the top down, the rows of a listing one by one."""
        heights = self._sheet.heights
        own = sorted(heights.keys() | self._rows.keys(), reverse=True)
        if not own and not self._listings:
            yield b"<sheetData/>"
            return
        yield b"<sheetData>"
        for listing in self._listings:
            above = []
            while own and own[-1] < listing.first:
                above.append(own.pop())
            yield self._own_rows(above)
            if own and own[-1] <= listing.last:
                raise UnsupportedContent("cells among the rows of a listing")
            yield from self._listing_rows(listing)
        yield self._own_rows(own[::-1])
        yield b"</sheetData>"

    def _own_rows(self, rows: list[int]) -> bytes:
        heights = self._sheet.heights
        return "".join([self._row(row, heights.get(row, DEFAULT_POINTS)) for row in rows]).encode()

    def _listing_rows(self, listing: Listing) -> Iterator[bytes]:
        for at, row in enumerate(listing.rows, start=listing.first):
            self._add(row_cells(at, listing.columns, row))
            yield self._row(at, row_height(listing.columns, row, least=listing.least)).encode()

    def _add(self, cells: Iterable[Cell]) -> None:
        """Add cells to their rows; a merged range is its first cell and blank ones, in each of its rows."""
        rows, styles, texts = self._rows, self._styles, self._texts
        for cell in cells:
            row, column, style, value = cell.row, cell.column, styles[cell.style], cell.value
            if cell.formula:
                end = _formula_end(cell.formula, value)
            elif value is None or value == "":
                end = "/>"
            elif not isinstance(value, str) and (number := number_of(value)) is not None:
                end = f"><v>{number:.16G}</v></c>"
            else:
                end = f' t="s"><v>{texts[str(value)]}</v></c>'
                texts.uses += 1
            text = f'<c r="{LETTERS[column]}{row + 1}" s="{style}"{end}'
            last_row, last_column = cell.last_row, cell.last_column
            if last_row > row or last_column > column:
                merge, right, below = _merged(row, column, last_row, last_column, style)
                self._merges.append(merge)
                text += right
                for at, blanks in below:
                    rows[at].append((column, last_column, blanks))
            rows[row].append((column, max(column, last_column), text))
            if cell.link is not None:
                if cell.link.file and (cell.formula or not value or not isinstance(value, str)):
                    raise UnsupportedContent("a link to a file without a text")
                self.links.append(cell)

    def _row(self, row: int, points: float) -> str:
        """Take a row out and return its element."""
        cells = sorted(self._rows.pop(row, ()))
        for (_, last, _), (column, _, _) in pairwise(cells):
            if last >= column:
                raise UnsupportedContent("overlapping cells")
        if row >= MOST_ROWS:
            raise UnsupportedContent("a row beyond the last")
        start = f'<row r="{row + 1}"{_height(points)}'
        return f"{start}>{''.join([text for _, _, text in cells])}</row>" if cells else f"{start}/>"

    def _dimension(self) -> str:
        """Return the extent of the sheet: that of its cells, of its rows with heights and of its hidden columns."""
        sheet = self._sheet
        rows = [row for rows in (self._rows, sheet.heights) if rows for row in (min(rows), max(rows))]
        columns = [column for column in sheet.hidden_columns if sheet.widths.get(column)]
        if sheet.heights:
            # A row of some height begins where hidden columns do.
            columns.append(min(columns, default=0))
        if sheet.cells:
            columns.append(min([cell.column for cell in sheet.cells]))
            columns += max([cell.column for cell in sheet.cells]), max([cell.last_column for cell in sheet.cells])
        for listing in self._listings:
            rows += listing.first, listing.last
            columns += 0, len(listing.columns) - 1
        if max(columns, default=0) >= MOST_COLUMNS:
            raise UnsupportedContent("a column beyond the last")
        first = cell_name(min(rows, default=0), min(columns, default=0))
        last = cell_name(max(rows, default=0), max(columns, default=0))
        return f'<dimension ref="{first if first == last else f"{first}:{last}"}"/>'


@lru_cache(16_384)
def _merged(row: int, column: int, last_row: int, last_column: int, style: int) -> tuple[str, str, tuple[tuple[int, str], ...]]:
    """Return a merged range's element, the blank cells right of its first one, and those of each further row.

    Cached because the merged ranges of a form are the same in every filing: 0.5 of 3 ms that drawing a filing takes.
    """

    def blanks(at: int, first: int) -> str:
        return "".join([f'<c r="{LETTERS[each]}{at + 1}" s="{style}"/>' for each in range(first, last_column + 1)])

    merge = f'<mergeCell ref="{cell_name(row, column)}:{cell_name(last_row, last_column)}"/>'
    below = tuple((at, blanks(at, column)) for at in range(row + 1, last_row + 1))
    return merge, blanks(row, column + 1), below


@lru_cache(1_024)
def _height(points: float) -> str:
    """Return the attributes of a row of this height; none for the default height."""
    pixels = int(min(points, HIGHEST_POINTS) * 4 / 3 + 0.5)
    if pixels <= 0:
        raise UnsupportedContent("a hidden row")
    return "" if pixels == DEFAULT_PIXELS else f' ht="{pixels * 0.75:.16g}" customHeight="1"'


def _formula_end(formula: str, value: Value) -> str:
    """Return what follows address and style in the cell of a formula with its value."""
    text = _formula_element(formula)
    if value is None or isinstance(value, str):
        kind = "e" if value in _ERRORS else "str"
        return f' t="{kind}">{text}<v>{escaped(value or "")}</v></c>'
    return f">{text}<v>{as_result(value)}</v></c>"


@lru_cache(16_384)
def _formula_element(formula: str) -> str:
    """Return the element of a formula; the library alone knows to write those whose results spill over cells."""
    if any(spills(function) for function in _FUNCTIONS.findall(formula)):
        raise UnsupportedContent(formula)
    return f"<f>{escaped(formula)}</f>"


@lru_cache(16_384)
def _text_item(text: str) -> tuple[str, str]:
    """Return a text made fit for a cell, and its element among the shared texts."""
    clean = clean_text(text)
    return clean, f"<si>{text_element(clean)}</si>"
