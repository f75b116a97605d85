"""What follows from a pack alone, or from a pack and one filing's facts, made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from jixiao.model.fact import Facts
from jixiao.pack.pack import Pack

Made = TypeVar("Made")


def once_a_pack(make: Callable[[Pack], Made]) -> Callable[[Pack], Made]:
    """`make`, asked once for each pack: what it made is kept with the pack object and goes with it."""
    key = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def made(pack: Pack) -> Made:
        kept: dict[str, Any] = pack.__dict__
        try:
            found: Made = kept[key]
        except KeyError:
            found = kept[key] = make(pack)
        return found

    return made


def once_a_filing(make: Callable[[Pack, Facts], Made]) -> Callable[[Pack, Facts], Made]:
    """`make`, asked once for the facts of each filing under one pack: several rules start from the same rows."""
    key = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def made(pack: Pack, facts: Facts) -> Made:
        by, found = facts.kept.get(key, (None, None))
        if by is not pack:
            found = make(pack, facts)
            facts.kept[key] = (pack, found)
        kept: Made = found
        return kept

    return made
