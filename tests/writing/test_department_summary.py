"""A summary holds what the sheets of a district show of a result, in little room."""

from __future__ import annotations

import pickle
from dataclasses import replace
from decimal import Decimal

from jixiao.model.external_data import ExternalData, YearResult
from jixiao.model.fact import SUMMARY, Fact, Facts, FactState
from jixiao.model.result import DepartmentSummary, LastYearFigures
from jixiao.privacy.redact import redact
from jixiao.runtime.records import decode, encode
from jixiao.writing.summary.department_summary import summarize
from tests.support.filings import seed_filing
from tests.support.results import result_of


def whole_result(pack):
    return redact(result_of(seed_filing(pack), pack), frozenset(), pack)


def test_a_summary_holds_little(pack):
    whole = whole_result(pack)
    summary = summarize(whole, pack)
    assert len(pickle.dumps(summary)) * 2 < len(pickle.dumps(whole))
    assert {fact.raw for fact in summary.score_cells} <= {None} and len(summary.score_cells) < 20
    assert summary.figures.by_name()["income.total"] == whole.facts.value("income.total", SUMMARY)
    measures = {each.indicator: each.measure for each in whole.scores if each.measure is not None}
    assert summary.measures.by_name() == measures != {}


def test_scores_that_are_alike_are_one_object_in_all_summaries(pack):
    whole = whole_result(pack)
    one, other = (summarize(replace(whole, submission_id=name), pack) for name in "ab")
    assert one.scores and all(first is second for first, second in zip(one.scores, other.scores, strict=True))
    sent = pickle.loads(pickle.dumps([one, other]))
    assert all(first is second for first, second in zip(sent[0].scores, sent[1].scores, strict=True))


def test_what_came_one_by_one_is_shared_again(pack):
    summary = summarize(whole_result(pack), pack)
    one, other = (pickle.loads(pickle.dumps(summary)).shared() for _ in range(2))
    assert one == other == summary
    assert all(first is second for first, second in zip(one.scores, other.scores, strict=True))
    assert one.figures.names is other.figures.names


def test_a_record_of_a_summary_gives_it_back(pack):
    summary = summarize(whole_result(pack), pack)
    assert decode(encode(summary), DepartmentSummary) == summary


def test_of_external_data_only_the_figures_of_last_year_that_are_compared_are_in_it(pack):
    jumps = [each.concept for each in pack.checks.elsewhere.jumps]
    last = Facts.of(Fact(each, pack.institution_of(each), FactState.OK, Decimal(n)) for n, each in enumerate(jumps))
    standing = YearResult(Decimal(88), "良")
    whole = replace(whole_result(pack), external=ExternalData(last, last, standing))
    summary = summarize(whole, pack)
    assert summary.has_external_data and summary.last_year is not None
    assert summary.last_year.standing == standing
    assert summary.last_year.figures.by_name() == {concept: Decimal(n) for n, concept in enumerate(jumps)}
    assert summarize(replace(whole, external=ExternalData(previous=Facts(()))), pack).last_year == LastYearFigures(None, summary.figures.of({}))
    assert not summarize(whole_result(pack), pack).has_external_data
