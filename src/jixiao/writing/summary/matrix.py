"""指标得分矩阵: departments by indicators, final scores, with averages and the share of full marks as formulas."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from jixiao.model.place import column_letters
from jixiao.model.score import Scorecard
from jixiao.pack.resolve import plain
from jixiao.pack.rubric import OpenGroup
from jixiao.writing.canvas import Condition, SheetContent, Value
from jixiao.writing.summary.grid import Body, Column, Entry, Group, begin, draw_row, draw_table
from jixiao.writing.summary.names import MATRIX
from jixiao.writing.summary.view import View, average, kind_of, rounded, total_final

CODE, NAME, KIND, FIRST = range(4)
OWN_ROWS = "自设指标"


class Matrix(NamedTuple):
    """The sheet, where its departments stand, and the row of averages (None without departments)."""

    sheet: SheetContent
    body: Body
    average_row: int | None
    averages: dict[str, Decimal | None]
    column_of: dict[str, int]


def matrix_sheet(view: View) -> Matrix:
    """The sheet; departments in the order of their totals."""
    indicators = view.pack.rubric.indicators
    known = {indicator.id for indicator in indicators}
    cards = [result.scorecard for result in view.ranked if result.scorecard]
    own_rows = any(score.indicator not in known for card in cards for score in card.scores)
    columns = [
        Column("预算编码", 10, align="center"),
        Column("部门名称", 28),
        Column("类别", 10, align="center"),
        *(
            Column(f"{view.indicator_labels[each.id]}\n{plain(each.full_marks)}分", 7.6, "score", "marks")
            for each in indicators
        ),
        *((Column(OWN_ROWS, 7.6, "score", "marks"),) if own_rows else ()),
        Column(view.total_word, 9, "score", "marks"),
        Column("复算分值", 8, "score", "marks"),
    ]
    total = len(columns) - 2
    note = "每格为该部门该指标的最终得分；空格表示没有得分。颜色由低到高逐列比较，只作辅助，以数字为准。"
    title = f"{view.district.year}年度指标得分矩阵"
    sheet = begin(MATRIX, title, columns, note=note, unit="单位：分", header=view.header)
    first = 4
    rows = [
        [
            result.budget_code,
            result.department,
            kind_of(result),
            *_marks(result.scorecard, known, own_rows, view),
            _total(view, result.scorecard, first + n, total, own_rows),
            result.scorecard.full_verified,
        ]
        for n, result in enumerate(view.ranked)
        if result.scorecard
    ]
    body = draw_table(sheet, 2, columns, rows, groups=_groups(view), freeze_columns=NAME + 1, none="没有已计分的部门")
    column_of = {each.id: FIRST + n for n, each in enumerate(indicators)}
    if not rows:
        return Matrix(sheet, body, None, {}, column_of)
    for column in range(FIRST, total + 1):
        sheet.conditions.append(Condition(body.first, column, body.last, column, "color_scale"))
    averages = _footer(sheet, body, columns, view, cards)
    return Matrix(sheet, body, body.last + 1, averages, column_of)


def _groups(view: View) -> list[Group]:
    groups: list[Group] = []
    for n, indicator in enumerate(view.pack.rubric.indicators):
        dimension = view.pack.rubric.dimension_of(indicator)
        head = f"{dimension.label}（{plain(dimension.points)}分）"
        if groups and groups[-1].head == head:
            groups[-1] = groups[-1]._replace(last=FIRST + n)
        else:
            groups.append(Group(FIRST + n, FIRST + n, head))
    return groups


def _marks(card: Scorecard, known: set[str], own_rows: bool, view: View) -> list[Value | Entry]:
    final = {score.indicator: score.final_marks for score in card.scores}
    marks: list[Value | Entry] = [final.get(each.id) for each in view.pack.rubric.indicators]
    if own_rows:
        own = [each for indicator, each in final.items() if indicator not in known and each is not None]
        marks.append(sum(own, Decimal(0)) if own else None)
    return marks


def _total(view: View, card: Scorecard, row: int, column: int, own_rows: bool) -> Entry:
    """The total as a formula over the row; a group that holds its points together counts at most those."""
    groups = {group.id: group for group in view.pack.rubric.open_groups if group.shared}
    final = {score.indicator: score.final_marks or Decimal(0) for score in card.scores}
    capped: dict[OpenGroup, Decimal] = {
        group: sum((final.get(each, Decimal(0)) for each in group.indicators), Decimal(0)) for group in groups.values()
    }
    whole = f"SUM({column_letters(FIRST)}{row + 1}:{column_letters(column - 1)}{row + 1})"
    value = sum(final.values(), Decimal(0))
    for group, points in capped.items():
        excess = points - group.points
        if excess > 0:
            cells = ",".join(_cell(view, each, row) for each in group.indicators)
            whole += f"-MAX(0,SUM({cells})-{plain(group.points)})"
            value -= excess
    # Where other caps of the rubric made the total, a sum would tell another number than the score sheet.
    return (
        Entry(card.total_final, f"ROUND({whole},2)") if rounded(value) == card.total_final else Entry(card.total_final)
    )


def _cell(view: View, indicator: str, row: int) -> str:
    position = [each.id for each in view.pack.rubric.indicators].index(indicator)
    return f"{column_letters(FIRST + position)}{row + 1}"


def _footer(
    sheet: SheetContent, body: Body, columns: list[Column], view: View, cards: list[Scorecard]
) -> dict[str, Decimal | None]:
    averages: list[Value | Entry] = ["", "平均得分", ""]
    rates: list[Value | Entry] = ["", "得分率（平均得分占分值）", ""]
    shares: list[Value | Entry] = ["", "得满分的部门占比", ""]
    by_indicator: dict[str, Decimal | None] = {}
    for n, indicator in enumerate(view.pack.rubric.indicators):
        marks = [
            score.final_marks
            for card in cards
            for score in [card.of(indicator.id)]
            if score and score.final_marks is not None
        ]
        column, full = FIRST + n, indicator.full_marks
        span = body.span(column)
        mean = by_indicator[indicator.id] = average(marks)
        if mean is None or not full:
            averages.append(None)
            rates.append(None)
            shares.append(None)
            continue
        averages.append(Entry(mean, f"ROUND(AVERAGE({span}),2)", number="0.00"))
        cell = f"{column_letters(column)}{body.last + 2}"
        rates.append(Entry(rounded(mean / full, 4), f"ROUND({cell}/{plain(full)},4)", number="percent_whole"))
        reached = Decimal(sum(each == full for each in marks))
        shares.append(
            Entry(
                rounded(reached / len(marks), 4),
                f"ROUND(COUNTIF({span},{plain(full)})/COUNT({span}),4)",
                number="percent_whole",
            )
        )
    if len(columns) > FIRST + len(by_indicator) + 2:
        averages.append(None)
        rates.append(None)
        shares.append(None)
    total = average([total_final(result) for result in view.ranked])
    verified = average([card.full_verified for card in cards])
    for column, mean in ((len(columns) - 2, total), (len(columns) - 1, verified)):
        averages.append(Entry(mean, f"ROUND(AVERAGE({body.span(column)}),2)", number="0.00"))
    rates += [None, None]
    shares += [None, None]
    for offset, cells in enumerate((averages, rates, shares)):
        draw_row(sheet, body.last + 1 + offset, columns, cells, role="total")
    return by_indicator
