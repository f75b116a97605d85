"""The numbers of looks in a file, and the part that tells them."""

from __future__ import annotations

from functools import lru_cache

from xlsxwriter.format import Format

from jixiao.writing import theme
from jixiao.writing.canvas import Style
from jixiao.writing.library import Styles, styles
from jixiao.writing.package import STYLES, Part, packed


class Looks(dict[Style, int]):
    """The number of each style: those of common ones are fixed, up to `fixed`, others follow as they are first met."""

    def __init__(self) -> None:
        common = _common()
        super().__init__(common.numbers)
        self.fixed = len(common.keys)
        self.others: list[Style] = []
        self._numbers: dict[str, int] = {}

    def __missing__(self, style: Style) -> int:
        key = _key(style)
        number = _common().keys.get(key) or self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = self.fixed + 1 + len(self._numbers)
            self.others.append(style)
        self[style] = number
        return number


@lru_cache(512)
def looks_part(others: tuple[Style, ...]) -> Part:
    """The part of the package that tells common looks and these."""
    return packed(STYLES, (styles(others) if others else _common()).text)


@lru_cache(2048)
def _key(style: Style) -> str:
    """What the library tells looks apart by."""
    key: str = Format(theme.properties(style))._get_format_key()
    return key


@lru_cache(1)
def _common() -> Styles:
    return styles()
