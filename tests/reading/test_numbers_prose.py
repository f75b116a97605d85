"""Amounts, heads and rates in narratives."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.values.amounts import amounts_in_prose


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("总收入654.74万元，其中", [("654.74", "万元")]),
        ("人员支出334.41万，公用", [("334.41", "万元")]),
        ("人员支出334.41万", [("334.41", "万元")]),
        ("支出 334.41 万元", [("334.41", "万元")]),
        ("支出3,344,100元", [("334.41", "万元")]),
        ("支出0.03亿元", [("300", "万元")]),
        ("结余0.00 万。", [("0", "万元")]),
        ("支出３３４．４１万元", [("334.41", "万元")]),
        ("结余-12.5万元", [("-12.5", "万元")]),
        ("共12千元", [("1.2", "万元")]),
        ("实有人数25人，编制31名", [("25", "人"), ("31", "人")]),
        ("满意度95%，覆盖率８８．７４％", [("95", "%"), ("88.74", "%")]),
        ("下降3.5个百分点", [("3.5", "个百分点")]),
        ("2022年，于2022年度完成", []),
        ("党政领导授课36人次，培训班55期，20项指标", []),
        ("惠及5万人、3万户、2亿次", []),
        ("第1项：A12万元", []),
    ],
)
def test_amounts_are_found_in_their_unit(text: str, found: list[tuple[str, str]]) -> None:
    assert [(str(amount.value), amount.unit) for amount in amounts_in_prose(text)] == found
    assert all(amount.exact for amount in amounts_in_prose(text))


@pytest.mark.parametrize(
    "text",
    [
        "约30万元",
        "近30万元",
        "超过30万元",
        "30余万元",
        "30多万元",
        "30万余元",
        "30万元左右",
        "30万元以上",
        "20-30万元",
        "20万元至30万元",
    ],
)
def test_an_amount_that_its_words_leave_open_is_not_exact(text: str) -> None:
    *_, last = amounts_in_prose(text)
    assert (last.value, last.exact) == (30, False)


def test_a_chinese_comma_within_an_amount_leaves_it_open() -> None:
    assert [(amount.value, amount.exact) for amount in amounts_in_prose("支出1，334.41万元")] == [
        (Decimal("1334.41"), False)
    ]


def test_an_amount_knows_where_it_stands() -> None:
    text = "总支出６５４．７４ 万元。"
    (amount,) = amounts_in_prose(text)
    assert text[amount.start : amount.end] == amount.text == "６５４．７４ 万元"


@given(
    st.lists(st.decimals(min_value=0, max_value=99999, places=2), max_size=5), st.sampled_from(["万元", "万", " 万元"])
)
@settings(deadline=None)
def test_every_amount_of_a_text_is_found_in_order(amounts: list[Decimal], unit: str) -> None:
    text = "，".join(f"项目支出{amount}{unit}" for amount in amounts)
    assert [amount.value for amount in amounts_in_prose(text)] == amounts


@given(st.text(alphabet="0123456789,，.-万亿元人%约余 年\n", max_size=300))
@settings(deadline=None)
def test_any_text_is_searched_without_harm(text: str) -> None:
    for amount in amounts_in_prose(text):
        assert text[amount.start : amount.end] == amount.text
