"""What the texts of a sheet may be on a form: each text is asked once, not by everyone who looks for something.

Texts of forms are the same in filing after filing, so what a text may be is remembered by the text.
"""

from __future__ import annotations

from functools import lru_cache

from jixiao.model.words import VERSION_STAMP
from jixiao.reading.index import LabelIndex
from jixiao.reading.labels import MONEY, normalise, stated_unit, unit_line
from jixiao.reading.sheet import Marked, SheetView

STAMP = normalise(VERSION_STAMP)
MOST_KNOWN = 16_384
"""Of so many texts it is remembered what they may be; those of a hostile workbook are asked anew."""

HEAD, FIELD, CAPTION, SIDE, NOTES, OWN_COLUMN, HEADING, UNIT, UPPER, PRINTED = (1 << bit for bit in range(10))
"""What a text may be: the head of a column, the label of a field, a caption, a side label, guidance, the head of a column
of the program's own, a heading that holds a fact, the statement of a unit of money, an upper line of a head; and any printed line without a fact."""


def mark(view: SheetView, index: LabelIndex) -> None:
    """Note on a view which of its texts may be what on the form."""
    marks, kinds = view.marks, index.kinds
    of_kind: dict[int, list[list[Marked]]] = {}
    for spot, text in view.norms.items():
        kind = kinds.get(text)
        if kind is None:
            kind = kind_of(text, index)
        if kind:
            if kind not in of_kind:
                of_kind[kind] = [getattr(marks, name) for name in _lists(kind)]
            for found in of_kind[kind]:
                found.append((spot, text))


@lru_cache
def _lists(kind: int) -> tuple[str, ...]:
    """The lists of `Marks` that a text of a kind belongs in."""
    bits = {
        HEAD: "heads", FIELD: "fields", CAPTION: "captions", SIDE: "sides", NOTES: "notes", OWN_COLUMN: "own_columns",
        HEADING: "headings", UNIT: "units", UPPER: "uppers",
    }  # fmt: skip
    return tuple(name for bit, name in bits.items() if kind & bit)


def kind_of(text: str, index: LabelIndex) -> int:
    """What a normalised text may be, as bits."""
    kind = index.kinds.get(text)
    if kind is None:
        kind = _kind(text, index)
        if len(index.kinds) < MOST_KNOWN:
            index.kinds[text] = kind
    return kind


def _kind(text: str, index: LabelIndex) -> int:
    heading = any(pattern.fullmatch(text) for _, pattern in index.patterns)
    asked = (
        (HEAD, text in index.columns), (FIELD, text in index.fields), (CAPTION, text in index.captions),
        (SIDE, text in index.side_labels), (NOTES, text in index.notes), (OWN_COLUMN, text in index.own_columns),
        (HEADING, heading), (UNIT, unit_line(text) in MONEY), (UPPER, text in index.upper),
        (PRINTED, heading or text in index.lines or text.startswith(STAMP) or _is_unit_line(text, index)),
    )  # fmt: skip
    return sum(bit for bit, may in asked if may)


def _is_unit_line(text: str, index: LabelIndex) -> bool:
    """Whether a text states a unit for what is below it, by itself or behind a printed line in the same cell."""
    said = stated_unit(text)
    return said is not None and (not said[0] or said[0] in index.lines or said[0] in index.upper)
