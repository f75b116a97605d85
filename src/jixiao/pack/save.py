"""A pack whose rubric was changed, as TOML files: a delta of its base where possible, else a copy of the whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from jixiao.pack.declarations.rubric import Rubric
from jixiao.pack.inheritance import DROP, entry_key, merged
from jixiao.pack.load import FILES, PACKS_FOLDER, content_of, pack_folder, pack_texts
from jixiao.pack.pack import Pack
from jixiao.values.number_format import plain_text

Content = dict[str, Any]
RUBRIC = "rubric.toml"
PACK = "pack.toml"
EXTENDS = "extends"


def changed_pack_files(name_or_folder: str | Path, pack: Pack, rubric: Rubric, folder: Path) -> dict[str, str]:
    """Return the texts of the files of a pack that is `pack` with another rubric, to stand in a folder, by file name."""
    own = folder.resolve().name
    base = pack_folder(name_or_folder)
    contents = {name: content_of(name, versions) for name, versions in pack_texts(base).items()}
    if base.parent in (PACKS_FOLDER, folder.resolve().parent) and base.name != own:
        delta = _without_none(difference(pack.rubric.model_dump(), rubric.model_dump()))
        if _same(merged([contents[RUBRIC], delta]), rubric):
            identity: Content = {EXTENDS: base.name, "id": own, "version": pack.version, "year": pack.year, "default": False}
            comment = f"The pack {base.name} with another rubric: only what differs stands here."
            return {PACK: toml_text(identity, comment), RUBRIC: toml_text(delta, comment)}
    contents[PACK] |= {"id": own, "default": False}
    contents[RUBRIC] = rubric.model_dump(exclude_defaults=True) | {"settings": rubric.settings.model_dump()}
    return {name: toml_text(contents[name]) for name in FILES}


def _without_none(content: Any) -> Any:
    """Return the content as TOML holds it: without what is None."""
    match content:
        case dict():
            return {key: _without_none(value) for key, value in content.items() if value is not None}
        case list():
            return [_without_none(each) for each in content]
        case _:
            return content


def _same(content: Content, rubric: Rubric) -> bool:
    try:
        return Rubric.model_validate(content) == rubric
    except ValueError:
        return False


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Content:
    """Return what of `after` differs from `before`, in the words of a delta."""
    changes: Content = {}
    for key, held in after.items():
        old = before.get(key)
        if held == old:
            continue
        if isinstance(old, dict) and isinstance(held, dict) and old.get("kind") == held.get("kind"):
            changes[key] = difference(old, held)
        elif (name := entry_key(old)) and entry_key(held) == name:
            changes[key] = _entries(old, held, name)
        else:
            changes[key] = held
    return changes


def _entries(before: Any, after: Any, name: str) -> list[Content]:
    old = {each[name]: each for each in before}
    new = {each[name] for each in after}
    changed = [
        {name: each[name], **difference(old.get(each[name], {}), each)} for each in after if each != old.get(each[name])
    ]
    return [*changed, *({name: gone, DROP: True} for gone in old if gone not in new)]


BARE = re.compile(r"[A-Za-z0-9_-]+")
INLINE_BELOW = 3
"""How deep tables stand under headings of their own; deeper ones are written inline."""


def toml_text(content: Mapping[str, Any], comment: str = "") -> str:
    """Return the text of a file; None values are left out, since TOML has none."""
    lines = [f"# {line}" for line in comment.split("\n")] if comment else []
    lines += [*([""] if lines else []), *_toml_table(content, ())]
    return "\n".join(lines).strip("\n") + "\n"


def _toml_table(content: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    later: list[tuple[str, Any]] = []
    for key, value in content.items():
        if value is None:
            continue
        if len(path) < INLINE_BELOW and (_is_table(value) or _is_tables(value)):
            later.append((key, value))
        else:
            yield f"{_toml_key(key)} = {_toml_value(value)}"
    for key, value in later:
        name = ".".join(_toml_key(part) for part in (*path, key))
        for table in (value,) if _is_table(value) else value:
            yield ""
            yield f"[{name}]" if _is_table(value) else f"[[{name}]]"
            yield from _toml_table(table, (*path, key))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value)


def _is_tables(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and bool(value) and all(map(_is_table, value))


def _toml_key(key: str) -> str:
    return key if BARE.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    # JSON's escapes are TOML's; only DEL must be escaped in addition.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_value(value: Any) -> str:
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
            return plain_text(value)
        case Mapping():
            inner = ", ".join(f"{_toml_key(key)} = {_toml_value(each)}" for key, each in value.items() if each is not None)
            return f"{{ {inner} }}" if inner else "{}"
        case Sequence():
            return f"[{', '.join(_toml_value(each) for each in value)}]"
        case _:
            raise TypeError(f"TOML has no {type(value).__name__}")
