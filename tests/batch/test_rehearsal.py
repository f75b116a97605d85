"""What follows from a form alone is worked out before the processes that check and draw are forked."""

from __future__ import annotations

import dataclasses

import pytest

from jixiao.batch.partition import rehearse
from jixiao.pack import installed_packs, load_pack
from jixiao.writing.form import draw_form
from jixiao.writing.returned import form_sheets


@pytest.mark.parametrize("name", installed_packs())
def test_a_rehearsal_gets_through_and_leaves_the_form_as_it_is(name):
    pack, other = (dataclasses.replace(load_pack(name)) for _ in range(2))
    rehearse(pack)
    sheets = form_sheets(pack)
    assert any(key.startswith("jixiao.writing.form_laid") for key in pack.__dict__)
    assert draw_form(pack, sheets=sheets).sheets == draw_form(other, sheets=sheets).sheets


def test_a_form_on_which_it_breaks_stops_no_run(monkeypatch):
    pack = dataclasses.replace(load_pack("yunxi_2022"))

    def broken(*_, **__):
        raise ValueError("broken")

    monkeypatch.setattr("jixiao.batch.partition.evaluate", broken)
    rehearse(pack)
