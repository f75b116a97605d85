"""What calamine does not tell of an .xlsx: errors, formulas without a result, percent formats, what is hidden, comments.

The sheets' XML is searched as bytes, once and only for what it holds at all; most filings cost a few substring searches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple
from xml.etree import ElementTree

from jixiao.model.cell import CellValue, ErrorValue, UncachedFormula
from jixiao.model.place import spot_of
from jixiao.reading.formats.grid import MOST_COMMENTS, Cell, SheetDetails, is_people_own
from jixiao.reading.formats.limits import Limits, unreadable

# Attributes are looked for within a bounded stretch, cells by cutting at their tags: no text makes these searches slow.
_SHEET = re.compile(rb"<(?:\w{1,20}:)?sheet\s([^>]{0,2000})>")
_RELATION = re.compile(rb"<(?:\w{1,20}:)?Relationship\s([^>]{0,4000})>")
_PLAIN_PATH = re.compile(rb"(?:/xl/)?worksheets/[A-Za-z0-9]{1,40}\.xml")
_WORKSHEET = b"/officeDocument/2006/relationships/worksheet"
_STATES = (b"", b"visible", b"hidden", b"veryHidden")
_CELL = re.compile(rb"<(?:\w{1,20}:)?c(?=[\s>/])")
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f(?=[\s>/])")
_RESULT = re.compile(rb"<(?:\w{1,20}:)?v(?=[\s>/])")
_INLINE = re.compile(rb"<(?:\w{1,20}:)?is(?=[\s>/])")
_AWAY = rb"hidden=[\"'](?:1|true)[\"']"
_NAUGHT = rb"=[\"']0(?:\.0{1,9})?[\"']"
_HIDDEN_ROW = re.compile(rb"<(?:\w{1,20}:)?row\s([^>]{0,500}\b(?:" + _AWAY + rb"|ht" + _NAUGHT + rb")[^>]{0,500})>")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w{1,20}:)?col\s([^>]{0,500}\b(?:" + _AWAY + rb"|width" + _NAUGHT + rb")[^>]{0,500})>")
"""Rows and columns that are hidden, or so low or narrow that they show nothing."""

_ODD_REFERENCE = re.compile(rb"r(?<![\w:]r)\s{0,9}+=\s{0,9}+[\"'](?![A-Z]{0,2}+[0-9]{1,3}+[\"'])")
"""A reference far out, or one that readers may take for far out: overflowing, malformed."""

_ANY_REFERENCE = re.compile(rb"(?<![\w:])r\s{0,9}=\s{0,9}[\"']([^\"']{0,40})")
_ROW_OR_CELL = re.compile(rb"<(?:\w{1,20}:)?(row|c)(?=[\s>/])")
_SPACED = re.compile(rb">\s+<")
_PREFIX = re.compile(rb"<(\w{1,20}:)?sheetData")
_CELL_XFS = re.compile(rb"</?(?:\w{1,20}:)?cellXfs\b")
_XF = re.compile(rb"<(?:\w{1,20}:)?xf\s([^>]{0,500})>")
_NUMBER_FORMAT = re.compile(rb"<(?:\w{1,20}:)?numFmt\s([^>]{0,1000})>")
_PERCENT_FORMATS = frozenset({b"9", b"10"})
"""The built-in formats 0% and 0.00%."""

_LITERAL = re.compile(rb'"[^"]{0,80}"|&quot;.{0,80}?&quot;|\\.|\[[^\]]{0,80}\]')
_TAG_LENGTH = 500
_TEXT_RESULT = b' t="str"'
_REFERENCE = re.compile(rb"([A-Za-z]{1,3})(\d{1,7})")
_ATTRIBUTE = re.compile(rb"([\w:]{1,40})\s?=\s?(?:\"([^\"]*)\"|'([^']*)')")


class SheetPart(NamedTuple):
    """A sheet as the workbook tells of it: its name, the part that holds it, whether it is shown, and whether all that is
    told of it is written as it nearly always is and it is a worksheet."""

    name: str
    path: str
    state: bytes = b""
    plain: bool = False


def sheet_parts(parts: Mapping[str, bytes]) -> list[SheetPart]:
    """The workbook's sheets in its order; empty where the package does not tell."""
    home = "xl/workbook.xml"
    if home not in parts:
        home = next((name for name in parts if name.endswith("workbook.xml")), "")
    relations = parts.get(join(dirname(home), "_rels", "workbook.xml.rels"))
    if not home or relations is None:
        return []
    return list(_sheets(home, parts[home], relations))


def _sheets(home: str, workbook: bytes, relations: bytes) -> tuple[SheetPart, ...]:
    targets: dict[bytes, tuple[bytes, bytes]] = {}
    for found in _RELATION.finditer(relations):
        attributes = _attributes(found[1])
        targets[attributes.get(b"Id", b"")] = attributes.get(b"Target", b""), attributes.get(b"Type", b"")
    sheets = []
    plain = home == "xl/workbook.xml" and len(targets) == relations.count(b"<Relationship ")
    for found in _SHEET.finditer(workbook):
        attributes = _attributes(found[1])
        relation = next((value for key, value in attributes.items() if key.endswith(b":id") or key == b"id"), b"")
        told, kind = targets.get(relation, (b"", b""))
        target = told.decode("utf-8", "replace").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(home), target))
        name, state = attributes.get(b"name", b""), attributes.get(b"state", b"")
        usual = plain and _PLAIN_PATH.fullmatch(told) and kind.endswith(_WORKSHEET) and b"&" not in name and state in _STATES
        sheets.append(SheetPart(name.decode("utf-8", "replace"), path.lower(), state, bool(usual) and b"name" in attributes))
    if len(sheets) != workbook.count(b"<sheet "):
        return tuple(each._replace(plain=False) for each in sheets)
    return tuple(sheets)


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return {found[1]: found[2] if found[2] is not None else found[3] for found in _ATTRIBUTE.finditer(text[:4000])}


def cell_formats(styles: bytes) -> tuple[list[bytes], dict[bytes, bytes]]:
    """The number of the number format of each style, in their order, and the codes of the workbook's own formats."""
    codes = {}
    for found in _NUMBER_FORMAT.finditer(styles):
        attributes = _attributes(found[1])
        codes[attributes.get(b"numFmtId", b"")] = attributes.get(b"formatCode", b"")
    ends = [found.start() for found in _CELL_XFS.finditer(styles)][:2]
    if len(ends) < 2:
        return [], codes
    return [_attributes(found[1]).get(b"numFmtId", b"") for found in _XF.finditer(styles, *ends)], codes


def percent_styles(styles: bytes) -> frozenset[bytes]:
    """The style numbers of cells whose number format is a percentage."""
    numbers, codes = cell_formats(styles)
    own = {number for number, code in codes.items() if b"%" in code and b"%" in _LITERAL.sub(b"", code)}
    formats = _PERCENT_FORMATS | own
    return frozenset(str(index).encode() for index, number in enumerate(numbers) if number in formats)


def check_area(sheet: bytes, limits: Limits) -> int:
    """The cells that a sheet's filled area has; gone through only where a reference is odd. Raises `Refusal`.

    Readers allocate the whole area and wrap round on references that overflow, so every one must be well-formed.
    """
    if _ODD_REFERENCE.search(sheet) is None:
        return 0
    row = column = last_row = last_column = end = -1
    for found in _ROW_OR_CELL.finditer(sheet):
        if end < found.end():
            end = sheet.find(b">", found.end())
            if end < 0:
                break
        references = _ANY_REFERENCE.findall(sheet, found.end(), min(end, found.end() + 4 * _TAG_LENGTH))
        if found[1] == b"row":
            row, column = max((_number(reference) for reference in references), default=row + 1), -1
            continue
        places = [_place(reference) or (limits.rows, 0) for reference in references] or [(row, column + 1)]
        row, column = max(place[0] for place in places), max(place[1] for place in places)
        if sheet[end - 1 : end] != b"/" and sheet[end + 1 : end + 3] != b"</":
            last_row, last_column = max(last_row, row), max(last_column, column)
    if last_row >= limits.rows or last_column >= limits.columns:
        raise unreadable("单元格位置超出工作表范围")
    return (last_row + 1) * (last_column + 1)


def _number(reference: bytes) -> int:
    """The zero-based row of a row's own reference; one that is no row number lies outside of every sheet."""
    return int(reference) - 1 if reference.isdigit() and len(reference) < 10 else 1 << 40


def sheet_details(sheet: bytes, percent: frozenset[bytes]) -> SheetDetails:
    """The details of one sheet; `percent` are the styles of percentages."""
    values = dict(odd_values(sheet))
    percents = _percent_cells(sheet, percent)
    away = _may_hide(sheet)
    return SheetDetails(values, percents, *(hidden_parts(sheet) if away else ()))


def _may_hide(sheet: bytes) -> bool:
    """Whether rows or columns may be hidden, or of no height or width."""
    head = sheet.find(b"sheetData")
    return b"hidden=" in sheet or b' ht="0' in sheet or sheet.find(b'width="0', 0, max(head, 0)) >= 0


def odd_values(sheet: bytes) -> Iterator[tuple[Cell, CellValue]]:
    """The errors and uncached formulas by their places."""
    found = _PREFIX.search(sheet)
    prefix = (found[1] if found else None) or b""
    marks = [b' t="e"', b" t='e'"] if b"'" in sheet and b"='" in sheet else [b' t="e"']
    if _may_lack_results(sheet, prefix, found.end() if found else 0):
        marks.append(b"<" + prefix + b"f")
    for mark in marks:
        for attributes, content in _cells_around(sheet, mark, prefix):
            place = _place(_attributes(attributes).get(b"r", b""))
            if place and (value := _special(attributes, content)) is not None:
                yield place, value


def _may_lack_results(sheet: bytes, prefix: bytes, start: int) -> bool:
    """Whether a formula may stand without its result: a cell ends behind a formula, or a result is empty.

    None does where every formula stands in a cell that says that its result is a text, as the form's own checks do.
    """
    opening, text_cell = b"<" + prefix + b"f", _TEXT_RESULT + b">"
    at = sheet.find(opening)
    # Those of formats and validations (<formula1>) are no cell's.
    while at >= 0 and (sheet.endswith(text_cell, 0, at) or sheet.startswith(b"ormula", at + len(opening))):
        at = sheet.find(opening, at + len(opening))
    if at < 0:
        return False
    close, v = b"</" + prefix, prefix + b"v"
    empty = (b"<" + v + b"></" + v + b">", close + b"f>" + close + b"c>", b"/>" + close + b"c>", b"<" + v + b" ")
    return any(mark in sheet for mark in empty) or _SPACED.search(sheet, start) is not None


def _cells_around(sheet: bytes, mark: bytes, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The attributes and the content of each cell that a mark stands in, in linear time whatever the text.

    Cells that say that their result is a text are left out: an empty text is a result.
    """
    opening, close = b"<" + prefix + b"c ", b"</" + prefix + b"c>"
    at = sheet.find(mark)
    while at >= 0:
        following = sheet.find(mark, at + len(mark))
        start = sheet.rfind(opening, max(0, at - _TAG_LENGTH), at + 1)
        if start >= 0 and _TEXT_RESULT in sheet[start:at]:
            at = following
            continue
        end = sheet.find(close, start, following if following >= 0 else len(sheet)) if start >= 0 else -1
        if end > at:
            attributes, _, content = sheet[start + len(opening) : end].partition(b">")
            if not attributes.endswith(b"/"):
                yield attributes, content
        at = following


def _percent_cells(sheet: bytes, styles: frozenset[bytes]) -> set[Cell]:
    """The cells of these styles, found by the style and not by going through all cells."""
    places = set()
    for mark in (b" s=%b%b%b" % (quote, style, quote) for style in styles for quote in (b'"', b"'")):
        at = sheet.find(mark)
        while at >= 0:
            start = sheet.rfind(b"<", max(0, at - _TAG_LENGTH), at)
            tag = sheet[start : sheet.find(b">", at, at + _TAG_LENGTH)] if start >= 0 else b""
            if _CELL.match(tag) and (place := _place(_attributes(tag).get(b"r", b""))):
                places.add(place)
            at = sheet.find(mark, at + len(mark))
    return places


def _special(attributes: bytes, content: bytes) -> CellValue:
    """The error or uncached formula of a cell, None for any other."""
    kind = _attributes(attributes).get(b"t", b"n")
    if kind == b"str":
        return None
    result = _inner(content, _RESULT)
    if kind == b"e":
        return ErrorValue(result.decode("utf-8", "replace") if result else "#ERROR!")
    if result:
        return None
    formula = _inner(content, _FORMULA)
    if formula is None or _INLINE.search(content):
        return None
    return UncachedFormula("=" + unescape(formula.decode("utf-8", "replace")))


def _inner(content: bytes, tag: re.Pattern[bytes]) -> bytes | None:
    """The text within the first element of a tag; None where there is none."""
    found = tag.search(content)
    if found is None:
        return None
    attributes, _, rest = content[found.end() :].partition(b">")
    return b"" if attributes.endswith(b"/") else rest.partition(b"<")[0]


def hidden_parts(sheet: bytes) -> tuple[set[int], set[int]]:
    """The rows and the columns that are hidden, or of no height or width."""
    rows = {
        int(number) - 1
        for found in _HIDDEN_ROW.finditer(sheet)
        if (number := _attributes(found[1]).get(b"r", b"")).isdigit()
    }
    columns: set[int] = set()
    for found in _HIDDEN_COLUMN.finditer(sheet):
        attributes = _attributes(found[1])
        first, last = attributes.get(b"min", b""), attributes.get(b"max", b"")
        if first.isdigit() and last.isdigit():
            columns.update(range(int(first) - 1, min(int(last), 16_384)))
    return rows, columns


def _place(reference: bytes) -> Cell | None:
    """The zero-based row and column of an A1 reference."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + letter - 64
    return int(found[2]) - 1, column - 1


_TARGET, _TYPE = re.compile(rb"\bTarget=[\"']([^\"']+)"), re.compile(rb"\bType=[\"'][^\"']*/(\w+)[\"']")


def sheet_comments(part: str, parts: Mapping[str, bytes]) -> dict[Cell, str]:
    """The comments of a sheet by cell, without those that an earlier return put there; none where they are broken."""
    found: dict[Cell, str] = {}
    for name in _related(part, parts, b"comments"):
        try:
            root = ElementTree.fromstring(parts.get(name, b""))
        except ElementTree.ParseError:
            continue
        authors = ["".join(author.itertext()) for author in root.iterfind("{*}authors/{*}author")]
        for comment in root.iterfind("{*}commentList/{*}comment"):
            spot, text = spot_of(comment.get("ref", "")), _text(comment)
            number = comment.get("authorId", "")
            author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
            if spot and is_people_own(text, author) and len(found) < MOST_COMMENTS:
                found[spot] = text
    return found


def _text(comment: ElementTree.Element) -> str:
    """What a comment says; beside it some programs keep where its box stands."""
    runs = (*comment.iterfind("{*}text/{*}t"), *comment.iterfind("{*}text/{*}r/{*}t"))
    return "".join(run.text or "" for run in runs).strip()


def sheet_pictures(part: str, parts: Mapping[str, bytes]) -> int:
    """How many pictures a sheet shows."""
    drawings = _related(part, parts, b"drawing")
    return sum(len(set(_related(name, parts, b"image"))) for name in drawings)


def _related(part: str, parts: Mapping[str, bytes], kind: bytes) -> list[str]:
    """The names of the parts of a kind that a part refers to."""
    relations = parts.get(join(dirname(part), "_rels", f"{basename(part)}.rels"))
    if relations is None or b"/" + kind not in relations:
        return []
    names = []
    for found in _RELATION.findall(relations):
        target, told = _TARGET.search(found), _TYPE.search(found)
        if target and told and told[1] == kind:
            path = target[1].decode("utf-8", "replace").replace("\\", "/")
            names.append((path.lstrip("/") if path.startswith("/") else normpath(join(dirname(part), path))).lower())
    return names
