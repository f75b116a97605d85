"""Names of departments: compared, and turned into names of files."""

from __future__ import annotations

import re
import unicodedata

_DECORATION = re.compile(r"[\s（）()\[\]【】·.,，。、“”\"'_-]+")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$", re.IGNORECASE)
_LONGEST, _MOST_BYTES = 80, 180
"""Characters and bytes (UTF-8) of a stem: file systems keep 255 bytes, Windows 260 characters of the whole path."""


def comparable_name(name: str) -> str:
    """Return a name as it is compared: width, blanks, brackets and punctuation aside."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", name)).casefold()


def safe_file_stem(name: str) -> str:
    """Return a name as a file stem for every platform: no separators, reserved names, control or bidi marks."""
    visible = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char) not in _HIDDEN)
    cleaned = _UNSAFE.sub("_", visible).strip(" .")
    cleaned = re.sub(r"\.{2,}", "_", cleaned)[:_LONGEST]
    cleaned = cleaned.encode()[:_MOST_BYTES].decode(errors="ignore").strip(" .")
    if not cleaned:
        return "未命名"
    return f"_{cleaned}" if _RESERVED.match(cleaned) else cleaned


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
