"""Every computable indicator against hand-written edges, however parts of a percentage point count."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from jixiao.model.external_data import NO_EXTERNAL_DATA
from jixiao.model.score import ScoreStatus
from jixiao.pack.declarations.methods import Bands, PerInstance, PointsOver, PointsUnder
from jixiao.pack.declarations.rubric import Indicator, MeasureKind, PartialPoints
from jixiao.scoring.inputs import RateState, rate_of
from tests.scoring.support import codes, scored, with_settings
from tests.support.filings import UNREADABLE, filing

FOLDER = Path(__file__).parent / "cases"
CASES = [
    (path.stem, case)
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["cases"]
]


@pytest.mark.parametrize(("indicator", "case"), CASES, ids=[f"{name}: {case['name']}" for name, case in CASES])
def test_the_indicator_earns_what_the_rule_says(pack, indicator, case):
    figures = {key: UNREADABLE if figure == "UNREADABLE" else figure for key, figure in case["figures"].items()}
    marks = case.get("marks")
    by_mode = marks if isinstance(marks, list) else [marks] * 3
    for mode, expected in zip(PartialPoints, by_mode, strict=True):
        found = scored(with_settings(pack, partial_points=mode), figures)
        one = found.scorecard.of(indicator)
        assert one.computed_marks == expected, mode
        assert one.status == case.get("status", ScoreStatus.COMPUTED)
        assert [each.concept for each in one.missing] == case.get("missing", [])
        due = ["SCR-07"] if case.get("missing") else case.get("findings", [])
        assert codes(found, f"score.{indicator}.self") == due
        if expected is not None:
            assert one.accepted_marks[0] == expected
            assert len(set(one.accepted_marks)) == len(one.accepted_marks)
            if len(pack.rubric.indicator(indicator).measures) < 2:
                assert set(one.accepted_marks) == set(by_mode)
        if mode is PartialPoints.WHOLE and "explanation" in case:
            assert one.explanation == case["explanation"] + "未填列自评得分。"


def test_every_computable_indicator_has_its_cases(pack):
    computable = {each.id for each in pack.rubric.indicators if each.method.kind != "reported"}
    assert {name for name, _ in CASES} == computable
    for indicator in computable:
        statuses = {case.get("status", "computed") for name, case in CASES if name == indicator}
        assert {"computed", "not_computable"} <= statuses


NEAR = Fraction(11, 1000)
"""Just under and just over an edge: within a percentage point and a little."""


def edges(indicator: Indicator) -> set[Fraction]:
    """Where the marks of an indicator change: its limit and the rate at which nothing is left, or the ends of its bands."""
    match indicator.method:
        case PointsOver() as method:
            limit = Fraction(method.limit)
            return {limit, limit + Fraction(indicator.full_marks) / Fraction(method.per_point) / 100}
        case PointsUnder() as method:
            limit = Fraction(method.limit)
            return {limit, limit - Fraction(indicator.full_marks) / Fraction(method.per_point) / 100}
        case Bands() as method:
            ends = {end for band in method.bands for end in (band.lower, band.upper) if end is not None}
            return {Fraction(end) for end in ends}
    return set()


def figures_of(indicator: str) -> list[dict[str, object]]:
    return [case["figures"] for name, case in CASES if name == indicator and "UNREADABLE" not in case["figures"].values()]


def test_the_cases_stand_just_under_at_and_just_over_every_edge(pack):
    for indicator in pack.rubric.indicators:
        if not indicator.measures:
            continue
        measure = indicator.measures[0]
        facts = (filing(pack, each).facts for each in figures_of(indicator.id))
        kept = [rate_of(pack, each, indicator, measure, NO_EXTERNAL_DATA) for each in facts]
        rates = {each.rate for each in kept if each.rate is not None}
        for edge in edges(indicator):
            assert edge in rates, (indicator.id, "at", edge)
            assert any(edge < rate < edge + NEAR for rate in rates), (indicator.id, "just over", edge)
            # No rate of sizes lies under nothing.
            if edge > 0 or indicator.measures[0].kind is MeasureKind.CHANGE:
                assert any(edge - NEAR < rate < edge for rate in rates), (indicator.id, "just under", edge)
        if indicator.measures[0].denominator:
            states = {each.state for each in kept}
            assert {RateState.NOTHING_TO_MEASURE, RateState.ZERO_DENOMINATOR, RateState.MISSING} <= states, indicator.id


def test_the_cases_count_up_to_the_floor_and_over_it(pack):
    for indicator in pack.rubric.indicators:
        if isinstance(indicator.method, PerInstance):
            floor = indicator.full_marks / indicator.method.per_instance
            counts = {each.get(indicator.method.count[0]) for each in figures_of(indicator.id)}
            assert {0, floor - 1, floor} <= counts and any(each is not None and each > floor for each in counts)
