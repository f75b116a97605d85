"""与上年比较: each department's score and main figures beside last year's, where the run was given last year's result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.external_data import FormerDepartment
from jixiao.model.result import DepartmentSummary
from jixiao.model.submission import RosterEntry, Status
from jixiao.values.names import comparable_name
from jixiao.values.number_format import plain_text
from jixiao.writing.summary.district_view import DistrictView, rounded
from jixiao.writing.summary.sheet_layout import AnySheet, ListSheet, SummaryColumn
from jixiao.writing.wording import STATUS_WORDS
from jixiao.writing.xlsx.content import ListCell, Value
from jixiao.writing.xlsx.text_size import PADDING_UNITS, units

LEAST_ITEM_WIDTH, WIDEST_ITEM = 14.0, 26.0
SUM_WORDS = '"全区（"0" 个部门）"'
SCORE, SCORE_UNIT = "得分", "分"


class YearComparison(NamedTuple):
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
    def change(self) -> Decimal | None:
        """This year's figure less last year's, None where a year has none."""
        return None if self.last is None or self.now is None else self.now - self.last

    @property
    def rate(self) -> Decimal | None:
        """The change as a share of last year's figure."""
        return rounded(self.now / self.last - 1, 4) if self.last and self.now is not None else None


def compare_years(view: DistrictView) -> list[YearComparison]:
    """Return what can be compared of every department that counts, then departments that only last year's result has.

    Nothing where the run knows nothing of last year.
    """
    here = [line for result in view.district.scored for line in _comparisons(view, result)]
    return [*here, *(_gone(view, each) for each in view.district.gone)]


def _gone(view: DistrictView, gone: FormerDepartment) -> YearComparison:
    """Return a department of last year of which nothing counts this year, with what became of it."""
    name, standing = comparable_name(gone.department), gone.standing

    def is_it(each: RosterEntry | DepartmentSummary) -> bool:
        if each.budget_code and gone.budget_code:
            return each.budget_code == gone.budget_code
        return comparable_name(each.department) == name

    entry = next(filter(is_it, view.district.roster), None)
    sent = [each.status for each in view.results if is_it(each)]
    then = f"，上年等次{standing.grade}" if standing and standing.grade else ""
    if entry is not None and entry.reports_within:
        now = f"本年并入“{entry.reports_within}”报送"
    else:
        now = "、".join(dict.fromkeys(STATUS_WORDS[status] for status in sent)) or STATUS_WORDS[Status.MISSING]
        now = f"本年{now}，未计分" if sent and sent != [Status.MISSING] else f"本年{now}"
    last = standing.total_final if standing else None
    kind = entry.kind if entry else ""
    return YearComparison(gone.budget_code, gone.department, kind, SCORE, SCORE_UNIT, last, None, f"{now}{then}", "marks")


def _comparisons(view: DistrictView, result: DepartmentSummary) -> Iterator[YearComparison]:
    if result.last_year is None:
        return
    standing, now = result.last_year.standing, result.total_final
    who = (result.budget_code, result.department, result.kind)
    if standing is None:
        yield YearComparison(*who, SCORE, SCORE_UNIT, None, now, "上年结果中没有该部门", "marks")
        return
    grade = result.scorecard.grade if result.scorecard else ""
    changed = f"等次由{standing.grade}变为{grade}" if standing.grade != grade else f"等次同为{grade}"
    yield YearComparison(*who, SCORE, SCORE_UNIT, standing.total_final, now, changed, "marks")
    before, figures = result.last_year.figures.by_name(), result.figures.by_name()
    for jump in view.pack.checks.elsewhere.jumps:
        concept = view.pack.concept(jump.concept)
        values = (before.get(jump.concept), figures.get(jump.concept))
        if values != (None, None):
            number = "count" if concept.unit == "人" else "amount"
            yield YearComparison(*who, concept.label, concept.unit, *values, _remark(*values, jump.up, jump.down), number)


def _remark(last: Decimal | None, now: Decimal | None, up: Decimal, down: Decimal) -> str:
    if last is None:
        return "上年未填列"
    if now is None:
        return "本年未填列"
    if last and (now / last - 1 > up or 1 - now / last > down):
        return f"▲ {'增加' if now > last else '减少'}较多，请关注"
    return ""


def last_year_sheet(view: DistrictView, lines: Sequence[YearComparison]) -> AnySheet:
    """Return the sheet: a row for each department and item, sums of each item over the departments with both years below."""
    with_last_year = len({(line.code, line.department) for line in lines if line.last is not None})
    gone = f"其中 {len(view.district.gone)} 个本年未报送或未计分，列在最后。" if view.district.gone else ""
    both: dict[str, list[YearComparison]] = {}
    for line in lines:
        if line.change is not None:
            both.setdefault(line.item, []).append(line)
    note = (
        f"与上年结果比较，{with_last_year} 个部门有上年数。{gone}{_scores_in_words(both.get(SCORE, ()), view)}"
        "按“项目”筛选可逐项比较；空格为未填列，不按零计。"
    )
    sheet = ListSheet(view, "与上年比较", "得分和主要数据与上年对照", "绩效自评与上年比较", columns(lines), note=note)
    sheet.table(lines, freeze="department", none="没有已计分的部门")
    for item in dict.fromkeys(line.item for line in lines):
        if item in both:
            sheet.row(_sums(sheet, both[item]))
    return sheet


def columns(lines: Sequence[YearComparison]) -> tuple[SummaryColumn[YearComparison], ...]:
    """Return the columns of the sheet, that of the items as wide as these need."""
    longest = max((units(line.item) for line in lines), default=0) + 2 * PADDING_UNITS
    return (
        SummaryColumn("code", "预算编码", 10, lambda line: line.code, align="center"),
        SummaryColumn("department", "部门名称", 30, lambda line: line.department),
        SummaryColumn("kind", "类别", 10, lambda line: line.kind, align="center"),
        SummaryColumn("item", "项目", min(WIDEST_ITEM, max(LEAST_ITEM_WIDTH, longest)), lambda line: line.item),
        SummaryColumn("unit", "单位", 6, lambda line: line.unit, align="center"),
        _figures("last", "上年", lambda line: line.last),
        _figures("now", "本年", lambda line: line.now),
        _figures("change", "增减", lambda line: line.change, "ROUND({now}-{last},6)"),
        SummaryColumn("rate", "增减率", 10, lambda line: line.rate, "number", "percent", formula="ROUND({now}/{last}-1,4)"),
        SummaryColumn("remark", "情况", 26, lambda line: line.remark, "told"),
    )


def _figures(
    key: str, heading: str, figure: Callable[[YearComparison], Decimal | None], formula: str = ""
) -> SummaryColumn[YearComparison]:
    """Return a column of figures, each in its line's number format."""

    def cell(line: YearComparison) -> ListCell:
        return ListCell(figure(line), number=line.number)

    return SummaryColumn(key, heading, 13, cell, "number", "amount", formula=formula)


def _scores_in_words(scores: Sequence[YearComparison], view: DistrictView) -> str:
    if not scores:
        return ""
    last, now = _mean([line.last for line in scores]), _mean([line.now for line in scores])
    changes = [line.change or Decimal(0) for line in scores]
    up, down = sum(each > 0 for each in changes), sum(each < 0 for each in changes)
    word = f"（{view.total_word}）" if view.provisional else ""
    return f"平均得分上年 {plain_text(last)} 分、本年 {plain_text(now)} 分{word}，上升 {up} 个、下降 {down} 个部门。"


def _mean(numbers: Sequence[Decimal | None]) -> Decimal:
    return rounded(_sum(numbers) / len(numbers))


def _sum(numbers: Sequence[Decimal | None]) -> Decimal:
    return sum((each for each in numbers if each is not None), Decimal(0))


def _sums(sheet: ListSheet[YearComparison], own: Sequence[YearComparison]) -> dict[str, Value | ListCell]:
    """Return the sums of an item (of the score the means) in both years, with formulas over the rows that have both."""
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
