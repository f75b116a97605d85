"""Every checking rule passes, fails and abstains where it should, with exactly the findings meant and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jixiao.checking.check import check, checked_codes
from jixiao.model.fact import Facts
from jixiao.model.finding import Severity
from jixiao.model.rule_outcome import StageResult
from tests.checking.cases import CASES
from tests.checking.clean import UNIT, changed, told


def plain(checked: StageResult) -> set[str]:
    return {
        f"{code} {concept}{f'@{institution}' if institution else ''} {severity}"
        for code, concept, institution, severity in told(checked)
    }


@pytest.fixture(scope="module")
def results(pack) -> dict[str, StageResult]:
    """What is told of each case, all of them checked as one partition."""
    checked = check([changed(pack, case.changes, case.absent) for case in CASES], pack)
    return dict(zip((case.sentence for case in CASES), checked, strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence)
def test_case(case, results):
    checked = results[case.sentence]
    assert plain(checked) == case.findings
    undecided = {outcome.rule for outcome in checked.outcomes if outcome.undecided or outcome.verdict == "undecided"}
    assert case.undecided <= undecided
    assert all(outcome.reason for outcome in checked.outcomes if outcome.rule in undecided)


def test_on_a_clean_filing_every_rule_passes_and_nothing_is_told(pack):
    (checked,) = check([changed(pack, {})], pack)
    assert checked.findings == ()
    assert [outcome.rule for outcome in checked.outcomes if outcome.verdict != "passed"] == []
    assert tuple(outcome.rule for outcome in checked.outcomes) == checked_codes(pack)


def test_the_rules_stand_in_the_order_of_the_rule_book(pack):
    order = [rule.code for rule in pack.rules]
    codes = checked_codes(pack)
    assert [order.index(code) for code in codes] == sorted(order.index(code) for code in codes)


def test_every_rule_has_a_case_that_fails_and_one_that_is_undecided(pack):
    # That each passes on the clean filing is a test of its own.
    failing = {finding.split()[0] for case in CASES for finding in case.findings}
    undecided = {code for case in CASES for code in case.undecided}
    assert set(checked_codes(pack)) - failing == set()
    assert set(checked_codes(pack)) - undecided == set()


def test_a_message_names_place_found_expected_and_remedy(results):
    for checked in results.values():
        for finding in checked.findings:
            assert finding.message and "{" not in finding.message and "None" not in finding.message, finding
            assert finding.remedy and "{" not in finding.remedy, finding
            if finding.difference is not None:
                assert finding.expected and finding.actual
            if finding.rule.startswith(("BAL", "AGG-0", "AGG-1", "AGG-2", "XFM")):
                assert finding.expected in finding.message or finding.severity is Severity.WARNING, finding
            if "@summary" not in finding.message and finding.rule not in ("AGG-90", "AGG-91"):
                assert finding.place is not None, finding


def test_a_blank_total_is_told_as_blank(results):
    checked = results["a total blank beside filled parts names its own cell"]
    (finding,) = [each for each in checked.findings if each.rule == "BAL-06"]
    assert (finding.expected, finding.actual) == ("8.5", "未填列")
    assert "“三公经费合计”未填列" in finding.message and "请核实填列" in finding.message


def test_a_merged_reason_is_judged_once_for_its_rows(pack):
    filing = changed(
        pack, {"score.livelihood.self": 1, "score.key_projects.self": 1, "score.total.self": 95, "self.total": 95}
    )
    reasons = ("score.livelihood.reason", "score.key_projects.reason")
    place = filing.facts.get(reasons[0]).place
    rows = [fact._replace(place=place) if fact.concept in reasons else fact for fact in filing.facts]
    (checked,) = check([replace(filing, facts=Facts.of(rows))], pack)
    (finding,) = checked.findings
    assert (finding.rule, finding.place, finding.expected, finding.actual, finding.difference) == (
        "SCR-04",
        place,
        "4",
        "2",
        -2,
    )


def test_what_reading_told_of_a_cell_is_not_told_again(pack):
    filing = changed(pack, {"base.check.disclosure.1": "基本是"})
    place = filing.facts.get("base.check.disclosure.1").place
    told_before = pack.rules.finding("CEL-09", place=place, actual="基本是", expected="是、否", where="")
    (checked,) = check([replace(filing, findings=(told_before,))], pack)
    assert checked.findings == ()
    assert {outcome.rule for outcome in checked.outcomes if outcome.verdict == "failed"} == {"CEL-09"}


def test_amounts_too_large_to_add_up_are_undecided_and_never_wrong(pack):
    (checked,) = check([changed(pack, {("income.other", UNIT): 10**14})], pack)
    assert checked.findings == ()
    assert {"BAL-01", "AGG-06"} <= {outcome.rule for outcome in checked.outcomes if outcome.undecided}


def test_a_partition_is_checked_as_its_filings_would_be_alone(pack, results):
    cases = CASES[::7]
    filings = [changed(pack, case.changes, case.absent) for case in cases]
    together = check(filings, pack)
    assert together == [results[case.sentence] for case in cases]
    assert together[:5] == [check([filing], pack)[0] for filing in filings[:5]]
    assert check(filings[::-1], pack) == together[::-1]


def test_no_filings_no_findings(pack):
    assert check([], pack) == []
