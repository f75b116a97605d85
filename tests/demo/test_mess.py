"""What is done to a tidy workbook leaves what it says as it is, or changes just what it says it changes."""

from __future__ import annotations

from jixiao.demo.declaration import Mess
from jixiao.demo.disorder import messed, without_rows
from jixiao.writing.xlsx.content import SheetContent, Style, WorkbookContent

PLAIN = Style("plain")


def book(*names):
    sheets = []
    for name in names:
        sheet = SheetContent(name)
        sheet.put(0, 0, f"{name}甲", PLAIN, last_row=1)
        sheet.put(0, 1, f"{name}乙", PLAIN)
        sheet.put(1, 1, 5, PLAIN, formula="A1")
        sheets.append(sheet)
    return WorkbookContent(sheets)


def cells(content):
    return [
        (sheet.name, cell.row, cell.column, cell.last_row, cell.value)
        for sheet in content.sheets
        for cell in sheet.cells
    ]


def test_a_shift_moves_cells_and_merges_and_turns_formulas_into_values():
    shifted = messed(book("一"), [Mess(kind="shift", rows=3, columns=2)])
    assert cells(shifted) == [("一", 3, 2, 4, "一甲"), ("一", 3, 3, 3, "一乙"), ("一", 4, 3, 4, 5)]
    assert not any(cell.formula for cell in shifted.sheets[0].cells)


def test_one_sheet_holds_all_below_each_other():
    pasted = messed(book("一", "二"), [Mess(kind="one_sheet", name="Sheet1", rows=2)])
    assert cells(pasted) == [
        ("Sheet1", 0, 0, 1, "一甲"), ("Sheet1", 0, 1, 0, "一乙"), ("Sheet1", 1, 1, 1, 5),
        ("Sheet1", 4, 0, 5, "二甲"), ("Sheet1", 4, 1, 4, "二乙"), ("Sheet1", 5, 1, 5, 5),
    ]  # fmt: skip


def test_sheets_are_renamed_reordered_hidden_and_dropped():
    steps = [
        Mess(kind="order", sheets=("三", "一")), Mess(kind="hide", sheet="三"), Mess(kind="rename", sheet="一", name="附件 "),
        Mess(kind="drop", sheets=("二",)),
    ]  # fmt: skip
    content = messed(book("一", "二", "三"), steps)
    assert [(sheet.name, sheet.hidden) for sheet in content.sheets] == [("三", True), ("附件 ", False)]
    assert content.active == 1


def test_a_row_is_taken_out_and_the_rest_closes_up():
    sheet = without_rows(book("一").sheets[0], "一乙")
    assert [(cell.row, cell.column, cell.last_row, cell.value) for cell in sheet.cells] == [
        (0, 0, 0, "一甲"),
        (0, 1, 0, 5),
    ]


def test_a_note_stands_below_or_beside_everything():
    below = messed(book("一"), [Mess(kind="note", sheet="一", rows=2, text="备注")])
    beside = messed(book("一"), [Mess(kind="note", sheet="一", rows=1, columns=3, text="备注")])
    assert cells(below)[-1] == ("一", 3, 0, -1, "备注")
    assert cells(beside)[-1] == ("一", 1, 4, -1, "备注")
