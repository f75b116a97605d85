"""What is cached of a cell by its bytes is what parsing it gives, whatever was read before; and the cache stays bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.reading.formats import xlsx_fast
from jixiao.reading.formats.xlsx_details import read_styles
from jixiao.reading.formats.xlsx_fast import NotPlainError, read_cells, shared_texts

STYLES = read_styles(
    b'<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts><cellXfs count="4">'
    b'<xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="4"/></cellXfs></styleSheet>'
)
TEXTS = ("甲", "", "合计")
VALUES = st.sampled_from(
    ("/>", " />", "><v>1</v></c>", "><v>2702.31</v></c>", ' t="s"><v>0</v></c>', ' t="s"><v>1</v></c>', ' t="s"><v>2</v></c>',
     ' t="str"><f>IF(A1=0,"","✓")</f><v>✓</v></c>', ' t="str"><f>A1</f><v></v></c>', ' t="b"><v>1</v></c>', ' t="e"><f>1/0</f><v>#DIV/0!</v></c>',
     ' t="n"><f>1+1</f><v>2</v></c>', ' t="s"><v>9</v></c>', "><v>x</v></c>", ' t="str"><v>a_x000D_</v></c>', "></c>"),
)  # fmt: skip
CELLS = st.tuples(st.sampled_from(("", ' s="0"', ' s="1"', ' s="2"', ' s="3"')), VALUES)
ROW_MARKS = st.sampled_from(("", ' ht="20" customHeight="1"', ' hidden="1"', ' ht="0"', ' spans="1:3" x14ac:dyDescent="0.2"', " ", ' odd="<"'))
SHEETS = st.lists(st.tuples(ROW_MARKS, st.lists(CELLS, max_size=4)), max_size=6)


def written(sheet: list[tuple[str, list[tuple[str, str]]]]) -> bytes:
    rows = []
    for row, (marks, cells) in enumerate(sheet, start=1):
        held = "".join(f'<c r="{"ABCD"[column]}{row}"{style}{rest}' for column, (style, rest) in enumerate(cells))
        rows.append(f'<row r="{row}"{marks}>{held}</row>' if held or row % 2 else f'<row r="{row}"{marks}/>')
    return "".join(rows).encode()


def cells(rows: bytes) -> object:
    try:
        return read_cells(rows, TEXTS, STYLES)
    except (NotPlainError, IndexError, ValueError):
        return None


@settings(max_examples=200, deadline=None)
@given(st.lists(SHEETS, min_size=1, max_size=5))
def test_a_sheet_holds_the_same_whatever_was_read_before_it(sheets):
    for each in [*sheets, *reversed(sheets)]:
        rows = written(each)
        cached = cells(rows)
        xlsx_fast._cached_cell.cache_clear()
        assert cached == cells(rows)


def test_cells_are_read_with_their_percent_formats():
    rows = (
        b'<row r="1"><c r="A1" s="1"/><c r="B1" t="s"><v>2</v></c></row><row r="2"/><row r="3"></row>'
        b'<row r="4"><c r="A4" s="3"><f>1+1</f><v>2</v></c><c r="B4" s="1"><v>0.5</v></c></row><row r="5"/>'
    )
    assert cells(rows) == ({(0, 1): "合计", (3, 0): 2.0, (3, 1): 0.5}, {(3, 1)})


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"><c r="A1"><v>1</v></c>',  # a row that is not closed
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="2">',
        b'<c r="A1"><v>1</v></c></row>',  # a cell outside of rows
        b'<row r="1"/><c r="A1"><v>1</v></c>',
        b'<row r="1"><c r="A1"><v>1</v></c></row></row>',
        b'<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',  # out of order
        b'<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        b'<row r="1"><c r="A1" s="2"><v>1</v></c></row>',  # a date
        b'<row r="1"><c r="A1" t="str"><f>\xff</f><v>1</v></c></row>',  # no text
        b"<row r=\"1\"><c r='A1'><v>1</v></c></row>",
    ],
)
def test_rows_of_another_form_are_not_read(rows):
    assert cells(rows) is None
    assert cells(rows) is None


def test_what_is_cached_stays_bounded():
    for row in range(1, 9_999):
        assert cells(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>'.encode()) == ({(row - 1, 0): "甲"}, set())
    assert xlsx_fast._cached_cell.cache_info().currsize == xlsx_fast.MOST_CACHED
    before = xlsx_fast._cached_cell.cache_info()
    assert cells(b'<row r="1"><c r="A1" t="str"><v>' + b"a" * xlsx_fast.LONGEST_CACHED + b"</v></c></row>") is not None
    assert xlsx_fast._cached_cell.cache_info() == before


def test_texts_are_the_same_objects_again():
    part = '<sst count="2">' + "".join(f"<si><t>标签 {n}</t></si>" for n in range(40)) + '<si><t xml:space="preserve"> &amp;甲</t></si></sst>\n'
    first, again = shared_texts(part.encode()), shared_texts(part.encode())
    assert first == [*(f"标签 {n}" for n in range(40)), " &甲"]
    assert all(one is other for one, other in zip(first, again, strict=True))


@pytest.mark.parametrize(
    "part",
    ["<sst a=''/>", "<sst a=''>", "<sst a=''><si><t>a</t></si>", "<sst a=''><si><t> a</t></si></sst>", "<sst a=''><si><r><t>a</t></r></si></sst>",
     "<sst a=''><si><t>a_x000D_</t></si></sst>", "<sst a=''><si><t>&#x41;</t></si></sst>", "<sst a=''><si><t>a</t></si></sst><sst a=''></sst>", "<sst a=''>a<si><t>a</t></si></sst>"],
)  # fmt: skip
def test_tables_of_texts_of_another_form_are_not_read(part):
    with pytest.raises(NotPlainError):
        shared_texts(part.encode())


def test_a_table_of_one_text_is_read():
    assert shared_texts(b"<sst a=''><si><t>a</t></si></sst>") == ["a"]
    assert shared_texts(b"<sst a=''></sst>") == []
