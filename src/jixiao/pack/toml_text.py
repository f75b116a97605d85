"""TOML as text: the content of a declaration's file, written so that reading it gives the same content."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from jixiao.pack.resolve import plain

BARE = re.compile(r"[A-Za-z0-9_-]+")
INLINE_BELOW = 3
"""How deep tables stand under headings of their own; deeper ones are written inline."""


def toml_text(content: Mapping[str, Any], comment: str = "") -> str:
    """The text of a file; None values are left out, since TOML has none."""
    lines = [f"# {line}" for line in comment.split("\n")] if comment else []
    lines += [*([""] if lines else []), *_table(content, ())]
    return "\n".join(lines).strip("\n") + "\n"


def _table(content: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    later: list[tuple[str, Any]] = []
    for key, value in content.items():
        if value is None:
            continue
        if len(path) < INLINE_BELOW and (_is_table(value) or _is_tables(value)):
            later.append((key, value))
        else:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in later:
        name = ".".join(_key(part) for part in (*path, key))
        for each in (value,) if _is_table(value) else value:
            yield ""
            yield f"[{name}]" if _is_table(value) else f"[[{name}]]"
            yield from _table(each, (*path, key))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value)


def _is_tables(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and bool(value) and all(map(_is_table, value))


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    # JSON's escapes are TOML's; only DEL must be escaped in addition.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Enum():
            return _string(str(value.value))
        case str():
            return _string(value)
        case int():
            return str(value)
        case Decimal():
            return plain(value)
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items() if each is not None)
            return f"{{ {inner} }}" if inner else "{}"
        case Sequence():
            return f"[{', '.join(_value(each) for each in value)}]"
        case _:
            raise TypeError(f"TOML has no {type(value).__name__}")
