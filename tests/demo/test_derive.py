"""What a filing works out for itself: totals, residuals, scores."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.demo.declaration import CustomRow, Demo, Fault, FilingDeclaration, ScoreDeclaration, load_demo
from jixiao.demo.derive import with_totals
from jixiao.demo.figures import filled_in
from jixiao.demo.filing import compose_filing, swapped, with_fault
from jixiao.pack.declarations.equations import equation_holds

HQ = "headquarters"
amounts = st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100)


def leaves(**given_amounts):
    return {(concept.replace("__", "."), HQ): Decimal(str(amount)) for concept, amount in given_amounts.items()}


def test_totals_come_from_their_parts_and_the_surplus_is_what_is_left(pack):
    found = with_totals(
        pack,
        leaves(
            income__carryover=10,
            income__general_public_budget=100,
            expenditure__personnel=60,
            expenditure__operating=20,
            expenditure__project=25,
        ),
        (),
    )
    worked_out = {
        "income.total": 110, "expenditure.basic": 80, "expenditure.total": 105, "surplus.cumulative": 5, "surplus.current_year": -5
    }  # fmt: skip
    for institution in (HQ, "summary"):
        assert {concept: found[concept, institution] for concept in worked_out} == worked_out


def test_what_was_given_is_never_changed(pack):
    given_figures = leaves(
        income__total=999,
        income__carryover=1,
        income__general_public_budget=2,
        income__other=3,
        income__government_fund=4,
        income__special_account_nontax=5,
    )
    assert with_totals(pack, given_figures, ())["income.total", HQ] == 999


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[amounts] * 14), min_size=1, max_size=3))
def test_every_balance_of_the_form_holds_afterwards(pack, institutions):
    names = ("headquarters", "甲中心", "乙中心")[: len(institutions)]
    columns = (
        "income.carryover", "income.general_public_budget", "income.government_fund", "income.other", "expenditure.personnel",
        "expenditure.operating", "expenditure.project", "three_public.reception", "three_public.vehicle_operation",
        "three_public.vehicle_purchase", "three_public.overseas_travel", "fixed_assets.in_use", "fixed_assets.leased_out",
        "fixed_assets.other",
    )  # fmt: skip
    figures = {
        (column, name): amount
        for name, row in zip(names, institutions, strict=True)
        for column, amount in zip(columns, row, strict=True)
    }
    found = with_totals(pack, figures, names[1:])
    for equation in pack.equations:
        if equation.scope == "aggregate":
            parts = [found.get((equation.total.concept, name)) for name in names]
            assert found.get((equation.total.concept, "summary"), 0) == sum(each or 0 for each in parts)
            continue
        for institution in (*names, "summary") if equation.scope == "institution" else (None,):
            asked = equation_holds(
                equation,
                lambda term, at=institution: found.get((term.concept, at or pack.institution_of(term.concept))),
            )
            assert asked is not False, equation.code


def bare(pack, **changes):
    demo = Demo(title="某区", filings=(), roster=(), invention=load_demo(pack.id).invention)
    money = {HQ: {"income.general_public_budget": Decimal(100), "expenditure.personnel": Decimal(100)}}
    return compose_filing(pack, demo, FilingDeclaration(file="f.xlsx", department="某局", money=money, **changes)).facts


def test_self_scores_are_the_computed_ones_with_the_total_and_the_grade(pack):
    facts = bare(pack, facts={"staff.quota": Decimal(46), "staff.actual": Decimal(50)})
    assert facts.value("score.staff_control.self") == 1
    assert facts.text("score.staff_control.reason")
    assert facts.value("score.total.self") == facts.value("self.total") == 96
    assert facts.text("self.grade") == "优"


def test_a_self_score_that_was_said_stands_and_its_reason_may_be_left_out(pack):
    facts = bare(pack, scores={"livelihood": ScoreDeclaration(marks=Decimal(1), reason="")})
    assert facts.value("score.livelihood.self") == 1
    assert facts.text("score.livelihood.reason") is None


def test_rows_of_its_own_take_the_place_of_the_printed_ones(pack):
    rows = (
        CustomRow(group="产出", label="甲任务", full=Decimal(20), marks=Decimal(19)),
        CustomRow(group="产出", label="乙任务", full=Decimal(5), marks=Decimal(5)),
    )
    facts = bare(pack, custom=rows)
    assert facts.get("score.growth_pole.self") is None
    assert facts.value("score.custom.1.self") == 19
    assert facts.value("score.total.self") == 99


@pytest.mark.parametrize(
    ("number", "at", "result"),
    [("1842.65", 3, "1824.65"), ("1842.65", 4, "1846.25"), ("12", 1, "21"), ("-3.4", 1, "-4.3")],
)
def test_two_digits_change_places(number, at, result):
    assert swapped(Decimal(number), at) == Decimal(result)


@pytest.mark.parametrize(("number", "at"), [("11", 1), ("12", 2)])
def test_digits_that_are_the_same_or_not_there_cannot_change_places(number, at):
    with pytest.raises(ValueError):
        swapped(Decimal(number), at)


@pytest.mark.parametrize(
    ("kind", "words", "result"),
    [
        ("add", {"amount": "5"}, Decimal("15.5")), ("times", {"amount": "10000"}, Decimal(105000)), ("negate", {}, Decimal("-10.5")),
        ("blank", {}, None), ("write", {"text": "约三十"}, "约三十"),
    ],
)  # fmt: skip
def test_a_slip_changes_one_cell(pack, kind, words, result):
    figures = {("income.other", HQ): Decimal("10.5"), ("income.total", HQ): Decimal(20)}
    slipped = with_fault(pack, figures, Fault(kind=kind, concept="income.other", institution=HQ, **words))
    assert slipped.get(("income.other", HQ)) == result
    assert slipped["income.total", HQ] == 20


def test_placeholders_are_figures_of_the_summary_unless_an_institution_is_named(pack):
    figures = {
        ("income.total", "summary"): Decimal(3),
        ("income.total", HQ): Decimal("1.5"),
        ("staff.actual", None): Decimal(9),
    }
    text = "{#a}收入{income.total}万元，局机关{income.total@headquarters}万元，项目支出{expenditure.project}万元"
    assert (
        filled_in(text, figures, {"a": "在职{staff.actual}人，"}, pack)
        == "在职9人，收入3.00万元，局机关1.50万元，项目支出0.00万元"
    )
