"""The rule book: every rule says on what basis, what to do, and shows an example; a pack may set a rule otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.model.finding import Severity
from jixiao.model.submission import Identity, ResolvedIdentity, Status
from jixiao.pack import PackError, load_pack
from jixiao.pack.docs.pages import rules_markdown
from jixiao.pack.docs.terminal import examples, rule_text
from jixiao.pack.load import installed_packs
from jixiao.pipeline import evaluate
from tests.checking.clean import changed


@pytest.mark.parametrize("name", installed_packs())
def test_every_rule_has_a_basis_a_remedy_and_a_message(name: str) -> None:
    rules = load_pack(name).rules
    assert [rule.code for rule in rules if not (rule.basis and rule.remedy and rule.message and rule.title)] == []
    assert len({rule.code for rule in rules}) == len(list(rules))


def test_every_rule_about_filings_has_a_passing_and_a_failing_example(pack) -> None:
    # RUB rules are about the bureau's own rubric workbook.
    lacking = [rule.code for rule in pack.rules if rule.family != "RUB" and not all(examples(pack, rule))]
    assert lacking == []


def test_the_example_of_a_balance_is_made_of_its_terms(pack) -> None:
    shown = examples(pack, pack.rules["BAL-02"])
    assert shown.holds == "基本支出 1.00，项目支出 2.00，支出合计 3.00（万元）。"
    assert shown.fails == "基本支出 1.00，项目支出 2.00，支出合计 4.00，相差 1.00（万元）。"
    assert "符合示例：基本支出 1.00" in rule_text(pack, "BAL-02")


def delta(folder: Path, text: str) -> Path:
    made = folder / "own"
    made.mkdir()
    (made / "pack.toml").write_text('extends = "yunxi_2022"\nid = "own"\nversion = "1.0"\ndefault = false\n', encoding="utf-8")
    (made / "checks.toml").write_text(text, encoding="utf-8")
    return made


SETTINGS = """
[[settings]]
code = "SCR-04"
use = "off"
reason = "本年不要求逐项说明扣分原因"

[[settings]]
code = "SCR-06"
use = "trial"
reason = "先试行一年"

[[settings]]
code = "SCR-02"
severity = "warning"
reason = "以评分表为准"
"""

FAULTS = {"score.budget_adjustment.reason": None, "self.grade": "良", "self.total": 95}


def test_a_rule_set_off_on_trial_or_to_another_severity_is_so_in_findings_outcomes_and_status(pack, tmp_path: Path) -> None:
    own = load_pack(delta(tmp_path, SETTINGS))
    told = {}
    for each in (pack, own):
        submission = changed(each, FAULTS)
        (result,) = evaluate([submission], [ResolvedIdentity(Identity("某局", "101", 2022), None, ())], each, 2022)
        told[each.id] = result
    before, after = told[pack.id], told[own.id]
    found = {each.rule: (each.severity, each.counted) for each in after.findings}
    assert before.status is Status.RETURNED and after.status is Status.ACCEPTED_WITH_WARNINGS
    assert {"SCR-02", "SCR-04", "SCR-06"} <= {each.rule for each in before.findings}
    assert "SCR-04" not in found
    assert found["SCR-06"] == (Severity.INFO, False)
    assert found["SCR-02"] == (Severity.WARNING, True)
    assert next(each for each in after.findings if each.rule == "SCR-06").message.startswith("【试行】")
    gone = {each.rule for each in before.outcomes} - {each.rule for each in after.outcomes}
    assert gone == {"SCR-04", "SCR-06"}
    assert after.count(Severity.INFO) == sum(each.severity is Severity.INFO for each in after.findings) - 1


def test_the_rule_book_shows_how_and_why_a_rule_is_set(tmp_path: Path) -> None:
    own = load_pack(delta(tmp_path, SETTINGS))
    assert "本表样：停用：本年不要求逐项说明扣分原因" in rule_text(own, "SCR-04")
    assert "本表样：由必改改为需说明：以评分表为准" in rule_text(own, "SCR-02")
    assert "| SCR-06 | 评分 | 试行 |" in rules_markdown(own)


@pytest.mark.parametrize(
    "text",
    [
        '[[settings]]\ncode = "SCR-99"\nreason = "无此规则"\n',
        '[[settings]]\ncode = "SCR-04"\nuse = "off"\nreason = " "\n',
        '[[settings]]\ncode = "SUB-01"\nuse = "off"\nreason = "不要"\n',
        '[[settings]]\ncode = "SCR-04"\nuse = "off"\n',
    ],
)
def test_a_setting_without_rule_or_reason_or_of_what_becomes_of_a_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PackError):
        load_pack(delta(tmp_path, text))
