"""Comments of cells as the file has them: what they say in one part, the boxes that show them in another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jixiao.model.sheet_names import COMMENT_AUTHOR
from jixiao.writing.xlsx.cell_text import cell_name, comment_size, comment_text, literal, text_element
from jixiao.writing.xlsx.content import Cell, SheetContent
from jixiao.writing.xlsx.theme import BODY_FONT

MOST_COMMENTS = 1_024
"""Boxes of a sheet are numbered from a multiple of this; a sheet with as many of them is the library's."""

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LOOK = f'<rPr><sz val="9"/><color indexed="81"/><rFont val="{BODY_FONT}"/><family val="2"/></rPr>'
_FILL = "#ffffe1"
_BOX_KIND = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_BOX_LOOK = (
    f'<v:fill color2="{_FILL}"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
)


def comment_parts(sheet: SheetContent, cells: Sequence[Cell], number: int) -> tuple[str, str]:
    """Return the parts of what the comments of a sheet say and of their boxes; `number` counts sheets with comments from 1."""
    texts, boxes = [], []
    for order, cell in enumerate(sorted(cells, key=lambda each: (each.row, each.column)), start=1):
        text = comment_text(cell)
        texts.append(
            f'<comment ref="{cell_name(cell.row, cell.column)}" authorId="0"><text><r>{_LOOK}{text_element(text)}</r></text></comment>'
        )
        boxes.append(_box(sheet, cell, comment_size(text), MOST_COMMENTS * number + order, order))
    return (
        f'{_XML}<comments xmlns="{_MAIN}"><authors><author>{literal(COMMENT_AUTHOR)}</author></authors>'
        f"<commentList>{''.join(texts)}</commentList></comments>",
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
        f'<o:idmap v:ext="edit" data="{number}"/></o:shapelayout>{_BOX_KIND}{"".join(boxes)}</xml>',
    )


def _box(sheet: SheetContent, cell: Cell, size: tuple[int, int], number: int, order: int) -> str:
    """Return the box of a comment, right of its cell and a little above it."""
    left, across = _side(cell.column + 1, 15, size[0], _widths(sheet))
    top, down = _side(max(cell.row - 1, 0), 10 if cell.row else 2, size[1], _heights(sheet))
    style = (
        f"position:absolute;margin-left:{left:.15g}pt;margin-top:{top:.15g}pt;"
        f"width:{size[0] * 0.75:.15g}pt;height:{size[1] * 0.75:.15g}pt;z-index:{order};visibility:hidden"
    )
    ends = (*across[0], *down[0], *across[1], *down[1])
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="{style}" fillcolor="{_FILL}" o:insetmode="auto">{_BOX_LOOK}'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{', '.join(map(str, ends))}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{cell.row}</x:Row>"
        f"<x:Column>{cell.column}</x:Column></x:ClientData></v:shape>"
    )


Position = tuple[int, int]
"""A row or column, and pixels into it."""


def _side(first: int, offset: int, length: int, size_of: Callable[[int], int]) -> tuple[float, tuple[Position, Position]]:
    """Return where a box begins along one side in points, and its first and last position; sizes are in pixels."""

    def position(at: int, offset: int) -> Position:
        while offset >= size_of(at):
            offset -= size_of(at)
            at += 1
        return at, offset

    start = position(first, offset)
    end = position(start[0], length + (start[1] if size_of(start[0]) > 0 else 0))
    return (sum(map(size_of, range(first))) + offset) * 0.75, (start, end)


def _widths(sheet: SheetContent) -> Callable[[int], int]:
    def pixels(column: int) -> int:
        if column in sheet.hidden_columns:
            return 0
        width = sheet.widths.get(column)
        if width is None:
            return 64
        return int(width * 12 + 0.5) if width < 1 else int(width * 7 + 0.5) + 5

    return pixels


def _heights(sheet: SheetContent) -> Callable[[int], int]:
    return lambda row: int(min(sheet.heights.get(row, 15.0), 409.0) * 4.0 / 3.0 + 0.5)
