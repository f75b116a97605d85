"""与上年比较: each department's score and main figures beside last year's, where the run was given last year's result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.external_data import FormerDepartment
from jixiao.model.result import Result
from jixiao.model.submission import Status
from jixiao.pack.fact_lookup import external_fact
from jixiao.values.names import comparable_name
from jixiao.values.number_format import plain_text
from jixiao.writing.summary.district_view import DistrictView, department_kind, rounded, total_final
from jixiao.writing.summary.sheet_layout import LAST_YEAR, ListSheet, SheetColumn
from jixiao.writing.wording import STATUS_WORDS
from jixiao.writing.xlsx.content import ListCell, SheetContent, Value
from jixiao.writing.xlsx.text_size import PADDING_UNITS, units

LEAST_ITEM_WIDTH, WIDEST_ITEM = 14.0, 26.0
SUM_WORDS = '"全区（"0" 个部门）"'
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

    @property
    def change(self) -> Decimal | None:
        """This year's figure less last year's."""
        return None if self.last is None or self.now is None else self.now - self.last

    @property
    def rate(self) -> Decimal | None:
        """The change as a share of last year's figure."""
        return rounded(self.now / self.last - 1, 4) if self.last and self.now is not None else None


def compared(view: DistrictView) -> list[Compared]:
    """What can be compared of every department that counts, then departments that only last year's result has.

    Nothing where the run knows nothing of last year.
    """
    here = [line for result in view.district.scored for line in _of(view, result)]
    return [*here, *(_gone(view, each) for each in view.district.gone)]


def _gone(view: DistrictView, gone: FormerDepartment) -> Compared:
    """A department of last year of which nothing counts this year, with what became of it."""
    name = comparable_name(gone.department)
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


def _is(code: str, department: str, gone: FormerDepartment, name: str) -> bool:
    return code == gone.budget_code if code and gone.budget_code else comparable_name(department) == name


def _of(view: DistrictView, result: Result) -> Iterable[Compared]:
    before = result.elsewhere
    if before.previous is None:
        return
    standing, now, figures = before.standing, total_final(result), view.figures(result)
    who = (result.budget_code, result.department, department_kind(result))
    grade = result.scorecard.grade if result.scorecard else ""
    if standing is None:
        yield Compared(*who, SCORE, SCORE_UNIT, None, now, "上年结果中没有该部门", "marks")
        return
    changed = f"等次由{standing.grade}变为{grade}" if standing.grade != grade else f"等次同为{grade}"
    yield Compared(*who, SCORE, SCORE_UNIT, standing.total_final, now, changed, "marks")
    for jump in view.pack.checks.elsewhere.jumps:
        concept = view.pack.concept(jump.concept)
        last = external_fact(view.pack, before.previous, jump.concept)
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


def last_year_sheet(view: DistrictView, lines: Sequence[Compared]) -> SheetContent:
    """The sheet: a row for each department and item, sums of each item over the departments that have both years below."""
    with_last_year = len({(line.code, line.department) for line in lines if line.last is not None})
    scores = [line for line in lines if line.item == SCORE and line.both]
    gone = f"其中 {len(view.district.gone)} 个本年未报送或未计分，列在最后。" if view.district.gone else ""
    note = f"与上年结果比较，{with_last_year} 个部门有上年数。{gone}{_scores_in_words(scores, view)}按“项目”筛选可逐项比较；空格为未填列，不按零计。"
    title = f"{view.district.year}年度绩效自评与上年比较"
    sheet = ListSheet(view, LAST_YEAR, title, columns(lines), note=note)
    sheet.table(lines, freeze="department", none="没有已计分的部门")
    for item in dict.fromkeys(line.item for line in lines):
        own = [line for line in lines if line.item == item and line.both]
        if own:
            sheet.row(_sums(sheet, own))
    return sheet.content


def columns(lines: Sequence[Compared]) -> tuple[SheetColumn[Compared], ...]:
    """The columns of the sheet, that of the items as wide as these need."""
    longest = max((units(line.item) for line in lines), default=0) + 2 * PADDING_UNITS
    return (
        SheetColumn("code", "预算编码", 10, lambda line: line.code, align="center"),
        SheetColumn("department", "部门名称", 30, lambda line: line.department),
        SheetColumn("kind", "类别", 10, lambda line: line.kind, align="center"),
        SheetColumn("item", "项目", min(WIDEST_ITEM, max(LEAST_ITEM_WIDTH, longest)), lambda line: line.item),
        SheetColumn("unit", "单位", 6, lambda line: line.unit, align="center"),
        _figures("last", "上年", lambda line: line.last),
        _figures("now", "本年", lambda line: line.now),
        _figures("change", "增减", lambda line: line.change, "ROUND({now}-{last},6)"),
        SheetColumn(
            "rate", "增减率", 10, lambda line: line.rate, "number", "percent", formula="ROUND({now}/{last}-1,4)"
        ),
        SheetColumn("remark", "情况", 26, lambda line: line.remark, "told"),
    )


def _figures(
    key: str, heading: str, figure: Callable[[Compared], Decimal | None], formula: str = ""
) -> SheetColumn[Compared]:
    """A column of figures, each in its line's number format."""
    return SheetColumn(
        key, heading, 13, lambda line: ListCell(figure(line), number=line.number), "number", "amount", formula=formula
    )


def _scores_in_words(scores: Sequence[Compared], view: DistrictView) -> str:
    if not scores:
        return ""
    last, now = (_mean(each) for each in ([line.last for line in scores], [line.now for line in scores]))
    up = sum(line.now > line.last for line in scores)  # type: ignore[operator]
    down = sum(line.now < line.last for line in scores)  # type: ignore[operator]
    word = f"（{view.total_word}）" if view.provisional else ""
    return f"平均得分上年 {plain_text(last)} 分、本年 {plain_text(now)} 分{word}，上升 {up} 个、下降 {down} 个部门。"


def _mean(numbers: Sequence[Decimal | None]) -> Decimal:
    return rounded(_sum(numbers) / len(numbers))


def _sum(numbers: Sequence[Decimal | None]) -> Decimal:
    return sum((each for each in numbers if each is not None), Decimal(0))


def _sums(sheet: ListSheet[Compared], own: Sequence[Compared]) -> dict[str, Value | ListCell]:
    """The sums of an item (of the score the means) in both years, with formulas over the rows that have both."""
    mean = own[0].item == SCORE
    chosen = "({item:all}=${item})*ISNUMBER({change:all})"
    add = _mean if mean else _sum
    total = own[0]._replace(
        last=add([line.last for line in own]), now=add([line.now for line in own]), number="amount" if mean else own[0].number
    )
    cells: dict[str, Value | ListCell] = {
        "department": ListCell(len(own), f"SUMPRODUCT({chosen})", number=SUM_WORDS),
        "remark": "两年都有数的部门，平均" if mean else "两年都有数的部门，合计",
    }
    for key, figure in (("last", total.last), ("now", total.now)):
        added = f"SUMPRODUCT({chosen},{{{key}:all}})"
        cells[key] = ListCell(figure, f"ROUND({added}/SUMPRODUCT({chosen}),2)" if mean else added, number=total.number)
    return sheet.cells_of(total, ("item", "unit", "change", "rate")) | cells
