"""What follows from a pack alone, or from a pack and one filing's facts, made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from jixiao.model.fact import Facts
from jixiao.pack.pack import Pack

Made = TypeVar("Made")


def once_a_pack(make: Callable[[Pack], Made]) -> Callable[[Pack], Made]:
    """Call `make` once for each pack: its result is stored with the pack object and goes with it."""
    key = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def cached(pack: Pack) -> Made:
        results: dict[str, Any] = pack.__dict__
        if key not in results:
            results[key] = make(pack)
        result: Made = results[key]
        return result

    return cached


def once_a_filing(make: Callable[[Pack, Facts], Made]) -> Callable[[Pack, Facts], Made]:
    """Call `make` once for the facts of each filing under one pack: several rules start from the same rows."""
    key = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def cached(pack: Pack, facts: Facts) -> Made:
        by, result = facts.kept.get(key, (None, None))
        if by is not pack:
            result = make(pack, facts)
            facts.kept[key] = (pack, result)
        answer: Made = result
        return answer

    return cached
