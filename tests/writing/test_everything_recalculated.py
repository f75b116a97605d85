"""Filings, bureau's figures, last year's and reviews drawn at random, under every setting: all formulas, another engine."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from jixiao.checking.check import check
from jixiao.demo.generate import district as invented
from jixiao.model.external_data import ExternalData
from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.finding import identified
from jixiao.model.result import District, Result
from jixiao.model.review import Review, evidence_mark
from jixiao.model.submission import Identity, RosterEntry, Status
from jixiao.pack import Pack, load_pack
from jixiao.pack.bureau_figures import offered
from jixiao.pack.declarations.concept import Concept, ConceptKind
from jixiao.pack.declarations.rubric import FinalRule, PartialPoints
from jixiao.scoring import score
from jixiao.writing.form.template import template_workbook
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.xlsx.content import WorkbookContent
from tests.scoring.support import with_settings
from tests.support.libreoffice import needs_libreoffice, recalculated
from tests.support.summaries import review_workbook, summary_workbook

CENT = Decimal("0.000001")
WHOLES = [Decimal(each) for each in ("1", "3", "7", "20", "46", "300", "0.07", "9999999.999999", "10000000")]
PARTS = [Decimal(each) for each in ("0", "0.29", "0.43", "0.5", "0.57", "0.6", "0.7", "0.8", "0.9", "0.93", "1", "1.01", "1.1", "1.15", "2")]
"""Rates at which a rule of either form turns, and some that binary arithmetic puts beside a whole point."""

TARGETS = ("≥55期", "≤100万元", "=12次", ">3次", "<20次", "96%", "明显提升", "≥0.1%", "3份", "")
REACHED = ("60期", "54期", "125万元", "10次", "12次", "95.99%", "达成", "部分达成", "有所好转", "1份", "约三", "")

SETTINGS: list[dict[str, object]] = [
    {},
    {"partial_points": PartialPoints.STARTED, "final": FinalRule.COMPUTED},
    {"partial_points": PartialPoints.PROPORTIONAL, "readings": {"three_public_change": "budgets", "budget_adjustment": "increases"}},
    {"both_zero": "not_computable", "review_reported_from": Decimal(2)},
]


def drawn(concept: Concept, dice: random.Random) -> Fact:
    """A figure of a concept at an edge or beside it, blank, nothing, unreadable or any; an answer of a checklist."""
    held: Decimal | None = None
    if concept.choices:
        text = dice.choice((*concept.choices, *concept.choices[:1] * 3, None))
        return Fact(concept.id, None, FactState.OK if text else FactState.BLANK, text=text, raw=text)
    if dice.random() < 0.06:
        return Fact(concept.id, None, FactState.UNREADABLE, raw="约三十")
    if dice.random() < 0.85:
        exact = dice.choice(WHOLES[:7]) * dice.choice(PARTS) + dice.choice((0, 0, 0, 1, -1)) * CENT
        held = exact.quantize(CENT, ROUND_HALF_UP)
        if concept.kind is ConceptKind.PERCENT:
            held = (dice.choice(PARTS) * 100 + dice.choice((0, 1, -1)) * CENT).quantize(CENT)
        if concept.kind is ConceptKind.COUNT:
            held = Decimal(dice.choice((0, 1, 2, 3, 6, 20, 23, 46, 50)))
    return Fact(concept.id, None, FactState.BLANK if held is None else FactState.OK, held, raw=None if held is None else str(held))


def shaken(pack: Pack, facts: Facts, dice: random.Random) -> Facts:
    """The facts of a filing with half its inputs, a third of its own targets and some self scores drawn anew."""
    inputs = {concept.id for concept in offered(pack)}
    declared = pack.rubric.declared

    def other(fact: Fact) -> Fact:
        name, concept = fact.concept.rpartition(".")[2], pack.concept(fact.concept)
        if fact.concept in inputs and dice.random() < 0.5:
            return drawn(concept, dice)._replace(institution=fact.institution, place=fact.place)
        if name == "self" and dice.random() < 0.3:
            claim = Decimal(dice.choice(("0", "0.5", "1.05", "2", "5", "12", "-1")))
            return fact._replace(value=claim, raw=str(claim), state=FactState.OK)
        if declared is not None and name in ("target", "actual") and dice.random() < 0.35:
            text = dice.choice(TARGETS if name == "target" else REACHED)
            return fact._replace(text=text or None, raw=text or None, state=FactState.OK if text else FactState.BLANK)
        return fact

    return Facts.of([other(fact) for fact in facts])


def known(pack: Pack, dice: random.Random) -> ExternalData:
    """What the bureau and last year's result have of a department."""
    bureau = [drawn(each, dice) for each in offered(pack) if dice.random() < 0.2]
    asked = [pack.concept(each) for each in pack.checks.elsewhere.asked_of_last_year if each in pack.concepts]
    last = [drawn(each, dice) for each in asked if dice.random() < 0.7]
    bureau, last = (
        [each._replace(institution=pack.institution_of(each.concept)) for each in found if each.state is FactState.OK]
        for found in (bureau, last)
    )
    return ExternalData(Facts.of(bureau) if dice.random() < 0.5 else None, Facts.of(last) if dice.random() < 0.5 else None)


def results(pack: Pack, count: int, seed: int) -> Iterator[Result]:
    dice = random.Random(f"{pack.id}/{seed}")
    made = [(each.department, each.submission(pack)) for each in invented(pack, count, seed=seed)]
    made = [(name, replace(each, facts=shaken(pack, each.facts, dice))) for name, each in made]
    checked = check([each for _, each in made], pack)
    for n, ((name, submission), found) in enumerate(zip(made, checked, strict=True)):
        elsewhere = known(pack, dice)
        before = score(submission, pack, external=elsewhere).scorecard
        decided = {
            each.indicator: (each.full_marks * Decimal(dice.randint(0, 100)) / 100).quantize(Decimal("0.01"))
            for each in before.scores
            if dice.random() < 0.15
        }
        scored = score(submission, pack, reviews=decided, external=elsewhere)
        reviews = tuple(
            Review(str(n), name, each.indicator, each.label, decided[each.indicator], "已核", evidence=evidence_mark(each))
            for each in scored.scorecard.scores
            if each.indicator in decided
        )
        entry = RosterEntry(str(n), name, kind=dice.choice(("行政", "事业")), section=dice.choice(("一股", "二股")))
        told = identified((*found.findings, *scored.checked.findings), str(n))
        yield Result(
            str(n), f"{name}.xlsx", f"{n:064x}", Status.RETURNED, "", Identity(name, str(n), 2022), told,
            scored.scorecard, entry, f"departments/{n}.xlsx", reviews=reviews, external=elsewhere,
            outcomes=(*found.outcomes, *scored.checked.outcomes), facts=submission.facts, institutions=submission.institutions,
        )  # fmt: skip


def workbooks(pack: Pack, count: int, seed: int) -> dict[str, WorkbookContent]:
    """The returned workbooks of a district, its summary and its review workbook."""
    made = list(results(pack, count, seed))
    told = {each.submission_id: returned_workbook(each, pack, bureau="某区财政局", contact="", year=2022) for each in made}
    whole = District(tuple(made), tuple(each.roster for each in made if each.roster), True, 2022)
    summary = summary_workbook(whole, pack, tool_version="0", options={})
    return told | {"summary": summary, "review": review_workbook(whole, pack)}


def contents(form: str, count: int) -> dict[str, WorkbookContent]:
    """The workbooks of a district under each of the settings."""
    pack, found = load_pack(form), dict[str, WorkbookContent]()
    for seed, settings in enumerate(SETTINGS):
        if pack.rubric.declared is not None:
            settings = {key: held for key, held in settings.items() if key != "readings"}
        one = with_settings(pack, **settings)
        found |= {f"s{seed}_{name}": content for name, content in workbooks(one, count, seed).items()}
    return found


SHARED = frozenset(
    ["ABS", "AND", "AVERAGE", "COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "IF", "IFERROR", "INT", "ISNUMBER", "LEFT", "LEN", "MAX", "MEDIAN", "MID", "MIN", "OR", "RANK", "RIGHT", "ROUND", "SUM", "SUMIF", "SUMPRODUCT", "TEXT", "VALUE"]
)
"""Functions that Excel 2010, WPS and LibreOffice all have, under one name and with one meaning."""


@pytest.mark.parametrize("form", ["yunxi_2022", "hunan_2020"])
def test_only_functions_that_every_program_has_are_used(form: str) -> None:
    pack = load_pack(form)
    made = {**workbooks(pack, 3, 1), "template": template_workbook(pack)}
    formulas = [cell.formula for content in made.values() for sheet in content.sheets for cell in sheet.cells if cell.formula]
    used = {name for each in formulas for name in re.findall(r"([A-Z][A-Z0-9_.]*)\(", re.sub(r'"[^"]*"', "", each))}
    assert used <= SHARED
    assert not [each for each in formulas if "_xl" in each or "[" in each]


@pytest.mark.slow
@needs_libreoffice
@pytest.mark.parametrize(("form", "least"), [("yunxi_2022", 2000), ("hunan_2020", 900)])
def test_every_formula_of_anything_drawn_is_computed_alike_by_another_engine(form: str, least: int, tmp_path: Path) -> None:
    made = contents(form, 3)
    found = recalculated(made, tmp_path)
    print(f"{found.formulas} formulas of {len(made)} workbooks, {sum(map(len, found.wrong.values()))} differ")
    assert found.wrong == {}
    assert found.formulas > least
