"""Facts find what they hold: the first cell of a pair, what is filled, and the numbers of records, however they came."""

from __future__ import annotations

import pickle
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.place import Place

CONCEPTS = ("income.total", "own.1.label", "own.1.full", "own.2.label", "own.10.label", "goal.3.part.4.text")
INSTITUTIONS = (None, "summary", "headquarters", "所属学校")


@st.composite
def facts(draw: st.DrawFn) -> tuple[Fact, ...]:
    """Cells in any order, some of them twice."""
    cells = st.tuples(st.sampled_from(CONCEPTS), st.sampled_from(INSTITUTIONS), st.sampled_from(list(FactState)))
    return tuple(
        Fact(concept, institution, state, Decimal(n) if state is FactState.OK else None, place=Place("表", n, 1))
        for n, (concept, institution, state) in enumerate(draw(st.lists(cells, max_size=25)))
    )


@settings(deadline=None)
@given(facts(), st.booleans())
def test_found_as_a_walk_over_the_cells_finds_them(rows: tuple[Fact, ...], crossed: bool) -> None:
    found = pickle.loads(pickle.dumps(Facts(rows))) if crossed else Facts(rows)
    for institution in (*INSTITUTIONS, "no such"):
        for concept in (*CONCEPTS, "no.such"):
            first = next((each for each in rows if (each.concept, each.institution) == (concept, institution)), None)
            assert found.get(concept, institution) == first
    filled = [each for each in rows if each.state is not FactState.BLANK]
    assert found.filled_concepts == {
        key: frozenset(each.concept for each in filled if each.institution == key)
        for key in {each.institution for each in filled}
    }
    for stem in ("own.", "goal.", "goal.3.part.", "income."):
        for told, cells in ((found.records, rows), (found.filled_records, filled)):
            assert told.get(stem, []) == _numbers(stem, cells)
    assert found.rows == rows
    for concept in CONCEPTS:
        assert found.by_concept.get(concept, []) == [each for each in rows if each.concept == concept]


def _numbers(stem: str, cells: tuple[Fact, ...] | list[Fact]) -> list[str]:
    """The numbers behind a stem in the concepts of no institution, ascending."""
    ends = (each.concept.removeprefix(stem) for each in cells if each.institution is None and each.concept.startswith(stem))
    return sorted({end.split(".")[0] for end in ends if end.split(".")[0].isdecimal()}, key=int)


def test_facts_with_others_in_the_place_of_some() -> None:
    one, two, other = (Fact(concept, None, FactState.OK, Decimal(n)) for n, concept in enumerate(("a", "b", "b")))
    facts = Facts.of((one, two))
    assert facts.replaced({1: other}).rows == (one, other)
    assert facts.replaced({}) == facts
