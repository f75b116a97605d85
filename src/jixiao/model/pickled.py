"""Records that cross to another process by their fields alone: a dataclass's own way asks its description for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import TypeVar

T = TypeVar("T")


def pickled_by_fields(record: type[T]) -> type[T]:
    """The dataclass, pickled as itself called with its fields in their order; what is not given to it is made anew."""
    names = [each.name for each in fields(record) if each.init]  # type: ignore[arg-type]
    values: Callable[[T], object] = attrgetter(*names)

    def reduced(self: T) -> tuple[type[T], object]:
        return record, values(self) if len(names) > 1 else (values(self),)

    record.__reduce__ = reduced  # type: ignore[method-assign,assignment]
    return record
