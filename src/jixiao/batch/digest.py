"""Digests of what a result depends on: the same in every process, whatever the order of a set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path

import jixiao


def digest(*parts: object) -> str:
    """The sha256 in hex of records of the model and plain values; `TypeError` for what is neither."""
    return sha256(_told(parts).encode("utf-8", "surrogatepass")).hexdigest()


def file_sha256(path: Path) -> str | None:
    """The sha256 in hex of a file's bytes; None where there is no such file or it cannot be read."""
    try:
        with path.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


@cache
def program_digest() -> str:
    """The sha256 in hex of the installed program's own source and declarations: a changed program repeats all work."""
    root = Path(jixiao.__file__).resolve().parent
    told = sha256()
    for path in sorted(each for each in root.rglob("*") if each.suffix in (".py", ".toml")):
        told.update(f"{path.relative_to(root).as_posix()}\0{file_sha256(path)}\0".encode())
    return told.hexdigest()


def _told(value: object) -> str:
    if value is None or isinstance(value, bool | int):
        return repr(value)
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, str):
        return f"{len(value)}:{value}"
    if isinstance(value, Decimal):
        return f"d{value}"
    if isinstance(value, Path):
        return f"p{_told(str(value))}"
    if is_dataclass(value) and not isinstance(value, type):
        inner = ",".join(_told(getattr(value, each.name)) for each in fields(value) if each.compare)
        return f"{type(value).__name__}({inner})"
    if isinstance(value, tuple | list):
        return f"({','.join(map(_told, value))})"
    if isinstance(value, frozenset | set):
        return f"{{{','.join(sorted(map(_told, value)))}}}"
    if isinstance(value, Mapping):
        return f"{{{','.join(sorted(f'{_told(key)}={_told(each)}' for key, each in value.items()))}}}"
    raise TypeError(f"{type(value).__name__} has no digest")
