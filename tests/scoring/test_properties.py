"""What holds of every filing: bounds, monotony in the rate, totals that are sums."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.model.score import Basis, ScoreStatus
from jixiao.pack import load_pack
from jixiao.pack.declarations.concept import ConceptScope
from jixiao.pack.declarations.methods import Bands, Conditions, PointsOver, PointsUnder
from jixiao.pack.declarations.rubric import PartialPoints
from jixiao.scoring import methods, score
from tests.scoring.support import with_settings
from tests.support.filings import UNREADABLE, filing

PACK = load_pack("yunxi_2022")
WHOLE, STARTED, PROPORTIONAL = (with_settings(PACK, partial_points=mode) for mode in PartialPoints)

amounts = st.decimals(min_value=0, max_value=1000, places=2) | st.just(Decimal(0))
anything = st.none() | st.just(UNREADABLE) | amounts | st.decimals(min_value=-100, max_value=200, places=1)
inputs = sorted(
    {
        concept
        for indicator in PACK.rubric.indicators
        for measure in indicator.measures
        for concept in (*measure.numerator, *measure.denominator)
    }
    | {"surplus.cumulative", "income.carryover", "income.total", "expenditure.total", "expenditure.basic"}
    | {"base.funds.late", "base.compliance.violations", "base.asset.violations"}
)
answers = [concept.id for concept in PACK.concepts.values() if concept.choices == ("是", "否")]
claims = [PACK.score_concept(each.id, "self") for each in PACK.rubric.indicators]
own_rows = st.lists(st.tuples(st.sampled_from(["duties", "benefits", ""]), anything, anything), max_size=4)


@st.composite
def filings(draw):
    figures = draw(st.dictionaries(st.sampled_from([*inputs, *claims]), anything, max_size=40))
    figures |= draw(st.dictionaries(st.sampled_from(answers), st.sampled_from(["是", "否", "部分"]), max_size=10))
    for n, (group, full, claim) in enumerate(draw(own_rows), start=1):
        figures |= {
            f"score.custom.{n}.{key}": each for key, each in (("group", group), ("full", full), ("self", claim))
        }
    return filing(PACK, figures)


@settings(max_examples=120, deadline=None)
@given(filings(), st.dictionaries(st.sampled_from([each.id for each in PACK.rubric.indicators]), amounts, max_size=5))
def test_every_score_lies_between_nothing_and_its_full_marks_and_totals_are_sums(filed, reviews):
    card = score(filed, PACK, reviews=reviews).scorecard
    for each in card.scores:
        for marks in (each.computed_marks, each.final_marks, *each.accepted_marks):
            assert marks is None or 0 <= marks <= each.full_marks
        assert (each.computed_marks is None) == (each.status in (ScoreStatus.NOT_COMPUTABLE, ScoreStatus.REPORTED))
        assert bool(each.missing) <= (each.status is ScoreStatus.NOT_COMPUTABLE)
        assert each.computed_marks is None or each.computed_marks in each.accepted_marks
        assert (each.basis is Basis.REVIEW) == (each.review_marks is not None)
        assert each.explanation.endswith("。")
    assert card.total_final == sum(each.final_marks or 0 for each in card.scores)
    assert card.total_self == sum(each.self_marks or 0 for each in card.scores)
    assert card.total_computed == sum(each.computed_marks or 0 for each in card.scores)
    assert 0 <= card.total_final <= 100
    assert card.full_verified + card.full_declared <= sum(each.full_marks for each in card.scores)
    for group in PACK.rubric.open_groups:
        members = [each for each in card.scores if each.indicator in group.indicators]
        assert sum(each.final_marks or 0 for each in members) <= group.points


@settings(max_examples=60, deadline=None)
@given(filings())
def test_a_final_score_is_never_over_the_claim_nor_over_the_computed_one(filed):
    for each in score(filed, PACK).scorecard.scores:
        if each.self_marks is not None and each.final_marks is not None:
            assert each.final_marks <= max(each.self_marks, 0)
        if each.computed_marks is not None and each.final_marks is not None:
            assert each.final_marks <= each.computed_marks


@settings(max_examples=60, deadline=None)
@given(filings())
def test_started_points_never_earn_more_than_parts_nor_parts_more_than_whole_points(filed):
    cards = [score(filed, pack).scorecard for pack in (STARTED, PROPORTIONAL, WHOLE)]
    for started, parts, whole in zip(*(card.scores for card in cards), strict=True):
        if started.computed_marks is not None:
            # Parts are rounded to two decimals, which may lift them by half a hundredth.
            assert started.computed_marks <= parts.computed_marks <= whole.computed_marks
            assert set(started.accepted_marks) == set(parts.accepted_marks) == set(whole.accepted_marks)


rated = [each for each in PACK.rubric.indicators if isinstance(each.method, Bands | PointsOver | PointsUnder)]
rates = st.fractions(min_value=0, max_value=3, max_denominator=2000)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(rated), rates, rates, st.sampled_from(list(PartialPoints)))
def test_marks_move_one_way_with_the_rate(indicator, one, other, partial):
    low, high = sorted((one, other))

    def marks(rate: Fraction) -> Decimal:
        full, method = indicator.full_marks, indicator.method
        match method:
            case Bands():
                award = methods.by_bands(method, full, rate)
            case PointsOver() | PointsUnder():
                award = methods.by_points(method, full, rate, partial)
        assert award is not None
        return award.marks

    best_is_low = isinstance(indicator.method, PointsOver) or indicator.id == "budget_adjustment"
    better, worse = (low, high) if best_is_low else (high, low)
    assert marks(better) >= marks(worse)


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0, max_value=300), st.integers(min_value=1, max_value=400), st.integers(1, 1000))
def test_whole_points_over_the_limit_count_exactly(points, quota, scale):
    """A rate of (100 + p) / 100 counts p points, however the fraction is written: no binary noise."""
    method = PointsOver(kind="points_over", limit=Decimal(1), per_point=Decimal("0.01"))
    rate = Fraction((100 + points) * quota * scale, 100 * quota * scale)
    for partial in PartialPoints:
        award = methods.by_points(method, Decimal(5), rate, partial)
        assert (award.counted, award.marks) == (points, 5 - Decimal(points) / 100)


def test_23_over_20_is_exactly_15_points_over():
    method = PointsOver(kind="points_over", limit=Decimal(1), per_point=Decimal("0.2"))
    for partial in PartialPoints:
        assert methods.by_points(method, Decimal(5), Fraction(23, 20), partial).marks == 2


def test_conditions_of_the_pack_ask_only_for_what_they_need():
    method = PACK.rubric.indicator("surplus").method
    assert isinstance(method, Conditions)
    wanted: list[str] = []

    def look_up(concept: str) -> Decimal | None:
        wanted.append(concept)
        return Decimal(0)

    assert methods.by_conditions(method, Decimal(3), look_up).marks == 3
    assert wanted == ["surplus.cumulative"]


def test_the_concepts_drawn_here_are_the_forms(pack):
    assert all(each in pack.concepts for each in inputs)
    assert {pack.concepts[each].scope for each in inputs} == {ConceptScope.SINGLE, ConceptScope.INSTITUTION}
    assert len(answers) == 10
