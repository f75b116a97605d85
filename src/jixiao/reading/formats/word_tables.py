"""A Word table as rectangles: which columns its cells take, cells merged across and down, borders drawn by hand evened out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from jixiao.reading.formats.limits import Limits, unreadable
from jixiao.reading.formats.word_text import attribute, child, children, is_on, kind, number

NEAR = 150
"""Borders of different rows no farther apart (twentieths of a point; 2.6 mm) were meant as one."""

_UNKNOWN_WIDTH = 1000


@dataclass(eq=False)
class WordCell:
    """A cell: its element, its left and right border, and how many rows it takes. `hidden` is covered by the one above."""

    element: Element
    left: int
    right: int
    rows: int = 1
    hidden: bool = False


@dataclass(frozen=True)
class WordTable:
    """Rows of cells; `borders` are the places of the borders between columns, from the left edge to the right."""

    rows: Sequence[Sequence[WordCell]]
    borders: Sequence[int]


def word_table(table: Element, limits: Limits) -> WordTable:
    """The cells of a table. Raises `UnreadableFile` for more columns or cells than a sheet may have."""
    edges = _edges(child(table, "tblGrid"))
    rows = [list(_cells(row, edges, limits)) for row in children(table, "tr") if child(row, "trPr", "del") is None]
    _even_out(rows)
    _merge_down(rows)
    borders = sorted({border for row in rows for cell in row for border in (cell.left, cell.right)})
    return WordTable(rows, borders)


def _edges(grid: Element | None) -> list[int]:
    edges = [0]
    for column in grid if grid is not None else ():
        if kind(column) == "gridCol":
            edges.append(edges[-1] + max(number(column, "w") or _UNKNOWN_WIDTH, 1))
    return edges


def _cells(row: Element, edges: list[int], limits: Limits) -> Iterator[WordCell]:
    at = min(max(number(child(row, "trPr", "gridBefore")) or 0, 0), limits.columns)
    before: WordCell | None = None
    for element in children(row, "tc"):
        properties = child(element, "tcPr")
        span = max(number(child(properties, "gridSpan")) or 1, 1)
        if at + span > limits.columns:
            raise unreadable("表格的列数超出限度")
        while len(edges) <= at + span:
            edges.append(edges[-1] + _UNKNOWN_WIDTH)
        across = child(properties, "hMerge")
        if across is not None and attribute(across) != "restart" and before is not None:
            before.right = edges[at + span]
        else:
            before = WordCell(element, edges[at], edges[at + span])
            yield before
        at += span


def _even_out(rows: Sequence[Sequence[WordCell]]) -> None:
    """Let borders that are nearly in line be in line, where no cell vanishes by it."""
    borders = sorted({border for row in rows for cell in row for border in (cell.left, cell.right)})
    narrow = {(cell.left, cell.right) for row in rows for cell in row if cell.right - cell.left <= NEAR}
    joined: dict[int, int] = {}
    group: list[int] = []
    for border in borders:
        if group and border - group[0] <= NEAR and not any((each, border) in narrow for each in group):
            joined[border] = group[0]
            group.append(border)
        else:
            group = [border]
    if joined:
        for row in rows:
            for cell in row:
                cell.left, cell.right = joined.get(cell.left, cell.left), joined.get(cell.right, cell.right)


def _merge_down(rows: Sequence[Sequence[WordCell]]) -> None:
    above: dict[int, WordCell] = {}
    for row in rows:
        here: dict[int, WordCell] = {}
        for cell in row:
            merge = child(cell.element, "tcPr", "vMerge")
            if merge is None:
                continue
            top = above.get(cell.left)
            if attribute(merge) != "restart" and top is not None and top.right == cell.right:
                top.rows += 1
                cell.hidden = True
                here[cell.left] = top
            else:
                here[cell.left] = cell
        above = here


def is_emptied(cell: WordCell) -> bool:
    """Whether a tracked change deletes the cell."""
    return is_on(child(cell.element, "tcPr", "cellDel"))
