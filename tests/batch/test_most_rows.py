"""The longest lists of the summary are cut as asked; what no sheet can hold is refused and nothing is cut in silence."""

from __future__ import annotations

import openpyxl
import pytest

from jixiao.batch.district_files import _draw
from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.errors import UsageError
from jixiao.writing.xlsx import draw_sheet, write
from jixiao.writing.xlsx.content import Link, ListColumn, Listing, SheetContent, Style, WorkbookContent
from jixiao.writing.xlsx.fast import links
from jixiao.writing.xlsx.write import write_workbook
from tests.support.workbooks import Filed


@pytest.fixture
def inbox(pack, tmp_path):
    filed = Filed(pack)
    for number in (1, 2, 3):
        filed.cell("cover.budget_code").value = f"10100{number}"
        filed.cell("cover.department").value = f"某区第{number}局"
        filed.save(tmp_path / "inbox" / f"{number}.xlsx")
    return tmp_path / "inbox"


def test_the_summary_shows_as_many_rows_as_asked_and_says_so(inbox, tmp_path):
    found = run(Options(inbox, tmp_path / "out", "yunxi_2022")).district.results
    every = sum(len(result.findings) for result in found)
    assert every > 5
    run(Options(inbox, tmp_path / "out", "yunxi_2022", most_rows=5))
    book = openpyxl.load_workbook(tmp_path / "out" / "区级汇总.xlsx", read_only=True)
    rows = [row for row in book["问题清单"].iter_rows(values_only=True) if isinstance(row[0], int)]
    told = [str(value) for row in book["问题清单"].iter_rows(values_only=True) for value in row if "findings.parquet" in str(value)]
    assert len(rows) == 5
    assert len(told) == 2 and all(str(every - 5) in text for text in told)
    info = dict(row[:2] for row in book["运行信息"].iter_rows(values_only=True))
    assert info["清单最多行数"] == "5"


def test_a_sheet_with_more_rows_than_there_can_be_is_refused_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(write, "MOST_ROWS", 10)
    sheet = SheetContent("复核表")
    for row in range(10):
        sheet.put(row, 0, "甲", Style("text"))
        sheet.put(row, 1, "乙", Style("text"))
    _draw(WorkbookContent([sheet]), tmp_path / "whole.xlsx")
    sheet.put(10, 0, "丙", Style("text"))
    with pytest.raises(UsageError, match=r"“复核表”超过 Excel 每表 1,048,576 行的上限，请按区县分批运行"):
        _draw(WorkbookContent([sheet]), tmp_path / "long.xlsx")
    long = Listing(2, (ListColumn("", 9),), [["甲"]] * 9)
    with pytest.raises(UsageError, match="“问题清单”"):
        _draw(WorkbookContent([SheetContent("问题清单", listings=[long])]), tmp_path / "long.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["whole.xlsx"]


def test_links_beyond_what_a_sheet_may_have_stay_text(tmp_path, monkeypatch):
    for module in (links, draw_sheet):
        monkeypatch.setattr(module, "MOST_LINKS", 3)
    sheet = SheetContent("问题清单")
    for row in range(5):
        sheet.put(row, 0, f"打开{row}", Style("link"), link=Link(file=f"departments/{row}.xlsx"))
    write_workbook(WorkbookContent([sheet]), tmp_path / "links.xlsx")
    cells = [cell for (cell,) in openpyxl.load_workbook(tmp_path / "links.xlsx")["问题清单"].iter_rows()]
    assert [cell.value for cell in cells] == [f"打开{row}" for row in range(5)]
    assert [bool(cell.hyperlink) for cell in cells] == [True, True, True, False, False]
