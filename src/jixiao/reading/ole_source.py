"""Grids of what lies in an OLE compound file: BIFF workbooks (.xls, .et), Word documents (.doc, .wps), encrypted packages."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.reading.biff import DAMAGED, Compound, open_compound, read_biff
from jixiao.reading.calamine_source import calamine_grids
from jixiao.reading.details import detailed
from jixiao.reading.encrypted import decrypted
from jixiao.reading.grid import Grid
from jixiao.reading.limits import Limits
from jixiao.reading.refusal import ReaderFailed, Refusal, encrypted, unreadable
from jixiao.reading.sniff import Container, container, suspected

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


def ole_grids(data: bytes, passwords: Sequence[str], limits: Limits) -> list[Grid]:
    """The sheets of a workbook in a compound file. Raises `Refusal`."""
    compound = open_compound(data, _WANTED)
    if "encryptedpackage" in compound.names:
        return _package_in_ole(data, compound, passwords, limits)
    if _WORD in compound.top:
        return _word_grids(data, passwords, limits)
    stream = compound.streams.get("workbook") or compound.streams.get("book")
    if not stream:
        raise _no_workbook(compound)
    biff = read_biff(stream)
    if biff.encrypted:
        data = decrypted(data, passwords)
        compound = open_compound(data, _WANTED)
        biff = read_biff(compound.streams.get("workbook") or compound.streams.get("book") or b"")
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


def _word_grids(data: bytes, passwords: Sequence[str], limits: Limits) -> list[Grid]:
    from jixiao.reading.old_word import as_docx
    from jixiao.reading.source import grids_of

    head = open_compound(data, frozenset({_WORD})).streams.get(_WORD, b"")
    if head[_LOCKED_FLAG_AT : _LOCKED_FLAG_AT + 1] and head[_LOCKED_FLAG_AT] & _LOCKED_FLAG:
        data = decrypted(data, passwords)
    return grids_of(as_docx(data, "doc", "旧格式的 Word 文档（.doc 或 .wps）"), limits=limits)


def _package_in_ole(data: bytes, compound: Compound, passwords: Sequence[str], limits: Limits) -> list[Grid]:
    from jixiao.reading.source import grids_of

    info = compound.streams.get("encryptioninfo", b"")
    package = decrypted(data, passwords, info=info, limits=limits)
    if container(package[:16]) is not Container.ZIP:
        raise encrypted("设有打开密码")
    return grids_of(package, limits=limits)


def _no_workbook(compound: Compound) -> Refusal:
    for name, title in _OTHERS:
        if name in compound.names:
            return unreadable(suspected(title))
    return unreadable("不是电子表格，疑为其他 Office 文档")
