"""From a file to its grids: what it is by its content, bounded, by the fast reader or the patient one.

Readers of what few filings are load when one is met: nearly all are plain workbooks.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from jixiao.reading.attachments import sheet_comments, sheet_pictures
from jixiao.reading.details import detailed
from jixiao.reading.grid import Grid
from jixiao.reading.limits import LIMITS, MIB, Limits
from jixiao.reading.ooxml import check_area, percent_styles, sheet_details, sheet_parts
from jixiao.reading.package import Format, Package, open_package
from jixiao.reading.plain_sheets import plain_grids
from jixiao.reading.refusal import ReaderFailed, Refusal, skipped, unreadable
from jixiao.reading.sniff import RTF, Container, container, describe, is_system_file, suspected

__all__ = ["Refusal", "grids_of", "open_grids"]

_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
"""How a part in UTF-16 begins, with or without the mark of its byte order."""

_VALUE = re.compile(rb"<(?:\w{1,20}:)?(?:v|is)[\s>]")

_REASONS = {
    errno.ENOENT: "文件已不在原处", errno.EACCES: "没有读取权限，或正被其他程序占用", errno.EPERM: "没有读取权限",
    errno.EISDIR: "是文件夹", errno.ELOOP: "链接指向自身", errno.EIO: "存储设备出错", errno.ENAMETOOLONG: "文件名过长",
}  # fmt: skip
"""Why the system does not open a file, in Chinese."""


def open_grids(
    path: Path, data: bytes | None = None, *, passwords: Sequence[str] = (), limits: Limits = LIMITS
) -> list[Grid]:
    """The sheets of a workbook file in its order, hidden ones too. Raises `Refusal` for a file that gives none.

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
    """The sheets of a workbook in memory. Raises `Refusal`."""
    match container(data[:16]):
        case Container.ZIP:
            return _package_grids(data, limits)
        case Container.OLE:
            from jixiao.reading.ole_source import ole_grids

            return ole_grids(data, passwords, limits)
        case Container.BIFF:
            raise unreadable("是 Excel 95 之前的旧格式工作簿")
        case _ if data.startswith(RTF):
            from jixiao.reading.old_word import as_docx

            return grids_of(as_docx(data, "rtf", " RTF 文档"), limits=limits)
        case _:
            raise unreadable(suspected(describe(data)) if data else describe(data))


def _package_grids(data: bytes, limits: Limits) -> list[Grid]:
    package = open_package(data, limits)
    if package.format is Format.XLSX:
        return _xlsx_grids(data, package, limits)
    if package.format is Format.DOCX:
        from jixiao.reading.word_source import word_grids

        return word_grids(package.parts, limits)
    from jixiao.reading.calamine_source import calamine_grids

    if package.format is Format.ODS:
        from jixiao.reading.ods import ods_details

        details = ods_details(package.parts.get("content.xml", b""), limits)
    else:
        from jixiao.reading.xlsb import xlsb_details

        details = xlsb_details(package.parts, limits)
    try:
        grids = calamine_grids(data, limits, formats_known=bool(details))
    except ReaderFailed as error:
        raise unreadable("工作簿结构已损坏，无法打开") from error
    if len(grids) != len(details):
        return [replace(grid, formats_known=False) for grid in grids]
    return [detailed(grid, each) for grid, each in zip(grids, details, strict=True)]


def _xlsx_grids(data: bytes, package: Package, limits: Limits) -> list[Grid]:
    told = sheet_parts(package.parts)
    names = [each.path for each in told]
    if (plain := plain_grids(package, told, limits)) is not None:
        return [_with_attachments(grid, name, package.parts) for grid, name in zip(plain, names, strict=True)]
    from jixiao.reading.calamine_source import calamine_grids

    sheets = [package.parts.get(name, b"") for name in names]
    if sum(check_area(sheet, limits) for sheet in sheets) > limits.cells:
        raise unreadable("有内容的区域过大，请删除远处多余的内容")
    try:
        grids = calamine_grids(data, limits, formats_known=True)
        if len(grids) == len(sheets) and any(not grid.rows and _holds(sheet) for grid, sheet in zip(grids, sheets, strict=True)):
            raise ReaderFailed  # a sheet that it could not read it takes for empty
    except ReaderFailed:
        from jixiao.reading.openpyxl_source import openpyxl_grids

        grids = openpyxl_grids(data, limits)
        if len(grids) < sum(map(_holds, sheets)):
            raise unreadable("工作簿中有的工作表打不开") from None
        return grids
    percent = percent_styles(package.parts.get("xl/styles.xml", b""))
    if len(grids) != len(sheets):
        return [replace(grid, formats_known=False) for grid in grids]
    found = [detailed(grid, sheet_details(sheet, percent)) for grid, sheet in zip(grids, sheets, strict=True)]
    return [_with_attachments(grid, name, package.parts) for grid, name in zip(found, names, strict=True)]


def _holds(sheet: bytes) -> bool:
    """Whether a sheet's part seems to hold values."""
    return sheet.startswith(_UTF_16) or _VALUE.search(sheet) is not None


def _with_attachments(grid: Grid, name: str, parts: Mapping[str, bytes]) -> Grid:
    comments, pictures = sheet_comments(name, parts), sheet_pictures(name, parts)
    return replace(grid, comments=comments, pictures=pictures) if comments or pictures else grid
