"""The numbers of looks in a file, and the part that tells them."""

from __future__ import annotations

from functools import lru_cache

from xlsxwriter.format import Format

from jixiao.writing import theme
from jixiao.writing.canvas import SheetContent, Style, WorkbookContent
from jixiao.writing.library import drawn_parts
from jixiao.writing.package import Part, packed

STYLES = "xl/styles.xml"


class Looks(dict[Style, int]):
    """The number of each style: those of common ones are fixed, up to `fixed`, others follow as they are first met."""

    def __init__(self) -> None:
        super().__init__(_common())
        self.fixed = len(_known())
        self.others: list[Style] = []
        self._numbers: dict[str, int] = {}

    def __missing__(self, style: Style) -> int:
        key, known = _key(style), _known()
        number = known.get(key) or self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(known) + 1 + len(self._numbers)
            self.others.append(style)
        self[style] = number
        return number


@lru_cache(512)
def looks_part(others: tuple[Style, ...], comments: bool) -> Part:
    """The part of the package that tells common looks and these."""
    sheet = SheetContent("表")
    if comments:
        sheet.put(0, 0, None, theme.COMMON[0], comment="批注")
    return packed(STYLES, drawn_parts(WorkbookContent([sheet]), others, hollow=True)[STYLES])


@lru_cache(2048)
def _key(style: Style) -> str:
    """What the library tells looks apart by."""
    key: str = Format(theme.properties(style))._get_format_key()
    return key


@lru_cache(1)
def _known() -> dict[str, int]:
    return {key: number for number, key in enumerate(dict.fromkeys(map(_key, theme.COMMON)), start=1)}


@lru_cache(1)
def _common() -> dict[Style, int]:
    known = _known()
    return {style: known[_key(style)] for style in theme.COMMON}
