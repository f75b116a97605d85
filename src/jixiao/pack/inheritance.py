"""Merge a delta pack into its base: what the delta states replaces what the base says, entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

KEYS = ("id", "code", "key", "concept", "indicator")
"""What names the entries of a list, in the order in which it is looked for."""

DROP = "drop"
"""An entry of a delta that says so takes the base's entry of its name away."""

Content = dict[str, Any]


def merged(versions: Sequence[Content]) -> Content:
    """Return the content of a file, the base's first, with every delta's changes made in their order."""
    return reduce(_tables, versions)


def _tables(base: Content, delta: Content) -> Content:
    """Return a merged table: tables key by key, named lists entry by entry, everything else replaced.

    A table of another `kind` is another thing: it replaces the base's as a whole.
    """
    if "kind" in base and delta.get("kind", base["kind"]) != base["kind"]:
        return dict(delta)
    merged_table = dict(base)
    for key, value in delta.items():
        before = merged_table.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            merged_table[key] = _tables(before, value)
        elif before is not None and (name := entry_key(before)) and entry_key(value) == name:
            merged_table[key] = _entries(before, value, name)
        else:
            merged_table[key] = value
    return merged_table


def entry_key(entries: object) -> str | None:
    """Return the key that names every entry of a list of tables, if one does."""
    if not isinstance(entries, list | tuple) or not entries or not all(isinstance(each, dict) for each in entries):
        return None
    return next((key for key in KEYS if all(isinstance(each.get(key), str) for each in entries)), None)


def _entries(base: list[Content], delta: list[Content], name: str) -> list[Content]:
    """Return the base's entries with those of the delta merged in; new ones stand at the end, in their order."""
    changes = {each[name]: each for each in delta}
    changed = [
        _tables(each, changes[each[name]]) if each[name] in changes else each
        for each in base
        if not changes.get(each[name], {}).get(DROP)
    ]
    names = {each[name] for each in base}
    return [*changed, *(each for each in delta if each[name] not in names)]
