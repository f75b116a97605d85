"""The cells of a sheet as the file has them, written in one pass; what is not plain is told to be drawn by the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xlsxwriter.worksheet import re_dynamic_function

from jixiao.writing.canvas import Cell, SheetContent, Value
from jixiao.writing.cell_values import as_result, exact
from jixiao.writing.clean import clean_text
from jixiao.writing.looks import Looks
from jixiao.writing.xml_text import LETTERS, MOST_COLUMNS, MOST_ROWS, escaped, text_element

ROW = 1 << 15
"""How far the keys of two rows are apart; before its cells stands its opening."""

_REMEMBERED = 16_384
_BRIEF = 200
_BLANK = "/>"
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_SURELY_EXACT = 1e14


class Unusual(Exception):
    """Something that is not written here: the library draws the workbook."""


class Rows(NamedTuple):
    """The cells of a sheet as text: its extent, rows and merged ranges; and the cells with links and comments."""

    dimension: str
    rows: str
    merges: str
    links: list[Cell]
    comments: list[Cell]


class Texts(dict[str, int]):
    """The texts of a workbook, numbered as they are first met; `written` is what the file has of them."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def __missing__(self, text: str) -> int:
        clean, written = _item(text) if len(text) <= _BRIEF else _written_item(text)
        if clean != text:
            number = self[clean]
        else:
            number = len(self.written)
            self.written.append(written)
        self[text] = number
        return number


class Writer:
    """Writes the sheets of one workbook, whose texts and looks they share."""

    def __init__(self) -> None:
        self.texts = Texts()
        self.looks = Looks()
        self.told = 0

    def rows(self, sheet: SheetContent) -> Rows:
        """The cells of a sheet; `Unusual` where the library has to draw them."""
        cells = _Cells(self.texts, self.looks)
        cells.put(sheet.cells)
        self.told += cells.told
        return cells.drawn(sheet)

    def shared_texts(self) -> str:
        """The part of the file that holds the texts."""
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            f' count="{self.told}" uniqueCount="{len(self.texts.written)}">{"".join(self.texts.written)}</sst>'
        )


class _Cells:
    """The cells of one sheet as they are written: each a text under its key, which says in what order they stand.

    `covered` are the keys of cells under merged ranges that have no text of their own, `spread` is how many they should be.
    """

    def __init__(self, texts: Texts, looks: Looks) -> None:
        self.texts, self.looks = texts, looks
        self.written: dict[int, str] = {}
        self.rows: set[int] = set()
        self.covered: set[int] = set()
        self.merges: list[str] = []
        self.links: list[Cell] = []
        self.comments: list[Cell] = []
        self.runs = self.spread = self.told = 0
        self.right = -1

    def put(self, cells: Sequence[Cell]) -> None:
        """Write these cells."""
        texts, looks, written, rows, covered = self.texts, self.looks, self.written, self.rows, self.covered
        merges, fixed = self.merges, looks.fixed
        told, spread, runs, right = 0, 0, len(cells), -1
        for cell in cells:
            ready = cell.drawn
            if ready:
                key, row, last_column, before, text, after, more = ready
                if text is None:
                    written[key] = before
                else:
                    written[key] = f"{before}{texts[text]}{after}"
                    told += 1
                rows.add(row)
                if last_column > right:
                    right = last_column
                if more is not None:
                    merges.append(more.merge)
                    covered.update(more.covered)
                    spread += more.spread
                    if more.below:
                        written.update(more.below)
                        rows.update(more.rows)
                        runs += len(more.below)
                continue
            row, column, last_row, last_column = cell.row, cell.column, cell.last_row, cell.last_column
            value, look, key = cell.value, looks[cell.style], row * ROW + column
            if ready is None:
                cell.drawn = False
            elif look <= fixed:
                cell.drawn = _ready(cell, look)
            if cell.formula:
                tail = _formula_tail(cell.formula, value)
            elif isinstance(value, str):
                if value:
                    tail = f' t="s"><v>{texts[value]}</v></c>'
                    told += 1
                else:
                    tail = _BLANK
            elif value is None:
                tail = _BLANK
            elif (number := _number(value)) is not None:
                tail = f"><v>{number:.16G}</v></c>"
            else:
                tail = f' t="s"><v>{texts[str(value)]}</v></c>'
                told += 1
            if last_column > column or last_row > row:
                merges.append(f'<mergeCell ref="{LETTERS[column]}{row + 1}:{LETTERS[last_column]}{last_row + 1}"/>')
                if last_column > column:
                    tail += _blanks(row, column + 1, last_column, look)
                    covered.update(range(key + 1, row * ROW + last_column + 1))
                    spread += last_column - column
                for each in range(row + 1, last_row + 1):
                    below = each * ROW + column
                    written[below] = _blanks(each, column, last_column, look)
                    covered.update(range(below + 1, each * ROW + last_column + 1))
                    spread += last_column - column
                    rows.add(each)
                    runs += 1
            written[key] = f'<c r="{LETTERS[column]}{row + 1}" s="{look}"{tail}'
            rows.add(row)
            if last_column > right:
                right = last_column
            elif column > right:
                right = column
            if cell.link is not None:
                self.links.append(cell)
            if cell.comment:
                self.comments.append(cell)
        self.told, self.spread, self.runs, self.right = told, spread, runs, right

    def drawn(self, sheet: SheetContent) -> Rows:
        """All of them."""
        written, rows, merges, heights = self.written, self.rows, self.merges, sheet.heights
        open_row = False
        if len(written) < self.runs or len(self.covered) < self.spread or not self.covered.isdisjoint(written):
            raise Unusual("cells that stand over each other")
        left = 0 if heights else min((key % ROW for key in written), default=0)
        for row in sorted(rows.union(heights)):
            opening = _opening(row, heights.get(row, 15.0), ">" if row in rows else _BLANK)
            written[row * ROW - 1] = f"</row>{opening}" if open_row else opening
            open_row = row in rows
        data = "".join(map(written.__getitem__, sorted(written)))
        return Rows(
            _dimension(sheet, rows, left, self.right),
            f"<sheetData>{data}{'</row>' if open_row else ''}</sheetData>" if written else "<sheetData/>",
            f'<mergeCells count="{len(merges)}">{"".join(merges)}</mergeCells>' if merges else "",
            self.links, self.comments,
        )  # fmt: skip


class _Merged(NamedTuple):
    """What a merged range adds to its first cell: blank cells of the rows below by key, their rows, all keys without a text."""

    merge: str
    below: dict[int, str]
    rows: range
    covered: list[int]
    spread: int


def _ready(cell: Cell, look: int) -> tuple[object, ...] | bool:
    """What can be written of a plain cell that sheets share before its text has a number; False of any other.

    Key, row, last column, the text before and after the number of its own text, what a merged range adds.
    """
    if cell.formula or cell.comment or cell.link is not None:
        return False
    alone = _Cells(Texts(), Looks())
    alone.put([replace(cell)])
    key, text = cell.row * ROW + cell.column, _text(cell)
    before, number, after = alone.written.pop(key), "", ""
    if text is not None:
        before, number, after = before.partition(' t="s"><v>0')
    more = None
    if cell.merged:
        covered = sorted(alone.covered)
        more = _Merged(alone.merges[0], alone.written, range(cell.row + 1, cell.last_row + 1), covered, alone.spread)
    return key, cell.row, alone.right, before + number[:-1], text, after, more


def _text(cell: Cell) -> str | None:
    """The text that stands in a cell; None where it holds a number, a formula or nothing."""
    value = cell.value
    if cell.formula or value is None or value == "":
        return None
    return value if isinstance(value, str) else None if _number(value) is not None else str(value)


def _number(value: Decimal | int) -> float | None:
    """The number as a cell keeps it; None of one that it cannot keep."""
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return number if -_SURELY_EXACT < number < _SURELY_EXACT or exact(value) else None


def _formula_tail(formula: str, value: Value) -> str:
    """What stands in the cell of a formula, with the value beside it."""
    text = _formula(formula)
    if value is None or isinstance(value, str):
        kind = "e" if value in _ERRORS else "str"
        return f' t="{kind}"><f>{text}</f><v>{escaped(value or "")}</v></c>'
    return f"><f>{text}</f><v>{as_result(value)}</v></c>"


@lru_cache(_REMEMBERED)
def _formula(formula: str) -> str:
    """The text of a formula, but of one that spills over cells, which only the library knows to write."""
    if re_dynamic_function.search(formula):
        raise Unusual(formula)
    return escaped(formula)


@lru_cache(_REMEMBERED)
def _blanks(row: int, column: int, last_column: int, look: int) -> str:
    """Blank cells of a row, as those of a merged range are."""
    return "".join(f'<c r="{LETTERS[each]}{row + 1}" s="{look}"/>' for each in range(column, last_column + 1))


@lru_cache(_REMEMBERED)
def _opening(row: int, points: float, end: str) -> str:
    """The opening of a row of this height."""
    pixels = int(min(points, 409.0) * 4 / 3 + 0.5)
    if pixels <= 0 or row >= MOST_ROWS:
        raise Unusual("a row that is hidden or beyond the last")
    high = "" if pixels == 20 else f' ht="{pixels * 0.75:.16g}" customHeight="1"'
    return f'<row r="{row + 1}"{high}{end}'


def _dimension(sheet: SheetContent, rows: set[int], left: int, right: int) -> str:
    """What the file says of the extent of its cells, rows and hidden columns."""
    hidden = [column for column in sheet.hidden_columns if sheet.widths.get(column)]
    columns = ([left, right] if rows else []) + hidden
    everywhere = rows.union(sheet.heights)
    if not columns and not everywhere:
        return '<dimension ref="A1"/>'
    if max(columns, default=0) >= MOST_COLUMNS:
        raise Unusual("a column beyond the last")
    first = f"{LETTERS[min(columns, default=0)]}{min(everywhere, default=0) + 1}"
    last = f"{LETTERS[max(columns, default=0)]}{max(everywhere, default=0) + 1}"
    return f'<dimension ref="{first if first == last else f"{first}:{last}"}"/>'


def _written_item(text: str) -> tuple[str, str]:
    """A text made fit for a cell, and what the file has of it."""
    clean = clean_text(text)
    return clean, f"<si>{text_element(clean)}</si>"


_item = lru_cache(_REMEMBERED)(_written_item)
