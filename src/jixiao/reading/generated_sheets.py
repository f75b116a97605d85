"""Sheets that an earlier return added to a filing: passed over, but for what they carry of the department's own.

That is what stood outside the form (表外内容) and the replies in the column 部门说明 of 问题清单.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jixiao.model.cell import CellValue
from jixiao.model.finding import Reply, ReplyKey, about_of_key
from jixiao.model.place import Place, spot_of
from jixiao.model.sheet_names import EXTRAS_HEADS, EXTRAS_SHEET, FINDINGS_SHEET, KEY_COLUMN, OWN_SIGNS, REPLY_COLUMN
from jixiao.model.submission import UnplacedCell
from jixiao.reading.formats.grid import Grid
from jixiao.values.text import parse_text, raw_text

LAST_HEAD_ROW = 60
"""How far down a sheet's sign may stand: departments insert rows above."""


def is_generated(grid: Grid) -> bool:
    """Whether a sheet is one that the program added: by its name and by what only its own hold.

    A department's own sheet of such a name is read like any other.
    """
    signs = OWN_SIGNS.get(grid.name.strip())
    if signs is None:
        return False
    texts = (value.strip() for row in grid.rows[:LAST_HEAD_ROW] for value in row if isinstance(value, str))
    return any(text.endswith(signs) for text in texts)


def carried_extras(grids: Sequence[Grid]) -> Iterator[UnplacedCell]:
    """What stood outside the form in an earlier round and came back on the sheet for it, at its places of that time."""
    for grid in grids:
        if grid.name.strip() != EXTRAS_SHEET or not is_generated(grid):
            continue
        head: dict[str, int] | None = None
        for number, row in enumerate(grid.rows):
            texts = [(raw_text(value) or "").strip() for value in row]
            if head is None:
                if set(EXTRAS_HEADS) <= set(texts):
                    head = {name: texts.index(name) for name in EXTRAS_HEADS}
                continue
            sheet, cell, text = (texts[head[name]] if head[name] < len(texts) else "" for name in EXTRAS_HEADS)
            if text:
                spot = spot_of(cell)
                yield UnplacedCell(Place(sheet, *spot) if spot else Place(grid.name, number, head[EXTRAS_HEADS[-1]]), text)


LONGEST_REPLY = 2000
MOST_KEYS = 2000
"""No findings sheet has more; the bounds keep hostile workbooks cheap."""

LAST_REPLY_HEAD_ROW = 50


def read_replies(grids: Sequence[Grid]) -> tuple[Reply, ...]:
    """The replies of all findings sheets of a workbook, the first to each finding; rows left blank give none."""
    found: dict[ReplyKey, str] = {}
    for grid in grids:
        if grid.name.strip() == FINDINGS_SHEET:
            for about, text in _replies(grid):
                found.setdefault(about, text)
    return tuple(Reply(about, text) for about, text in found.items())


def _replies(grid: Grid) -> Iterator[tuple[ReplyKey, str]]:
    head, keys = None, 0
    for n, row in enumerate(grid.rows):
        if head is None:
            head = _head(row)
            if head is None and n > LAST_REPLY_HEAD_ROW:
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
