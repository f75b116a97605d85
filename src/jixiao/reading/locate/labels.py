"""Printed labels made comparable: what typists, word processors and offices vary is taken away on both sides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

LONGEST_LABEL = 160
"""Longer texts are never labels; they are not normalised."""

_REMOVED = "\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad \t\n\r\x0b\x0c“”\"‘’'「」『』《》〈〉＂＇*＊★☆"
_TABLE: dict[int, int | str | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_TABLE.update(
    {
        code: unicodedata.normalize("NFKC", chr(code))
        for block in (range(0x2E80, 0x2FD6), range(0xF900, 0xFAD9))
        for code in block
        if unicodedata.normalize("NFKC", chr(code)) != chr(code)
    }
)
_TABLE.update(dict.fromkeys((*range(0x2000, 0x2010), *range(0x2028, 0x2030), *map(ord, _REMOVED))))
_TABLE.update({ord(char): "-" for char in "−–—―‐‑‒"})
_TABLE.update(str.maketrans("≦≧〔〕【】；", "≤≥()();"))

_NUMBERING = re.compile(
    r"^(?:\([一二三四五六七八九十]{1,3}\)[、.]?|[一二三四五六七八九十]{1,3}[、.]|\(\d{1,2}\)[、.]?|\d{1,2}[、)]|\d{1,2}\.(?!\d)"
    r"|[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳][、.]?)"
)
_TRAILING = ":：。;,、."
_UNIT = r"万元|元|亿元|千元|百元|百万元|人|个|起|项|次|件|分|%|㎡|m2|m²|平方米|家|台|辆"
_SUFFIX = re.compile(
    rf"\((?:(?:金额)?单位:?)?(?:{_UNIT}|\d{{1,3}}(?:\.\d+)?分|满分\d{{1,3}}分?|盖章|公章|签章|签字|签名)\)$"
)
_UNIT_NAMED = re.compile(
    rf"^(?P<before>.{{0,30}}?)\(?(?:金额|货币)?(?:计量)?单位:?(?:人民币)?:?\(?(?P<units>(?:{_UNIT})(?:[,、;/和](?:{_UNIT}))*)(?:\(.{{0,20}})?\)?$"
)
_UNIT_ALONE = re.compile(r"\((?:人民币)?(?P<unit>万元|元|亿元|千元|百万元)\)|(?:人民币)?(?P<bare>元|亿元|千元|百万元)")
"""The form's own 万元 needs no telling, and stands without brackets in the cells of a column for units."""

_UNIT_AHEAD = re.compile(r"(?:金额|货币)?(?:计量)?单位:?(?:人民币)?:?")
_UNIT_BEHIND = re.compile(r"(?:[\s/:：,，·-]|(?<=[计款入出费额数余]))(?P<unit>万元|元|亿元|千元|百万元)\s*$")
MONEY = ("万元", "元", "亿元", "千元", "百元", "百万元")
"""Units of money, as the head lines of tables name them."""
_UNIT_BRACKETED = re.compile(rf"\((?:(?:金额)?单位:?)?(?P<unit>{_UNIT})\)")


def squeeze(text: str) -> str:
    """The text without blanks, line feeds and quotes, widths and signs made one."""
    return text.translate(_TABLE)


def normalise(text: str) -> str:
    """The text as labels are compared: squeezed, without leading numbers, trailing colons, brackets with units or points."""
    return normalise_label(text) if len(text) <= LONGEST_LABEL else _normalise(text)


def _normalise(text: str) -> str:
    shown = squeeze(text)
    for _ in range(3):
        shorter = _NUMBERING.sub("", shown, count=1)
        if shorter == shown or not shorter:
            break
        shown = shorter
    while True:
        shorter = _SUFFIX.sub("", shown.rstrip(_TRAILING))
        if shorter == shown or not shorter:
            return shorter or shown
        if shown.endswith("元)") and _UNIT_AHEAD.fullmatch(shorter):
            return shown  # 单位：人民币（元） says nothing without its end
        shown = shorter


normalise_label = lru_cache(maxsize=16_384)(_normalise)
"""The same of a text short enough to be a label, cached: labels are the same in every filing. Saves 0.5 ms a filing."""


def without_numbering(text: str) -> str:
    """A name as first seen, less blanks, line feeds and leading numbers; its own brackets and widths stay."""
    packed = "".join(text.translate(_INVISIBLE).split())
    for _ in range(2):
        match = _NUMBERING.match(packed.translate(_SAME_LENGTH))
        if not match or match.end() == len(packed):
            break
        packed = packed[match.end() :]
    return packed.rstrip("：:。；;、") or packed


_INVISIBLE: dict[int, int | str | None] = {0x3000: " ", 0xA0: " ", 0x200B: None, 0xFEFF: None, 0xAD: None}
_SAME_LENGTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def numbered(text: str) -> bool:
    """Whether a label begins with a number, as the rows of a list do."""
    return _NUMBERING.match(squeeze(text)) is not None


def unit_line(text: str) -> str | None:
    """The unit that a line such as 单位：元 names for the table below it, of several that of money; None for any other text."""
    said = stated_unit(text)
    return said[1] if said and not said[0] else None


def stated_unit(text: str) -> tuple[str, str] | None:
    """What stands before a statement such as 单位：元 at the end of a line, normalised, and the unit; None where there is none."""
    if ("元" not in text and "单" not in text) or len(text) > LONGEST_LABEL:
        return None
    line = squeeze(text)
    if alone := _UNIT_ALONE.fullmatch(line):
        return "", alone["unit"] or alone["bare"]
    match = _UNIT_NAMED.match(line)
    if not match:
        return None
    units = re.split("[,、;/和]", match["units"])
    before = match["before"].strip("(")
    return (normalise(before) if before else ""), next((unit for unit in units if unit in MONEY), units[0])


def unit_in_label(text: str) -> str | None:
    """The unit that a label names in brackets or behind it, such as 年度收入情况（元） or 收入合计 元."""
    match = _UNIT_BRACKETED.search(squeeze(text)) or _UNIT_BEHIND.search(text)
    return match["unit"] if match else None


SIMILAR = 75.0
"""How near, in percent of the letters, a text must come to a label to be taken for it."""

MARGIN = 10.0
"""By how much it must be nearer to that label than to any other."""

SHORTEST_SIMILAR = 4
"""Labels of fewer letters differ too little from one another to be guessed."""

_FIGURES = re.compile(r"[\d一二三四五六七八九十上下本去今明前后东南西北]+")


def nearest(text: str, wanted: Mapping[str, object] | Iterable[str], others: Iterable[str] = ()) -> str | None:
    """The one label of `wanted` that a normalised text nearly is; None where none is near or another is as near.

    Where `wanted` says what each label means, labels of one thing do not compete. What differs in a figure or a word of order
    (上年, 本年; 一中, 二中) is another label, not a typing error.
    """
    if len(text) < SHORTEST_SIMILAR - 1 or len(text) > LONGEST_LABEL:
        return None  # one letter fewer than the shortest label that may be guessed
    from rapidfuzz.distance import Levenshtein  # loaded only where something is misspelt

    figures = _FIGURES.findall(text)
    means = wanted if isinstance(wanted, Mapping) else {label: label for label in wanted}
    best, best_score, next_score = None, 0.0, 0.0
    for label, eligible in (*((each, True) for each in means), *((each, False) for each in others)):
        if len(label) < SHORTEST_SIMILAR or abs(len(label) - len(text)) > max(len(label), len(text)) // 3:
            continue
        score = 100.0 * Levenshtein.normalized_similarity(text, label)
        if eligible and best is not None and means[label] is means[best]:
            best, best_score = (label, score) if score > best_score else (best, best_score)
        elif score > best_score:
            best, best_score, next_score = (label if eligible else None), score, best_score
        else:
            next_score = max(next_score, score)
    if best is None or best_score < SIMILAR or best_score - next_score < MARGIN:
        return None
    return best if _FIGURES.findall(best) == figures else None


def same_figures(one: str, other: str) -> bool:
    """Whether two texts have the same figures and words of order."""
    return bool(_FIGURES.findall(one) == _FIGURES.findall(other))


def one_slip(text: str, label: str) -> bool:
    """Whether two texts differ by one letter, put in, left out or exchanged."""
    from rapidfuzz.distance import Levenshtein

    return abs(len(text) - len(label)) <= 1 and Levenshtein.distance(text, label) == 1

