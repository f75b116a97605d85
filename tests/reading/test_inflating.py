"""What is inflated at once is what zlib says of it, whatever became of the bytes and whatever the directory says of them."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.reading import package
from jixiao.reading.limits import LIMITS
from jixiao.reading.package import Entry, _inflate, _inflated_as_told
from jixiao.reading.refusal import Refusal

CONTENTS = st.one_of(
    st.binary(max_size=300), st.builds(bytes.__mul__, st.binary(min_size=1, max_size=9), st.integers(0, 40_000)),
    st.lists(st.sampled_from([b'<c r="A1" s="3"/>', b"<v>12</v>", "部门".encode(), b"</row>"]), max_size=300).map(b"".join),
)  # fmt: skip
DECLARED = st.sampled_from((0, 0, 0, 0, -1, 1, 70_000))


def deflated(content: bytes, level: int, strategy: int) -> bytes:
    deflater = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, 8, strategy)
    return deflater.compress(content) + deflater.flush()


def told(packed: bytes, size: int, crc: int) -> bytes | str:
    entry = Entry("a.xml", 0, 8, crc, len(packed), size, 0)
    data = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, 0, 0, 0, 0) + packed
    try:
        return _inflate(data, entry, LIMITS)
    except Refusal as refusal:
        return refusal.reason


@settings(max_examples=300, deadline=None)
@given(CONTENTS, st.sampled_from((0, 1, 6, 9)), st.sampled_from((zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY)), DECLARED, st.booleans(), st.data())
def test_a_part_is_what_zlib_says_it_is(content, level, strategy, off, damaged, data):
    packed = bytearray(deflated(content, level, strategy))
    if damaged:
        at = data.draw(st.integers(0, len(packed) - 1))
        match data.draw(st.sampled_from(("flip", "cut", "add"))):
            case "flip":
                packed[at] ^= 1 << data.draw(st.integers(0, 7))
            case "cut":
                del packed[at:]
            case "add":
                packed += data.draw(st.binary(max_size=20))
    size, crc = max(0, len(content) + off), zlib.crc32(content)
    quickly = told(bytes(packed), size, crc)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_inflated_as_told", "_known_small"):
            patch.setattr(package, name, lambda packed, size, crc: None)
        assert quickly == told(bytes(packed), size, crc)


def test_what_is_as_it_is_told_needs_no_second_look():
    content = b"<sheetData/>" * 10_000
    packed = deflated(content, 6, zlib.Z_DEFAULT_STRATEGY)
    size, crc = len(content), zlib.crc32(content)
    assert _inflated_as_told(packed, size, crc) == content
    for other in ((size, 1), (size - 1, crc), (size + 1, crc)):
        assert _inflated_as_told(packed, *other) is None
    assert _inflated_as_told(packed[:-1], size, crc) is None
    assert _inflated_as_told(b"\xff" * 50, size, crc) is None


def test_a_small_part_is_the_same_object_again_and_only_for_the_same_bytes_and_checksum():
    content = b"<styleSheet/>" * 100
    packed, crc = deflated(content, 6, zlib.Z_DEFAULT_STRATEGY), zlib.crc32(content)
    first = told(packed, len(content), crc)
    assert first == content and told(packed, len(content), crc) is first
    assert told(packed[:-3], len(content), crc) != content
    assert told(deflated(content[:-1], 6, zlib.Z_DEFAULT_STRATEGY), len(content), crc) == content[:-1]
    large = b"x" * (package._HARMLESS + 1)
    packed, crc = deflated(large, 6, zlib.Z_DEFAULT_STRATEGY), zlib.crc32(large)
    assert len(packed) <= package.SMALL and told(packed, len(large), crc) is not told(packed, len(large), crc)
