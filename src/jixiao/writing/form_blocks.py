"""Drawing of headings, fields, prose and notes."""

from __future__ import annotations

from typing import NamedTuple

from jixiao.model.words import VERSION_STAMP
from jixiao.pack import Pack
from jixiao.pack.concept import Kind
from jixiao.pack.layout import Example, Field, Fields, Heading, Notes, Prose, Role, Where
from jixiao.pack.memo import once_a_pack
from jixiao.writing.canvas import Style
from jixiao.writing.form_cells import SHORT_TEXT, FormCells
from jixiao.writing.form_grid import LEAST_ROW, Grid
from jixiao.writing.form_rows import Key
from jixiao.writing.textsize import LINE_POINTS, height, units

WIDE_SPACE = "　"
HEADING_SIZES = {Role.TITLE: 18.0, Role.SUBTITLE: 14.0, Role.SECTION: 12.0, Role.CAPTION: 11.0, Role.NOTE: 9.0}
HEADING_SPACE = {Role.SECTION: 8.0}
LABEL, INSIDE = Style("label"), Style("box", locked=False)


def draw_heading(grid: Grid, cells: FormCells, heading: Heading) -> None:
    """Draw a printed line over the form's width, with its fact inside where it has one."""
    space = heading.space or (HEADING_SPACE.get(heading.role, 0.0) if grid.row else 0.0)
    if space:
        grid.gap(space)
    key: Key | None = (heading.concept, None) if heading.concept else None
    text = heading.text
    if key is not None:
        # The blank form is printed for the pack's year; a blank that a department left stays blank.
        blank = WIDE_SPACE * 3
        stated = str(cells.pack.year) if cells.facts is None else cells.text(key) or blank
        text = heading.text.replace("{}", stated)
    # Titles stand over the middle of all that is printed.
    extra = grid.extra if heading.role in (Role.TITLE, Role.SUBTITLE) else 0
    across = (0, grid.columns - 1 + extra)
    rows = grid.take(height(text, grid.width(*across), HEADING_SIZES[heading.role]) + 6)
    style = Style(heading.role.value, locked=key is None)
    if key is not None:
        cells.put(grid, key, rows, across, style, text, stated=True)
    else:
        grid.put(rows, across, text, style)
    if heading.role is Role.SUBTITLE:
        grid.gap(30)


class _Placed(NamedTuple):
    """A field within its line: the columns of its label (none where the value stands in the label's cell) and its value."""

    field: Field
    label: tuple[int, int] | None
    value: tuple[int, int]
    width: float


class _Line(NamedTuple):
    """Fields side by side, and how high their row is at least."""

    fields: tuple[_Placed, ...]
    least: float


def draw_fields(grid: Grid, cells: FormCells, block: Fields) -> None:
    """Draw the fields of a block, those of one row side by side."""
    kept = _lines(cells.pack)
    key = (block.id, tuple(grid.widths))
    lines = kept.get(key)
    if lines is None:
        lines = kept[key] = _lines_of(block, grid)
    for line in lines:
        _draw_line(grid, cells, line)


@once_a_pack
def _lines(pack: Pack) -> dict[tuple[str, tuple[float, ...]], list[_Line]]:
    return {}


def _lines_of(block: Fields, grid: Grid) -> list[_Line]:
    lines: list[list[Field]] = []
    for field in block.fields:
        if field.same_row and lines:
            lines[-1].append(field)
        else:
            lines.append([field])
    return [_line(line, grid) for line in lines]


def _line(line: list[Field], grid: Grid) -> _Line:
    placed = []
    column, points = 0, LEAST_ROW
    for field in line:
        points = max(points, field.lines * LINE_POINTS + 6.0)
        label = None
        if field.where is not Where.INSIDE:
            label = (column, column + field.label_span - 1)
            points = max(points, height(field.label, grid.width(*label)))
            column = label[1] + 1
        value = (column, column + field.value_span - 1)
        placed.append(_Placed(field, label, value, grid.width(*value)))
        column = value[1] + 1
    return _Line(tuple(placed), points)


def _draw_line(grid: Grid, cells: FormCells, line: _Line) -> None:
    points = line.least
    for field, label, _, width in line.fields:
        key = (field.concept, None)
        if label is None:
            points = max(points, height(inside_text(field, cells.text(key), width), width))
        else:
            points = max(points, cells.points(key, width))
    rows = grid.take(points)
    for field, label, value, width in line.fields:
        key = (field.concept, None)
        if label is None:
            text = inside_text(field, cells.text(key), width)
            cells.put(grid, key, rows, value, INSIDE, text, stated=True)
            continue
        grid.put(rows, label, field.label, LABEL)
        short = field.lines <= 2 and cells.pack.concept(field.concept).kind is Kind.TEXT
        cells.put(grid, key, rows, value, SHORT_TEXT if short else None)


def inside_text(field: Field, value: str, width: float) -> str:
    """The text of a field whose value stands in the label's own cell: label, value, and the tail at the right."""
    tail = [WIDE_SPACE * max(0, int((width - 6 - units(line)) // 2)) + line for line in field.tail.split("\n") if line]
    room = max(0, field.lines - 1 - len(tail) - (1 if value else 0))
    return "\n".join([field.label, *([value] if value else []), *[""] * room, *tail])


def draw_prose(grid: Grid, cells: FormCells, block: Prose) -> None:
    """Draw free text under its heading, a paragraph a row, in a frame; blank rows follow up to what the form prints."""
    across = (0, grid.columns - 1)
    width = grid.width(*across)
    grid.put(grid.take(26), across, block.caption, Style("section"))
    key = (block.concept, None)
    text = cells.text(key)
    paragraphs = text.split("\n") if text else []
    blanks = max(block.blank_rows - len(paragraphs), 1)
    count = len(paragraphs) + blanks
    for number, paragraph in enumerate([*paragraphs, *[""] * blanks]):
        role = "prose_first" if number == 0 else "prose_last" if number == count - 1 else "prose"
        rows = grid.take(height(f"▲{paragraph}", width) if paragraph else LEAST_ROW)
        style = Style(role, locked=False)
        if number == 0:
            cells.put(grid, key, rows, across, style, paragraph, stated=True)
        else:
            grid.put(rows, across, paragraph, style)
        if not paragraph and grid.columns == 1:
            # Without a height of its own a row grows with what is typed into it.
            del grid.sheet.heights[rows[0]]


def draw_notes(grid: Grid, block: Notes) -> None:
    """Draw printed guidance, a line a row."""
    across = (0, grid.columns - 1)
    for line in block.lines:
        grid.put(grid.take(height(line, grid.width(*across)) + 6), across, line, Style("guide"))
    if block.example is not None:
        _draw_example(grid, block.example)


def _draw_example(grid: Grid, example: Example) -> None:
    """Draw a filled example: what is printed grey, what to enter white, as in the form; the last column takes the rest."""
    grid.gap(8)
    last = len(example.heads) - 1
    spans = [(n, grid.columns - 1 if n == last else n) for n in range(last + 1)]
    for number, texts in enumerate((example.heads, *example.rows)):
        rows = grid.take(max(LEAST_ROW, *(height(text, grid.width(*at)) for text, at in zip(texts, spans, strict=True))))
        for n, (text, at) in enumerate(zip(texts, spans, strict=True)):
            role = "head" if number == 0 else "input" if n == example.filled else "printed"
            grid.put(rows, at, text, Style(role))


def draw_stamp(grid: Grid, cells: FormCells) -> None:
    """Draw the line that names the pack and its version."""
    grid.gap(24)
    stamp = f"{VERSION_STAMP}{cells.pack.id} {cells.pack.version}"
    grid.put(grid.take(18), (0, grid.columns - 1), stamp, Style("note", align="center"))
