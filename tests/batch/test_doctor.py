"""The doctor says what is installed, what is missing, and what that means."""

from __future__ import annotations

import pytest

from jixiao.pack.load import PackError
from jixiao.services import doctor
from jixiao.services.doctor import CheckState, examine


def told(name: str) -> list[doctor.InstallationCheck]:
    return [check for check in examine() if check.name == name]


def test_a_whole_installation_needs_nothing_done():
    assert [check for check in examine() if check.state is CheckState.BAD] == []


@pytest.mark.parametrize(
    ("place", "stand_in", "name", "meaning"),
    [
        ("office_program", lambda: None, "LibreOffice", "不能同时写出 PDF"),
        ("util.find_spec", lambda name: None, "dask", "jixiao[dask]"),
    ],
)
def test_what_is_optional_may_be_missing_and_its_loss_is_told(monkeypatch, place, stand_in, name, meaning):
    monkeypatch.setattr(f"jixiao.services.doctor.{place}", stand_in)
    [check] = told(name)
    assert check.state is CheckState.ABSENT
    assert meaning in check.meaning


def test_a_library_that_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(doctor, "_version", lambda name: "" if name == "pandera" else "1.0")
    states = {check.state: check for check in told("程序库")}
    assert states[CheckState.BAD].actual == "缺少 pandera"
    assert "pandera" not in states[CheckState.GOOD].actual


def test_a_pack_that_cannot_be_used_is_named_with_its_mistake(monkeypatch):
    def load(name: str) -> object:
        raise PackError("layout.toml", "sheets", "没有表")

    monkeypatch.setattr(doctor, "installed_packs", lambda: ("ours",))
    monkeypatch.setattr(doctor, "load_pack", load)
    [check] = told("表样包")
    assert (check.state, check.actual) == (CheckState.BAD, "ours")
    assert "layout.toml" in check.meaning
