"""Files made to hurt: each ends in grids or in a refusal that says why, in bounded time and memory."""

from __future__ import annotations

import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.model.submission import Status
from jixiao.reading.formats.limits import Limits
from jixiao.reading.formats.open import UnreadableFile, grids_of, open_grids
from tests.reading.test_source_formats import BROKEN_OLE, BROKEN_ZIP, DATA, package, refusal, repacked, written

XLSX, XLS, ODS = (DATA / f"traits.{kind}" for kind in ("xlsx", "xls", "ods"))
TOO_LARGE = "有内容的区域过大，请删除远处多余的内容"
BOMB = "解压后体积过大，疑为压缩炸弹"
ENTITIES = "文件中含有正常表格没有的实体定义（DTD），出于安全不予读取"

SUPPORT = {"[Content_Types].xml": b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"}
ODS_CONTENT = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
 <office:body><office:spreadsheet><table:table table:name="表">{}</table:table></office:spreadsheet></office:body>
</office:document-content>"""
ODS_CELL = '<table:table-cell office:value-type="string" {}><text:p>1</text:p></table:table-cell>'


def ods(rows: str) -> bytes:
    content = ODS_CONTENT.format(rows).encode()
    return repacked(ODS.read_bytes(), lambda name, part: content if name == "content.xml" else part)


def with_sheet_data(rows: bytes) -> bytes:
    data = written(lambda book: book.add_worksheet("表"))
    return repacked(data, lambda _, part: part.replace(b"<sheetData/>", b"<sheetData>" + rows + b"</sheetData>"))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "docProps/core.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_entity_declarations_in_any_part_and_encoding_are_refused(part: str, encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'.encode(encoding)
    data = repacked(XLSX.read_bytes(), lambda name, content: bomb if name == part else content)
    assert refusal(data)[2] == ENTITIES


def test_a_part_that_inflates_to_a_thousand_times_its_size_is_refused_unread() -> None:
    data = package({**SUPPORT, "xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 20_000_000})
    assert refusal(data)[2] == BOMB


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(package({**SUPPORT, "xl/workbook.xml": b"<x/>" + b" " * 3_000_000}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    assert refusal(bytes(data))[2] == "解压后体积与声明不符，疑为压缩炸弹"


def test_parts_that_overlap_are_refused() -> None:
    data = bytearray(package({**SUPPORT, "xl/workbook.xml": b"<x/>", "xl/a.xml": b"<y/>"}))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert refusal(bytes(data))[2] == BROKEN_ZIP


def test_an_encrypted_archive_is_told_as_encrypted() -> None:
    data = bytearray(XLSX.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data))[:2] == (Status.UNREADABLE, "SUB-02")


def test_more_parts_than_the_bound_are_refused() -> None:
    parts = {f"xl/p{number}.xml": b"<x/>" for number in range(2001)}
    assert refusal(package(parts))[2] == "压缩包内有 2001 个部件，超出 2000 个的限度"


def test_a_file_larger_than_the_bound_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 2_000_000)
    with pytest.raises(UnreadableFile, match="文件大小 1 MB，超出 1 MB 的限度"):
        open_grids(tmp_path / "a.xlsx", limits=Limits(file_bytes=1024 * 1024))


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row><row r="900"><c r="A900"><v>1</v></c></row>',
        b"<row r='1048576'><c  r = 'XFD1048576'><v>1</v></c></row><row r='1'><c r='A1'><v>1</v></c></row>",
    ],
)
def test_two_cells_at_the_ends_of_a_sheet_do_not_cost_what_lies_between(rows: bytes) -> None:
    assert refusal(with_sheet_data(rows))[2] == TOO_LARGE


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="4"><c r="A499999999999"><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="4294967299"><c><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c><c r="ZZZZZZ1"><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c><c r="A9A9A9A9A9"><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c><c r="XFE1048577" r="A1"><v>1</v></c></row>',
    ],
)
def test_references_that_overflow_or_mislead_are_refused(rows: bytes) -> None:
    assert refusal(with_sheet_data(rows))[2] == "单元格位置超出工作表范围"


def test_a_far_row_whose_cells_have_no_reference_is_far() -> None:
    rows = b'<row r="1"><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>'
    assert refusal(with_sheet_data(rows))[2] == TOO_LARGE


def test_empty_cells_far_out_cost_nothing() -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row>'
    assert grids_of(with_sheet_data(rows))[0].rows == [[1.0]]


def test_rows_repeated_a_million_times_are_refused_when_filled_and_nothing_when_empty() -> None:
    cell = ODS_CELL.format("")
    filled = f'<table:table-row table:number-rows-repeated="1048576">{cell * 3}</table:table-row>'
    assert refusal(ods(filled))[2] == TOO_LARGE
    wide = ODS_CELL.format('table:number-columns-repeated="16384"')
    filled = f'<table:table-row table:number-rows-repeated="999999">{wide}</table:table-row>'
    assert refusal(ods(filled))[2] == TOO_LARGE
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    empty = f'<table:table-row table:number-rows-repeated="1048575">{empty}</table:table-row>'
    assert grids_of(ods(f"<table:table-row>{cell}</table:table-row>{empty}"))[0].rows == [["1"]]


def test_an_encoding_that_does_not_exist_is_a_damaged_file() -> None:
    odd = b'<?xml version="1.0" encoding="U-F-8"?><x/>'
    data = repacked(ODS.read_bytes(), lambda name, part: odd if name == "content.xml" else part)
    assert refusal(data)[2] == "工作簿结构已损坏，无法打开"


def test_deep_nesting_is_refused_or_read() -> None:
    assert refusal(ods("<table:x>" * 100_000 + "</table:x>" * 100_000))[2] == "文件结构嵌套过深"
    deep = with_sheet_data(b"<a>" * 200_000 + b"</a>" * 200_000 + b'<row r="1"><c r="A1"><v>1</v></c></row>')
    try:
        grids_of(deep)
    except UnreadableFile as refused:
        assert refused.status is Status.UNREADABLE


def test_unclosed_cells_without_end_are_searched_in_linear_time() -> None:
    for rows in (b'<c r="A1000"><f>' * 40_000, b'<c r="A1" t="e"' * 40_000, b"<row hidden=" * 40_000):
        with pytest.raises(UnreadableFile):
            grids_of(with_sheet_data(rows))


def test_a_key_derivation_of_a_billion_rounds_is_not_begun() -> None:
    from jixiao.reading.formats.open import decrypted

    with pytest.raises(UnreadableFile, match="加密参数超出限度"):
        decrypted(b"", (), info=b'<keyEncryptor spinCount="1000000000"/>')


def test_a_loop_in_the_allocation_table_is_refused() -> None:
    data = bytearray(XLS.read_bytes())
    fat = struct.unpack_from("<I", data, 76)[0]
    directory = struct.unpack_from("<I", data, 48)[0]
    struct.pack_into("<I", data, (fat + 1) * 512 + 4 * directory, directory)
    assert refusal(bytes(data))[2] == BROKEN_OLE


def test_storages_that_hold_one_another_are_walked_once() -> None:
    data = bytearray(XLS.read_bytes())
    directory = (struct.unpack_from("<I", data, 48)[0] + 1) * 512
    for number in range(4):
        struct.pack_into("<3I", data, directory + 128 * number + 68, *(3 - number, (number + 1) % 4, (number + 2) % 4))
    _opens_or_is_refused(bytes(data))


def test_a_declared_area_that_no_sheet_has_is_refused() -> None:
    data = bytearray(XLS.read_bytes())
    at = data.index(struct.pack("<HH", 0x0200, 14))
    struct.pack_into("<IIHH", data, at + 4, 0, 0xFFFFFFFF, 0, 0xFFFF)
    assert refusal(bytes(data))[2] == "工作表声明的范围超出限度"


READ_IN_A_PROCESS = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from pathlib import Path
from jixiao.reading.formats.open import UnreadableFile, open_grids
try:
    open_grids(Path(sys.argv[1]))
except UnreadableFile as refused:
    print(refused.status, refused.code)
"""


@pytest.mark.parametrize("name", ["oleloop.xls", "clusterfuzz-testcase-minimized-POIHSSFFuzzer-5816431116615680.xls"])
def test_what_kills_a_reader_is_refused_by_a_process_that_lives(hostile: Path, name: str) -> None:
    path = hostile / "kills-or-stalls-a-reader" / name
    done = subprocess.run([sys.executable, "-c", READ_IN_A_PROCESS, path], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (0, "unreadable SUB-01\n")


def hostile_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".tsv")


def test_every_hostile_file_opens_or_is_refused_within_bounds(hostile: Path) -> None:
    opened, refused = 0, {}
    for path in hostile_files(hostile):
        try:
            open_grids(path)
            opened += 1
        except UnreadableFile as refusal_:
            refused[path.name] = (refusal_.status, refusal_.code)
            assert refusal_.reason and not refusal_.reason.endswith("。") and not refusal_.reason.isascii()
    assert (opened, len(refused)) == (113, 24)
    codes = [code for _, code in refused.values()]
    assert (codes.count("SUB-01"), codes.count("SUB-02")) == (19, 5)
    assert [name for name, (status, _) in refused.items() if status is Status.SKIPPED] == ["~$LoadPivotTables.xlsx"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1024 * 1024


@given(st.sampled_from([XLSX, XLS, ODS]), st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_opens_or_is_refused(path: Path, draw: st.DataObject) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(draw.draw(st.integers(1, 8))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    cut = draw.draw(st.sampled_from([len(data), len(data) // 2]))
    _opens_or_is_refused(bytes(data[:cut]))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_package_with_damaged_parts_opens_or_is_refused(draw: st.DataObject) -> None:
    path = draw.draw(st.sampled_from([XLSX, ODS]))
    with zipfile.ZipFile(BytesIO(path.read_bytes())) as archive:
        parts = {name: bytearray(archive.read(name)) for name in archive.namelist() if not name.endswith("/")}
    name = draw.draw(st.sampled_from([name for name in parts if parts[name]]))
    for _ in range(draw.draw(st.integers(1, 5))):
        parts[name][draw.draw(st.integers(0, len(parts[name]) - 1))] = draw.draw(st.integers(32, 126))
    _opens_or_is_refused(package({name: bytes(part) for name, part in parts.items()}))


def _opens_or_is_refused(data: bytes) -> None:
    try:
        grids = grids_of(data)
    except UnreadableFile as refused:
        assert refused.reason
    else:
        assert all(cell != "" for grid in grids for row in grid.rows for cell in row)
