"""The rule book's own examples, executed: the passing one leaves its rule silent, the failing one breaks it as it says."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from jixiao.checking.check import check, checked_codes
from jixiao.checking.rules.external_data import codes as external_codes
from jixiao.model.external_data import ExternalData
from jixiao.model.fact import HEADQUARTERS, SUMMARY, Facts
from jixiao.model.finding import Finding, Severity
from jixiao.pack.docs.terminal import examples
from jixiao.pack.resolve import SCOPE_AGGREGATE
from jixiao.scoring import score
from tests.checking.cases import everywhere, without
from tests.checking.clean import UNIT, clean_figures
from tests.support.filings import filing

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
SELF, REASON = "score.livelihood.self", "score.livelihood.reason"

EXPENDITURE = (
    "expenditure.total", "expenditure.basic", "expenditure.personnel", "expenditure.operating", "expenditure.project",
    "surplus.current_year", "surplus.cumulative",
)  # fmt: skip


def target(wanted: str, done: str | None, kind: str = "数量指标") -> dict:
    rows = {f"targets.quantitative.{n}.{column}": None for n in (2, 3) for column in ("kind", "target", "actual")}
    return rows | {"targets.quantitative.1.kind": kind, "targets.quantitative.1.target": wanted, "targets.quantitative.1.actual": done}


def totals(sheet: object, stated: object) -> dict:
    """The score sheet with 98 points claimed, and these totals."""
    return {"score.asset_utilisation.self": 2, "score.total.self": sheet, "self.total": stated}


def assets(total: object, used: object) -> dict:
    return everywhere("fixed_assets.total", total, total, None) | everywhere("fixed_assets.in_use", used, used, None)


# For each rule what is filled in for its passing and for its failing example, over the clean filing.
EXAMPLES: dict[str, tuple[dict, dict]] = {
    "REQ-01": ({"staff.quota": 31}, {"staff.quota": None}),
    "REQ-02": ({"self.grade": "优"}, {"self.grade": None}),
    "CEL-08": ({"staff.actual": 46}, {"staff.actual": "46.5"}),
    "CEL-09": ({"base.check.disclosure.1": "是"}, {"base.check.disclosure.1": "基本是"}),
    "AGG-90": ({}, without(HEADQUARTERS, UNIT)),
    "AGG-91": ({}, without(SUMMARY, UNIT)),
    "SCR-01": (totals(98, 98), totals(99, 99)),
    "SCR-02": (totals(98, 98), totals(99, 95)),
    "SCR-03": ({"score.staff_control.self": "4.5"}, {"score.staff_control.self": 6}),  # of 5
    "SCR-04": ({SELF: 1, REASON: "年中追减预算"}, {SELF: 1, REASON: None}),
    "SCR-05": (assets(100, 95) | {"score.asset_utilisation.self": "2.5", "score.surplus.self": 2},
               assets(100, 100) | {"score.asset_utilisation.self": 2, "score.surplus.self": 2}),
    "SCR-06": ({"self.total": 92, "self.grade": "优"}, {"self.total": 85, "self.grade": "优"}),
    "SCR-07": ({"staff.quota": 31, "staff.actual": 25}, {"base.procurement.actual": None}),
    "SCR-08": ({"base.three_public.total.last_actual": 13, "base.three_public.total.actual": "12.5"},
               {"base.three_public.total.last_actual": 0, "base.three_public.total.actual": 2}),
    "SCR-09": ({REASON: "未发现问题"}, {REASON: "存在闲置资产，扣1分"}),
    "SCR-14": ({"score.budget_adjustment.self": 2, "base.budget.approved": None},
               {"score.budget_adjustment.self": "2.5", "base.budget.approved": None}),
    "TGT-01": (target("举办培训班12期", "举办12期"), target("举办培训班12期", "已完成")),
    "TGT-02": (target("≥90%", "93%", "社会公众或服务对象满意度"), target("群众比较满意", "满意", "社会公众或服务对象满意度")),
    "TGT-03": (target("办结率95%以上", "办结率97%"), target("办结率95%以上", None)),
    "TGT-04": (target("办结率95%以上", "办结率97%"), target("举办培训班12期", "举办培训班12期。")),
    "TGT-05": ({}, {f"targets.quantitative.{n}.{column}": None for n in (1, 2, 3) for column in ("kind", "target", "actual")}),
    "TXT-01": ({"narrative": "项目支出350万元。"},
               {"narrative": "公用支出334.41万元。", ("expenditure.operating", SUMMARY): "320.33"}),
    "TXT-02": ({"narrative": "固定资产利用率95%。"}, {"narrative": "固定资产利用率98%。"}),
    "PLA-01": ({"base.procurement.actual": 90}, {"base.procurement.actual": -90}),
    "PLA-02": ({"staff.quota": 60, "staff.actual": 58}, {"staff.quota": 46, "staff.actual": 50}),
    "PLA-03": ({"base.key_project.actual": 320}, {"base.key_project.actual": 351}),
    "PLA-04": ({}, {("three_public.total", SUMMARY): 551}),
    "PLA-05": ({"base.three_public.reception.budget": "2.5"}, {"base.three_public.reception.budget": 2}),
    "PLA-06": ({"base.procurement.budget": 90, "base.procurement.actual": 90}, {"base.procurement.budget": 80, "base.procurement.actual": 90}),
    "PLA-07": ({"base.budget.approved": 100, "base.budget.adjustment": 35},
               {"base.budget.approved": 100, "base.budget.adjustment": 35, "score.budget_adjustment.reason": None}),
    "PLA-08": ({}, {("surplus.cumulative", SUMMARY): -50}),
    "PLA-09": ({("income.total", SUMMARY): "654.74", ("expenditure.total", SUMMARY): "654.74"},
               {("income.total", SUMMARY): 6547400, ("income.general_public_budget", SUMMARY): 6547400, ("expenditure.total", SUMMARY): "654.74"}),
    "PLA-10": ({}, {(concept, each): 0 for each in (SUMMARY, HEADQUARTERS, UNIT) for concept in EXPENDITURE}
               | {("income.total", SUMMARY): "654.74"}),
}  # fmt: skip

# What the bureau, or last year's result, knows besides: what is filled in for either example.
BESIDE: dict[str, tuple[dict, dict, dict]] = {
    "XFM-90": ({"base.budget.adjustment": "12.5"}, {"base.budget.adjustment": "12.5"}, {"base.budget.adjustment": 0}),
    "YOY-01": ({"surplus.cumulative": 8}, {"income.carryover": 8}, {"income.carryover": 0}),
    "YOY-02": ({"three_public.total": "1.3"}, {"base.three_public.total.last_actual": "1.3"}, {"base.three_public.total.last_actual": "3.1"}),
    "YOY-03": ({"expenditure.total": "654.74"}, {"expenditure.total": 660}, {"expenditure.total": "6547.4"}),
}  # fmt: skip
"""For each rule what is known elsewhere, and its two examples."""

SHARED = {"YOY-04", "TXT-03"}
"""Examples that speak of whole texts: tests of their own execute them."""


def told(pack, changes: dict, code: str, known: ExternalData | None = None) -> list[Finding]:
    """The findings of a rule on the clean filing with these changes."""
    submission = filing(pack, clean_figures(pack) | changes, units=(UNIT,))
    (checked,) = check([submission], pack, [known] if known else ())
    found = (*checked.findings, *score(submission, pack).checked.findings)
    return [each for each in found if each.rule == code]


def numbers(*texts: object) -> set[Decimal]:
    return {abs(Decimal(each)) for text in texts for each in NUMBER.findall(str(text))}


def of_finding(finding: Finding) -> tuple[object, ...]:
    return finding.message, finding.expected, finding.actual, finding.difference


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_declared_example_does_what_it_says(code, pack):
    holds, fails = EXAMPLES[code]
    shown = examples(pack, pack.rules[code])
    assert told(pack, holds, code) == []
    (finding, *_) = told(pack, fails, code)
    given = clean_figures(pack)
    assert numbers(shown.holds) <= numbers(*holds.items(), *given.items()) | {100, 5, 3, 2, 1, Decimal("0.5"), 95}
    assert numbers(shown.fails) <= numbers(*fails.items(), *given.items(), *of_finding(finding))


@pytest.mark.parametrize("code", BESIDE)
def test_a_declared_example_of_what_others_know_does_what_it_says(code, pack):
    known, holds, fails = BESIDE[code]
    source = filing(pack, known).facts
    rest = Facts.of(fact for fact in source if fact.filled)
    elsewhere = ExternalData(bureau=rest) if code == pack.checks.elsewhere.differs else ExternalData(previous=rest)
    shown = examples(pack, pack.rules[code])
    assert told(pack, holds, code, elsewhere) == []
    (finding,) = told(pack, fails, code, elsewhere)
    assert numbers(shown.holds) <= numbers(known, holds) | {1}
    assert numbers(shown.fails) <= numbers(known, fails, *of_finding(finding))


def test_every_rule_that_is_asked_has_its_example_executed(pack):
    balances = {equation.code for equation in pack.equations if not pack.rules[equation.code].example_fail}
    everything = ExternalData(bureau=Facts(()), previous=Facts(()))
    assert set(checked_codes(pack, external_codes(pack, everything))) <= balances | EXAMPLES.keys() | BESIDE.keys() | SHARED


def test_the_example_of_each_balance_does_what_it_says(pack):
    for equation in {each.code: each for each in pack.equations}.values():
        if pack.rules[equation.code].example_fail:
            continue
        shown = examples(pack, pack.rules[equation.code])
        for text, holds in ((shown.holds, True), (shown.fails, False)):
            figures = _figures(pack, equation, [Decimal(each) for each in NUMBER.findall(text)])
            (checked,) = check([filing(pack, figures, units=(UNIT,))], pack)
            found = [each for each in checked.findings if each.rule == equation.code]
            assert bool(found) != holds, (equation.code, text)
            assert all(each.severity is Severity.ERROR for each in found)
            if found:
                assert abs(found[0].difference) == Decimal(NUMBER.findall(text)[-1]), text


def _figures(pack, equation, amounts: list[Decimal]) -> dict:
    """The figures that the example of a balance states: its parts in their order, then its total."""
    total = equation.total.concept
    if equation.scope == SCOPE_AGGREGATE:
        return dict(zip(((total, HEADQUARTERS), (total, UNIT), (total, SUMMARY)), amounts, strict=False))
    concepts = [*(part.concept for part in equation.parts), total]
    return {
        (concept, SUMMARY) if pack.institution_of(concept) else concept: each
        for concept, each in zip(concepts, amounts, strict=False)
    }
