"""What calamine does not tell of an .xlsx: errors, formulas without a result, percent formats, what is hidden, comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from jixiao.model.cell import CellValue, ErrorValue, UncachedFormula
from jixiao.model.place import spot_of
from jixiao.reading.formats.grid import MOST_COMMENTS, PERCENT_FORMATS, Cell, SheetDetails, is_people_own
from jixiao.reading.formats.limits import Limits, unreadable
from jixiao.reading.formats.xml_parts import Attributes, BrokenXmlError, elements, local, parse, related, relations

_PLAIN_TARGET = re.compile(r"(?:/xl/)?worksheets/[A-Za-z0-9]{1,40}\.xml")
_STATES = {"visible": False, "hidden": True, "veryHidden": True}
_NAUGHT = re.compile(r"0(?:\.0{1,9})?")
_LITERAL = re.compile(r'"[^"]{0,80}"|\\.|\[[^\]]{0,80}\]')
"""What a number format shows as it stands."""

_UNDATED = frozenset((*range(5), *range(9, 14), *range(37, 45), 49))
"""The built-in number formats that show no date: general, numbers, percentages, amounts, text."""

_OWN_FORMATS = 100
"""Formats of a workbook's own have higher numbers than any that is built in."""

_UNDATED_CODE = re.compile(r'(?:General|[0#?.,%;_\-()*+@$¥￥ ]|\\[\-(). ]|"[^"\[\]\\]{0,20}")*')
NO_STYLE = -1


class SheetPart(NamedTuple):
    """A sheet as the workbook lists it. `plain` says that it is a worksheet, listed as spreadsheet programs do."""

    name: str
    path: str
    hidden: bool
    plain: bool


def sheet_parts(parts: Mapping[str, bytes]) -> list[SheetPart]:
    """Return the workbook's sheets in its order; none where the package does not say."""
    home = "xl/workbook.xml"
    if home not in parts:
        home = next(iter(related("", parts, "officeDocument")), "")
    targets = relations(home, parts)
    try:
        listed = elements(parts.get(home, b""), ("sheet",))
    except BrokenXmlError:
        return []
    sheets = []
    for _, attributes in listed:
        state, relation = attributes.get("state", "visible"), targets.get(attributes.get("id", ""))
        if relation is None:
            sheets.append(SheetPart(attributes.get("name", ""), "", False, False))
            continue
        plain = home == "xl/workbook.xml" and relation.kind == "worksheet" and state in _STATES and "name" in attributes
        plain = plain and _PLAIN_TARGET.fullmatch(relation.target) is not None
        sheets.append(SheetPart(attributes.get("name", ""), relation.path, _STATES.get(state, False), plain))
    return sheets


class Styles(NamedTuple):
    """The styles of cells by number: those of percentages, those whose numbers are surely no dates, and those of the latter
    that are no percentages either. `whole` says that the part is well-formed."""

    percent: frozenset[int]
    undated: frozenset[int]
    plain: frozenset[int]
    whole: bool


@lru_cache(maxsize=16)
def read_styles(part: bytes) -> Styles:
    """Return the styles of a workbook. Cached, as offices copy one template: saves 0.3 ms a filing."""
    numbers: list[str] = []
    codes: dict[str, str] = {}
    within = whole = False
    try:
        for name, attributes in elements(part, ("styleSheet", "numFmt", "cellStyleXfs", "cellXfs", "xf")):
            match name:
                case "styleSheet":
                    whole = True
                case "numFmt":
                    codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
                case "xf" if within:
                    numbers.append(attributes.get("numFmtId", "0"))
                case _:
                    within = name == "cellXfs"
    except BrokenXmlError:
        return Styles(frozenset(), frozenset(), frozenset(), False)
    percentages = {*map(str, PERCENT_FORMATS), *(key for key, code in codes.items() if "%" in _LITERAL.sub("", code))}
    percent = frozenset(style for style, number in enumerate(numbers) if number in percentages)
    undated = frozenset(style for style, number in enumerate(numbers) if _is_undated(number, codes.get(number)))
    return Styles(percent, undated, undated - percent | {NO_STYLE}, whole)


def _is_undated(number: str, code: str | None) -> bool:
    if not number.isdecimal() or len(number) > 6:
        return False
    if code is None:
        return int(number) in _UNDATED
    return (int(number) in _UNDATED or int(number) >= _OWN_FORMATS) and _UNDATED_CODE.fullmatch(code) is not None


def sheet_details(sheet: bytes, percent: frozenset[int], limits: Limits) -> SheetDetails:
    """Return the details of one sheet; `percent` are the styles of percentages. Raises `BrokenXmlError`, `UnreadableFile`.

    The filled area is checked as well: readers allocate the whole of it and wrap round on references that overflow.
    """
    scan = _SheetScan(percent, limits)
    parse(sheet, scan.start, scan.end, scan.text)
    return scan.details


class _SheetScan:
    """Handlers that gather the details of a sheet."""

    def __init__(self, percent: frozenset[int], limits: Limits) -> None:
        self.percent, self.limits, self.details = percent, limits, SheetDetails()
        self.row = self.column = -1
        self.cell: Attributes | None = None
        self.contents: dict[str, str] = {}
        self.within = ""

    def start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if self.cell is not None:
            self.within = name if name not in self.contents else ""
            self.contents.setdefault(name, "")
        elif name == "c":
            self.cell, self.contents, self.within = attributes, {}, ""
        elif name == "row":
            number = attributes.get("r", str(self.row + 2))
            self.row, self.column = int(number) - 1 if number.isdecimal() and len(number) < 10 else self.limits.rows, -1
            if _is_away(attributes, "ht"):
                self.details.hidden_rows.add(self.row)
        elif name == "col" and _is_away(attributes, "width"):
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal():
                self.details.hidden_columns.update(range(int(first) - 1, min(int(last), self.limits.columns)))

    def text(self, text: str) -> None:
        if self.within in ("v", "f"):
            self.contents[self.within] += text

    def end(self, name: str) -> None:
        self.within = ""
        if self.cell is None or local(name) != "c":
            return
        attributes, contents, self.cell = self.cell, self.contents, None
        place = spot_of(attributes["r"].upper()) if "r" in attributes else (self.row, self.column + 1)
        self.row, self.column = place or (self.limits.rows, 0)
        if not contents:
            return
        if self.row >= self.limits.rows or self.column >= self.limits.columns:
            raise unreadable("单元格位置超出工作表范围")
        self.details.fill(self.row, self.column)
        style = attributes.get("s", "")
        if contents.get("v") and style.isdecimal() and len(style) < 10 and int(style) in self.percent:
            self.details.percent.add((self.row, self.column))
        if (value := _special(attributes.get("t", "n"), contents)) is not None:
            self.details.values[self.row, self.column] = value


def _is_away(attributes: Attributes, size: str) -> bool:
    """Return whether a row or column is hidden, or so low or narrow that it shows nothing."""
    return attributes.get("hidden") in ("1", "true") or _NAUGHT.fullmatch(attributes.get(size, "")) is not None


def _special(kind: str, contents: Mapping[str, str]) -> CellValue:
    """Return the error or uncached formula of a cell, None for any other; an empty text is a result."""
    result = contents.get("v")
    if kind == "e":
        return ErrorValue(result or "#ERROR!")
    if result or kind == "str" or "f" not in contents or "is" in contents:
        return None
    return UncachedFormula("=" + contents["f"])


def sheet_comments(part: str, parts: Mapping[str, bytes]) -> dict[Cell, str]:
    """Return the comments of a sheet by cell, without those that an earlier return put there; none where they are broken."""
    comments: dict[Cell, str] = {}
    for name in related(part, parts, "comments"):
        try:
            root = ElementTree.fromstring(parts.get(name, b""))
        except ElementTree.ParseError:
            continue
        authors = ["".join(author.itertext()) for author in root.iterfind("{*}authors/{*}author")]
        for comment in root.iterfind("{*}commentList/{*}comment"):
            position, text = spot_of(comment.get("ref", "")), _text(comment)
            number = comment.get("authorId", "")
            author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
            if position and is_people_own(text, author) and len(comments) < MOST_COMMENTS:
                comments[position] = text
    return comments


def _text(comment: ElementTree.Element) -> str:
    """Return what a comment says, without the shapes and extensions that some programs add."""
    runs = (*comment.iterfind("{*}text/{*}t"), *comment.iterfind("{*}text/{*}r/{*}t"))
    return "".join(run.text or "" for run in runs).strip()


def sheet_pictures(part: str, parts: Mapping[str, bytes]) -> int:
    """Return how many pictures a sheet shows."""
    return sum(len(set(related(name, parts, "image"))) for name in related(part, parts, "drawing"))
