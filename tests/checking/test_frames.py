"""The frames of the tables and the facts of a filing agree cell by cell."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jixiao.checking.filing import CheckedFiling
from jixiao.checking.frames import INSTITUTION, NUMBER, RECORD, NoValue, keyed_frame_of, rows_of, tables_of
from jixiao.model.fact import FactState
from jixiao.pack import load_pack
from tests.checking.clean import clean_figures, filing
from tests.support.filings import UNREADABLE

PACK = load_pack("yunxi_2022")
CLEAN = clean_figures(PACK)
NUMERIC = sorted((key for key in CLEAN if PACK.concept(key if isinstance(key, str) else key[0]).numeric), key=str)
FIGURES = st.none() | st.just(UNREADABLE) | st.decimals(-(10**6), 10**6, places=2, allow_nan=False, allow_infinity=False)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(NUMERIC), FIGURES, max_size=12))
def test_facts_and_frames_agree_cell_by_cell(changes):
    submission = filing(PACK, CLEAN | changes)
    checked, seen = CheckedFiling(submission, PACK), set()
    for table in tables_of(PACK):
        frame = keyed_frame_of(table, rows_of(table, [checked]))
        for row in frame.to_dict("records"):
            key = row[INSTITUTION if table.by_institution else RECORD]
            for concept in table.concepts:
                if NUMBER in concept.id:
                    fact = submission.facts.get(concept.id.replace(NUMBER, key)) if key else None
                else:
                    fact = submission.facts.get(concept.id, key) if table.by_institution or not key else None
                cell = row[concept.id]
                if fact is None:
                    assert cell is None or (cell is NoValue.BLANK and table.by_institution)
                    continue
                seen.add((fact.concept, fact.institution))
                if fact.state is FactState.UNREADABLE:
                    assert cell is NoValue.UNREADABLE
                elif fact.state is FactState.BLANK:
                    assert cell in (NoValue.BLANK, NoValue.NOT_DEMANDED)
                else:
                    assert cell == (fact.value if isinstance(cell, Decimal) else fact.text)
    concepts = {concept.id for table in tables_of(PACK) for concept in table.fixed}
    assert seen >= {(fact.concept, fact.institution) for fact in submission.facts if fact.concept in concepts}
