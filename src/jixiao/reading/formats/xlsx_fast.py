"""The sheets of an .xlsx that is written as spreadsheet programs write them, read by searching their XML.

Calamine reads a package again from its first byte, and does not tell of percent formats. Here the parts that are unpacked
already are searched. That is right only where every byte is of one plain form, so all of it is held against that form, and
a workbook of which anything differs (odd order, prefixes, dates, errors, inline texts, hidden rows, whatever) is left to
the library.

A sheet's rows are cut where cells begin. Nearly all pieces (blank cells of the form, labels, points) are the same, byte for
byte, in filing after filing of one template, so what a piece says is cached by its bytes: it depends on nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from string import ascii_uppercase

from jixiao.model.cell import CellValue
from jixiao.reading.formats.grid import MERGE_SLACK, Cell, Grid, Merge, SparseRows, bounded_merges
from jixiao.reading.formats.limits import Limits, unreadable
from jixiao.reading.formats.xlsx_details import NO_STYLE, SheetPart, Styles, read_styles
from jixiao.reading.formats.zip_package import Package

_DECLARED = re.compile(rb'\s*(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\s?\?>)?\s*<')
_SHEET_DATA, _SHEET_DATA_END = b"<sheetData>", b"</sheetData>"
_NO_ROWS = re.compile(rb"<sheetData ?/>")
_ONE_MERGE = rb'<mergeCell ref="([A-Z]{1,2}+)([1-9][0-9]{0,6}+):([A-Z]{1,2}+)([1-9][0-9]{0,6}+)" ?/>'
_MERGES = re.compile(rb'<mergeCells(?: count="[0-9]{1,7}")?>(?:' + _ONE_MERGE.replace(b"(", b"(?:") + rb")*+</mergeCells>")
_MERGE = re.compile(_ONE_MERGE)
_MERGES_END = b"</mergeCells>"

_TABLE_HEAD = re.compile(rb"<sst [^<>]*+>")
_TABLE_TAIL = re.compile(rb"</sst>\s*")
_ITEM = re.compile(
    rb'(?:<t>(?![ \t\n])([^<]*+)(?<![ \t\n])</t>|<t xml:space="preserve">([^<]*+)</t>)(?:<phoneticPr [^<>/]*+/>)?+</si>'
)
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#10;": "\n", "&amp;": "&"}
"""The usual references, that to their own mark last."""

_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#10);)")
"""A reference to a character that is not one of the usual ones."""

_CUT = b'<c r="'
_FORMULA = rb"(?:<f(?: [^<>]*+)?+>(?:[^<]*+</f>)?+)?+"
_ROW = rb'<row r="[1-9][0-9]{0,3}+"(?: [\w:]++="[^"<>]*+")*+ ?'
_EMPTY_ROWS = rb"(?:" + _ROW + rb"(?:/>|></row>))*+"
_PIECE = re.compile(
    rb'([A-Z]{1,2}+)([1-9][0-9]{0,3}+)"(?: s="([0-9]{1,5}+)")?+'
    rb"(?: ?/>"
    rb'| t="s"><v>([0-9]{1,7}+)</v></c>'
    rb'|(?: t="n")?+>' + _FORMULA + rb"<v>([0-9.eE+\-]++)</v></c>"
    rb'| t="b">' + _FORMULA + rb"<v>([01])</v></c>"
    rb'| t="str">' + _FORMULA + rb"<v>([^<]*+)</v></c>)"
    rb"(?:</row>" + _EMPTY_ROWS + _ROW + rb">)?+"
)
_BEFORE = re.compile(_EMPTY_ROWS + _ROW + rb">")
_NO_CELLS = re.compile(_EMPTY_ROWS)
_ANOTHER_ROW = b'<row r="1">'
"""Put behind the last cell, whose row must be closed, so that its piece is of the form of the others."""

_HIDING = (b"hidden=", b' ht="0', b'width="0')
"""What may say that rows or columns are hidden, or of no height or width."""

COLUMNS: Mapping[bytes, int] = {
    "".join(letters).encode(): number
    for number, letters in enumerate((*((letter,) for letter in ascii_uppercase), *product(ascii_uppercase, repeat=2)))
}
"""The numbers of columns by their letters, of one letter or two."""

MOST_CACHED, LONGEST_CACHED = 8_192, 600
"""So many pieces and texts of so many bytes are cached: up to 12 MiB. Longer ones are what departments write."""


class NotPlainError(Exception):
    """A part is not of the plain form."""


def plain_grids(package: Package, sheets: Sequence[SheetPart], limits: Limits) -> list[Grid] | None:
    """Return the sheets as grids, None where the workbook is not of the plain form. Raises `UnreadableFile`."""
    try:
        return _grids(package, sheets, limits)
    except (NotPlainError, IndexError, ValueError):  # an index beyond the texts, no UTF-8, no number
        return None


def _grids(package: Package, sheets: Sequence[SheetPart], limits: Limits) -> list[Grid]:
    parts, styles = package.parts, read_styles(package.parts.get("xl/styles.xml", b""))
    if not (package.sound and styles.whole and sheets and all(sheet.plain and sheet.path in parts for sheet in sheets)):
        raise NotPlainError
    if len(sheets) > limits.sheets:
        raise unreadable(f"有 {len(sheets)} 张工作表，超出 {limits.sheets} 张的限度")
    texts = shared_texts(parts.get("xl/sharedstrings.xml"))
    most_rows = limits.cells // (len(COLUMNS) * len(sheets))
    grids = [_grid(sheet, parts[sheet.path], texts, styles, limits) for sheet in sheets]
    if any(isinstance(grid.rows, SparseRows) and grid.rows.last >= most_rows for grid in grids):
        raise NotPlainError  # the library counts the area exactly
    return grids


def _grid(about: SheetPart, sheet: bytes, texts: Sequence[str], styles: Styles, limits: Limits) -> Grid:
    head, opened, rest = sheet.partition(_SHEET_DATA)
    rows, closed, tail = rest.partition(_SHEET_DATA_END)
    if not opened:
        empty = _NO_ROWS.search(sheet)
        head, rows, tail = (sheet[: empty.start()], b"", sheet[empty.end() :]) if empty else (b"", b"", b"")
    if not _DECLARED.match(sheet) or any(mark in sheet for mark in _HIDING) or (opened and not closed):
        raise NotPlainError
    if not tail.rstrip().endswith(b"</worksheet>") or b"<sheetData" in tail:
        raise NotPlainError
    # Taking it apart would cost as much as all the rest; the head and the tail hold headers and footers of the filing's own.
    around = head + tail
    if around.count(b"<") != 2 * around.count(b"</") + around.count(b"/>") + around.startswith(b"<?xml"):
        raise NotPlainError
    around.decode()
    cells, percent = read_cells(rows, texts, styles)
    filled = SparseRows(cells)
    merges, bottom = _merges(tail, limits)
    if bottom > filled.last:  # far below what is filled a merge shows nothing
        merges = bounded_merges(merges, filled)
    return Grid(about.name, filled, merges, hidden=about.hidden, percent=frozenset(percent))


def _merges(tail: bytes, limits: Limits) -> tuple[tuple[Merge, ...], int]:
    """Return the merges behind a sheet's rows and the last row of all, a very large one where a merge reaches far right."""
    at = tail.find(b"mergeCell")
    if at < 0:
        return (), 0
    merges, end, rest = tail[max(at - 1, 0) :].partition(_MERGES_END)
    if b"mergeCell" in rest:
        raise NotPlainError
    ranges, bottom = _ranges(merges + end)
    if len(ranges) > limits.merges:
        raise unreadable("合并单元格过多")
    return ranges, bottom


@lru_cache(maxsize=64)
def _ranges(merges: bytes) -> tuple[tuple[Merge, ...], int]:
    """Return what `_merges` does of its part. Cached, as offices copy one template: saves 0.15 ms a filing."""
    if not _MERGES.fullmatch(merges):
        raise NotPlainError
    ranges = tuple(
        Merge(int(row) - 1, COLUMNS[column], int(last_row) - 1, COLUMNS[last_column])
        for column, row, last_column, last_row in _MERGE.findall(merges)
    )
    wide = any(merge.last_column >= MERGE_SLACK for merge in ranges)
    return ranges, 1 << 30 if wide else max((merge.last_row for merge in ranges), default=0)


def shared_texts(part: bytes | None) -> list[str]:
    """Return the workbook's table of texts. Raises `NotPlainError` or, where it is no text, `ValueError`."""
    if part is None:
        return []
    if not _DECLARED.match(part):
        raise NotPlainError
    head, *items = part[max(part.find(b"<sst"), 0) :].split(b"<si>")
    last = items if items else [head]
    last[-1], end, tail = last[-1].partition(b"</sst>")
    if not items:
        head = last[0]
    if not _TABLE_HEAD.fullmatch(head) or not _TABLE_TAIL.fullmatch(end + tail):
        raise NotPlainError
    plain_text(head.decode())
    return [_cached_text(item) if len(item) <= LONGEST_CACHED else _shared_text(item) for item in items]


def _shared_text(item: bytes) -> str:
    text = _ITEM.fullmatch(item)
    if text is None:
        raise NotPlainError
    plain_text(item.decode())  # attributes are held to the same as the text
    return plain_text((text[1] or text[2] or b"").decode())


_cached_text = lru_cache(maxsize=MOST_CACHED)(_shared_text)


def plain_text(text: str) -> str:
    """Return a text with its references resolved. Line ends that parsers change, and what may be escaped, are not plain."""
    if "\r" in text or "_x" in text or _REFERENCE.search(text):
        raise NotPlainError
    if "&" in text:
        for reference, character in _REFERENCES.items():
            text = text.replace(reference, character)
    return text


def read_cells(rows: bytes, texts: Sequence[str], styles: Styles) -> tuple[dict[Cell, CellValue], set[Cell]]:
    """Return the filled cells row by row, and those with a percent format; `texts` is the workbook's table of texts.

    Raises `NotPlainError` where anything is not of the plain form, `IndexError` or `ValueError` where it is damaged.
    """
    first, *pieces = rows.split(_CUT)
    if not (_BEFORE if pieces else _NO_CELLS).fullmatch(first):
        raise NotPlainError
    first.decode()
    if pieces:
        pieces[-1] += _ANOTHER_ROW
    cells: dict[Cell, CellValue] = {}
    percent: set[Cell] = set()
    last, plain_styles = (-1, -1), styles.plain
    for piece in pieces:
        cell = _cached_cell(piece) if len(piece) <= LONGEST_CACHED else _read_piece(piece)
        if cell is None:
            continue
        position, style, index, value = cell
        if style not in plain_styles:
            if type(value) is float and style not in styles.undated:
                raise NotPlainError
            if style in styles.percent:
                percent.add(position)
        if index is not None:
            value = texts[index]
            if not value:
                continue
        if position <= last:
            raise NotPlainError
        last = position
        cells[position] = value
    return cells, percent


def _read_piece(piece: bytes) -> tuple[Cell, int, int | None, CellValue] | None:
    """Return the position, the style and the value of a cell, or the number of its text; None of a blank one."""
    parsed = _PIECE.fullmatch(piece)
    if parsed is None:
        raise NotPlainError
    piece.decode()  # formulas are not read, but what is no text is damaged
    letters, row, style, index, number, truth, text = parsed.groups()
    value: CellValue = None
    if number:
        value = float(number)
    elif text:
        value = plain_text(text.decode())
    elif truth:
        value = truth == b"1"
    elif not index:
        return None
    return (int(row) - 1, COLUMNS[letters]), int(style) if style else NO_STYLE, int(index) if index else None, value


_cached_cell = lru_cache(maxsize=MOST_CACHED)(_read_piece)
"""The same of pieces that may come again: 980 of 1,044 in a filing came before. Saves 0.9 ms a filing."""
