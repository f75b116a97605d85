"""The package that a workbook is: its parts compressed, in one file whose bytes depend on the parts alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from struct import pack
from typing import NamedTuple

QUICK, THOROUGH = 1, 9
"""How hard parts are compressed; the quick level takes a third of the usual one's time, for a sixth more bytes."""

COMMON = frozenset((
    "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/theme/theme1.xml",
))  # fmt: skip
"""Parts that many workbooks share: they are compressed once, and thoroughly."""

_VERSION, _DEFLATED, _NAMES_ARE_UTF8 = 20, 8, 0x800
_FIRST_OF_1980 = 0x21
"""The date of every part, which spreadsheet programs write too."""


class Part(NamedTuple):
    """One part of a package, compressed."""

    name: bytes
    packed: bytes
    crc: int
    size: int


def packed(name: str, text: str | bytes) -> Part:
    """A part of this name and text."""
    data = text.encode() if isinstance(text, str) else text
    deflater = zlib.compressobj(THOROUGH if name in COMMON else QUICK, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Part(name.encode(), deflater.compress(data) + deflater.flush(), zlib.crc32(data), len(data))


def package(parts: Iterable[Part]) -> bytes:
    """The file that holds the parts, in their order."""
    written: list[bytes] = []
    listed: list[bytes] = []
    at = 0
    for name, data, crc, size in parts:
        flags = 0 if name.isascii() else _NAMES_ARE_UTF8
        told = pack("<4H3L2H", flags, _DEFLATED, 0, _FIRST_OF_1980, crc, len(data), size, len(name), 0)
        head = pack("<4sH", b"PK\3\4", _VERSION) + told + name
        listed.append(pack("<4sHH", b"PK\1\2", _VERSION, _VERSION) + told + pack("<3H2L", 0, 0, 0, 0, at) + name)
        written += head, data
        at += len(head) + len(data)
    index = b"".join(listed)
    end = pack("<4s4HLLH", b"PK\5\6", 0, 0, len(listed), len(listed), len(index), at, 0)
    return b"".join((*written, index, end))
