"""Files open by what they hold, and every format tells the same of the same workbook."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

from jixiao.model.cell import ErrorValue, UncachedFormula
from jixiao.model.submission import Status, Submission
from jixiao.pack import load_pack
from jixiao.reading.formats.grid import Grid, Merge
from jixiao.reading.formats.open import UnreadableFile, grids_of, open_grids
from tests.support import files, xlsb

DATA = Path(__file__).parent / "data"
BROKEN_ZIP = "文件内部结构已损坏，可能未下载或未复制完整"
BROKEN_OLE = "文件结构已损坏，可能未下载或未复制完整"


def refusal(data: bytes, password: str | None = None) -> tuple[Status, str, str]:
    with pytest.raises(UnreadableFile) as caught:
        grids_of(data, passwords=[password] if password else [])
    return caught.value.status, caught.value.code, caught.value.reason


def written(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        fill(workbook)
    return stream.getvalue()


def package(parts: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return stream.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return package({name: change(name, archive.read(name)) for name in archive.namelist()})


@pytest.mark.parametrize("name", ["traits.xlsx", "traits.xls", "traits.ods"])
def test_every_format_tells_the_same_of_the_same_workbook(name: str) -> None:
    assert open_grids(DATA / name) == [
        Grid(
            "自评",
            rows=[
                ["标题"],
                ["合并"],
                [],
                [None, 0.95, 0.95, ErrorValue("#DIV/0!"), date(2023, 4, 10)],
                [None, 654.74, "35.94万元", 655.74],
                ["隐藏行"],
                [None, None, None, None, None, "隐藏列"],
            ],
            merges=(Merge(1, 0, 2, 2),),
            hidden_rows=frozenset({5}),
            hidden_columns=frozenset({5}),
            percent=frozenset({(3, 1)}),
        ),
        Grid("隐藏表", rows=[[], [None, 1.0]], hidden=True),
    ]


def test_a_binary_workbook_tells_the_same_as_the_others(tmp_path: Path) -> None:
    told = open_grids(DATA / "traits.xlsx")
    drawn = [replace(sheet, rows=[[45026.0 if isinstance(cell, date) else cell for cell in row] for row in sheet.rows]) for sheet in told]
    assert open_grids(xlsb.save_binary(drawn, tmp_path / "a.xlsb")) == drawn  # without a date's format it is a number
    errors = [Grid("错", [[ErrorValue(each) for each in ("#REF!", "#N/A", "#NAME?")], [-7.0, 0.0, 12345.67, -0.01, 2e8]])]
    assert open_grids(xlsb.save_binary(errors, tmp_path / "b.xls")) == errors


@pytest.mark.parametrize("form", ["yunxi_2022", "hunan_2020"])
def test_the_whole_form_in_a_binary_workbook_reads_to_the_same_facts(form: str, tmp_path: Path) -> None:
    pack = load_pack(form)
    drawn = files.edited(pack, {})
    read = files.read(pack, xlsb.save_binary(drawn, tmp_path / "a.xlsb"))
    plain = files.read(pack, files.save(drawn, tmp_path / "a.xlsx"))
    assert isinstance(read, Submission) and isinstance(plain, Submission)
    assert len(read.facts) > 80 and (tuple(read.facts), read.findings) == (tuple(plain.facts), plain.findings)


@pytest.mark.parametrize("name", ["comments.xlsx", "comments.xls", "comments.ods"])
def test_every_format_gives_peoples_comments_and_not_those_of_an_earlier_return(name: str) -> None:
    """The .xls and .ods were saved by LibreOffice, which drops the author of the return's own comment at B3."""
    (grid,) = open_grids(DATA / name)
    assert grid.comments == {(0, 0): "含借调 2 人\n第二行", (4, 0): "plain", (8, 3): "空格里的批注"}
    assert grid.rows == [["标题"], [], [None, 1.5], [], ["x"]]


@pytest.mark.parametrize(
    ("source", "name"), [("traits.xls", "a.xlsx"), ("traits.xlsx", "a.et"), ("traits.ods", "a.xls")]
)
def test_a_wrong_extension_changes_nothing(tmp_path: Path, source: str, name: str) -> None:
    (tmp_path / name).write_bytes((DATA / source).read_bytes())
    assert open_grids(tmp_path / name) == open_grids(DATA / source)


def test_a_formula_without_a_result_is_told_from_one_with_an_empty_result() -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"], sheet["A2"], sheet["B2"] = '=SUM(B1:B9)&"<"', 1, "#N/A"
    stream = BytesIO()
    workbook.save(stream)
    (grid,) = grids_of(stream.getvalue())
    assert grid.rows == [[UncachedFormula('=SUM(B1:B9)&"<"')], [1.0, ErrorValue("#N/A")]]
    empty = written(lambda book: book.add_worksheet().write_formula("A1", '=IF(1,"","")', None, ""))
    empty = repacked(empty, lambda _, part: part.replace(b'<c r="A1">', b'<c r="A1" t="str">'))
    assert [grid.rows for grid in grids_of(empty)] == [[]]


def test_prefixed_xml_tells_its_formulas_and_errors(hostile: Path) -> None:
    (grid,) = open_grids(hostile / "formula-without-cached-value" / "CFIsError.xlsx")
    assert grid.rows == [["Hello"], [UncachedFormula("=1/0")], [UncachedFormula("=1/0")], ["Holl"]]


def test_dates_of_the_1904_system_are_the_same_days() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet().write_datetime("A1", datetime(2023, 4, 10), book.add_format({"num_format": "yyyy-mm-dd"}))

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"date_1904": True}) as workbook:
        fill(workbook)
    assert grids_of(stream.getvalue())[0].rows == grids_of(written(fill))[0].rows == [[date(2023, 4, 10)]]


def test_thousands_of_empty_formatted_rows_and_columns_are_not_there() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet, bordered = book.add_worksheet(), book.add_format({"border": 1})
        sheet.write("B2", 1)
        for row in range(3000):
            sheet.write_blank(row, 40, None, bordered)

    assert grids_of(written(fill))[0].rows == [[], [None, 1.0]]


def test_a_dimension_that_says_a1_hides_nothing() -> None:
    data = written(lambda book: book.add_worksheet().write("C3", 7))
    lying = repacked(data, lambda _, part: part.replace(b'<dimension ref="C3"', b'<dimension ref="A1"'))
    assert lying != data
    assert grids_of(lying)[0].rows == [[], [], [None, None, 7.0]]


@pytest.mark.parametrize(
    ("code", "percent"), [("0%", True), ("0.00%", True), ('0.0"%"', False), ("0.0\\%", False), ("#,##0.00", False)]
)
def test_only_a_percent_format_is_a_percent_format(code: str, percent: bool) -> None:
    data = written(lambda book: book.add_worksheet().write(0, 0, 0.95, book.add_format({"num_format": code})))
    assert grids_of(data)[0].percent == (frozenset({(0, 0)}) if percent else frozenset())


@pytest.mark.parametrize(
    ("name", "filled"),
    [
        ("60825.xlsx", 0),
        ("BlankSheetTypes.xlsm", 0),
        ("Pfand_from_windows_phone.xlsx", 14),
        ("Pfand_from_windows_phone.xlsm", 14),
        ("utf16be.xlsx", 1),
        ("xlsx-corrupted.xlsx", 18),
    ],
)
def test_what_the_fast_reader_refuses_the_patient_one_reads(hostile: Path, name: str, filled: int) -> None:
    grids = open_grids(hostile / "openpyxl-ok-calamine-fails" / name)
    assert sum(cell is not None for grid in grids for row in grid.rows for cell in row) == filled


@pytest.mark.parametrize("name", ["issue_385.xls", "50833.xls"])
def test_a_workbook_under_excels_default_key_opens_without_a_password(hostile: Path, name: str) -> None:
    assert open_grids(hostile / "encrypted" / name)


def test_a_password_is_asked_for_and_opens(hostile: Path) -> None:
    data = (hostile / "encrypted" / "xor-encryption-abc.xls").read_bytes()
    assert refusal(data) == (Status.UNREADABLE, "SUB-02", "设有打开密码")
    assert refusal(data, "wrong") == (Status.UNREADABLE, "SUB-02", "设有打开密码，所给密码不符")
    assert grids_of(data, passwords=["wrong", "abc"])[0].rows


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "空文件（0 字节）"),
        (b"\0" * 4096, "不是电子表格，疑为内容全为零的文件（可能未下载完整）"),
        (b"%PDF-1.7\n", "不是电子表格，疑为 PDF 文档"),
        (b"\x89PNG\r\n\x1a\n", "不是电子表格，疑为图片（PNG）"),
        (b"\xff\xd8\xff\xe0", "不是电子表格，疑为图片（JPEG）"),
        (b"Rar!\x1a\x07", "不是电子表格，疑为 RAR 压缩包"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "不是电子表格，疑为网页（HTML）文件"),
        ("<table><tr><td>收入</td></tr></table>".encode("gb18030"), "不是电子表格，疑为网页（HTML）文件"),
        ("收入,支出\n1,2\n".encode(), "不是电子表格，疑为 CSV 文本文件"),
        ("收入,支出\r\n1,2\r\n".encode("gb18030"), "不是电子表格，疑为 CSV 文本文件"),
        ("部门整体支出".encode(), "不是电子表格，疑为纯文本文件"),
        ("部门整体支出".encode("utf-16"), "不是电子表格，疑为纯文本文件"),
        (b"\x01\x02\x03\x04", "不是电子表格，疑为无法识别的文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", BROKEN_OLE),
        (b"PK\x03\x04", BROKEN_ZIP),
        ((DATA / "traits.xlsx").read_bytes()[:3000], BROKEN_ZIP),
        ((DATA / "traits.xls").read_bytes()[:3000], BROKEN_OLE),
        (package({"说明.txt": b"1"}), "不是电子表格，疑为普通压缩包"),
        (package({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "文件内部结构已损坏，可能未下载或未复制完整"),
        (package({"mimetype": b"application/vnd.oasis.opendocument.text"}), "不是电子表格，疑为文字文档（ODT）"),
        (package({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x"}), "工作簿结构已损坏，无法打开"),
    ],
)
def test_what_is_no_workbook_is_named(data: bytes, reason: str) -> None:
    assert refusal(data) == (Status.UNREADABLE, "SUB-01", reason)


@pytest.mark.parametrize(
    "name", ["~$自评.xlsx", ".~lock.自评.xlsx#", ".DS_Store", "Thumbs.db", "desktop.ini", "._自评.xlsx"]
)
def test_owner_and_system_files_are_skipped(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes((DATA / "traits.xlsx").read_bytes())
    with pytest.raises(UnreadableFile) as caught:
        open_grids(tmp_path / name)
    assert caught.value.status is Status.SKIPPED


def test_a_file_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="文件打不开"):
        open_grids(tmp_path / "不存在.xlsx")
