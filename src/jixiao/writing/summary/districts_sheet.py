"""区县汇总: the districts of a batch of several beside each other, rolled up from the same results as their summaries."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from jixiao.model.result import District
from jixiao.model.submission import Status
from jixiao.writing.canvas import Column, Entry, Link, SheetContent, Value
from jixiao.writing.summary.grid import begin, draw_row, draw_table
from jixiao.writing.summary.names import DISTRICTS
from jixiao.writing.summary.view import View, average, total_final
from jixiao.writing.wording import STATUS_WORDS

SHOWN = (Status.ACCEPTED, Status.ACCEPTED_WITH_WARNINGS, Status.RETURNED, Status.MISSING)
COLUMNS = (
    Column("区县", 30),
    Column("应报部门", 10, "score", "count"),
    *(Column(STATUS_WORDS[status], 12, "score", "count") for status in SHOWN),
    Column("其他文件", 10, "score", "count"),
    Column("计分部门", 10, "score", "count"),
    Column("平均得分", 10, "score", "0.00"),
    Column("汇总", 8, "link", align="center"),
)
FIRST_COUNT, LAST_COUNT = 1, 7


def districts_sheet(view: View, parts: Mapping[str, tuple[str, District]]) -> SheetContent:
    """The sheet: a row a district, then all of them. `parts` are the districts by name, each with its summary's file."""
    note = f"每个区县一行，与各区县自己的汇总出自同一数据；平均得分为计分部门{view.total_word}的简单平均。"
    if not view.district.has_roster:
        note += "本次运行没有名册，应报部门和未报送无法统计。"
    sheet = begin(DISTRICTS, f"{view.district.year}年度绩效自评区县汇总", COLUMNS, note=note, header=view.header)
    rows: list[list[Value | Entry]] = [
        [name, *_counts(View(part, view.pack)), _mean(part), Entry("打开", link=Link(file=file, tip="打开该区县的汇总"))]
        for name, (file, part) in parts.items()
    ]
    body = draw_table(sheet, 2, COLUMNS, rows, freeze_columns=1)
    sums: list[Value | Entry] = ["合计"]
    for column in range(FIRST_COUNT, LAST_COUNT + 1):
        every = [_counts(View(part, view.pack))[column - FIRST_COUNT] for _, part in parts.values()]
        known = [count for count in every if count is not None]
        sums.append(Entry(sum(known), f"SUM({body.span(column)})", number="count") if known else None)
    totals = [total_final(result) for _, part in parts.values() for result in part.scored]
    draw_row(sheet, body.end, COLUMNS, [*sums, Entry(average(totals), number="0.00"), ""], role="total")
    return sheet


def _counts(part: View) -> list[int | None]:
    """The counts of a district; None of what only a roster tells where there is none."""
    known = part.district.has_roster
    shown = [part.statuses[status] for status in SHOWN]
    told = [None if status is Status.MISSING and not known else part.statuses[status] for status in SHOWN]
    return [len(part.expected) if known else None, *told, len(part.results) - sum(shown), len(part.district.scored)]


def _mean(part: District) -> Decimal | None:
    return average([total_final(result) for result in part.scored])
