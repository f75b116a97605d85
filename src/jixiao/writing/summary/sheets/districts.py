"""区县汇总: the districts of a batch of several beside each other, rolled up from the same results as their summaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from jixiao.model.result import District
from jixiao.model.submission import Status
from jixiao.writing.summary.district_view import DistrictView, average, total_final
from jixiao.writing.summary.sheet_layout import DISTRICTS, ListSheet, SheetColumn
from jixiao.writing.wording import STATUS_WORDS
from jixiao.writing.xlsx.content import Link, ListCell, SheetContent

SHOWN = (Status.ACCEPTED, Status.ACCEPTED_WITH_WARNINGS, Status.RETURNED, Status.MISSING)


class _Part(NamedTuple):
    """A district of the batch and the file of its own summary."""

    name: str
    file: str
    view: DistrictView

    def number(self, status: Status) -> int | None:
        """How many results have a status; None of what only a roster tells where there is none."""
        if status is Status.MISSING and not self.view.district.has_roster:
            return None
        return self.view.statuses[status]


def districts_sheet(view: DistrictView, parts: Mapping[str, tuple[str, District]]) -> SheetContent:
    """The sheet: a row a district, then all of them. `parts` are the districts by name, each with its summary's file."""
    note = f"每个区县一行，与各区县自己的汇总出自同一数据；平均得分为计分部门{view.total_word}的简单平均。"
    if not view.district.has_roster:
        note += "本次运行没有名册，应报部门和未报送无法统计。"
    sheet = ListSheet(view, DISTRICTS, f"{view.district.year}年度绩效自评区县汇总", _columns(), note=note)
    rows = [_Part(name, file, DistrictView(part, view.pack)) for name, (file, part) in parts.items()]
    sheet.table(rows, freeze="district")
    totals = [total_final(result) for part in rows for result in part.view.district.scored]
    sheet.row({"district": "合计", **sheet.sums(rows), "average": average(totals)})
    return sheet.content


def _columns() -> tuple[SheetColumn[_Part], ...]:
    def status_column(status: Status) -> SheetColumn[_Part]:
        return SheetColumn(
            status.value, STATUS_WORDS[status], 12, lambda part: part.number(status), "score", "count", summed=True
        )

    return (
        SheetColumn("district", "区县", 30, lambda part: part.name),
        SheetColumn("expected", "应报部门", 10, _expected, "score", "count", summed=True),
        *map(status_column, SHOWN),
        SheetColumn("others", "其他文件", 10, _others, "score", "count", summed=True),
        SheetColumn("scored", "计分部门", 10, lambda part: len(part.view.district.scored), "score", "count", summed=True),
        SheetColumn("average", "平均得分", 10, lambda part: average(list(map(total_final, part.view.district.scored))), "score", "0.00"),
        SheetColumn("summary", "汇总", 8, lambda part: ListCell("打开", link=Link(file=part.file, tip="打开该区县的汇总")), "link", align="center"),
    )


def _expected(part: _Part) -> int | None:
    return len(part.view.expected) if part.view.district.has_roster else None


def _others(part: _Part) -> int:
    return len(part.view.results) - sum(part.view.statuses[status] for status in SHOWN)
