"""Fields: labels with the value beside, below or inside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from jixiao.model.fact import Fact
from jixiao.pack.declarations.concept import Requirement
from jixiao.pack.declarations.layout import Field, Fields, ValuePosition
from jixiao.reading.context import ReadContext
from jixiao.reading.locate.heads import Head
from jixiao.reading.locate.label_index import LabelIndex, LabelKind
from jixiao.reading.locate.labels import LONGEST_LABEL, nearest, normalise, squeeze
from jixiao.reading.locate.regions import is_printed
from jixiao.reading.locate.sheet_view import Position, SheetView
from jixiao.reading.values import read_cell, read_value
from jixiao.values.text import is_blank, raw_text

_COLON = re.compile(r"[:：]")
_BREAK = re.compile(r"[\s，,；;、|/]+")
_DIGIT = re.compile(r"\d")
LONGEST_FOREIGN_LABEL = 20
"""Texts that end with a colon and are no longer are labels of the department's own, whatever they say."""


class Label(NamedTuple):
    """A field's label on a sheet. `content` is the text behind the label in its own cell, None where that is the label's alone.

    `followed` says that another label follows in the same cell, so that nothing beside it is this one's.
    """

    block: str
    field: Field
    view: SheetView
    spot: Position
    content: str | None = None
    resembling: bool = False
    followed: bool = False


@dataclass
class LocatedFields:
    """One block of fields: the label that counts for each concept, and those of further copies."""

    block: Fields
    labels: dict[str, Label] = field(default_factory=dict)
    copies: list[list[Label]] = field(default_factory=list)


def find_fields(views: Sequence[SheetView], heads: Sequence[Head], index: LabelIndex) -> list[LocatedFields]:
    """Each block of fields of the pack with the labels found of it, the copy with most labels counting."""
    head_cells: dict[int, set[Position]] = {id(view): set() for view in views}
    for head in heads:
        head_cells[id(head.sheet)].update(head.spots.values())
    by_block: dict[str, list[Label]] = {}
    for view in views:
        taken = head_cells[id(view)]
        for label in _labels(view, index):
            if label.spot not in taken:
                by_block.setdefault(label.block, []).append(label)
    located = []
    for block in index.field_blocks:
        copies = _copies(by_block.get(block.id, []))
        # The fullest copy counts: most labels, then most filled; further ones give what it lacks.
        if len(copies) > 1:
            copies.sort(key=lambda copy: (-len(copy), -sum(_filled(label) for label in copy)))
        result = LocatedFields(block, {label.field.concept: label for copy in copies[:1] for label in copy})
        located.append(result)
        for copy in copies[1:]:
            fresh = [label for label in copy if label.field.concept not in result.labels]
            result.labels.update({label.field.concept: label for label in fresh})
            if rest := [label for label in copy if label not in fresh]:
                result.copies.append(rest)
        if result.labels:
            _find_resembling(result, views, index)
        for label in (*result.labels.values(), *chain(*result.copies)):
            label.view.field_labels.append(label.spot)
    return located


def _labels(view: SheetView, index: LabelIndex) -> Iterable[Label]:
    fields = index.fields
    for spot, text in view.marks[LabelKind.FIELD]:
        for block, each in fields[text]:
            yield Label(block, each, view, spot, "" if each.where is ValuePosition.INSIDE else None)
    for spot in view.colons:
        if view.norms.get(spot, "") in fields:
            continue
        before, after = _COLON.split(str(view.cells[spot]), 1)
        if len(before) <= 40 and (text := normalise(before)) in fields:
            pieces = _pieces(text, after, index)
            for number, (each_text, content) in enumerate(pieces, start=1):
                for block, each in fields[each_text]:
                    yield Label(block, each, view, spot, content, followed=number < len(pieces))


def _pieces(label: str, after: str, index: LabelIndex) -> list[tuple[str, str]]:
    """The labels that stand in one cell, the first of them given, each with the text behind it."""
    located, start = [], 0
    if len(after) > LONGEST_LABEL or any(each.where is ValuePosition.INSIDE for _, each in index.fields[label]):
        return [(label, after)]  # a paragraph may speak of anything
    for colon in _COLON.finditer(after):
        line = after[start : colon.start()]
        cuts = [*(gap.end() for gap in _BREAK.finditer(line)), 0]
        for cut in cuts:
            following = normalise(line[cut:])
            if following in index.fields:
                located.append((label, line[:cut].rstrip(" \t\r\n\u3000\u00a0，,；;、|/")))
                label, start = following, colon.end()
                break
    return [*located, (label, after[start:])]


def _copies(labels: Sequence[Label]) -> list[list[Label]]:
    copies: list[list[Label]] = []
    seen: set[int] = set()
    for label in labels:
        if not copies or copies[-1][0].view is not label.view or id(label.field) in seen:
            copies.append([])
            seen = set()
        copies[-1].append(label)
        seen.add(id(label.field))
    return copies


def _filled(label: Label) -> bool:
    if label.content is not None:
        return bool(label.content.strip())
    view, (row, column) = label.view, label.spot
    following = next(view.filled_between(row, view.right_edge((row, column)) + 1, column + 20), None)
    return following is not None


def _find_resembling(located: LocatedFields, views: Sequence[SheetView], index: LabelIndex) -> None:
    missing = {
        normalise(text): each
        for each in located.block.fields
        if each.concept not in located.labels
        for text in (each.label, *each.aliases)
    }
    if not missing:
        return
    others = index.fields.keys() - missing.keys()
    longest = max(map(len, missing)) + 2
    sheets = {id(label.view) for label in located.labels.values()}
    for view in views:
        if id(view) not in sheets:
            continue
        for spot, text in view.norms.items():
            if len(text) <= longest and text not in index.everything and (label := nearest(text, missing, others)):
                each = missing[label]
                missing = {text: owner for text, owner in missing.items() if owner is not each}
                content = "" if each.where is ValuePosition.INSIDE else None
                located.labels[each.concept] = Label(located.block.id, each, view, spot, content, True)


def read_fields(gathered: ReadContext, located: LocatedFields) -> None:
    """Read the fields of one block."""
    block = located.block
    if not located.labels:
        return
    gathered.blocks.add(block.id)
    lacking = []
    for each in block.fields:
        label = located.labels.get(each.concept)
        if label is None:
            if gathered.pack.concept(each.concept).required is not Requirement.OPTIONAL:
                lacking.append(each.label)
            continue
        label.view.used.add(label.spot)
        if label.resembling:
            gathered.resembles(block.name, label.view, label.spot, each.label)
        _read(gathered, label)
    gathered.lacking(block.name, lacking, block.missing)
    _report_copies(gathered, located)


def _read(gathered: ReadContext, label: Label) -> Fact:
    view, each = label.view, label.field
    spot = _value_position(label, gathered.index)
    if label.content is not None:
        content = _without_tail(label.content, each.tail).strip()
        inside = each.where is ValuePosition.INSIDE
        if content or (spot not in view.cells if inside else label.followed):
            return read_value(gathered, content or None, view.place(label.spot), each.concept)
    value = view.cells.get(spot)
    if value is not None and (spot in view.stops or _is_foreign(label, spot, spot[1], gathered.index)):
        return read_value(gathered, None, view.place(spot), each.concept)
    if isinstance(value, str) and each.note and squeeze(value) == squeeze(each.note):
        view.used.add(spot)  # guidance left in place is no answer
        return read_value(gathered, None, view.place(spot), each.concept)
    return read_cell(gathered, view, spot, each.concept)


def _value_position(label: Label, index: LabelIndex) -> Position:
    """Return the cell of a field's value: the first filled one to the right before the next label, else below or adjacent."""
    view, (row, column) = label.view, label.spot
    stops, adjacent = view.stops, view.right_edge(label.spot) + 1
    tables = (region.left for region in view.regions if region.first <= row < region.end and region.left >= adjacent)
    following = next(view.filled_between(row, adjacent, min(tables, default=adjacent + 40) - 1), None)
    blocked = following is not None and (following in stops or _is_foreign(label, following, adjacent, index))
    if following is not None and not blocked:
        return following
    line = view.row_columns.get(row, ())
    # A line of labels has its values in the line below; so has a label over the whole width.
    alone = not blocked and (adjacent - column >= 3 or (len(line) > 1 and all((row, other) in stops for other in line)))
    if alone or following == (row, adjacent):
        below = (view.bottom_edge(label.spot) + 1, column)
        free = below in view.cells and below not in stops and not is_printed(view, below, index)
        if free and not any(region.holds(below) for region in view.regions):
            return below
    anchor = view.anchor((row, adjacent))
    return anchor if anchor[0] == row else (row, adjacent)


def _is_foreign(label: Label, spot: Position, adjacent: int, index: LabelIndex) -> bool:
    """Whether a text to the right of a field is no value of it: a label of the department's own, or a note beyond a blank."""
    view, text = label.view, label.view.cells[spot]
    said = text if isinstance(text, str) else ""
    if said and len(said) <= LONGEST_FOREIGN_LABEL and said.rstrip().endswith((":", "：")) and _names_something(said):
        return True
    if spot[1] == adjacent or label.field.concept not in index.telephones:
        return False
    # Beyond the blank cell of a telephone only a telephone is one, and not behind a label of its own.
    merge = view.merges.get((spot[0], adjacent))
    if merge is not None and merge.last_column > adjacent:
        return True
    return bool(said) and (not _DIGIT.search(said) or _COLON.search(said) is not None)


def _names_something(said: str) -> bool:
    """Whether a text can be a label: a number with a colon slipped in behind it is none, and is told as what it is."""
    text = normalise(said)
    return not text[0].isdecimal() and any(char.isalpha() for char in text)


_GAP = r"[\s_\u200b\ufeff]*"


def _without_tail(text: str, tail: str) -> str:
    """The text without the printed lines that follow a value in its cell; a tail that was filled in is kept."""
    if not tail:
        return text
    letters = [re.escape(char) for char in "".join(tail.split())]
    return re.sub(_GAP + _GAP.join(letters) + rf"{_GAP}\Z", "", text.replace("(", "（").replace(")", "）") if "（" in tail else text)


def _report_copies(gathered: ReadContext, located: LocatedFields) -> None:
    """Count cells of further copies that say the same as part of the form; report a copy of most of the block."""
    for copy in located.copies:
        filled = 0
        for label in copy:
            view = label.view
            view.used.add(label.spot)
            spot = _value_position(label, gathered.index)
            text = label.content if label.content and label.content.strip() else raw_text(view.cells.get(spot))
            if text is None or is_blank(text):
                continue
            filled += 1
            fact = next((fact for fact in gathered.facts if fact.concept == label.field.concept), None)
            same = fact is not None and fact.raw is not None and squeeze(fact.raw) == squeeze(text)
            if spot in view.cells and same and label.content is None:
                view.used.add(spot)
            elif label.content is not None and not same:
                view.used.discard(label.spot)
        if filled and len(copy) * 2 >= len(located.labels) and len(copy) > 1:
            first = next(iter(located.labels.values()))
            gathered.second_copy(located.block.name, (first.view, first.spot), (copy[0].view, copy[0].spot))
