"""What the texts of a sheet may be on a form: each text is classified once, not by everyone who looks for something."""

from __future__ import annotations

from jixiao.model.sheet_names import VERSION_STAMP
from jixiao.reading.locate.label_index import LabelIndex
from jixiao.reading.locate.labels import MONEY, normalise, stated_unit, unit_line
from jixiao.reading.locate.sheet_view import SheetView

STAMP = normalise(VERSION_STAMP)
MOST_KINDS = 16_384
"""The kinds of so many texts are kept; those of a hostile workbook are worked out anew."""

PRINTED, UPPER = "printed", "uppers"


def classify_labels(view: SheetView, index: LabelIndex) -> None:
    """Sort the texts of a view into its `Marks`, by what each may be on the form."""
    marks = view.marks
    for spot, text in view.norms.items():
        for kind in label_kinds(text, index):
            if kind != PRINTED:
                getattr(marks, kind).append((spot, text))


def label_kinds(text: str, index: LabelIndex) -> tuple[str, ...]:
    """Return what a normalised text may be: the names of the lists of `Marks` it belongs in, and `PRINTED` for any printed
    line without a fact.

    The answers are kept with the index: texts of forms are the same in filing after filing, and classifying those of one
    anew takes 0.4 ms.
    """
    kinds = index.kinds.get(text)
    if kinds is None:
        kinds = tuple(_kinds(text, index))
        if len(index.kinds) < MOST_KINDS:
            index.kinds[text] = kinds
    return kinds


def _kinds(text: str, index: LabelIndex) -> list[str]:
    heading = any(pattern.fullmatch(text) for _, pattern in index.patterns)
    tests = {
        "heads": text in index.columns, "fields": text in index.fields, "captions": text in index.captions,
        "sides": text in index.side_labels, "notes": text in index.notes, "own_columns": text in index.own_columns,
        "headings": heading, "units": unit_line(text) in MONEY, UPPER: text in index.upper,
        PRINTED: heading or text in index.lines or text.startswith(STAMP) or _is_unit_line(text, index),
    }  # fmt: skip
    return [kind for kind, holds in tests.items() if holds]


def _is_unit_line(text: str, index: LabelIndex) -> bool:
    """Whether a text states a unit for what is below it, by itself or behind a printed line in the same cell."""
    said = stated_unit(text)
    return said is not None and (not said[0] or said[0] in index.lines or said[0] in index.upper)
