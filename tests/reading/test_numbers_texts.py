"""Texts, years, dates and ticked choices as they stand in cells."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from jixiao.model.cell import CellValue, ErrorValue, UncachedFormula
from jixiao.model.fact import FactState
from jixiao.values.choices import parse_choice
from jixiao.values.dates import parse_date, parse_year
from jixiao.values.text import NoteKind, parse_text

YES_NO = ("是", "否")
GRADES = ("优", "良", "中", "差")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("某局", "某局"),
        (" 某局\u3000", "某局"),
        ("第一行\r\n第二行_x000D_", "第一行\n第二行"),
        ("响铃\x07符", "响铃符"),
        (101001.0, "101001"),
        (654.74, "654.74"),
        (0, "0"),
        (datetime(2023, 4, 10), "2023年4月10日"),
        (date(2023, 4, 10), "2023年4月10日"),
        (datetime(2023, 4, 10, 9, 30), "2023年4月10日 09:30"),
        (time(9, 30), "09:30"),
        ("=1+1", "=1+1"),
        ("-", None),
        ("——", None),
        ("/", None),
        ("无", None),
        ("\u3000", None),
        (None, None),
    ],
)
def test_text_is_kept_and_blank_marks_are_blank(raw: CellValue, text: str | None) -> None:
    assert parse_text(raw) == (text, FactState.BLANK if text is None else FactState.OK, ())


@pytest.mark.parametrize("raw", [ErrorValue("#REF!"), "#REF!", UncachedFormula("=A1")])
@pytest.mark.parametrize("parse", [parse_text, parse_year, parse_date, lambda raw: parse_choice(raw, YES_NO)])
def test_errors_and_formulas_without_result_are_no_text(raw: CellValue, parse) -> None:  # type: ignore[no-untyped-def]
    parsed = parse(raw)
    assert parsed[:2] == (None, FactState.UNREADABLE)
    assert [note.kind for note in parsed.notes] == [
        NoteKind.FORMULA if isinstance(raw, UncachedFormula) else NoteKind.ERROR
    ]


@pytest.mark.parametrize(
    ("raw", "year"),
    [
        (2022, "2022"), (2022.0, "2022"), ("2022", "2022"), ("2022年", "2022"), ("2022年度", "2022"),
        ("（2022年度）", "2022"), ("( 2022 年度 )", "2022"), ("２０２２年度", "2022"), ("二〇二二年度", "2022"),
        ("二○二二年", "2022"), (datetime(2022, 12, 31), "2022"),
    ],
)  # fmt: skip
def test_a_year_is_four_digits_however_written(raw: CellValue, year: str) -> None:
    assert parse_year(raw)[:2] == (year, FactState.OK)


@pytest.mark.parametrize("raw", [None, "", "（  年度）", "年度", "____年度", "—"])
def test_a_year_left_to_fill_in_is_blank(raw: CellValue) -> None:
    assert parse_year(raw)[:2] == (None, FactState.BLANK)


@pytest.mark.parametrize("raw", ["22年", "2021-2022年", "去年", 44926, 2022.5, "20222", True])
def test_what_is_no_one_year_is_unreadable(raw: CellValue) -> None:
    assert parse_year(raw)[:2] == (None, FactState.UNREADABLE)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("2023年4月10日", "2023年4月10日"), ("2023 年 04 月 10 日", "2023年4月10日"), ("2023年4月", "2023年4月"),
        ("2018年6月", "2018年6月"), ("20181130", "2018年11月30日"), (20181130, "2018年11月30日"),
        ("2018-11-30", "2018年11月30日"), ("2018/1/3", "2018年1月3日"), ("2018.11.30", "2018年11月30日"),
        ("2018-11-30 00:00:00", "2018年11月30日"), ("２０２３．４．１０", "2023年4月10日"), ("2023-04", "2023年4月"),
        (datetime(2023, 4, 10), "2023年4月10日"), (date(2023, 4, 10), "2023年4月10日"),
        ("二〇二三年四月十日", "2023年4月10日"), ("二○二二年十二月三十一日", "2022年12月31日"), ("二零二三年四月", "2023年4月"),
    ],
)  # fmt: skip
def test_a_date_has_one_normal_form(raw: CellValue, text: str) -> None:
    assert parse_date(raw)[:2] == (text, FactState.OK)


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        ("年  月  日", FactState.BLANK), ("    年    月", FactState.BLANK), ("", FactState.BLANK),
        ("2023年13月1日", FactState.UNREADABLE), ("2023-02-30", FactState.UNREADABLE), ("四月十日", FactState.UNREADABLE),
        ("二〇二三年二月三十日", FactState.UNREADABLE), ("二〇二三年十十月一日", FactState.UNREADABLE),
        ("23.4.10", FactState.UNREADABLE), (45026, FactState.UNREADABLE), (time(3, 4), FactState.UNREADABLE),
    ],
)  # fmt: skip
def test_no_date_is_told_from_a_wrong_one(raw: CellValue, state: FactState) -> None:
    assert parse_date(raw)[:2] == (None, state)


@pytest.mark.parametrize(
    ("raw", "choice"),
    [
        ("是", "是"), (" 否 ", "否"), ("√", "是"), ("✓", "是"), ("✔", "是"), ("☑", "是"), ("×", "否"), ("✗", "否"),
        ("Y", "是"), ("n", "否"), ("Ｙｅｓ", "是"), ("有", "是"), ("无", "否"), ("没有", "否"), (True, "是"), (False, "否"),
        ("□是 ☑否", "否"), ("☑是 □否", "是"), ("☒是 □否", "是"), ("是☑ 否□", "是"), ("是√  否", "是"), ("√是/否", "是"),
        ("■是□否", "是"), ("是□\n否■", "否"), ("是（√） 否（ ）", "是"), ("是×  否√", "否"), ("○是 ●否", "否"), ("是。", "是"),
    ],
)  # fmt: skip
def test_a_tick_says_yes_or_no(raw: CellValue, choice: str) -> None:
    assert parse_choice(raw, YES_NO)[:2] == (choice, FactState.OK)


@pytest.mark.parametrize(
    "raw", [None, "", "□", "☐", "□是 □否", "是 否", "是/否", "是□ 否□", "○是 ○否", "/", "——", "\u3000"]
)
def test_no_tick_is_blank(raw: CellValue) -> None:
    assert parse_choice(raw, YES_NO) == (None, FactState.BLANK, ())


@pytest.mark.parametrize("raw", ["☑是 ☑否", "〇", "○", "☒", "部分", "是，但未公开", "×是 否", "是是", 1, 0, "是×"])
def test_what_makes_no_one_choice_is_unreadable(raw: CellValue) -> None:
    assert parse_choice(raw, YES_NO)[:2] == (None, FactState.UNREADABLE)


@pytest.mark.parametrize(
    ("raw", "grade"),
    [("优", "优"), ("优秀", "优"), ("良好", "良"), ("中等", "中"), ("较差", "差"), ("□优☑良□中□差", "良")],
)
def test_a_grade_is_one_of_the_forms(raw: CellValue, grade: str) -> None:
    assert parse_choice(raw, GRADES)[:2] == (grade, FactState.OK)


@pytest.mark.parametrize("raw", ["一般", "有", "√", "优良", "95"])
def test_other_words_are_no_grade(raw: CellValue) -> None:
    assert parse_choice(raw, GRADES)[:2] == (None, FactState.UNREADABLE)


@pytest.mark.parametrize(
    ("raw", "told"), [("是", False), (" 是 ", False), ("√", True), ("□是 ☑否", True), ("无", True)]
)
def test_a_choice_read_from_another_mark_is_told(raw: str, told: bool) -> None:
    assert [note.kind for note in parse_choice(raw, YES_NO).notes] == [NoteKind.WRITTEN] * told
