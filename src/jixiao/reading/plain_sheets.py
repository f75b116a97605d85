"""The sheets of an .xlsx that is written as spreadsheet programs write them, read by searching their XML.

The library for all formats reads a package again from its first byte, and of what it finds some things cannot be asked.
Here the parts that are unpacked already are searched. That is right only where a part is of one plain form, so every
byte between the cells is held against that form first, and a workbook of which anything differs (odd order, foreign
prefixes, dates, inline texts, formulas without a result, whatever) is left to the library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import unescape
from itertools import product
from string import ascii_uppercase
from xml.parsers.expat import ExpatError, ParserCreate

from jixiao.model.cell import CellValue
from jixiao.reading.details import MERGE_SLACK, bounded_merges, detailed
from jixiao.reading.grid import Grid, Merge, Rows
from jixiao.reading.limits import Limits
from jixiao.reading.ooxml import SheetPart, cell_formats, percent_styles, sheet_details
from jixiao.reading.package import Package
from jixiao.reading.refusal import unreadable

_DECLARED = re.compile(rb'\s*(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\s?\?>)?\s*<')
_FORMULA = rb"(?:<f(?: [^<>]*+)?+>(?:[^<]*+</f>)?+)?+"
_NUMBER = rb"[0-9.eE+\-]++"
_CELL = (
    rb'<c r="[A-Z]{1,2}+[0-9]{1,4}+"(?: s="[0-9]{1,5}+")?+'
    rb"(?: ?/>"
    rb'| t="s"><v>[0-9]{1,7}+</v></c>'
    rb"|(?: t=\"[nb]\")?+>" + _FORMULA + rb"<v>" + _NUMBER + rb"</v></c>"
    rb'| t="str">' + _FORMULA + rb"<v>[^<]*+</v></c>"
    rb'| t="e">' + _FORMULA + rb"<v>[^<]++</v></c>)"
)
_ROWS = re.compile(rb'(?:<row r="[0-9]{1,4}+"(?: [\w:]++="[^"<>]*+")*+ ?(?:/>|>(?:' + _CELL + rb")*+</row>))*+</sheetData>")
_FILLED = re.compile(
    rb'<c r="([A-Z]++[0-9]++)"(?: s="([0-9]++)")?+(?: t="([a-z]++)")?+>' + _FORMULA + rb"<v>([^<]++)"
)
_SHEET_DATA = b"<sheetData>"
_NO_ROWS = re.compile(rb"<sheetData ?/>")
_ONE_MERGE = rb'<mergeCell ref="([A-Z]{1,3}+)([0-9]{1,7}+):([A-Z]{1,3}+)([0-9]{1,7}+)" ?/>'
_MERGES = re.compile(rb'<mergeCells(?: count="[0-9]{1,7}")?>(?:' + _ONE_MERGE.replace(b"(", b"(?:") + rb")*+</mergeCells>")
_MERGE = re.compile(_ONE_MERGE)

_ITEMS = re.compile(
    r"<sst [^<>]*+>(?:<si>"
    r'(?:<t>(?![ \t\n])[^<]*+(?<![ \t\n])</t>|<t xml:space="preserve">[^<]*+</t>)'
    r"(?:<phoneticPr [^<>/]*+/>)?+</si>)*+</sst>\s*"
)
_ITEM = re.compile(r"<si><t[^>]*+>([^<]*+)")
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#10);)")
"""A reference to a character that is not one of the usual ones."""

_UNDATED = frozenset((*range(5), *range(9, 14), *range(37, 45), 49))
"""The built-in number formats that show no date: general, numbers, percentages, amounts, text."""

_OWN_FORMATS = 100
"""Formats of a workbook's own have higher numbers than any that is built in."""

_UNDATED_CODE = re.compile(r'(?:General|[0#?.,%;_\-()*+@$¥￥ ]|\\[\-(). ]|"[^"\[\]\\]{0,20}")*')
_VISIBLE = frozenset({b"", b"visible"})


class _NotPlainError(Exception):
    """A part is not of the plain form."""


def plain_grids(package: Package, sheets: Sequence[SheetPart], limits: Limits) -> list[Grid] | None:
    """The sheets as grids, None where the workbook is not of the plain form. Raises `Refusal`."""
    try:
        return _grids(package, sheets, limits)
    except (_NotPlainError, IndexError, ValueError):  # an index beyond the texts, no UTF-8, no number
        return None


def _grids(package: Package, sheets: Sequence[SheetPart], limits: Limits) -> list[Grid]:
    parts = package.parts
    if not package.sound or not sheets or not all(each.plain and each.path in parts for each in sheets):
        raise _NotPlainError
    if len(sheets) > limits.sheets:
        raise unreadable(f"有 {len(sheets)} 张工作表，超出 {limits.sheets} 张的限度")
    styles = parts.get("xl/styles.xml", b"")
    if b"<styleSheet" not in styles or not all(_is_whole(part) for part in (styles, parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"])):
        raise _NotPlainError
    strings = _shared_strings(parts)
    undated, percent = undated_styles(styles), percent_styles(styles)
    grids = [_grid(each, parts[each.path], strings, undated, percent, limits) for each in sheets]
    if sum(len(_COLUMNS) * (_last_row(grid) + 1) for grid in grids) > limits.cells:
        _check_area(grids, limits)
    return grids


def _last_row(grid: Grid) -> int:
    return grid.rows.last if isinstance(grid.rows, Rows) else len(grid.rows) - 1


def _check_area(grids: Sequence[Grid], limits: Limits) -> None:
    if sum(len(grid.rows) * max(map(len, grid.rows), default=0) for grid in grids) > limits.cells:
        raise _NotPlainError


def _grid(
    about: SheetPart, sheet: bytes, strings: Sequence[str], undated: frozenset[bytes], percent: frozenset[bytes],
    limits: Limits,
) -> Grid:  # fmt: skip
    start = sheet.find(_SHEET_DATA)
    plain = _ROWS.match(sheet, start + len(_SHEET_DATA)) if start >= 0 else _NO_ROWS.search(sheet)
    if plain is None or not _DECLARED.match(sheet) or not sheet.rstrip().endswith(b"</worksheet>"):
        raise _NotPlainError
    if sheet.find(b"<sheetData", plain.end()) >= 0:
        raise _NotPlainError
    # Taking it apart would cost as much as all the rest; the head and the tail hold headers and footers of the filing's own.
    around = sheet[: start if start >= 0 else plain.start()] + sheet[plain.end() :]
    if around.count(b"<") != 2 * around.count(b"</") + around.count(b"/>") + around.startswith(b"<?xml"):
        raise _NotPlainError
    sheet.decode()  # formulas are not asked for, but what is no text is damaged
    cells, errors = _values(sheet, plain.start(), plain.end(), strings, undated)
    rows = Rows(cells)
    merges, bottom = _merges(sheet, plain.end(), limits)
    if bottom > rows.last:  # far below what is filled a merge shows nothing
        merges = bounded_merges(merges, rows)
    grid = Grid(about.name, rows, merges, hidden=about.state not in _VISIBLE)
    return detailed(grid, sheet_details(sheet, percent, odd_values=errors))


@lru_cache(maxsize=32)  # offices copy one template
def _is_whole(part: bytes) -> bool:
    """Whether a part is well-formed XML: what Excel would have to mend is not searched."""
    try:
        ParserCreate().Parse(part, True)
    except (ExpatError, LookupError, ValueError):  # broken, or an encoding that is not known
        return False
    return True


def _values(
    sheet: bytes, start: int, end: int, strings: Sequence[str], undated: frozenset[bytes]
) -> tuple[dict[tuple[int, int], CellValue], bool]:
    """The filled cells row by row, and whether there are errors."""
    cells: dict[tuple[int, int], CellValue] = {}
    spots, last, errors = _SPOTS, (-1, -1), False
    value: CellValue
    for reference, style, kind, text in _FILLED.findall(sheet, start, end):
        if kind == b"s":
            value = strings[int(text)]
            if not value:
                continue
        elif not kind or kind == b"n":
            if style and style not in undated:
                raise _NotPlainError
            value = float(text)
        elif kind == b"str":
            value = _text(text.decode())
        elif kind == b"b":
            value = _TRUTH[text]
        else:
            errors = True
            continue
        spot = spots[reference]
        if spot <= last:
            raise _NotPlainError
        last = spot
        cells[spot] = value
    return cells, errors


_COLUMNS: Mapping[bytes, int] = {
    "".join(letters).encode(): number
    for number, letters in enumerate((*((letter,) for letter in ascii_uppercase), *product(ascii_uppercase, repeat=2)))
}


class _Spots(dict[bytes, tuple[int, int]]):
    """The row and column of references, remembered: filings of one template fill the same cells."""

    def __missing__(self, reference: bytes) -> tuple[int, int]:
        letters = reference.rstrip(b"0123456789")
        spot = int(reference[len(letters) :]) - 1, _COLUMNS[letters]
        if len(self) < MOST_SPOTS:
            self[reference] = spot
        return spot


MOST_SPOTS = 20_000
_SPOTS = _Spots()


class _Truth(dict[bytes, bool]):
    def __missing__(self, text: bytes) -> bool:
        raise _NotPlainError


_TRUTH = _Truth({b"0": False, b"1": True})


def _merges(sheet: bytes, start: int, limits: Limits) -> tuple[tuple[Merge, ...], int]:
    """The merges, and a row below which none of them reaches (very large where one reaches far to the right)."""
    at = sheet.find(b"mergeCell", start)
    if at < 0:
        return (), 0
    plain = _MERGES.match(sheet, at - 1)
    if plain is None or sheet.find(b"mergeCell", plain.end()) >= 0:
        raise _NotPlainError
    found, bottom = _ranges(plain[0])
    if len(found) > limits.merges:
        raise unreadable("合并单元格过多")
    return found, bottom


@lru_cache(maxsize=64)  # offices copy one template
def _ranges(merges: bytes) -> tuple[tuple[Merge, ...], int]:
    columns, found = _COLUMNS, _MERGE.findall(merges)
    if any(len(column) > 2 or len(last_column) > 2 for column, _, last_column, _ in found):
        raise _NotPlainError
    ranges = tuple(
        Merge(int(row) - 1, columns[column], int(last_row) - 1, columns[last_column])
        for column, row, last_column, last_row in found
    )
    wide = any(merge.last_column >= MERGE_SLACK for merge in ranges)
    return ranges, 1 << 30 if wide else max((merge.last_row for merge in ranges), default=0)


def _shared_strings(parts: Mapping[str, bytes]) -> list[str]:
    part = parts.get("xl/sharedstrings.xml")
    if part is None:
        return []
    text = part[max(part.find(b"<sst"), 0) :].decode()
    if not _DECLARED.match(part) or not _ITEMS.fullmatch(text) or "\r" in text or "_x" in text:
        raise _NotPlainError
    found: list[str] = _ITEM.findall(text)
    if "&" in text:
        return [_text(each) if "&" in each else each for each in found]
    return found


def _text(text: str) -> str:
    """A text with its references resolved. Line ends that parsers change, and what may be an escaped character, are odd."""
    if "\r" in text or "_x" in text or _REFERENCE.search(text):
        raise _NotPlainError
    return unescape(text) if "&" in text else text


@lru_cache(maxsize=8)  # offices copy one template
def undated_styles(styles: bytes) -> frozenset[bytes]:
    """The style numbers of cells whose numbers are surely no dates."""
    numbers, codes = cell_formats(styles)
    undated = {number for number in set(numbers) if _is_undated(number, codes)}
    return frozenset(str(index).encode() for index, number in enumerate(numbers) if number in undated)


def _is_undated(number: bytes, codes: Mapping[bytes, bytes]) -> bool:
    if not number.isdigit() or len(number) > 6 or not (int(number) in _UNDATED or int(number) >= _OWN_FORMATS):
        return False
    code = codes.get(number)
    if code is None:
        return int(number) in _UNDATED
    return _UNDATED_CODE.fullmatch(unescape(code.decode("utf-8", "replace"))) is not None
