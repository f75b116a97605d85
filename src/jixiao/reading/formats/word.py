"""The grid of a Word document: its paragraphs and tables one below the other, each table a sheet by its number in places.

One grid for the document, as of a workbook into which the form was pasted from Word: so titles, head lines with units
and narratives stand where block finding looks for them, and a table split over pages goes on.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from posixpath import dirname, join
from xml.etree.ElementTree import Element

from jixiao.model.cell import CellValue
from jixiao.model.place import WORD_TABLE, WORD_TEXT
from jixiao.reading.formats.grid import Grid, Merge, WordOrigin
from jixiao.reading.formats.limits import Limits, unreadable
from jixiao.reading.formats.word_tables import NEAR, WordCell, WordTable, is_emptied, word_table
from jixiao.reading.formats.word_text import (
    ParagraphExtras,
    attribute,
    child,
    children,
    kind,
    mark_is_deleted,
    paragraph_text,
    parsed,
    shown,
)  # fmt: skip
from jixiao.reading.formats.xml_parts import related
from jixiao.reading.formats.zip_package import DAMAGED

_GAP = re.compile(r"(\t+|[ \u3000\u00a0]{4,})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,6})?", re.ASCII)
_SEAL = re.compile(r"(?<=\S)\s*[（(](?:加盖公章|盖章|公章|签章)[）)]$")
"""Where the seal goes: printed behind what is filled in, and no part of it."""

LONGEST_HEAD_LINE = 100
"""Longer paragraphs are prose; a shorter one may hold several head lines beside one another."""


def word_grids(parts: Mapping[str, bytes], limits: Limits) -> list[Grid]:
    """The one grid of a Word document's parts. Raises `UnreadableFile`."""
    home = _home(parts)
    body = child(parsed(parts[home], limits), "body")
    if body is None:
        raise unreadable(DAMAGED)
    document = _Document(limits, _comments(parts, home, limits))
    document.blocks(body)
    document.close()
    return [document.grid()]


def _home(parts: Mapping[str, bytes]) -> str:
    name = next(iter(related("", parts, "officeDocument")), "")
    if name in parts:
        return name
    if "word/document.xml" in parts:
        return "word/document.xml"
    raise unreadable(DAMAGED)


def _comments(parts: Mapping[str, bytes], home: str, limits: Limits) -> dict[str, str]:
    part = parts.get(join(dirname(home), "comments.xml"))
    if part is None:
        return {}
    comments = {}
    for each in parsed(part, limits):
        lines = (paragraph_text(paragraph, ParagraphExtras()) for paragraph in each.iter() if kind(paragraph) == "p")
        comments[attribute(each, "id") or ""] = "\n".join(line for line in lines if line.strip())
    return comments


class _Document:
    """What has been read of a document so far."""

    def __init__(self, limits: Limits, comments: Mapping[str, str]) -> None:
        self.limits = limits
        self.texts = comments
        self.rows: list[list[CellValue]] = []
        self.merges: list[Merge] = []
        self.origins: list[WordOrigin] = []
        self.comments: dict[tuple[int, int], str] = {}
        self.lines: list[int] = []
        self.unread = self.hidden = self.paragraphs = self.tables = self.cells = 0
        self.joined = ""
        self.before: WordTable | None = None

    def blocks(self, container: Element, origin: WordOrigin | None = None) -> None:
        """Read paragraphs and tables in their order; `origin` is the cell's whose content they are."""
        for each in shown(container):
            match kind(each):
                case "p":
                    self._paragraph(each, origin)
                case "tbl":
                    self._table(each)
                case "sdt":
                    content = child(each, "sdtContent")
                    if content is not None:
                        self.blocks(content, origin)
                case "altChunk":
                    self.unread += 1

    def close(self) -> None:
        """Merge each line of text over the width of the document, as titles of a sheet are."""
        width = max((len(row) for row in self.rows), default=0)
        for row in self.lines:
            first = len(self.rows[row]) - 1
            if width - 1 > first:
                self.merges.append(Merge(row, first, row, width - 1))

    def grid(self) -> Grid:
        """The grid of what was read."""
        return Grid(
            WORD_TEXT, self.rows, tuple(self.merges), comments=self.comments,
            pictures=self.unread, origins=tuple(self.origins), hidden_texts=self.hidden,
        )  # fmt: skip

    def _row(self, values: list[CellValue], origin: WordOrigin) -> int:
        self.cells += len(values)
        if self.cells > self.limits.cells or len(self.rows) >= self.limits.rows:
            raise unreadable("有内容的区域过大，请删除多余的内容")
        self.rows.append(values)
        self.origins.append(origin)
        return len(self.rows) - 1

    def _paragraph(self, paragraph: Element, origin: WordOrigin | None) -> None:
        extras = ParagraphExtras()
        text = self.joined + paragraph_text(paragraph, extras)
        if mark_is_deleted(paragraph):
            self.joined = text
        else:
            self.joined = ""
            self.paragraphs += 1
            self._line(text, origin or WordOrigin(WORD_TEXT, self.paragraphs - 1), extras)
        self.unread += extras.unread
        self.hidden += extras.hidden
        for box in extras.boxes:
            self.blocks(box, origin)

    def _line(self, text: str, origin: WordOrigin, extras: ParagraphExtras) -> None:
        pieces: list[CellValue] = [*_head_lines(text)]
        if not pieces and not extras.comments:
            return
        row = self._row(pieces or [None], origin)
        self.lines.append(row)
        self.before = None
        self._comment(extras, (row, 0))

    def _comment(self, extras: ParagraphExtras, spot: tuple[int, int]) -> None:
        for text in filter(None, map(self.texts.get, extras.comments)):
            self.comments[spot] = f"{self.comments[spot]}\n{text}" if spot in self.comments else text

    def _table(self, element: Element) -> None:
        table = word_table(element, self.limits)
        self.tables += 1
        name = f"{WORD_TABLE}{self.tables}"
        columns, own = self._columns(table)
        nested: list[Element] = []
        for index, cells in enumerate(table.rows):
            origin = WordOrigin(name, index, own)
            if len(cells) == 1 and next(children(cells[0].element, "tbl"), None) is not None:
                self.blocks(cells[0].element, origin)  # a frame around the form
                continue
            values: list[CellValue] = [None] * (len(columns) - 1)
            row = self._row(values, origin)
            for cell in cells:
                self._cell(cell, row, columns, values, nested)
        self.before = table if table.rows else self.before
        for each in nested:
            self._table(each)

    def _columns(self, table: WordTable) -> tuple[Sequence[int], tuple[int, ...]]:
        """The borders that number the columns, and the table's own number of each: a table split in two has the first's."""
        before = self.before
        if before is None or len(table.borders) < 2 or len(table.borders) > len(before.borders):
            return table.borders, ()
        near = {own: min(before.borders, key=lambda other: abs(other - own)) for own in table.borders}
        edges = (table.borders[0], before.borders[0]), (table.borders[-1], before.borders[-1])
        if any(near[own] != other for own, other in edges) or any(abs(a - b) > NEAR for a, b in near.items()):
            return table.borders, ()
        if len(set(near.values())) < len(near):
            return table.borders, ()
        for row in table.rows:
            for cell in row:
                cell.left, cell.right = near[cell.left], near[cell.right]
        ours = sorted(near.values())
        own = tuple(sum(each <= border for each in ours) - 1 for border in before.borders[:-1])
        return before.borders, own if len(ours) < len(before.borders) else ()

    def _cell(
        self, cell: WordCell, row: int, columns: Sequence[int], values: list[CellValue], nested: list[Element]
    ) -> None:
        left, right = bisect_left(columns, cell.left), bisect_left(columns, cell.right) - 1
        if cell.hidden:
            return
        if cell.rows > 1 or right > left:
            self.merges.append(Merge(row, left, row + cell.rows - 1, right))
            if len(self.merges) > self.limits.merges:
                raise unreadable("合并的单元格过多，超出限度")
        if is_emptied(cell):
            return
        extras = ParagraphExtras()
        text = "\n".join(_cell_lines(cell.element, extras, nested))
        values[left] = _typed(text.replace("\t", " ").strip("\n"))
        self.unread += extras.unread
        self.hidden += extras.hidden
        self._comment(extras, (row, left))


def _typed(text: str) -> CellValue:
    """The content of a cell: a number as a workbook would hold it, for Word knows texts alone."""
    if not _NUMBER.fullmatch(text.strip()):
        return text or None
    digits = text.strip().replace(",", "")
    return float(digits) if "." in digits else int(digits)


def _cell_lines(container: Element, extras: ParagraphExtras, nested: list[Element]) -> Iterator[str]:
    """The lines of a cell; tables within it are put aside, the text of boxes stands among its lines."""
    joined = ""
    for each in shown(container):
        match kind(each):
            case "p":
                boxes = len(extras.boxes)
                line = joined + paragraph_text(each, extras)
                joined = line if mark_is_deleted(each) else ""
                if not joined:
                    yield line
                for box in extras.boxes[boxes:]:
                    yield from _cell_lines(box, extras, nested)
            case "tbl":
                nested.append(each)
            case "sdt" if (content := child(each, "sdtContent")) is not None:
                properties = child(each, "sdtPr")
                if child(properties, "showingPlcHdr") is None:
                    yield from _cell_lines(content, extras, nested)
            case "altChunk":
                extras.unread += 1
    if joined:
        yield joined


def _head_lines(text: str) -> list[str]:
    """What stands beside one another in a paragraph: behind a wide gap another label, else all of it."""
    text = text.strip("\n\t")
    if len(text) > LONGEST_HEAD_LINE or "\n" in text:
        return [text.replace("\t", " ")] if text.strip() else []
    pieces = [""]
    for piece in _GAP.split(text):
        if _GAP.fullmatch(piece) or not piece:
            pieces[-1] += piece
            continue
        gap = bool(pieces[-1]) and pieces[-1] != pieces[-1].rstrip(" \t\u3000\u00a0")
        labelled = any(colon in piece for colon in ":：")
        bare = pieces[-1].endswith("\t") and not any(colon in pieces[-1] for colon in ":：")
        if gap and pieces[-1].strip() and (labelled or bare):
            pieces.append(piece)
        else:
            pieces[-1] += piece
    lines = [piece.replace("\t", " ").strip() for piece in pieces if piece.strip(" \t\u3000\u00a0")]
    return [_SEAL.sub("", line) if not _SEAL.sub("", line).endswith((":", "：")) else line for line in lines]
