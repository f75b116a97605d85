"""The text of a Word paragraph as it is shown: tabs, breaks, symbols, ticked boxes and the results of fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, iterparse

from jixiao.reading.formats.limits import Limits, unreadable
from jixiao.reading.formats.zip_package import DAMAGED

DELETED = frozenset({"del", "moveFrom"})
WRAPPERS = frozenset({"ins", "moveTo", "customXml", "smartTag", "sdtContent", "hyperlink", "fldSimple", "dir", "bdo", "subDoc"})
"""Elements that stand around others and show what they hold."""

_HEX = re.compile("[0-9a-fA-F]{1,5}")
_OFF = frozenset({"0", "false", "off", "none"})


def parsed(part: bytes, limits: Limits) -> Element:
    """The root of a part. Raises `UnreadableFile` for what is broken, or would not stay in bounds."""
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


def children(element: Element, name: str) -> Iterator[Element]:
    """The shown children of a name, those within content controls in their place."""
    for each in shown(element):
        if kind(each) == name:
            yield each
        elif kind(each) == "sdt" and (content := child(each, "sdtContent")) is not None:
            yield from children(content, name)


TICKED, EMPTY_BOX = "☑", "□"

_WINGDINGS = {0xFE: TICKED, 0xFD: "☒", 0x78: "☒", 0xA8: EMPTY_BOX, 0x6F: EMPTY_BOX, 0x70: EMPTY_BOX, 0x71: EMPTY_BOX,
              0x72: EMPTY_BOX, 0xFC: "√", 0xFB: "×"}  # fmt: skip
_WINGDINGS_2 = {0x52: TICKED, 0x53: "☒", 0x54: "☒", 0x51: "☒", 0xA3: EMPTY_BOX, 0x2A: EMPTY_BOX, 0x50: "√", 0x4F: "×"}
_SYMBOL = {0xB3: "≥", 0xA3: "≤", 0xB4: "×", 0xB1: "±", 0xB9: "≠", 0x2D: "−", 0xB8: "÷"}
_OTHER = "·"
"""A picture of a symbol font that says nothing."""


@dataclass
class ParagraphExtras:
    """What stands in a paragraph beside its text: text boxes, comments by id, and pictures and objects that are not read.

    `hidden` counts texts that Word does not show: they are not read either.
    """

    boxes: list[Element] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    unread: int = 0
    hidden: int = 0


def paragraph_text(paragraph: Element, extras: ParagraphExtras) -> str:
    """The text of a paragraph; `extras` is given what else stands in it."""
    return "".join(_pieces(shown(paragraph), extras, []))


def mark_is_deleted(paragraph: Element) -> bool:
    """Whether a tracked change joins the paragraph to the next."""
    return child(paragraph, "pPr", "rPr", "del") is not None


def _pieces(elements: Iterable[Element], extras: ParagraphExtras, fields: list[bool]) -> Iterator[str]:
    """The pieces of text of runs; `fields` are the open fields, True where their instruction is passing by."""
    for each in elements:
        match kind(each):
            case "r":
                properties = child(each, "rPr")
                if not is_on(child(properties, "vanish")):
                    yield from _run(each, _font(properties), extras, fields)
                elif not any(fields) and any(kind(text) == "t" and (text.text or "").strip() for text in each):
                    extras.hidden += 1
            case "sdt":
                yield from _control(each, extras, fields)
            case "oMath" | "oMathPara":
                yield "".join(text.text or "" for text in each.iter() if kind(text) == "t")
            case "commentReference":
                extras.comments.append(attribute(each, "id") or "")


def _control(control: Element, extras: ParagraphExtras, fields: list[bool]) -> Iterator[str]:
    """What a content control shows: a box ticked or not, nothing for a prompt left in place, else its text."""
    properties, content = child(control, "sdtPr"), child(control, "sdtContent")
    box = child(properties, "checkbox")
    if box is not None:
        yield TICKED if is_on(child(box, "checked")) else EMPTY_BOX
    elif content is not None and not is_on(child(properties, "showingPlcHdr")):
        yield from _pieces(shown(content), extras, fields)


def _run(run: Element, font: str, extras: ParagraphExtras, fields: list[bool]) -> Iterator[str]:
    for each in shown(run):
        name = kind(each)
        if name == "fldChar":
            yield from _field(each, fields)
            continue
        if any(fields):
            continue
        match name:
            case "t":
                yield _glyphs(each.text or "", font)
            case "tab" | "ptab":
                yield "\t"
            case "br" | "cr":
                yield "\n"
            case "noBreakHyphen":
                yield "-"
            case "sym":
                code = attribute(each, "char") or ""
                yield _glyph(int(code, 16) if _HEX.fullmatch(code) else 0, attribute(each, "font") or "")
            case "ruby":
                base = child(each, "rubyBase")
                yield from _pieces(shown(base), extras, fields) if base is not None else ()
            case "drawing" | "pict" | "object":
                _drawing(each, extras)
            case "commentReference":
                extras.comments.append(attribute(each, "id") or "")


def _field(mark: Element, fields: list[bool]) -> Iterator[str]:
    match attribute(mark, "fldCharType"):
        case "begin":
            fields.append(True)
            yield _form_field(child(mark, "ffData"))
        case "separate" if fields:
            fields[-1] = False
        case "end" if fields:
            fields.pop()


def _form_field(data: Element | None) -> str:
    """What a form field of the old kind shows that does not stand in the text."""
    box, choices = child(data, "checkBox"), child(data, "ddList")
    if box is not None:
        state = child(box, "checked")
        return TICKED if is_on(state if state is not None else child(box, "default")) else EMPTY_BOX
    if choices is not None:
        entries = [attribute(each) or "" for each in choices if kind(each) == "listEntry"]
        chosen = number(child(choices, "result")) or 0
        return entries[chosen] if 0 <= chosen < len(entries) else ""
    return ""


def _drawing(drawing: Element, extras: ParagraphExtras) -> None:
    """Note the text boxes of a drawing, and that it holds a picture or an object."""
    boxes: list[Element] = []
    pending, picture = [drawing], kind(drawing) == "object"
    while pending:
        for each in shown(pending.pop()):
            name = kind(each)
            if name == "txbxContent":
                boxes.append(each)
            else:
                picture = picture or name in ("blip", "imagedata", "OLEObject", "chart", "relIds")
                pending.append(each)
    extras.boxes.extend(boxes)
    extras.unread += picture


def _font(properties: Element | None) -> str:
    fonts = child(properties, "rFonts")
    return (attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or "") if fonts is not None else ""


def _glyphs(text: str, font: str) -> str:
    if not (font.startswith("Wingdings") or any("\uf020" <= one <= "\uf0ff" for one in text)):
        return text
    pictures = font.startswith(("Wingdings", "Symbol"))
    return "".join(
        _glyph(ord(one), font) if (pictures and "!" <= one <= "\xff") or "\uf020" <= one <= "\uf0ff" else one
        for one in text
    )


def _glyph(code: int, font: str) -> str:
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if font.startswith("Symbol"):
        return _SYMBOL.get(low) or (chr(low) if 0x20 <= low < 0x7F else _OTHER)
    if font.startswith("Wingdings 2"):
        return _WINGDINGS_2.get(low, _OTHER)
    if font.startswith("Wingdings") or low != code:
        return _WINGDINGS.get(low, _OTHER)
    return chr(code) if code >= 0x20 and not 0xD800 <= code <= 0xDFFF else ""
