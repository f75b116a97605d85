"""Whatever the program does, it does for every form: the same behaviours over a made district of each."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import NamedTuple

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import RunReport, run
from jixiao.demo.generate import district
from jixiao.demo.write import bytes_of
from jixiao.model.fact import SUMMARY, FactState
from jixiao.model.finding import Severity
from jixiao.model.submission import Submission
from jixiao.pack import Pack, load_pack
from jixiao.pack.bureau_figures import heading, offered
from jixiao.privacy.find import personal_words_of
from jixiao.reading.read import read_file
from tests.batch.test_reference import workbook
from tests.batch.test_run_reviews import fill
from tests.support.workbooks import parts, roster

COUNT, YEAR = 6, 2022
CODE = re.compile(r"[A-Z]{3}-\d\d")


class Ran(NamedTuple):
    """A made district of one form after its first run."""

    pack: Pack
    home: Path
    options: Options
    outcome: RunReport


@pytest.fixture(scope="module", params=["yunxi_2022", "hunan_2020"])
def ran(request, tmp_path_factory) -> Ran:
    pack = load_pack(request.param)
    home = tmp_path_factory.mktemp(pack.id)
    (home / "inbox").mkdir()
    names = {}
    for filing in district(pack, COUNT, seed=3, faulty=0.5):
        (home / "inbox" / filing.file).write_bytes(bytes_of(filing.workbook(pack)))
        names[filing.budget_code] = filing.department
    options = Options(home / "inbox", home / "out", "auto", roster(home / "名册.xlsx", names), year=YEAR)
    return Ran(pack, home, options, run(options))


def rows(out: Path, table: str) -> list[dict[str, object]]:
    return pq.read_table(out / "data" / f"{table}.parquet").to_pylist()


def filled(submission: Submission) -> dict[tuple[str, str | None], object]:
    told = (each for each in submission.facts if each.state is not FactState.BLANK)
    return {(each.concept, each.institution): each.value if each.value is not None else (each.text or "").split() for each in told}


def serious(findings) -> Counter[tuple[str, str | None, str | None]]:
    return Counter((each.rule, each.concept, each.institution) for each in findings if each.severity is not Severity.INFO)


def test_every_department_is_scored_and_none_by_another_form(ran):
    assert len(ran.outcome.district.results) == COUNT
    assert json.loads((ran.options.out / "run.json").read_text("utf-8"))["pack"]["id"] == ran.pack.id
    assert all(result.scorecard for result in ran.outcome.district.results)
    assert any(result.count(Severity.ERROR) for result in ran.outcome.district.results)


def test_a_return_reads_as_the_filing_it_came_from(ran):
    for result in ran.outcome.district.results:
        sent = read_file(ran.options.inbox / result.file, ran.pack, file=result.file)
        back = read_file(ran.options.out / result.output, ran.pack, file=result.output)
        assert isinstance(sent, Submission) and isinstance(back, Submission)
        assert filled(back) == filled(sent)
        assert back.extras == sent.extras


def test_a_return_sent_in_again_gets_the_same_findings_and_scores(ran, tmp_path):
    again = run(replace(ran.options, inbox=ran.options.out / "departments", out=tmp_path / "again"))
    before = {result.identity.budget_code: result for result in ran.outcome.district.results}
    for result in again.district.results:
        earlier = before.pop(result.identity.budget_code)
        assert serious(result.findings) == serious(earlier.findings)
        assert result.scorecard.total_final == earlier.scorecard.total_final
    assert before == {}


def test_a_second_run_writes_nothing_and_any_number_of_processes_the_same(ran, tmp_path):
    stamps = {path: path.stat().st_mtime_ns for path in ran.options.out.rglob("*.*") if path.suffix in (".xlsx", ".parquet")}
    run(ran.options)
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    run(replace(ran.options, out=tmp_path / "two", jobs=2, partition_size=2))
    names = [path.relative_to(ran.options.out) for path in stamps]
    assert [name for name in names if (tmp_path / "two" / name).read_bytes() != (ran.options.out / name).read_bytes()] == []


def test_a_reviewers_decision_decides_and_is_kept(ran, tmp_path):
    out = tmp_path / "out"
    options = replace(ran.options, out=out)
    run(options)

    def half(row: dict[str, object]) -> dict[str, object]:
        return {"复核得分": float(row["分值"]) / 2, "复核意见": "核对佐证材料", "复核人": "甲", "日期": "2023年5月6日"}

    fill(out / "复核表.xlsx", half)
    open_before = {(each["submission_id"], each["indicator"]) for each in rows(out, "scores") if each["basis"] != "review"}
    # A group whose rows declare more points than it has is cut down to them, decisions and all.
    over = {each["submission_id"] for each in rows(out, "findings") if each["rule"] == "SCR-10"}
    for fresh in (False, True):
        run(replace(options, fresh=fresh))
        decided = [each for each in rows(out, "scores") if each["basis"] == "review" and each["submission_id"] not in over]
        assert decided
        assert all(each["final"] == each["review"] == each["full"] / 2 for each in decided)
        assert {(each["submission_id"], each["indicator"]) for each in decided} <= open_before


def test_the_bureaus_figure_is_compared_and_decides(ran, tmp_path):
    result = ran.outcome.district.results[0]
    filed = _filed(ran.options.out, result.submission_id)
    concepts = [each for each in offered(ran.pack) if filed.get(each.id, 0) > 0][:3]
    assert concepts
    figures = [filed[each.id] + 1 for each in concepts]
    reference = workbook(
        tmp_path / "财政核对数据.xlsx", [heading(ran.pack, each) for each in concepts],
        [result.identity.budget_code, result.identity.department, *map(float, figures)],
    )  # fmt: skip
    run(replace(ran.options, out=tmp_path / "out", reference=reference))
    found = {each["concept"]: each for each in rows(tmp_path / "out", "findings") if each["rule"] == "XFM-90"}
    assert set(found) == {each.id for each in concepts}
    assert {found[each.id]["difference"] for each in concepts} == {Decimal(-1)}
    assert "bureau" in {each["origin"] for each in rows(tmp_path / "out", "elsewhere")}


def _filed(out: Path, submission_id: str) -> dict[str, Decimal]:
    """The figures of a filing for the whole of the department, by concept."""
    own = [each for each in rows(out, "facts") if each["submission_id"] == submission_id and each["value"] is not None]
    return {each["concept"]: each["value"] for each in own if each["institution"] in (None, SUMMARY)}


def test_last_years_result_is_compared(ran, tmp_path):
    (tmp_path / "last").mkdir()
    copytree(ran.options.out / "data", tmp_path / "last" / "data")
    told = pq.read_table(tmp_path / "last" / "data" / "submissions.parquet")
    year = pa.array([YEAR - 1] * told.num_rows, pa.int64())
    pq.write_table(told.set_column(told.schema.get_field_index("year"), "year", year), tmp_path / "last" / "data" / "submissions.parquet")
    run(replace(ran.options, out=tmp_path / "out", previous=tmp_path / "last"))
    told = {each["rule"] for each in rows(tmp_path / "out", "findings") if str(each["rule"]).startswith("YOY")}
    assert "YOY-02" in told
    assert {each["origin"] for each in rows(tmp_path / "out", "elsewhere")} == {"previous"}


def test_personal_words_stay_in_the_departments_own_workbook(ran):
    names = {
        word
        for result in ran.outcome.district.results
        for word in personal_words_of(
            ran.pack, read_file(ran.options.inbox / result.file, ran.pack, file=result.file).facts, [result.identity.department]
        )
        if set(word) - set("0-")  # the samples' telephones are zeros, as are the places of decimals
    }
    assert names
    told = parts(ran.options.out)
    elsewhere = {name: content for name, content in told.items() if not name.startswith(("departments/", ".jixiao"))}
    assert [(name, word) for name, content in elsewhere.items() for word in names if word.encode() in content] == []
    own = b"".join(content for name, content in told.items() if name.startswith("departments/"))
    assert any(word.encode() in own for word in names)


def test_the_summary_holds_every_department_and_every_finding(ran):
    book = openpyxl.load_workbook(ran.options.out / "区级汇总.xlsx", data_only=True)
    ranking = {value for row in book["得分排名"].iter_rows(values_only=True) for value in row}
    assert {result.identity.department for result in ran.outcome.district.results} <= ranking
    # Rows that one cell explains stand together, and name all of their rules.
    listed = {code for row in book["问题清单"].iter_rows(values_only=True) for each in row for code in CODE.findall(str(each))}
    assert {finding.rule for result in ran.outcome.district.results for finding in result.findings} <= listed
