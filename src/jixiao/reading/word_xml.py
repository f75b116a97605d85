"""The XML of a Word document as elements, bounded in number and depth; names without their namespaces.

Own reading over the standard parser and not python-docx: that gives no rows of content controls, text boxes, tracked
changes or merged cells as they are shown, and parses by lxml what has to be bounded while it is parsed. A declared
document type is refused before a part comes here (`package.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, iterparse

from jixiao.reading.limits import Limits
from jixiao.reading.package import DAMAGED
from jixiao.reading.refusal import unreadable

DELETED = frozenset({"del", "moveFrom"})
WRAPPERS = frozenset({"ins", "moveTo", "customXml", "smartTag", "sdtContent", "hyperlink", "fldSimple", "dir", "bdo", "subDoc"})
"""Elements that stand around others and show what they hold."""

_OFF = frozenset({"0", "false", "off", "none"})


def parsed(part: bytes, limits: Limits) -> Element:
    """The root of a part. Raises `Refusal` for what is broken, or would not stay in bounds."""
    if len(part) > limits.document_bytes:
        raise unreadable("文档正文过大，超出限度")
    depth = count = 0
    root: Element | None = None
    try:
        for event, element in iterparse(BytesIO(part), ("start", "end")):
            if event == "end":
                depth -= 1
                continue
            root = element if root is None else root
            depth, count = depth + 1, count + 1
            if depth > limits.depth or count > limits.elements:
                raise unreadable("文档结构过于复杂，超出限度")
    except (ParseError, ValueError, LookupError) as error:
        raise unreadable(DAMAGED) from error
    if root is None:
        raise unreadable(DAMAGED)
    return root


def kind(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Element | None, *path: str) -> Element | None:
    """The first element below along a path of names, None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if kind(each) == name), None)
    return element


def attribute(element: Element | None, name: str = "val") -> str | None:
    """An attribute by its name without namespace."""
    if element is None:
        return None
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def number(element: Element | None, name: str = "val") -> int | None:
    """An attribute as a whole number, None where it is none."""
    text = attribute(element, name) or ""
    text = text.partition(".")[0]
    return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 10 else None


def is_on(element: Element | None) -> bool:
    """Whether a property that is switched by its presence is on."""
    return element is not None and (attribute(element) or "1").lower() not in _OFF


def shown(element: Element) -> Iterator[Element]:
    """The children that are shown, those of wrappers in their place: nothing deleted, one of alternatives."""
    for each in element:
        name = kind(each)
        if name in DELETED:
            continue
        if name == "AlternateContent":
            branch = child(each, "Choice")
            if branch is None or len(branch) == 0:
                branch = child(each, "Fallback")
            if branch is not None:
                yield from shown(branch)
        elif name in WRAPPERS:
            yield from shown(each)
        else:
            yield each
