"""The live formulas of scores, recalculated by an independent engine, give what the engine computed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.model.result import Result
from jixiao.model.score import ScoreStatus
from jixiao.model.submission import Identity, Status
from jixiao.model.words import COMPUTED_COLUMN, FINAL_COLUMN, OWN_SHEETS, RATE_COLUMN
from jixiao.pack import Pack
from jixiao.pack.rubric import FinalRule, PartialPoints
from jixiao.scoring import score
from jixiao.writing.canvas import Cell, WorkbookContent
from jixiao.writing.draw import write_workbook
from jixiao.writing.returned import returned_workbook
from tests.support.filings import UNREADABLE, filing, seed_figures
from tests.support.libreoffice import convert, differences, formula_values, needs_libreoffice

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


def returned(pack: Pack, figures: Figures, reviews: dict[str, Decimal] | None = None) -> Result:
    submission = filing(pack, figures)
    card = score(submission, pack, reviews=reviews).scorecard
    return Result(
        "t", "t.xlsx", "0" * 64, Status.ACCEPTED, "", Identity("某部", "101001", 2022), facts=submission.facts,
        institutions=submission.institutions, scorecard=card,
    )  # fmt: skip


def content_of(result: Result, pack: Pack) -> WorkbookContent:
    return returned_workbook(result, pack, bureau="某区财政局", contact="", year=2022)


def recalculated(contents: Sequence[WorkbookContent], folder: Path) -> list[Path]:
    """The workbooks written, and what the independent engine made of them."""
    written = [folder / f"case{number}.xlsx" for number in range(len(contents))]
    for content, path in zip(contents, written, strict=True):
        write_workbook(content, path)
    again = folder / "again"
    again.mkdir()
    return convert(written, again, "xlsx")


def rubric_with(pack: Pack, **settings: object) -> Pack:
    changed = pack.rubric.settings.model_copy(update=settings)
    return replace(pack, rubric=pack.rubric.model_copy(update={"settings": changed}))


def cases(pack: Pack, seeds: int) -> Iterator[tuple[Pack, Figures, dict[str, Decimal] | None]]:
    """The edges, every setting of the rubric, and so many random filings, every other one with reviews."""
    for edge in EDGES:
        yield pack, {**seed_figures(), **edge}, None
    for partial in PartialPoints:
        yield rubric_with(pack, partial_points=partial), {**seed_figures(), **EDGES[1]}, None
    yield rubric_with(pack, final=FinalRule.COMPUTED, both_zero="not_computable"), {**seed_figures(), **EDGES[2]}, None
    other = {"three_public_change": "budgets", "budget_adjustment": "increases"}
    yield rubric_with(pack, readings=other), random_figures(pack, 0), None
    for seed in range(1, seeds + 1):
        reviews = {"staff_control": Decimal("4.5"), "economic": Decimal(3)} if seed % 2 else None
        yield pack, random_figures(pack, seed), reviews


@needs_libreoffice
@pytest.mark.parametrize("seeds", [1, pytest.param(40, marks=pytest.mark.slow)])
def test_every_formula_recalculates_to_what_was_computed(pack: Pack, tmp_path: Path, seeds: int) -> None:
    contents = [content_of(returned(rubric, figures, reviews), rubric) for rubric, figures, reviews in cases(pack, seeds)]
    wrong = {
        number: found
        for number, (content, again) in enumerate(zip(contents, recalculated(contents, tmp_path), strict=True))
        if (found := differences(content, again))
    }
    assert wrong == {}
    assert sum(len(formula_values(content)) for content in contents) > 100 * len(contents)


@needs_libreoffice
def test_the_proof_would_notice_a_wrong_value(pack: Pack, tmp_path: Path) -> None:
    content = content_of(returned(pack, seed_figures()), pack)
    live = next(cell for cell in _column(content, COMPUTED_COLUMN) if cell.formula)
    live.value = Decimal(4)
    found = differences(content, recalculated([content], tmp_path)[0])
    assert [(before, after) for _, _, before, after in found] == [(4, 5)]


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
