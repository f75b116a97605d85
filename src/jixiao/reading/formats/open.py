"""From a file to its grids: what it is by its content, bounded, by the fast reader or the patient one.

Locked files are opened with Excel's default key, which people never notice, or a password; Word documents of older
formats (.doc, .wps, .rtf) are turned into .docx by LibreOffice where it is installed.
"""

from __future__ import annotations

import errno
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from jixiao.reading.formats.calamine_reader import calamine_grids
from jixiao.reading.formats.detect import RTF, Container, container, describe, is_system_file, suspected
from jixiao.reading.formats.grid import Grid, detailed
from jixiao.reading.formats.limits import (
    LIMITS,
    MIB,
    Limits,
    ReaderFailed,
    UnreadableFile,
    encrypted,
    skipped,
    unreadable,
)
from jixiao.reading.formats.ods import ods_details
from jixiao.reading.formats.openpyxl_reader import openpyxl_grids
from jixiao.reading.formats.word import word_grids
from jixiao.reading.formats.xls import DAMAGED, Compound, open_compound, read_biff
from jixiao.reading.formats.xlsb import xlsb_details
from jixiao.reading.formats.xlsx_details import read_styles, sheet_comments, sheet_details, sheet_parts, sheet_pictures
from jixiao.reading.formats.xlsx_fast import plain_grids
from jixiao.reading.formats.xml_parts import BrokenXmlError
from jixiao.reading.formats.zip_package import Format, Package, open_package
from jixiao.runtime.libreoffice import OfficeFailed, converted, office_program

__all__ = ["UnreadableFile", "grids_of", "open_grids"]

_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
"""How a part in UTF-16 begins, with or without the mark of its byte order."""

_VALUE = re.compile(rb"<(?:\w{1,20}:)?(?:v|is)[\s>]")

_REASONS = {
    errno.ENOENT: "文件已不在原处", errno.EACCES: "没有读取权限，或正被其他程序占用", errno.EPERM: "没有读取权限",
    errno.EISDIR: "是文件夹", errno.ELOOP: "链接指向自身", errno.EIO: "存储设备出错", errno.ENAMETOOLONG: "文件名过长",
}  # fmt: skip
"""Why the system does not open a file, in Chinese."""

_WANTED = frozenset({"workbook", "book", "encryptioninfo"})
_WORD = "worddocument"
_LOCKED_FLAG_AT, _LOCKED_FLAG = 11, 0x01
"""Where the head of a Word document's stream says that it has a password ([MS-DOC] 2.5.2, fEncrypted)."""

_OTHERS = (
    ("powerpoint document", "PPT 演示文稿"),
    ("__properties_version1.0", "Outlook 邮件"),
    ("visiodocument", "Visio 图"),
    ("fileheader", "HWP 文档"),
)


def open_grids(
    path: Path, data: bytes | None = None, *, passwords: Sequence[str] = (), limits: Limits = LIMITS
) -> list[Grid]:
    """The sheets of a workbook file in its order, hidden ones too. Raises `UnreadableFile` for a file that gives none.

    `data` is what the file holds, where it has been read. `passwords` are tried where it has one; Excel's default key
    needs none.
    """
    if is_system_file(path):
        raise skipped("系统或程序的临时文件，不是报送材料")
    try:
        size = path.stat().st_size if data is None else len(data)
        if size > limits.file_bytes:
            raise unreadable(f"文件大小 {size // MIB} MB，超出 {limits.file_bytes // MIB} MB 的限度")
        data = path.read_bytes() if data is None else data
    except OSError as error:
        raise unreadable(f"文件打不开（{_REASONS.get(error.errno or 0, '系统错误')}）") from error
    return grids_of(data, passwords=passwords, limits=limits)


def grids_of(data: bytes, *, passwords: Sequence[str] = (), limits: Limits = LIMITS) -> list[Grid]:
    """The sheets of a workbook in memory. Raises `UnreadableFile`."""
    match container(data[:16]):
        case Container.ZIP:
            return _package_grids(data, limits)
        case Container.OLE:
            return _ole_grids(data, passwords, limits)
        case Container.BIFF:
            raise unreadable("是 Excel 95 之前的旧格式工作簿")
        case _ if data.startswith(RTF):
            return grids_of(as_docx(data, "rtf", " RTF 文档"), limits=limits)
        case _:
            raise unreadable(suspected(describe(data)) if data else describe(data))


def _package_grids(data: bytes, limits: Limits) -> list[Grid]:
    package = open_package(data, limits)
    if package.format is Format.XLSX:
        return _xlsx_grids(data, package, limits)
    if package.format is Format.DOCX:
        return word_grids(package.parts, limits)
    if package.format is Format.ODS:
        details = ods_details(package.parts.get("content.xml", b""), limits)
    else:
        details = xlsb_details(package.parts, limits)
    try:
        grids = calamine_grids(data, limits, formats_known=bool(details))
    except ReaderFailed as error:
        raise unreadable("工作簿结构已损坏，无法打开") from error
    if len(grids) != len(details):
        return [replace(grid, formats_known=False) for grid in grids]
    return [detailed(grid, each) for grid, each in zip(grids, details, strict=True)]


def _xlsx_grids(data: bytes, package: Package, limits: Limits) -> list[Grid]:
    parts, listed = package.parts, sheet_parts(package.parts)
    grids = plain_grids(package, listed, limits) or _library_grids(data, parts, [sheet.path for sheet in listed], limits)
    if len(grids) != len(listed):
        return grids
    attachments = [(sheet_comments(sheet.path, parts), sheet_pictures(sheet.path, parts)) for sheet in listed]
    return [
        replace(grid, comments=comments, pictures=pictures) if comments or pictures else grid
        for grid, (comments, pictures) in zip(grids, attachments, strict=True)
    ]


def _library_grids(data: bytes, parts: Mapping[str, bytes], names: Sequence[str], limits: Limits) -> list[Grid]:
    """Return the sheets as calamine reads them, with their details; as openpyxl does where calamine cannot."""
    sheets = [parts.get(name, b"") for name in names]
    percent = read_styles(parts.get("xl/styles.xml", b"")).percent
    try:
        if not sheets:
            raise ReaderFailed  # nothing says how large they are
        details = [sheet_details(sheet, percent, limits) for sheet in sheets]
        if sum(sheet.area for sheet in details) > limits.cells:
            raise unreadable("有内容的区域过大，请删除远处多余的内容")
        grids = calamine_grids(data, limits, formats_known=True)
        if len(grids) != len(sheets):
            return [replace(grid, formats_known=False) for grid in grids]
        if any(not grid.rows and _holds(sheet) for grid, sheet in zip(grids, sheets, strict=True)):
            raise ReaderFailed  # a sheet that it could not read it takes for empty
    except (ReaderFailed, BrokenXmlError):
        grids = openpyxl_grids(data, limits)
        if len(grids) < sum(map(_holds, sheets)):
            raise unreadable("工作簿中有的工作表打不开") from None
        return grids
    return [detailed(grid, each) for grid, each in zip(grids, details, strict=True)]


def _holds(sheet: bytes) -> bool:
    """Whether a sheet's part seems to hold values."""
    return sheet.startswith(_UTF_16) or _VALUE.search(sheet) is not None


DEFAULT_KEY = "VelvetSweatshop"
"""With this Excel encrypts workbooks whose structure is protected; it opens them without asking."""

_SPINS = re.compile(rb"spinCount\s?=\s?[\"'](\d{1,20})[\"']")


def decrypted(data: bytes, passwords: Sequence[str], *, info: bytes = b"", limits: Limits = LIMITS) -> bytes:
    """The bytes of a locked workbook, opened with the default key or else one of the passwords.

    `info` is the description of the encryption, if the file has one. Raises `UnreadableFile` where none opens it.
    """
    from msoffcrypto import OfficeFile  # loads a library of ciphers: only where a file is locked

    if any(int(count) > limits.spins for count in _SPINS.findall(info)):
        raise unreadable("加密参数超出限度，出于安全不予读取")
    for key in dict.fromkeys((DEFAULT_KEY, *filter(None, passwords))):
        opened = BytesIO()
        try:
            locked = OfficeFile(BytesIO(data))
            locked.load_key(password=key)
            locked.decrypt(opened)
        except Exception:  # whatever goes wrong inside, the workbook stays locked
            continue
        return opened.getvalue()
    raise encrypted("设有打开密码，所给密码不符" if passwords else "设有打开密码")


SECONDS = 20.0
"""How long one document may take: less than a reading process has for a file."""


def as_docx(data: bytes, suffix: str, title: str) -> bytes:
    """The bytes of the .docx that LibreOffice makes of a document. `suffix` is its content's, `title` its format's name.

    Raises `UnreadableFile` where LibreOffice is not there, takes too long or makes nothing of it.
    """
    if office_program() is None:
        raise unreadable(f"是{title}，本机未安装 LibreOffice，不能读取")
    with tempfile.TemporaryDirectory(prefix="jixiao-word-", ignore_cleanup_errors=True) as folder:
        source = Path(folder) / f"document.{suffix}"
        source.write_bytes(data)
        try:
            with _unbounded():
                (document,) = converted([source], Path(folder), "docx", seconds=SECONDS)
        except OfficeFailed as error:
            raise unreadable(f"是{title}，{error}") from error
        if document is None:
            raise unreadable(f"是{title}，LibreOffice 打不开，可能已损坏")
        return document.read_bytes()


@contextmanager
def _unbounded() -> Iterator[None]:
    """Lift the bound on memory of a reading process for what it starts: an office program takes more address space."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _ole_grids(data: bytes, passwords: Sequence[str], limits: Limits) -> list[Grid]:
    """The sheets of a workbook in a compound file. Raises `UnreadableFile`."""
    compound = open_compound(data, _WANTED)
    if "encryptedpackage" in compound.names:
        package = decrypted(data, passwords, info=compound.streams.get("encryptioninfo", b""), limits=limits)
        if container(package[:16]) is not Container.ZIP:
            raise encrypted("设有打开密码")
        return grids_of(package, limits=limits)
    if _WORD in compound.top:
        return _word_grids(data, passwords, limits)
    if not _stream(compound):
        raise _no_workbook(compound)
    biff = read_biff(_stream(compound))
    if biff.encrypted:
        data = decrypted(data, passwords)
        biff = read_biff(_stream(open_compound(data, _WANTED)))
        if biff.encrypted:
            raise encrypted("设有打开密码")
    if biff.area > limits.cells:
        raise unreadable("有内容的区域过大，请删除远处多余的内容")
    try:
        grids = calamine_grids(data, limits, formats_known=bool(biff.sheets))
    except ReaderFailed as error:
        raise unreadable(DAMAGED) from error
    if len(grids) != len(biff.sheets):
        return grids
    return [detailed(grid, details) for grid, details in zip(grids, biff.sheets, strict=True)]


def _stream(compound: Compound) -> bytes:
    """Return the workbook's stream, empty where there is none."""
    return compound.streams.get("workbook") or compound.streams.get("book") or b""


def _word_grids(data: bytes, passwords: Sequence[str], limits: Limits) -> list[Grid]:
    head = open_compound(data, frozenset({_WORD})).streams.get(_WORD, b"")
    if head[_LOCKED_FLAG_AT : _LOCKED_FLAG_AT + 1] and head[_LOCKED_FLAG_AT] & _LOCKED_FLAG:
        data = decrypted(data, passwords)
    return grids_of(as_docx(data, "doc", "旧格式的 Word 文档（.doc 或 .wps）"), limits=limits)


def _no_workbook(compound: Compound) -> UnreadableFile:
    title = next((title for name, title in _OTHERS if name in compound.names), None)
    return unreadable(suspected(title) if title else "不是电子表格，疑为其他 Office 文档")
