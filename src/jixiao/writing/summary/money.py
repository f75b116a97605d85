"""The money sheets: departments by the amounts of the form's money tables, with totals as formulas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.place import column_letters
from jixiao.model.result import Result
from jixiao.pack.layout import Table
from jixiao.writing.canvas import Column, EachRow, Entry, SheetContent, Value
from jixiao.writing.summary.grid import Body, Group, begin, draw_row, draw_table, section
from jixiao.writing.summary.names import summed_concepts
from jixiao.writing.summary.view import View, kind_of
from jixiao.writing.textsize import widest

CODE, NAME, KIND, FIRST = range(4)
NOTHING = Decimal(0)
FEW_COLUMNS, WIDEST_HEAD = 13, 15.0
LEAST_AMOUNT_WIDTH = 10.0
"""Columns are as wide as their sums need, and no narrower than so."""


class _Amount(NamedTuple):
    """A column of amounts: its concept, the head over it and its neighbours, and its own."""

    concept: str
    group: str
    head: str


def money_sheet(view: View, name: str, tables: tuple[Table, ...]) -> SheetContent:
    """The sheet: a row a department, a column a concept; sums of all and of each kind below."""
    concepts = [
        _Amount(concept, *_heads(view, table, label))
        for table in tables
        for concept, label in summed_concepts(view.pack, table, name)
    ]
    listed = view.district.scored
    sums = _sums(view, listed, [each.concept for each in concepts])
    columns = [
        Column("预算编码", 10, align="center"),
        Column("部门名称", 30),
        Column("类别", 10, align="center"),
        *(
            Column(each.head, added.width(_least_width(each.head, len(concepts))), "number", "amount")
            for each, added in zip(concepts, sums, strict=True)
        ),
    ]
    units = {view.pack.concept(each.concept).unit for each in concepts}
    unit = f"单位：{'、'.join(sorted(units))}" if units else ""
    note = "取各部门汇总行的数；只填局机关行的，以局机关数作为汇总数。空格为未填列，不按零计。未计分的报送不在内。"
    title = f"{view.district.year}年度{name}表"
    sheet = begin(name, title, columns, note=note, unit=unit, header=view.header)
    rows = EachRow(listed, lambda n, result: _row(view, result, concepts))
    body = draw_table(sheet, 2, columns, rows, groups=_groups(concepts), freeze_columns=NAME + 1, none="没有已计分的部门")
    if listed:
        end = _totals(sheet, body, columns, sums)
        _by_kind(sheet, end + 1, body, columns, sums, Counter(kind_of(result) for result in listed))
    return sheet


def _row(view: View, result: Result, concepts: Sequence[_Amount]) -> list[Value | Entry]:
    amounts = view.figures(result)
    return [result.budget_code, result.department, kind_of(result), *[amounts.get(each.concept) for each in concepts]]


@dataclass(slots=True)
class _Sum:
    """What the departments' amounts of a concept come to: all of them, each kind's, how many, the least and the most."""

    total: Decimal = NOTHING
    count: int = 0
    least: Decimal = NOTHING
    most: Decimal = NOTHING
    of_kind: dict[str, Decimal] = field(default_factory=dict)

    def add(self, amount: Decimal, kind: str) -> None:
        """Take another department's amount in."""
        self.total += amount
        self.count += 1
        if amount > self.most:
            self.most = amount
        elif amount < self.least:
            self.least = amount
        self.of_kind[kind] = self.of_kind.get(kind, NOTHING) + amount

    def width(self, narrowest: float) -> float:
        """How wide a column is to be that shows every amount and their sum, in bold."""
        return max(narrowest, *(len(f"{each:,.2f}") + 2.5 for each in (self.total, self.least, self.most)))


def _sums(view: View, listed: Sequence[Result], concepts: Sequence[str]) -> list[_Sum]:
    """The sum of each concept."""
    sums = [_Sum() for _ in concepts]
    for result in listed:
        amounts, kind = view.figures(result), kind_of(result)
        for concept, added in zip(concepts, sums, strict=True):
            amount = amounts.get(concept)
            if amount is not None:
                added.add(amount, kind)
    return sums


def _heads(view: View, table: Table, label: str) -> tuple[str, str]:
    """The heads of an amount: its table's name above its label; in tables by row and column, the row above the column."""
    row, _, column = label.partition("·")
    return (table.name, label) if table in view.pack.money_tables or not column else (row, column)


def _least_width(head: str, columns: int) -> float:
    """How wide a column is at least; where there are few, wide enough for its head in one line."""
    return LEAST_AMOUNT_WIDTH if columns > FEW_COLUMNS else max(LEAST_AMOUNT_WIDTH, min(WIDEST_HEAD, widest(head) + 2.0))


def _groups(concepts: list[_Amount]) -> list[Group]:
    groups: list[Group] = []
    for at, each in enumerate(concepts, start=FIRST):
        if groups and groups[-1].head == each.group:
            groups[-1] = groups[-1]._replace(last=at)
        else:
            groups.append(Group(at, at, each.group))
    return groups


def _totals(sheet: SheetContent, body: Body, columns: Sequence[Column], sums: Sequence[_Sum]) -> int:
    totals: list[Value | Entry] = ["", "合计", ""]
    filled: list[Value | Entry] = ["", "填列的部门数", ""]
    for n, each in enumerate(sums):
        span = body.span(FIRST + n)
        totals.append(Entry(each.total, f"SUM({span})"))
        filled.append(Entry(each.count, f"COUNT({span})", number="count"))
    draw_row(sheet, body.last + 1, columns, totals, role="total")
    draw_row(sheet, body.last + 2, columns, filled, role="total")
    return body.last + 3


def _by_kind(
    sheet: SheetContent, row: int, body: Body, columns: Sequence[Column], sums: Sequence[_Sum], kinds: Counter[str]
) -> None:
    """Sums of each kind of department, where the roster has kinds."""
    named = [kind for kind in kinds if kind]
    if len(named) < 2:
        return
    section(sheet, row, "按类别小计", len(columns) - 1)
    for offset, kind in enumerate(named, start=1):
        cells: list[Value | Entry] = ["", f"{kind}（{kinds[kind]} 个部门）", kind]
        own = f"{column_letters(KIND)}{row + offset + 1}"
        for n, each in enumerate(sums):
            total = each.of_kind.get(kind, NOTHING)
            cells.append(Entry(total, f"SUMIF({body.span(KIND)},{own},{body.span(FIRST + n)})"))
        draw_row(sheet, row + offset, columns, cells)
