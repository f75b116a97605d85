"""What reading a cell gives: a number or a text, its state, and what was done to get there."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jixiao.model.fact import State


class NoteKind(StrEnum):
    """What had to be done to a cell, or why nothing could be."""

    UNIT = "unit"
    WRITTEN = "written"
    PERCENT_AMBIGUOUS = "percent_ambiguous"
    DATE = "date"
    ERROR = "error"
    FORMULA = "formula"
    NOISE = "noise"

    @property
    def silent(self) -> bool:
        """Whether nobody need be told: noise of binary fractions rounded away."""
        return self is NoteKind.NOISE


class Note(NamedTuple):
    """One thing that was done or seen.

    `detail` is the unit as it stood (unit), the oddities of writing in Chinese (written), or the text of the error,
    formula or date. `other` is the second reading of an ambiguous percentage.
    """

    kind: NoteKind
    detail: str = ""
    other: Decimal | None = None


class ParsedNumber(NamedTuple):
    """A cell read as a number in the asked unit; `value` is None unless the state is ok."""

    value: Decimal | None
    state: State
    notes: tuple[Note, ...] = ()


class ParsedText(NamedTuple):
    """A cell read as text; `text` is None unless the state is ok."""

    text: str | None
    state: State
    notes: tuple[Note, ...] = ()
