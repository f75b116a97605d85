"""OLE compound files, checked before any reader sees them: a looped or lying allocation table aborts some readers."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jixiao.reading.refusal import unreadable

DAMAGED = "文件结构已损坏，可能未下载或未复制完整"
_HEADER_BYTES = 512
_IN_HEADER = 109
_LAST_SECTOR = 0xFFFFFFFA
_MINI_SECTOR = 64
_ENTRY = 128
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True)
class Compound:
    """The streams of a compound file by lower-case name, the first of each name; every chain of theirs is finite.

    `names` are those of all streams and storages, `top` of those that belong to no embedded object.
    """

    streams: Mapping[str, bytes]
    names: frozenset[str]
    top: frozenset[str] = frozenset()


def open_compound(data: bytes, wanted: frozenset[str]) -> Compound:
    """The `wanted` streams of a compound file and the names of all. Raises `Refusal` where its structure does not hold."""
    try:
        return _Reader(data).compound(wanted)
    except (struct.error, IndexError, _Broken) as error:
        raise unreadable(DAMAGED) from error


class _Broken(Exception):
    pass


class _Reader:
    """The allocation tables of one file."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER_BYTES:
            raise _Broken
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise _Broken
        self.size = 1 << shift
        self.sectors = max(0, -(-(len(data) - self.size) // self.size))
        self.directory, self.cutoff, self.mini_start = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60))
        self.fat = self._table(self._fat_sectors())

    def _sector(self, number: int) -> bytes:
        if number >= self.sectors:
            raise _Broken
        start = (number + 1) * self.size
        return self.data[start : start + self.size]

    def _table(self, sectors: Iterator[int]) -> tuple[int, ...]:
        joined = b"".join(map(self._sector, sectors))
        return struct.unpack(f"<{len(joined) // 4}I", joined[: len(joined) // 4 * 4])

    def _fat_sectors(self) -> Iterator[int]:
        count, _, _, _, _, _, start, extra = struct.unpack_from("<8I", self.data, 44)
        if count > self.sectors or extra > self.sectors:
            raise _Broken
        listed = list(struct.unpack_from(f"<{_IN_HEADER}I", self.data, 76))
        seen = set()
        while start < _LAST_SECTOR and extra:
            if start in seen:
                raise _Broken
            seen.add(start)
            *numbers, start = self._table(iter([start]))
            listed += numbers
        found = [number for number in listed if number < _LAST_SECTOR][:count]
        if len(set(found)) < len(found):
            raise _Broken
        return iter(found)

    def _chain(self, start: int, table: tuple[int, ...], most: int) -> list[int]:
        """The numbers of a chain, at most `most` of them. Raises where it loops or leads outside."""
        chain: list[int] = []
        seen: set[int] = set()
        while start < _LAST_SECTOR and len(chain) < most:
            if start in seen or start >= len(table):
                raise _Broken
            seen.add(start)
            chain.append(start)
            start = table[start]
        return chain

    def _read(self, start: int, most: int | None = None) -> bytes:
        """The content of a chain; without `most` the chain must end."""
        sectors = self._chain(start, self.fat, self.sectors + 1 if most is None else -(-most // self.size))
        content = b"".join(map(self._sector, sectors))
        return content if most is None else content[:most]

    def compound(self, wanted: frozenset[str]) -> Compound:
        directory = self._read(self.directory)
        entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
        if not entries or entries[0][66] != _ROOT:
            raise _Broken
        root_start, root_size = struct.unpack_from("<II", entries[0], 116)
        if root_size > len(self.data):
            raise _Broken
        mini = self._read(root_start) if root_start < _LAST_SECTOR else b""
        mini_table = self._table(iter(self._chain(self.mini_start, self.fat, self.sectors + 1)))
        streams: dict[str, bytes] = {}
        names = set()
        for entry in entries:
            if entry[66] not in (1, _STREAM):
                continue
            name = _name(entry)
            names.add(name)
            if entry[66] != _STREAM or name not in wanted or name in streams:
                continue
            start, size = struct.unpack_from("<II", entry, 116)
            if size > len(self.data):
                raise _Broken
            if size >= self.cutoff:
                streams[name] = self._read(start, size)
            else:
                chain = self._chain(start, mini_table, -(-size // _MINI_SECTOR)) if size else []
                streams[name] = b"".join(mini[at * _MINI_SECTOR : (at + 1) * _MINI_SECTOR] for at in chain)[:size]
        return Compound(streams, frozenset(names), frozenset(_top(entries)))


def _top(entries: Sequence[bytes]) -> Iterator[str]:
    """The names of the entries that stand directly in the root: a tree of siblings, walked once each."""
    seen: set[int] = set()
    pending = [struct.unpack_from("<I", entries[0], 76)[0]]
    while pending:
        at = pending.pop()
        if at >= len(entries) or at in seen:
            continue
        seen.add(at)
        yield _name(entries[at])
        pending += struct.unpack_from("<2I", entries[at], 68)


def _name(entry: bytes) -> str:
    length = min(int.from_bytes(entry[64:66], "little"), 64)
    return entry[: max(0, length - 2)].decode("utf-16-le", "replace").lower()
