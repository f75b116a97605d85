"""One filing packed in every way that programs pack an .xlsx: the same facts and nothing to tell, or the exact reason."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from jixiao.model.submission import Submission
from jixiao.pack import load_pack
from jixiao.reading.formats.open import UnreadableFile, grids_of
from jixiao.reading.read import read_grids
from tests.support import files, grids

PACK = load_pack("yunxi_2022")
XML, SHEETS, TEXTS = r"\.(xml|rels)$", r"worksheets/sheet\d+\.xml$", r"sharedStrings"
WORKBOOK, RELATIONS = r"xl/workbook\.xml$", r"workbook\.xml\.rels"
STRICT = "http://purl.oclc.org/ooxml/"

Parts = list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def parts(tmp_path_factory) -> Parts:
    """The parts of a filing with a value of its own in every cell."""
    _, pieces, _ = files.valid(PACK)
    path = files.save(grids.sheets(PACK, pieces), tmp_path_factory.mktemp("packed") / "a.xlsx")
    with zipfile.ZipFile(path) as package:
        return [(name, package.read(name)) for name in package.namelist()]


def packed(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as package:
        for name, content in parts:
            package.writestr(name, content)
    return stream.getvalue()


def changed(pattern: str, change: Callable[[bytes], bytes]) -> Callable[[Parts], bytes]:
    """The package with some parts changed."""
    return lambda parts: packed([(name, change(content) if re.search(pattern, name) else content) for name, content in parts])


def text_changed(pattern: str, change: Callable[[str], str]) -> Callable[[Parts], bytes]:
    return changed(pattern, lambda content: change(content.decode()).encode())


def without(pattern: str) -> Callable[[Parts], bytes]:
    return lambda parts: packed([each for each in parts if not re.search(pattern, each[0])])


def renamed(old: str, new: str) -> Callable[[Parts], bytes]:
    """The package with a part of every name exchanged, and wherever the names are told."""
    return lambda parts: packed([(name.replace(old, new), content.replace(old.encode(), new.encode())) for name, content in parts])


def utf_16(content: bytes) -> bytes:
    return content.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


def strict(text: str) -> str:
    for old, new in (
        ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", f"{STRICT}spreadsheetml/main"),
        ("http://schemas.openxmlformats.org/officeDocument/2006/", f"{STRICT}officeDocument/"),
    ):
        text = text.replace(old, new)
    return text


def prefixed(text: str) -> str:
    return re.sub(r"<(/?)(?!\?|x:)([A-Za-z])", r"<\1x:\2", text).replace('xmlns="http://schemas.openxmlformats.org/spread', 'xmlns:x="http://schemas.openxmlformats.org/spread')


def rich(text: str) -> str:
    """Each text in two runs of different formats."""
    def runs(found: re.Match[str]) -> str:
        half = max(1, len(found[1]) // 2)
        told = [f'<r>{form}<t xml:space="preserve">{part}</t></r>' for form, part in (("<rPr><b/></rPr>", found[1][:half]), ("", found[1][half:]))]
        return f"<si>{''.join(told)}</si>"

    return re.sub(r"<si><t[^>]*>([^<&]*)</t></si>", runs, text)


def phonetic(text: str) -> str:
    return text.replace("</si>", '<rPh sb="0" eb="1"><t>カナ</t></rPh><phoneticPr fontId="1"/></si>')


def in_cells(kind: str) -> Callable[[Parts], bytes]:
    """The texts in the cells themselves, without the part that usually holds them."""
    def made(parts: Parts) -> bytes:
        texts = re.findall(rb"<si>(.*?)</si>", dict(parts)["xl/sharedStrings.xml"], re.DOTALL)

        def cell(found: re.Match[bytes]) -> bytes:
            text = texts[int(found[3])]
            held = b"<is>" + text + b"</is>" if kind == "inlineStr" else b"<v>" + re.sub(rb"<[^>]*>", b"", text) + b"</v>"
            return b"<c " + found[1] + b't="' + kind.encode() + b'"' + found[2] + b">" + held + b"</c>"

        return packed([
            (name, re.sub(rb'<c ([^>]*?)t="s"([^>]*)><v>(\d+)</v></c>', cell, content) if re.search(SHEETS, name) else content)
            for name, content in parts if "sharedStrings" not in name
        ])  # fmt: skip

    return made


def zip64(parts: Parts) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts:
            with package.open(name, "w", force_zip64=True) as part:
                part.write(content)
    return stream.getvalue()


def streamed(parts: Parts) -> bytes:
    """A package whose sizes stand behind its parts, as what writes to a pipe leaves them."""
    class Pipe:
        def __init__(self) -> None:
            self.written = bytearray()

        def write(self, data: bytes) -> int:
            self.written += data
            return len(data)

        def flush(self) -> None:
            return None

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as package:  # type: ignore[call-overload]
        for name, content in parts:
            package.writestr(name, content)
    return bytes(pipe.written)


def dimension(told: str) -> Callable[[Parts], bytes]:
    return text_changed(SHEETS, lambda text: re.sub(r'<dimension ref="[^"]*"/>', told, text))


SAME: dict[str, Callable[[Parts], bytes]] = {
    "as it was": packed,
    "a mark of the byte order": changed(XML, lambda content: b"\xef\xbb\xbf" + content),
    "UTF-16": changed(XML, utf_16),
    "UTF-16 in the sheets": changed(SHEETS, utf_16),
    "UTF-16 in one sheet": changed(r"worksheets/sheet3\.xml$", utf_16),
    "UTF-16 in the texts": changed(TEXTS, utf_16),
    "UTF-16 in the workbook": changed(WORKBOOK, utf_16),
    "absolute targets": text_changed(RELATIONS, lambda text: re.sub(r'Target="(?!/)([^"]+)"', r'Target="/xl/\1"', text)),
    "targets with a dot": text_changed(RELATIONS, lambda text: re.sub(r'Target="([^"]+)"', r'Target="./\1"', text)),
    "targets with two dots": text_changed(RELATIONS, lambda text: re.sub(r'Target="([^"]+)"', r'Target="../xl/\1"', text)),
    "no styles": without(r"styles\.xml"),
    "no theme": without(r"theme"),
    "no properties": without(r"docProps"),
    "no dimension": dimension(""),
    "a dimension that says A1": dimension('<dimension ref="A1"/>'),
    "a dimension too small": dimension('<dimension ref="B3:C9"/>'),
    "a dimension of a whole sheet": dimension('<dimension ref="A1:XFD1048576"/>'),
    "a dimension that is none": dimension('<dimension ref="表"/>'),
    "names with backslashes": lambda parts: packed([(name.replace("/", "\\"), content) for name, content in parts]),
    "zip64": zip64,
    "sizes behind the parts": streamed,
    "stored": lambda parts: packed(parts, zipfile.ZIP_STORED),
    "bytes behind the package": lambda parts: packed(parts) + b"\0" * 300,
    "parts in capitals": lambda parts: packed([(name.upper() if "sheet" in name else name, content) for name, content in parts]),
    "folders as entries": lambda parts: packed([("xl/", b""), ("xl/worksheets/", b""), *parts]),
    "strict": text_changed(XML, strict),
    "a prefix of names": text_changed(f"{SHEETS}|{TEXTS}|{WORKBOOK}", prefixed),
    "texts in the cells": in_cells("inlineStr"),
    "texts as results": in_cells("str"),
    "texts in two formats": text_changed(TEXTS, rich),
    "texts with how they are said": text_changed(TEXTS, phonetic),
    "texts in two formats with how they are said": text_changed(TEXTS, lambda text: phonetic(rich(text))),
    "texts as CDATA": text_changed(TEXTS, lambda text: re.sub(r"<t([^>]*)>([^<&]*)</t>", r"<t\1><![CDATA[\2]]></t>", text)),
    "characters as references": text_changed(TEXTS, lambda text: re.sub(r"[\u4e00-\u9fff]", lambda found: f"&#x{ord(found[0]):X};", text)),
    "a line end of Windows behind each text": text_changed(TEXTS, lambda text: text.replace("</t>", "_x000D_</t>")),
    "unseen blanks behind each text": text_changed(TEXTS, lambda text: text.replace("</t>", "\u00a0\u200b</t>")),
    "rows without numbers": text_changed(SHEETS, lambda text: re.sub(r'<row r="\d+"', "<row", text)),
    "references in small letters": text_changed(SHEETS, lambda text: re.sub(r'<c r="[A-Z]+', lambda found: found[0].lower(), text)),
    "numbers with an exponent": text_changed(SHEETS, lambda text: re.sub(r"<v>(\d+)\.(\d\d)</v>", r"<v>\1\2E-2</v>", text)),
    "attributes in single quotes": text_changed(SHEETS, lambda text: text.replace('"', "'")),
    "line ends within tags": text_changed(SHEETS, lambda text: text.replace("<c r=", "<c\n r=").replace("<v>", "<v\n>")),
    "comments": text_changed(XML, lambda text: re.sub(r"(<\?xml[^>]*\?>)", r"\1<!-- a > b -->", text)),
    "alternate content": text_changed(SHEETS, lambda text: text.replace("<sheetData>", '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x14"/><mc:Fallback/></mc:AlternateContent><sheetData>')),
    "dates from 1904": text_changed(WORKBOOK, lambda text: text.replace("<workbookPr ", '<workbookPr date1904="1" ')),
    "names that lead nowhere": text_changed(WORKBOOK, lambda text: text.replace("</sheets>", '</sheets><definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">#REF!</definedName><definedName name="甲" hidden="1">[1]表!$A$1</definedName></definedNames>')),
    "protected sheets": text_changed(SHEETS, lambda text: text.replace("</sheetData>", '</sheetData><sheetProtection password="83AF" sheet="1" objects="1"/>')),
    "sheets named in Chinese": renamed("worksheets/sheet", "worksheets/表"),
    "the workbook under another name": lambda parts: packed([(name.replace("xl/workbook.xml", "xl/book9.xml").replace("_rels/workbook", "_rels/book9"), content.replace(b"xl/workbook.xml", b"xl/book9.xml")) for name, content in parts]),
    "another folder": renamed("xl/", "xyz/"),
}  # fmt: skip


@pytest.mark.parametrize("way", SAME)
def test_a_filing_packed_another_way_reads_the_same(parts, way):
    read = reading(SAME[way](parts))
    _, _, facts = files.valid(PACK)
    assert {key: (fact.value, fact.text, fact.state) for key, fact in told(read).items()} == {
        key: (fact.value, fact.text, fact.state) for key, fact in facts.items()
    }
    assert [(finding.rule, finding.message) for finding in read.findings] == [] and read.extras == ()


def reading(data: bytes) -> Submission:
    read = read_grids(grids_of(data), PACK, file="t.xlsx", sha256="0" * 64, submission_id="t")
    assert isinstance(read, Submission), read.findings
    return read


def told(read: Submission):
    return {(fact.concept, fact.institution): fact for fact in read.facts}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_read_and_told(parts, state):
    data = text_changed(WORKBOOK, lambda text: re.sub(r'sheetId="([2-6])"', rf'sheetId="\1" state="{state}"', text))(parts)
    read = reading(data)
    assert {key: fact.value for key, fact in told(read).items()} == {key: fact.value for key, fact in files.valid(PACK)[2].items()}
    assert {finding.rule for finding in read.findings} == {"LAY-08"}


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda parts: packed(parts, zipfile.ZIP_BZIP2), "压缩方式不受支持"),
        (lambda parts: packed(parts, zipfile.ZIP_LZMA), "压缩方式不受支持"),
        (text_changed(RELATIONS, lambda text: text.replace("worksheets/sheet2", "worksheets\\sheet2")), "工作簿中有的工作表打不开"),
        (without("Content_Types"), "不是电子表格，疑为普通压缩包"),
        (lambda parts: b"x" * 300 + packed(parts), "不是电子表格，疑为无法识别的文件"),
        (changed(XML, lambda content: content.decode().replace("UTF-8", "GB18030").encode("gb18030")), "工作簿结构已损坏，无法打开"),
    ],
    ids=["bzip2", "lzma", "a target with a backslash", "no content types", "bytes before the package", "an encoding no workbook has"],
)
def test_what_no_spreadsheet_program_opens_is_refused_with_its_reason(parts, make, reason):
    with pytest.raises(UnreadableFile) as refused:
        grids_of(make(parts))
    assert refused.value.reason == reason
