"""The roster workbook: which departments are to file."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from jixiao.batch.errors import UsageError
from jixiao.model.roster import HEADINGS, RosterEntry
from jixiao.reading.grid import Grid
from jixiao.reading.source import Refusal, open_grids

REQUIRED = ("预算编码", "部门名称")
YES = frozenset({"是", "√", "✓", "1", "Y", "y"})


def read_roster(path: Path) -> tuple[RosterEntry, ...]:
    """The departments of a roster workbook in its order; `UsageError` if it is none, says why."""
    if not path.is_file():
        raise UsageError(f"找不到名册“{path}”，请检查路径。")
    try:
        grids = open_grids(path)
    except Refusal as refusal:
        raise UsageError(f"名册“{path.name}”无法读取：{refusal.reason}。") from refusal
    for grid in grids:
        for row in range(min(len(grid.rows), 20)):
            columns = _columns(grid, row)
            if all(heading in columns for heading in REQUIRED):
                return _entries(grid, row, columns, path)
    raise UsageError(f"名册“{path.name}”中找不到“预算编码”“部门名称”两栏，请检查表头。")


def _columns(grid: Grid, row: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, value in enumerate(grid.rows[row]):
        label = re.sub(r"\s", "", str(value or ""))
        if label in HEADINGS:
            found.setdefault(label, column)
    return found


def _entries(grid: Grid, head: int, columns: dict[str, int], path: Path) -> tuple[RosterEntry, ...]:
    entries = []
    seen: dict[str, int] = {}
    for row in range(head + 1, len(grid.rows)):
        texts = {HEADINGS[label]: _text(grid.at(row, column)) for label, column in columns.items()}
        if not texts["department"] and not texts["budget_code"]:
            continue
        code = texts["budget_code"]
        if code and code in seen:
            raise UsageError(f"名册“{path.name}”第 {row + 1} 行的预算编码 {code} 与第 {seen[code]} 行重复，请更正。")
        if code:
            seen[code] = row + 1
        classified = texts.pop("classified", "") in YES
        entries.append(RosterEntry(**texts, classified=classified))
    if not entries:
        raise UsageError(f"名册“{path.name}”中没有部门，请填写后再运行。")
    return tuple(entries)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value).strip()
