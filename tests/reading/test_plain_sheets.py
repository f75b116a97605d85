"""What is read by searching a sheet's XML is what python-calamine reads; what may differ is left to it."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.reading.formats.calamine_reader import calamine_grids
from jixiao.reading.formats.grid import Grid, detailed
from jixiao.reading.formats.limits import LIMITS, ReaderFailed
from jixiao.reading.formats.open import UnreadableFile, grids_of
from jixiao.reading.formats.xlsx_details import read_styles, sheet_details, sheet_parts
from jixiao.reading.formats.xlsx_fast import plain_grids
from jixiao.reading.formats.zip_package import Format, open_package

ROOT = Path(__file__).resolve().parents[2]
WORKBOOKS = sorted([*ROOT.glob("samples/**/*.xlsx"), *ROOT.glob("input_templates/*.xlsx"), *ROOT.glob("tests/reading/data/*.xlsx")])


def plainly(data: bytes) -> list[Grid] | None:
    """The sheets by searching, None where they are left to the library."""
    package = open_package(data, LIMITS)
    return plain_grids(package, sheet_parts(package.parts), LIMITS)


def by_the_library(data: bytes) -> list[Grid]:
    """The sheets by the library, with what it does not tell."""
    package = open_package(data, LIMITS)
    percent = read_styles(package.parts.get("xl/styles.xml", b"")).percent
    grids = calamine_grids(data, LIMITS, formats_known=True)
    sheets = [package.parts[each.path] for each in sheet_parts(package.parts)]
    return [detailed(grid, sheet_details(sheet, percent, LIMITS)) for grid, sheet in zip(grids, sheets, strict=True)]


def exactly(grids: list[Grid] | None) -> object:
    """Everything that grids say, numbers with their kind and sign."""
    return grids and [
        (each.name, [[repr(cell) for cell in row] for row in each.rows], sorted(each.merges), each.hidden, each.hidden_rows,
         each.hidden_columns, each.percent, each.formats_known)
        for each in grids
    ]  # fmt: skip


def is_xlsx(data: bytes) -> bool:
    """Whether a file is what its name says."""
    try:
        return open_package(data, LIMITS).format is Format.XLSX
    except UnreadableFile:
        return False


FILES = [path for path in WORKBOOKS if is_xlsx(path.read_bytes())]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_filings_are_read_by_searching_as_the_library_reads_them(path):
    data = path.read_bytes()
    found = plainly(data)
    assert found is None or exactly(found) == exactly(by_the_library(data))


def test_most_samples_are_plain():
    read = [plainly(path.read_bytes()) for path in FILES if path.is_relative_to(ROOT / "samples")]
    assert sum(each is not None for each in read) > 0.9 * len(read)


TEXTS = st.text(st.sampled_from(" a中万元\n\t&<>\"'_x000D\u3000\u00a01.-%é🙂#=;"), max_size=12)
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**12), 10**12), st.sampled_from([0, -0.0, 0.1 + 0.2, 1e-7, 1e300]),
)  # fmt: skip
VALUES = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none())
SHEETS = st.lists(st.dictionaries(st.tuples(st.integers(0, 30), st.integers(0, 30)), VALUES, max_size=25), min_size=1, max_size=3)
FORMATS = ("General", "0.00", "0%", "#,##0.00", '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "yyyy-mm-dd", "@", '0"元"', "[Red]0")


def xlsxwriter_book(sheets: list[dict[tuple[int, int], object]], number_format: str, merge: bool, hide: bool) -> bytes:
    held = BytesIO()
    book = xlsxwriter.Workbook(held, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    shown = book.add_format({"num_format": number_format})
    for number, cells in enumerate(sheets):
        sheet = book.add_worksheet(f"表{number}")
        for (row, column), value in sorted(cells.items()):
            if isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            elif value is None:
                sheet.write_blank(row, column, None, shown)
            else:
                sheet.write_number(row, column, float(value), shown)
        sheet.write_formula(40, 1, "=1+1", shown, 2)
        sheet.write_formula(41, 1, '="a"&"b"', None, "a&b ")
        sheet.write_formula(42, 1, '=""', None, "")
        if merge:
            sheet.merge_range(45, 0, 47, 3, "合并")
            sheet.set_row(3, None, None, {"hidden": True})
        if hide and number:
            sheet.hide()
            sheet.set_column(2, 4, None, None, {"hidden": True})
    book.close()
    return held.getvalue()


def openpyxl_book(sheets: list[dict[tuple[int, int], object]], number_format: str, merge: bool, hide: bool) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, cells in enumerate(sheets):
        sheet = book.create_sheet(f"表{number}")
        for (row, column), value in cells.items():
            cell = sheet.cell(row + 1, column + 1)
            cell.number_format = number_format
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
        if merge:
            sheet.merge_cells("A46:D48")
        if hide and number:
            sheet.sheet_state = "veryHidden"
    held = BytesIO()
    book.save(held)
    return held.getvalue()


@settings(max_examples=60, deadline=None)
@given(SHEETS, st.sampled_from(FORMATS), st.booleans(), st.booleans(), st.sampled_from([xlsxwriter_book, openpyxl_book]))
def test_whatever_stands_in_a_workbook_is_read_the_same_or_left_to_the_library(sheets, number_format, merge, hide, write):
    data = write(sheets, number_format, merge, hide)
    found = plainly(data)
    try:
        grids = by_the_library(data)
    except ReaderFailed:  # it breaks down over dates far out
        assert found is None
        return
    if any(cells and not grid.rows for cells, grid in zip(sheets, grids, strict=True)):  # what it takes for empty others read
        assert found is None or exactly(found) == exactly(grids)
        return
    expected = exactly(grids)
    assert found is None or exactly(found) == expected
    assert exactly(grids_of(data)) == expected


HEAD = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
SST = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>甲</t></si>{}</sst>'
)
STYLES = (
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3"><xf numFmtId="0"/>'
    b'<xf numFmtId="14"/><xf numFmtId="9"/></cellXfs></styleSheet>'
)


def book(rows: bytes, strings: str = "", tail: bytes = b"</sheetData></worksheet>") -> bytes:
    """A workbook of one sheet, written by hand."""
    held, plain = BytesIO(), xlsxwriter_book([{(0, 0): "甲"}], "General", False, False)
    with zipfile.ZipFile(BytesIO(plain)) as before, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = HEAD + rows + tail
            elif name == "xl/styles.xml":
                content = STYLES
            elif name == "xl/sharedStrings.xml":
                content = SST.format(strings).encode()
            after.writestr(name, content)
    return held.getvalue()


ROW = b'<row r="1">%b</row>'
SAME = {
    "a text": (ROW % b'<c r="A1" t="s"><v>0</v></c>', ""),
    "a number": (ROW % b'<c r="B1"><v>5.5E-3</v></c>', ""),
    "a negative zero": (ROW % b'<c r="A1" t="n"><v>-0</v></c>', ""),
    "truths": (ROW % b'<c r="A1" t="b"><v>1</v></c><c r="C1" t="b"><v>0</v></c>', ""),
    "a percentage": (ROW % b'<c r="A1" s="2"/><c r="B1" s="2"><v>0.5</v></c>', ""),
    "a formula's text": (ROW % b'<c r="A1" t="str"><f>A2</f><v> a&amp;b </v></c>', ""),
    "a formula's empty text": (ROW % b'<c r="A1" t="str"><f>A2</f><v></v></c><c r="B1"><v>1</v></c>', ""),
    "a shared formula": (ROW % b'<c r="A1"><f t="shared" si="0"/><v>3</v></c>', ""),
    "kept blanks": (ROW % b'<c r="A1" t="s"><v>1</v></c>', '<si><t xml:space="preserve"> 乙 </t></si>'),
    "a phonetic property": (ROW % b'<c r="A1" t="s"><v>1</v></c>', '<si><t>乙</t><phoneticPr fontId="1" type="noConversion"/></si>'),
    "an empty text": (ROW % b'<c r="A1"><v>1</v></c><c r="B1" t="s"><v>1</v></c>', '<si><t></t></si>'),
    "no rows": (b"", ""),
    "empty rows": (b'<row r="2" ht="20"/>' + ROW.replace(b"1", b"4") % b'<c r="A4" s="2"/>', ""),
    "references to characters": (ROW % b'<c r="A1" t="s"><v>1</v></c>', "<si><t>&lt;&amp;amp;&#10;&quot;&apos;</t></si>"),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_what_is_plain_is_read_by_searching(case):
    data = book(*SAME[case])
    assert plainly(data) is not None
    assert exactly(plainly(data)) == exactly(by_the_library(data))


LEFT = {
    "an error": (ROW % b'<c r="A1"><v>1</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', ""),
    "a hidden row": (b'<row r="2" hidden="1"/>' + ROW.replace(b"1", b"4") % b'<c r="A4" s="2"/>', ""),
    "a date": (ROW % b'<c r="A1" s="1"><v>44000</v></c>', ""),
    "a style that is not there": (ROW % b'<c r="A1" s="7"><v>44000</v></c>', ""),
    "an inline text": (ROW % b'<c r="A1" t="inlineStr"><is><t>a</t></is></c>', ""),
    "a formula without a result": (ROW % b'<c r="A1"><f>A2</f></c>', ""),
    "a formula with an empty result": (ROW % b'<c r="A1"><f>A2</f><v></v></c>', ""),
    "a number that is none": (ROW % b'<c r="A1"><v>1.2.3</v></c>', ""),
    "a figure with a line": (ROW % b'<c r="A1"><v>1_000</v></c>', ""),
    "a name for a number": (ROW % b'<c r="A1"><v>nan</v></c>', ""),
    "a text that is not there": (ROW % b'<c r="A1" t="s"><v>9</v></c>', ""),
    "cells out of order": (ROW % b'<c r="B1"><v>1</v></c><c r="A1"><v>2</v></c>', ""),
    "a cell twice": (ROW % b'<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>', ""),
    "rows out of order": (b'<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>', ""),
    "cells without references": (ROW % b"<c><v>1</v></c>", ""),
    "attributes in another order": (ROW % b'<c s="2" r="A1"><v>1</v></c>', ""),
    "another element": (ROW % b'<c r="A1"><v>1</v></c><x/>', ""),
    "a text between cells": (ROW % b'<c r="A1"><v>1</v></c> 2', ""),
    "a comment": (ROW % b'<!-- <c r="A1"><v>1</v></c> -->', ""),
    "several fonts in a text": (ROW % b'<c r="A1" t="s"><v>1</v></c>', "<si><r><t>a</t></r><r><t>b</t></r></si>"),
    "blanks that are not kept": (ROW % b'<c r="A1" t="s"><v>1</v></c>', "<si><t> a </t></si>"),
    "an empty element for a text": (ROW % b'<c r="A1" t="s"><v>1</v></c>', "<si/><si><t>a</t></si>"),
    "an escaped character": (ROW % b'<c r="A1" t="s"><v>1</v></c>', "<si><t>a_x000D_b</t></si>"),
    "a carriage return": (ROW % b'<c r="A1" t="s"><v>1</v></c>', "<si><t>a\r\nb</t></si>"),
    "another reference": (ROW % b'<c r="A1" t="s"><v>1</v></c>', "<si><t>a&#13;b</t></si>"),
    "a row that does not end": (b'<row r="1"><c r="A1"><v>1</v></c>', ""),
    "a row before the first": (ROW % b'<c r="A0"><v>1</v></c>', ""),
    "a column far out": (ROW % b'<c r="AAA1"><v>1</v></c>', ""),
}  # fmt: skip


@pytest.mark.parametrize("case", LEFT)
def test_what_is_not_plain_is_left_to_the_library(case):
    assert plainly(book(*LEFT[case])) is None


TAILS = {
    "a merge that is cut": b'</sheetData><mergeCells count="1"><mergeCell ref="A1:B2"></mergeCells></worksheet>',
    "a merge of something else": b'</sheetData><mergeCells count="1"><mergeCell ref="A1:B2"/><x/></mergeCells></worksheet>',
    "merges twice": b'</sheetData>' + 2 * b'<mergeCells><mergeCell ref="A1:B2"/></mergeCells>' + b"</worksheet>",
    "rows twice": b'</sheetData><sheetData><row r="3"/></sheetData></worksheet>',
    "an end that is cut": b"</sheetData></works",
}  # fmt: skip


@pytest.mark.parametrize("tail", TAILS)
def test_a_sheet_whose_end_is_odd_is_left_to_the_library(tail):
    assert plainly(book(ROW % b'<c r="A1"><v>1</v></c>', "", TAILS[tail])) is None


def test_a_part_that_is_not_what_its_checksum_says_is_left_to_the_library():
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(book(ROW % b'<c r="A1"><v>12345</v></c>'))) as before, zipfile.ZipFile(held, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name))
    data = held.getvalue()
    assert plainly(data) is not None
    assert plainly(data.replace(b"<v>12345</v>", b"<v>12346</v>")) is None


@pytest.mark.parametrize(
    ("code", "undated"),
    [("0.00", True), ("General", True), ('0.0"元"', True), ("#,##0.00;-#,##0.00", True), ("yyyy", False), ("0.00E+00", False),
     ("[h]:mm", False), ("m", False), ('"年"', True), ("上午/下午", False)],
)  # fmt: skip
def test_only_formats_that_are_surely_no_dates_are_plain(code, undated):
    escaped = code.replace('"', "&quot;").encode()
    styles = (
        b'<styleSheet><numFmts><numFmt numFmtId="176" formatCode="%b"/></numFmts><cellXfs count="1"><xf numFmtId="176"/></cellXfs>'
        b"</styleSheet>" % escaped
    )
    assert (read_styles(styles).undated == {0}) is undated


@pytest.mark.parametrize("path", FILES[:8], ids=lambda path: path.name)
def test_a_package_with_a_damaged_directory_opens_or_is_refused(path):
    data = path.read_bytes()
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"PK\x05\x06"))
    for seed in range(400):
        dice = random.Random(f"{path.name}/{seed}")
        broken = bytearray(data)
        for _ in range(dice.choice((1, 1, 3))):
            place = dice.randrange(at - 600, len(data))
            broken[place] = dice.choice((0, 1, 255, 47, 92, dice.randrange(256)))
        cut = bytes(broken[: dice.choice((len(data), len(data) - 1, len(data) - 30))]) + dice.choice((b"", b"", b"PK\x05\x06" + bytes(18)))
        try:
            assert open_package(cut, LIMITS).parts
        except UnreadableFile as refused:
            assert refused.reason


@pytest.mark.parametrize(
    ("rows", "columns", "hidden"),
    [
        (b'<row r="2" ht="0" customHeight="1">', b"", ({1}, set())),
        (b'<row r="2" ht="0.00" customHeight="1">', b"", ({1}, set())),
        (b'<row r="2" ht="0.75" customHeight="1">', b"", (set(), set())),
        (b'<row r="2" ht="18">', b'<cols><col min="2" max="3" width="0" customWidth="1"/></cols>', (set(), {1, 2})),
        (b'<row r="2">', b'<cols><col min="2" max="3" width="0.5" customWidth="1"/></cols>', (set(), set())),
        (b'<row r="2" hidden="1">', b'<cols><col min="4" max="4" width="9" hidden="1"/></cols>', ({1}, {3})),
    ],
)
def test_rows_and_columns_that_show_nothing_are_hidden(rows, columns, hidden):
    sheet = b"<worksheet>" + columns + b"<sheetData>" + rows + b'<c r="A2"><v>1</v></c></row></sheetData></worksheet>'
    found = sheet_details(sheet, frozenset(), LIMITS)
    assert (found.hidden_rows, found.hidden_columns) == hidden
