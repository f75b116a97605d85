"""指标得分矩阵: departments by indicators, final scores, with totals by group, averages and the share of full marks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from jixiao.model.result import DepartmentSummary
from jixiao.model.score import Score, Scorecard
from jixiao.pack.declarations.rubric import Dimension, Indicator
from jixiao.values.number_format import plain_text
from jixiao.writing.summary.district_view import DistrictView, average, rounded
from jixiao.writing.summary.sheet_layout import (
    ListSheet,
    SummaryColumn,
    department_columns,
    verification_column,
)
from jixiao.writing.wording import UNVERIFIED_WORD
from jixiao.writing.xlsx.content import ListCell, Value
from jixiao.writing.xlsx.formula_text import GUARD_PLACES

OWN_ROWS, SUBTOTAL, OTHERS = "自设指标", "小计", "其他"
MARKS_WIDTH, WIDE_MARKS_WIDTH, FEW_SLOTS = 7.6, 19.0, 10
"""The widths of columns of marks; a matrix of few columns has room for its headings."""

NOTHING = Decimal(0)

class Mean(NamedTuple):
    """A mean of marks: what it is of, its full points (None where there are none), and the reference to its cell."""

    label: str
    full: Decimal | None
    mean: Decimal
    cell: str


class Matrix(NamedTuple):
    """The sheet, and its means by column and by first-level group; none without departments."""

    sheet: ListSheet[_MatrixLine]
    averages: tuple[Mean, ...] = ()
    groups: tuple[Mean, ...] = ()


class _MatrixLine(NamedTuple):
    """A department, its card and its marks by column, None where it has no such row."""

    result: DepartmentSummary
    card: Scorecard
    marks: Sequence[Decimal | None]


class _Slot(NamedTuple):
    """A column of marks: of an indicator, of a group's rows that departments set themselves, or of the group's total.

    `parts` are the first and the last column that a total adds up; `dimension` is None for rows of no group.
    """

    key: str
    heading: str
    dimension: Dimension | None
    points: Decimal | None = None
    indicator: Indicator | None = None
    parts: tuple[str, str] | None = None

    @property
    def group(self) -> str:
        """The heading of its first-level group."""
        return f"{self.dimension.label}（{plain_text(self.dimension.points)}分）" if self.dimension else OTHERS

    def label(self, view: DistrictView) -> str:
        """Return what its mean is called."""
        if self.indicator is not None:
            return view.indicator_labels[self.indicator.id]
        return f"{self.dimension.label}·{OWN_ROWS}" if self.dimension else OWN_ROWS


def matrix_sheet(view: DistrictView) -> Matrix:
    """Return the sheet; departments in the order of their totals."""
    cards = [result.scorecard for result in view.ranked if result.scorecard]
    printed = frozenset(indicator.id for indicator in view.pack.rubric.indicators)
    slots = _slots(view, cards, printed)
    note = (
        "每格为该部门该指标的最终得分；空格表示没有得分。颜色由低到高逐列比较，只作辅助，以数字为准。"
        f"标“{UNVERIFIED_WORD}”的，应可复算的分值中复算偏少。"
    )
    sheet = ListSheet(view, "指标得分矩阵", "部门与指标对照，平均得分和满分占比", "指标得分矩阵", _columns(view, slots), note=note, unit="单位：分")

    def line(result: DepartmentSummary) -> _MatrixLine:
        assert result.scorecard is not None  # only scored results are ranked
        return _MatrixLine(result, result.scorecard, _marks_of(result.scores, slots, printed))

    sheet.table(view.ranked, line, freeze="department", none="没有已计分的部门")
    if not cards:
        return Matrix(sheet)
    for key in [*(slot.key for slot in slots), "total"]:
        sheet.condition(key, "color_scale")
    means = _footer(sheet, slots, cards, [_marks_of(card.scores, slots, printed) for card in cards])

    def mean_of(slot: _Slot, label: str) -> Mean:
        return Mean(label, slot.points, means[slot.key], sheet.cell(slot.key, sheet.last + 1))

    shown = [slot for slot in slots if slot.key in means]
    return Matrix(
        sheet,
        tuple(mean_of(slot, slot.label(view)) for slot in shown if not slot.parts),
        tuple(mean_of(slot, slot.dimension.label) for slot in _ends(shown, slots) if slot.dimension),
    )


def _columns(view: DistrictView, slots: Sequence[_Slot]) -> list[SummaryColumn[_MatrixLine]]:
    width = MARKS_WIDTH if len(slots) > FEW_SLOTS else WIDE_MARKS_WIDTH
    added = ",".join(f"{{{slot.key}}}" for slot in _ends(slots, slots))

    def marks(at: int, slot: _Slot) -> SummaryColumn[_MatrixLine]:
        formula = "ROUND(SUM({{{}}}:{{{}}}),{})".format(*slot.parts, GUARD_PLACES) if slot.parts else ""
        return SummaryColumn(
            slot.key, slot.heading, width, lambda line: line.marks[at], "total" if slot.parts else "score", "marks",
            formula=formula, group=slot.group,
        )  # fmt: skip

    return [
        *department_columns(28),
        *(marks(at, slot) for at, slot in enumerate(slots)),
        SummaryColumn(
            "total", view.total_word, 9, lambda line: line.card.total_final, "total", "marks",
            formula=f"ROUND(SUM({added}),{GUARD_PLACES})",
        ),
        SummaryColumn("verified", "复算分值", 8, lambda line: line.card.full_verified, "score", "marks"),
        verification_column(view),
    ]  # fmt: skip


def _ends(chosen: Sequence[_Slot], slots: Sequence[_Slot]) -> list[_Slot]:
    """Return the columns that no total adds up: the totals themselves, and groups of one column."""
    totalled = {slot.dimension.id for slot in slots if slot.parts and slot.dimension}
    return [slot for slot in chosen if slot.parts or not (slot.dimension and slot.dimension.id in totalled)]


def _slots(view: DistrictView, cards: Sequence[Scorecard], printed: frozenset[str]) -> list[_Slot]:
    """Return the columns of marks by first-level group: its indicators, own rows where there are some, their total."""
    own = {score.dimension for card in cards for score in card.scores if score.indicator not in printed}
    slots: list[_Slot] = []

    def add(heading: str, dimension: Dimension | None, points: Decimal | None = None, **more: Any) -> None:
        slots.append(_Slot(f"marks{len(slots)}", heading, dimension, points, **more))

    for dimension in view.pack.rubric.dimensions:
        start = len(slots)
        for each in view.pack.rubric.indicators:
            if view.pack.rubric.dimension_of(each).id == dimension.id:
                heading = f"{view.indicator_labels[each.id]}\n{plain_text(each.full_marks)}分"
                add(heading, dimension, each.full_marks, indicator=each)
        if dimension.id in own:
            # Where a group has no printed rows, its own rows are all there is of it.
            add(OWN_ROWS, dimension, dimension.points if len(slots) == start else None)
        if len(slots) > start + 1:
            parts = (slots[start].key, slots[-1].key)
            add(f"{SUBTOTAL}\n{plain_text(dimension.points)}分", dimension, dimension.points, parts=parts)
    if "" in own:
        add(OWN_ROWS, None)
    return slots


def _marks_of(scores: Sequence[Score], slots: Sequence[_Slot], printed: frozenset[str]) -> list[Decimal | None]:
    """Return the marks of every column, None where there is no row; `printed` are the form's own indicators."""
    of: dict[str, Decimal | None] = {}
    every: dict[str, Decimal] = {}
    own: dict[str, Decimal] = {}
    for score in scores:
        indicator, group, marks = score.indicator, score.dimension, score.final_marks
        of.setdefault(indicator, marks)
        if marks is not None:
            every[group] = every.get(group, NOTHING) + marks
            if indicator not in printed:
                own[group] = own.get(group, NOTHING) + marks

    def marks_in(slot: _Slot) -> Decimal | None:
        if slot.indicator is not None:
            return of.get(slot.indicator.id)
        group = slot.dimension.id if slot.dimension else ""
        return every.get(group, NOTHING) if slot.parts else own.get(group)

    return list(map(marks_in, slots))


def _footer(
    sheet: ListSheet[_MatrixLine], slots: Sequence[_Slot], cards: Sequence[Scorecard],
    lines: Sequence[Sequence[Decimal | None]],
) -> dict[str, Decimal]:
    """Add averages, their rates and the share of departments with full marks; return the averages by column."""
    averages: dict[str, Value | ListCell] = {"department": "平均得分"}
    rates: dict[str, Value | ListCell] = {"department": "得分率（平均得分占分值）"}
    shares: dict[str, Value | ListCell] = {"department": "得满分的部门占比"}
    means: dict[str, Decimal] = {}
    for at, slot in enumerate(slots):
        key = slot.key
        marks = [number for each in lines if (number := each[at]) is not None]
        mean = average(marks)
        if mean is None:
            continue
        means[key] = mean
        if not slot.points:
            continue
        full = plain_text(slot.points)
        reached = rounded(Decimal(sum(each == slot.points for each in marks)) / len(marks), 4)
        share = f"ROUND(COUNTIF({{{key}:all}},{full})/COUNT({{{key}:all}}),4)"
        averages[key] = _mean(key, mean)
        rates[key] = ListCell(rounded(mean / slot.points, 4), f"ROUND({{{key}:below}}/{full},4)", number="percent_whole")
        shares[key] = ListCell(reached, share, number="percent_whole")
    averages["total"] = _mean("total", average([card.total_final for card in cards]))
    averages["verified"] = _mean("verified", average([card.full_verified for card in cards]))
    for cells in (averages, rates, shares):
        sheet.row(cells)
    return means


def _mean(key: str, mean: Decimal | None) -> ListCell:
    return ListCell(mean, f"ROUND(AVERAGE({{{key}:all}}),2)", number="0.00")
