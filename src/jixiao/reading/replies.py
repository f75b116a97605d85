"""The replies that a returned workbook brings back: the column 部门说明 of its sheet 问题清单."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jixiao.model.cell import CellValue
from jixiao.model.reply import About, Reply, about_of_key
from jixiao.model.texts import parse_text
from jixiao.model.words import FINDINGS_SHEET, KEY_COLUMN, REPLY_COLUMN
from jixiao.reading.grid import Grid

LONGEST_REPLY = 2000
MOST_KEYS = 2000
"""No findings sheet has more; the bounds keep hostile workbooks cheap."""

LAST_HEAD_ROW = 50


def read_replies(grids: Sequence[Grid]) -> tuple[Reply, ...]:
    """The replies of all findings sheets of a workbook, the first to each finding; rows left blank give none."""
    found: dict[About, str] = {}
    for grid in grids:
        if grid.name.strip() == FINDINGS_SHEET:
            for about, text in _replies(grid):
                found.setdefault(about, text)
    return tuple(Reply(about, text) for about, text in found.items())


def _replies(grid: Grid) -> Iterator[tuple[About, str]]:
    head, keys = None, 0
    for n, row in enumerate(grid.rows):
        if head is None:
            head = _head(row)
            if head is None and n > LAST_HEAD_ROW:
                return
            continue
        key, reply = (_text(row, head[name]) for name in (KEY_COLUMN, REPLY_COLUMN))
        if not key or not reply:
            continue
        for line in key.splitlines():
            keys += 1
            if keys > MOST_KEYS:
                return
            if (about := about_of_key(line)) is not None:
                yield about, reply[:LONGEST_REPLY]


def _head(row: Sequence[CellValue]) -> Mapping[str, int] | None:
    """The columns of key and reply, if this is the row of headings."""
    columns = {text.strip(): column for column, text in enumerate(row) if isinstance(text, str)}
    wanted = {name: columns[name] for name in (KEY_COLUMN, REPLY_COLUMN) if name in columns}
    return wanted if len(wanted) == 2 else None


def _text(row: Sequence[CellValue], column: int) -> str:
    return parse_text(row[column] if column < len(row) else None).text or ""
