"""Drawing of headings, fields, prose and notes."""

from __future__ import annotations

from jixiao.model.words import VERSION_STAMP
from jixiao.pack.concept import Kind
from jixiao.pack.layout import Example, Field, Fields, Heading, Notes, Prose, Role, Where
from jixiao.writing.canvas import Style
from jixiao.writing.form_cells import SHORT_TEXT, FormCells
from jixiao.writing.form_grid import LEAST_ROW, Grid
from jixiao.writing.form_rows import Key
from jixiao.writing.textsize import LINE_POINTS, height, units

WIDE_SPACE = "　"
HEADING_SIZES = {Role.TITLE: 18.0, Role.SUBTITLE: 14.0, Role.SECTION: 12.0, Role.CAPTION: 11.0, Role.NOTE: 9.0}
HEADING_SPACE = {Role.SECTION: 8.0}


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


def draw_fields(grid: Grid, cells: FormCells, block: Fields) -> None:
    """Draw the fields of a block, those of one row side by side."""
    lines: list[list[Field]] = []
    for field in block.fields:
        if field.same_row and lines:
            lines[-1].append(field)
        else:
            lines.append([field])
    for line in lines:
        _draw_line(grid, cells, line)


def _draw_line(grid: Grid, cells: FormCells, line: list[Field]) -> None:
    spans: list[tuple[Field, tuple[int, int], tuple[int, int]]] = []
    column = 0
    points = LEAST_ROW
    for field in line:
        label_span = 0 if field.where is Where.INSIDE else field.label_span
        label = (column, column + label_span - 1)
        value = (column + label_span, column + label_span + field.value_span - 1)
        spans.append((field, label, value))
        column = value[1] + 1
        points = max(points, field.lines * LINE_POINTS + 6.0, _needed(grid, cells, field, label, value))
    rows = grid.take(points)
    for field, label, value in spans:
        key = (field.concept, None)
        if field.where is Where.INSIDE:
            text = inside_text(field, cells.text(key), grid.width(*value))
            cells.put(grid, key, rows, value, Style("box", locked=False), text, stated=True)
            continue
        grid.put(rows, label, field.label, Style("label"))
        short = field.lines <= 2 and cells.pack.concept(field.concept).kind is Kind.TEXT
        cells.put(grid, key, rows, value, SHORT_TEXT if short else None)


def _needed(grid: Grid, cells: FormCells, field: Field, label: tuple[int, int], value: tuple[int, int]) -> float:
    key = (field.concept, None)
    if field.where is Where.INSIDE:
        return height(inside_text(field, cells.text(key), grid.width(*value)), grid.width(*value))
    return max(height(field.label, grid.width(*label)), cells.points(key, grid.width(*value)))


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
