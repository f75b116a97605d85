"""Slips of the hand: which is seen where one number stands for another, and that chance counts for little."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.checking.localise.slips import Slip, guess, meant_by

D = Decimal


@pytest.mark.parametrize(
    ("written", "meant", "slip"),
    [
        ("1824.65", "1842.65", Slip.SWAPPED),
        ("1842.56", "1842.65", Slip.SWAPPED),
        ("1942.65", "1842.65", Slip.MISTYPED),
        ("182.65", "1842.65", Slip.DROPPED),
        ("18442.65", "1842.65", Slip.DOUBLED),
        ("184.265", "1842.65", Slip.POINT),
        ("18426500", "1842.65", Slip.UNIT),
        ("-1842.65", "1842.65", Slip.SIGN),
        ("77.1", "1842.65", Slip.OTHER),
        ("12.5", "1842.65", Slip.NEIGHBOUR),
        (None, "1842.65", Slip.BLANK),
        ("0.07", "0.70", Slip.SWAPPED),
    ],
)
def test_a_slip_is_recognised(written: str | None, meant: str, slip: Slip) -> None:
    found = guess(None if written is None else D(written), D(meant), frozenset({D("12.5")}), D(10_000))
    assert found.slip is slip


def test_without_a_smaller_unit_ten_thousand_times_is_no_slip_of_the_unit() -> None:
    assert guess(D(50_000), D(5)).slip is Slip.OTHER


def test_a_slip_in_a_long_number_weighs_more_against_chance_than_in_a_short_one() -> None:
    odds = [guess(D(a), D(b)).weight / guess(D(99), D(b)).weight for a, b in (("1942.65", "1842.65"), ("3", "4"))]
    assert odds[0] > 100 * odds[1]


def test_the_numbers_meant_between_two_bounds_are_those_one_slip_away() -> None:
    assert meant_by(D("12.94"), D("12.325"), D("12.345")) == [D("12.34")]
    assert meant_by(D("-12.94"), D("-12.345"), D("-12.325")) == [D("-12.34")]
