"""The seed's own filing gives exactly what FORM.md section 6 lists."""

from __future__ import annotations

from decimal import Decimal

from jixiao.checking.check import check
from tests.checking.clean import told
from tests.support.filings import seed_filing

EXPECTED = {
    ("SCR-01", "score.total.self", None, "error"),
    ("SCR-02", "self.total", None, "error"),
    ("TXT-01", "expenditure.operating", "summary", "warning"),
    ("SCR-04", "score.budget_adjustment.reason", None, "warning"),
    ("REQ-02", "self.grade", None, "warning"),
    ("TGT-01", "targets.quantitative.2.actual", None, "warning"),
    ("TGT-01", "targets.quantitative.3.actual", None, "warning"),
    ("TGT-01", "targets.quantitative.4.actual", None, "warning"),
    ("TGT-02", "targets.quantitative.9.actual", None, "warning"),
}


def test_exactly_these_findings_and_no_other(pack):
    (checked,) = check([seed_filing(pack)], pack)
    assert told(checked) == EXPECTED
    assert len(checked.findings) == len(EXPECTED)


def test_what_the_findings_say(pack):
    (checked,) = check([seed_filing(pack)], pack)
    by_rule = {finding.rule: finding for finding in checked.findings}
    total, stated, prose = by_rule["SCR-01"], by_rule["SCR-02"], by_rule["TXT-01"]
    assert (total.expected, total.actual, total.difference) == ("98", "99", Decimal(1))
    assert total.message == "勾稽关系不符：“总分”填报 99 分，各指标自评得分合计 98 分，相差 1 分，请核实更正。"
    assert (stated.expected, stated.actual, stated.difference) == ("99", "95", Decimal(-4))
    assert (prose.expected, prose.actual, prose.difference) == ("320.33", "334.41", Decimal("14.08"))
    assert "334.41 是相邻的“人员支出”" in prose.message
    assert prose.place is not None and prose.place.sheet == "综述"


def test_the_balances_hold_and_what_the_form_lacks_is_undecided(pack):
    (checked,) = check([seed_filing(pack)], pack)
    verdicts = {outcome.rule: outcome.verdict for outcome in checked.outcomes}
    assert {verdicts[f"BAL-0{n}"] for n in (1, 2, 3, 4, 6, 7)} == {"passed"}
    assert {verdicts[code] for code in ("XFM-01", "XFM-07", "BAL-08", "PLA-03", "PLA-05")} == {"undecided"}
    assert all(outcome.reason for outcome in checked.outcomes if outcome.verdict == "undecided")
