"""The roster workbook: which departments are to file."""

from __future__ import annotations

from pathlib import Path

from jixiao.batch.external.header_table import cell_text, headed
from jixiao.errors import Problems, UsageError
from jixiao.model.submission import HEADINGS, RosterEntry

REQUIRED = ("预算编码", "部门名称")
YES = frozenset({"是", "√", "✓", "1", "Y", "y"})


def read_roster(path: Path) -> tuple[RosterEntry, ...]:
    """The departments of a roster workbook in its order; `UsageError` if it is none, says why."""
    table = headed(path, "名册", REQUIRED)
    columns: dict[str, int] = {}
    for column, label in table.headings.items():
        if label in HEADINGS:
            columns.setdefault(HEADINGS[label], column)
    entries = []
    problems = Problems()
    seen: dict[tuple[str, str], int] = {}
    for row in range(table.head + 1, len(table.grid.rows)):
        texts = {name: cell_text(table.grid.at(row, column)) for name, column in columns.items()}
        code = texts["budget_code"]
        if not texts["department"] and not code:
            continue
        own = (texts.get("district", ""), code)
        if code and own in seen:
            problems.add(f"名册“{path.name}”第 {row + 1} 行的预算编码 {code} 与第 {seen[own]} 行重复，请更正。")
            continue
        if code:
            seen[own] = row + 1
        classified = texts.pop("classified", "") in YES
        entries.append(RosterEntry(**texts, classified=classified))
    problems.refuse()
    if not entries:
        raise UsageError(f"名册“{path.name}”中没有部门，请填写后再运行。")
    return tuple(entries)
