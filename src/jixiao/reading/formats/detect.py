"""What a file is, by its content; its name is only asked whether the system made it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

OWNER_PREFIXES = ("~$", ".~lock.", "._", ".~")
SYSTEM_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r", "$recycle.bin"})


class Container(StrEnum):
    """The outermost format of a file that may hold a workbook."""

    ZIP = "zip"
    OLE = "ole"
    BIFF = "biff"
    OTHER = "other"


RTF = b"{\\rtf"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文档"),
    (b"\x89PNG", "图片（PNG）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"GIF8", "图片（GIF）"),
    (b"BM", "图片（BMP）"),
    (b"II*\x00", "图片（TIFF）"),
    (b"MM\x00*", "图片（TIFF）"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "GZ 压缩包"),
    (b"BZh", "BZ2 压缩包"),
    (b"\xfd7zXZ", "XZ 压缩包"),
    (RTF, "RTF 文档"),
    (b"MZ", "可执行程序"),
    (b"\x7fELF", "可执行程序"),
    (b"SQLite format 3", "数据库文件"),
    (b"OFD", "OFD 文档"),
)
_TEXT_ENCODINGS = ("utf-8-sig", "gb18030")


def is_system_file(path: Path) -> bool:
    """Whether a file was left by the system or an open program (`~$` owner files, .DS_Store, Thumbs.db, …)."""
    return path.name.startswith(OWNER_PREFIXES) or path.name.lower() in SYSTEM_NAMES


def container(head: bytes) -> Container:
    """The container that a file's first bytes tell."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return Container.ZIP
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Container.OLE
    if head[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08") and head[2:4] in (
        b"\x04\x00", b"\x06\x00", b"\x08\x00", b"\x10\x00",
    ):  # fmt: skip
        return Container.BIFF
    return Container.OTHER


def suspected(kind: str) -> str:
    """What a file that is no spreadsheet seems to be, in words; a name in Latin letters stands apart."""
    return f"不是电子表格，疑为{' ' if kind[:1].isascii() else ''}{kind}"


def describe(data: bytes) -> str:
    """What a file that is no workbook seems to be, in Chinese."""
    if not data:
        return "空文件（0 字节）"
    if not data.strip(b"\x00"):
        return "内容全为零的文件（可能未下载完整）"
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[4:8] == b"ftyp":
        return "音视频或图片文件"
    return _describe_text(data[:65536]) or "无法识别的文件"


def _describe_text(head: bytes) -> str | None:
    text = _decoded(head)
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n")[:4096].lower()
    if start.startswith(("<!doctype html", "<html")) or "<table" in start or "<html" in start:
        return "网页（HTML）文件"
    if start.startswith("mime-version:"):
        return "网页归档（MHTML）文件"
    if start.startswith("<?xml") and "urn:schemas-microsoft-com:office:spreadsheet" in start:
        return "XML 表格（Excel 2003 XML）文件"
    if start.startswith("<?xml"):
        return "XML 文件"
    if start.startswith(("{", "[")):
        return "JSON 或文本文件"
    lines = [line for line in start.splitlines() if line.strip()][:5]
    if len(lines) > 1 and any(all(mark in line for line in lines) for mark in (",", "\t", ";")):
        return "CSV 文本文件"
    return "纯文本文件"


def _decoded(head: bytes) -> str | None:
    """The bytes as text, None where they are none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="ignore")
    if any(byte < 9 or 13 < byte < 32 for byte in head[:4096] if byte != 27):
        return None
    for encoding in _TEXT_ENCODINGS:
        for cut in (0, 1, 2, 3):  # a character may be cut at the end
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None
