"""The package that a workbook is: its parts compressed, in one file whose bytes depend on the parts alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from struct import pack
from typing import Any, NamedTuple

from isal import isal_zlib

QUICK, QUICKEST, THOROUGH = 1, 2, 9
"""How hard parts are compressed: by zlib, by isal (at a fifth of zlib's time, files of the same size), and once for all."""

TYPES, STYLES, THEME, TEXTS = "[Content_Types].xml", "xl/styles.xml", "xl/theme/theme1.xml", "xl/sharedStrings.xml"
SHEET, COMMENTS, BOXES = "xl/worksheets/sheet{}.xml", "xl/comments{}.xml", "xl/drawings/vmlDrawing{}.vml"
RELATIONS = "xl/worksheets/_rels/sheet{}.xml.rels"
"""The names of parts; those of sheets and of their comments by number, from 1."""

_COMMON = frozenset((TYPES, STYLES, THEME))
_RELATIONS = ".rels"

_PIECE = 1 << 18
_VERSION, _DEFLATED, _NAMES_ARE_UTF8 = 20, 8, 0x800
_FIRST_OF_1980 = 0x21
"""The date of every part, which spreadsheet programs write too."""


class Part(NamedTuple):
    """One part of a package, compressed."""

    name: bytes
    packed: bytes
    crc: int
    size: int


def packed(name: str, text: str | bytes | Iterable[bytes], *, portable: bool = False) -> Part:
    """A part of this name and text, compressed; `portable` where its bytes are not to depend on the kind of processor.

    A text that comes in pieces is held a piece at a time. Parts that many workbooks share are kept compressed by who asks
    for them: they are compressed thoroughly, and are portable either way.
    """
    data = text.encode() if isinstance(text, str) else text
    if not isinstance(data, bytes):
        pieces = _even(data)
        first = next(pieces)
        second = next(pieces, None)
        if second is not None:
            return _packed_in_turn(name, chain((first, second), pieces), portable)
        data = first
    if portable or _common(name) or len(data) > _PIECE:
        return _packed_in_turn(name, _even((data,)), portable)
    return Part(name.encode(), isal_zlib.compress(data, QUICKEST, -zlib.MAX_WBITS), isal_zlib.crc32(data), len(data))


def _packed_in_turn(name: str, pieces: Iterable[bytes], portable: bool) -> Part:
    deflater: Any
    if portable or _common(name):
        deflater = zlib.compressobj(THOROUGH if _common(name) else QUICK, zlib.DEFLATED, -zlib.MAX_WBITS)
    else:
        deflater = isal_zlib.compressobj(QUICKEST, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated, crc, size = [], 0, 0
    for piece in pieces:
        deflated.append(deflater.compress(piece))
        crc, size = isal_zlib.crc32(piece, crc), size + len(piece)
    return Part(name.encode(), b"".join((*deflated, deflater.flush())), crc, size)


def _common(name: str) -> bool:
    return name in _COMMON or name.endswith(_RELATIONS)


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The text in pieces of one size, since what it is compressed to depends on them."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > _PIECE:
            yield bytes(waiting[:_PIECE])
            del waiting[:_PIECE]
    yield bytes(waiting)


def package(parts: Iterable[Part]) -> Iterator[bytes]:
    """The file that holds the parts, in their order, piece by piece."""
    listed: list[bytes] = []
    at = 0
    for name, data, crc, size in parts:
        flags = 0 if name.isascii() else _NAMES_ARE_UTF8
        told = pack("<4H3L2H", flags, _DEFLATED, 0, _FIRST_OF_1980, crc, len(data), size, len(name), 0)
        head = pack("<4sH", b"PK\3\4", _VERSION) + told + name
        listed.append(pack("<4sHH", b"PK\1\2", _VERSION, _VERSION) + told + pack("<3H2L", 0, 0, 0, 0, at) + name)
        yield head
        yield data
        at += len(head) + len(data)
    index = b"".join(listed)
    yield index
    yield pack("<4s4HLLH", b"PK\5\6", 0, 0, len(listed), len(listed), len(index), at, 0)
