"""What calamine does not tell of an .ods: percentages, errors, formulas without a result, merges, hidden rows and columns, comments.

Runs of equal cells and rows are counted, never unrolled beyond the bounds, before any reader unrolls them.
"""

from __future__ import annotations

from jixiao.model.cell import CellValue, ErrorValue, UncachedFormula
from jixiao.reading.formats.grid import MOST_COMMENTS, Merge, SheetDetails, is_people_own
from jixiao.reading.formats.limits import Limits, unreadable
from jixiao.reading.formats.xml_parts import BrokenXmlError, parse
from jixiao.values.text import ERROR_TEXTS

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_AUTHOR = "http://purl.org/dc/elements/1.1/ creator"
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_RESULTS = tuple(_OFFICE + name for name in ("value", "string-value", "date-value", "time-value", "boolean-value"))
_HIDDEN = frozenset({"collapse", "filter"})


def ods_details(content: bytes, limits: Limits) -> list[SheetDetails]:
    """The details of each table of an .ods in its order. Raises `UnreadableFile` where its filled areas leave the bounds."""
    scan = _Scan(limits)
    try:
        parse(content, scan.start, scan.end, scan.text, separator=" ")
    except BrokenXmlError as error:
        raise unreadable("工作簿结构已损坏，无法打开") from error
    return scan.sheets


class _Scan:
    """Where the parser is and what it has met."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.sheets: list[SheetDetails] = []
        self.row = self.column = self.row_repeat = self.depth = 0
        self.cell: dict[str, str] | None = None
        self.shown: list[str] = []
        self.note: list[str] | None = None
        self.author: list[str] | None = None
        self.paragraph = False
        self.authors: list[str] = []
        self.row_cells: list[tuple[int, int, dict[str, str], str]] = []
        self.columns_met = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise unreadable("文件结构嵌套过深")
        if not name.startswith(_TABLE):
            self._inside(name)
            return
        match name[len(_TABLE) :]:
            case "table":
                self.sheets.append(SheetDetails())
                self.row = self.columns_met = 0
                if len(self.sheets) > self.limits.sheets:
                    raise unreadable(f"工作表超出 {self.limits.sheets} 张的限度")
            case "table-column" if self.sheets:
                repeat, first = _count(attributes, "number-columns-repeated"), self.columns_met
                if attributes.get(_TABLE + "visibility") in _HIDDEN:
                    self.sheets[-1].hidden_columns.update(range(first, min(first + repeat, self.limits.columns)))
                self.columns_met += repeat
            case "table-row" if self.sheets:
                self.row_repeat = _count(attributes, "number-rows-repeated")
                self.column, self.row_cells = 0, []
                if attributes.get(_TABLE + "visibility") in _HIDDEN:
                    last = min(self.row + self.row_repeat, self.row + 1000)
                    self.sheets[-1].hidden_rows.update(range(self.row, last))
            case "table-cell" | "covered-table-cell" if self.sheets:
                self.cell, self.shown = attributes, []

    def _inside(self, name: str) -> None:
        """What begins within a cell: a comment, its author, its paragraphs."""
        if self.cell is not None and name == _OFFICE + "annotation":
            self.note, self.authors = [], []
        elif self.note is not None and name == _AUTHOR:
            self.author = self.authors
        elif self.note is not None and name == _TEXT + "p":
            self.paragraph = True
            self.note.append("\n")

    def text(self, text: str) -> None:
        if self.author is not None:
            self.author.append(text)
        elif self.note is not None:
            if self.paragraph:
                self.note.append(text)
        elif self.cell is not None:
            self.shown.append(text)

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.note is not None:
            if name == _AUTHOR:
                self.author = None
            elif name == _TEXT + "p":
                self.paragraph = False
            elif name == _OFFICE + "annotation":
                self._comment()
            return
        if not name.startswith(_TABLE) or not self.sheets:
            return
        match name[len(_TABLE) :]:
            case "table-cell" | "covered-table-cell" if self.cell is not None:
                repeat = _count(self.cell, "number-columns-repeated")
                shown = "".join(self.shown).strip()
                if shown or len(self.cell) > 1 or _TABLE + "formula" in self.cell:
                    self.row_cells.append((self.column, repeat, self.cell, shown))
                self.column += repeat
                self.cell = None
            case "table-row":
                self._row()
                self.row += self.row_repeat

    def _comment(self) -> None:
        text, comments = "".join(self.note or ()).strip(), self.sheets[-1].comments
        if is_people_own(text, "".join(self.authors)) and len(comments) < MOST_COMMENTS:
            comments[self.row, self.column] = text
        self.note = None

    def _row(self) -> None:
        """Takes the cells of a row, once its repetition is known."""
        sheet = self.sheets[-1]
        for column, repeat, attributes, shown in self.row_cells:
            height, width = _count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned")
            if height > 1 or width > 1:
                sheet.merges.append(Merge(self.row, column, self.row + height - 1, column + width - 1))
                if len(sheet.merges) > self.limits.merges:
                    raise unreadable("合并单元格过多")
            kind = attributes.get(_OFFICE + "value-type", "")
            if not (shown or kind or _TABLE + "formula" in attributes):
                continue
            sheet.fill(self.row + self.row_repeat - 1, column + repeat - 1)
            if sum(sheet.area for sheet in self.sheets) > self.limits.cells:
                raise unreadable("有内容的区域过大，请删除远处多余的内容")
            value = _special(attributes, shown)
            if value is None and kind != "percentage":
                continue
            rows, columns = range(self.row, self.row + self.row_repeat), range(column, column + repeat)
            places = [(row, at) for row in rows for at in columns]
            if value is None:
                sheet.percent.update(places)
            else:
                sheet.values.update(dict.fromkeys(places, value))


def _special(attributes: dict[str, str], shown: str) -> CellValue:
    """The error or uncached formula of a cell, None for any other."""
    if attributes.get(_CALC + "value-type") == "error" or shown.upper() in ERROR_TEXTS or shown.startswith("Err:"):
        return ErrorValue(shown or "#ERROR!")
    formula = attributes.get(_TABLE + "formula")
    if formula is not None and not shown and not any(attributes.get(result) for result in _RESULTS):
        if attributes.get(_OFFICE + "value-type") == "string":
            return None
        return UncachedFormula("=" + formula.partition("=")[2])
    return None


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(_TABLE + name, "1")
    return min(max(int(text), 1), 2_000_000) if text.isdecimal() and len(text) < 10 else 1
