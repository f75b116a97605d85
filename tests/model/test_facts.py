"""Facts as rows and as columns: the same, whichever were there first and whatever was replaced."""

from __future__ import annotations

import pickle
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.model.fact import Fact, FactColumns, Facts, FactState
from jixiao.model.place import Place

TEXTS = st.none() | st.text(max_size=5)
NUMBERS = st.none() | st.decimals(allow_nan=False, allow_infinity=False)


@st.composite
def facts(draw, word):
    place = draw(st.none() | st.builds(Place, st.text(max_size=3), st.integers(0, 99), st.integers(0, 99), st.just(word)))
    return Fact(draw(st.text(max_size=5)), draw(TEXTS), draw(st.sampled_from(FactState)), draw(NUMBERS), draw(TEXTS), draw(TEXTS), place)


@st.composite
def filings(draw):
    """Facts with places of one kind, and some to stand in the place of others."""
    word = draw(st.booleans())
    rows = draw(st.lists(facts(word), min_size=1, max_size=6))
    return Facts.of(rows), draw(st.dictionaries(st.integers(0, len(rows) - 1), facts(word), max_size=4))


@settings(deadline=None)
@given(filings())
def test_facts_that_came_as_columns_are_those_that_went(given_):
    told, _ = given_
    came = pickle.loads(pickle.dumps(told))
    assert came.columns() == FactColumns.of(told.rows)
    assert came == told
    assert came.columns() == FactColumns.of(told.rows)


@settings(deadline=None)
@given(filings())
def test_replaced_facts_have_the_columns_of_their_rows(given_):
    told, instead = given_
    wanted = [instead.get(at, fact) for at, fact in enumerate(told.rows)]
    for known in (told, pickle.loads(pickle.dumps(told))):
        made = known.replaced(instead)
        assert list(made.rows) == wanted
        assert pickle.loads(pickle.dumps(made)).rows == made.rows
        assert made.columns().facts() == made.rows


def test_facts_in_documents_of_two_kinds_cross_as_rows():
    told = Facts.of([Fact("a", None, FactState.OK, Decimal(1), place=Place("一", 0, 0)), Fact("b", None, FactState.OK, place=Place("二", 0, 0, word=True))])
    assert told.columns() is None
    assert pickle.loads(pickle.dumps(told)) == told
