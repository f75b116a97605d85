"""The pandera schemas: findings are what they report, and analysts validate a result with them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pytest

import jixiao
from jixiao.checking.check import check
from jixiao.checking.frames import NoValue
from jixiao.checking.rules.cells import codes as cell_codes
from jixiao.checking.schemas import BALANCE, BALANCES, TYPE, failures, schemas_of
from jixiao.model.fact import HEADQUARTERS, SUMMARY
from jixiao.pack import load_pack
from tests.checking.cases import without
from tests.checking.clean import UNIT, changed
from tests.support.filings import UNREADABLE

ROOT = Path(__file__).resolve().parents[2]

FAILING = {
    "staff.quota": None, "staff.actual": "46.5", "self.grade": None, "base.procurement.actual": -90,
    "base.check.disclosure.1": "基本是", ("surplus.cumulative", SUMMARY): -50, ("income.other", UNIT): -3,
    ("income.total", SUMMARY): None,
}  # fmt: skip
"""Cells that break every rule over single cells, and some balances."""


def places(pack) -> set[tuple[str, str | None, str | None]]:
    (checked,) = check([changed(pack, FAILING)], pack)
    return {(each.rule, each.concept, each.institution) for each in checked.findings}


def test_without_a_check_its_findings_disappear_and_no_others(pack, monkeypatch):
    before = places(pack)
    assert {rule for rule, _, _ in before} >= cell_codes(pack)
    removed = set()
    for table, schema in schemas_of(pack).items():
        for name, column in schema.columns.items():
            for check_ in column.checks:
                equations = {equation.code for equation in pack.equations}
                own = {
                    (rule, concept, institution) for rule, concept, institution in before
                    if (rule in equations if table == BALANCES else (rule, concept) == (check_.name, name))
                }  # fmt: skip
                if not own:
                    continue
                with monkeypatch.context() as patch:
                    patch.setattr(column, "checks", [each for each in column.checks if each is not check_])
                    assert before - places(pack) == own, (table, name, check_.name)
                removed |= own
    codes = cell_codes(pack) | {equation.code for equation in pack.equations}
    assert removed == {each for each in before if each[0] in codes}


@pytest.mark.parametrize("pack_id", ["yunxi_2022", "hunan_2020", "yunxi_2023"])
def test_every_table_of_a_form_has_a_schema_whose_checks_are_named_by_rules(pack_id):
    pack = load_pack(pack_id)
    schemas = jixiao.schemas(pack_id)
    assert set(schemas) >= {table.id for table in pack.money_tables} | {BALANCES}
    names = {check_.name for schema in schemas.values() for column in schema.columns.values() for check_ in column.checks}
    assert names - set(pack.rules.codes) == {BALANCE}
    for schema in schemas.values():
        assert [check_.name for check_ in schema.checks] == [TYPE]
        assert all(column.dtype is None for column in schema.columns.values())


def test_a_cell_of_another_type_is_a_bug_not_a_finding(pack):
    profile = schemas_of(pack)["profile"]
    schema = pa.DataFrameSchema({"staff.quota": profile.columns["staff.quota"]}, checks=profile.checks)
    with pytest.raises(TypeError, match="does not fit"):
        failures(schema, pd.DataFrame({"staff.quota": pd.Series([1.5], dtype=object)}))


@pytest.mark.parametrize(
    ("figure", "rules"),
    [
        (None, {"REQ-01"}),
        (0, set()),
        (UNREADABLE, set()),
        ("-1", {"PLA-01"}),
    ],
)  # fmt: skip
def test_blank_zero_and_unreadable_are_three_states(pack, figure, rules):
    (checked,) = check([changed(pack, {"staff.quota": figure})], pack)
    assert {each.rule for each in checked.findings if each.concept == "staff.quota"} >= rules
    own = {each.rule for each in checked.findings if each.concept == "staff.quota"} & cell_codes(pack)
    assert own == rules


def test_a_blank_cell_of_a_unit_is_not_demanded(pack):
    (checked,) = check([changed(pack, {("income.total", UNIT): None, ("income.total", HEADQUARTERS): None})], pack)
    assert not [each for each in checked.findings if each.rule == "REQ-01"]
    (checked,) = check([changed(pack, without(SUMMARY, HEADQUARTERS))], pack)
    assert [each for each in checked.findings if each.rule == "REQ-01"]


@pytest.fixture(scope="module")
def result(tmp_path_factory) -> Path:
    """The result of a run of the samples."""
    folder = tmp_path_factory.mktemp("result")
    shutil.copytree(ROOT / "samples" / "inbox", folder / "收件")
    command = [sys.executable, "-m", "jixiao", "run", str(folder / "收件"), "-o", str(folder / "结果"), "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "结果"


def test_the_frames_of_a_result_fail_where_its_findings_are(result):
    pack, frames, schemas = load_pack("yunxi_2022"), jixiao.frames(result), jixiao.schemas("yunxi_2022")
    assert set(frames) == set(schemas)
    findings = pd.read_parquet(result / "data" / "findings.parquet")
    reported = set()
    for table, frame in frames.items():
        for failure in failures(schemas[table], frame):
            row = frame.loc[failure.row]
            if table == BALANCES:
                reported.add((row["submission_id"], row["equation"]))
            else:
                reported.add((row["submission_id"], failure.check))
    codes = cell_codes(pack) | {equation.code for equation in pack.equations}
    told = {(each.submission_id, each.rule) for each in findings.itertuples() if each.rule in codes}
    assert told and told <= reported
    scored = set(findings["submission_id"])
    assert {each for each in reported if each[0] in scored} == told
    cells = frames["income"]["income.total"]
    assert {type(cell) for cell in cells} <= {Decimal, NoValue, type(None)}


def test_the_page_for_analysts_validates_a_result(result, capsys):
    page = (ROOT / "docs" / "data.zh-CN.md").read_text(encoding="utf-8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "jixiao.frames" in block]
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    done = subprocess.run(
        [sys.executable, "-c", code.replace('"结果"', repr(str(result)))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert BALANCES in done.stdout and "PLA-01" in done.stdout


def test_the_command_line_starts_without_pandas():
    code = "import sys, jixiao, jixiao.cli; print(*({'pandas', 'pandera'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []
