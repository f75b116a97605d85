"""得分排名: totals, grades and ranks as live formulas over the sheet's own cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.finding import Severity
from jixiao.model.place import column_letters
from jixiao.model.result import Result
from jixiao.pack import Pack
from jixiao.pack.resolve import plain
from jixiao.writing.canvas import Column, EachRow, Entry, SheetContent, Value
from jixiao.writing.formula_text import GUARD_PLACES
from jixiao.writing.letter_scores import grade_formula
from jixiao.writing.summary.filing_status import STATUS_ROLES
from jixiao.writing.summary.grid import Body, begin, draw_row, draw_table
from jixiao.writing.summary.names import RANKING
from jixiao.writing.summary.view import View, average, kind_of, median, opening, rounded, total_final
from jixiao.writing.wording import STATUS_WORDS, UNVERIFIED_WORD

RANK, CODE, NAME, KIND, KIND_RANK, STATED, SELF, COMPUTED, FINAL, GRADE, VERIFIED, DECLARED, TOLD, UNVERIFIED, LOWEST, HIGHEST = (
    range(16)
)


class Ranking(NamedTuple):
    """The sheet and where its departments stand."""

    sheet: SheetContent
    body: Body


def _columns(view: View) -> tuple[Column, ...]:
    return (
        Column("排名", 7, "score", "count"),
        Column("预算编码", 10, align="center"),
        Column("部门名称", 30),
        Column("类别", 10, align="center"),
        Column("类内排名", 8, "score", "count"),
        Column(_stated_label(view), 8.8, "score", "marks"),
        Column("自评得分合计", 8.8, "score", "marks"),
        Column("系统得分合计", 8.8, "score", "marks"),
        Column(view.total_word, 10, "score", "marks"),
        Column("评价等次", 8, "score"),
        Column("复算分值", 9, "score", "marks"),
        Column("依据填报测算分值", 8.8, "score", "marks"),
        Column("自评未复核分值", 8.8, "score", "marks"),
        Column("核实情况", 9, "score"),
        Column("可能最低分", 11.4, "score", "marks"),
        Column("可能最高分", 11.4, "score", "marks"),
        Column("必改", 7, "score", "count"),
        Column("需说明", 8, "score", "count"),
        Column("审核结果", 13, "score"),
        Column("审核稿", 9, "link", align="center"),
    )


def ranking_sheet(view: View) -> Ranking:
    """The sheet: departments by total, ranked in the district and among their kind, with averages below."""
    columns = _columns(view)
    total, share = plain(view.pack.rubric.total), plain(view.pack.rubric.settings.least_verified * 100)
    note = (
        f"{view.total_word}、等次为初审结果。复算分值：{total} 分中依据决算等数据复算或经复核的分值；"
        f"应可复算的分值中复算不足 {share}% 的，标“{UNVERIFIED_WORD}”。"
        "可能最低、最高分：待复核事项定分后总分的范围。"
    )
    sheet = begin(
        RANKING, f"{view.district.year}年度绩效自评得分排名", columns, note=note, unit="单位：分", header=view.header
    )
    first, last = 3, 2 + len(view.ranked)
    ranks = _ranks([total_final(result) for result in view.ranked])
    within = _ranks_within(view.ranked)
    formulas = _Formulas.of(view.pack, first, last)
    rows = EachRow(view.ranked, lambda n, result: _row(view, result, n, formulas.at(first + n), ranks[n], within[n]))
    body = draw_table(sheet, 2, columns, rows, freeze_columns=NAME + 1, none="没有已计分的部门")
    if view.ranked:
        _statistics(sheet, body, columns, view)
    return Ranking(sheet, body)


class _Formulas(NamedTuple):
    """The formulas of a row: of its rank, that among its kind, its grade, and the points that were only told."""

    rank: str
    within: str
    grade: str
    told: str

    @classmethod
    def of(cls, pack: Pack, first: int, last: int) -> _Formulas:
        """Those of any row, with a mark for its number; the departments stand in the rows from `first` to `last`."""
        scores, kinds = (f"${column_letters(n)}${first + 1}:${column_letters(n)}${last + 1}" for n in (FINAL, KIND))
        own, kind, verified, declared = (f"{column_letters(n)}{_ROW}" for n in (FINAL, KIND, VERIFIED, DECLARED))
        return cls(
            f"RANK({own},{scores},0)", f"SUMPRODUCT(({kinds}={kind})*({scores}>{own}))+1", grade_formula(own, pack.rubric.grades),
            f"ROUND({plain(pack.rubric.total)}-{verified}-{declared},{GUARD_PLACES})",
        )  # fmt: skip

    def at(self, row: int) -> _Formulas:
        """Those of a row."""
        number = str(row + 1)
        return _Formulas(*[each.replace(_ROW, number) for each in self])


_ROW = "\0"


def _row(
    view: View, result: Result, n: int, formulas: _Formulas, rank: int, within: int | None
) -> list[Value | Entry]:
    card = result.scorecard
    assert card is not None  # only scored results are ranked
    told = view.pack.rubric.total - card.full_verified - card.full_declared
    return [
        Entry(rank, formulas.rank),
        result.budget_code,
        result.department,
        kind_of(result),
        Entry(within, formulas.within) if within else None,
        card.total_stated,
        card.total_self,
        card.total_computed,
        card.total_final,
        Entry(view.pack.rubric.grade(card.total_final), formulas.grade),
        card.full_verified,
        card.full_declared,
        Entry(told, formulas.told),
        Entry(UNVERIFIED_WORD, role="warning") if view.little_verified(result) else "",
        *view.outlooks[n],
        result.count(Severity.ERROR),
        result.count(Severity.WARNING),
        Entry(STATUS_WORDS[result.status], role=STATUS_ROLES.get(result.status, "")),
        opening(result),
    ]


def _ranks(totals: list[Decimal]) -> list[int]:
    """Ranks of totals in falling order; equals share the better rank and the next is skipped."""
    first: dict[Decimal, int] = {}
    for n, total in enumerate(totals, start=1):
        first.setdefault(total, n)
    return [first[total] for total in totals]


def _ranks_within(ranked: tuple[Result, ...]) -> list[int | None]:
    """Ranks among departments of one kind; None without a kind."""
    seen: Counter[str] = Counter()
    last: dict[str, tuple[Decimal, int]] = {}
    ranks: list[int | None] = []
    for result in ranked:
        kind, total = kind_of(result), total_final(result)
        seen[kind] += 1
        if kind not in last or last[kind][0] != total:
            last[kind] = (total, seen[kind])
        ranks.append(last[kind][1] if kind else None)
    return ranks


def _statistics(sheet: SheetContent, body: Body, columns: tuple[Column, ...], view: View) -> None:
    """Average, median, highest and lowest below the table, outside its filter."""
    cards = [result.scorecard for result in view.ranked if result.scorecard]
    series: dict[int, list[Decimal]] = {
        STATED: [card.total_stated for card in cards if card.total_stated is not None],
        SELF: [card.total_self for card in cards],
        COMPUTED: [card.total_computed for card in cards],
        FINAL: [card.total_final for card in cards],
        VERIFIED: [card.full_verified for card in cards],
        DECLARED: [card.full_declared for card in cards],
        TOLD: [view.pack.rubric.total - card.full_verified - card.full_declared for card in cards],
        LOWEST: [each.lowest for each in view.outlooks],
        HIGHEST: [each.highest for each in view.outlooks],
    }
    kinds: list[tuple[str, str, Callable[[list[Decimal]], Decimal | None]]] = [
        ("平均", "ROUND(AVERAGE({}),2)", average),
        ("中位数", "ROUND(MEDIAN({}),2)", lambda numbers: rounded(median(numbers))),
        ("最高", "MAX({})", max),
        ("最低", "MIN({})", min),
    ]
    for offset, (word, formula, value) in enumerate(kinds):
        cells: list[Value | Entry] = [""] * len(columns)
        cells[NAME] = word
        for column, numbers in series.items():
            if numbers:
                cells[column] = Entry(value(numbers), formula.format(body.span(column)), number="0.00")
        draw_row(sheet, body.last + 1 + offset, columns, cells, role="total")


def _stated_label(view: View) -> str:
    """What the form calls the total that a department states."""
    names = view.pack.names
    return view.pack.concept(names.total_stated or names.total_sheet).label.partition("·")[0]
