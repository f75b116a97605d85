"""Cleaned texts as they stand in the parts of a workbook."""

from __future__ import annotations

import re

from jixiao.model.place import column_letters

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384

_MARKUP = re.compile("[&<>]")
_CODE = re.compile("_x[0-9a-fA-F]{4}_")


class _Letters(dict[int, str]):
    def __missing__(self, column: int) -> str:
        letters = self[column] = column_letters(column)
        return letters


LETTERS = _Letters()
"""The letters of columns, by their numbers from 0."""


def escaped(text: str) -> str:
    """Between tags."""
    if not _MARKUP.search(text):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """In an attribute."""
    return escaped(text).replace('"', "&quot;").replace("\n", "&#xA;")


def literal(text: str) -> str:
    """Between tags where `_x000D_` and its like stand for characters: what looks like one stays what it is."""
    return escaped(_CODE.sub(r"_x005F\g<0>", text) if "_x" in text else text)


def text_element(text: str) -> str:
    """The element of a text, its blanks kept."""
    kept = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f"<t{kept}>{literal(text)}</t>"


def cell_name(row: int, column: int) -> str:
    """The A1 address of a cell."""
    return f"{LETTERS[column]}{row + 1}"
