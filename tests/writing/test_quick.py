"""The quick way of drawing gives the same bytes as the library does cell by cell, whatever it is given."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from xlsxwriter.exceptions import OverlappingRange

from jixiao.batch.inbox.identity import header_of, resolve
from jixiao.demo.generate import district as generated
from jixiao.demo.write import bytes_of
from jixiao.model.finding import Severity
from jixiao.model.submission import Submission
from jixiao.pack import load_pack
from jixiao.pipeline import evaluate
from jixiao.reading.read import read_file
from jixiao.rubric_workbook.draw import rubric_workbook
from jixiao.writing.form.template import template_workbook
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.review.workbook import review_workbook
from jixiao.writing.summary import summary_workbook
from jixiao.writing.xlsx import theme, write
from jixiao.writing.xlsx.cell_text import MOST_ROWS
from jixiao.writing.xlsx.content import (
    Chart,
    ConditionalFormat,
    Link,
    ListCell,
    ListColumn,
    Listing,
    Page,
    Range,
    Series,
    SheetContent,
    Style,
    Validation,
    Value,
    WorkbookContent,
)
from jixiao.writing.xlsx.write import write_workbook
from tests.support.districts import district
from tests.support.summaries import summarized

YEAR = 2022
TEXTS = (
    "", "某局", " 前后有空格 ", "行一\n行二", "a & b < c > d \"引号\"", "_x000D_", "=1+1", "<r><t>x</t></r>", "😀" * 3, "甲\x07乙", "长" * 500,
    "制表\t符", "#N/A",
)  # fmt: skip
NUMBERS = (
    Decimal("0"), Decimal("-0.000001"), Decimal("123456.789012"), Decimal("99999999999999.9"), Decimal(10) ** 15, Decimal("NaN"),
    Decimal("-Infinity"), 0, 7, -10**15, 12345678901234567890, Decimal("1E-7"), Decimal("0.1"),
)  # fmt: skip
FORMULAS = ("SUM(A1:B2)", 'IF(A1<>"",A1&"<x>","")', "1/0", "SORT(A1:A3)", "ROUND(A1*2,2)")


def drawn(content: WorkbookContent, *, quick: bool) -> bytes:
    stream = BytesIO()
    write_workbook(content, stream, quick=quick)
    return stream.getvalue()


def parts(workbook: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(workbook)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def assert_same(content: WorkbookContent, reference: bytes = b"") -> None:
    quick, reference = drawn(content, quick=True), reference or drawn(content, quick=False)
    # What is cached at first must serve again.
    assert drawn(content, quick=True) == quick
    if quick != reference:
        told, expected = parts(quick), parts(reference)
        assert list(told) == list(expected)
        for name, text in expected.items():
            assert told[name] == text, name
    assert quick == reference


@pytest.mark.parametrize(("form", "seed"), [("yunxi_2022", 11), ("hunan_2020", 12)])
def test_returned_workbooks_of_a_random_district(form, seed, tmp_path, monkeypatch):
    pack = load_pack(form)
    filings = []
    for number, filing in enumerate(generated(pack, 14, seed)):
        path = tmp_path / f"{number}{Path(filing.file).suffix}"
        path.write_bytes(bytes_of(filing.workbook(pack)))
        filings.append(read_file(path, pack, file=path.name))
    assert all(isinstance(each, Submission) for each in filings)
    who = [resolve(header_of(each, pack), pack, (), YEAR) for each in filings]
    contents = [
        returned_workbook(each, pack, bureau="某区财政局", contact="", year=YEAR)
        for each in evaluate(filings, who, pack, YEAR)
    ]
    kinds = [cell for content in contents for sheet in content.sheets for cell in sheet.cells]
    # What the proof rests on: every kind of cell that a returned workbook has is among them.
    assert all(any(getattr(cell, kind) for cell in kinds) for kind in ("merged", "formula", "comment", "link"))
    references = [drawn(content, quick=False) for content in contents]
    # None of them needs the way of the library, whose bytes they are.
    monkeypatch.setattr(write, "_library_parts", None)
    for content, reference in zip(contents, references, strict=True):
        assert_same(content, reference)


@pytest.mark.parametrize("form", ["yunxi_2022", "hunan_2020"])
def test_every_other_workbook(form):
    pack = load_pack(form)
    assert_same(template_workbook(pack))
    assert_same(rubric_workbook(pack))


def test_summary_and_review():
    pack = load_pack("yunxi_2022")
    whole = summarized(district(pack, 30, 3), pack)
    assert_same(summary_workbook(whole, pack, tool_version="0", options={}))
    assert_same(review_workbook(whole, pack))


def test_a_sheet_whose_cells_a_chart_shows_keeps_them_for_the_chart():
    sheet = SheetContent("表")
    for row in range(3):
        sheet.put(row, 0, f"第{row}", Style("text"))
        sheet.put(row, 1, Decimal(row), Style("number"))
    shown = Series("数", Range("表", 0, 0, 2, 0), Range("表", 0, 1, 2, 1))
    chart = Chart("column", "图", (shown,), 5, 0, 400, 300, "说明")
    content = WorkbookContent([SheetContent("图", charts=[chart]), sheet, SheetContent("空")])
    assert_same(content)
    assert "第2" in parts(drawn(content, quick=True))["xl/charts/chart1.xml"]


@pytest.mark.parametrize("seed", range(40))
def test_random_contents(seed):
    dice = random.Random(seed)
    assert_same(
        WorkbookContent(
            [random_sheet(dice, f"表{number}'s") for number in range(dice.randrange(1, 4))],
            title=dice.choice(TEXTS), subject=dice.choice(TEXTS), company="某局",
        )
    )  # fmt: skip


def random_sheet(dice: random.Random, name: str) -> SheetContent:
    sheet = SheetContent(
        name, freeze=dice.choice([None, (1, 2)]), filter=dice.choice([None, (2, 0, 9, 3)]), protected=dice.random() < 0.5,
        tab=dice.choice(["", "#1F3864"]), gridlines=dice.random() < 0.5, zoom=dice.choice([100, 85]),
        page=Page(header=dice.choice(TEXTS), repeat_rows=dice.choice([None, (0, 1)]), print_area=dice.choice([None, (0, 0, 9, 4)])),
    )  # fmt: skip
    sheet.widths = {column: dice.choice([0.5, 8.43, 12.0, 40.0]) for column in range(dice.randrange(8))}
    sheet.hidden_columns = dice.choice([(), (1,), (12,)])
    sheet.heights = {dice.randrange(60): dice.choice([0.0, 15.0, 20.2, 33.0, 500.0]) for _ in range(dice.randrange(20))}
    free = {(row, column) for row in range(0, 50, 3) for column in range(0, 30, 4)}
    for row, column in dice.sample(sorted(free), dice.randrange(60)):
        put_random(dice, sheet, row, column)
    if sheet.cells and dice.random() < 0.5:
        again = dice.choice(sheet.cells)  # the later one counts
        put_random(dice, sheet, again.row, again.column, merge=False)
    sheet.validations = [
        Validation(1, 1, dice.choice([1, 9]), 1, kind, Decimal("0.5"), 9, ("甲", "乙"), "提示", "拒绝", dice.random() < 0.5)
        for kind in ("decimal", "whole", "list", "any")
        if dice.random() < 0.4
    ]
    sheet.conditions = [
        ConditionalFormat(2, 3, 20, 3, kind, "✗", dice.choice(sorted(theme.CONDITIONAL)))
        for kind in ("text_begins", "text_contains", "color_scale", "data_bar")
        if dice.random() < 0.3
    ]
    return sheet


def put_random(dice: random.Random, sheet: SheetContent, row: int, column: int, *, merge: bool = True) -> None:
    style = Style(
        dice.choice(sorted(theme.ROLES)), dice.choice(sorted(theme.NUMBERS)), dice.choice([None, None, *Severity]),
        dice.random() < 0.7, dice.choice(["", "center"]),
    )  # fmt: skip
    value = dice.choice([None, dice.choice(TEXTS), dice.choice(NUMBERS)])
    formula = dice.choice(["", "", dice.choice(FORMULAS)])
    if formula and isinstance(value, Decimal) and not value.is_finite():
        value = Decimal(1)
    link = dice.choice([None, None, Link(sheet.name, 3, 4, tip="转到"), Link(file="departments/甲 #1.xlsx")])
    sheet.put(
        row, column, value, style, formula=formula, comment=dice.choice(["", "", "请核实\n更正 <1>", "长" * 300]), link=link,
        last_row=row + dice.choice([0, 0, 2]) * merge, last_column=column + dice.choice([0, 0, 3]) * merge,
    )  # fmt: skip


@pytest.mark.parametrize("count", [1_023, 1_024])
def test_many_comments_on_a_sheet(count):
    sheet = SheetContent("表")
    for row in range(count):
        sheet.put(row, 0, "甲", Style("text"), comment="请核实")
    assert_same(WorkbookContent([sheet, replace(sheet, name="二", cells=sheet.cells[:2])]))


@pytest.mark.parametrize("cells", [(), ((2, 13),), ((0, 0), (9, 3))])
@pytest.mark.parametrize("hidden", [(), (0,), (1,), (12,), (5,)])
def test_the_extent_of_rows_with_heights_and_hidden_columns(cells, hidden):
    sheet = SheetContent("表", widths={0: 9.0, 1: 9.0, 12: 9.0}, heights={3: 33.0, 7: 15.0}, hidden_columns=hidden)
    for row, column in cells:
        sheet.put(row, column, "甲", Style("text"))
    other = SheetContent("二")
    other.put(0, 0, "乙", Style("text"))
    assert_same(WorkbookContent([sheet, replace(sheet, name="三", heights={}), other]))


@pytest.mark.parametrize("seed", range(20))
def test_random_listings(seed):
    dice = random.Random(seed)
    sheets = [random_listings(dice, f"表{number}") for number in range(dice.randrange(1, 4))]
    assert any(sheet.listings for sheet in sheets)
    assert_same(WorkbookContent(sheets, title="汇总", company="某局"))


def random_listings(dice: random.Random, name: str) -> SheetContent:
    """A sheet of own cells, listings below each other with gaps between them, and own cells below each."""
    sheet, row = SheetContent(name, filter=(1, 0, 9, 2)), 0
    for _ in range(dice.randrange(1, 4)):
        columns = tuple(
            ListColumn("", dice.choice([6, 20]), dice.choice(["text", "told", "number", "total"]), dice.choice(["", "count"]), dice.choice(["", "center"]))
            for _ in range(dice.randrange(1, 6))
        )  # fmt: skip
        put_random(dice, sheet, row, 0, merge=False)
        sheet.heights[row] = 20.0
        first = row + 1 + dice.randrange(3)
        rows = [[random_entry(dice) for _ in columns] for _ in range(dice.choice([0, 1, 3, 40]))]
        sheet.listings.append(Listing(first, columns, rows))
        row = first + len(rows) + dice.randrange(3)
    sheet.listings.append(Listing(row, (ListColumn("", 9),), [["末行"]]))
    dice.shuffle(sheet.listings)
    return sheet


def random_entry(dice: random.Random) -> Value | ListCell:
    value = dice.choice([None, dice.choice(TEXTS), dice.choice(NUMBERS)])
    match dice.randrange(6):
        case 0:
            return ListCell(Decimal(2), dice.choice(FORMULAS[:3]), number=dice.choice(["", "0.00"]))
        case 1:
            return ListCell("打开", link=dice.choice([Link("别处", 3, 4, tip="转到"), Link(file="departments/甲 [1].xlsx"), Link(file="<a>/`b`.xlsx")]))
        case 2:
            return ListCell(value, role=dice.choice(["", "error", "told", "total"]))
    return value


@pytest.mark.parametrize("quick", [True, False])
def test_overlapping_ranges_are_refused(quick):
    sheet = SheetContent("表")
    sheet.put(0, 0, "甲", Style("text"), last_column=2)
    sheet.put(0, 2, "乙", Style("text"), last_row=1)
    with pytest.raises(OverlappingRange):
        drawn(WorkbookContent([sheet]), quick=quick)


def test_what_stands_beyond_the_last_row_is_left_out_either_way():
    sheet = SheetContent("表")
    sheet.put(0, 0, "甲", Style("text"))
    sheet.put(MOST_ROWS, 0, "乙", Style("text"))
    assert_same(WorkbookContent([sheet, replace(sheet, name="二")]))
