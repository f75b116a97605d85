"""A short seeded part of the long fuzz run (`benchmarks/fuzz.py`): a filing or a reason, in time, no silent wrong number."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.reading.formats.open import grids_of
from jixiao.reading.read import read_grids
from tests.support import fuzz

DATA = Path(__file__).parent / "data"
CASES = 40


@pytest.mark.parametrize("name", [path.name for path in sorted(DATA.iterdir())])
def test_a_mutated_workbook_reads_or_is_refused_with_a_reason(pack, name):
    data = (DATA / name).read_bytes()
    assert [failure for seed in range(CASES) if (failure := fuzz.broken_file(pack, data, seed))] == []


def test_a_mutated_number_is_never_another_number_in_silence(pack):
    grids = grids_of((DATA / "filing.ods").read_bytes())
    cells = fuzz.numeric_cells(pack, grids)
    facts = fuzz.facts_of(read_grids(grids, pack, file="t.xlsx", sha256="0" * 64, submission_id="t"))
    assert len(cells) > 100
    assert [failure for seed in range(150) if (failure := fuzz.wrong_text(pack, grids, cells, facts, seed))] == []


def test_the_door_for_numbers_invents_no_number(pack):
    cells = fuzz.numeric_cells(pack, grids_of((DATA / "filing.ods").read_bytes()))
    assert [failure for seed in range(5000) if (failure := fuzz.wrong_number(pack, cells, seed))] == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [("12.5", False), ("12,5", True), ("1e3", True), ("12.5万元", True), ("", True)],
)
def test_the_oracle_knows_what_says_a_number_by_itself(text, broken):
    assert fuzz._says(text, Decimal("12.5")) is not broken
