"""The sample inbox, written once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.demo.filing import DemoFiling
from jixiao.demo.write import declared_filings, write_demo
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.reading.read import read_file


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("demo")
    write_demo(target, "yunxi_2022")
    return target


@pytest.fixture(scope="session")
def filings(pack: Pack) -> dict[str, DemoFiling]:
    return {filing.file: filing for filing in declared_filings(pack, "yunxi_2022")}


@pytest.fixture(scope="session")
def submissions(folder: Path, filings: dict[str, DemoFiling], pack: Pack) -> dict[str, Submission]:
    read = {name: read_file(folder / "inbox" / name, pack, file=name) for name in filings}
    assert all(isinstance(each, Submission) for each in read.values())
    return {name: each for name, each in read.items() if isinstance(each, Submission)}
