"""What filings share of the drawn form, no filing ever sees of another: each is drawn as if it were the only one."""

from __future__ import annotations

import copy
import dataclasses
import random
from decimal import Decimal

import pytest

from jixiao.demo.declaration import DEMO_FILE
from jixiao.demo.generate import district
from jixiao.demo.write import declared_filings
from jixiao.model.fact import HEADQUARTERS, SUMMARY, Fact, Facts, FactState
from jixiao.model.finding import Severity
from jixiao.model.result import Result
from jixiao.model.submission import Identity, Status
from jixiao.pack import Pack, installed_packs, load_pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.load import PACKS_FOLDER
from jixiao.scoring import score
from jixiao.writing.form.draw import DrawnForm, Mark, draw_form
from jixiao.writing.returned.public_copy import public_workbook
from tests.support.filings import filing, seed_filing

LONG = "举办各类培训班55期，党政领导授课36人次，集中轮训党员干部8015人次。" * 40


def fresh(pack: Pack) -> Pack:
    """The same pack, for which nothing has been drawn."""
    return dataclasses.replace(pack)


def filings_of(pack: Pack, name: str) -> list:
    """Filings of many shapes: those declared, some generated, and each with a text that takes several rows."""
    made = [each.submission(pack) for each in (*declared_filings(pack, name), *district(pack, 6, 5, faulty=1.0))]
    return [*made, *(with_long_text(each, n) for n, each in enumerate(made[:6]))]


def with_long_text(submission, n: int):
    texts = [fact for fact in submission.facts if fact.text and fact.concept.startswith(("targets", "score", "goal"))]
    if not texts:
        return submission
    long = texts[n % len(texts)]
    rows = [each._replace(text=LONG, raw=LONG) if each is long else each for each in submission.facts]
    return dataclasses.replace(submission, facts=Facts.of(rows))


def marks_of(submission, dice: random.Random) -> dict:
    filled = [fact for fact in submission.facts if fact.filled]
    severities = list(Severity)
    chosen = dice.sample(filled, min(5, len(filled)))
    return {(each.concept, each.institution): Mark(dice.choice(severities), f"批注{n}") for n, each in enumerate(chosen)}


def content(drawn: DrawnForm) -> tuple:
    return (drawn.sheets, dict(drawn.places), drawn.open_cells, drawn.spans)


@pytest.mark.parametrize("name", [name for name in installed_packs() if (PACKS_FOLDER / name / DEMO_FILE).is_file()])
def test_a_form_drawn_after_many_others_is_as_drawn_alone(name):
    pack = load_pack(name)
    dice = random.Random(name)
    asked = [
        (each, marks_of(each, dice) if n % 2 else {}) for n, each in enumerate(filings_of(pack, name))
    ]
    alone = [
        copy.deepcopy(content(draw_form(fresh(pack), each.facts, institutions=each.institutions, marks=marks)))
        for each, marks in asked
    ]
    shared = fresh(pack)
    order = [*range(len(asked)), *range(len(asked))]
    dice.shuffle(order)
    for n in order:
        each, marks = asked[n]
        assert content(draw_form(shared, each.facts, institutions=each.institutions, marks=marks)) == alone[n]


def test_what_is_drawn_over_one_filing_does_not_reach_the_next(pack):
    """The printed cells are the same objects: marks and values of one filing must stand in cells of its own."""
    submission = seed_filing(pack)
    key = ("income.total", SUMMARY)
    draw_form(pack, submission.facts, institutions=submission.institutions, marks={key: Mark(Severity.ERROR, "不符")})
    blank = Facts.of(Fact(each.concept, each.institution, FactState.BLANK) for each in submission.facts)
    after = draw_form(pack, blank, institutions=submission.institutions)
    place = after.places[key]
    cell = next(each for sheet in after.sheets if sheet.name == place.sheet for each in sheet.cells
                if (each.row, each.column) == (place.row, place.column))  # fmt: skip
    assert (cell.value, cell.style.mark, cell.comment) == (None, None, "")


def test_forms_that_stand_alike_share_their_places_and_others_do_not(pack):
    one = seed_filing(pack)
    other = dataclasses.replace(one, facts=Facts.of(
        each._replace(value=each.value + 1) if each.value is not None and each.institution == HEADQUARTERS else each
        for each in one.facts
    ))  # fmt: skip
    drawn = [draw_form(pack, each.facts, institutions=each.institutions) for each in (one, other)]
    assert drawn[0].arranged is drawn[1].arranged
    assert drawn[0].laid == drawn[1].laid
    shorter = draw_form(pack, one.facts, institutions=one.institutions, live_checks=False)
    assert shorter.places == drawn[0].places
    assert shorter.arranged is not drawn[0].arranged


def test_forms_with_as_many_units_stand_alike_whatever_their_names(pack):
    """Hardly two departments have units of one name: what is shared must not hang on it."""
    filed = [filing(pack, {}, units=(name,)) for name in ("甲中心", "乙站")]
    drawn = [draw_form(pack, each.facts, institutions=each.institutions) for each in filed]
    assert drawn[0].laid == drawn[1].laid
    places = [each.places["income.total", name] for each, name in zip(drawn, ("甲中心", "乙站"), strict=True)]
    assert places[0] == places[1]
    assert ("income.total", "乙站") not in drawn[0].places


@pytest.mark.parametrize(("paragraphs", "same"), [("一\n二", True), ("一\n二\n三", False), ("一\n" + LONG * 4, False)])
def test_only_rows_decide_whether_a_sheet_is_laid_out_anew(pack, paragraphs, same):
    def narrative(text: str):
        return draw_form(pack, filing(pack, {"narrative": text}).facts, sheets=["narrative"]).laid

    assert (narrative("甲\n乙乙") == narrative(paragraphs)) is same


def test_what_follows_from_a_pack_is_made_once_and_anew_for_a_changed_one(pack):
    asked = []

    @cached_per_pack
    def full_marks(given: Pack) -> Decimal:
        asked.append(given)
        return given.rubric.total

    one = fresh(pack)
    assert [full_marks(one), full_marks(one), full_marks(fresh(pack))] == [pack.rubric.total] * 3
    assert len(asked) == 2


@pytest.mark.parametrize("name", ["yunxi_2022", "hunan_2020"])
def test_a_public_copy_locks_no_cell_of_the_template_and_takes_no_check_from_it(name):
    pack = fresh(load_pack(name))
    before = copy.deepcopy(content(draw_form(pack)))
    for submission in filings_of(pack, name)[:3]:
        scored = Result(
            "t", "t.xlsx", "0" * 64, Status.ACCEPTED, "", Identity("某部", "101001", 2022), facts=submission.facts,
            institutions=submission.institutions, scorecard=score(submission, pack).scorecard,
        )  # fmt: skip
        copied = public_workbook(scored, pack, bureau="某区财政局", year=2022)
        assert all(cell.style.locked and not cell.formula for sheet in copied.sheets for cell in sheet.cells)
    assert content(draw_form(pack)) == before
