"""The money sheets: departments by the amounts of the form's money tables, with totals as formulas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.pack.declarations.layout import Table
from jixiao.writing.summary.department_summary import summed_concepts
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import AnySheet, ListSheet, OfDepartment, SummaryColumn, department_columns
from jixiao.writing.xlsx.content import ListCell
from jixiao.writing.xlsx.text_size import widest

NOTHING = Decimal(0)
FEW_COLUMNS, WIDEST_HEAD = 13, 15.0
LEAST_AMOUNT_WIDTH = 10.0
"""Columns are as wide as their sums need, and no narrower than so."""


_Amounts = OfDepartment[Mapping[str, Decimal]]
"""A department and its amounts by concept."""


@dataclass(slots=True)
class _Amount:
    """A column of amounts: its concept, headings, and what the departments' amounts come to in all and by kind."""

    key: str
    concept: str
    group: str
    heading: str
    total: Decimal = NOTHING
    count: int = 0
    least: Decimal = NOTHING
    most: Decimal = NOTHING
    of_kind: dict[str, Decimal] = field(default_factory=dict)

    def add(self, amount: Decimal, kind: str) -> None:
        """Add another department's amount."""
        self.total += amount
        self.count += 1
        self.least, self.most = min(self.least, amount), max(self.most, amount)
        self.of_kind[kind] = self.of_kind.get(kind, NOTHING) + amount

    def column(self, narrowest: float) -> SummaryColumn[_Amounts]:
        """Return the column, wide enough for every amount and for their sum in bold."""
        width = max(narrowest, *(len(f"{each:,.2f}") + 2.5 for each in (self.total, self.least, self.most)))
        return SummaryColumn(
            self.key, self.heading, width, lambda line: line.item.get(self.concept), "number", "amount", group=self.group
        )


def money_sheet(view: DistrictView, name: str, tables: tuple[Table, ...]) -> AnySheet:
    """Return the sheet: a row a department, a column a concept; sums of all and of each kind below."""
    concepts = [(table, *each) for table in tables for each in summed_concepts(view.pack, table, name)]
    amounts = [
        _Amount(f"amount{n}", concept, *_headings(view, table, label)) for n, (table, concept, label) in enumerate(concepts)
    ]
    listed = view.district.scored
    for result in listed:
        figures = result.figures.by_name()
        for amount in amounts:
            if (figure := figures.get(amount.concept)) is not None:
                amount.add(figure, result.kind)
    columns = (*department_columns(30), *(each.column(_least_width(each.heading, len(amounts))) for each in amounts))
    units = {view.pack.concept(each.concept).unit for each in amounts}
    unit = f"单位：{'、'.join(sorted(units))}" if units else ""
    note = "取各部门汇总行的数；只填局机关行的，以局机关数作为汇总数。空格为未填列，不按零计。未计分的报送不在内。"
    sheet = ListSheet(view, name, f"各部门{name}，合计为公式", f"{name}表", columns, note=note, unit=unit)
    sheet.table(listed, lambda result: OfDepartment(result, result.figures.by_name()), freeze="department", none="没有已计分的部门")
    if listed:
        totals = {each.key: ListCell(each.total, f"SUM({{{each.key}:all}})") for each in amounts}
        counts = {each.key: ListCell(each.count, f"COUNT({{{each.key}:all}})", number="count") for each in amounts}
        sheet.row({"department": "合计", **totals})
        sheet.row({"department": "填列的部门数", **counts})
        _sums_by_kind(sheet, amounts, Counter(result.kind for result in listed))
    return sheet


def _headings(view: DistrictView, table: Table, label: str) -> tuple[str, str]:
    """Return the headings of an amount: its table's name above its label; by row and column, the row above the column."""
    row, _, column = label.partition("·")
    return (table.name, label) if table in view.pack.money_tables or not column else (row, column)


def _least_width(heading: str, columns: int) -> float:
    """Return how wide a column is at least; where there are few, wide enough for its heading in one line."""
    return LEAST_AMOUNT_WIDTH if columns > FEW_COLUMNS else max(LEAST_AMOUNT_WIDTH, min(WIDEST_HEAD, widest(heading) + 2.0))


def _sums_by_kind(sheet: ListSheet[_Amounts], amounts: Sequence[_Amount], kinds: Counter[str]) -> None:
    """Add sums of each kind of department, where the roster has kinds."""
    named = [kind for kind in kinds if kind]
    if len(named) < 2:
        return
    sheet.end += 1
    sheet.section("按类别小计")
    for kind in named:
        sums = {
            each.key: ListCell(each.of_kind.get(kind, NOTHING), f"SUMIF({{kind:all}},{{kind}},{{{each.key}:all}})")
            for each in amounts
        }
        sheet.row({"department": f"{kind}（{kinds[kind]} 个部门）", "kind": kind, **sums}, role="")
