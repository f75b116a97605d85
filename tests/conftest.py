"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.pack import Pack, load_pack

HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "hostile"


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("yunxi_2022")


@pytest.fixture(scope="session")
def hostile() -> Path:
    """The folder of odd and hostile workbooks beside the project; tests that need it are skipped without it."""
    if not HOSTILE.is_dir():
        pytest.skip("no hostile workbooks beside the project")
    return HOSTILE
