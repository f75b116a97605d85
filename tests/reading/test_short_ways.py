"""The short ways that reading takes for what nearly every cell holds say exactly what the long ways say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.model.cell import UncachedFormula
from jixiao.model.fact import FactState
from jixiao.reading.formats.limits import LIMITS
from jixiao.reading.formats.xlsx_details import sheet_details
from jixiao.values.number_format import plain_text, to_six_places
from jixiao.values.numbers import LARGEST, parse_number
from jixiao.values.text import NoteKind, is_blank, plain_digits, raw_text

FLOATS = st.one_of(
    st.floats(),
    st.decimals(min_value=-(10**9), max_value=10**9, places=2).map(float),
    st.sampled_from([0.0, -0.0, 5e-324, 1e-5, 0.0001, 1e15, 1e16, 1e22, 0.1 + 0.2, 434.71000000000004, 999999999999999.9]),
)
TEXTS = st.text(st.sampled_from("无没有暂不涉及此项空未填一二完成局0１5nｎNaＡ/／\\—－-_.。 \u3000\n\u200b#（）"), max_size=16)
FORMULA = b"<f>SUM(A1)</f>"


@settings(max_examples=300, deadline=None)
@given(FLOATS)
def test_a_binary_number_is_its_shortest_decimal_to_six_places_and_noise_beyond_them_is_noted(number):
    exact = Decimal(repr(number))
    parsed = parse_number(number, unit="万元")
    if not exact.is_finite() or abs(exact) >= LARGEST:
        assert parsed == (None, FactState.UNREADABLE, ())
        return
    kept = to_six_places(exact)
    assert (str(parsed.value), parsed.state) == (str(kept), FactState.OK)
    assert [note.kind for note in parsed.notes] == ([] if kept == exact else [NoteKind.NOISE])


@settings(max_examples=300, deadline=None)
@given(FLOATS)
def test_the_digits_of_a_number_are_those_that_people_write(number):
    digits = plain_digits(number)
    if digits is not None:
        assert raw_text(number) == digits == plain_text(Decimal(repr(number)))
    else:
        assert "e" in repr(number) or not Decimal(repr(number)).is_finite()


def test_a_zero_has_no_sign():
    assert [plain_digits(zero) for zero in (-0.0, 0.0)] == ["0", "0"]


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_whether_a_text_is_blank_does_not_hang_on_how_it_begins(text):
    # A mark without width is nothing, and no text that begins with one is decided by its first character.
    assert is_blank(text) == is_blank(f"\u200b{text}")


@pytest.mark.parametrize("mark", ["", " ", "-", "——", "一一", "/", "／", "无", " 无", "n/a", "ｎ/a", "没有", "暂无", "未填", "不涉及"])
def test_marks_for_nothing_are_blank(mark):
    assert is_blank(mark)


@pytest.mark.parametrize("text", ["一", "0", "5", "完成", "有", "无异议", "未完成", "A", "na", "不" * 13, " 完成"])
def test_what_says_anything_is_not_blank(text):
    assert not is_blank(text)


TEXT_CHECK = b'<c r="B2" s="1" t="str">' + FORMULA + b"<v></v></c>"
VALIDATION = b"</sheetData><dataValidations><dataValidation><formula1>1</formula1></dataValidation></dataValidations>"


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (TEXT_CHECK, {}),
        (TEXT_CHECK + b'<c r="C2">' + FORMULA + b"<v>1</v></c>", {}),
        (TEXT_CHECK + b'<c r="C2">' + FORMULA + b"</c>", {(1, 2): UncachedFormula("=SUM(A1)")}),
        (b'<c r="C2">' + FORMULA + b"<v></v></c>" + TEXT_CHECK, {(1, 2): UncachedFormula("=SUM(A1)")}),
        (TEXT_CHECK + b'<c r="C2"><f t="shared" si="0"/></c>', {(1, 2): UncachedFormula("=")}),
        (TEXT_CHECK + b'<c r="C2">' + FORMULA + b"<v/></c>" + TEXT_CHECK, {(1, 2): UncachedFormula("=SUM(A1)")}),
    ],
    ids=["texts alone", "a number", "no result", "an empty result before", "a shared one", "an empty tag between"],
)
def test_a_formula_without_its_result_is_seen_among_checks_whose_result_is_an_empty_text(cells, values):
    for after in (b"</sheetData>", VALIDATION):
        sheet = b'<worksheet><sheetData><row r="2">' + cells + b"</row>" + after + b"</worksheet>"
        assert sheet_details(sheet, frozenset(), LIMITS).values == values
