"""The pipeline that the benchmark compares with does the work it is compared by: the same checks and scores."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from benchmarks.user_pipeline.__main__ import main

from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.demo.generate import district
from jixiao.demo.write import bytes_of
from jixiao.pack import load_pack

FILINGS = 16
PACK = "yunxi_2022"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, tuple[set[str], float]], dict[str, tuple[set[str], float]]]:
    """Of each filing, by file, the codes found and the final total: by the user's pipeline, and by jixiao."""
    folder = tmp_path_factory.mktemp("district")
    inbox = folder / "inbox"
    inbox.mkdir()
    pack = load_pack(PACK)
    for filing in district(pack, FILINGS, 20):
        (inbox / Path(filing.file).name).write_bytes(bytes_of(filing.workbook(pack)))
    main(inbox, folder / "user")
    run(Options(inbox, folder / "out", pack=PACK, jobs=1))
    return by_the_user(folder / "user"), by_jixiao(folder / "out")


def by_the_user(out: Path) -> dict[str, tuple[set[str], float]]:
    sheets = pd.read_excel(out / "区级汇总.xlsx", sheet_name=None, engine="openpyxl")
    codes = sheets["问题清单"].groupby("文件")["代码"].agg(set).to_dict()
    return {row.文件: (codes.get(row.文件, set()), float(row.最终得分)) for row in sheets["汇总"].itertuples()}


def by_jixiao(out: Path) -> dict[str, tuple[set[str], float]]:
    data = out / "data"
    codes: dict[str, set[str]] = {}
    for row in pq.read_table(data / "findings.parquet").to_pylist():
        codes.setdefault(row["submission_id"], set()).add(row["rule"])
    rows = pq.read_table(data / "submissions.parquet").to_pylist()
    return {row["file"]: (codes.get(row["submission_id"], set()), float(row["total_final"])) for row in rows}


def test_finds_the_same_in_filings_of_the_official_layout(told: tuple[dict[str, tuple[set[str], float]], ...]) -> None:
    theirs, ours = told
    assert {file: codes for file, (codes, _) in theirs.items()} == {file: codes for file, (codes, _) in ours.items()}
    assert len(set.union(*(codes for codes, _ in theirs.values()))) >= 8


def test_scores_the_same(told: tuple[dict[str, tuple[set[str], float]], ...]) -> None:
    theirs, ours = told
    assert {file: total for file, (_, total) in theirs.items()} == pytest.approx({file: total for file, (_, total) in ours.items()})
