"""Compound files, and what calamine does not tell of a workbook in BIFF (.xls, .et) within one.

That is: errors, percent formats, hidden rows and columns, comments.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from olefile import STGTY_ROOT, STGTY_STREAM, OleFileIO

from jixiao.model.cell import ErrorValue
from jixiao.reading.formats.grid import BINARY_ERRORS, MOST_COMMENTS, PERCENT_FORMATS, Cell, SheetDetails, is_people_own
from jixiao.reading.formats.limits import unreadable

_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x002F, 0x0085, 0x041E, 0x00E0
_ROW, _COLINFO, _DIMENSIONS = 0x0208, 0x007D, 0x0200
_ROWS, _COLUMNS = 65_536, 256
_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR = 0x0006, 0x0203, 0x027E, 0x00BD, 0x0205
_NOTE, _OBJECT, _TEXT_OBJECT, _CONTINUE = 0x001C, 0x005D, 0x01B6, 0x003C
_NOTE_OBJECT = 0x19
_TEXTS = frozenset({0x0204, 0x00FD, 0x00D6, *(_NUMBER, _RK, _BOOLERR, _FORMULA)})
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01
_WORKSHEET = 0
_BIFF8 = 0x0600


DAMAGED = "文件结构已损坏，可能未下载或未复制完整"


@dataclass(frozen=True)
class Compound:
    """The streams of a compound file by lower-case name, the first of each name.

    `names` are those of all streams and storages, `top` of those that belong to no embedded object.
    """

    streams: Mapping[str, bytes]
    names: frozenset[str]
    top: frozenset[str]


def open_compound(data: bytes, wanted: frozenset[str]) -> Compound:
    """Return the `wanted` streams of a compound file and the names of all. Raises `UnreadableFile` for a damaged file.

    What other readers trust and die of is checked as well: loops in the allocation tables, and sizes larger than the file.
    """
    try:
        _check_header(data)
        with OleFileIO(BytesIO(data)) as ole:
            return _compound(ole, wanted, len(data))
    except Exception as error:  # whatever goes wrong inside the library, the file is damaged
        raise unreadable(DAMAGED) from error


class _DamagedError(Exception):
    pass


def _check_header(data: bytes) -> None:
    """Refuse an allocation table larger than the file needs: the library would load it whatever its size."""
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise _DamagedError
    entries = (len(data) >> shift) + 1
    if int.from_bytes(data[44:48], "little") > 2 * entries // (1 << shift - 2) + 109:
        raise _DamagedError


def _compound(ole: OleFileIO, wanted: frozenset[str], size: int) -> Compound:
    _check_chains(ole.fat)
    directory = ole.directory_fp.getvalue()
    if len(directory) % 128:
        raise _DamagedError
    for at in range(0, len(directory), 128):
        if directory[at + 66] in (STGTY_STREAM, STGTY_ROOT) and int.from_bytes(directory[at + 120 : at + 124], "little") > size:
            raise _DamagedError
    ole.loadminifat()
    _check_chains(ole.minifat)
    streams: dict[str, bytes] = {}
    entries = sorted(_entries(ole.root), key=lambda each: each[1].sid)
    for path, entry in entries:
        name = path[-1].lower()
        if entry.entry_type == STGTY_STREAM and name in wanted and name not in streams:
            streams[name] = ole.openstream(path).read()
            if entry.size - len(streams[name]) >= ole.sector_size:
                raise _DamagedError
    names = frozenset(path[-1].lower() for path, _ in entries)
    return Compound(streams, names, frozenset(entry.name.lower() for entry in ole.root.kids))


def _entries(root: Any) -> list[tuple[list[str], Any]]:
    """Return the entries below the root, each once and with its path: hostile storages hold one another."""
    entries: list[tuple[list[str], Any]] = [([], root)]
    seen = {root.sid}
    for path, storage in entries:  # grows on the way
        for entry in storage.kids:
            if entry.sid not in seen:
                seen.add(entry.sid)
                entries.append(([*path, entry.name], entry))
    return entries[1:]


def _check_chains(table: Sequence[int]) -> None:
    """Check that every chain of sectors in an allocation table ends."""
    ends: set[int] = set()
    for start in range(len(table)):
        at, chain = start, set()
        while at < len(table) and at not in ends:
            if at in chain:
                raise _DamagedError
            chain.add(at)
            at = table[at]
        ends |= chain


@dataclass(frozen=True)
class Biff:
    """The workbook stream's own account: whether it is encrypted, its sheets in order, and the cells they span."""

    encrypted: bool
    sheets: tuple[SheetDetails, ...] = ()
    area: int = 0


def read_biff(stream: bytes) -> Biff:
    """What a workbook stream tells of its sheets beside their values. Raises `UnreadableFile` where a sheet claims too much."""
    starts: list[int] = []
    formats, styles = set(PERCENT_FORMATS), []
    version = _BIFF8
    for kind, content in _records(stream, 0):
        if kind == _FILEPASS:
            return Biff(encrypted=True)
        if kind == _BOF and len(content) >= 2:
            version = int.from_bytes(content[:2], "little")
        elif kind == _BOUNDSHEET and len(content) >= 6:
            starts.append(int.from_bytes(content[:4], "little"))
        elif kind == _FORMAT and len(content) > 3 and "%" in (_text(content, 4) if version >= _BIFF8 else content[3:].decode("latin-1")):
            formats.add(int.from_bytes(content[:2], "little"))
        elif kind == _XF and len(content) >= 4:
            styles.append(int.from_bytes(content[2:4], "little"))
        elif kind == _EOF:
            break
    percent = frozenset(number for number, number_format in enumerate(styles) if number_format in formats)
    sheets = [_read_sheet(stream, start, percent) for start in starts[:256]]
    return Biff(encrypted=False, sheets=tuple(sheets), area=sum(sheet.area for sheet in sheets))


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records from `start` on, until the stream ends."""
    end = len(stream) - 4
    while start <= end:
        kind, length = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length


def _text(content: bytes, flags: int, length: int | None = None) -> str:
    """Return the text behind a byte at `flags` that says whether a character takes two bytes; `length` is in characters."""
    wide = len(content) > flags and content[flags] & 1
    end = None if length is None else flags + 1 + length * (2 if wide else 1)
    return content[flags + 1 : end].decode("utf-16-le" if wide else "latin-1", "replace")


def _read_sheet(stream: bytes, start: int, percent: frozenset[int]) -> SheetDetails:
    sheet, notes, depth = SheetDetails(), _Notes(), 0
    for kind, content in _records(stream, start):
        if kind == _DIMENSIONS:
            _check_dimensions(content)
        elif kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth == 1:
            notes.read(kind, content)
            if len(content) >= 6:
                _read_record(sheet, kind, content, percent)
    sheet.comments = notes.comments()
    return sheet


class _Notes:
    """The comments of a sheet: an object, then its length, then its text, maybe continued; cells and authors come last."""

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}
        self.cells: list[tuple[Cell, int, str]] = []
        self.object: int | None = None
        self.to_come = 0

    def read(self, kind: int, content: bytes) -> None:
        """Take in a record of the sheet."""
        if kind == _OBJECT and len(content) >= 8:
            _, _, what, number = struct.unpack_from("<HHHH", content)
            self.object = number if what == _NOTE_OBJECT else None
        elif kind == _TEXT_OBJECT and len(content) >= 12:
            self.to_come = int.from_bytes(content[10:12], "little") if self.object is not None else 0
        elif kind == _CONTINUE and self.object is not None and self.to_come and content:
            text = _text(content, 0, self.to_come)
            self.to_come -= len(text)
            self.texts[self.object] = self.texts.get(self.object, "") + text
        elif kind == _NOTE and len(content) >= 11 and len(self.cells) < MOST_COMMENTS:
            row, column, _, number, length = struct.unpack_from("<HHHHH", content)
            self.cells.append(((row, column), number, _text(content, 10, length)))

    def comments(self) -> dict[Cell, str]:
        """Return the comments by cell that are not by an earlier return."""
        texts = ((cell, self.texts.get(number, "").strip(), author) for cell, number, author in self.cells)
        return {cell: text for cell, text, author in texts if is_people_own(text, author)}


def _check_dimensions(content: bytes) -> None:
    """Raises `UnreadableFile` for an area that no sheet of this format has: readers reserve memory for what is declared."""
    if len(content) >= 14:
        top, bottom, left, right = struct.unpack_from("<IIHH", content)
    elif len(content) >= 8:
        top, bottom, left, right = struct.unpack_from("<HHHH", content)
    else:
        return
    if not (top <= bottom <= _ROWS and left <= right <= _COLUMNS):
        raise unreadable("工作表声明的范围超出限度")


def _read_record(sheet: SheetDetails, kind: int, content: bytes, percent: frozenset[int]) -> None:
    if kind == _MULRK:
        row, column = struct.unpack_from("<HH", content)
        last = column + (len(content) - 6) // 6 - 1
        sheet.fill(row, last)
        for offset in range(4, len(content) - 2, 6):
            if int.from_bytes(content[offset : offset + 2], "little") in percent:
                sheet.percent.add((row, column + (offset - 4) // 6))
    elif kind in _TEXTS:
        row, column, style = struct.unpack_from("<HHH", content)
        sheet.fill(row, column)
        if style in percent:
            sheet.percent.add((row, column))
        if kind == _BOOLERR and len(content) >= 8 and content[7]:
            sheet.values[row, column] = ErrorValue(BINARY_ERRORS.get(content[6], "#ERROR!"))
        elif kind == _FORMULA and len(content) >= 14 and content[12:14] == b"\xff\xff" and content[6] == 2:
            sheet.values[row, column] = ErrorValue(BINARY_ERRORS.get(content[8], "#ERROR!"))
    elif kind == _ROW and len(content) >= 14 and content[12] & _ROW_HIDDEN:
        sheet.hidden_rows.add(int.from_bytes(content[:2], "little"))
    elif kind == _COLINFO and len(content) >= 10 and content[8] & _COLUMN_HIDDEN:
        first, last = struct.unpack_from("<HH", content)
        sheet.hidden_columns.update(range(first, min(last, 255) + 1))
