"""The linter of rubrics: every kind of fault is told by its key, and a pack with one is refused."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import pytest

from jixiao.pack import PackError, load_pack
from jixiao.pack.declarations.rubric import Rubric
from jixiao.pack.lint.rubric import lint_rubric
from jixiao.pack.load import PACKS_FOLDER
from tests.pack.test_load import copy_of_pack

TEXT = (PACKS_FOLDER / "yunxi_2022" / "rubric.toml").read_text(encoding="utf-8")


def declared() -> dict[str, Any]:
    """The rubric as written, open to change."""
    return tomllib.loads(TEXT, parse_float=Decimal)


def indicator(rubric: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in rubric["indicators"] if each["id"] == name)


def problems(rubric: dict[str, Any], concepts: Any = None) -> list[tuple[str, str]]:
    return lint_rubric(Rubric.model_validate(rubric), concepts)


def test_the_packs_rubric_has_nothing_wrong(pack):
    assert lint_rubric(pack.rubric, pack.concepts) == []


def bands(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "bands", "bands": list(rows)}


COVERAGE = [
    ("a gap", [{"upper": "0.5", "marks": 0}, {"lower": "0.6", "marks": 5}], ["50% 至 60% 之间的比率没有档次"]),
    ("a hole at an edge", [{"upper": "0.5", "marks": 0}, {"lower": "0.5", "lower_closed": False, "marks": 5}], ["50% 不属于任何一档"]),
    ("an edge in two bands", [{"upper": "0.5", "upper_closed": True, "marks": 0}, {"lower": "0.5", "marks": 5}], ["50% 同时属于两档"]),
    ("an overlap", [{"upper": "0.6", "marks": 0}, {"lower": "0.5", "marks": 5}], ["“不限 至 60%”与“50% 至 不限”重叠"]),
    ("a band within another", [{"upper": "0.9", "marks": 0}, {"lower": "0.2", "upper": "0.3", "marks": 1}, {"lower": "0.9", "marks": 5}], ["“不限 至 90%”与“20% 至 30%”重叠"]),
    ("no end above", [{"upper": "0.5", "marks": 5}, {"lower": "0.5", "upper": 1, "marks": 0}], ["高于 100% 的比率没有档次"]),
    ("no start at the least", [{"lower": "0.1", "upper": "0.5", "marks": 5}, {"lower": "0.5", "marks": 0}], ["0% 至 10% 之间的比率没有档次"]),
    ("two without an end", [{"marks": 5}, {"lower": "0.5", "marks": 0}], ["“不限 至 不限”与“50% 至 不限”重叠"]),
    ("from nothing up", [{"lower": 0, "upper": "0.5", "marks": 0}, {"lower": "0.5", "marks": 5}], []),
    ("in any order", [{"lower": "0.5", "marks": 5}, {"upper": "0.5", "marks": 0}], []),
    ("one point alone", [{"upper": 0, "marks": 0}, {"lower": 0, "upper": 0, "upper_closed": True, "marks": 5}, {"lower": 0, "lower_closed": False, "marks": 1}], []),
    ("a band that holds nothing", [{"upper": "0.5", "marks": 0}, {"lower": "0.5", "marks": 5}, {"lower": "0.7", "upper": "0.6", "marks": 1}], ["下限不低于上限，没有比率落入该档"]),
    ("marks over the full marks", [{"upper": "0.5", "marks": 0}, {"lower": "0.5", "marks": 6}], ["6 分不在 0 至 5 分之间"]),
    ("marks below zero", [{"upper": "0.5", "marks": -1}, {"lower": "0.5", "marks": 5}], ["-1 分不在 0 至 5 分之间"]),
    ("full marks out of reach", [{"upper": "0.5", "marks": 0}, {"lower": "0.5", "marks": 4}], ["最高只能得 4 分，得不到分值 5 分"]),
    ("no bands", [], ["没有档次"]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [case[1:] for case in COVERAGE], ids=[case[0] for case in COVERAGE])
def test_bands_cover_their_domain_once(rows, expected):
    rubric = declared()
    indicator(rubric, "key_spending")["method"] = bands(*rows)
    found = problems(rubric)
    assert [problem for _, problem in found] == expected
    assert all(key.startswith("indicators.key_spending.method.bands") for key, _ in found)


def test_without_a_minimum_bands_must_reach_below_everything():
    rubric = declared()
    method = bands({"lower": 0, "upper": "0.5", "marks": 0}, {"lower": "0.5", "marks": 5})
    indicator(rubric, "key_spending")["method"] = {**method, "minimum": None}
    assert problems(rubric) == [("indicators.key_spending.method.bands", "低于 0% 的比率没有档次")]


def change(**values: Any) -> Any:
    """A fault that sets keys of the rubric itself."""
    return lambda rubric: rubric.update(values)


def on(name: str, **values: Any) -> Any:
    """A fault that sets keys of one indicator."""
    return lambda rubric: indicator(rubric, name).update(values)


def setting(**values: Any) -> Any:
    return lambda rubric: rubric["settings"].update(values)


OTHERWISE = {"marks": 0, "text": "其余"}
NONE = {"left": "surplus.cumulative", "operator": "<=", "right": 0, "marks": 3, "text": "无结余"}
RATIO = {"kind": "ratio", "numerator": ["staff.actual"], "denominator": ["staff.quota"]}

FAULTS = [
    ("points of a criterion", on("staff_control", full_marks=6), {"criteria.allocation.points"}),
    ("points of a dimension", lambda r: r["dimensions"][0].update(points=16), {"dimensions.input.points", "total"}),
    ("the total", change(total=99), {"total"}),
    ("points of an open group", lambda r: r["open_groups"][0].update(points=24), {"open_groups.duties.points"}),
    ("an open group's member", lambda r: r["open_groups"][0]["indicators"].append("nobody"), {"open_groups.duties.indicators"}),
    ("a member of two groups", lambda r: r["open_groups"][1].update(indicators=[*r["open_groups"][1]["indicators"], "livelihood"], points=17), {"open_groups"}),
    ("a criterion's dimension", lambda r: r["criteria"][0].update(dimension="nowhere"), {"criteria.allocation.dimension", "dimensions.input.points"}),
    ("an indicator's criterion", on("staff_control", criterion="nowhere"), {"criteria.allocation.points", "indicators.staff_control.criterion"}),
    ("an id used twice", on("livelihood", id="key_projects"), {"indicators.key_projects", "open_groups.duties.indicators"}),
    ("full marks of nothing", on("livelihood", full_marks=0), {"criteria.duties.points", "open_groups.duties.points", "indicators.livelihood.full_marks"}),
    ("no source", on("staff_control", source=" "), {"indicators.staff_control.source"}),
    ("no source of the rubric", change(source=""), {"source"}),
    ("no source of the grades", change(grade_source=""), {"grade_source"}),
    ("no standard", on("staff_control", standard=""), {"indicators.staff_control.standard"}),
    ("evidence that the method cannot give", on("livelihood", evidence="accounts"), {"indicators.livelihood.evidence"}),
    ("nothing off a point over", on("staff_control", method={"kind": "points_over", "limit": 1, "per_point": 0}), {"indicators.staff_control.method.per_point"}),
    ("nothing off a point under", on("procurement", method={"kind": "points_under", "limit": 1, "per_point": -1}), {"indicators.procurement.method.per_point"}),
    ("nothing off an instance", on("payment_progress", method={"kind": "per_instance", "count": ["base.funds.late"], "per_instance": 0}), {"indicators.payment_progress.method.per_instance"}),
    ("nothing to count", on("payment_progress", method={"kind": "per_instance", "count": [], "per_instance": 1}), {"indicators.payment_progress.method.count"}),
    ("a checklist that falls short", lambda r: indicator(r, "asset_rules")["method"]["items"].pop(), {"indicators.asset_rules.method.items"}),
    ("an item worth nothing", lambda r: indicator(r, "asset_rules")["method"]["items"].append({"text": "又", "marks": 0}), {"indicators.asset_rules.method.items.2.marks"}),
    ("a checklist without numbers", lambda r: indicator(r, "asset_rules")["method"].update(concept="base.check"), {"indicators.asset_rules.method.concept"}),
    ("conditions without an otherwise", on("surplus", method={"kind": "conditions", "conditions": [NONE]}), {"indicators.surplus.method.conditions"}),
    ("an otherwise too early", on("surplus", method={"kind": "conditions", "conditions": [OTHERWISE, NONE, OTHERWISE]}), {"indicators.surplus.method.conditions.0"}),
    ("a condition without its right", on("surplus", method={"kind": "conditions", "conditions": [{**NONE, "right": ""}, OTHERWISE]}), {"indicators.surplus.method.conditions.0"}),
    ("a condition without its operator", on("surplus", method={"kind": "conditions", "conditions": [NONE, {**NONE, "operator": "", "marks": 0}]}), {"indicators.surplus.method.conditions.1"}),
    ("a condition over the full marks", on("surplus", method={"kind": "conditions", "conditions": [{**NONE, "marks": 4}, OTHERWISE]}), {"indicators.surplus.method.conditions.0.marks"}),
    ("a condition without words", on("surplus", method={"kind": "conditions", "conditions": [NONE, {**OTHERWISE, "text": ""}]}), {"indicators.surplus.method.conditions.1.text"}),
    ("a rate for a method without one", on("livelihood", measures=[RATIO]), {"indicators.livelihood.measures"}),
    ("no rate for a method on one", on("staff_control", measures=[]), {"indicators.staff_control.measures"}),
    ("a ratio without its denominator", on("staff_control", measures=[{**RATIO, "denominator": []}]), {"indicators.staff_control.measures.0.denominator"}),
    ("a percentage over something", on("satisfaction", measures=[{"kind": "percent", "numerator": ["base.satisfaction"], "denominator": ["staff.quota"]}]), {"indicators.satisfaction.measures.0.denominator"}),
    ("two readings without a name", on("staff_control", measures=[RATIO, {**RATIO, "reading": "b", "reading_label": "乙"}]), {"indicators.staff_control.measures.0.reading"}),
    ("two readings of one name", on("staff_control", measures=[{**RATIO, "reading": "b", "reading_label": "乙"}] * 2), {"indicators.staff_control.measures"}),
    ("a setting for no indicator", setting(readings={"nobody": "size"}), {"settings.readings.nobody"}),
    ("a setting for no reading", setting(readings={"budget_adjustment": "sizes"}), {"settings.readings.budget_adjustment"}),
    ("grades that start above nothing", lambda r: r["grades"][-1].update(at_least=1), {"grades"}),
    ("two grades at one total", lambda r: r["grades"][0].update(at_least=80), {"grades"}),
    ("a grade beyond the total", lambda r: r["grades"][0].update(at_least=101), {"grades.优"}),
    ("no grades", change(grades=[]), {"grades"}),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "keys"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_fault_is_told_by_its_keys_and_nothing_else_is(fault, keys):
    rubric = declared()
    fault(rubric)
    assert {key for key, _ in problems(rubric)} == keys


REFERENCES = [
    ("a rate of something not on the form", on("staff_control", measures=[{**RATIO, "numerator": ["staff.present"]}]), "indicators.staff_control.measures.0.numerator"),
    ("a rate of a text", on("staff_control", measures=[{**RATIO, "numerator": ["profile.duties"]}]), "indicators.staff_control.measures.0.numerator"),
    ("a rate of two units", on("staff_control", measures=[{**RATIO, "numerator": ["income.total"]}]), "indicators.staff_control.measures.0"),
    ("a percentage that is none", on("satisfaction", measures=[{"kind": "percent", "numerator": ["staff.quota"]}]), "indicators.satisfaction.measures.0.numerator"),
    ("a count not on the form", on("payment_progress", method={"kind": "per_instance", "count": ["base.late"], "per_instance": 1}), "indicators.payment_progress.method.count"),
    ("an item not on the form", lambda r: indicator(r, "asset_rules")["method"].update(concept="base.asset_rules.{n}"), "indicators.asset_rules.method.concept"),
    ("a condition not on the form", on("surplus", zero_if={}, method={"kind": "conditions", "conditions": [{**NONE, "left": "surplus"}, OTHERWISE]}), "indicators.surplus.method.conditions.0"),
    ("a zero of something not asked", on("staff_control", zero_if={"income.total": "BAL-01"}), "indicators.staff_control.zero_if"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "key"), [case[1:] for case in REFERENCES], ids=[case[0] for case in REFERENCES])
def test_a_reference_that_does_not_fit_the_layout_is_told(pack, fault, key):
    rubric = declared()
    fault(rubric)
    assert {found for found, _ in problems(rubric, pack.concepts)} >= {key}
    assert problems(rubric) == []


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("total = 100", "total = 101", "total", "一级指标分值合计 100 分，与 101 分不符"),
        ('criterion = "allocation"', 'criterion = "nowhere"', "criteria.allocation.points", "（另有 1 处）"),
        ('method = { kind = "points_over", limit = 1, per_point = 0.5 }', 'method = { kind = "points_over", limit = 1, per_point = 0 }', "indicators.staff_control.method.per_point", "应大于零"),
        ("{ upper = 0.6, marks = 0 }", "{ upper = 0.5, marks = 0 }", "indicators.key_spending.method.bands", "50% 至 60% 之间的比率没有档次"),
    ],
)  # fmt: skip
def test_a_pack_whose_rubric_lints_badly_is_refused_by_file_and_key(tmp_path, old, new, key, words):
    with pytest.raises(PackError) as refusal:
        load_pack(copy_of_pack(tmp_path, "rubric.toml", old, new))
    assert (refusal.value.file, refusal.value.key) == ("rubric.toml", key)
    assert words in refusal.value.problem


def test_a_bound_on_a_rate_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(PackError) as refusal:
        load_pack(copy_of_pack(tmp_path, "checks.toml", 'code = "PLA-06", indicator = "procurement"', 'code = "PLA-06", indicator = "purchases"'))
    assert (refusal.value.file, refusal.value.key) == ("checks.toml", "rate_bounds.PLA-06")
