"""Whatever a number is dressed in, it is read as itself; whatever else stands in a cell is not read as a number."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.model.fact import FactState
from jixiao.values.numbers import parse_number
from jixiao.values.text import NoteKind, is_blank

FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in "0123456789.,-+%"}
AMOUNTS = st.decimals(min_value=Decimal("-9999999.99"), max_value=Decimal("9999999.99"), places=2)

Dress = Callable[[Decimal], str]


def _accounting(amount: Decimal) -> str:
    return f"({-amount})" if amount < 0 else str(amount)


DRESSES: list[Dress] = [
    lambda amount: str(amount),
    lambda amount: f"{amount:,}",
    lambda amount: f"{amount:,}".replace(",", "，"),
    lambda amount: f"{amount:,}".replace(",", " "),
    lambda amount: f"{amount:,}".replace(",", "\u00a0"),
    lambda amount: str(amount).translate(FULL_WIDTH),
    lambda amount: str(amount).replace("-", "−"),
    lambda amount: f"\u3000{amount}\n",
    lambda amount: f"{amount}.",
    lambda amount: str(amount).replace(".", ".\n"),
    lambda amount: f"¥{amount}",
    lambda amount: f"{amount}万元",
    lambda amount: f"{amount:,} 万",
    lambda amount: f"{amount}（万元）",
    lambda amount: f"{amount * 10000}元",
    lambda amount: f"{amount * 10000:,}元".translate(FULL_WIDTH),
    lambda amount: f"{amount / 10000:.6f}亿元",
    _accounting,
]


@given(AMOUNTS, st.sampled_from(DRESSES))
@settings(max_examples=400, deadline=None)
def test_a_number_in_any_dress_is_itself_and_the_dress_is_told(amount: Decimal, dress: Dress) -> None:
    parsed = parse_number(dress(amount), unit="万元")
    assert (parsed.state, parsed.value) == (FactState.OK, amount)
    assert any(note.kind is not NoteKind.NOISE for note in parsed.notes)


@given(AMOUNTS)
@settings(deadline=None)
def test_a_binary_number_is_the_decimal_that_people_typed(amount: Decimal) -> None:
    assert parse_number(float(amount), unit="万元").value == amount


@given(st.lists(AMOUNTS, min_size=2, max_size=8))
@settings(deadline=None)
def test_the_noise_of_binary_sums_is_rounded_away(amounts: list[Decimal]) -> None:
    assert parse_number(sum(map(float, amounts)), unit="万元").value == sum(amounts)


@given(st.decimals(min_value=0, max_value=200, places=2))
@settings(deadline=None)
def test_a_percentage_is_the_same_by_format_and_by_sign(rate: Decimal) -> None:
    assert parse_number(f"{rate}%", unit="%").value == rate
    assert parse_number(float(rate / 100), unit="%", percent_format=True).value == rate


@given(st.text(alphabet="0123456789.,，． -−—()（）%万亿元人分约e_+/\n\u3000①〇", max_size=12))
@settings(max_examples=1500, deadline=None)
def test_no_text_becomes_a_wrong_number(text: str) -> None:
    """A second reading, by another road: every digit of the text, in order, is in the number, and nothing else is."""
    parsed = parse_number(text, unit="万元")
    if parsed.state is FactState.BLANK:
        assert not any(char.isdecimal() for char in text)
        return
    if parsed.state is FactState.UNREADABLE:
        return
    assert parsed.value is not None
    factors = {"亿": Decimal(10_000), "万": Decimal(1), "元": Decimal("0.0001")}
    unit = next((factors[char] for char in text if char in factors), Decimal(1))
    digits = "".join(str(int(char)) if char.isdecimal() else "." * (char in ".．") for char in text)
    whole, _, fraction = digits.rstrip(".").partition(".")
    expected = Decimal(f"{whole or '0'}.{fraction or '0'}") * unit
    assert abs(parsed.value) == expected.quantize(Decimal("0.000001"))
    assert (parsed.value < 0) == (expected > 0 and _negative(text))
    assert parsed.notes


def _negative(text: str) -> bool:
    packed = "".join(text.split())
    return packed.lstrip("¥").startswith(("-", "−")) or (
        packed.startswith(("(", "（")) and packed.endswith((")", "）"))
    )


@given(st.text(max_size=40))
@settings(max_examples=600, deadline=None)
def test_any_text_at_all_ends_in_one_of_three_states(text: str) -> None:
    for unit in ("万元", "人", "%", "分", ""):
        parsed = parse_number(text, unit=unit)
        assert (parsed.value is not None) == (parsed.state is FactState.OK)
        if parsed.state is FactState.OK:
            assert any(char.isdecimal() for char in text)
        if is_blank(text):
            assert parsed.state is FactState.BLANK


@given(st.floats(allow_nan=True, allow_infinity=True))
@settings(deadline=None)
def test_any_float_is_itself_to_six_places_or_unreadable(number: float) -> None:
    parsed = parse_number(number, unit="万元")
    if parsed.value is None:
        assert not abs(number) < 1e15
    else:
        assert abs(parsed.value - Decimal(repr(number))) <= Decimal("0.0000005")
        assert all(note.kind is NoteKind.NOISE for note in parsed.notes)
