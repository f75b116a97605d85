"""Headings, fields, prose and notes of the form, blank, with what their cells will show of a filing."""

from __future__ import annotations

from typing import NamedTuple

from jixiao.model.sheet_names import VERSION_STAMP
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.pack.declarations.layout import Example, Field, Fields, Heading, Notes, Prose, Role, ValuePosition
from jixiao.writing.form.cells import (
    LEAST_ROW,
    MARK_SIGN,
    SHORT_TEXT,
    FormCells,
    Paragraphs,
    Room,
    SheetGrid,
    Tell,
    Words,
)
from jixiao.writing.xlsx.content import Style, Value
from jixiao.writing.xlsx.text_size import LINE_POINTS, height, units

WIDE_SPACE = "　"
HEADING_SIZES = {Role.TITLE: 18.0, Role.SUBTITLE: 14.0, Role.SECTION: 12.0, Role.CAPTION: 11.0, Role.NOTE: 9.0}
HEADING_SPACE = {Role.SECTION: 8.0}
HEADING_PADDING = 6.0
LABEL, INSIDE = Style("label"), Style("box", locked=False)


def draw_heading(grid: SheetGrid, cells: FormCells, heading: Heading) -> None:
    """Draw a printed line over the form's width, with its fact inside where it has one."""
    space = heading.space or (HEADING_SPACE.get(heading.role, 0.0) if grid.row else 0.0)
    if space:
        grid.gap(space)
    # Titles stand over the middle of all that is printed.
    extra = grid.extra if heading.role in (Role.TITLE, Role.SUBTITLE) else 0
    across, size = (0, grid.columns - 1 + extra), HEADING_SIZES[heading.role]
    if heading.concept:
        rows = grid.take()
        cells.put(
            grid, (heading.concept, None), rows, across, Style(heading.role.value, locked=False), heading.text,
            room=Room.of(grid, rows, across, size=size, more=HEADING_PADDING), tell=_inserted(heading.text), always=True,
        )  # fmt: skip
    else:
        rows = grid.take(height(heading.text, grid.width(*across), size) + HEADING_PADDING)
        grid.put(rows, across, heading.text, Style(heading.role.value))
    if heading.role is Role.SUBTITLE:
        grid.gap(30)


def _inserted(text: str) -> Tell:
    """A printed line with the value in it; a blank that a department left stays blank."""

    def said(value: Value) -> Words:
        line = text.replace("{}", str(value) if value not in (None, "") else WIDE_SPACE * 3)
        return Words(line, line)

    return said


class _Placed(NamedTuple):
    """A field within its line: the columns of its label (none where the value stands in the label's cell) and its value."""

    field: Field
    label: tuple[int, int] | None
    value: tuple[int, int]


def draw_fields(grid: SheetGrid, cells: FormCells, block: Fields) -> None:
    """Draw the fields of a block, those of one row side by side."""
    lines: list[list[Field]] = []
    for field in block.fields:
        if field.same_row and lines:
            lines[-1].append(field)
        else:
            lines.append([field])
    for line in lines:
        _draw_line(grid, cells, _placed(line))


def _placed(line: list[Field]) -> list[_Placed]:
    placed = []
    column = 0
    for field in line:
        label = None
        if field.where is not ValuePosition.INSIDE:
            label = (column, column + field.label_span - 1)
            column = label[1] + 1
        placed.append(_Placed(field, label, (column, column + field.value_span - 1)))
        column += field.value_span
    return placed


def _draw_line(grid: SheetGrid, cells: FormCells, line: list[_Placed]) -> None:
    points = LEAST_ROW
    for field, label, value in line:
        told, at = (inside_text(field, "", grid.width(*value)), value) if label is None else (field.label, label)
        points = max(points, field.lines * LINE_POINTS + 6.0, height(told, grid.width(*at)))
    rows = grid.take(points)
    for field, label, value in line:
        key = (field.concept, None)
        if label is None:
            width = grid.width(*value)
            cells.put(
                grid, key, rows, value, INSIDE, inside_text(field, "", width), room=Room.of(grid, rows, value),
                tell=_inside(field, width),
            )  # fmt: skip
            continue
        grid.put(rows, label, field.label, LABEL)
        short = field.lines <= 2 and cells.pack.concept(field.concept).kind is ConceptKind.TEXT
        room = Room.of(grid, rows, value, before=MARK_SIGN)
        cells.put(grid, key, rows, value, SHORT_TEXT if short else None, room=room)


def _inside(field: Field, width: float) -> Tell:
    def said(value: Value) -> Words:
        text = inside_text(field, str(value), width)
        return Words(text, text)

    return said


def inside_text(field: Field, value: str, width: float) -> str:
    """The text of a field whose value stands in the label's own cell: label, value, and the tail at the right."""
    tail = [WIDE_SPACE * max(0, int((width - 6 - units(line)) // 2)) + line for line in field.tail.split("\n") if line]
    room = max(0, field.lines - 1 - len(tail) - (1 if value else 0))
    return "\n".join([field.label, *([value] if value else []), *[""] * room, *tail])


def draw_prose(grid: SheetGrid, cells: FormCells, block: Prose, paragraphs: int) -> None:
    """Draw room for a text of so many paragraphs under its heading, a row each, in a frame.

    Blank rows follow up to what the form prints.
    """
    across = (0, grid.columns - 1)
    grid.put(grid.take(26), across, block.caption, Style("section"))
    count = paragraphs + max(block.blank_rows - paragraphs, 1)
    positions, rooms = [], []
    for number in range(count):
        role = "prose_first" if number == 0 else "prose_last" if number == count - 1 else "prose"
        rows = grid.take()
        cell = grid.put(rows, across, "", Style(role, locked=False))
        if number == 0:
            cells.remember(grid, (block.concept, None), cell)
        if number < paragraphs or number == 0:
            positions.append(len(grid.cells) - 1)
            rooms.append(Room.of(grid, rows, across, before=MARK_SIGN))
        if grid.columns == 1:
            # Without a height of its own a row grows with what is typed into it.
            del grid.heights[rows[0]]
    cells.paragraphs.append(Paragraphs((block.concept, None), tuple(positions), tuple(rooms)))


def draw_notes(grid: SheetGrid, block: Notes) -> None:
    """Draw printed guidance, a line a row."""
    across = (0, grid.columns - 1)
    for line in block.lines:
        grid.put(grid.take(height(line, grid.width(*across)) + 6), across, line, Style("guide"))
    if block.example is not None:
        _draw_example(grid, block.example)


def _draw_example(grid: SheetGrid, example: Example) -> None:
    """Draw a filled example: what is printed grey, what to enter white, as in the form; the last column takes the rest."""
    grid.gap(8)
    last = len(example.heads) - 1
    spans = [(n, grid.columns - 1 if n == last else n) for n in range(last + 1)]
    for number, texts in enumerate((example.heads, *example.rows)):
        rows = grid.take(max(LEAST_ROW, *(height(text, grid.width(*at)) for text, at in zip(texts, spans, strict=True))))
        for n, (text, at) in enumerate(zip(texts, spans, strict=True)):
            role = "head" if number == 0 else "input" if n == example.filled else "printed"
            grid.put(rows, at, text, Style(role))


def draw_stamp(grid: SheetGrid, cells: FormCells) -> None:
    """Draw the line that names the pack and its version."""
    grid.gap(24)
    stamp = f"{VERSION_STAMP}{cells.pack.id} {cells.pack.version}"
    grid.put(grid.take(18), (0, grid.columns - 1), stamp, Style("note", align="center"))
