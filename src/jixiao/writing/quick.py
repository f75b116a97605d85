"""Sheets and shared texts written in one pass: the same bytes as cell by cell, at a fraction of the cost.

Most cells are plain: a text, a number, a formula or nothing, in a look, perhaps over a range. Their rows are written as
text here. Every other cell and every other part of a workbook is the library's, so whatever it is given is drawn.
`tests/writing/test_quick.py` holds the bytes of both ways equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from copy import copy
from functools import lru_cache
from io import StringIO
from itertools import repeat
from operator import attrgetter
from typing import Any

from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import re_dynamic_function
from xlsxwriter.xmlwriter import XMLwriter

from jixiao.model.place import column_letters
from jixiao.writing.canvas import Cell
from jixiao.writing.cell_values import as_number, as_result, exact
from jixiao.writing.clean import clean_text
from jixiao.writing.worksheet import PlainWorksheet

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
BLOCK = 16
"""How many rows of a file share what it says of the columns that they span."""

_REMEMBERED = 16_384
_BRIEF = 200
_MOST_LOOKS = 2_048
_MOST_STYLES = 512
_STYLES: dict[tuple[object, ...], str] = {}
"""The part of a package that tells the looks, by what decides it; no more than so many."""

_BLANK = "/>"
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_xml = XMLwriter()
_letters = lru_cache(MOST_COLUMNS)(column_letters)


def fits(cells: Sequence[Cell]) -> bool:
    """Whether a sheet has room for all the cells."""
    return all(cell.row < MOST_ROWS > cell.last_row and cell.column < MOST_COLUMNS > cell.last_column for cell in cells)


class QuickWorksheet(PlainWorksheet):
    """A worksheet that takes all its cells at once."""

    def __init__(self) -> None:
        super().__init__()
        # By row and column, the look of a plain cell and the text after it; None where the library has the cell.
        self._taken: dict[int, dict[int, tuple[Any, str] | None]] = defaultdict(dict)

    def take(
        self, cells: Sequence[Cell], looks: Sequence[Any], draw: Callable[[Cell], None], comment: Callable[[Cell], None]
    ) -> None:
        """Take the cells of the sheet with their looks; `draw` gives the library a cell, `comment` its comment alone."""
        taken, index_of = self._taken, self.str_table._get_shared_string_index
        merged: set[tuple[int, int]] = set()
        size = 0
        for cell, look in zip(cells, looks, strict=True):
            row, column = cell.row, cell.column
            before = taken[row].get(column, ())
            own = None if cell.link is not None or before is None else _value(cell, index_of)
            if cell.merged:
                columns = range(column, cell.last_column + 1)
                blank = None if own is None else (look, _BLANK)
                for each in range(row, cell.last_row + 1):
                    taken[each].update(zip(columns, repeat(blank)))
                    merged.update(zip(repeat(each), columns))
                size += len(columns) * (cell.last_row + 1 - row)
                if own is not None:
                    self.merge.append([row, column, cell.last_row, cell.last_column])
            if own is None:
                draw(cell)
            elif cell.comment:
                comment(cell)
            taken[row][column] = None if own is None else (look, own)
        if len(merged) != size:
            raise OverlappingRange(f"merged ranges overlap on {self.name}")
        if taken:
            self._check_dimensions(min(taken), min(map(min, taken.values())))
            self._check_dimensions(max(taken), max(map(max, taken.values())))

    def _write_rows(self) -> None:
        taken, spans, numbers = self._taken, self._spans(), _Numbers()
        parts: list[str] = []
        for row in sorted(taken.keys() | self.row_info.keys()):
            cells = taken.get(row)
            self._take_head(parts, row, spans.get(row // BLOCK), cells is None)
            if cells is None:
                continue
            at = row + 1
            for column in sorted(cells):
                entry = cells[column]
                if entry is None:
                    self._flush(parts)
                    self._write_cell(row, column, self.table[row][column])
                else:
                    look, tail = entry
                    parts.append(f'<c r="{_letters(column)}{at}" s="{numbers[look]}"{tail}')
            parts.append("</row>")
        self._flush(parts)

    def _take_head(self, parts: list[str], row: int, spans: str | None, empty: bool) -> None:
        info = self.row_info.get(row)
        odd = info is not None and (info.hidden or info.row_format or info.level or info.collapsed)
        if odd or self.excel_version == 2010:
            self._flush(parts)
            self._write_row(row, spans, info, empty)
            return
        high = "" if info is None else _high(info.height, self.default_row_height)
        told = f' spans="{spans}"' if spans else ""
        parts.append(f'<row r="{row + 1}"{told}{high}{_BLANK if empty else ">"}')

    def _flush(self, parts: list[str]) -> None:
        self.fh.write("".join(parts))
        parts.clear()

    def _spans(self) -> dict[int, str]:
        ends: dict[int, tuple[int, int]] = {}
        for row, cells in self._taken.items():
            first, last = ends.get(row // BLOCK, (MOST_COLUMNS, 0))
            ends[row // BLOCK] = min(first, min(cells)), max(last, max(cells))
        return {block: f"{first + 1}:{last + 1}" for block, (first, last) in ends.items()}

    def _write_merge_cells(self) -> None:
        if self.merge:
            refs = (
                f'<mergeCell ref="{_letters(column)}{row + 1}:{_letters(last_column)}{last_row + 1}"/>'
                for row, column, last_row, last_column in self.merge
            )
            self.fh.write(f'<mergeCells count="{len(self.merge)}">{"".join(refs)}</mergeCells>')


class QuickWorkbook(Workbook):  # type: ignore[misc]
    """A workbook whose looks are made once a process, and written once for those in use."""

    styles: str | None = None
    _key: tuple[object, ...] = ()

    def add_look(self, properties: tuple[tuple[str, object], ...]) -> Format:
        """A format with these properties."""
        made = copy(_look(properties))
        made.xf_format_indices, made.dxf_format_indices = self.xf_format_indices, self.dxf_format_indices
        self.formats.append(made)
        return made

    def _prepare_format_properties(self) -> None:
        used = [each for each in self.formats if each.xf_index is not None]
        changing = [each for each in self.formats if each.dxf_index is not None]
        used.sort(key=attrgetter("xf_index"))
        changing.sort(key=attrgetter("dxf_index"))
        keys = (tuple(each._get_format_key() for each in some) for some in (used, changing))
        self._key = (*keys, self.has_comments)
        self.styles = _STYLES.get(self._key)
        if self.styles is None:
            super()._prepare_format_properties()

    def keep_styles(self, written: str) -> None:
        """Keep the part of the looks in use for other workbooks with the same."""
        if len(_STYLES) < _MOST_STYLES:
            _STYLES[self._key] = written

    def _get_packager(self) -> QuickPackager:
        return QuickPackager()


class QuickPackager(Packager):  # type: ignore[misc]
    """A packager that writes the shared texts in one pass, and the looks from those kept."""

    def _write_styles_file(self) -> None:
        book = self.workbook
        if book.styles is None:
            super()._write_styles_file()
            book.keep_styles(self.filenames[-1][0].getvalue())
        else:
            self._filename("xl/styles.xml").write(book.styles)

    def _write_shared_strings_file(self) -> None:
        table = self.workbook.str_table
        if table.count:
            texts = "".join(
                [_shared(each) if len(each) <= _BRIEF else _shared_text(each) for each in table.string_array]
            )
            part = SharedStrings()
            part.string_table = table
            part._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            part._xml_declaration()
            part._write_sst()
            part.fh.write(texts)
            part._xml_end_tag("sst")
            part._xml_close()


class _Numbers(dict[Any, int]):
    """The numbers of looks in the file, each asked for when it is first met."""

    def __missing__(self, look: Any) -> int:
        number: int = look._get_xf_index()
        self[look] = number
        return number


@lru_cache(_MOST_LOOKS)
def _look(properties: tuple[tuple[str, object], ...]) -> Format:
    made = Format(dict(properties))
    made._get_format_key()  # which it then remembers, and every copy with it
    return made


def _value(cell: Cell, index_of: Callable[[str], int]) -> str | None:
    """The text of a cell after its look; None where the library has to draw it."""
    value = cell.value
    if cell.formula:
        formula = _formula(cell.formula)
        return None if formula is None else _result(formula, as_result(value))
    if isinstance(value, str):
        return f' t="s"><v>{index_of(clean_text(value))}</v></c>' if value else _BLANK
    if value is None:
        return _BLANK
    if exact(value):
        return f"><v>{as_number(value):.16G}</v></c>"
    return f' t="s"><v>{index_of(str(value))}</v></c>'


def _result(formula: str, value: str | float | int) -> str:
    if not isinstance(value, str):
        return f"><f>{formula}</f><v>{value}</v></c>"
    kind = "e" if value in _ERRORS else "str"
    return f' t="{kind}"><f>{formula}</f><v>{_xml._escape_data(value)}</v></c>'


@lru_cache(_REMEMBERED)
def _formula(formula: str) -> str | None:
    """The text of a formula; None of one that spills over cells, which only the library knows to write."""
    return None if re_dynamic_function.search(formula) else _xml._escape_data(formula)


@lru_cache(64)
def _high(pixels: int, plain: int) -> str:
    return "" if pixels == plain else f' ht="{pixels * 0.75:.16g}" customHeight="1"'


def _shared_text(text: str) -> str:
    part = SharedStrings()
    part.fh = StringIO()
    part._write_si(text)
    written: str = part.fh.getvalue()
    return written


_shared = lru_cache(_REMEMBERED)(_shared_text)
