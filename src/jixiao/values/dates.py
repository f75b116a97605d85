"""Cells read as text, as a year and as a date."""

from __future__ import annotations

import re
from datetime import date

from jixiao.model.cell import CellValue
from jixiao.model.fact import FactState
from jixiao.values.text import Note, NoteKind, ParsedText, date_text, packed_text, raw_text, special_text

_YEAR = r"(?:19[5-9]|20[0-9])[0-9]"
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR_TEXT = re.compile(rf"\(?({_YEAR})(?:年度?)?\)?")
_YEAR_EMPTY = re.compile(r"\(?[_\s]*年度?\)?")
_DATES = (
    re.compile(rf"({_YEAR})年([0-9]{{1,2}})月(?:([0-9]{{1,2}})[日号]?)?"),
    re.compile(rf"({_YEAR})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}})(?:[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?)?"),
    re.compile(rf"({_YEAR})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"),
)
_MONTH_ONLY = re.compile(rf"({_YEAR})[-/]([0-9]{{1,2}})")
_CHINESE_DATE = re.compile(
    r"([一二][〇○零一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)
_DATE_EMPTY = re.compile(r"[_.\s]*年[_\s]*月(?:[_\s]*日)?")
_LOOKS = re.compile(
    rf"{_YEAR}年(?:[0-9]{{1,2}}月(?:[0-9]{{1,2}}[日号]?)?)?|[0-9]{{1,2}}月(?:[0-9]{{1,2}}[日号]?)?|[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?"
)


def parse_year(raw: CellValue) -> ParsedText:
    """Return the year of a cell as four digits: 2022, 2022年度, （2022年度）, 二〇二二年度 or a date."""
    if isinstance(raw, date):
        return ParsedText(str(raw.year), FactState.OK, (Note(NoteKind.DATE, raw_text(raw) or ""),))
    if (special := special_text(raw)) is not None:
        return special
    packed = packed_text(raw)
    if _YEAR_EMPTY.fullmatch(packed):
        return ParsedText(None, FactState.BLANK)
    match = _YEAR_TEXT.fullmatch(packed) or _YEAR_TEXT.fullmatch(packed.translate(_CHINESE_DIGITS))
    return ParsedText(match[1], FactState.OK) if match else ParsedText(None, FactState.UNREADABLE)


def parse_date(raw: CellValue) -> ParsedText:
    """Return the date of a cell as 2023年4月10日 or, where the day is not given, 2023年4月."""
    if isinstance(raw, date):
        return ParsedText(date_text(raw), FactState.OK)
    if (special := special_text(raw)) is not None:
        return special
    packed = packed_text(raw)
    if _DATE_EMPTY.fullmatch(packed):
        return ParsedText(None, FactState.BLANK)
    for pattern in (*_DATES, _MONTH_ONLY):
        if match := pattern.fullmatch(packed):
            text = _calendar(*match.groups())
            return ParsedText(text, FactState.OK) if text else ParsedText(None, FactState.UNREADABLE)
    if match := _CHINESE_DATE.fullmatch(packed):
        year, *rest = match.groups()
        text = _calendar(year.translate(_CHINESE_DIGITS), *(_arabic(each) for each in rest if each))
        return ParsedText(text, FactState.OK) if text else ParsedText(None, FactState.UNREADABLE)
    return ParsedText(None, FactState.UNREADABLE)


def _arabic(number: str) -> str:
    """Return a number below a hundred in Chinese numerals as digits: 十 is 10, 二十 20, 三十一 31; other text is returned unusable as a number."""
    tens, ten, ones = number.partition("十")
    if not ten:
        return number.translate(_CHINESE_DIGITS)
    return (tens or "1").translate(_CHINESE_DIGITS) + (ones or "0").translate(_CHINESE_DIGITS)


def _calendar(year: str, month: str, day: str | None = None) -> str | None:
    """Return the date in its normal form, None where the calendar has no such day."""
    try:
        day_of_calendar = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return date_text(day_of_calendar) if day else f"{day_of_calendar.year}年{day_of_calendar.month}月"


def looks_like_date(shown: str) -> bool:
    """Return whether a text where a number belongs is a date, a month or a time of day."""
    packed = "".join(shown.split())
    return bool(_LOOKS.fullmatch(packed)) or any(pattern.fullmatch(packed) for pattern in _DATES)
