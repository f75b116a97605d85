"""What follows from a pack alone, made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from jixiao.pack.pack import Pack

Made = TypeVar("Made")


def once_a_pack(make: Callable[[Pack], Made]) -> Callable[[Pack], Made]:
    """`make`, asked once for each pack: what it made is kept with the pack object and goes with it."""
    key = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def made(pack: Pack) -> Made:
        kept: dict[str, Any] = pack.__dict__
        if key not in kept:
            kept[key] = make(pack)
        found: Made = kept[key]
        return found

    return made
