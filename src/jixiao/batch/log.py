"""Entries by name in files that are only ever appended to: to make a file costs the system far more than to write it.

Each who writes has a file of its own. An entry that was cut short, or is not what was written, is none.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from struct import Struct
from typing import NamedTuple
from uuid import uuid4

_HEAD = Struct(">32sHQ")
"""Before each entry: the sha256 of name and content, and the length of either."""

_KIND, _PART = ".log", ".part"


class Entry(NamedTuple):
    """Where an entry stands: its file in the folder, from which byte on, how many bytes of name and of content, its sha256."""

    file: str
    start: int
    name_length: int
    length: int
    digest: bytes


class Log:
    """A new file in the folder that takes entries; made with the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None
        self._name = ""
        self._size = 0

    def append(self, name: str, content: bytes) -> Entry:
        """Write an entry, and where it stands; `OSError` where there is no room."""
        if self._file is None:
            last = max((int(each.stem.partition("-")[0]) for each in _logs(self._folder)), default=0)
            self._name = f"{last + 1:06d}-{uuid4().hex}{_KIND}"
            self._file = os.open(self._folder / self._name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        called = name.encode()
        digest = sha256(called + content).digest()
        entry = Entry(self._name, self._size + _HEAD.size, len(called), len(content), digest)
        left = memoryview(_HEAD.pack(digest, len(called), len(content)) + called + content)
        self._size += len(left)
        while left:
            left = left[os.write(self._file, left) :]
        return entry

    def close(self) -> None:
        """Take no more."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Log:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


class Logs:
    """The entries of a folder; of several by one name the last counts. `entries` are those, where they are known."""

    def __init__(self, folder: Path, entries: Mapping[str, Entry] | None = None) -> None:
        self._folder = folder
        self.entries = dict(scanned(folder)) if entries is None else dict(entries)

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def get(self, name: str) -> bytes | None:
        """The content of an entry; None where there is none as it was written."""
        entry = self.entries.get(name)
        if entry is None:
            return None
        try:
            with (self._folder / entry.file).open("rb") as stream:
                stream.seek(entry.start)
                told = stream.read(entry.name_length + entry.length)
        except OSError:
            return None
        return told[entry.name_length :] if sha256(told).digest() == entry.digest else None

    def keep_only(self, names: Iterable[str]) -> None:
        """Forget every entry but the last by each of these names; files with nothing else in them stay as they are."""
        self.entries = dict(scanned(self._folder))
        kept = {name: self.entries[name] for name in names if name in self.entries}
        for log in _logs(self._folder):
            here = list(_entries(log))
            live = [name for name, entry in here if kept.get(name) == entry]
            if len(live) == len(here) and here:
                continue
            contents = {name: content for name in live if (content := self.get(name)) is not None}
            if contents:
                # A file of the same place in the order: what is written while this goes on comes after it.
                replacing = log.with_name(f"{log.stem.partition('-')[0]}-{uuid4().hex}{_KIND}")
                part = replacing.with_suffix(_PART)
                with part.open("wb") as stream:
                    for name, content in contents.items():
                        called = name.encode()
                        stream.write(_HEAD.pack(sha256(called + content).digest(), len(called), len(content)) + called + content)
                part.replace(replacing)
            with suppress(OSError):
                log.unlink()
        for part in self._folder.glob(f"*{_PART}"):  # of a run that was killed here
            with suppress(OSError):
                part.unlink()
        self.entries = dict(scanned(self._folder))


def scanned(folder: Path) -> Iterator[tuple[str, Entry]]:
    """Every entry of a folder by its name, the earlier files first."""
    for log in _logs(folder):
        yield from _entries(log)


def _logs(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(each for each in folder.iterdir() if each.suffix == _KIND and each.stem.partition("-")[0].isdecimal())
    return []


def _entries(log: Path) -> Iterator[tuple[str, Entry]]:
    with suppress(OSError, UnicodeDecodeError), log.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        at = 0
        while len(head := stream.read(_HEAD.size)) == _HEAD.size:
            digest, name_length, length = _HEAD.unpack(head)
            start, at = at + _HEAD.size, at + _HEAD.size + name_length + length
            if at > size:  # cut short
                return
            yield stream.read(name_length).decode(), Entry(log.name, start, name_length, length, digest)
            stream.seek(at)
