"""Facts inside printed headings, such as the year in a title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jixiao.model.cell import CellValue
from jixiao.model.fact import FactState
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.pack.declarations.layout import Heading
from jixiao.reading.context import ReadContext
from jixiao.reading.locate.label_index import LabelKind
from jixiao.reading.locate.labels import normalise
from jixiao.reading.locate.sheet_view import Position, SheetView
from jixiao.reading.values import read_value
from jixiao.values.dates import parse_year

_YEAR = re.compile(r"((?:19|20)\d\d|二[〇○零]..)年度?")
LONGEST_TITLE = 60


def read_headings(gathered: ReadContext, views: Sequence[SheetView]) -> None:
    """Read the fact of each heading that has one: where the form prints it, else the year in any title of the form."""
    for heading, pattern in gathered.index.patterns:
        blank: tuple[SheetView, Position] | None = None
        kind = gathered.pack.concept(heading.concept or "").kind
        for view in views:
            for spot, text in view.marks[LabelKind.HEADING]:
                if len(text) > LONGEST_TITLE or not (match := pattern.fullmatch(text)):
                    continue
                content: CellValue = match["held"].strip("_ ")
                if kind is ConceptKind.YEAR and content and parse_year(content).state is not FactState.OK:
                    continue
                if content:
                    _read(gathered, heading, view, spot, content)
                    break
                blank = blank or (view, spot)
            else:
                continue
            break
        else:
            if kind is ConceptKind.YEAR and (titled := _year_in_title(gathered, views)):
                _read(gathered, heading, *titled)
            elif blank:
                _read(gathered, heading, *blank, None)


def _read(gathered: ReadContext, heading: Heading, view: SheetView, spot: Position, content: CellValue) -> None:
    view.used.add(spot)
    gathered.blocks.add(heading.id)
    read_value(gathered, content, view.place(spot), heading.concept or "")


def _year_in_title(gathered: ReadContext, views: Sequence[SheetView]) -> tuple[SheetView, Position, str] | None:
    headings = tuple(gathered.index.headings)
    for view in views:
        for spot, text in view.norms.items():
            if len(text) <= LONGEST_TITLE and "年" in text and (match := _YEAR.search(text)):
                rest = normalise(text[: match.start()] + text[match.end() :])
                if rest.endswith(headings):
                    view.used.add(spot)
                    return view, spot, match[1]
    return None
