"""Digests of what a result depends on: the same in every process, whatever the order of a set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path

import jixiao


def digest(*parts: object) -> str:
    """Return the sha256 in hex of records of the model and plain values; `TypeError` for what is neither."""
    return sha256(_spelled(parts).encode("utf-8", "surrogatepass")).hexdigest()


def file_sha256(path: Path) -> str | None:
    """Return the sha256 in hex of a file's bytes; None where there is no such file or it cannot be read."""
    try:
        with path.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


@cache
def program_digest() -> str:
    """Return the sha256 in hex of the program's own source and declarations: a changed program repeats all work."""
    root = str(Path(jixiao.__file__).resolve().parent)
    checksum = sha256()
    # By names rather than paths, which take half the time: hundreds of files are looked at before anything is read.
    names = [f"{at}/{name}" for at, _, inside in os.walk(root) for name in inside if name.endswith((".py", ".toml"))]
    for name in sorted(each.replace(os.sep, "/") for each in names):
        content = Path(name).read_bytes()
        checksum.update(f"{name[len(root) :]}\0{len(content)}\0".encode() + content)
    return checksum.hexdigest()


def _spelled(value: object) -> str:
    if value is None or isinstance(value, bool | int):
        return repr(value)
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, str):
        return f"{len(value)}:{value}"
    if isinstance(value, Decimal):
        return f"d{value}"
    if isinstance(value, Path):
        return f"p{_spelled(str(value))}"
    if is_dataclass(value) and not isinstance(value, type):
        inner = ",".join(_spelled(getattr(value, each.name)) for each in fields(value) if each.compare)
        return f"{type(value).__name__}({inner})"
    if isinstance(value, tuple | list):
        return f"({','.join(map(_spelled, value))})"
    if isinstance(value, frozenset | set):
        return f"{{{','.join(sorted(map(_spelled, value)))}}}"
    if isinstance(value, Mapping):
        return f"{{{','.join(sorted(f'{_spelled(key)}={_spelled(each)}' for key, each in value.items()))}}}"
    raise TypeError(f"{type(value).__name__} has no digest")
