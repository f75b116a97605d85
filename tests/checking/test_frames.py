"""Filings stacked into frames: each cell where a walk over the facts, one after the other, puts it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.checking.frames import ABSENT, BLANK, MOST, OK, ONE, TOO_LARGE, UNREADABLE, Stacked, stack
from jixiao.checking.plan import Rows, plan_of
from jixiao.model.fact import SUMMARY, Fact, Facts, State
from jixiao.model.submission import Institution, Submission
from jixiao.pack import load_pack

PACKS = ("yunxi_2022", "hunan_2020")
KEYS = (SUMMARY, "headquarters", "所属学校", "未登记单位")
NUMBERS = ("0", "1.5", "-3", "0.000001", "99999999999.999999", "100000000000", "-100000000000", "9" * 14)


@st.composite
def submissions(draw: st.DrawFn, pack_id: str) -> list[Submission]:
    """Filings with any of the form's cells in any order, some twice, some of records and institutions nobody declared."""
    pack = load_pack(pack_id)
    concepts = list(pack.concepts.values())
    made = []
    for n in range(draw(st.integers(1, 3))):
        rows = []
        for concept in draw(st.lists(st.sampled_from(concepts), max_size=40)):
            concept_id = concept.id.replace("{n}", str(draw(st.integers(1, 12))))
            key = draw(st.sampled_from(KEYS)) if pack.institution_of(concept.id) else None
            state = draw(st.sampled_from(list(State)))
            number = Decimal(draw(st.sampled_from(NUMBERS))) if concept.numeric and state is State.OK else None
            text = draw(st.sampled_from(("是", "否", "有"))) if not concept.numeric and state is State.OK else None
            rows.append(Fact(concept_id, key, state, number, text))
        told = tuple(Institution(key, key) for key in KEYS[: draw(st.integers(1, 3))])
        made.append(Submission(f"s{n}", f"{n}.xlsx", "", pack_id, Facts(tuple(rows)), told))
    return [*made, replace(made[0], submission_id="again")]


@pytest.mark.parametrize("pack_id", PACKS)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_every_cell_stands_where_a_walk_over_the_facts_puts_it(pack_id: str, data: st.DataObject) -> None:
    filings, pack = data.draw(submissions(pack_id)), load_pack(pack_id)
    stacked, plan = stack(filings, pack), plan_of(pack)
    wanted: dict[tuple[int, int, str, int], tuple[int, int, str | None]] = {}
    for s, filing in enumerate(filings):
        for fact in reversed(filing.facts.rows):
            slot = plan.slot(fact.concept)
            if slot is not None:
                frame = plan.frames[slot.frame]
                key = slot.record or (fact.institution or SUMMARY if frame.rows is Rows.INSTITUTION else frame.row_keys[slot.row])
                number, state = _told(fact, frame.columns[slot.column].concept.numeric)
                wanted[slot.frame, s, key, slot.column] = (number, state, fact.text if state == OK else None)
    for at, cell in _cells(stacked).items():
        assert cell == wanted.pop(at, (0, ABSENT, None))
    # What no frame has a row for is blank: a record or an institution of which nothing is filled.
    assert {state for _, state, _ in wanted.values()} <= {BLANK}


def _told(fact: Fact, numeric: bool) -> tuple[int, int]:
    if fact.state is not State.OK:
        return 0, BLANK if fact.state is State.BLANK else UNREADABLE
    number = int((fact.value or 0) * ONE) if numeric else 0
    return (0, TOO_LARGE) if abs(number) >= MOST else (number, OK)


def _cells(stacked: Stacked) -> dict[tuple[int, int, str, int], tuple[int, int, str | None]]:
    found = {}
    for f, frame in enumerate(stacked.frames):
        width = len(frame.plan.columns)
        for row, (s, key) in enumerate(zip(frame.submission.tolist(), frame.keys, strict=True)):
            for c, column in enumerate(frame.plan.columns):
                number, state = int(frame.number[row, c]), int(frame.state[row, c])
                is_text = state == OK and not column.concept.numeric
                text = frame.texts(np.array([row * width + c]))[0] if is_text else None
                found[f, s, key, c] = (number, state, text)
    return found
