"""与上年比较: each department's score and main figures beside last year's, where the run was given last year's result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.elsewhere import Gone
from jixiao.model.names import comparable
from jixiao.model.place import column_letters
from jixiao.model.result import Result
from jixiao.model.submission import Status
from jixiao.pack.lookup import outside
from jixiao.pack.resolve import plain
from jixiao.writing.canvas import Column, EachRow, Entry, SheetContent, Value
from jixiao.writing.summary.grid import Body, begin, draw_row, draw_table
from jixiao.writing.summary.names import LAST_YEAR
from jixiao.writing.summary.view import View, kind_of, rounded, total_final
from jixiao.writing.textsize import PADDING_UNITS, units
from jixiao.writing.wording import STATUS_WORDS

LEAST_ITEM_WIDTH, WIDEST_ITEM = 14.0, 26.0

COLUMNS = (
    Column("预算编码", 10, align="center"),
    Column("部门名称", 30),
    Column("类别", 10, align="center"),
    Column("项目", LEAST_ITEM_WIDTH),
    Column("单位", 6, align="center"),
    Column("上年", 13, "number", "amount"),
    Column("本年", 13, "number", "amount"),
    Column("增减", 13, "number", "amount"),
    Column("增减率", 10, "number", "percent"),
    Column("情况", 26, "told"),
)
SUM_WORDS = '"全区（"0" 个部门）"'
NAME, ITEM, LAST, NOW, CHANGE = 1, 3, 5, 6, 7
SCORE, SCORE_UNIT = "得分", "分"


class Compared(NamedTuple):
    """A figure of a department beside last year's; None where a year has none."""

    code: str
    department: str
    kind: str
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
    """What can be compared of every department that counts, then departments that only last year's result has.

    Nothing where the run knows nothing of last year.
    """
    here = [line for result in view.district.scored for line in _of(view, result)]
    return [*here, *(_gone(view, each) for each in view.district.gone)]


def _gone(view: View, gone: Gone) -> Compared:
    """A department of last year of which nothing counts this year, with what became of it."""
    name = comparable(gone.department)
    entry = next((each for each in view.district.roster if _is(each.budget_code, each.department, gone, name)), None)
    sent = [each.status for each in view.results if _is(each.budget_code, each.department, gone, name)]
    standing = gone.standing
    then = f"，上年等次{standing.grade}" if standing and standing.grade else ""
    if entry is not None and entry.reports_within:
        now = f"本年并入“{entry.reports_within}”报送"
    else:
        now = "、".join(dict.fromkeys(STATUS_WORDS[status] for status in sent)) or STATUS_WORDS[Status.MISSING]
        now = f"本年{now}，未计分" if sent and sent != [Status.MISSING] else f"本年{now}"
    last = standing.total_final if standing else None
    kind = entry.kind if entry else ""
    return Compared(gone.budget_code, gone.department, kind, SCORE, SCORE_UNIT, last, None, f"{now}{then}", "marks")


def _is(code: str, department: str, gone: Gone, name: str) -> bool:
    return code == gone.budget_code if code and gone.budget_code else comparable(department) == name


def _of(view: View, result: Result) -> Iterable[Compared]:
    before = result.elsewhere
    if before.previous is None:
        return
    standing, now, figures = before.standing, total_final(result), view.figures(result)
    who = (result.budget_code, result.department, kind_of(result))
    grade = result.scorecard.grade if result.scorecard else ""
    if standing is None:
        yield Compared(*who, SCORE, SCORE_UNIT, None, now, "上年结果中没有该部门", "marks")
        return
    changed = f"等次由{standing.grade}变为{grade}" if standing.grade != grade else f"等次同为{grade}"
    yield Compared(*who, SCORE, SCORE_UNIT, standing.total_final, now, changed, "marks")
    for jump in view.pack.checks.elsewhere.jumps:
        concept = view.pack.concept(jump.concept)
        last = outside(view.pack, before.previous, jump.concept)
        values = (last.value if last else None, figures.get(jump.concept))
        if values == (None, None):
            continue
        number = "count" if concept.unit == "人" else "amount"
        yield Compared(*who, concept.label, concept.unit, *values, _remark(*values, jump.up, jump.down), number)


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
    known = len({(line.code, line.department) for line in lines if line.last is not None})
    scores = [line for line in lines if line.item == SCORE and line.both]
    gone = f"其中 {len(view.district.gone)} 个本年未报送或未计分，列在最后。" if view.district.gone else ""
    note = f"与上年结果比较，{known} 个部门有上年数。{gone}{_scores_in_words(scores, view)}按“项目”筛选可逐项比较；空格为未填列，不按零计。"
    title = f"{view.district.year}年度绩效自评与上年比较"
    longest = max((units(line.item) for line in lines), default=0) + 2 * PADDING_UNITS
    columns = [*COLUMNS]
    columns[ITEM] = COLUMNS[ITEM]._replace(width=min(WIDEST_ITEM, max(LEAST_ITEM_WIDTH, longest)))
    sheet = begin(LAST_YEAR, title, columns, note=note, header=view.header)
    rows = EachRow(lines, lambda n, line: _row(line, 3 + n))
    body = draw_table(sheet, 2, columns, rows, freeze_columns=NAME + 1, none="没有已计分的部门")
    if lines:
        _sums(sheet, body, columns, lines)
    return sheet


def _scores_in_words(scores: Sequence[Compared], view: View) -> str:
    if not scores:
        return ""
    last, now = (_mean(each) for each in ([line.last for line in scores], [line.now for line in scores]))
    up = sum(line.now > line.last for line in scores)  # type: ignore[operator]
    down = sum(line.now < line.last for line in scores)  # type: ignore[operator]
    word = f"（{view.total_word}）" if view.provisional else ""
    return f"平均得分上年 {plain(last)} 分、本年 {plain(now)} 分{word}，上升 {up} 个、下降 {down} 个部门。"


def _mean(numbers: Sequence[Decimal | None]) -> Decimal:
    return rounded(sum((each for each in numbers if each is not None), Decimal(0)) / len(numbers))


def _row(line: Compared, at: int) -> list[Value | Entry]:
    cells: list[Value | Entry] = [
        line.code, line.department, line.kind, line.item, line.unit,
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


def _sums(sheet: SheetContent, body: Body, columns: Sequence[Column], lines: Sequence[Compared]) -> None:
    """Below the table, in its columns: each item over the departments that have both years."""
    row = body.end
    for item in dict.fromkeys(line.item for line in lines):
        own = [line for line in lines if line.item == item and line.both]
        if own:
            draw_row(sheet, row, columns, _sum_row(body, row, own), role="total")
            row += 1


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
        "", Entry(len(own), f"SUMPRODUCT({chosen})", number=SUM_WORDS), "", own[0].item, own[0].unit, *told,
        *_change(figures[0], figures[1], row, number), "两年都有数的部门，平均" if mean else "两年都有数的部门，合计",
    ]  # fmt: skip
