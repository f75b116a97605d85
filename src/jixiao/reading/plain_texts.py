"""The table of texts of a workbook written the usual way, each text known by the bytes it is written with.

Most texts are the form's, the same in filing after filing. Each is held against the plain form and decoded once; the text
that is given for it again is the same object, whose hash those who look for labels need not work out again.
"""

from __future__ import annotations

import re

_HEAD = re.compile(rb"<sst [^<>]*+>")
_TAIL = re.compile(rb"</sst>\s*")
_CUT = b"<si>"
_ITEM = re.compile(
    rb'(?:<t>(?![ \t\n])([^<]*+)(?<![ \t\n])</t>|<t xml:space="preserve">([^<]*+)</t>)(?:<phoneticPr [^<>/]*+/>)?+</si>'
)
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#10;": "\n", "&amp;": "&"}
"""The usual references, that to their own mark last."""

_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#10);)")
"""A reference to a character that is not one of the usual ones."""

MOST_TEXTS, LONGEST_TEXT = 8_192, 600
"""So many texts are known at once, of so many bytes; longer ones are what departments write."""


class NotPlainError(Exception):
    """A part is not of the plain form."""


class _KnownTexts(dict[bytes, str]):
    def __missing__(self, item: bytes) -> str:
        found = _ITEM.fullmatch(item)
        if found is None:
            raise NotPlainError
        plain_text(item.decode())  # attributes are held to the same as the text
        text = plain_text((found[1] or found[2] or b"").decode())
        if len(item) <= LONGEST_TEXT:
            if len(self) >= MOST_TEXTS:
                self.clear()
            self[item] = text
        return text


_KNOWN = _KnownTexts()


def table_of_texts(part: bytes) -> list[str]:
    """The texts of a table from its first element on. Raises `NotPlainError` or, where it is no text, `ValueError`."""
    head, *items = part.split(_CUT)
    if items:
        items[-1], end, tail = items[-1].partition(b"</sst>")
    else:
        head, end, tail = head.partition(b"</sst>")
    if not _HEAD.fullmatch(head) or not _TAIL.fullmatch(end + tail):
        raise NotPlainError
    plain_text(head.decode())
    return list(map(_KNOWN.__getitem__, items))


def plain_text(text: str) -> str:
    """A text with its references resolved. Line ends that parsers change, and what may be an escaped character, are odd."""
    if "\r" in text or "_x" in text or _REFERENCE.search(text):
        raise NotPlainError
    if "&" in text:
        for reference, character in _REFERENCES.items():
            text = text.replace(reference, character)
    return text
