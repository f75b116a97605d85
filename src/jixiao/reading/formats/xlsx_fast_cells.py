"""Cells of a sheet written the usual way, each known by the bytes it is written with.

A sheet's rows are cut where cells begin. What stands between two cuts is a cell and, where it is the last of its row, the
tags of rows behind it; nearly all of it (blank cells of the form, its labels, points) is the same, byte for byte, in
filing after filing of one template. So a piece is held against the plain form and taken apart once, and is known by its
bytes from then on; one that was never seen before takes the long way. What a piece says hangs on nothing but its bytes
and the styles of its workbook, so that knowing it changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from string import ascii_uppercase
from typing import Any, NamedTuple

from jixiao.model.cell import CellValue
from jixiao.reading.formats.xlsx_details import cell_formats, percent_styles

_TABLE_HEAD = re.compile(rb"<sst [^<>]*+>")
_TABLE_TAIL = re.compile(rb"</sst>\s*")
_TEXT_CUT = b"<si>"
_ITEM = re.compile(
    rb'(?:<t>(?![ \t\n])([^<]*+)(?<![ \t\n])</t>|<t xml:space="preserve">([^<]*+)</t>)(?:<phoneticPr [^<>/]*+/>)?+</si>'
)
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#10;": "\n", "&amp;": "&"}
"""The usual references, that to their own mark last."""

_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#10);)")
"""A reference to a character that is not one of the usual ones."""

MOST_TEXTS, LONGEST_TEXT = 8_192, 600
"""So many texts are known at once, of so many bytes; longer ones are what departments write."""


class NotPlainError(Exception):
    """A part is not of the plain form."""


class _KnownTexts(dict[bytes, str]):
    def __missing__(self, item: bytes) -> str:
        found = _ITEM.fullmatch(item)
        if found is None:
            raise NotPlainError
        plain_text(item.decode())  # attributes are held to the same as the text
        text = plain_text((found[1] or found[2] or b"").decode())
        if len(item) <= LONGEST_TEXT:
            if len(self) >= MOST_TEXTS:
                self.clear()
            self[item] = text
        return text


_KNOWN = _KnownTexts()


def table_of_texts(part: bytes) -> list[str]:
    """The texts of a table from its first element on. Raises `NotPlainError` or, where it is no text, `ValueError`."""
    head, *items = part.split(_TEXT_CUT)
    if items:
        items[-1], end, tail = items[-1].partition(b"</sst>")
    else:
        head, end, tail = head.partition(b"</sst>")
    if not _TABLE_HEAD.fullmatch(head) or not _TABLE_TAIL.fullmatch(end + tail):
        raise NotPlainError
    plain_text(head.decode())
    return list(map(_KNOWN.__getitem__, items))


def plain_text(text: str) -> str:
    """A text with its references resolved. Line ends that parsers change, and what may be an escaped character, are odd."""
    if "\r" in text or "_x" in text or _REFERENCE.search(text):
        raise NotPlainError
    if "&" in text:
        for reference, character in _REFERENCES.items():
            text = text.replace(reference, character)
    return text


Position = tuple[int, int]

COLUMNS: Mapping[bytes, int] = {
    "".join(letters).encode(): number
    for number, letters in enumerate((*((letter,) for letter in ascii_uppercase), *product(ascii_uppercase, repeat=2)))
}
"""The numbers of columns by their letters, of one letter or two."""

_CUT = b'<c r="'
_FORMULA = rb"(?:<f(?: [^<>]*+)?+>(?:[^<]*+</f>)?+)?+"
_ROW = rb'<row r="[0-9]{1,4}+"(?: [\w:]++="[^"<>]*+")*+ ?'
_EMPTY_ROWS = rb"(?:" + _ROW + rb"(?:/>|></row>))*+"
_PIECE = re.compile(
    rb'([A-Z]{1,2}+)([0-9]{1,4}+)"(?: s="([0-9]{1,5}+)")?+'
    rb"(?: ?/>"
    rb'| t="s"><v>([0-9]{1,7}+)</v></c>'
    rb'|(?: t="n")?+>' + _FORMULA + rb"<v>([0-9.eE+\-]++)</v></c>"
    rb'| t="b">' + _FORMULA + rb"<v>([01])</v></c>"
    rb'| t="str">' + _FORMULA + rb"<v>([^<]*+)</v></c>"
    rb'| t="e">' + _FORMULA + rb"<v>([^<]++)</v></c>)"
    rb"(?:</row>" + _EMPTY_ROWS + _ROW + rb">)?+"
)
_BEFORE = re.compile(_EMPTY_ROWS + _ROW + rb">")
_NO_CELLS = re.compile(_EMPTY_ROWS)
_ANOTHER_ROW = b'<row r="0">'
"""Put behind the last cell, whose row must be closed, so that its piece is of the form of the others."""

_UNDATED = frozenset((*range(5), *range(9, 14), *range(37, 45), 49))
"""The built-in number formats that show no date: general, numbers, percentages, amounts, text."""

_OWN_FORMATS = 100
"""Formats of a workbook's own have higher numbers than any that is built in."""

_UNDATED_CODE = re.compile(r'(?:General|[0#?.,%;_\-()*+@$¥￥ ]|\\[\-(). ]|"[^"\[\]\\]{0,20}")*')

TEXT, VALUE, MARKED = range(3)
"""What is known of a cell: the number of its text in the workbook's table of texts, its value, or marks of more than that."""

MOST_BYTES, BYTES_BESIDE, LONGEST_PIECE, LONGEST_NUMBER = 6 << 20, 250, 16_384, 3
"""What is known takes about so many bytes, a piece so many beside its own; longer pieces are not remembered, nor are longer
numbers: those are amounts, which come but once."""


_Known = tuple[Position, int, Any] | None
"""What is known of a piece: its cell, the kind of what is told of it, and that; None of a blank cell."""


class CellTraits(NamedTuple):
    """What a piece says beside a value: that its cell is an error or has a percent format, that its tags may hide rows.

    `known` is what it holds besides, as of a piece without marks.
    """

    error: bool
    percent: bool
    hides: bool
    known: _Known


class CellsFound(NamedTuple):
    """The filled cells row by row, the cells with a percent format, and whether there are errors and rows that may be hidden."""

    cells: dict[Position, CellValue]
    percent: set[Position]
    errors: bool
    hides: bool


class KnownPieces(dict[bytes, _Known]):
    """The pieces known of workbooks with the same styles; one that is not known is taken apart when it is asked for."""

    def __init__(self, styles: bytes) -> None:
        super().__init__()
        self.undated, self.percent, self.bytes = undated_styles(styles), percent_styles(styles), 0

    def __missing__(self, piece: bytes) -> _Known:
        found = _PIECE.fullmatch(piece)
        if found is None:
            raise NotPlainError
        piece.decode()  # formulas are not asked for, but what is no text is damaged
        letters, row, style, index, number, truth, text, error = found.groups()
        spot = int(row) - 1, COLUMNS[letters]
        known: _Known = None
        if number:
            if style and style not in self.undated:
                raise NotPlainError
            known = spot, VALUE, float(number)
        elif index:
            known = spot, TEXT, int(index)
        elif text:
            known = spot, VALUE, plain_text(text.decode())
        elif truth:
            known = spot, VALUE, truth == b"1"
        percent, hides = style in self.percent, may_hide_rows(piece)
        if error or percent or hides:
            known = spot, MARKED, CellTraits(error is not None, percent, hides, known)
        if len(piece) <= LONGEST_PIECE and (number is None or len(number) <= LONGEST_NUMBER):
            self.bytes += len(piece) + BYTES_BESIDE
            if self.bytes > MOST_BYTES:
                self.clear()
                self.bytes = 0
            self[piece] = known
        return known


def may_hide_rows(rows: bytes) -> bool:
    """Whether tags of rows may say that these are hidden, or of no height."""
    return b"hidden=" in rows or b' ht="0' in rows


@lru_cache(maxsize=4)
def known_pieces(styles: bytes) -> KnownPieces:
    """Return what is known of the cells of workbooks with these styles.

    Offices copy one template, and 980 of 1,044 pieces of a filing came before: saves 0.9 ms a filing.
    """
    return KnownPieces(styles)


def cells_between(rows: bytes, texts: Sequence[str], pieces: KnownPieces) -> CellsFound:
    """The cells in the rows of a sheet; `texts` is the workbook's table of texts.

    Raises `NotPlainError` where anything is not of the plain form, `IndexError` or `ValueError` where it is damaged.
    """
    first, *cut = rows.split(_CUT)
    if not (_BEFORE if cut else _NO_CELLS).fullmatch(first):
        raise NotPlainError
    first.decode()
    if cut:
        cut[-1] += _ANOTHER_ROW
    cells: dict[Position, CellValue] = {}
    percent: set[Position] = set()
    errors, hides, last = False, may_hide_rows(first), (-1, -1)
    for known in filter(None, map(pieces.__getitem__, cut)):
        spot, kind, told = known
        if kind == MARKED:
            errors, hides = errors or told.error, hides or told.hides
            if told.percent:
                percent.add(spot)
            if told.known is None:
                continue
            spot, kind, told = told.known
        if kind == TEXT:
            told = texts[told]
            if not told:
                continue
        if spot <= last:
            raise NotPlainError
        last = spot
        cells[spot] = told
    return CellsFound(cells, percent, errors, hides)


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
    text = code.decode("utf-8", "replace")
    if "&" in text:
        from html import unescape

        text = unescape(text)
    return _UNDATED_CODE.fullmatch(text) is not None
