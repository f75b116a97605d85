"""Where something stands in a workbook."""

from __future__ import annotations

from typing import NamedTuple


def column_letters(column: int) -> str:
    """The letters of a zero-based column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class Place(NamedTuple):
    """One cell of one sheet of an input file; row and column count from zero, of a merged range its top-left cell."""

    sheet: str
    row: int
    column: int

    @property
    def cell(self) -> str:
        """The A1 address within the sheet."""
        return f"{column_letters(self.column)}{self.row + 1}"

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}"
