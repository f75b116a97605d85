"""Elements of XML parts, and the relations between the parts of an Office package, by a streaming parser."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from posixpath import basename, dirname, join, normpath
from typing import NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

Attributes = dict[str, str]


class BrokenXmlError(ValueError):
    """A part is not well-formed XML, or in an encoding that is unknown."""


def parse(
    part: bytes,
    start: Callable[[str, Attributes], object],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
    *,
    separator: str | None = None,
) -> None:
    """Call the handlers for everything in a part; with a `separator` names begin with their namespace. Raises `BrokenXmlError`."""
    parser = ParserCreate(namespace_separator=separator)
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(part, True)
    except (ExpatError, LookupError, ValueError) as error:  # LookupError: an encoding that does not exist
        raise BrokenXmlError from error


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def elements(part: bytes, names: Collection[str]) -> list[tuple[str, Attributes]]:
    """Return the elements of these names in their order, all names without prefixes. Raises `BrokenXmlError`."""
    collected = []

    def start(name: str, attributes: Attributes) -> None:
        if local(name) in names:
            collected.append((local(name), {local(key): value for key, value in attributes.items()}))

    parse(part, start)
    return collected


class Relation(NamedTuple):
    """A relation of a part: the last word of its type, its target as it is written, and the name of the part meant."""

    kind: str
    target: str
    path: str


def relations(part: str, parts: Mapping[str, bytes]) -> dict[str, Relation]:
    """Return the relations of a part by their ids; none where they are not well-formed or an id comes twice."""
    folder = dirname(part)
    written = parts.get(join(folder, "_rels", f"{basename(part)}.rels"))
    if written is None:
        return {}
    try:
        listed = [attributes for _, attributes in elements(written, ("Relationship",))]
    except BrokenXmlError:
        return {}
    by_id = {}
    for attributes in listed:
        target = attributes.get("Target", "")
        plain = target.replace("\\", "/")
        path = plain.lstrip("/") if plain.startswith("/") else normpath(join(folder, plain))
        by_id[attributes.get("Id", "")] = Relation(attributes.get("Type", "").rpartition("/")[2], target, path.lower())
    return by_id if len(by_id) == len(listed) else {}


def related(part: str, parts: Mapping[str, bytes], kind: str) -> list[str]:
    """Return the names of the parts of a kind that a part refers to."""
    return [relation.path for relation in relations(part, parts).values() if relation.kind == kind]
