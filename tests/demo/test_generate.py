"""More filings than were declared: the same for the same seed, clean unless a slip was made."""

from __future__ import annotations

import pytest

from jixiao.demo.declaration import load_demo
from jixiao.demo.generate import district
from jixiao.model.fact import FactState
from jixiao.model.submission import Identity, ResolvedIdentity
from jixiao.pipeline import evaluate
from jixiao.values.numbers import parse_number


def judged(pack, filings):
    resolved = [ResolvedIdentity(Identity(each.department, each.budget_code, 2022), None, ()) for each in filings]
    return evaluate([each.submission(pack) for each in filings], resolved, pack, 2022)


def test_the_same_seed_gives_the_same_district_and_another_seed_another(pack):
    first, again, other = (
        [(each.file, each.facts.rows, each.faults) for each in district(pack, 12, seed)] for seed in (3, 3, 4)
    )
    assert first == again != other
    assert len({file for file, _, _ in first}) == 12


@pytest.fixture(scope="module")
def slipped(pack):
    return list(district(pack, 60, 9, faulty=1))


def test_filings_without_a_slip_have_no_error_and_no_warning(pack):
    filings = list(district(pack, 60, 5, faulty=0))
    told = [(result.file, each.rule, each.message) for result in judged(pack, filings) for each in result.findings]
    assert told == []
    assert len({filing.facts.value("income.total", "summary") for filing in filings}) > 55


def test_amounts_have_two_decimals_and_heads_are_whole(pack):
    for filing in district(pack, 12, 6, faulty=0):
        for fact in filing.facts:
            if fact.value is not None and pack.concept(fact.concept).kind in ("amount", "count"):
                places = 2 if pack.concept(fact.concept).kind == "amount" else 0
                assert round(fact.value, places) == fact.value, fact


def test_a_share_has_one_slip_each_at_many_different_cells(pack, slipped):
    slips = [filing.faults for filing in slipped]
    assert {len(each) for each in slips} == {1}
    assert len({slip.kind for (slip,) in slips}) == 6
    assert len({slip.concept for (slip,) in slips}) > 25
    assert {len(filing.faults) for filing in district(pack, 10, 9, faulty=0.5)} == {0, 1}


def test_a_wrong_number_in_the_money_tables_is_always_an_error(pack, slipped):
    tables = {table.id for table in pack.money_tables}
    wrong = [
        filing
        for filing in slipped
        for fault in filing.faults
        if pack.concept(fault.concept).block in tables and fault.kind not in ("write", "blank")
    ]
    assert len(wrong) > 10
    for filing, result in zip(wrong, judged(pack, wrong), strict=True):
        assert "error" in {finding.severity for finding in result.findings}, filing.faults


def test_the_texts_that_stand_for_unreadable_numbers_are_unreadable(pack):
    texts = load_demo(pack.id).invention.unreadable
    assert {(text, parse_number(text, unit="万元").state) for text in texts} == {
        (text, FactState.UNREADABLE) for text in texts
    }
