"""The parquet tables: exact columns and types, the same bytes each time, nothing personal."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.finding import Severity
from jixiao.model.place import Place
from jixiao.model.result import District
from tests.support.districts import CONTACT, TELEPHONE, district
from tests.support.filings import filing
from tests.support.tables import write_tables

STABLE = {
    "submissions": "submission_id file sha256 department budget_code year status reason errors warnings notes "
    "total_self_stated total_self_sheet total_self_sum total_final full_verified grade output",
    "facts": "submission_id concept institution value text state raw sheet cell",
    "findings": "submission_id finding_id rule severity message sheet cell concept institution expected actual "
    "difference suggested_cell suggested_value suggestion reply state",
    "scores": "submission_id indicator full self computed review final basis status measure evidence explanation",
}
DECIMALS = {
    "value", "difference", "suggested_value", "full", "self", "computed", "review", "final", "measure", "full_declared",
    "total_self_stated", "total_self_sheet", "total_self_sum", "total_final", "full_verified", "total_computed", "total_lowest",
    "total_highest",
}  # fmt: skip
COUNTS = {"year", "errors", "warnings", "notes", "explained"}


@pytest.fixture(scope="module")
def small(pack):
    return district(pack, 12)


@pytest.fixture(scope="module")
def tables(pack, small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    return {path.stem: pq.read_table(path) for path in write_tables(small, pack, folder)}


@pytest.mark.parametrize("name", STABLE)
def test_the_columns_that_others_rely_on_come_first_and_in_order(tables, name):
    wanted = STABLE[name].split()
    assert tables[name].column_names[: len(wanted)] == wanted


@pytest.mark.parametrize("name", STABLE)
def test_amounts_are_decimals_counts_integers_and_the_rest_text(tables, name):
    for field in tables[name].schema:
        if field.name in DECIMALS:
            assert pa.types.is_decimal128(field.type), field
        elif field.name in COUNTS:
            assert field.type == pa.int64(), field
        elif field.name not in ("counted", "to_verify"):
            assert field.type == pa.string(), field


def test_every_result_fact_finding_and_score_has_its_row(tables, small):
    assert tables["submissions"].column("submission_id").to_pylist() == [each.submission_id for each in small.results]
    assert tables["facts"].num_rows == sum(len(each.facts) for each in small.results)
    assert tables["findings"].column("finding_id").to_pylist() == [
        finding.finding_id for each in small.results for finding in each.findings
    ]
    assert tables["scores"].num_rows == sum(len(each.scorecard.scores) for each in small.results if each.scorecard)


def test_the_numbers_are_those_of_the_results(tables, small):
    rows = {row["submission_id"]: row for row in tables["submissions"].to_pylist()}
    for result in small.scored:
        row, card = rows[result.submission_id], result.scorecard
        assert (row["total_final"], row["total_self_sum"], row["total_self_stated"]) == (
            card.total_final, card.total_self, card.total_stated,
        )  # fmt: skip
        assert row["errors"] == result.count(Severity.ERROR)
        assert row["notes"] == result.count(Severity.INFO)
    filled = next(result for result in small.results if result.facts.get("income.total", "headquarters"))
    facts = {
        (row["concept"], row["institution"]): row
        for row in tables["facts"].to_pylist()
        if row["submission_id"] == filled.submission_id
    }
    fact = filled.facts.get("income.total", "headquarters")
    assert facts["income.total", "headquarters"]["value"] == fact.value
    assert facts["income.total", "headquarters"]["cell"] == fact.place.cell


def test_the_bytes_are_the_same_each_time(pack, tmp_path):
    first = [path.read_bytes() for path in write_tables(district(pack, 12), pack, tmp_path / "a")]
    second = [path.read_bytes() for path in write_tables(district(pack, 12), pack, tmp_path / "b")]
    assert first == second
    assert {path.suffix for path in (tmp_path / "a").iterdir()} == {".parquet"}


def test_an_empty_district_keeps_the_schemas(pack, tmp_path, tables):
    paths = write_tables(District((), (), False, 2022), pack, tmp_path)
    for path in paths:
        table = pq.read_table(path)
        assert table.num_rows == 0
        assert table.schema == tables[path.stem].schema


def test_personal_cells_and_words_are_masked_wherever_they_stand(tables):
    told = "\n".join(str(row) for table in tables.values() for row in table.to_pylist())
    for secret in (CONTACT, TELEPHONE, TELEPHONE.replace("-", ""), "核查员乙"):
        assert secret not in told
    contact = [row for row in tables["facts"].to_pylist() if row["concept"] == "profile.contact" and row["raw"]]
    assert {(row["text"], row["raw"], row["state"]) for row in contact} == {("＊＊＊", "＊＊＊", "ok")}


def test_numbers_keep_their_fen_and_monsters_do_not_stop_the_run(pack, tmp_path):
    facts = Facts.of([
        Fact("income.total", "summary", FactState.OK, Decimal("654.740001"), raw="654.740001", place=Place("一", 0, 0)),
        Fact("income.other", "summary", FactState.OK, Decimal("1E+40"), raw="\ud800", place=Place("一", 0, 27)),
    ])  # fmt: skip
    only = district(pack, 3).results[0]
    changed = type(only)(**{**{name: getattr(only, name) for name in only.__dataclass_fields__}, "facts": facts})
    paths = write_tables(District((changed,), (), False, 2022), pack, tmp_path)
    rows = pq.read_table(paths[1]).to_pylist()
    assert [(row["value"], row["raw"], row["cell"]) for row in rows] == [
        (Decimal("654.740001"), "654.740001", "A1"), (None, "?", "AB1"),
    ]  # fmt: skip


def test_a_filing_without_findings_or_scores_has_rows_of_facts_alone(pack, tmp_path):
    bare = filing(pack, {"staff.quota": 3})
    result = district(pack, 3).results[0]
    values = {name: getattr(result, name) for name in result.__dataclass_fields__}
    changed = type(result)(**{**values, "facts": bare.facts, "findings": (), "scorecard": None})
    tables = {
        path.stem: pq.read_table(path) for path in write_tables(District((changed,), (), True, 2022), pack, tmp_path)
    }
    assert {name: table.num_rows for name, table in tables.items()} == {
        "submissions": 1, "facts": len(bare.facts), "findings": 0, "scores": 0,
    }  # fmt: skip
