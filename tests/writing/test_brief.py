"""A brief result holds all that the sheets of a district tell: summary and review workbook are those of the whole ones."""

from __future__ import annotations

import pickle
from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao.demo.generate import district as generated
from jixiao.model.external_data import ExternalData, YearResult
from jixiao.model.fact import SUMMARY, Fact, Facts, FactState
from jixiao.model.result import District, Result, shared
from jixiao.model.review import Review
from jixiao.model.submission import Identity, ResolvedIdentity
from jixiao.pack import Pack, load_pack
from jixiao.pipeline import evaluate
from jixiao.privacy.redact import redact
from jixiao.writing.summary.department_summary import brief, figures_of, measures_of
from tests.support.districts import district
from tests.support.filings import seed_filing
from tests.support.results import ROSTER, result_of
from tests.support.summaries import review_workbook, summary_workbook


def known(result: Result, pack: Pack, n: int) -> Result:
    """The result with something known from elsewhere and something reviewed, each in some of them."""
    if not result.scored or result.scorecard is None or n % 3:
        return result
    jumps = [each.concept for each in pack.checks.elsewhere.jumps]
    last = Facts.of(Fact(each, pack.institution_of(each), FactState.OK, Decimal(n), raw=str(n)) for each in jumps)
    other = ExternalData(last if n % 2 else None, last, YearResult(Decimal(80 + n % 9), "良"))
    first = result.scorecard.scores[0]
    review = Review(result.budget_code, result.department, first.indicator, first.label, first.full_marks, "同意", "某某", "", "x")
    scores = (first._replace(review_marks=first.full_marks), *result.scorecard.scores[1:])
    return replace(result, elsewhere=other, reviews=(review,), scorecard=replace(result.scorecard, scores=scores))


def made(pack: Pack, size: int) -> District:
    whole = district(pack, size)
    results = [redact(known(each, pack, n), frozenset(), pack) for n, each in enumerate(whole.results)]
    seed = redact(result_of(seed_filing(pack), pack), frozenset(), pack)
    results += [replace(seed, submission_id=f"z{n}", roster=replace(ROSTER, budget_code=f"77700{n}", department=f"某区第{n}局")) for n in (1, 2)]
    return replace(whole, results=tuple(results))


@pytest.mark.parametrize("name", ["yunxi_2022", "hunan_2020"])
def test_the_sheets_of_brief_results_are_those_of_whole_ones(name):
    pack = load_pack(name)
    whole = made(pack, 40) if name == "yunxi_2022" else other_form(pack)
    short = replace(whole, results=tuple(pickle.loads(pickle.dumps(brief(each, pack))) for each in whole.results))
    for content in (lambda given: summary_workbook(given, pack, tool_version="1", options={}), lambda given: review_workbook(given, pack)):
        first, second = content(whole), content(short)
        assert [sheet.name for sheet in first.sheets] == [sheet.name for sheet in second.sheets]
        for one, other in zip(first.sheets, second.sheets, strict=True):
            assert one == other, one.name


def other_form(pack: Pack) -> District:
    """Generated filings of a form, each with a slip."""
    filings = list(generated(pack, 12, 9, faulty=1))
    who = [ResolvedIdentity(Identity(each.department, each.budget_code, pack.year), None, ()) for each in filings]
    results = evaluate([each.submission(pack) for each in filings], who, pack, pack.year)
    return District(tuple(redact(each, frozenset(), pack) for each in results), (), False, pack.year)


def test_a_brief_result_holds_little(pack):
    whole = redact(result_of(seed_filing(pack), pack), frozenset(), pack)
    short = brief(whole, pack)
    assert len(pickle.dumps(short)) * 2 < len(pickle.dumps(whole))
    assert {fact.raw for fact in short.facts} <= {None} and len(short.facts) < 20
    assert figures_of(short, pack) == figures_of(whole, pack)
    assert figures_of(short, pack)["income.total"] == whole.facts.value("income.total", SUMMARY)
    assert measures_of(short) == measures_of(whole) != {}


def test_scores_that_are_alike_are_one_object_in_all_brief_results(pack):
    whole = redact(result_of(seed_filing(pack), pack), frozenset(), pack)
    one, other = (brief(replace(whole, submission_id=name), pack).scorecard for name in "ab")
    assert one is not None and other is not None
    assert all(first is second for first, second in zip(one.scores, other.scores, strict=True))
    sent = pickle.loads(pickle.dumps([one, other]))
    assert all(first is second for first, second in zip(sent[0].scores, sent[1].scores, strict=True))


def test_what_came_one_by_one_is_shared_again(pack):
    told = brief(redact(result_of(seed_filing(pack), pack), frozenset(), pack), pack)
    one, other = (shared(pickle.loads(pickle.dumps(told))) for _ in range(2))
    assert one == other == told
    assert one.scorecard is not None and other.scorecard is not None
    assert all(first is second for first, second in zip(one.scorecard.scores, other.scorecard.scores, strict=True))
    assert one.figures is not None and other.figures is not None and one.figures.names is other.figures.names
