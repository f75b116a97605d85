"""The money sheets: departments by the amounts of the form's money tables, with totals as formulas."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model.place import column_letters
from jixiao.model.result import Result
from jixiao.pack.layout import Table
from jixiao.pack.lookup import amount
from jixiao.writing.canvas import SheetContent, Value
from jixiao.writing.summary.grid import Body, Column, Entry, Group, begin, draw_row, draw_table, section
from jixiao.writing.summary.names import summed_concepts
from jixiao.writing.summary.view import View, kind_of

CODE, NAME, KIND, FIRST = range(4)
AMOUNT_WIDTH = 13


def money_sheet(view: View, name: str, tables: tuple[Table, ...]) -> SheetContent:
    """The sheet: a row a department, a column a concept; sums of all and of each kind below."""
    concepts = [
        (table, concept, label) for table in tables for concept, label in summed_concepts(view.pack, table, name)
    ]
    columns = [
        Column("预算编码", 10, align="center"),
        Column("部门名称", 30),
        Column("类别", 10, align="center"),
        *(Column(label, AMOUNT_WIDTH, "number", "amount") for _, _, label in concepts),
    ]
    units = {view.pack.concept(concept).unit for _, concept, _ in concepts}
    unit = f"单位：{'、'.join(sorted(units))}" if units else ""
    note = "取各部门汇总行的数；只填局机关行的，以局机关数作为汇总数。空格为未填列，不按零计。未计分的报送不在内。"
    title = f"{view.district.year}年度{name}表"
    sheet = begin(name, title, columns, note=note, unit=unit, header=view.header)
    listed = view.district.scored
    amounts = [[_amount(view, result, concept) for _, concept, _ in concepts] for result in listed]
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


def _groups(concepts: list[tuple[Table, str, str]]) -> list[Group]:
    groups: list[Group] = []
    for at, (table, _, _) in enumerate(concepts, start=FIRST):
        if groups and groups[-1].head == table.name:
            groups[-1] = groups[-1]._replace(last=at)
        else:
            groups.append(Group(at, at, table.name))
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
