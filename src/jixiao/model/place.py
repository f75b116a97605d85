"""The position of something in a workbook."""

from __future__ import annotations

import re
from typing import NamedTuple


def column_letters(column: int) -> str:
    """Return the letters of a zero-based column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the zero-based column of its letters: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


_A1 = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


def spot_of(cell: str) -> tuple[int, int] | None:
    """Return the zero-based row and column of an A1 address, None for any other text."""
    match = _A1.fullmatch(cell)
    return (int(match[2]) - 1, column_number(match[1])) if match else None


WORD_TABLE, WORD_TEXT = "表", "正文"
"""The names of the tables of a Word document, followed by their number, and of the text outside them."""


class Place(NamedTuple):
    """One cell of one sheet of an input file; row and column count from zero, of a merged range its top-left cell.

    With `word` it is a cell of a table of a Word document, or a paragraph: people count rows and columns there.
    """

    sheet: str
    row: int
    column: int
    word: bool = False

    @property
    def cell(self) -> str:
        """Return the A1 address within the sheet."""
        return f"{column_letters(self.column)}{self.row + 1}"

    def __str__(self) -> str:
        return self.told if self.word else f"{self.sheet}!{self.cell}"

    @property
    def within(self) -> str:
        """Return the place within the sheet in words for people."""
        if not self.word:
            return self.cell
        if self.sheet == WORD_TEXT:
            return f"第{self.row + 1}段"
        return f"第{self.row + 1}行第{self.column + 1}列"

    @property
    def told(self) -> str:
        """Return the place in words for people."""
        return f"{self.sheet} {self.within}"
