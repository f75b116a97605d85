"""The sample district of the province's form: what is found in each filing, cell by cell, and what the batch makes of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.demo.generate import district
from jixiao.demo.write import declared_filings, write_demo
from jixiao.model.fact import FactState
from jixiao.model.submission import Identity, ResolvedIdentity, Status
from jixiao.pack import load_pack
from jixiao.pipeline import evaluate
from jixiao.reading.read import read_file

PACK = "hunan_2020"
SAMPLES = Path(__file__).resolve().parents[2] / "samples" / PACK

FOUND = {
    "云梦泽区城市管理局.xlsx": {
        ("BAL-21", "budget.total.initial"), ("BAL-22", "budget.total.initial"), ("BAL-31", "budget.total.rate"),
    },
    "云梦泽区应急管理局.xlsx": {
        ("BAL-23", "base.three_public.total.budget"), ("BAL-23", "base.three_public.total.actual"),
        ("BAL-24", "base.three_public.vehicle.budget"), ("BAL-26", "base.operating.total.actual"),
        ("BAL-32", "staff.rate"),
    },
    "云梦泽区信访局.xlsx": {("XFM-21", "budget.project.executed"), ("PLA-21", "budget.total.score")},
    "云梦泽区科学技术局.xlsx": {
        ("SCR-01", "indicators.total.self"), ("SCR-03", "indicators.2.self"), ("SCR-10", "indicators.1.full"),
    },
    "云梦泽区市场监督管理局.xlsx": {
        ("SCR-04", "indicators.5.reason"), ("SCR-05", "indicators.1.self"), ("SCR-11", "indicators.4.self"),
        ("SCR-12", "indicators.3.actual"),
    },
    "云梦泽区退役军人事务局.xlsx": {
        ("CEL-01", "base.operating.total.last_actual"), ("PLA-01", "base.three_public.reception.actual"),
        ("BAL-21", "budget.total.executed"), ("BAL-22", "budget.total.executed"),
        ("BAL-23", "base.three_public.total.actual"), ("REQ-01", "budget.total.executed"), ("REQ-02", "goal.actual"),
        ("TGT-03", "indicators.2.actual"),
    },
    "乡镇/青山镇人民政府.xlsx": {("BAL-33", "building.area_rate"), ("BAL-34", "building.investment_rate")},
}  # fmt: skip

TOTALS = {
    "云梦泽区民政局.xlsx": "99", "云梦泽区林业局.xlsx": "98.51", "云梦泽区医疗保障局.xlsx": "98.96",
    "云梦泽区城市管理局.xlsx": "98.18", "云梦泽区应急管理局.xlsx": "100", "云梦泽区信访局.xlsx": "98",
    "云梦泽区科学技术局.xlsx": "97.86", "云梦泽区市场监督管理局.xlsx": "93.64", "云梦泽区退役军人事务局.xlsx": "99.9",
    "乡镇/青山镇人民政府.xlsx": "98.53",
}  # fmt: skip


@pytest.fixture(scope="module")
def form():
    return load_pack(PACK)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    folder = tmp_path_factory.mktemp("second")
    write_demo(folder, PACK)
    return folder


@pytest.fixture(scope="module")
def results(form, inbox):
    names = [filing.file for filing in declared_filings(form, PACK)]
    read = [read_file(inbox / "inbox" / name, form, file=name) for name in names]
    resolved = [ResolvedIdentity(Identity(name, "", 2022), None, ()) for name in names]
    return dict(zip(names, evaluate(read, resolved, form, 2022), strict=True))


def test_each_declared_fault_is_found_at_its_cell_and_nothing_else_is(results):
    told: dict[str, set[tuple[str, str]]] = {}
    for name, result in results.items():
        for each in result.findings:
            if each.severity != "info":
                own = next((fact.concept for fact in result.facts if fact.place == each.place), str(each.place))
                told.setdefault(name, set()).add((each.rule, own))
    assert told == FOUND


def test_final_totals_are_those_worked_out_by_hand(results):
    assert {name: str(result.scorecard.total_final) for name, result in results.items()} == TOTALS


def test_what_is_read_is_what_was_declared(form, results):
    for filing in declared_filings(form, PACK):
        read, meant = (
            {fact.concept: (fact.state, fact.value, fact.text) for fact in facts if fact.state is not FactState.BLANK}
            for facts in (results[filing.file].facts, filing.facts)
        )
        assert read == meant, filing.file


def test_the_batch_ends_as_the_roster_and_the_faults_say(inbox, tmp_path):
    outcome = run(Options(inbox / "inbox", tmp_path / "out", pack=PACK, roster=inbox / "名册.xlsx", jobs=1))
    assert Counter(result.status for result in outcome.district.results) == {
        Status.ACCEPTED: 3, Status.ACCEPTED_WITH_WARNINGS: 1, Status.RETURNED: 6, Status.UNREADABLE: 1,
        Status.DUPLICATE: 1, Status.WRONG_FORM: 1, Status.MISSING: 1,
    }  # fmt: skip
    returned = sorted(path.name for path in (tmp_path / "out" / "departments").iterdir())
    assert len(returned) == 10
    assert returned[0] == "301001_云梦泽区民政局.xlsx"


def test_the_committed_samples_are_those_that_are_made_and_small(inbox):
    def content(root):
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    assert content(SAMPLES) == content(inbox)
    assert sum(len(each) for each in content(SAMPLES).values()) < 400_000


def test_filings_made_after_the_declared_ones_are_in_order_but_for_their_slips(form):
    made = list(district(form, 40, seed=3, faulty=0.0))
    assert len({filing.file for filing in made}) == 40
    submissions = [filing.submission(form) for filing in made]
    resolved = [ResolvedIdentity(Identity(filing.department, "", 2022), None, ()) for filing in made]
    found = Counter(
        each.rule
        for result in evaluate(submissions, resolved, form, 2022)
        for each in result.findings
        if each.severity != "info"
    )
    assert not found
