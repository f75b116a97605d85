"""The live formulas of scores, recalculated by an independent engine, give what the engine computed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.model.external_data import NO_EXTERNAL_DATA, DataSource, ExternalData
from jixiao.model.result import Result
from jixiao.model.score import ScoreStatus
from jixiao.model.sheet_names import COMPUTED_COLUMN, FINAL_COLUMN, OWN_SHEETS, RATE_COLUMN
from jixiao.model.submission import Identity, Status
from jixiao.pack import Pack
from jixiao.pack.declarations.rubric import FinalRule, PartialPoints
from jixiao.scoring import score
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.xlsx.content import Cell, WorkbookContent
from tests.support.filings import UNREADABLE, filing, seed_figures
from tests.support.libreoffice import needs_libreoffice, recalculated

Figures = dict[str | tuple[str, str], object]

# A part of a percentage point at every edge, and quotients that binary floating point gets wrong:
# (23/20 - 1) * 100 is 14.999999999999991 there.
EDGES: list[Figures] = [
    {"staff.actual": 23, "staff.quota": 20, "base.three_public.total.actual": "23", "base.three_public.total.budget": "20",
     "base.three_public.total.last_actual": "22.77", "base.key_project.actual": "0.9", "base.project.actual": "1",
     "base.budget.adjustment": "-0.3", "base.budget.approved": "3", "base.procurement.actual": "0.93",
     "base.procurement.budget": "1", "base.card.paid": "0.29", "base.card.payable": "1", "base.satisfaction": "95",
     "base.funds.late": 2, "base.compliance.violations": 1, "base.asset.violations": 5},
    {"staff.actual": 50, "staff.quota": 46, "base.three_public.total.actual": "1.15", "base.three_public.total.budget": "1",
     "base.three_public.total.last_actual": "1.14", "base.key_project.actual": "0.799999", "base.project.actual": "1",
     "base.budget.adjustment": "0.300001", "base.budget.approved": "3", "base.procurement.actual": "1.2",
     "base.procurement.budget": "1", "base.card.paid": "0.499999", "base.card.payable": "1", "base.satisfaction": "84.99"},
    {"staff.actual": 0, "staff.quota": 0, "base.three_public.total.actual": 0, "base.three_public.total.budget": 0,
     "base.three_public.total.last_actual": 0, "base.key_project.actual": 0, "base.project.actual": 0,
     "base.budget.adjustment": 0, "base.budget.approved": 0, "base.procurement.actual": 0, "base.procurement.budget": 0,
     "base.card.paid": 0, "base.card.payable": 0, "base.satisfaction": 0},
    {"staff.actual": 3, "staff.quota": 0, "base.three_public.total.actual": 1, "base.three_public.total.budget": 0,
     "base.three_public.total.last_actual": 0, "base.key_project.actual": 1, "base.project.actual": 0,
     "base.budget.adjustment": 1, "base.budget.approved": 0, "base.procurement.actual": 1, "base.procurement.budget": 0,
     "base.card.paid": 1, "base.card.payable": 0},
    {"staff.actual": UNREADABLE, "base.three_public.total.actual": UNREADABLE, "base.project.actual": "-1",
     "base.key_project.actual": "1", "base.budget.approved": UNREADABLE, "surplus.cumulative": UNREADABLE},
    {"surplus.cumulative": "1", "income.carryover": "1"},
    {"surplus.cumulative": "1.01", "income.carryover": "1", "expenditure.project": UNREADABLE},
    {"surplus.cumulative": "-3", "expenditure.total": "654.73", "expenditure.project": "3"},
    {"expenditure.total": "654.73", "income.total": None, "expenditure.basic": "654.72"},
    {"base.three_public.total.budget": "1", "base.three_public.total.last_actual": "1.2"},
    # Thirds, and amounts of ten million 万元 to the 分 beside an edge.
    {"staff.actual": 4, "staff.quota": 3, "base.three_public.total.actual": "317", "base.three_public.total.budget": "300",
     "base.three_public.total.last_actual": "308", "base.key_project.actual": "2", "base.project.actual": "3",
     "base.budget.adjustment": "1", "base.budget.approved": "3", "base.procurement.actual": "14",
     "base.procurement.budget": "15", "base.card.paid": "1", "base.card.payable": "3", "base.satisfaction": "94.999999"},
    {"base.three_public.total.actual": "10000000.000001", "base.three_public.total.budget": "10000000",
     "base.three_public.total.last_actual": "9999999.999999", "base.key_project.actual": "8999999.999999",
     "base.project.actual": "10000000", "base.budget.adjustment": "1000000.000001", "base.budget.approved": "10000000",
     "base.procurement.actual": "9999999.999999", "base.procurement.budget": "10000000",
     "base.card.paid": "4999999.999999", "base.card.payable": "10000000", "fixed_assets.total": "10000000",
     "fixed_assets.in_use": "9999999.999999", "surplus.cumulative": "9999999.999999",
     "income.carryover": "9999999.999998"},
    {"base.three_public.total.actual": "10100000.000001", "base.three_public.total.budget": "10000000",
     "base.three_public.total.last_actual": "10000000", "base.procurement.actual": "9299999.999999",
     "base.procurement.budget": "10000000", "base.card.paid": "4300000.000001", "base.card.payable": "10000000",
     "fixed_assets.total": "10000000", "fixed_assets.in_use": "9300000", "surplus.cumulative": "9999999.999999",
     "income.carryover": "9999999.999999"},
]  # fmt: skip


def random_figures(pack: Pack, seed: int) -> Figures:
    """The seed's filing with every input of the rubric drawn at random: near the edges, blank, zero, or any number."""
    draw = random.Random(seed)
    figures = seed_figures()
    inputs = {
        concept
        for indicator in pack.rubric.indicators
        for measure in indicator.measures
        for concept in (*measure.numerator, *measure.denominator)
    } | {"surplus.cumulative", "income.carryover", "base.funds.late", "base.compliance.violations", "base.asset.violations"}
    for concept in sorted(inputs):
        whole = Decimal(draw.randint(0, 130))
        choices = (None, 0, whole, whole / 100, whole + draw.randint(0, 999_999) * Decimal("0.000001"), Decimal(100))
        figures[concept] = draw.choice(choices)
    for concept in pack.concepts.values():
        if concept.id.startswith("base.check.") and concept.choices:
            figures[concept.id] = draw.choice(("是", "是", "是", "否", None))
    for indicator in pack.rubric.indicators:
        drawn = draw.choice((None, indicator.full_marks, indicator.full_marks + 2, Decimal(1), Decimal("0.5")))
        figures[pack.score_concept(indicator.id, "self")] = drawn
    return figures


def returned(
    pack: Pack, figures: Figures, reviews: dict[str, Decimal] | None = None, elsewhere: ExternalData = NO_EXTERNAL_DATA
) -> Result:
    submission = filing(pack, figures)
    card = score(submission, pack, reviews=reviews, external=elsewhere).scorecard
    return Result(
        "t", "t.xlsx", "0" * 64, Status.ACCEPTED, "", Identity("某部", "101001", 2022), facts=submission.facts,
        institutions=submission.institutions, scorecard=card,
    )  # fmt: skip


def content_of(result: Result, pack: Pack) -> WorkbookContent:
    return returned_workbook(result, pack, bureau="某区财政局", contact="", year=2022)


def rubric_with(pack: Pack, **settings: object) -> Pack:
    changed = pack.rubric.settings.model_copy(update=settings)
    return replace(pack, rubric=pack.rubric.model_copy(update={"settings": changed}))


Case = tuple[Pack, Figures, dict[str, Decimal] | None, ExternalData]
NONE = NO_EXTERNAL_DATA


def foreign(pack: Pack) -> Iterator[Case]:
    """Figures of the bureau that overrule or stand in, unusable ones among them; last year's where the filing has none."""
    bureau: Figures = {
        "staff.actual": 33, "base.procurement.budget": "10", "base.procurement.actual": "9.3", "surplus.cumulative": "2",
        "income.carryover": "1", "base.funds.late": 3, "base.check.budget_rules.2": "否", "fixed_assets.in_use": UNREADABLE,
        "base.card.paid": "-1", "base.budget.adjustment": "-30", "base.budget.approved": "100",
    }  # fmt: skip
    last: Figures = {"three_public.total": "1.2", "base.three_public.total.actual": "1.2", "surplus.cumulative": "3"}
    answers: Figures = {f"base.check.budget_rules.{n}": "是" for n in (1, 2, 3)}
    known = ExternalData(filing(pack, bureau).facts, filing(pack, last).facts)
    yield pack, {**seed_figures(), **answers, "base.card.payable": "9", "surplus.cumulative": "1"}, None, known
    yield pack, {"surplus.cumulative": "1"}, None, ExternalData(None, known.previous)
    order = pack.checks.elsewhere.model_copy(update={"order": (DataSource.FILING, DataSource.BUREAU, DataSource.PREVIOUS)})
    after = replace(pack, checks=pack.checks.model_copy(update={"elsewhere": order}))
    yield after, {**seed_figures(), "base.procurement.budget": "10"}, None, known


def few_cases(pack: Pack) -> Iterator[Case]:
    """An edge for every kind of method, nothing over nothing, and a part of a point in proportion."""
    yield pack, {**seed_figures(), **EDGES[0]}, None, NONE
    yield pack, {**seed_figures(), **EDGES[3]}, None, NONE
    yield rubric_with(pack, partial_points=PartialPoints.PROPORTIONAL), {**seed_figures(), **EDGES[1]}, None, NONE
    yield from foreign(pack)


def cases(pack: Pack, seeds: int) -> Iterator[Case]:
    """The edges under every way of counting, every setting, and so many random filings, every other one with reviews."""
    for partial in PartialPoints:
        for edge in EDGES:
            yield rubric_with(pack, partial_points=partial), {**seed_figures(), **edge}, None, NONE
    yield rubric_with(pack, final=FinalRule.COMPUTED, both_zero="not_computable"), {**seed_figures(), **EDGES[2]}, None, NONE
    other = {"three_public_change": "budgets", "budget_adjustment": "increases"}
    yield rubric_with(pack, readings=other), random_figures(pack, 0), None, NONE
    for seed in range(1, seeds + 1):
        reviews = {"staff_control": Decimal("4.5"), "economic": Decimal(3)} if seed % 2 else None
        yield pack, random_figures(pack, seed), reviews, NONE
    yield from foreign(pack)


@needs_libreoffice
@pytest.mark.parametrize("seeds", [0, pytest.param(40, marks=pytest.mark.slow)])
def test_every_formula_recalculates_to_what_was_computed(pack: Pack, tmp_path: Path, seeds: int) -> None:
    made = list(cases(pack, seeds) if seeds else few_cases(pack))
    contents = {f"case{n}": content_of(returned(*case), case[0]) for n, case in enumerate(made)}
    # A wrong value among them must be noticed, and nothing else.
    planted = content_of(returned(pack, seed_figures()), pack)
    next(cell for cell in _column(planted, COMPUTED_COLUMN) if cell.formula).value = Decimal(4)
    found = recalculated({**contents, "planted": planted}, tmp_path)
    print(f"{found.formulas} formulas of {len(contents) + 1} workbooks")
    noticed = [(before, after) for _, _, before, after in found.wrong.pop("planted")]
    assert noticed == [(4, 5)]
    assert found.wrong == {}
    assert found.formulas > 100 * len(contents)


def _column(content: WorkbookContent, heading: str) -> list[Cell]:
    """The cells under a heading of the score sheet."""
    for sheet in content.sheets:
        head = next((cell for cell in sheet.cells if cell.value == heading and cell.style.role == "head"), None)
        if head is not None and sheet.name not in OWN_SHEETS:
            return [cell for cell in sheet.cells if cell.column == head.column and cell.row > head.row]
    return []


def test_every_computable_indicator_has_a_formula(pack: Pack) -> None:
    result = returned(pack, seed_figures())
    content = content_of(result, pack)
    names = (COMPUTED_COLUMN, FINAL_COLUMN, RATE_COLUMN)
    formulas = {name: sum(bool(cell.formula) for cell in _column(content, name)) for name in names}
    assert result.scorecard is not None
    computable = sum(score.status is not ScoreStatus.REPORTED for score in result.scorecard.scores)
    rated = sum(bool(indicator.measures) for indicator in pack.rubric.indicators)
    # One more in each of the two columns of scores: the total.
    assert formulas == {COMPUTED_COLUMN: computable + 1, FINAL_COLUMN: len(result.scorecard.scores) + 1, RATE_COLUMN: rated}


@pytest.mark.parametrize("word", ["LET(", "IFS(", "XLOOKUP", "_xlfn", "LAMBDA", "CEILING.MATH"])
def test_formulas_use_only_functions_that_all_programs_share(pack: Pack, word: str) -> None:
    content = content_of(returned(pack, seed_figures()), pack)
    assert not [cell.formula for sheet in content.sheets for cell in sheet.cells if word in cell.formula]
