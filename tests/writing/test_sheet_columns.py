"""A sheet's columns are declared once: whatever stands in a sheet follows a column that is added to its declaration."""

from __future__ import annotations

import pytest

from jixiao.model.result import District
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import ListSheet, SummaryColumn
from jixiao.writing.xlsx.content import ListCell
from tests.support.summaries import laid

NAME: SummaryColumn[tuple[str, int]] = SummaryColumn("name", "名称", 20, lambda item: item[0])
LENGTH: SummaryColumn[tuple[str, int]] = SummaryColumn("length", "字数", 8, lambda item: len(item[0]), "score", "count")
NUMBER: SummaryColumn[tuple[str, int]] = SummaryColumn("number", "数", 10, lambda item: item[1], "number", summed=True, group="数据")
DOUBLE: SummaryColumn[tuple[str, int]] = SummaryColumn(
    "double", "两倍", 10, lambda item: 2 * item[1], "number", formula="{number}*2", group="数据"
)
SHARE: SummaryColumn[tuple[str, int]] = SummaryColumn(
    "share", "占比", 10, lambda item: item[1] or None, formula="{number:fixed}/SUM({number:all})+{number:total}-{number:below}"
)
ITEMS = [("甲", 3), ("乙丙", 0)]


def drawn(pack, *columns: SummaryColumn[tuple[str, int]]):
    sheet = ListSheet(DistrictView(District((), (), False, 2022), pack), "表", "内容", "标题", columns, note="说明", dated=False)
    sheet.table(ITEMS, freeze="name")
    sheet.row({"name": "合计", **sheet.sums(ITEMS), "double": ListCell(6, "SUM({double:all})+{number}")})
    sheet.condition("number", "data_bar")
    return sheet, laid(sheet.content)


@pytest.mark.parametrize("columns", [(NAME, NUMBER, DOUBLE, SHARE), (LENGTH, NAME, LENGTH, NUMBER, DOUBLE, SHARE)])
def test_everything_follows_a_column_that_is_added(pack, columns):
    sheet, content = drawn(pack, *columns)
    at = columns.index(NUMBER)
    number, double = "ABCDEF"[at], "ABCDEF"[at + 1]
    cells = {(cell.row, cell.column): cell for cell in content.cells}
    assert [cells[3, n].value for n in range(len(columns))] == [column.heading for column in columns]
    assert list(content.widths.values()) == [column.width for column in columns]
    assert (cells[2, at].value, cells[2, at].last_column) == ("数据", at + 1)
    assert content.filter == (3, 0, 5, len(columns) - 1)
    assert content.freeze == (4, columns.index(NAME) + 1)
    assert cells[4, at + 1].formula == f"{number}5*2"
    assert cells[4, at + 2].formula == f"${number}$5/SUM(${number}$5:${number}$6)+${number}$7-{number}7"
    assert (cells[5, at + 2].value, cells[5, at + 2].formula) == (None, "")
    assert (cells[6, at].value, cells[6, at].formula) == (3, f"SUM(${number}$5:${number}$6)")
    assert cells[6, at + 1].formula == f"SUM(${double}$5:${double}$6)+{number}7"
    assert (content.conditions[0].column, content.conditions[0].last_row) == (at, 5)
    assert sheet.span("double", outside=True) == f"'表'!${double}$5:${double}$6"


def test_a_formula_names_columns_that_exist(pack):
    sheet, _ = drawn(pack, NAME, NUMBER)
    with pytest.raises(KeyError):
        sheet.formula("{double}*2")
