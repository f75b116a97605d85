"""Properties of the balances: silent on consistent filings however rounded, and exact about a single changed cell."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jixiao.checking.check import check
from jixiao.model.fact import HEADQUARTERS, SUMMARY
from jixiao.pack import load_pack
from jixiao.pack.resolve import SCOPE_AGGREGATE, SCOPE_INSTITUTION
from tests.checking.clean import clean_figures
from tests.support.filings import UNREADABLE, filing

PACK = load_pack("yunxi_2022")
CENT = Decimal("0.01")
UNITS = ("甲中心", "乙中心", "丙站")
BASE_DATA = {"XFM-06": "base.project.actual", "XFM-07": "base.operating.actual"}
FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))

Figures = dict[str | tuple[str, str], object]

cents = st.integers(0, 9_999_999).map(lambda n: Decimal(n) / 100)
exact = st.integers(0, 999_999_999).map(lambda n: Decimal(n) / 10_000)


def institution(draw, money) -> dict[str, Decimal]:
    """One institution whose amounts agree: parts are drawn, totals follow."""
    drawn = {
        concept: draw(money)
        for concept in (
            "income.carryover", "income.general_public_budget", "income.government_fund", "income.special_account_nontax",
            "income.other", "three_public.reception", "three_public.vehicle_operation", "three_public.vehicle_purchase",
            "three_public.overseas_travel", "fixed_assets.in_use", "fixed_assets.leased_out", "fixed_assets.other",
            "expenditure.personnel", "expenditure.operating", "expenditure.project",
        )
    }  # fmt: skip
    # Income covers what is spent and leaves a surplus, and 三公经费 stay within what they are paid from.
    three_public = sum(drawn[f"three_public.{part}"] for part in ("reception", "vehicle_operation", "vehicle_purchase", "overseas_travel"))
    drawn["expenditure.operating"] += three_public
    spent = drawn["expenditure.personnel"] + drawn["expenditure.operating"] + drawn["expenditure.project"]
    drawn["income.general_public_budget"] += spent
    income = sum(drawn[concept] for concept in drawn if concept.startswith("income."))
    return drawn | {
        "income.total": income, "expenditure.basic": drawn["expenditure.personnel"] + drawn["expenditure.operating"],
        "expenditure.total": spent, "surplus.cumulative": income - spent,
        "surplus.current_year": income - spent - drawn["income.carryover"], "three_public.total": three_public,
        "fixed_assets.total": sum(drawn[f"fixed_assets.{part}"] for part in ("in_use", "leased_out", "other")),
    }  # fmt: skip


def filing_figures(draw, money, rounded: bool) -> tuple[Figures, tuple[str, ...]]:
    """A consistent filing with some units; amounts exact or each rounded to two decimals for itself."""
    units = UNITS[: draw(st.integers(0, len(UNITS)))]
    rows = {key: institution(draw, money) for key in (HEADQUARTERS, *units)}
    rows[SUMMARY] = {concept: sum((row[concept] for row in rows.values()), Decimal(0)) for concept in rows[HEADQUARTERS]}
    figures = {key: figure for key, figure in clean_figures(PACK).items() if isinstance(key, str) and not key.startswith("base.")}
    figures["narrative"] = "已按要求完成全年工作。"
    for key, row in rows.items():
        for concept, amount in row.items():
            figures[concept, key] = amount.quantize(CENT, ROUND_HALF_UP) if rounded else amount
            if amount == 0 and not concept.endswith(".total") and draw(st.booleans()):
                figures[concept, key] = None  # nothing there: zero or blank, as one likes
    return figures, units


@FEW
@given(st.data())
def test_ten_consistent_filings_at_a_time_give_no_error_and_no_warning_however_rounded(data):
    filings = []
    for _ in range(10):
        figures, units = filing_figures(data.draw, st.one_of(exact, cents, st.just(Decimal(0))), data.draw(st.booleans()))
        filings.append(filing(PACK, figures, units=units))
    for checked in check(filings, PACK):
        assert [each for each in checked.findings if each.severity != "info"] == []


def equations_with(concept: str, key: str) -> set[tuple[str, str | None, str]]:
    """(code, institution, subject) of every equation that a money cell enters."""
    found = set()
    for equation in PACK.equations:
        terms = {term.concept for term in (equation.total, *equation.parts)}
        if concept in terms and equation.scope == SCOPE_AGGREGATE:
            found.add((equation.code, SUMMARY, equation.subject))
        elif concept in terms and equation.scope == SCOPE_INSTITUTION:
            found.add((equation.code, key, equation.subject))
        elif concept in terms and key == SUMMARY:
            found.add((equation.code, SUMMARY, equation.subject))
    return found


@settings(FEW, max_examples=12)
@given(st.data())
def test_a_single_changed_cell_breaks_exactly_the_equations_that_contain_it(data):
    money = [concept.id for table in PACK.money_tables for concept in PACK.block_concepts[table.id]]
    cases = []
    for _ in range(12):
        figures, units = filing_figures(data.draw, cents, rounded=True)
        figures |= {
            "base.operating.actual": figures["expenditure.operating", SUMMARY], "base.project.actual": figures["expenditure.project", SUMMARY]
        }  # fmt: skip
        cell = data.draw(st.sampled_from(money)), data.draw(st.sampled_from((SUMMARY, HEADQUARTERS, *units)))
        figures[cell] = (figures[cell] or Decimal(0)) + data.draw(st.integers(100, 10**9)) / Decimal(100)
        # A figure of the base data is compared only where it is filled in.
        compared = {code for code, concept in BASE_DATA.items() if figures[concept] is not None}
        cases.append((cell, compared, filing(PACK, figures, units=units)))
    for (cell, compared, _), checked in zip(cases, check([case[-1] for case in cases], PACK), strict=True):
        broken = {
            (each.rule, each.institution, each.concept) for each in checked.findings if each.rule.startswith(("BAL", "AGG", "XFM"))
        }
        expected = {each for each in equations_with(*cell) if not each[0].startswith("XFM") or each[0] in compared}
        assert broken == expected, cell


@settings(FEW, max_examples=8)
@given(st.data())
def test_what_one_unreadable_cell_enters_is_undecided_and_nothing_else_changes(data):
    figures, units = filing_figures(data.draw, cents, rounded=True)
    whole = filing(PACK, figures, units=units)
    cell = data.draw(st.sampled_from([key for key in figures if isinstance(key, tuple)]))
    clouded = filing(PACK, figures | {cell: UNREADABLE}, units=units)
    before, after = check([whole, clouded], PACK)
    told = [(each.rule, each.concept, each.institution) for each in before.findings]
    assert [each for each in after.findings if (each.rule, each.concept, each.institution) not in told] == []
    undecided = {outcome.rule for outcome in after.outcomes if outcome.undecided}
    assert {code for code, _, _ in equations_with(*cell) if not code.startswith("XFM")} <= undecided
