"""Cells read as one of the choices that a form offers, ticked in any of the ways people tick."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from jixiao.model.cell import CellValue, ErrorValue, UncachedFormula
from jixiao.model.fact import FactState
from jixiao.values.text import ERROR_TEXTS, Note, NoteKind, ParsedText, is_blank, raw_text, strip_invisible

CHECKED = "√✓✔☑☒■●◉🗹🗸✅"
EMPTY = "□☐○〇◯▢"
CROSSED = "×✗✘✕╳❌"

_SAYINGS: Mapping[str, frozenset[str]] = MappingProxyType({
    "是": frozenset({"有", "对", "已", "是的", "Y", "YES", "TRUE", "√", "✓", "✔", "☑", "■", "●", "◉", "✅", "🗹", "🗸"}),
    "否": frozenset({"无", "没有", "不是", "未", "不", "N", "NO", "FALSE", *CROSSED}),
    "优": frozenset({"优秀", "优等", "优级"}),
    "良": frozenset({"良好", "良等", "良级"}),
    "中": frozenset({"中等", "中级"}),
    "差": frozenset({"较差", "差等", "差级"}),
})
"""Other ways to say a choice, wherever a form offers it. A lone ○ or ☒ is ambiguous."""

_SEPARATORS = re.compile(r"[\s、,;/|()\[\]:]+")


def parse_choice(raw: CellValue, choices: Sequence[str]) -> ParsedText:
    """Return the choice that a cell makes; blank where none is ticked, unreadable where it makes no one choice."""
    if raw is None:
        return ParsedText(None, FactState.BLANK)
    if isinstance(raw, ErrorValue | UncachedFormula):
        kind = NoteKind.ERROR if isinstance(raw, ErrorValue) else NoteKind.FORMULA
        return ParsedText(None, FactState.UNREADABLE, (Note(kind, raw.text),))
    written = raw_text(raw) or ""
    packed = "".join(strip_invisible(written).split()).rstrip("。.")
    if packed.upper() in ERROR_TEXTS:
        return ParsedText(None, FactState.UNREADABLE, (Note(NoteKind.ERROR, packed),))
    if packed in choices:
        return ParsedText(packed, FactState.OK)
    said = [choice for choice in choices if packed.upper() in _SAYINGS.get(choice, ())]
    if len(said) == 1:
        return ParsedText(said[0], FactState.OK, (Note(NoteKind.WRITTEN),))
    if is_blank(written) or packed in ("□", "☐", "▢"):
        return ParsedText(None, FactState.BLANK)
    return _ticked(strip_invisible(written), choices)


def _ticked(shown: str, choices: Sequence[str]) -> ParsedText:
    """Return a list of choices of which one is ticked, the ticks before or behind them."""
    names = sorted(choices, key=len, reverse=True)
    token = re.compile("|".join((*map(re.escape, names), f"[{CHECKED}{EMPTY}{CROSSED}]")))
    tokens = token.findall(shown)
    rest = _SEPARATORS.sub("", token.sub("", shown))
    offered = [each for each in tokens if each in choices]
    if rest or not offered or len(set(offered)) < len(offered):
        return ParsedText(None, FactState.UNREADABLE)
    ticks = _attached(tokens, choices)
    checked = [choice for choice, mark in ticks if mark in CHECKED]
    if len(checked) == 1:
        return ParsedText(checked[0], FactState.OK, (Note(NoteKind.WRITTEN),))
    untouched = not checked and not any(mark in CROSSED for _, mark in ticks)
    return ParsedText(None, FactState.BLANK if untouched and len(offered) == len(choices) else FactState.UNREADABLE)


def _attached(tokens: Sequence[str], choices: Sequence[str]) -> list[tuple[str, str]]:
    """Return each mark with its choice: the next one where the text begins with a mark, else the one before."""
    forward = tokens[0] not in choices
    pairs = pairwise(tokens)
    if forward:
        return [(after, mark) for mark, after in pairs if mark not in choices and after in choices]
    return [(before, mark) for before, mark in pairs if before in choices and mark not in choices]
