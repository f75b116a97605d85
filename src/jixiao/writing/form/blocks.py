"""Headings, fields, prose and notes of the form, blank, with what their cells will show of a filing."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from jixiao.model.sheet_names import VERSION_STAMP
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.pack.declarations.layout import Example, Field, Fields, Heading, Notes, Prose, Role, ValuePosition
from jixiao.writing.form.cells import LEAST_ROW, MARK_SIGN, SHORT_TEXT, FormSheet, Paragraphs, ShownValue, Span
from jixiao.writing.xlsx.content import Style, Value
from jixiao.writing.xlsx.text_size import LINE_POINTS, height, units

WIDE_SPACE = "　"
HEADING_SIZES = {Role.TITLE: 18.0, Role.SUBTITLE: 14.0, Role.SECTION: 12.0, Role.CAPTION: 11.0, Role.NOTE: 9.0}
HEADING_SPACE = {Role.SECTION: 8.0}
HEADING_PADDING = 6.0


def draw_heading(sheet: FormSheet, heading: Heading) -> None:
    """Draw a printed line over the form's width, with its fact inside where it has one."""
    space = heading.space or (HEADING_SPACE.get(heading.role, 0.0) if sheet.row else 0.0)
    if space:
        sheet.gap(space)
    # Titles are centred over all that is printed.
    extra = sheet.extra if heading.role in (Role.TITLE, Role.SUBTITLE) else 0
    across, size = (0, sheet.columns - 1 + extra), HEADING_SIZES[heading.role]
    if heading.concept:
        rows = sheet.take()
        sheet.put_fact(
            (heading.concept, None), rows, across, Style(heading.role.value, locked=False), heading.text,
            room=sheet.room(rows, across, size=size, padding=HEADING_PADDING), show=partial(_show_inserted, heading.text), always=True,
        )  # fmt: skip
    else:
        rows = sheet.take(height(heading.text, sheet.width(across), size) + HEADING_PADDING)
        sheet.put(rows, across, heading.text, Style(heading.role.value))
    if heading.role is Role.SUBTITLE:
        sheet.gap(30)


def _show_inserted(text: str, value: Value) -> ShownValue:
    """Return a printed line with the value in it; a blank that a department left stays blank."""
    line = text.replace("{}", str(value) if value not in (None, "") else WIDE_SPACE * 3)
    return ShownValue(line, line)


class _PlacedField(NamedTuple):
    """A field within its line: the columns of its label (None where the value is in the label's cell) and of its value."""

    field: Field
    label: Span | None
    value: Span


def draw_fields(sheet: FormSheet, block: Fields) -> None:
    """Draw the fields of a block, those of one row side by side."""
    line: list[_PlacedField] = []
    for field in block.fields:
        if line and not field.same_row:
            _draw_line(sheet, line)
            line = []
        column = line[-1].value[1] + 1 if line else 0
        label = None
        if field.where is not ValuePosition.INSIDE:
            label = (column, column + field.label_span - 1)
            column = label[1] + 1
        line.append(_PlacedField(field, label, (column, column + field.value_span - 1)))
    if line:
        _draw_line(sheet, line)


def _draw_line(sheet: FormSheet, line: list[_PlacedField]) -> None:
    points = LEAST_ROW
    for field, label, value in line:
        text = field.label if label else inside_text(field, "", sheet.width(value))
        points = max(points, field.lines * LINE_POINTS + 6.0, height(text, sheet.width(label or value)))
    rows = sheet.take(points)
    for field, label, value in line:
        key = (field.concept, None)
        if label is None:
            width = sheet.width(value)
            sheet.put_fact(
                key, rows, value, Style("box", locked=False), inside_text(field, "", width),
                room=sheet.room(rows, value), show=partial(_show_inside, field, width),
            )  # fmt: skip
        else:
            sheet.put(rows, label, field.label, Style("label"))
            short = field.lines <= 2 and sheet.pack.concept(field.concept).kind is ConceptKind.TEXT
            sheet.put_fact(key, rows, value, SHORT_TEXT if short else None, room=sheet.room(rows, value, MARK_SIGN))


def _show_inside(field: Field, width: float, value: Value) -> ShownValue:
    text = inside_text(field, str(value), width)
    return ShownValue(text, text)


def inside_text(field: Field, value: str, width: float) -> str:
    """Return the text of a field whose value is in the label's own cell: label, value, and the tail at the right."""
    tail = [WIDE_SPACE * max(0, int((width - 6 - units(line)) // 2)) + line for line in field.tail.split("\n") if line]
    room = max(0, field.lines - 1 - len(tail) - (1 if value else 0))
    return "\n".join([field.label, *([value] if value else []), *[""] * room, *tail])


def draw_prose(sheet: FormSheet, block: Prose, paragraphs: int) -> None:
    """Draw room for a text of so many paragraphs under its heading, a row each, in a frame.

    Blank rows follow up to what the form prints.
    """
    sheet.put(sheet.take(26), sheet.across, block.caption, Style("section"))
    count = paragraphs + max(block.blank_rows - paragraphs, 1)
    shown = []
    for number in range(count):
        role = "prose_first" if number == 0 else "prose_last" if number == count - 1 else "prose"
        rows = sheet.take()
        cell = sheet.put(rows, sheet.across, "", Style(role, locked=False))
        if number == 0:
            sheet.note_place((block.concept, None), cell)
        if number < max(paragraphs, 1):
            shown.append((len(sheet.cells) - 1, sheet.room(rows, sheet.across, MARK_SIGN)))
        if sheet.columns == 1:
            # Without a height of its own a row grows with what is typed into it.
            del sheet.heights[rows[0]]
    sheet.paragraphs.append(Paragraphs(block.concept, tuple(shown)))


def draw_notes(sheet: FormSheet, block: Notes) -> None:
    """Draw printed guidance, a line a row."""
    for line in block.lines:
        sheet.put(sheet.take(height(line, sheet.width(sheet.across)) + 6), sheet.across, line, Style("guide"))
    if block.example is not None:
        _draw_example(sheet, block.example)


def _draw_example(sheet: FormSheet, example: Example) -> None:
    """Draw a filled example: what is printed grey, what to enter white, as in the form; the last column takes the rest."""
    sheet.gap(8)
    last = len(example.heads) - 1
    spans = [(n, sheet.columns - 1 if n == last else n) for n in range(last + 1)]
    for number, texts in enumerate((example.heads, *example.rows)):
        rows = sheet.take(max(LEAST_ROW, *(height(text, sheet.width(at)) for text, at in zip(texts, spans, strict=True))))
        for n, (text, at) in enumerate(zip(texts, spans, strict=True)):
            role = "head" if number == 0 else "input" if n == example.filled else "printed"
            sheet.put(rows, at, text, Style(role))


def draw_stamp(sheet: FormSheet) -> None:
    """Draw the line that names the pack and its version."""
    sheet.gap(24)
    stamp = f"{VERSION_STAMP}{sheet.pack.id} {sheet.pack.version}"
    sheet.put(sheet.take(18), sheet.across, stamp, Style("note", align="center"))
