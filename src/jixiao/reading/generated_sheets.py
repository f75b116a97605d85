"""Sheets that an earlier return added to a filing: passed over, but for what they carry of the department's own.

That is what stood outside the form (表外内容) and the replies in the column 部门说明 of 问题清单.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    """Yield what was outside the form in an earlier round and came back on the sheet for it, at its places of that time."""
    for grid in grids:
        if grid.name.strip() == EXTRAS_SHEET and is_generated(grid):
            for place, (sheet, cell, text) in _rows_under(grid, EXTRAS_HEADS):
                if text:
                    spot = spot_of(cell)
                    yield UnplacedCell(Place(sheet, *spot) if spot else place, text)


LONGEST_REPLY = 2000
MOST_KEYS = 2000
"""No findings sheet has more; the bounds keep hostile workbooks cheap."""

LAST_REPLY_HEAD_ROW = 50


def read_replies(grids: Sequence[Grid]) -> tuple[Reply, ...]:
    """The replies of all findings sheets of a workbook, the first to each finding; rows left blank give none."""
    replies: dict[ReplyKey, str] = {}
    for grid in grids:
        if grid.name.strip() == FINDINGS_SHEET:
            for about, text in _replies(grid):
                replies.setdefault(about, text)
    return tuple(Reply(about, text) for about, text in replies.items())


def _replies(grid: Grid) -> Iterator[tuple[ReplyKey, str]]:
    keys = 0
    for _, (key, reply) in _rows_under(grid, (KEY_COLUMN, REPLY_COLUMN), LAST_REPLY_HEAD_ROW):
        key, reply = parse_text(key).text or "", parse_text(reply).text or ""
        for line in key.splitlines() if reply else ():
            keys += 1
            if keys > MOST_KEYS:
                return
            if (about := about_of_key(line)) is not None:
                yield about, reply[:LONGEST_REPLY]


def _rows_under(grid: Grid, heads: Sequence[str], last_head: int | None = None) -> Iterator[tuple[Place, list[str]]]:
    """Yield the texts under these heads in each row below them, with the place of the last; none where the heads lack."""
    columns: list[int] = []
    for number, row in enumerate(grid.rows):
        texts = [(raw_text(value) or "").strip() for value in row]
        if columns:
            yield Place(grid.name, number, columns[-1]), [texts[column] if column < len(texts) else "" for column in columns]
        elif set(heads) <= set(texts):
            columns = [texts.index(head) for head in heads]
        elif last_head is not None and number > last_head:
            return
