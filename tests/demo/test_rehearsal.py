"""A rehearsal fills every cell with something of its own, and tells what the drawn form does not give back."""

from __future__ import annotations

from collections import Counter

import pytest

from jixiao.demo.rehearsal import distinct_figures, rehearse, rehearse_demo
from jixiao.pack import installed_packs, load_pack
from jixiao.pack.declarations.concept import ConceptKind, ConceptScope
from jixiao.pack.declarations.layout import RowSource
from jixiao.pack.load import PACKS_FOLDER
from jixiao.services.pack_files import write_starter

DEMO = """
title = "示例县"
[[filings]]
file = "水利站.xlsx"
department = "水利站"
faults = [{ kind = "add", concept = "budget.total.spent", amount = 10 }]
[filings.facts]
budget.basic = { planned = 10.00, spent = 9.00 }
budget.project = { planned = 5.00, spent = 5.00 }
[[odd_files]]
kind = "copy"
file = "副本.xlsx"
of = "水利站.xlsx"
[[roster]]
budget_code = "1001"
department = "水利站"
[invention]
places = ["甲县"]
offices = ["水利站"]
first_code = 1001
unreadable = ["约3"]
"""


@pytest.mark.parametrize("name", installed_packs())
def test_every_cell_of_the_form_is_filled_and_amounts_differ(name):
    pack = load_pack(name)
    figures = distinct_figures(pack)
    single = {concept.id for concept in pack.concepts.values() if concept.scope is ConceptScope.SINGLE}
    assert single <= {concept for concept, _ in figures}
    declared = {table.id for table in pack.tables if table.source is RowSource.RECORDS}
    assert declared <= {pack.concept(concept).block for concept, _ in figures}
    amounts = Counter(figure for (concept, _), figure in figures.items() if pack.concept(concept).kind is ConceptKind.AMOUNT)
    assert set(amounts.values()) == {1}


@pytest.mark.parametrize("name", installed_packs())
def test_an_installed_form_gives_back_all_that_was_filled_in(name):
    assert rehearse(load_pack(name)) == []


@pytest.mark.parametrize("name", installed_packs())
def test_the_sample_districts_of_installed_packs_can_be_made(name):
    assert rehearse_demo(load_pack(name), PACKS_FOLDER / name) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("budget.basic =", "budget.base =", ("filings.水利站.xlsx", "没有概念或文段 budget.base.planned")),
        ('kind = "add"', 'kind = "replace"', ("filings.水利站.xlsx.faults", "做不出这处差错")),
        ('of = "水利站.xlsx"', 'of = "农技站.xlsx"', ("odd_files.副本.xlsx.of", "没有报送件 农技站.xlsx")),
        ("offices = [", "office = [", ("invention", "")),
        ("", "", None),
    ],
)
def test_a_sample_that_cannot_be_made_is_told_with_its_file(tmp_path, old, new, told):
    folder = write_starter("county_2024", tmp_path / "county_2024")
    (folder / "demo.toml").write_text(DEMO.replace(old, new, 1), encoding="utf-8")
    found = rehearse_demo(load_pack(folder), folder)
    if told is None:
        assert found == []
    else:
        assert [each.file for each in found] == ["demo.toml"] * len(found)
        assert any(told[0] in each.key and told[1] in each.problem for each in found), found


def test_a_pack_without_a_sample_is_none_the_worse(tmp_path):
    folder = write_starter("county_2024", tmp_path / "county_2024")
    assert rehearse_demo(load_pack(folder), folder) == []
