"""A district made at random: every formula of every returned workbook and of the summary, computed by another engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.checking.check import check
from jixiao.demo.generate import district as filings
from jixiao.model.finding import identified
from jixiao.model.result import District, Result
from jixiao.model.submission import Identity, RosterEntry, Status
from jixiao.pack import Pack, load_pack
from jixiao.scoring import score
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.scores.score_range import outlook
from tests.support.filings import filing, seed_figures
from tests.support.libreoffice import formula_values, needs_libreoffice, recalculated
from tests.support.results import result_of
from tests.support.summaries import summary_workbook, view_of
from tests.writing.test_score_formulas import EDGES, random_figures

KINDS = ("行政", "事业", "乡镇街道")
FILINGS, RANDOM = 16, 8


def results(pack: Pack, edged: bool = True) -> list[Result]:
    """Filings of invented departments, some with a slip; the edges of the rules; filings whose inputs are drawn at random."""
    made = [(each.department, each.submission(pack)) for each in filings(pack, FILINGS, seed=11)]
    edges = [] if not edged else [{**seed_figures(), **edge} for edge in EDGES] + [random_figures(pack, 100 + n) for n in range(RANDOM)]
    made += [(f"边界{n}局", filing(pack, edge)) for n, edge in enumerate(edges)]
    found = []
    for n, ((name, submission), checked) in enumerate(zip(made, check([each for _, each in made], pack), strict=True)):
        scored = score(submission, pack)
        entry = RosterEntry(str(100_000 + n), name, kind=KINDS[n % 3])
        told = identified((*checked.findings, *scored.checked.findings), str(n))
        found.append(
            Result(
                str(n), f"{name}.xlsx", f"{n:064x}", Status.RETURNED, "", Identity(name, entry.budget_code, 2022), told,
                scored.scorecard, entry, f"departments/{n}.xlsx", outcomes=(*checked.outcomes, *scored.checked.outcomes),
                facts=submission.facts, institutions=submission.institutions,
            )
        )  # fmt: skip
    return found


def of_district(made: Sequence[Result]) -> District:
    roster = tuple(each.roster for each in made if each.roster is not None)
    return District(tuple(made), roster, True, 2022)


@pytest.mark.slow
@needs_libreoffice
@pytest.mark.parametrize(("form", "least"), [("yunxi_2022", 4000), ("hunan_2020", 700)])
def test_every_formula_of_a_district_is_computed_alike_by_another_engine(form: str, least: int, tmp_path: Path) -> None:
    pack = load_pack(form)
    made = results(pack, edged=form == "yunxi_2022")
    contents = {f"r{each.submission_id}": returned_workbook(each, pack, bureau="某区财政局", contact="", year=2022) for each in made}
    contents["summary"] = summary_workbook(of_district(made), pack, tool_version="0", options={})
    found = recalculated(contents, tmp_path)
    print(f"{found.formulas} formulas of {len(contents)} workbooks, {sum(map(len, found.wrong.values()))} differ")
    assert found.wrong == {}
    assert found.formulas > least


def test_every_total_grade_rate_and_computed_score_is_a_formula(pack: Pack) -> None:
    made = results(pack)[:6]
    for each in made:
        card = each.scorecard
        assert card is not None
        content = returned_workbook(each, pack, bureau="某区财政局", contact="", year=2022)
        values = list(formula_values(content).values())
        assert values.count(card.total_final) >= 3, "the letter's figure, its table and the score sheet"
        assert f"等次：{card.grade}" in values and card.grade in values
        for group in pack.rubric.dimensions:
            own = [score for score in card.scores if _dimension(pack, score.indicator) == group.id]
            assert sum((score.final_marks or Decimal(0) for score in own), Decimal(0)) in values
        for score_ in card.scores:
            if score_.computed_marks is not None:
                assert score_.computed_marks in values
            assert score_.measure is None or round(score_.measure, 14) in values


def test_the_matrix_adds_up_every_group_own_rows_among_them(pack: Pack) -> None:
    own = {"score.custom.1.label": "招商引资", "score.custom.1.full": 4, "score.custom.1.self": 3, "score.livelihood.self": None,
           "score.key_projects.self": None}  # fmt: skip
    made = [*results(pack, edged=False)[:1], result_of(filing(pack, {**seed_figures(), **own}), pack)]
    matrix = summary_workbook(of_district(made), pack, tool_version="0", options={}).sheets[6]
    cells = {(cell.row, cell.column): cell for cell in matrix.cells}
    heads = {column: str(cell.value) for (row, column), cell in cells.items() if row == 3}
    groups = [column for column, head in heads.items() if head.startswith("小计")]
    assert [heads[each] for each in groups] == ["小计\n15分", "小计\n40分", "小计\n25分", "小计\n20分"]
    assert [heads[each] for each in sorted(heads) if heads[each] == "自设指标"] == ["自设指标"]
    for row, result in enumerate(view_of(of_district(made), pack).ranked, start=4):
        card = result.scorecard
        assert card is not None
        told = [cells[row, each].value for each in groups]
        sums = [
            sum((each.final_marks or Decimal(0) for each in card.scores if each.dimension == dimension.id), Decimal(0))
            for dimension in pack.rubric.dimensions
        ]
        assert told == sums and sum(sums) == card.total_final == cells[row, groups[-1] + 1].value
        assert all(cells[row, each].formula for each in (*groups, groups[-1] + 1))


def _dimension(pack: Pack, indicator_id: str) -> str:
    found = next((each for each in pack.rubric.indicators if each.id == indicator_id), None)
    group = pack.rubric.open_groups[0]
    return pack.rubric.dimension_of(found or pack.rubric.indicator(group.indicators[0])).id


def test_the_range_of_a_total_holds_whatever_the_reviewers_decide(pack: Pack) -> None:
    for each in results(pack):
        card = each.scorecard
        assert card is not None
        possible = outlook(pack, card)
        assert 0 <= possible.lowest <= card.total_final <= possible.highest <= pack.rubric.total
        reviewed = tuple(score._replace(review_marks=score.final_marks or Decimal(0)) for score in card.scores)
        assert outlook(pack, replace(card, scores=reviewed)).settled
