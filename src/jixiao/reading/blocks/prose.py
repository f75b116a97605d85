"""Free text: what stands under its heading until the next block, or a sheet of its own."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.pack.declarations.layout import Prose
from jixiao.reading.context import ReadContext
from jixiao.reading.locate.label_index import STAMP, LabelKind
from jixiao.reading.locate.labels import nearest, normalise
from jixiao.reading.locate.regions import is_printed, notes_regions
from jixiao.reading.locate.sheet_view import Position, Region, SheetView
from jixiao.reading.values import read_value
from jixiao.values.text import parse_text, raw_text

LONGEST_CAPTION = 40
SHORTEST_TEXT = 60
"""A sheet that holds nothing of the form but text counts as the narrative from so many characters."""


def read_prose(gathered: ReadContext, block: Prose, views: Sequence[SheetView]) -> None:
    """Read a block of free text; of several the longest counts."""
    candidates = [(view, spot, _cells_below(view, spot, gathered)) for view in views for spot in _captions(view, block, gathered)]
    if not candidates:
        candidates = [
            (view, near, _cells_below(view, near, gathered))
            for view in views
            if (near := _misspelt_caption(view, block, gathered)) is not None
        ][:1]
        for view, spot, _ in candidates:
            gathered.resembles(block.name, view, spot, block.caption)
    if not candidates:
        candidates = [
            (view, min(view.cells), sorted(view.cells))
            for view in views
            if not _regions(view, gathered) and not view.used and _is_own_sheet(view, block, gathered)
        ][:1]
    if not candidates:
        return
    gathered.blocks.add(block.id)
    candidates.sort(key=lambda each: -sum(len(raw_text(each[0].cells[spot]) or "") for spot in each[2]))
    view, caption, spots = candidates[0]
    own_cell = _below_caption(view, caption, block)
    lines = [*([own_cell] if own_cell else []), *(raw_text(view.cells[spot]) or "" for spot in spots)]
    parts = (part.strip(" \t\u3000\u00a0") for line in lines for part in (parse_text(line).text or "").split("\n"))
    paragraphs = [part for part in parts if part]
    view.used.add(caption)
    view.used.update(spots)
    first = caption if own_cell else spots[0] if spots else (view.bottom_edge(caption) + 1, caption[1])
    read_value(gathered, "\n".join(paragraphs) or None, view.place(first), block.concept)
    for other, spot, cells in candidates[1:]:
        other.used.add(spot)
        if any(parse_text(other.cells[each]).text for each in cells):
            gathered.second_copy(block.name, (view, caption), (other, spot))


def _captions(view: SheetView, block: Prose, gathered: ReadContext) -> list[Position]:
    captions = gathered.index.captions
    spots = [spot for spot, text in view.marks[LabelKind.CAPTION] if block.id in captions[text]]
    for spot in view.folded:
        if spot not in spots and block.id in captions.get(_first_line(str(view.cells[spot])), ()):
            spots.append(spot)
    return sorted(spot for spot in spots if spot not in view.used)


def _misspelt_caption(view: SheetView, block: Prose, gathered: ReadContext) -> Position | None:
    """The cell whose text nearly is the block's caption."""
    index = gathered.index
    wanted = {normalise(text): block for text in (block.caption, *block.aliases)}
    longest = max(map(len, wanted)) + 2
    for spot, text in view.norms.items():
        excluded = spot in view.used or text in index.everything or len(text) > longest
        if not excluded and nearest(text, wanted, index.captions.keys() - wanted.keys()):
            return spot
    return None


def _first_line(text: str) -> str:
    line = text.lstrip().split("\n", 1)[0]
    return normalise(line) if len(line) <= LONGEST_CAPTION else ""


def _below_caption(view: SheetView, spot: Position, block: Prose) -> str:
    """The text that stands in the caption's own cell below it."""
    value = view.cells[spot]
    labels = {normalise(text) for text in (block.caption, *block.aliases)}
    if not isinstance(value, str) or view.norms.get(spot) in labels:
        return ""
    line, _, rest = value.lstrip().partition("\n")
    return rest.strip() if normalise(line) in labels else ""


def _regions(view: SheetView, gathered: ReadContext) -> list[Region]:
    """Return the rectangles of tables, field labels and guidance on a sheet."""
    labels = (Region(row, row + 1, column, view.right_edge((row, column))) for row, column in view.field_labels)
    return [*view.regions, *labels, *notes_regions(view, gathered.index)]


def _cells_below(view: SheetView, caption: Position, gathered: ReadContext) -> list[Position]:
    """Return the filled cells below a caption up to the next block, between the blocks to its left and right."""
    left, right, stop = 0, 1 << 30, 1 << 30
    edge = view.right_edge(caption)
    for region in _regions(view, gathered):
        if region.first > caption[0]:
            stop = min(stop, region.first)
        elif region.end > caption[0] and region.left > edge:
            right = min(right, region.left - 1)
        elif region.end > caption[0] and region.right < caption[1]:
            left = max(left, region.right + 1)
    bottom = view.bottom_edge(caption)
    return [
        (row, column)
        for row in view.rank
        if bottom < row < stop
        for column in view.row_columns[row]
        if left <= column <= right
        and (row, column) not in view.used
        and not _is_guidance(view, (row, column), gathered)
    ]


def _is_guidance(view: SheetView, spot: Position, gathered: ReadContext) -> bool:
    text = view.norms.get(spot)
    if text is None:
        value = view.cells[spot]
        text = normalise(value) if isinstance(value, str) and len(value) < 400 else ""
    return text in gathered.index.printed or text in gathered.index.own_columns or text.startswith(STAMP)


def _is_own_sheet(view: SheetView, block: Prose, gathered: ReadContext) -> bool:
    """Whether a sheet without the caption is the block's: it holds text alone, and its name or length says so."""
    if not view.cells or not all(isinstance(value, str) for value in view.cells.values()):
        return False
    name = normalise(view.name)
    if name == normalise(gathered.pack.sheet_of(block.id).name):
        return True
    if any(name == normalise(sheet.name) for sheet in gathered.pack.layout.sheets):
        return False
    if any(is_printed(view, spot, gathered.index) for spot in view.cells):
        return False
    return sum(len(str(value)) for value in view.cells.values()) >= SHORTEST_TEXT
