"""Tables with headings in workbooks of external data: the one reader of roster, bureau figures and reviews."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from jixiao.errors import UsageError
from jixiao.model.cell import CellValue
from jixiao.model.sheet_names import KEY_COLUMN, REVIEW_COLUMN, REVIEW_WORKBOOK, SUMMARY_SHEETS, SUMMARY_WORKBOOK
from jixiao.reading.formats.grid import Grid
from jixiao.reading.formats.open import UnreadableFile, open_grids
from jixiao.reading.generated_sheets import is_generated
from jixiao.values.text import raw_text

ROWS_SEARCHED = 20


@dataclass(frozen=True)
class HeaderTable:
    """A table of a sheet with the row of its headings; `headings` holds them by column, without blanks.

    `what` is what people call the workbook, `shown` its file name with as many folders as tell it from others.
    """

    what: str
    shown: str
    grid: Grid
    head: int
    headings: dict[int, str]

    @property
    def rows(self) -> range:
        """The numbers of the rows below the headings."""
        return range(self.head + 1, len(self.grid.rows))

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """The column of each heading, the first one if it occurs twice."""
        return {heading: column for column, heading in reversed(self.headings.items())}

    def text(self, row: int, heading: str) -> str:
        """Return what a person reads in a row below a heading; empty if there is no such heading."""
        return cell_text(self.grid.at(row, self.columns[heading])) if heading in self.columns else ""

    def place(self, row: int, column: int | None = None) -> str:
        """Return the name of a row, or of a cell of it, for people."""
        where = f"{self.what}“{self.shown}”第 {row + 1} 行"
        return where if column is None else f"{where}“{self.headings[column]}”栏"


def read_header_table(path: Path, what: str, required: Sequence[str], shown: str = "") -> HeaderTable:
    """Return the first table of a workbook that has these headings; `UsageError` says why there is none.

    `what` is what people call the workbook.
    """
    if not path.is_file():
        raise UsageError(f"找不到{what}“{path}”，请检查路径。")
    try:
        grids = open_grids(path)
    except UnreadableFile as refusal:
        raise UsageError(f"{what}“{path.name}”无法读取：{refusal.reason}。") from refusal
    written = written_by_the_program(grids)
    if written and written != what:
        raise UsageError(f"“{path.name}”是本程序写出的{written}，不是{what}，请改选{what}。")
    for grid in grids:
        for row in range(min(len(grid.rows), ROWS_SEARCHED)):
            headings = {column: text for column, value in enumerate(grid.rows[row]) if (text := _packed(value))}
            if set(required) <= set(headings.values()):
                return HeaderTable(what, shown or path.name, grid, row, headings)
    wanted = "".join(f"“{heading}”" for heading in required)
    raise UsageError(f"{what}“{path.name}”中找不到{wanted}{'各' if len(required) > 2 else '两'}栏，请检查表头。")


def written_by_the_program(grids: Sequence[Grid]) -> str:
    """Return what people call a workbook that a run writes; empty for all others."""
    names = {grid.name.strip() for grid in grids}
    if set(SUMMARY_SHEETS) <= names:
        return SUMMARY_WORKBOOK
    if any(is_generated(grid) for grid in grids):
        return "退回工作簿"
    heads = (set(map(_packed, row)) for grid in grids for row in grid.rows[:ROWS_SEARCHED])
    return REVIEW_WORKBOOK if any({REVIEW_COLUMN, KEY_COLUMN} <= head for head in heads) else ""


def _packed(value: CellValue) -> str:
    return re.sub(r"\s", "", raw_text(value) or "")


def cell_text(value: CellValue) -> str:
    """Return what a person reads in a cell, without blanks around it; a date as 2023年4月10日."""
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return (raw_text(value) or "").strip()
