"""What calamine does not tell of an .xlsb: errors, percent formats, merges, hidden rows and columns."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from jixiao.model.cell import ErrorValue
from jixiao.reading.formats.grid import BINARY_ERRORS, PERCENT_FORMATS, Merge, SheetDetails
from jixiao.reading.formats.limits import Limits, unreadable
from jixiao.reading.formats.xml_parts import relations

_ROW, _BLANK, _ERROR, _FORMULA_ERROR, _LAST_CELL = 0, 1, 3, 11, 11
_FORMAT, _XF, _COLUMN, _MERGE, _BUNDLE_SHEET = 44, 47, 60, 176, 156
_BEGIN_CELL_XFS, _END_CELL_XFS = 617, 618
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x10, 0x01


def xlsb_details(parts: Mapping[str, bytes], limits: Limits) -> list[SheetDetails]:
    """The details of each sheet in the workbook's order; empty where the package does not tell. Raises `UnreadableFile`."""
    percent = _percent_styles(parts.get("xl/styles.bin", b""))
    details: list[SheetDetails] = []
    for name in _sheet_parts(parts):
        details.append(_sheet(parts.get(name, b""), percent, limits))
        if sum(sheet.area for sheet in details) > limits.cells:
            raise unreadable("有内容的区域过大，请删除远处多余的内容")
    return details


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a binary part: type and length are numbers of seven bits a byte."""
    at, end = 0, len(part)
    while at < end:
        kind = part[at]
        at += 1
        if kind & 0x80 and at < end:
            kind = (kind & 0x7F) | (part[at] & 0x7F) << 7
            at += 1
        length = shift = 0
        while at < end and shift < 28:
            byte = part[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, part[at : at + length]
        at += length


def _text(content: bytes, at: int) -> tuple[str, int]:
    """A wide string and where it ends."""
    count = int.from_bytes(content[at : at + 4], "little")
    if count == 0xFFFFFFFF:
        return "", at + 4
    return content[at + 4 : at + 4 + 2 * count].decode("utf-16-le", "replace"), at + 4 + 2 * count


def _sheet_parts(parts: Mapping[str, bytes]) -> list[str]:
    """Return the names of the sheets' parts in the workbook's order."""
    targets = relations("xl/workbook.bin", parts)
    listed = (content for kind, content in _records(parts.get("xl/workbook.bin", b"")) if kind == _BUNDLE_SHEET)
    return [targets[name].path if (name := _text(content, 8)[0]) in targets else "" for content in listed]


def _percent_styles(styles: bytes) -> frozenset[int]:
    formats, numbers, within = set(PERCENT_FORMATS), [], False
    for kind, content in _records(styles):
        if kind == _FORMAT and "%" in _text(content, 2)[0]:
            formats.add(int.from_bytes(content[:2], "little"))
        elif kind in (_BEGIN_CELL_XFS, _END_CELL_XFS):
            within = kind == _BEGIN_CELL_XFS
        elif kind == _XF and within:
            numbers.append(int.from_bytes(content[2:4], "little"))
    return frozenset(style for style, number in enumerate(numbers) if number in formats)


def _sheet(part: bytes, percent: frozenset[int], limits: Limits) -> SheetDetails:
    sheet, row = SheetDetails(), -1
    for kind, content in _records(part):
        if kind == _ROW and len(content) >= 4:
            row = int.from_bytes(content[:4], "little")
            if len(content) > 11 and content[11] & _ROW_HIDDEN:
                sheet.hidden_rows.add(row)
        elif _BLANK < kind <= _LAST_CELL and len(content) >= 8:
            column, style = struct.unpack_from("<II", content)
            sheet.fill(row, column)
            if style & 0xFFFFFF in percent:
                sheet.percent.add((row, column))
            if kind in (_ERROR, _FORMULA_ERROR) and len(content) > 8:
                sheet.values[row, column] = ErrorValue(BINARY_ERRORS.get(content[8], "#ERROR!"))
        elif kind == _COLUMN and len(content) >= 18 and content[16] & _COLUMN_HIDDEN:
            first, last = struct.unpack_from("<II", content)
            sheet.hidden_columns.update(range(first, min(last, 16_383) + 1))
        elif kind == _MERGE and len(content) >= 16:
            top, bottom, left, right = struct.unpack_from("<IIII", content)
            sheet.merges.append(Merge(top, left, bottom, right))
    if sheet.last_row >= limits.rows or sheet.last_column >= limits.columns or len(sheet.merges) > limits.merges:
        raise unreadable("单元格位置超出工作表范围")
    return sheet
