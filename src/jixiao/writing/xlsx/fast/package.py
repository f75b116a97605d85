"""The package that a workbook is: its parts compressed, in one file whose bytes depend on the parts alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from struct import pack
from typing import NamedTuple

QUICK, THOROUGH = 1, 9
"""How hard parts are compressed: those of one workbook, and those that many workbooks share and that are kept compressed."""

TYPES, STYLES, THEME, TEXTS = "[Content_Types].xml", "xl/styles.xml", "xl/theme/theme1.xml", "xl/sharedStrings.xml"
SHEET, COMMENTS, BOXES = "xl/worksheets/sheet{}.xml", "xl/comments{}.xml", "xl/drawings/vmlDrawing{}.vml"
RELATIONS = "xl/worksheets/_rels/sheet{}.xml.rels"
"""The names of parts; those of sheets and of their comments by number, from 1."""

_COMMON = frozenset((TYPES, STYLES, THEME))

_VERSION, _DEFLATED, _NAMES_ARE_UTF8 = 20, 8, 0x800
_FIRST_OF_1980 = 0x21
"""The date of every part, which spreadsheet programs write too."""


class UnsupportedContent(Exception):
    """Something that the quick way does not write: the drawing library draws the workbook."""


class Part(NamedTuple):
    """One part of a package, compressed."""

    name: str
    packed: bytes
    crc: int
    size: int


def packed(name: str, text: str | Iterable[bytes]) -> Part:
    """Return a part of this name and text, compressed; a text that comes in pieces is held a piece at a time."""
    level = THOROUGH if name in _COMMON or name.endswith(".rels") else QUICK
    deflater = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated, crc, size = [], 0, 0
    for piece in (text.encode(),) if isinstance(text, str) else text:
        deflated.append(deflater.compress(piece))
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    return Part(name, b"".join((*deflated, deflater.flush())), crc, size)


def package(parts: Iterable[Part]) -> Iterator[bytes]:
    """Yield the file that holds the parts, in their order, piece by piece.

    The directory is written here because `zipfile` takes no part that is compressed already.
    """
    listed: list[bytes] = []
    at = 0
    for part, data, crc, size in parts:
        name = part.encode()
        flags = 0 if name.isascii() else _NAMES_ARE_UTF8
        fields = pack("<4H3L2H", flags, _DEFLATED, 0, _FIRST_OF_1980, crc, len(data), size, len(name), 0)
        head = pack("<4sH", b"PK\3\4", _VERSION) + fields + name
        listed.append(pack("<4sHH", b"PK\1\2", _VERSION, _VERSION) + fields + pack("<3H2L", 0, 0, 0, 0, at) + name)
        yield head
        yield data
        at += len(head) + len(data)
    index = b"".join(listed)
    yield index
    yield pack("<4s4HLLH", b"PK\5\6", 0, 0, len(listed), len(listed), len(index), at, 0)
