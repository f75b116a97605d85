"""Foreign text made fit to stand in a cell."""

from __future__ import annotations

import re

LONGEST_TEXT = 32_767
"""What a cell holds, in UTF-16 units."""

CLIPPED = "……（文字过长，后文从略）"

_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_ODD = re.compile(f"{_UNPRINTABLE.pattern}|\r|^<r>")


def clean_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text without characters that no cell may hold or that reverse its reading, clipped to what a cell holds."""
    if len(text) * 2 <= longest and not _ODD.search(text):
        return text
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if utf16_length(text) > longest:
        text = _head(text, longest - len(CLIPPED)) + CLIPPED
    # The drawing library takes a text in these tags for ready-made markup.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def utf16_length(text: str) -> int:
    """The length that spreadsheet programs count: characters beyond the basic plane are two."""
    return len(text) + len(_BEYOND.findall(text))


def _head(text: str, longest: int) -> str:
    taken = 0
    for position, character in enumerate(text):
        taken += 2 if character > "\uffff" else 1
        if taken > longest:
            return text[:position]
    return text
