"""What a run keeps for the next: records of the program in OUT's private folder, each whole, checked and safe to read."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import shutil
from collections.abc import Callable, Iterable
from dataclasses import is_dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from hashlib import shake_256
from pathlib import Path
from typing import Any

from jixiao.batch.log import Log, Logs
from jixiao.model.fact import facts_of_columns

_PLAIN: dict[tuple[str, str], Callable[..., object]] = {
    ("builtins", "set"): set,
    ("builtins", "frozenset"): frozenset,
    ("decimal", "Decimal"): Decimal,
    ("fractions", "Fraction"): Fraction,
    ("jixiao.model.fact", "facts_of_columns"): facts_of_columns,
}
_known = dict(_PLAIN)
"""What was found so far: a record names a dozen kinds."""

_OURS = ("jixiao.model.", "jixiao.batch.identity", "jixiao.batch.kept")
_NONCE = 16


class _Records(pickle.Unpickler):
    """Reads records of the program and plain values; any other name ends the reading, and none is called."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _known:
            return _known[module, name]
        if module.startswith(_OURS) and "." not in name:
            found = getattr(__import__(module, fromlist=[name]), name, None)
            if isinstance(found, type) and found.__module__ == module and _is_record(found):
                _known[module, name] = found
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no record")


def _is_record(found: type) -> bool:
    return is_dataclass(found) or issubclass(found, Enum) or (issubclass(found, tuple) and hasattr(found, "_fields"))


class Store:
    """Records by name in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log = Log(folder)
        self._logs: Logs | None = None

    @property
    def _entries(self) -> Logs:
        if self._logs is None:
            self._logs = Logs(self.folder)
        return self._logs

    def put(self, name: str, record: object, secret: bytes = b"") -> None:
        """Keep a record under a name, whole or not at all; with a secret only who has it can read it."""
        # Not flushed to the disk: what a power cut leaves of it fails its digest, and is done again.
        entry = self._log.append(name, _sealed(packed(record), secret))
        if self._logs is not None:
            self._logs.entries[name] = entry

    def get(self, name: str, secret: bytes = b"") -> Any:
        """The record of a name; None where there is none, or it is damaged or of something else.

        What others put after the first record was asked for is not seen.
        """
        content = self._entries.get(name)
        try:
            return None if content is None else unpacked(_opened(content, secret))
        except Exception:
            # Whatever a foreign entry does to the reader, its work is simply done again.
            return None

    def keep_only(self, names: Iterable[str]) -> None:
        """Forget every record but these, whoever put them; takes no more afterwards."""
        self._log.close()
        self._entries.keep_only(names)

    def close(self) -> None:
        """Take no more."""
        self._log.close()


def packed(record: object) -> bytes:
    """A record as bytes."""
    return pickle.dumps(record, protocol=pickle.HIGHEST_PROTOCOL)


def unpacked(content: bytes) -> Any:
    """The record that bytes hold; `UnpicklingError` where they hold anything but records and plain values."""
    return _Records(io.BytesIO(content)).load()


def _sealed(content: bytes, secret: bytes) -> bytes:
    if not secret:
        return content
    nonce = os.urandom(_NONCE)
    return nonce + _mixed(content, secret + nonce)


def _opened(content: bytes, secret: bytes) -> bytes:
    return _mixed(content[_NONCE:], secret + content[:_NONCE]) if secret else content


def _mixed(content: bytes, key: bytes) -> bytes:
    stream = shake_256(key).digest(len(content))
    return (int.from_bytes(content, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(content), "big")


def open_store(parent: Path, kind: str, context: str, *, fresh: bool = False) -> Store:
    """The store of a kind for a context, made if need be; what was kept for any other context is forgotten."""
    root = parent / kind
    if fresh:
        shutil.rmtree(root, ignore_errors=True)
    folder = root / context[:16]
    if root.is_dir():
        for other in root.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    # What is kept holds what departments wrote: it is for the bureau's own eyes.
    with contextlib.suppress(OSError):
        root.chmod(0o700)
    return Store(folder)
