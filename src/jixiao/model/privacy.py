"""Personal words (names and telephones) of a filing, and texts with them masked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

MASK = "＊＊＊"

NO_NAMES = frozenset({"无", "没有", "暂无", "不详", "姓名", "姓名略", "略", "同上", "电话略", "联系人", "签字", "职务"})
"""What stands in a name's or telephone's cell without being one."""

_BETWEEN_NAMES = re.compile(r"[、，,；;／/|\n\r：:]+")
_ASIDE = re.compile(r"[（(【\[].*?[）)】\]]")
_BLANK = re.compile(r"\s+")
_LONGEST_SPACED_NAME = 4
"""How many characters a Chinese name may have that is written with blanks between them."""

_SHORTEST_TELEPHONE = 7
"""How many digits a run must have to be a telephone: local numbers have seven or eight."""


def personal_words(names: Iterable[str], telephones: Iterable[str], public: Iterable[str] = ()) -> frozenset[str]:
    """The names and telephones in these cells' texts; words that stand in a `public` text (a department's name) are none.

    Blank marks and single characters are no names: masking them would eat the text.
    """
    known = [_plain(text) for text in public if text]
    found = {name for text in names for name in _names(text)} | {
        run for text in telephones for run in _telephones(text)
    }
    return frozenset(word for word in found if not any(word in text for text in known))


def masked(text: str, secrets: frozenset[str]) -> str:
    """The text with every personal word masked, also where blanks, hyphens or full-width digits dress it."""
    if not text or not secrets:
        return text
    return _pattern(secrets).sub(MASK, text)


def _plain(text: str) -> str:
    return _BLANK.sub("", unicodedata.normalize("NFKC", text))


def _names(text: str) -> Iterable[str]:
    for piece in _BETWEEN_NAMES.split(_ASIDE.sub("", unicodedata.normalize("NFKC", text))):
        together = _BLANK.sub("", piece)
        # Two-character names are often written with a blank between; longer pieces with blanks are several names.
        spaced = len(together) <= _LONGEST_SPACED_NAME or together.isascii()
        for name in (together,) if spaced else _BLANK.split(piece.strip()):
            if len(name) > 1 and name not in NO_NAMES and not re.fullmatch(r"[\W\d_]+", name):
                yield name


def _telephones(text: str) -> Iterable[str]:
    digits = re.sub(r"[^\d、，,；;／/|\n\r]+", "", unicodedata.normalize("NFKC", text))
    for run in re.findall(r"\d+", digits):
        if len(run) >= _SHORTEST_TELEPHONE:
            yield run
            # A number with its area code is often repeated without it.
            if run.startswith("0") and len(run) >= 10:
                yield from (run[length:] for length in (3, 4) if len(run) - length >= _SHORTEST_TELEPHONE)


@lru_cache(maxsize=256)
def _pattern(secrets: frozenset[str]) -> re.Pattern[str]:
    ordered = sorted(secrets, key=lambda word: (-len(word), word))
    return re.compile("|".join(_dressed(word) for word in ordered), re.IGNORECASE)


def _dressed(word: str) -> str:
    if word.isdigit():
        return r"[\s\-—－‐–()（）]{0,3}".join(f"[{digit}{chr(ord('０') + int(digit))}]" for digit in word)
    return r"[\s\u3000]{0,3}".join(re.escape(char) for char in word)
