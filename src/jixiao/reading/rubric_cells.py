"""Cells of the rubric's workbook: each read as what its column holds, or refused with a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from jixiao.model.cell import CellValue, raw_text
from jixiao.model.finding import Finding
from jixiao.model.numbers import parse_number
from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.rubric_rows import concept_names
from jixiao.pack.rubric_sheets import (
    CONCEPTS_SHEET,
    KEPT_METHOD,
    LIST_MARK,
    METHODS,
    NO,
    YES,
    ZERO_MARK,
    Holds,
    SheetColumn,
    concept_words,
)

BLANK = object()
"""What a cell gives that holds nothing."""

HUNDRED = Decimal(100)


class Wrong(Exception):
    """A cell that cannot be read: what was expected, in Chinese, and what may have been meant."""

    def __init__(self, expected: str, suggestion: str = "") -> None:
        super().__init__(expected)
        self.expected, self.suggestion = expected, suggestion


@dataclass(frozen=True)
class RubricCells:
    """Reads cells with the names of one form's concepts."""

    pack: Pack
    ids: Mapping[str, str]

    @classmethod
    def of(cls, pack: Pack) -> RubricCells:
        """The reader of a pack."""
        names = concept_names(pack)
        found = {_bare(concept_words(names, each)): each for each in names}
        return cls(pack, found | {each: each for each in pack.concepts})

    def read(self, column: SheetColumn, raw: CellValue, percent: bool) -> Any:
        """The value of a cell, `BLANK` for none; raises `Wrong`. `percent` says that it is formatted as a percentage."""
        text = (raw_text(raw) or "").replace("\r\n", "\n").replace("_x000D_", "").strip()
        if not text:
            return BLANK
        match column.holds:
            case Holds.NUMBER:
                return _number(raw)
            case Holds.RATE:
                return _rate(raw, text, percent)
            case Holds.YES:
                return _choice({"yes": YES, "no": NO}, text) == "yes"
            case Holds.CHOICE:
                if column.words is METHODS and text.startswith(KEPT_METHOD):
                    return KEPT_METHOD
                return _choice(column.words, text)
            case Holds.IDS:
                return tuple(part.strip() for part in re.split(f"[{LIST_MARK}\n]", text) if part.strip())
            case Holds.CONCEPTS:
                return tuple(self.concept(line) for line in text.split("\n") if line.strip())
            case Holds.CONCEPT_OR_NUMBER:
                number = parse_number(raw).value
                return number if number is not None else self.concept(text)
            case Holds.ZERO_IF:
                return dict(self._zero(line) for line in text.split("\n") if line.strip())
            case _:
                return text

    def concept(self, text: str) -> str:
        """The id of a concept by its name or id; raises `Wrong`."""
        asked = _bare(text)
        if asked in self.ids:
            return self.ids[asked]
        near = get_close_matches(asked, self.ids, 1, 0.6)
        raise Wrong(f"“{CONCEPTS_SHEET}”表中的名称", f"是否为“{near[0]}”？" if near else "")

    def _zero(self, line: str) -> tuple[str, str]:
        name, mark, code = (part.strip() for part in line.replace(":", ZERO_MARK).rpartition(ZERO_MARK))
        if not mark or not any(self.pack.equations_of(code)):
            codes = dict.fromkeys(each.code for each in self.pack.equations)
            raise Wrong(f"数据项{ZERO_MARK}勾稽编号（{next(iter(codes), '')} 等）")
        return self.concept(name), code

    def finding(self, code: str, place: Place, column: str, raw: CellValue, wrong: Wrong) -> Finding:
        """The finding of a cell that cannot be read."""
        found = (raw_text(raw) or "").strip()
        return self.pack.rules.finding(
            code, place=place, expected=wrong.expected, actual=found or "未填列", where=f"{place.sheet}·{column}",
            suggestion=wrong.suggestion,
        )  # fmt: skip


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _number(raw: CellValue) -> Decimal:
    number = parse_number(raw).value
    if number is None:
        raise Wrong("数字")
    return number


def _rate(raw: CellValue, text: str, percent: bool) -> Decimal:
    """A rate: a number formatted as a percentage, or a text with its sign; a bare number could mean either."""
    if isinstance(raw, int | float) and percent:
        return _number(raw)
    if text[-1] in "%％":
        return _number(text[:-1].strip()) / HUNDRED
    if _number(raw) == 0:
        return Decimal(0)
    raise Wrong("百分数，例如 90%")


def _choice(words: Mapping[str, str], text: str) -> str:
    for key, word in words.items():
        if text in (word, key):
            return key
    near = get_close_matches(text, list(words.values()), 1, 0.5)
    raise Wrong("、".join(words.values()), f"是否为“{near[0]}”？" if near else "")
