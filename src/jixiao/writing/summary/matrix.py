"""指标得分矩阵: departments by indicators, final scores, with totals by group, averages and the share of full marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.place import column_letters
from jixiao.model.result import Result
from jixiao.model.score import Scorecard
from jixiao.pack.indicator import Indicator
from jixiao.pack.resolve import plain
from jixiao.pack.rubric import Dimension
from jixiao.writing.canvas import Column, Condition, EachRow, Entry, SheetContent, Value
from jixiao.writing.formula_text import GUARD_PLACES
from jixiao.writing.summary.grid import Body, Group, begin, draw_row, draw_table
from jixiao.writing.summary.names import MATRIX
from jixiao.writing.summary.view import View, average, kind_of, rounded
from jixiao.writing.wording import UNVERIFIED_WORD

CODE, NAME, KIND, FIRST = range(4)
OWN_ROWS, SUBTOTAL, OTHERS = "自设指标", "小计", "其他"
MARKS_WIDTH, WIDE_MARKS_WIDTH, FEW_SLOTS = 7.6, 19.0, 10
"""The widths of columns of marks; a matrix of few columns has room for its heads."""

NOTHING = Decimal(0)


class Mean(NamedTuple):
    """A mean of marks: what it is of, its full points (None where there are none), and its cell."""

    label: str
    full: Decimal | None
    mean: Decimal
    row: int
    column: int


class Matrix(NamedTuple):
    """The sheet, where its departments stand, and its means by column and by first-level group; none without departments."""

    sheet: SheetContent
    body: Body
    averages: tuple[Mean, ...] = ()
    groups: tuple[Mean, ...] = ()


class _Slot(NamedTuple):
    """A column of marks: of an indicator, of a group's rows that departments set themselves, or of the group's total.

    `parts` are the columns that a total adds up, empty for any other; `dimension` is None for rows of no group.
    """

    head: str
    dimension: Dimension | None
    points: Decimal | None = None
    indicator: Indicator | None = None
    parts: tuple[int, ...] = ()


def matrix_sheet(view: View) -> Matrix:
    """The sheet; departments in the order of their totals."""
    cards = [result.scorecard for result in view.ranked if result.scorecard]
    known = frozenset(indicator.id for indicator in view.pack.rubric.indicators)
    slots = _slots(view, cards, known)
    width = MARKS_WIDTH if len(slots) > FEW_SLOTS else WIDE_MARKS_WIDTH
    columns = [
        Column("预算编码", 10, align="center"),
        Column("部门名称", 28),
        Column("类别", 10, align="center"),
        *(Column(slot.head, width, "total" if slot.parts else "score", "marks") for slot in slots),
        Column(view.total_word, 9, "total", "marks"),
        Column("复算分值", 8, "score", "marks"),
        Column("核实情况", 9, "score"),
    ]
    note = (
        "每格为该部门该指标的最终得分；空格表示没有得分。颜色由低到高逐列比较，只作辅助，以数字为准。"
        f"标“{UNVERIFIED_WORD}”的，应可复算的分值中复算偏少。"
    )
    title = f"{view.district.year}年度指标得分矩阵"
    sheet = begin(MATRIX, title, columns, note=note, unit="单位：分", header=view.header)
    marks = [_marks_of(card, slots, known) for card in cards]
    added = _Added.of(slots)
    # Asked again when they are drawn: held by the rows they would take a KiB a department until then.
    rows = EachRow(view.ranked, lambda n, result: _row(view, result, _marks_of(cards[n], slots, known), added, 5 + n))
    body = draw_table(sheet, 2, columns, rows, groups=_groups(slots), freeze_columns=NAME + 1, none="没有已计分的部门")
    if not cards:
        return Matrix(sheet, body)
    for column in range(FIRST, FIRST + len(slots) + 1):
        sheet.conditions.append(Condition(body.first, column, body.last, column, "color_scale"))
    means = _footer(sheet, body, columns, slots, cards, marks)
    averages = [_of_slot(view, slots[n], mean, body.last + 1, FIRST + n) for n, mean in means if not slots[n].parts]
    ends = _ends(slots)
    groups = [
        Mean(slots[n].dimension.label, slots[n].points, mean, body.last + 1, FIRST + n)  # type: ignore[union-attr]
        for n, mean in means
        if n in ends and slots[n].dimension
    ]
    return Matrix(sheet, body, tuple(averages), tuple(groups))


def _of_slot(view: View, slot: _Slot, mean: Decimal, row: int, column: int) -> Mean:
    if slot.indicator is not None:
        return Mean(view.indicator_labels[slot.indicator.id], slot.points, mean, row, column)
    group = f"{slot.dimension.label}·" if slot.dimension else ""
    return Mean(f"{group}{OWN_ROWS}", slot.points, mean, row, column)


def _ends(slots: Sequence[_Slot]) -> set[int]:
    """The columns that no total adds up: the totals themselves, and groups of one column."""
    added = {part - FIRST for slot in slots for part in slot.parts}
    return {n for n in range(len(slots)) if n not in added}


def _slots(view: View, cards: Sequence[Scorecard], known: frozenset[str]) -> list[_Slot]:
    """The columns of marks by first-level group: its indicators, own rows where somebody has some, and their total."""
    own = {score.dimension for card in cards for score in card.scores if score.indicator not in known}
    slots: list[_Slot] = []
    for dimension in view.pack.rubric.dimensions:
        start = len(slots)
        slots += [
            _Slot(f"{view.indicator_labels[each.id]}\n{plain(each.full_marks)}分", dimension, each.full_marks, each)
            for each in view.pack.rubric.indicators
            if view.pack.rubric.dimension_of(each).id == dimension.id
        ]
        if dimension.id in own:
            # Where a group has no printed rows, its own rows are all there is of it.
            slots.append(_Slot(OWN_ROWS, dimension, dimension.points if len(slots) == start else None))
        if len(slots) > start + 1:
            parts = tuple(range(FIRST + start, FIRST + len(slots)))
            slots.append(_Slot(f"{SUBTOTAL}\n{plain(dimension.points)}分", dimension, dimension.points, parts=parts))
    return [*slots, *([_Slot(OWN_ROWS, None)] if "" in own else [])]


def _groups(slots: Sequence[_Slot]) -> list[Group]:
    groups: list[Group] = []
    for n, slot in enumerate(slots):
        head = f"{slot.dimension.label}（{plain(slot.dimension.points)}分）" if slot.dimension else OTHERS
        if groups and groups[-1].head == head:
            groups[-1] = groups[-1]._replace(last=FIRST + n)
        else:
            groups.append(Group(FIRST + n, FIRST + n, head))
    return groups


class _Added(NamedTuple):
    """What totals add up, by letters of columns: the first and last of each group's total, None of any other, and of all."""

    groups: tuple[tuple[str, str] | None, ...]
    total: tuple[str, ...]

    @classmethod
    def of(cls, slots: Sequence[_Slot]) -> _Added:
        spans = [(column_letters(each.parts[0]), column_letters(each.parts[-1])) if each.parts else None for each in slots]
        return cls(tuple(spans), tuple(column_letters(FIRST + n) for n in sorted(_ends(slots))))


def _row(view: View, result: Result, marks: _Marks, added: _Added, row: int) -> list[Value | Entry]:
    """The cells of a department in a row, which counts from 1 as formulas do."""
    card = result.scorecard
    assert card is not None  # only scored results are ranked
    cells = [
        Entry(each, f"ROUND(SUM({span[0]}{row}:{span[1]}{row}),{GUARD_PLACES})") if span else each
        for span, each in zip(added.groups, marks, strict=True)
    ]
    total = ",".join([f"{letters}{row}" for letters in added.total])
    little = Entry(UNVERIFIED_WORD, role="warning") if view.little_verified(result) else ""
    return [
        result.budget_code,
        result.department,
        kind_of(result),
        *cells,
        Entry(card.total_final, f"ROUND(SUM({total}),{GUARD_PLACES})"),
        card.full_verified,
        little,
    ]


_Marks = Sequence[Decimal | None]


def _marks_of(card: Scorecard, slots: Sequence[_Slot], printed: frozenset[str]) -> _Marks:
    """The marks of every column; `printed` are the indicators that are no department's own. None where a card has no row."""
    of: dict[str, Decimal | None] = {}
    every: dict[str, Decimal] = {}
    own: dict[str, Decimal] = {}
    for score in card.scores:
        indicator, group, marks = score.indicator, score.dimension, score.final_marks
        of.setdefault(indicator, marks)
        if marks is not None:
            every[group] = every.get(group, NOTHING) + marks
            if indicator not in printed:
                own[group] = own.get(group, NOTHING) + marks
    return [
        of.get(slot.indicator.id) if slot.indicator is not None
        else every.get(_group_of(slot), NOTHING) if slot.parts
        else own.get(_group_of(slot))
        for slot in slots
    ]  # fmt: skip


def _group_of(slot: _Slot) -> str:
    return slot.dimension.id if slot.dimension else ""


def _footer(
    sheet: SheetContent,
    body: Body,
    columns: Sequence[Column],
    slots: Sequence[_Slot],
    cards: Sequence[Scorecard],
    each_marks: Sequence[_Marks],
) -> list[tuple[int, Decimal]]:
    """Averages, their rates, and how many departments reached full marks; returns the averages by slot."""
    averages: list[Value | Entry] = ["", "平均得分", ""]
    rates: list[Value | Entry] = ["", "得分率（平均得分占分值）", ""]
    shares: list[Value | Entry] = ["", "得满分的部门占比", ""]
    means: list[tuple[int, Decimal]] = []
    for n, slot in enumerate(slots):
        marks = _known(row[n] for row in each_marks)
        mean, span = average(marks), body.span(FIRST + n)
        if mean is not None:
            means.append((n, mean))
        if mean is None or not slot.points:
            for cells in (averages, rates, shares):
                cells.append(None)
            continue
        full, cell = plain(slot.points), f"{column_letters(FIRST + n)}{body.last + 2}"
        reached = rounded(Decimal(sum(each == slot.points for each in marks)) / len(marks), 4)
        averages.append(_mean(mean, span))
        rates.append(Entry(rounded(mean / slot.points, 4), f"ROUND({cell}/{full},4)", number="percent_whole"))
        shares.append(Entry(reached, f"ROUND(COUNTIF({span},{full})/COUNT({span}),4)", number="percent_whole"))
    for column, numbers in enumerate(
        ([card.total_final for card in cards], [card.full_verified for card in cards]), start=FIRST + len(slots)
    ):
        averages.append(_mean(average(numbers), body.span(column)))
    for offset, cells in enumerate((averages, rates, shares)):
        draw_row(sheet, body.last + 1 + offset, columns, [*cells, *[None] * (len(columns) - len(cells))], role="total")
    return means


def _mean(mean: Decimal | None, span: str) -> Entry:
    return Entry(mean, f"ROUND(AVERAGE({span}),2)", number="0.00")


def _known(marks: Iterable[Decimal | None]) -> list[Decimal]:
    return [each for each in marks if each is not None]
