"""Records that are made and cross to another process by their fields alone.

A filing has hundreds of them. A frozen dataclass sets each field by way of `object.__setattr__`, and pickles by asking its
description for each; the slots' own setters, and the fields as arguments, take half the time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")


def pickled_by_fields(record: type[T]) -> type[T]:
    """The dataclass, pickled as itself called with its fields in their order; what is not given to it is made anew.

    One with slots is also made by setting these.
    """
    names = [each.name for each in fields(record) if each.init]  # type: ignore[arg-type]
    values: Callable[[T], object] = attrgetter(*names)

    def reduced(self: T) -> tuple[type[T], object]:
        return record, values(self) if len(names) > 1 else (values(self),)

    record.__reduce__ = reduced  # type: ignore[method-assign,assignment]
    if "__slots__" in record.__dict__:
        made: Any = record
        made.__init__ = _by_slots(record)
    return record


def _by_slots(record: type[Any]) -> Callable[..., None]:
    """An `__init__` with the dataclass's own parameters and defaults that sets the slots."""
    known: dict[str, Any] = {}
    parameters, body = [], []
    for each in fields(record):
        if each.default_factory is not MISSING or not each.init or hasattr(record, "__post_init__"):
            raise TypeError(f"{record.__name__} is made of more than its fields")
        known[f"set_{each.name}"] = record.__dict__[each.name].__set__
        if each.default is MISSING:
            parameters.append(each.name)
        else:
            known[f"default_{each.name}"] = each.default
            parameters.append(f"{each.name}=default_{each.name}")
        body.append(f"    set_{each.name}(self, {each.name})\n")
    exec(f"def __init__(self, {', '.join(parameters)}):\n{''.join(body)}", known)  # as dataclasses themselves do
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{record.__qualname__}.__init__"
    return made
