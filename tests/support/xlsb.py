"""Grids as binary workbooks (.xlsb), record by record after MS-XLSB: no library at hand writes the format."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

from jixiao.reading.formats.grid import ErrorValue, Grid

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{}</Types>'
)
_OVERRIDE = '<Override PartName="/xl/{}" ContentType="application/vnd.ms-excel.{}"/>'
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION = '<Relationship Id="rId{}" Type="' + _OFFICE + '/{}" Target="{}"/>'

# Records (MS-XLSB 2.3): cells are 0 to 10, the rest in pairs of beginning and end.
_ROW, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = 0, 2, 3, 4, 5, 6, 7
_ITEM, _FORMAT, _XF, _COLUMN, _DIMENSION, _BUNDLE, _MERGE = 19, 44, 47, 60, 148, 156, 176
_SHEET, _SHEET_DATA, _BOOK, _SHEETS, _STRINGS = (129, 130), (145, 146), (131, 132), (143, 144), (159, 160)
_STYLES, _FORMATS, _XFS, _COLUMNS, _MERGES = (278, 279), (615, 616), (617, 618), (390, 391), (177, 178)
_ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}
_RICH = 1


def save_binary(sheets: list[Grid], path: Path) -> Path:
    """The sheets as an .xlsb: whole numbers packed, others as doubles, texts shared, in place and rich in turn."""
    shared: dict[str, int] = {}
    parts = {f"worksheets/sheet{n}.bin": _sheet(sheet, shared) for n, sheet in enumerate(sheets, start=1)}
    parts["sharedStrings.bin"] = _strings(shared)
    parts["styles.bin"] = _styles()
    parts["workbook.bin"] = _pair(_BOOK, [_pair(_SHEETS, [_bundle(n, sheet) for n, sheet in enumerate(sheets, start=1)])])
    relations = [_RELATION.format(n, "worksheet", f"worksheets/sheet{n}.bin") for n in range(1, len(sheets) + 1)]
    relations += [_RELATION.format(900, "sharedStrings", "sharedStrings.bin"), _RELATION.format(901, "styles", "styles.bin")]
    overrides = [_OVERRIDE.format(f"worksheets/sheet{n}.bin", "worksheet") for n in range(1, len(sheets) + 1)]
    overrides += [_OVERRIDE.format("sharedStrings.bin", "sharedStrings"), _OVERRIDE.format("styles.bin", "styles")]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES.format("".join(overrides)))
        package.writestr("_rels/.rels", _RELATIONS.format(_RELATION.format(1, "officeDocument", "xl/workbook.bin")))
        package.writestr("xl/_rels/workbook.bin.rels", _RELATIONS.format("".join(relations)))
        for name, content in parts.items():
            package.writestr(f"xl/{name}", content)
    return path


def _number(value: int, most: int) -> bytes:
    made = b""
    for _ in range(most):
        made += bytes([value & 0x7F | (0x80 if value > 0x7F else 0)])
        value >>= 7
        if not value:
            break
    return made


def _record(kind: int, content: bytes = b"") -> bytes:
    return (bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])) + _number(len(content), 4) + content


def _pair(kinds: tuple[int, int], records: Iterable[bytes], content: bytes = b"") -> bytes:
    return _record(kinds[0], content) + b"".join(records) + _record(kinds[1])


def _wide(text: str) -> bytes:
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def _bundle(number: int, sheet: Grid) -> bytes:
    return _record(_BUNDLE, struct.pack("<II", int(sheet.hidden), number) + _wide(f"rId{number}") + _wide(sheet.name))


def _strings(shared: dict[str, int]) -> bytes:
    """The shared strings, every other one rich: a run of another font behind its text."""
    items = []
    for text, number in shared.items():
        rich = number % 2 == 1
        run = struct.pack("<IHH", 1, 0, 1) if rich else b""
        items.append(_record(_ITEM, bytes([_RICH if rich else 0]) + _wide(text) + run))
    return _pair(_STRINGS, items, struct.pack("<II", len(items), len(items)))


def _styles() -> bytes:
    """Two styles of cells: none, and a percentage by a format of the workbook's own."""
    own = _record(_FORMAT, struct.pack("<H", 180) + _wide("0.0%"))
    styles = [_record(_XF, struct.pack("<HHHHHBBHBB", 0, number, 0, 0, 0, 0, 0, 0, 0, 0)) for number in (0, 180)]
    return _pair(_STYLES, [_pair(_FORMATS, [own], struct.pack("<I", 1)), _pair(_XFS, styles, struct.pack("<I", 2))])


def _sheet(sheet: Grid, shared: dict[str, int]) -> bytes:
    width = max(map(len, sheet.rows), default=1)
    hidden = [_record(_COLUMN, struct.pack("<IIIIH", each, each, 2560, 0, 1)) for each in sorted(sheet.hidden_columns)]
    rows = []
    for row, cells in enumerate(sheet.rows):
        looks = 0x10 if row in sheet.hidden_rows else 0
        rows.append(_record(_ROW, struct.pack("<IIHBBBI", row, 0, 300, 0, looks, 0, 0)))
        for column, value in enumerate(cells):
            if value is not None:
                head = struct.pack("<II", column, int((row, column) in sheet.percent))
                rows.append(_cell(head, value, shared, row + column))
    records = [_record(_DIMENSION, struct.pack("<IIII", 0, max(len(sheet.rows) - 1, 0), 0, width - 1))]
    records += [_pair(_COLUMNS, hidden)] if hidden else []
    records.append(_pair(_SHEET_DATA, rows))
    merges = [_record(_MERGE, struct.pack("<IIII", each.row, each.last_row, each.column, each.last_column)) for each in sheet.merges]
    records += [_pair(_MERGES, merges, struct.pack("<I", len(merges)))] if merges else []
    return _pair(_SHEET, records)


def _cell(head: bytes, value: object, shared: dict[str, int], turn: int) -> bytes:
    if isinstance(value, bool):
        return _record(_BOOL, head + bytes([value]))
    if isinstance(value, ErrorValue):
        return _record(_ERROR, head + bytes([_ERRORS[value.text]]))
    if isinstance(value, str):
        if turn % 3 == 0:
            return _record(_TEXT, head + _wide(value))
        return _record(_SHARED, head + struct.pack("<I", shared.setdefault(value, len(shared))))
    number = float(str(value))
    if number == int(number) and abs(number) < 2**28:
        return _record(_RK, head + struct.pack("<i", int(number) << 2 | 2))
    return _record(_REAL, head + struct.pack("<d", number))
