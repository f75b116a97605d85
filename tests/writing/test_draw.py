"""A drawn workbook holds exactly its content: values, looks, comments, links, and the same bytes each time."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from jixiao.model.finding import Severity
from jixiao.writing.xlsx.cell_text import CLIPPED, LONGEST_TEXT, clean_text, utf16_length
from jixiao.writing.xlsx.content import (
    Chart,
    ConditionalFormat,
    Link,
    Page,
    Range,
    Series,
    SheetContent,
    Style,
    Validation,
    WorkbookContent,
)
from jixiao.writing.xlsx.write import write_workbook

PLAIN = Style("text")


def drawn(sheet: SheetContent, **properties: str) -> bytes:
    target = BytesIO()
    write_workbook(WorkbookContent([sheet], **properties), target)
    return target.getvalue()


def read(sheet: SheetContent, **properties: str):
    return openpyxl.load_workbook(BytesIO(drawn(sheet, **properties)))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "=HYPERLINK(\"http://a\")", "http://a.b/c", "001001", "1e3", "{=A1}", "_x000D_", "<b>x</b>"],
)  # fmt: skip
def test_text_of_a_filing_stays_text(text):
    sheet = SheetContent("表")
    sheet.put(0, 0, text, PLAIN)
    cell = read(sheet)["表"]["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x00b\x0bc", "abc"),
        ("甲\u202e乙\u2066", "甲乙"),
        ("\ud800孤", "孤"),
        ("行一\r\n行二\r行三", "行一\n行二\n行三"),
        ("<r><t>x</t></r>", "<r><t>x</t></r> "),
        ("普通　文字\t✓", "普通　文字\t✓"),
    ],
)
def test_what_no_cell_may_hold_is_left_out(text, cleaned):
    assert clean_text(text) == cleaned


def test_a_text_longer_than_a_cell_holds_is_clipped_and_says_so():
    sheet = SheetContent("表")
    sheet.put(0, 0, "😀" * 20_000, PLAIN)
    value = read(sheet)["表"]["A1"].value
    assert value.endswith(CLIPPED)
    assert utf16_length(value) <= LONGEST_TEXT


@pytest.mark.parametrize(
    ("number", "read_back"),
    [
        (Decimal("654.74"), 654.74),
        (Decimal("-0.000001"), -0.000001),
        (0, 0),
        (Decimal("12345678901234567890"), "12345678901234567890"),
        (Decimal("NaN"), "NaN"),
        (None, None),
        ("", None),
    ],
)
def test_numbers_stay_numbers_while_a_spreadsheet_holds_them_exactly(number, read_back):
    sheet = SheetContent("表")
    sheet.put(0, 0, number, Style("number", "amount"))
    assert read(sheet)["表"]["A1"].value == read_back


@pytest.mark.parametrize(("severity", "sign"), [(Severity.ERROR, "▲"), (Severity.WARNING, "●"), (Severity.INFO, "○")])
def test_a_severity_shows_by_fill_by_border_by_a_sign_and_by_a_comment_and_leaves_the_number_a_number(severity, sign):
    sheet = SheetContent("表")
    sheet.put(0, 0, Decimal("-1.5"), Style("number", "amount", severity, locked=False), comment="请核实更正")
    sheet.put(1, 0, Decimal("-1.5"), Style("number", "amount", locked=False))
    marked, plain = (read(sheet)["表"][address] for address in ("A1", "A2"))
    assert marked.value == -1.5
    assert marked.number_format.split(";")[0] == f'"{sign}"#,##0.00'
    assert marked.number_format.split(";")[1].startswith(f'"{sign}"-')
    assert (marked.comment.text, marked.comment.author) == ("请核实更正", "财政局")
    assert marked.fill.fgColor.rgb != plain.fill.fgColor.rgb
    assert marked.border.left.style != plain.border.left.style
    assert not marked.protection.locked


def test_links_are_native_and_not_formulas():
    sheet = SheetContent("问题's 单")
    sheet.put(0, 0, "看", Style("link"), link=Link(sheet="问题's 单", row=4, column=27, tip="转到"))
    sheet.put(1, 0, "开", Style("link"), link=Link(file="departments/101_某 部#1.xlsx"))
    sheet.put(2, 0, Decimal(3), Style("link"), last_column=1, link=Link(sheet="问题's 单"))
    page = read(sheet)["问题's 单"]
    assert (page["A1"].hyperlink.location, page["A1"].hyperlink.tooltip) == ("'问题''s 单'!AB5", "转到")
    assert page["A2"].hyperlink.target.replace("\\", "/") == "departments/101_某%20部%231.xlsx"
    assert (page["A3"].value, page["A3"].hyperlink.location) == (3, "'问题''s 单'!A1")
    assert {page[address].data_type for address in ("A1", "A2", "A3")} == {"s", "n"}


def test_a_formula_has_its_value_beside_it():
    sheet = SheetContent("表")
    sheet.put(0, 0, Decimal("0.1"), PLAIN, formula="1/10")
    sheet.put(1, 0, "✓ 相符", PLAIN, formula='IF(TRUE,"✓ 相符","")')
    content = drawn(sheet)
    formulas, values = (openpyxl.load_workbook(BytesIO(content), data_only=cached)["表"] for cached in (False, True))
    assert [(formulas[a].value, values[a].value) for a in ("A1", "A2")] == [
        ("=1/10", 0.1),
        ('=IF(TRUE,"✓ 相符","")', "✓ 相符"),
    ]


def everything() -> SheetContent:
    sheet = SheetContent("表", widths={0: 12.0, 1: 8.0}, heights={0: 500.0}, freeze=(1, 1), filter=(1, 0, 3, 1))
    sheet.hidden_columns, sheet.tab, sheet.protected = (1,), "#C00000", True
    for row in range(4):
        sheet.put(row, 0, Decimal(row), Style("score", "marks", locked=False))
        sheet.put(row, 1, f"第{row}", Style("label"))
    sheet.validations.append(Validation(1, 0, 3, 0, "list", choices=("是", "否"), prompt="请选择", refusal="只能选"))
    sheet.conditions.extend((
        ConditionalFormat(0, 0, 3, 0, "text_begins", "✗", "error"), ConditionalFormat(0, 0, 3, 0, "color_scale"),
        ConditionalFormat(0, 0, 3, 0, "data_bar"),
    ))  # fmt: skip
    names, values = Range("表", 0, 1, 3, 1), Range("表", 0, 0, 3, 0)
    for number, kind in enumerate(("column", "bar", "pie", "line", "scatter", "stacked_bar")):
        sheet.charts.append(Chart(kind, f"题{number}", (Series("得分", names, values),), 6, 0, 300, 200, f"替代{number}", "横", "纵"))
    sheet.page = Page(True, (0, 0), (0, 0, 3, 1), header="2022年度 A&B")
    return sheet


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_print_set_up_protection_and_views_are_as_said():
    book = read(everything(), company="某财政局", title="汇总")
    page = book["表"]
    assert (page.page_setup.paperSize, page.page_setup.orientation, page.page_setup.fitToHeight) == (9, "landscape", 0)
    assert (page.print_title_rows, page.print_area) == ("$1:$1", "'表'!$A$1:$B$4")
    assert "A&&B" in page.oddHeader.right.text or "A&B" in page.oddHeader.right.text
    assert page.protection.sheet and page.protection.password is None
    assert (page["A1"].protection.locked, page["B1"].protection.locked) == (False, True)
    assert (page.freeze_panes, page.auto_filter.ref) == ("B2", "A2:B4")
    assert page.column_dimensions["B"].hidden
    assert 408 < page.row_dimensions[1].height <= 409
    assert (book.properties.title, book.properties.creator) == ("汇总", "某财政局")
    assert len(page.conditional_formatting) == 1
    (validation,) = page.data_validations.dataValidation
    assert (validation.formula1, validation.prompt, validation.error) == ('"是,否"', "请选择", "只能选")


def test_charts_have_titles_and_alt_text_and_point_at_their_cells():
    with ZipFile(BytesIO(drawn(everything()))) as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/chart")]
        drawing = package.read("xl/drawings/drawing1.xml").decode()
    assert len(charts) == 6
    assert all(f"题{number}" in "".join(charts) and f'descr="替代{number}"' in drawing for number in range(6))
    assert all("表!$A$1:$A$4" in chart and "表!$B$1:$B$4" in chart for chart in charts)


def test_the_same_content_gives_the_same_bytes():
    assert drawn(everything()) == drawn(everything())
