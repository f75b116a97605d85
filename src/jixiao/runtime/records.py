"""Typed records in files: data that cannot run code, checked field by field when it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import msgspec

T = TypeVar("T")

_CHECKSUM = 32
_RECORD_FILE = re.compile(r"[0-9a-f]{12,64}(\.[0-9a-f]{32}\.part)?")
_encoder = msgspec.msgpack.Encoder()


class RecordStore:
    """Records by name (12 to 64 hex digits) in a folder, a file for each.

    A file is the SHA-256 of name and content, then the content as MessagePack. A file that is cut short, changed or
    renamed is no record, nor is one whose content has other fields or types than the record that is asked for.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self) -> RecordStore:
        """Create the folder, for the user's own eyes where the platform can do that, and return the store."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def put(self, name: str, record: object) -> None:
        """Write a record whole or not at all; raise `OSError` where there is no room."""
        # Not flushed to the disk: what a power cut leaves of it fails its checksum, and the work is repeated.
        content = encode(record)
        temporary = self.folder / f"{name}.{uuid4().hex}.part"
        try:
            with temporary.open("xb") as stream:
                stream.write(_checksum(name, content) + content)
            temporary.replace(self.folder / name)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def get(self, name: str, kind: type[T]) -> T | None:
        """Return the record of a name; None where there is none of this kind, as it was written."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            return None
        if content[:_CHECKSUM] != _checksum(name, content[_CHECKSUM:]):
            return None
        return decode(content[_CHECKSUM:], kind)

    def keep_only(self, names: Iterable[str]) -> None:
        """Remove every record but these, and what a killed run left half written; other files of the folder stay."""
        wanted = set(names)
        for path in list(self.folder.iterdir()):
            if path.name not in wanted and _RECORD_FILE.fullmatch(path.name) and (path.is_symlink() or path.is_file()):
                path.unlink(missing_ok=True)


def encode(record: object) -> bytes:
    """Return a record as MessagePack; a lone surrogate, which has no bytes, becomes a question mark."""
    try:
        return _encoder.encode(record)
    except UnicodeEncodeError:
        return _encoder.encode(_without_surrogates(msgspec.to_builtins(record)))


def decode(content: bytes | msgspec.Raw, kind: type[T]) -> T | None:
    """Return the record that MessagePack holds; None where it holds no record of this kind."""
    try:
        record: T = _decoder(kind).decode(content)  # type: ignore[arg-type]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return record


@cache
def _decoder(kind: type[Any]) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)


def _checksum(name: str, content: bytes) -> bytes:
    return sha256(name.encode() + b"\0" + content).digest()


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list | tuple):
        return [_without_surrogates(each) for each in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(each) for key, each in value.items()}
    return value
