"""What is wrong with a file of a pack as declared: each mistake with its key, in Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from jixiao.pack.declarations import Declaration

ENTRY_NAMES = ("id", "code", "key", "concept", "label")
"""Which of its keys names an entry of a list, in the order in which they are looked for."""

_WORDS = {
    "missing": "缺少必填的键",
    "union_tag_invalid": "kind 不是已有的种类，只能是 {expected_tags}",
    "union_tag_not_found": "缺少 kind（写明是哪一种）",
    "literal_error": "只能是 {expected}",
    "enum": "只能是 {expected}",
    "string_type": "应为文字，加引号",
    "decimal_parsing": "应为数字",
    "decimal_type": "应为数字",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "bool_parsing": "只能是 true 或 false",
    "bool_type": "只能是 true 或 false",
    "too_short": "不能为空",
    "string_too_short": "不能为空",
    "tuple_type": "应为列表 [ … ]",
    "dict_type": "应为表 {{ … }}",
    "model_type": "应为表 {{ … }}",
    "model_attributes_type": "应为表 {{ … }}",
}
_SHOWN = 40


def mistakes(kind: type[Declaration], content: Mapping[str, Any], error: ValidationError) -> list[tuple[str, str]]:
    """Return the key of every mistake that a declaration refused, and what is wrong there, in the order of the file."""
    return [
        (named_key(each["loc"], content), _explained(each, kind))
        for each in error.errors(include_url=False, include_context=True)
    ]


def named_key(loc: Sequence[int | str], content: object) -> str:
    """Return a place in a file for people: entries of lists by id, code or key, else by number from 1."""
    parts: list[str] = []
    at: Any = content
    tagged: object = None
    for step in loc:
        if isinstance(at, Mapping) and at is not tagged and at.get("kind") == step:
            tagged = at
            continue  # the kind of a block, which is no key of its own
        if isinstance(step, int):
            at = at[step] if isinstance(at, list | tuple) and step < len(at) else None
            parts.append(_entry_name(at) or f"第{step + 1}项")
        else:
            at = at.get(step) if isinstance(at, Mapping) else None
            parts.append(step)
    return ".".join(parts)


def _entry_name(entry: object) -> str:
    if not isinstance(entry, Mapping):
        return ""
    return next((str(entry[name]) for name in ENTRY_NAMES if isinstance(entry.get(name), str)), "")


def _explained(error: Any, kind: type[Declaration]) -> str:
    if error["type"] == "extra_forbidden":
        near = get_close_matches(str(error["loc"][-1]), _known_keys(kind), n=1)
        return f"不认识的键，是否为 {near[0]}？" if near else "不认识的键，请检查拼写"
    words = _WORDS.get(error["type"])
    shown = "" if error["type"].startswith(("missing", "union_tag_not")) else _input_text(error.get("input"))
    if words is None:
        return f"{error['msg']}{shown}"
    return words.format_map({key: str(each).replace(" or ", "、").replace("', '", "'、'") for key, each in error.get("ctx", {}).items()}) + shown


def _input_text(value: object) -> str:
    if isinstance(value, Mapping | list | tuple):
        return ""
    text = str(value)
    return f"（填的是 {text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}）"


def _known_keys(kind: type[Declaration]) -> tuple[str, ...]:
    """Return every key that a file of this kind may have somewhere."""
    schema = kind.model_json_schema()
    parts = (schema, *schema.get("$defs", {}).values())
    return tuple(sorted({key for part in parts for key in part.get("properties", {})}))
