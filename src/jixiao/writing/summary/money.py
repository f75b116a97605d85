"""The money sheets: departments by the amounts of the form's money tables, with totals as formulas."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.place import column_letters
from jixiao.model.result import Result
from jixiao.pack.layout import Table
from jixiao.pack.lookup import amount
from jixiao.writing.canvas import SheetContent, Value
from jixiao.writing.summary.grid import Body, Column, Entry, Group, begin, draw_row, draw_table, section
from jixiao.writing.summary.names import summed_concepts
from jixiao.writing.summary.view import View, kind_of
from jixiao.writing.textsize import widest

CODE, NAME, KIND, FIRST = range(4)
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
    amounts = [[_amount(view, result, each.concept) for each in concepts] for result in listed]
    least = [_least_width(each.head, len(concepts)) for each in concepts]
    widths = _widths(amounts, least) if amounts else least
    columns = [
        Column("预算编码", 10, align="center"),
        Column("部门名称", 30),
        Column("类别", 10, align="center"),
        *(Column(each.head, width, "number", "amount") for each, width in zip(concepts, widths, strict=True)),
    ]
    units = {view.pack.concept(each.concept).unit for each in concepts}
    unit = f"单位：{'、'.join(sorted(units))}" if units else ""
    note = "取各部门汇总行的数；只填局机关行的，以局机关数作为汇总数。空格为未填列，不按零计。未计分的报送不在内。"
    title = f"{view.district.year}年度{name}表"
    sheet = begin(name, title, columns, note=note, unit=unit, header=view.header)
    rows: list[list[Value | Entry]] = [
        [result.budget_code, result.department, kind_of(result), *values]
        for result, values in zip(listed, amounts, strict=True)
    ]
    body = draw_table(sheet, 2, columns, rows, groups=_groups(concepts), freeze_columns=NAME + 1, none="没有已计分的部门")
    if rows:
        end = _totals(sheet, body, columns, amounts)
        _by_kind(sheet, end + 1, body, columns, amounts, [kind_of(result) for result in listed])
    return sheet


def _amount(view: View, result: Result, concept: str) -> Decimal | None:
    fact = amount(view.pack, result.facts, concept)
    return fact.value if fact else None


def _heads(view: View, table: Table, label: str) -> tuple[str, str]:
    """The heads of an amount: its table's name above its label; in tables by row and column, the row above the column."""
    row, _, column = label.partition("·")
    return (table.name, label) if table in view.pack.money_tables or not column else (row, column)


def _least_width(head: str, columns: int) -> float:
    """How wide a column is at least; where there are few, wide enough for its head in one line."""
    return LEAST_AMOUNT_WIDTH if columns > FEW_COLUMNS else max(LEAST_AMOUNT_WIDTH, min(WIDEST_HEAD, widest(head) + 2.0))


def _widths(amounts: list[list[Decimal | None]], least: Sequence[float]) -> list[float]:
    """How wide the columns of amounts are to be: as their sums and what is in them need, in bold."""
    return [
        max(narrowest, *(len(f"{each:,.2f}") + 2.5 for each in (sum(known, Decimal(0)), *known)))
        for column, narrowest in zip(zip(*amounts, strict=True), least, strict=True)
        for known in [[each for each in column if each is not None]]
    ]


def _groups(concepts: list[_Amount]) -> list[Group]:
    groups: list[Group] = []
    for at, each in enumerate(concepts, start=FIRST):
        if groups and groups[-1].head == each.group:
            groups[-1] = groups[-1]._replace(last=at)
        else:
            groups.append(Group(at, at, each.group))
    return groups


def _totals(sheet: SheetContent, body: Body, columns: list[Column], amounts: list[list[Decimal | None]]) -> int:
    sums: list[Value | Entry] = ["", "合计", ""]
    filled: list[Value | Entry] = ["", "填列的部门数", ""]
    for n, values in enumerate(zip(*amounts, strict=True)):
        span = body.span(FIRST + n)
        numbers = [value for value in values if value is not None]
        sums.append(Entry(sum(numbers, Decimal(0)), f"SUM({span})"))
        filled.append(Entry(len(numbers), f"COUNT({span})", number="count"))
    draw_row(sheet, body.last + 1, columns, sums, role="total")
    draw_row(sheet, body.last + 2, columns, filled, role="total")
    return body.last + 3


def _by_kind(
    sheet: SheetContent,
    row: int,
    body: Body,
    columns: list[Column],
    amounts: list[list[Decimal | None]],
    kinds: list[str],
) -> None:
    """Sums of each kind of department, where the roster has kinds."""
    named = list(dict.fromkeys(kind for kind in kinds if kind))
    if len(named) < 2:
        return
    section(sheet, row, "按类别小计", len(columns) - 1)
    for offset, kind in enumerate(named, start=1):
        cells: list[Value | Entry] = ["", f"{kind}（{kinds.count(kind)} 个部门）", kind]
        own = f"{column_letters(KIND)}{row + offset + 1}"
        for n, values in enumerate(zip(*amounts, strict=True)):
            total = sum(
                (value for value, each in zip(values, kinds, strict=True) if each == kind and value is not None),
                Decimal(0),
            )
            cells.append(Entry(total, f"SUMIF({body.span(KIND)},{own},{body.span(FIRST + n)})"))
        draw_row(sheet, row + offset, columns, cells)
