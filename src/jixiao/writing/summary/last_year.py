"""与上年比较: each department's score and main figures beside last year's, where the run was given last year's result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.place import column_letters
from jixiao.model.result import Result
from jixiao.pack.lookup import amount, outside
from jixiao.pack.resolve import plain
from jixiao.writing.canvas import SheetContent, Value
from jixiao.writing.summary.grid import Body, Column, Entry, begin, draw_row, draw_table, section
from jixiao.writing.summary.names import LAST_YEAR
from jixiao.writing.summary.view import View, kind_of, rounded, total_final

COLUMNS = (
    Column("预算编码", 10, align="center"),
    Column("部门名称", 30),
    Column("类别", 10, align="center"),
    Column("项目", 14),
    Column("单位", 6, align="center"),
    Column("上年", 13, "number", "amount"),
    Column("本年", 13, "number", "amount"),
    Column("增减", 13, "number", "amount"),
    Column("增减率", 10, "number", "percent"),
    Column("情况", 24),
)
NAME, ITEM, LAST, NOW, CHANGE = 1, 3, 5, 6, 7
SCORE, SCORE_UNIT = "最终得分", "分"


class Compared(NamedTuple):
    """A figure of a department beside last year's; `marks` says that it is the score. None where a year has none."""

    result: Result
    item: str
    unit: str
    last: Decimal | None
    now: Decimal | None
    remark: str
    number: str

    @property
    def both(self) -> bool:
        """Whether both years have it."""
        return self.last is not None and self.now is not None


def compared(view: View) -> list[Compared]:
    """What can be compared of every department that counts; nothing where the run knows nothing of last year."""
    return [line for result in view.district.scored for line in _of(view, result)]


def _of(view: View, result: Result) -> Iterable[Compared]:
    before = result.elsewhere
    if before.previous is None:
        return
    standing, now = before.standing, total_final(result)
    grade = result.scorecard.grade if result.scorecard else ""
    if standing is None:
        yield Compared(result, SCORE, SCORE_UNIT, None, now, "上年结果中没有该部门", "marks")
        return
    changed = f"等次由{standing.grade}变为{grade}" if standing.grade != grade else f"等次同为{grade}"
    yield Compared(result, SCORE, SCORE_UNIT, standing.total_final, now, changed, "marks")
    for jump in view.pack.checks.elsewhere.jumps:
        concept = view.pack.concept(jump.concept)
        last, own = outside(view.pack, before.previous, jump.concept), amount(view.pack, result.facts, jump.concept)
        values = (last.value if last else None, own.value if own else None)
        if values == (None, None):
            continue
        number = "count" if concept.unit == "人" else "amount"
        yield Compared(result, concept.label, concept.unit, *values, _remark(*values, jump.up, jump.down), number)


def _remark(last: Decimal | None, now: Decimal | None, up: Decimal, down: Decimal) -> str:
    if last is None:
        return "上年未填列"
    if now is None:
        return "本年未填列"
    if last and (now / last - 1 > up or 1 - now / last > down):
        return f"▲ {'增加' if now > last else '减少'}较多，请关注"
    return ""


def last_year_sheet(view: View, lines: Sequence[Compared]) -> SheetContent:
    """The sheet: a row for each department and item, sums of each item over the departments that have both years below."""
    known = len({line.result.submission_id for line in lines if line.last is not None})
    scores = [line for line in lines if line.item == SCORE and line.both]
    note = f"与上年结果比较，{known} 个部门有上年数。{_scores_in_words(scores)}按“项目”筛选可逐项比较；空格为未填列，不按零计。"
    title = f"{view.district.year}年度绩效自评与上年比较"
    sheet = begin(LAST_YEAR, title, COLUMNS, note=note, header=view.header)
    rows = [_row(line, 3 + n) for n, line in enumerate(lines)]
    body = draw_table(sheet, 2, COLUMNS, rows, freeze_columns=NAME + 1, none="没有已计分的部门")
    if rows:
        _sums(sheet, body, lines)
    return sheet


def _scores_in_words(scores: Sequence[Compared]) -> str:
    if not scores:
        return ""
    last, now = (_mean(each) for each in ([line.last for line in scores], [line.now for line in scores]))
    up = sum(line.now > line.last for line in scores)  # type: ignore[operator]
    down = sum(line.now < line.last for line in scores)  # type: ignore[operator]
    return f"平均得分上年 {plain(last)} 分、本年 {plain(now)} 分，上升 {up} 个、下降 {down} 个部门。"


def _mean(numbers: Sequence[Decimal | None]) -> Decimal:
    return rounded(sum((each for each in numbers if each is not None), Decimal(0)) / len(numbers))


def _row(line: Compared, at: int) -> list[Value | Entry]:
    cells: list[Value | Entry] = [
        line.result.budget_code, line.result.department, kind_of(line.result), line.item, line.unit,
        Entry(line.last, number=line.number), Entry(line.now, number=line.number),
    ]  # fmt: skip
    return [*cells, *_change(line.last, line.now, at, line.number), line.remark]


def _change(last: Decimal | None, now: Decimal | None, at: int, number: str) -> list[Value | Entry]:
    """The change and the rate of change of the figures in a row, as formulas; empty where a year has none."""
    if last is None or now is None:
        return [None, None]
    before, after = (f"{column_letters(column)}{at + 1}" for column in (LAST, NOW))
    rate: Entry = Entry(None)
    if last:
        rate = Entry(rounded(now / last - 1, 4), f"ROUND({after}/{before}-1,4)")
    return [Entry(now - last, f"ROUND({after}-{before},6)", number=number), rate]


def _sums(sheet: SheetContent, body: Body, lines: Sequence[Compared]) -> None:
    section(sheet, body.end + 1, "全区合计（上年、本年都有数的部门；得分为平均）", len(COLUMNS) - 1)
    row = body.end + 2
    draw_row(sheet, row, COLUMNS, ["", "部门数", *(column.head for column in COLUMNS[2:-1]), ""], role="head")
    for item in dict.fromkeys(line.item for line in lines):
        own = [line for line in lines if line.item == item and line.both]
        if own:
            row += 1
            draw_row(sheet, row, COLUMNS, _sum_row(body, row, own), role="total")


def _sum_row(body: Body, row: int, own: Sequence[Compared]) -> list[Value | Entry]:
    """The sums of an item (of the score the means) in both years, with formulas over the rows that have both."""
    mean = own[0].item == SCORE
    number = "amount" if mean else own[0].number
    chosen = f"({body.span(ITEM)}=${column_letters(ITEM)}{row + 1})*ISNUMBER({body.span(CHANGE)})"
    figures, told = [], []
    for column, values in ((LAST, [line.last for line in own]), (NOW, [line.now for line in own])):
        figure = _mean(values) if mean else sum((each for each in values if each is not None), Decimal(0))
        total = f"SUMPRODUCT({chosen},{body.span(column)})"
        figures.append(figure)
        told.append(Entry(figure, f"ROUND({total}/SUMPRODUCT({chosen}),2)" if mean else total, number=number))
    return [
        "", Entry(len(own), f"SUMPRODUCT({chosen})", number="count"), "", own[0].item, own[0].unit, *told,
        *_change(figures[0], figures[1], row, number), "",
    ]  # fmt: skip
