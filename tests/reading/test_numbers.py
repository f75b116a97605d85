"""The number door: each line of what really stands in cells, with the exact number or the exact refusal."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from jixiao.model.cell import CellValue, ErrorValue, UncachedFormula
from jixiao.model.fact import FactState
from jixiao.values.numbers import parse_number
from jixiao.values.text import NoteKind, raw_text

UNIT, WRITTEN, AMBIGUOUS, NOISE = NoteKind.UNIT, NoteKind.WRITTEN, NoteKind.PERCENT_AMBIGUOUS, NoteKind.NOISE

READ: list[tuple[CellValue, str, str, tuple[NoteKind, ...]]] = [
    # numbers as numbers
    (654.74, "万元", "654.74", ()),
    (31, "人", "31", ()),
    (31.0, "人", "31", ()),
    (0, "万元", "0", ()),
    (0.0, "万元", "0", ()),
    (-0.0, "万元", "0", ()),
    (-12.5, "万元", "-12.5", ()),
    (46.5, "人", "46.5", ()),
    (434.71000000000004, "万元", "434.71", (NOISE,)),
    (0.0900000762939453, "万元", "0.09", (NOISE,)),
    (5.551115123125783e-17, "万元", "0", (NOISE,)),
    (123456789012.34, "万元", "123456789012.34", ()),
    # the unit in the cell
    ("35.94万元", "万元", "35.94", (UNIT,)),
    ("35.94 万元", "万元", "35.94", (UNIT,)),
    ("35.94（万元）", "万元", "35.94", (UNIT,)),
    ("35.94\n万元", "万元", "35.94", (UNIT,)),
    ("7.5万", "万元", "7.5", (UNIT,)),
    ("359400元", "万元", "35.94", (UNIT,)),
    ("359,400.00元", "万元", "35.94", (UNIT,)),
    ("￥359,400元整", "万元", "35.94", (UNIT,)),
    ("0.0036亿元", "万元", "36", (UNIT,)),
    ("3亿", "万元", "30000", (UNIT,)),
    ("0.00万", "万元", "0", (UNIT,)),
    ("35.94万元", "元", "359400", (UNIT,)),
    ("31人", "人", "31", (UNIT,)),
    ("31 名", "人", "31", (UNIT,)),
    ("3项", "个", "3", (UNIT,)),
    ("2例", "起", "2", (UNIT,)),
    ("5分", "分", "5", (UNIT,)),
    ("22.5 分", "分", "22.5", (UNIT,)),
    ("1200平方米", "㎡", "1200", (UNIT,)),
    # numbers as text, in every dress
    ("654.74", "万元", "654.74", (WRITTEN,)),
    ("0", "万元", "0", (WRITTEN,)),
    ("0.00", "万元", "0", (WRITTEN,)),
    ("-0", "万元", "0", (WRITTEN,)),
    ("2,261.82", "万元", "2261.82", (WRITTEN,)),
    ("2，000.00", "万元", "2000", (WRITTEN,)),
    ("2,000", "人", "2000", (WRITTEN,)),
    ("1 234.5", "万元", "1234.5", (WRITTEN,)),
    ("1\u00a0234\u00a0567.8", "万元", "1234567.8", (WRITTEN,)),
    ("１２．５", "万元", "12.5", (WRITTEN,)),
    ("－１２", "万元", "-12", (WRITTEN,)),
    ("−12", "万元", "-12", (WRITTEN,)),
    ("–12", "万元", "-12", (WRITTEN,)),
    ("- 12", "万元", "-12", (WRITTEN,)),
    ("负12.5", "万元", "-12.5", (WRITTEN,)),
    ("+12", "万元", "12", (WRITTEN,)),
    ("(12.5)", "万元", "-12.5", (WRITTEN,)),
    ("（1,234.50）", "万元", "-1234.5", (WRITTEN,)),
    ("7.50.", "万元", "7.5", (WRITTEN,)),
    ("7.50。", "万元", "7.5", (WRITTEN,)),
    ("12。5", "万元", "12.5", (WRITTEN,)),
    ("7.", "万元", "7", (WRITTEN,)),
    (".5", "分", "0.5", (WRITTEN,)),
    ("¥35.94", "万元", "35.94", (WRITTEN,)),
    ("\u3000 35.94\u200b ", "万元", "35.94", (WRITTEN,)),
    ("007", "个", "7", (WRITTEN,)),
    # percentages
    (95, "%", "95", ()),
    (96.5, "%", "96.5", ()),
    (0, "%", "0", ()),
    ("95%", "%", "95", ()),
    ("95.10%", "%", "95.1", ()),
    ("0.95%", "%", "0.95", (AMBIGUOUS,)), ("2.01%", "%", "2.01", ()),
    ("９５％", "%", "95", (WRITTEN,)),
    ("≥95%", "%", "95", (WRITTEN,)),
    (">=95", "%", "95", (WRITTEN,)),
    ("95.\n10%", "%", "95.1", (WRITTEN,)),
    ("95", "%", "95", (WRITTEN,)),
    (0.95, "%", "95", (AMBIGUOUS,)),
    (1, "%", "100", (AMBIGUOUS,)),
    ("0.95", "%", "95", (WRITTEN, AMBIGUOUS)),
]

BLANK: list[CellValue] = [
    None, "", " ", "\n", "\u3000", "\u00a0", "\u3000 \u00a0", "\u200b", "-", "—", "——", "－", "−", "– –", "/", "／",
    "无", " 无 ", "没有", "N/A",
]  # fmt: skip

UNREADABLE: list[tuple[CellValue, str]] = [
    ("nan", "万元"), ("inf", "万元"), ("-Infinity", "万元"), ("1e3", "万元"), ("1E+03", "万元"), ("1_000", "万元"),
    ("0x1F", "人"), ("约30", "人"), ("30余", "人"), ("30-40", "人"), ("30—40", "人"), ("30~40", "人"), ("1,2", "万元"),
    ("12,34", "万元"), ("1234,567", "万元"), ("0,123", "万元"), ("1,234,56", "万元"), ("1.2.3", "万元"), ("7..5", "万元"),
    ("31\n25", "人"), ("3 1", "人"), ("12 34", "人"), ("12. 5", "万元"), ("1/2", "万元"), ("①", "个"), ("三十", "人"),
    ("一", "人"), ("〇", "个"), ("零", "个"), ("比较满意", "%"), ("35人", "万元"), ("35万元", "人"), ("5万人", "人"),
    ("95%", "万元"), ("95分", "%"), ("9.5‰", "%"), ("≥30", "人"), ("<75%", "%"), ("(5)", "人"), ("±5", "万元"),
    ("--5", "万元"), ("5-", "万元"), ("占 %，比上年减少 万元", "万元"), ("31（含借调2人）", "人"), ("共31人", "人"),
    ("35.94万元左右", "万元"), ("35万9400元", "万元"), ("***", "万元"), ("١٢", "人"), ("5²", "个"),
    ("1\u202e2", "人"), (True, "人"), (False, "万元"), (math.nan, "万元"), (math.inf, "万元"), (1e300, "万元"),
    ("9" * 40, "万元"), ("1" + " " * 30000 + "2", "万元"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "unit", "value", "kinds"), READ)
def test_a_cell_gives_its_number_and_says_what_was_done(
    raw: CellValue, unit: str, value: str, kinds: tuple[NoteKind, ...]
) -> None:
    parsed = parse_number(raw, unit=unit)
    assert (parsed.state, str(parsed.value)) == (FactState.OK, value)
    assert tuple(note.kind for note in parsed.notes) == kinds


@pytest.mark.parametrize("raw", BLANK)
@pytest.mark.parametrize("unit", ["万元", "人", "%", "分", ""])
def test_blank_by_any_name_is_blank_and_never_zero(raw: CellValue, unit: str) -> None:
    assert parse_number(raw, unit=unit) == (None, FactState.BLANK, ())


@pytest.mark.parametrize(("raw", "unit"), UNREADABLE)
def test_what_is_no_number_is_unreadable(raw: CellValue, unit: str) -> None:
    assert parse_number(raw, unit=unit)[:2] == (None, FactState.UNREADABLE)


@pytest.mark.parametrize("unit_alone", ["万元", "  万元 ", "（万元）", "元"])
def test_a_unit_that_stands_ready_for_a_number_is_blank(unit_alone: str) -> None:
    assert parse_number(unit_alone, unit="万元") == (None, FactState.BLANK, ())


@pytest.mark.parametrize(
    ("raw", "kind", "detail"),
    [
        (ErrorValue("#DIV/0!"), NoteKind.ERROR, "#DIV/0!"),
        ("#REF!", NoteKind.ERROR, "#REF!"),
        (UncachedFormula("=SUM(B2:B4)"), NoteKind.FORMULA, "=SUM(B2:B4)"),
        ("=SUM(B2:B4)", NoteKind.FORMULA, "=SUM(B2:B4)"),
        (date(2023, 4, 10), NoteKind.DATE, "2023-04-10"),
        (datetime(2023, 4, 10, 9, 30), NoteKind.DATE, "2023-04-10 09:30"),
        (time(3, 4), NoteKind.DATE, "03:04"),
        (timedelta(hours=30), NoteKind.DATE, "1 day, 6:00:00"),
        ("2023年4月", NoteKind.DATE, "2023年4月"),
        ("2018年6月", NoteKind.DATE, "2018年6月"),
        ("20181130", NoteKind.DATE, "20181130"),
        ("2018-11-30", NoteKind.DATE, "2018-11-30"),
        ("2018.11.30", NoteKind.DATE, "2018.11.30"),
        ("6月", NoteKind.DATE, "6月"),
        ("3:30", NoteKind.DATE, "3:30"),
    ],
)
def test_why_a_cell_has_no_number_is_noted(raw: CellValue, kind: NoteKind, detail: str) -> None:
    parsed = parse_number(raw, unit="万元")
    assert parsed[:2] == (None, FactState.UNREADABLE)
    assert [(note.kind, note.detail) for note in parsed.notes] == [(kind, detail)]


@pytest.mark.parametrize(
    ("raw", "value"), [(0.95, "95"), (0.965, "96.5"), (1, "100"), (0, "0"), (1.14, "114"), (0.57, "57")]
)
def test_a_percent_format_tells_the_rate(raw: float, value: str) -> None:
    assert parse_number(raw, unit="%", percent_format=True) == (Decimal(value), FactState.OK, ())


def test_an_ambiguous_percentage_names_its_other_reading() -> None:
    assert parse_number(0.95, unit="%").notes[0].other == Decimal("0.95")
    formatted_after_typing = parse_number(95, unit="%", percent_format=True)
    assert formatted_after_typing.value == 95
    assert [(note.kind, note.other) for note in formatted_after_typing.notes] == [(AMBIGUOUS, Decimal(9500))]


def test_a_percent_format_means_nothing_to_an_amount() -> None:
    assert parse_number(0.95, unit="万元", percent_format=True).value == Decimal("0.95")


def test_notes_say_in_chinese_how_a_number_was_written() -> None:
    assert parse_number("２,０００．５", unit="万元").notes[0].detail == "全角字符、千分位分隔符"
    assert parse_number("359400元", unit="万元").notes[0].detail == "元"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (None, None), ("原文 ", "原文 "), (654.74, "654.74"), (31.0, "31"), (0.1, "0.1"), (1e-7, "0.0000001"),
        (True, "TRUE"), (date(2023, 4, 10), "2023-04-10"), (ErrorValue("#N/A"), "#N/A"), (UncachedFormula("=A1"), "=A1"),
    ],
)  # fmt: skip
def test_the_raw_text_of_a_cell_is_as_people_see_it(raw: CellValue, text: str | None) -> None:
    assert raw_text(raw) == text
