"""FORM.md section 6: what the seed's filing must show, laid out in the official template, all the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.batch.inbox.identity import header_of, resolve
from jixiao.model.finding import Severity
from jixiao.model.result import Result
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pipeline import evaluate
from jixiao.reading.read import read_file
from jixiao.writing.form.template import fill
from jixiao.writing.xlsx.write import write_workbook
from tests.support.filings import seed_filing

ASSETS = ("fixed_assets.total", "fixed_assets.in_use")


def as_the_seed_wrote(pack: Pack) -> Submission:
    """The seed's figures, with the unit in the fixed assets' cells as the department left it."""
    from dataclasses import replace

    from jixiao.model.fact import Facts, FactState

    seed = seed_filing(pack)
    rows = [
        fact._replace(state=FactState.UNREADABLE, value=None, raw="35.94万元")
        if fact.concept in ASSETS and fact.value is not None
        else fact
        for fact in seed.facts
    ]
    return replace(seed, facts=Facts.of(rows))


@pytest.fixture(scope="module")
def result(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Result:
    path: Path = tmp_path_factory.mktemp("seed") / "seed.xlsx"
    seed = as_the_seed_wrote(pack)
    write_workbook(fill(pack, seed.facts, seed.institutions), path)
    submission = read_file(path, pack, file="seed.xlsx")
    assert isinstance(submission, Submission)
    who = resolve(header_of(submission, pack), pack, (), 2022)
    return evaluate([submission], [who], pack, 2022)[0]


def test_the_findings_are_exactly_those_of_the_form(result: Result):
    heavy = sorted(
        (finding.rule, str(finding.place), finding.concept, finding.institution, finding.severity.value)
        for finding in result.findings
        if finding.severity is not Severity.INFO
    )
    assert heavy == [
        ("REQ-02", "自评报告!B73", "self.grade", None, "warning"),
        ("SCR-01", "评分表!F28", "score.total.self", None, "error"),
        ("SCR-02", "自评报告!B72", "self.total", None, "error"),
        ("SCR-04", "评分表!G6", "score.budget_adjustment.reason", None, "warning"),
        ("SCR-05", "评分表!F17", "score.asset_utilisation.self", None, "warning"),
        ("TGT-01", "自评报告!G61", "targets.quantitative.2.actual", None, "warning"),
        ("TGT-01", "自评报告!G62", "targets.quantitative.3.actual", None, "warning"),
        ("TGT-01", "自评报告!G63", "targets.quantitative.4.actual", None, "warning"),
        ("TGT-02", "自评报告!G71", "targets.quantitative.9.actual", None, "warning"),
        ("TXT-01", "综述!A2", "expenditure.operating", "summary", "warning"),
    ]


def test_the_notes_are_the_units_in_cells_and_what_base_data_would_have_given(result: Result):
    infos = [finding for finding in result.findings if finding.severity is Severity.INFO]
    assert {finding.rule for finding in infos} == {"CEL-02", "SCR-07"}
    units = {(finding.concept, finding.institution) for finding in infos if finding.rule == "CEL-02"}
    assert units == {(concept, row) for concept in ASSETS for row in ("summary", "headquarters")}
    missing = {finding.concept for finding in infos if finding.rule == "SCR-07"}
    wanted = ("three_public_change", "budget_adjustment", "payment_progress", "three_public_control", "budget_rules",
              "fund_compliance", "disclosure", "procurement", "official_card", "asset_rules", "asset_safety",
              "satisfaction")  # fmt: skip
    assert missing == {f"score.{indicator}.self" for indicator in wanted}


def test_the_narrative_finding_hints_at_the_neighbour(result: Result):
    told = next(finding for finding in result.findings if finding.rule == "TXT-01")
    assert (told.expected, told.actual) == ("320.33", "334.41")
    assert "人员支出" in told.message


def test_the_totals_are_those_of_the_form(result: Result):
    card = result.scorecard
    assert card is not None
    totals = (card.total_stated, card.total_sheet, card.total_self, card.total_final)
    assert totals == (95, 99, 98, 98)
    assert (card.grade, result.status.value, card.full_verified) == ("优", "returned", 11)


@pytest.mark.parametrize(
    ("indicator", "status", "computed", "final"),
    [
        ("staff_control", "computed", 5, 5),
        ("surplus", "computed", 3, 3),
        ("asset_utilisation", "computed", 3, 2),
        ("key_spending", "not_applicable", 5, 5),
        ("three_public_change", "not_computable", None, 5),
        ("satisfaction", "not_computable", None, 5),
        ("economic", "reported", None, 5),
    ],
)
def test_each_score_is_that_of_the_form(result: Result, indicator, status, computed, final):
    score = result.scorecard.of(indicator)  # type: ignore[union-attr]
    assert (score.status.value, score.computed_marks, score.final_marks) == (status, computed, final)
