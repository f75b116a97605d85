"""The methods by themselves: closed and open ends, rounding, the worst that a rule can give, numbers in words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from jixiao.pack.declarations.methods import Band, Bands, PointsUnder
from jixiao.pack.docs.method_text import band_text
from jixiao.scoring.methods import worst
from jixiao.values.number_format import percent_text, points_text, round_half_up, strip_zeros

D = Decimal


@pytest.mark.parametrize(
    ("ends", "within", "without", "words"),
    [
        ({"lower": "0.8", "upper": "0.9"}, ["0.8", "0.89"], ["0.79", "0.9"], "80%（含）-90%"),
        ({"lower": "0.1", "lower_closed": False, "upper": "0.2", "upper_closed": True}, ["0.11", "0.2"], ["0.1", "0.21"], "10%-20%（含）"),
        ({"lower": "0.9"}, ["0.9", "7"], ["0.89"], "90%（含）以上"),
        ({"lower": "0.3", "lower_closed": False}, ["0.31"], ["0.3"], "大于 30%"),
        ({"upper": "0.6"}, ["-1", "0.59"], ["0.6"], "低于 60%"),
        ({"upper": 0, "upper_closed": True}, ["0", "-1"], ["0.01"], "0%（含）以下"),
        ({"lower": 0, "upper": 0, "upper_closed": True}, ["0"], ["0.01", "-0.01"], "0%"),
        ({}, ["-9", "0", "9"], [], "任何比率"),
    ],
)  # fmt: skip
def test_a_band_holds_its_closed_ends_and_not_its_open_ones(ends, within, without, words):
    band = Band(**ends, marks=1)
    for kind in (Decimal, Fraction):
        assert all(band.holds(kind(each)) for each in within)
        assert not any(band.holds(kind(each)) for each in without)
    assert band_text(band) == words


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [("1/8", 2, "0.13"), ("1/3", 2, "0.33"), ("2/3", 2, "0.67"), ("-1/8", 2, "-0.13"), ("5", 2, "5.00"), ("999/1000", 2, "1.00")],
)  # fmt: skip
def test_halves_are_rounded_up(number, places, expected):
    assert str(round_half_up(Fraction(number), places)) == expected


@pytest.mark.parametrize(("marks", "expected"), [("5.0", "5"), ("10", "10"), ("0.50", "0.5"), ("0.00", "0")])
def test_marks_carry_no_needless_zeros(marks, expected):
    assert str(strip_zeros(D(marks))) == expected


def test_the_worst_of_a_rule_is_its_lowest_band_or_nothing():
    bands = Bands(kind="bands", bands=(Band(upper=1, marks=1), Band(lower=1, marks=5)))
    assert (worst(bands).marks, worst(bands).step) == (1, 0)
    assert worst(PointsUnder(kind="points_under", limit=1, per_point=1)).marks == 0


@pytest.mark.parametrize(
    ("rate", "edges", "expected"),
    [
        ("50/46", [], "108.70%"),
        ("1", ["1"], "100.00%"),
        ("1000001/1000000", ["1"], "100.0001%"),
        ("1000001/1000000", [], "100.00%"),
        ("-1/3", ["0"], "-33.33%"),
    ],
)
def test_a_percentage_never_hides_on_which_side_of_an_edge_it_lies(rate, edges, expected):
    assert percent_text(Fraction(rate), [D(each) * 100 for each in edges]) == expected


def test_some_points_are_never_shown_as_none():
    assert [points_text(Fraction(each)) for each in ("0", "1/3", "1/10000")] == ["0.00", "0.33", "0.0001"]
