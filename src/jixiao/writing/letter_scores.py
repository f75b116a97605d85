"""The small table of scores by first-level group in the letter: formulas over the score sheet, with their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.place import Place
from jixiao.model.score import Score, Scorecard
from jixiao.pack import Pack
from jixiao.pack.resolve import plain
from jixiao.pack.rubric import Dimension, Grade
from jixiao.writing.canvas import SheetContent, Style
from jixiao.writing.formula_text import reference, sum_formula

Columns = tuple[tuple[int, int], ...]

COLUMNS: Columns = ((0, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 7))
OWN, COMPUTED, FINAL = 2, 3, 4
NONE_YET = "—"


class ScoreCells(NamedTuple):
    """Where the score sheet holds self, computed and final scores, and each scored row's first-level group."""

    own: Mapping[str, Place]
    computed: Mapping[str, Place]
    final: Mapping[str, Place]
    dimensions: Mapping[str, Dimension]


class ScoreTotals(NamedTuple):
    """The row after the table, and formulas that cite its totals: computed, final and the grade of the final."""

    next_row: int
    computed: str
    final: str
    grade: str


def put_scores(
    sheet: SheetContent, at: int, card: Scorecard, pack: Pack, cells: ScoreCells, final_word: str
) -> ScoreTotals:
    """Draw the table from row `at`, citing the scored rows' cells; `final_word` heads the final scores."""
    heads = ("一级指标", "分值", "自评得分", "系统得分", final_word, "有系统得分的分值")
    for (column, last), head in zip(COLUMNS, heads, strict=True):
        sheet.put(at, column, head, Style("head"), last_column=last)
    sheet.heights[at] = 18.0
    first = at + 1
    dimension_ids = {indicator: dimension.id for indicator, dimension in cells.dimensions.items()}
    for row, dimension in enumerate(pack.rubric.dimensions, start=first):
        scores = [score for score in card.scores if dimension_ids.get(score.indicator) == dimension.id]
        _put_group(sheet, row, dimension, scores, cells)
    total = first + len(pack.rubric.dimensions)
    _put_total(sheet, first, total, card, pack)
    computed, final = (reference(Place(sheet.name, total, COLUMNS[each][0]), sheet.name) for each in (COMPUTED, FINAL))
    return ScoreTotals(total + 1, computed, final, grade_formula(final, pack.rubric.grades))


def _put_group(
    sheet: SheetContent, row: int, dimension: Dimension, scores: Sequence[Score], cells: ScoreCells
) -> None:
    sheet.put(row, 0, dimension.label, Style("label"), last_column=COLUMNS[0][1])
    sheet.put(row, COLUMNS[1][0], dimension.points, Style("score", "marks"))
    told = (
        (OWN, [score.self_marks for score in scores], cells.own),
        (COMPUTED, [score.computed_marks for score in scores], cells.computed),
        (FINAL, [score.final_marks for score in scores], cells.final),
    )
    for position, marks, places in told:
        cited = [places[score.indicator] for score in scores if score.indicator in places]
        total = NONE_YET if all(each is None for each in marks) else _sum(marks)
        formula = sum_formula(cited, sheet.name, NONE_YET)
        sheet.put(row, COLUMNS[position][0], total, Style("score", "marks"), formula=formula)
    sheet.put(row, COLUMNS[-1][0], measured(scores), Style("score", "marks"), last_column=COLUMNS[-1][1])
    sheet.heights[row] = 17.0


def measured(scores: Iterable[Score]) -> Decimal:
    """The full marks of the scores that could be computed."""
    return _sum(score.full_marks for score in scores if score.computed_marks is not None)


def _put_total(sheet: SheetContent, first: int, total: int, card: Scorecard, pack: Pack) -> None:
    sheet.put(total, 0, "合计", Style("total"), last_column=COLUMNS[0][1])
    figures = (pack.rubric.total, card.total_self, card.total_computed, card.total_final, measured(card.scores))
    for position, marks in enumerate(figures, start=1):
        column, last = COLUMNS[position]
        cited = [Place(sheet.name, row, column) for row in range(first, total)]
        sheet.put(total, column, marks, Style("total", "marks"), last_column=last, formula=sum_formula(cited, sheet.name))
    sheet.heights[total] = 17.0


def _sum(marks: Iterable[Decimal | None]) -> Decimal:
    return sum((each for each in marks if each is not None), Decimal(0))


def grade_formula(total: str, grades: Sequence[Grade]) -> str:
    """The formula of the grade of a total."""
    formula = '""'
    for grade in sorted(grades, key=lambda each: each.at_least):
        formula = f'IF({total}>={plain(grade.at_least)},"{grade.label}",{formula})'
    return formula
