"""Every computable indicator against hand-written edges, however parts of a percentage point count."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.model.score import ScoreStatus
from jixiao.pack.rubric import PartialPoints
from tests.scoring.support import codes, scored, with_settings
from tests.support.filings import UNREADABLE

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
