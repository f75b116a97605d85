"""得分排名: totals, grades and ranks as live formulas over the sheet's own cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.finding import Severity
from jixiao.model.result import DepartmentSummary
from jixiao.model.score import Scorecard
from jixiao.values.number_format import plain_text
from jixiao.writing.scores.columns import grade_formula
from jixiao.writing.scores.score_range import ScoreRange
from jixiao.writing.summary.district_view import STATISTICS, DistrictView
from jixiao.writing.summary.sheet_layout import (
    RETURNED,
    ListSheet,
    SummaryColumn,
    department_columns,
    verification_column,
)
from jixiao.writing.summary.sheets.filing_status import STATUS_ROLES
from jixiao.writing.wording import STATUS_WORDS, UNVERIFIED_WORD
from jixiao.writing.xlsx.content import ListCell, Value
from jixiao.writing.xlsx.formula_text import GUARD_PLACES


class Ranked(NamedTuple):
    """A department that counts: its card, its ranks (`within` its kind) and its range of totals."""

    result: DepartmentSummary
    card: Scorecard
    rank: int
    within: int
    range: ScoreRange


def ranking_sheet(view: DistrictView) -> ListSheet[Ranked]:
    """Return the sheet: departments by total, ranked in the district and among their kind, with averages below."""
    total, share = plain_text(view.pack.rubric.total), plain_text(view.pack.rubric.settings.least_verified * 100)
    note = (
        f"{view.total_word}、等次为初审结果。复算分值：{total} 分中依据决算等数据复算或经复核的分值；"
        f"应可复算的分值中复算不足 {share}% 的，标“{UNVERIFIED_WORD}”。"
        "可能最低、最高分：待复核事项定分后总分的范围。"
    )
    sheet = ListSheet(view, "得分排名", "各部门得分、等次、全区和类内排名", "绩效自评得分排名", _columns(view), note=note, unit="单位：分")
    ranks, within = _ranks(view.ranked, lambda _: ""), _ranks(view.ranked, lambda result: result.kind)
    ranked = [
        Ranked(result, result.scorecard, rank, of_kind, totals)
        for result, rank, of_kind, totals in zip(view.ranked, ranks, within, view.outlooks, strict=True)
        if result.scorecard
    ]
    sheet.table(ranked, freeze="department", none="没有已计分的部门")
    if ranked:
        _statistics(sheet, ranked)
    return sheet


def _columns(view: DistrictView) -> tuple[SummaryColumn[Ranked], ...]:
    rubric, total = view.pack.rubric, plain_text(view.pack.rubric.total)
    return (
        SummaryColumn("rank", "排名", 7, lambda each: each.rank, "score", "count", formula="RANK({final},{final:all},0)"),
        *department_columns(30),
        SummaryColumn(
            "within", "类内排名", 8, lambda each: each.within if each.result.kind else None, "score", "count",
            formula="SUMPRODUCT(({kind:all}={kind})*({final:all}>{final}))+1",
        ),
        _marks("stated", _stated_label(view), 8.8, lambda each: each.card.total_stated),
        _marks("self", "自评得分合计", 8.8, lambda each: each.card.total_self),
        _marks("computed", "系统得分合计", 8.8, lambda each: each.card.total_computed),
        _marks("final", view.total_word, 10, lambda each: each.card.total_final),
        SummaryColumn(
            "grade", "评价等次", 8, lambda each: rubric.grade(each.card.total_final), "score",
            formula=grade_formula("{final}", rubric.grades),
        ),
        _marks("verified", "复算分值", 9, lambda each: each.card.full_verified),
        _marks("declared", "依据填报测算分值", 8.8, lambda each: each.card.full_declared),
        _marks(
            "reported", "自评未复核分值", 8.8,
            lambda each: rubric.total - each.card.full_verified - each.card.full_declared,
            f"ROUND({total}-{{verified}}-{{declared}},{GUARD_PLACES})",
        ),
        verification_column(view),
        _marks("lowest", "可能最低分", 11.4, lambda each: each.range.lowest),
        _marks("highest", "可能最高分", 11.4, lambda each: each.range.highest),
        SummaryColumn("errors", "必改", 7, lambda each: each.result.count(Severity.ERROR), "score", "count"),
        SummaryColumn("warnings", "需说明", 8, lambda each: each.result.count(Severity.WARNING), "score", "count"),
        SummaryColumn("status", "审核结果", 13, _status, "score"),
        replace(RETURNED, width=9),
    )  # fmt: skip


def _marks(
    key: str, heading: str, width: float, cell: Callable[[Ranked], Value], formula: str = ""
) -> SummaryColumn[Ranked]:
    """Return a column of marks, of which averages and the like are below the table."""
    return SummaryColumn(key, heading, width, cell, "score", "marks", formula=formula, summed=True)


def _status(each: Ranked) -> ListCell:
    return ListCell(STATUS_WORDS[each.result.status], role=STATUS_ROLES.get(each.result.status, ""))


def _ranks(ranked: Sequence[DepartmentSummary], group_of: Callable[[DepartmentSummary], str]) -> list[int]:
    """Return ranks of falling totals within each group; equals share the better rank and the next is skipped."""
    members: Counter[str] = Counter()
    first: dict[tuple[str, Decimal], int] = {}
    ranks: list[int] = []
    for result in ranked:
        group = group_of(result)
        members[group] += 1
        ranks.append(first.setdefault((group, result.total_final), members[group]))
    return ranks


def _statistics(sheet: ListSheet[Ranked], ranked: list[Ranked]) -> None:
    """Add average, median, highest and lowest below the table, outside its filter."""
    series: dict[str, list[Decimal]] = {}
    for column in sheet.columns:
        if column.summed and column.cell:
            numbers = [number for each in ranked if isinstance(number := column.cell(each), Decimal)]
            if numbers:
                series[column.key] = numbers
    for word, formula, value in STATISTICS:
        cells = {
            key: ListCell(value(numbers), formula.format(f"{{{key}:all}}"), number="0.00") for key, numbers in series.items()
        }
        sheet.row({"department": word, **cells})


def _stated_label(view: DistrictView) -> str:
    """Return what the form calls the total that a department states."""
    names = view.pack.names
    return view.pack.concept(names.total_stated or names.total_sheet).label.partition("·")[0]
