"""The roster workbook: which departments are to file."""

from __future__ import annotations

from pathlib import Path

from jixiao.batch.external.header_table import read_header_table
from jixiao.errors import Problems, UsageError
from jixiao.model.submission import HEADINGS, RosterEntry

REQUIRED = ("预算编码", "部门名称")
YES = frozenset({"是", "√", "✓", "1", "Y", "y"})


def read_roster(path: Path) -> tuple[RosterEntry, ...]:
    """Return the departments of a roster workbook in its order; `UsageError` says what is wrong with it."""
    table = read_header_table(path, "名册", REQUIRED)
    entries = []
    problems = Problems()
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows:
        texts = {name: table.text(row, heading) for heading, name in HEADINGS.items()}
        code = texts["budget_code"]
        if not texts["department"] and not code:
            continue
        own = (texts["district"], code)
        if code and own in seen:
            problems.add(f"{table.place(row)}的预算编码 {code} 与第 {seen[own]} 行重复，请更正。")
            continue
        seen[own] = row + 1
        classified = texts.pop("classified") in YES
        entries.append(RosterEntry(**texts, classified=classified))
    problems.refuse()
    if not entries:
        raise UsageError(f"名册“{path.name}”中没有部门，请填写后再运行。")
    return tuple(entries)
