"""区县汇总: the districts of a batch side by side, rolled up from the same results as their own summaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from jixiao.model.result import District
from jixiao.model.submission import Status
from jixiao.writing.summary.district_view import DistrictView, average
from jixiao.writing.summary.sheet_layout import AnySheet, ListSheet, SummaryColumn
from jixiao.writing.wording import STATUS_WORDS
from jixiao.writing.xlsx.content import Link, ListCell

SHOWN = (Status.ACCEPTED, Status.ACCEPTED_WITH_WARNINGS, Status.RETURNED, Status.MISSING)


class _Part(NamedTuple):
    """A district of the batch and the file of its own summary."""

    name: str
    file: str
    view: DistrictView

    def number(self, status: Status) -> int | None:
        """Return how many results have a status; None of what only a roster can say where there is none."""
        if status is Status.MISSING and not self.view.district.has_roster:
            return None
        return self.view.statuses[status]

    @property
    def totals(self) -> list[Decimal]:
        """The final totals of the results that count."""
        return [result.total_final for result in self.view.district.scored]


def districts_sheet(view: DistrictView, parts: Mapping[str, tuple[str, District]]) -> AnySheet:
    """Return the sheet: a row a district, then all; `parts` are the districts by name, with their summaries' files."""
    note = f"每个区县一行，与各区县自己的汇总出自同一数据；平均得分为计分部门{view.total_word}的简单平均。"
    if not view.district.has_roster:
        note += "本次运行没有名册，应报部门和未报送无法统计。"
    sheet = ListSheet(view, "区县汇总", "各区县报送、退回和平均得分对照", "绩效自评区县汇总", _columns(), note=note)
    rows = [_Part(name, file, DistrictView(part, view.pack)) for name, (file, part) in parts.items()]
    sheet.table(rows, freeze="district")
    sheet.row({"district": "合计", **sheet.sums(rows), "average": average([each for part in rows for each in part.totals])})
    return sheet


def _columns() -> tuple[SummaryColumn[_Part], ...]:
    def count(key: str, heading: str, width: float, number: Callable[[_Part], int | None]) -> SummaryColumn[_Part]:
        return SummaryColumn(key, heading, width, number, "score", "count", summed=True)

    return (
        SummaryColumn("district", "区县", 30, lambda part: part.name),
        count("expected", "应报部门", 10, _expected),
        *(count(each.value, STATUS_WORDS[each], 12, partial(_Part.number, status=each)) for each in SHOWN),
        count("others", "其他文件", 10, _others),
        count("scored", "计分部门", 10, lambda part: len(part.totals)),
        SummaryColumn("average", "平均得分", 10, lambda part: average(part.totals), "score", "0.00"),
        SummaryColumn("summary", "汇总", 8, _link, "link", align="center"),
    )


def _link(part: _Part) -> ListCell:
    return ListCell("打开", link=Link(file=part.file, tip="打开该区县的汇总"))


def _expected(part: _Part) -> int | None:
    return len(part.view.expected) if part.view.district.has_roster else None


def _others(part: _Part) -> int:
    return len(part.view.results) - sum(part.view.statuses[status] for status in SHOWN)
