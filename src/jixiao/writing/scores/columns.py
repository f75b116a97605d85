"""The columns beside a returned score sheet: computed, reviewed and final score, their basis, how they came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import NamedTuple

from jixiao.model.external_data import DataSource
from jixiao.model.fact import Facts
from jixiao.model.place import Place
from jixiao.model.score import Basis, Score, Scorecard, ScoreInput
from jixiao.model.sheet_names import (
    BASIS_COLUMN,
    COMPUTED_COLUMN,
    EXPLANATION_COLUMN,
    FINAL_COLUMN,
    RATE_COLUMN,
    RESULT_SHEET,
    REVIEW_COLUMN,
)
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.layout import Table
from jixiao.pack.declarations.methods import TargetCompletion
from jixiao.pack.declarations.rubric import FinalRule, Grade, Indicator
from jixiao.pack.declared_indicators import DeclaredRow, declared_rows
from jixiao.pack.fact_lookup import headquarters_count_as_summary
from jixiao.pack.resolve import plain_text
from jixiao.writing.form.draw import CellPositions, ExtraCell, ExtraColumn, ExtraColumns, SideColumns, extra_key
from jixiao.writing.scores.formulas import RATE_PLACES, FormulaWriter, completion_marks, completion_rate
from jixiao.writing.scores.score_range import little_verified
from jixiao.writing.wording import basis_words, verified_words
from jixiao.writing.xlsx.content import Style, Value
from jixiao.writing.xlsx.formula_text import NOTHING, quoted, reference, sum_formula

MARKS_STYLE = Style("score", "marks")
TOTAL_STYLE, PLAIN_TOTAL_STYLE = Style("total", "marks"), Style("total")
BASIS_STYLE, TEXT_STYLE, RATE_STYLE = Style("score"), Style("text"), Style("score", "percent")
NONE = Decimal(0)
RATE_STEP = Decimal(1).scaleb(-RATE_PLACES)
GRADE_WORD = "等次："
WIDTHS: Mapping[str, float] = {
    COMPUTED_COLUMN: 9.4, REVIEW_COLUMN: 9.4, FINAL_COLUMN: 9.4, BASIS_COLUMN: 12.0, EXPLANATION_COLUMN: 46.0, RATE_COLUMN: 10.0,
}  # fmt: skip
COLUMNS = tuple(ExtraColumn((name,), width) for name, width in WIDTHS.items())


class RowFormulas(NamedTuple):
    """The formulas of a scored row's rate, computed and final score; "" where it has none."""

    rate: str
    computed: str
    final: str


class DeclaredCells(NamedTuple):
    """The addresses of a declared row's cells as the formulas beside it cite them."""

    target: str
    actual: str
    full: str
    rate: str


@cached_per_pack
def _heads(pack: Pack) -> dict[str, SideColumns]:
    """What stands beside every table in which scores stand."""
    return {table: SideColumns(COLUMNS, row_id) for table, row_id in pack.scored_tables.items()}


@dataclass(frozen=True)
class ScoreColumns:
    """Makes the extra columns of the score sheet for one filing; `table` is the one in whose footer the totals stand."""

    pack: Pack
    facts: Facts
    card: Scorecard
    table: Table

    def by_table(self) -> dict[str, ExtraColumns]:
        """The columns of every table in which scores stand."""
        return {table: ExtraColumns(heads, self._row) for table, heads in _heads(self.pack).items()}

    def group_sums(self, places: CellPositions) -> Mapping[str, GroupSums]:
        """The formulas that add up the scores of each first-level group, by its id."""
        groups: dict[str, list[str]] = {}
        for score in self.card.scores:
            groups.setdefault(score.dimension, []).append(score.indicator)
        own = {name: places[key] for name in self._names if (key := (self.pack.score_concept(name, "self"), None)) in places}
        return group_sums((own, self._cells(COMPUTED_COLUMN, places), self._cells(FINAL_COLUMN, places)), groups)

    def _cells(self, column: str, places: CellPositions) -> dict[str, Place]:
        """Where a column holds the score of each scored row."""
        return {name: places[key] for name in self._names if (key := extra_key(column, name)) in places}

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(score.indicator for score in self.card.scores)

    @cached_property
    def _from_elsewhere(self) -> frozenset[str]:
        """The scores that hold figures which the filing does not."""
        filing = DataSource.FILING
        return frozenset(
            score.indicator
            for score in self.card.scores
            for each in (*score.inputs, *score.missing)
            if each.origin is not filing
        )

    def _row(self, row: str, places: CellPositions) -> Sequence[ExtraCell] | None:
        """The cells beside a scored row or the footer, as `COLUMNS` has them."""
        if row in self._footers:
            return self._totals(places)
        score = self._scores.get(row)
        if score is None:
            return None
        rate_formula, computed_formula, final_formula = self._formulas(score, places)
        if final_formula and score.final_marks != self._expected_final(score):
            final_formula = ""  # a group over its points was cut down to them: the score stands as a number
        # As many places as the formula gives: another engine's value is then the one written beside it.
        rate = None if score.measure is None else score.measure.quantize(RATE_STEP, ROUND_HALF_UP)
        return (
            (_shown(score.computed_marks, computed_formula), computed_formula, MARKS_STYLE),
            (score.review_marks, "", MARKS_STYLE),
            (_shown(score.final_marks, final_formula), final_formula, MARKS_STYLE),
            (basis_words(score), "", BASIS_STYLE),
            (score.explanation, "", TEXT_STYLE),
            (_shown(rate, rate_formula), rate_formula, RATE_STYLE),
        )

    @cached_property
    def _footers(self) -> frozenset[str]:
        return frozenset(footer.key for footer in self.table.footer)

    @cached_property
    def _scores(self) -> Mapping[str, Score]:
        return {score.indicator: score for score in reversed(self.card.scores)}

    @cached_property
    def _indicators(self) -> Mapping[str, Indicator]:
        return {indicator.id: indicator for indicator in reversed(self.pack.rubric.indicators)}

    @cached_property
    def _headquarters_tables(self) -> tuple[str, ...]:
        """The money tables in which the headquarters' row stands for the summary's: formulas cite it there."""
        return tuple(each.id for each in self.pack.money_tables if headquarters_count_as_summary(self.pack, self.facts, each.id))

    def _formulas(self, score: Score, places: CellPositions) -> RowFormulas:
        """The formulas of a scored row; those that hold what only this filing has are this filing's alone."""
        key = (self._headquarters_tables, score.indicator, score.full_marks)
        shared: RowFormulas | None = places.formulas.get(key)
        if shared is None:
            shared = places.formulas[key] = self._written(score, places, ())
        if score.indicator in self._from_elsewhere:
            return self._written(score, places, (*score.inputs, *score.missing))
        if score.indicator in self._declared:
            rate, computed = self._of_declared(score, places)
            return RowFormulas(rate, computed, shared.final)
        return shared

    def _written(self, score: Score, places: CellPositions, inputs: tuple[ScoreInput, ...]) -> RowFormulas:
        """The formulas of a score of an indicator of the rubric; of a declared row only that of the final score."""
        indicator, final = self._indicators.get(score.indicator), self._final_formula(score, places)
        if indicator is None:
            return RowFormulas("", "", final)
        own = places.get(extra_key(COMPUTED_COLUMN, score.indicator))
        sheet = own.sheet if own is not None else self.pack.sheet_of(self.table.id).name
        citing = FormulaWriter(self.pack, self.facts, places, sheet, inputs)
        return RowFormulas(citing.rate(indicator), citing.marks(indicator, self._at(places, RATE_COLUMN, score)), final)

    def _at(self, places: CellPositions, column: str, score: Score) -> str:
        place = places[extra_key(column, score.indicator)]
        return reference(place, place.sheet)

    @cached_property
    def _declared(self) -> Mapping[str, DeclaredRow]:
        return {row.indicator.id: row for row in declared_rows(self.pack, self.facts)}

    def _of_declared(self, score: Score, places: CellPositions) -> tuple[str, str]:
        """The formulas of a declared row's rate and marks; "" where the score is none that its cells alone give."""
        row = self._declared[score.indicator]
        if row.target is None or row.actual is None or score.computed_marks is None:
            return "", ""
        method = row.indicator.method
        assert isinstance(method, TargetCompletion)
        cells = self._declared_cells(score, method, places)
        if cells is None:
            return "", ""
        rate = completion_rate(method, row.target, row.actual, cells.target, cells.actual)
        return rate, completion_marks(method, cells.rate, cells.full) if rate else ""

    def _declared_cells(self, score: Score, method: TargetCompletion, places: CellPositions) -> DeclaredCells | None:
        asked = (method.target, method.actual, self.pack.score_concept(score.indicator, "full"))
        cells = [places.get((concept, None)) for concept in asked]
        own = places.get(extra_key(COMPUTED_COLUMN, score.indicator))
        if own is None or None in cells:
            return None
        target, actual, full = (reference(cell, own.sheet) for cell in cells if cell is not None)
        return DeclaredCells(target, actual, full, self._at(places, RATE_COLUMN, score))

    def _final_formula(self, score: Score, places: CellPositions) -> str:
        """The formula of a final score from the cells beside it; "" where the self score is not on the form."""
        own = places.get((self.pack.score_concept(score.indicator, "self"), None))
        if own is None:
            return ""
        full = plain_text(score.full_marks)
        review, computed = (self._at(places, column, score) for column in (REVIEW_COLUMN, COMPUTED_COLUMN))
        claim = reference(own, own.sheet)
        bounded = f"MAX(0,MIN({claim},{full}))"
        by_self = f"IF(ISNUMBER({claim}),{bounded},{NOTHING})"
        both = f"IF(ISNUMBER({claim}),MIN({computed},{bounded}),{computed})"
        if self.pack.rubric.settings.final is FinalRule.COMPUTED:
            both = computed
        reviewed = f"MAX(0,MIN({review},{full}))"
        return f"IF(ISNUMBER({review}),{reviewed},IF(ISNUMBER({computed}),{both},{by_self}))"

    def _expected_final(self, score: Score) -> Decimal | None:
        """The final score as the formula gives it."""
        full = score.full_marks
        if score.basis is Basis.REVIEW and score.review_marks is not None:
            return max(NONE, min(score.review_marks, full))
        claim = None if score.self_marks is None else max(NONE, min(score.self_marks, full))
        if score.computed_marks is None or claim is None:
            return claim if score.computed_marks is None else score.computed_marks
        if self.pack.rubric.settings.final is FinalRule.COMPUTED:
            return score.computed_marks
        return min(score.computed_marks, claim)

    def _totals(self, places: CellPositions) -> Sequence[ExtraCell]:
        """The footer's cells: totals as sums over the rows, and how much of them was computed."""
        card = self.card
        little = little_verified(self.pack, card)
        told = verified_words(self.pack.rubric.total, card.full_verified, card.full_declared, little=little)
        return (
            (card.total_computed, self._sum(COMPUTED_COLUMN, places), TOTAL_STYLE),
            (None, "", PLAIN_TOTAL_STYLE),
            (card.total_final, self._sum(FINAL_COLUMN, places), TOTAL_STYLE),
            (f"{GRADE_WORD}{card.grade}", self._grade_formula(places), PLAIN_TOTAL_STYLE),
            (told, "", Style("total", align="left")),
            (None, "", PLAIN_TOTAL_STYLE),
        )

    def _sum(self, column: str, places: CellPositions) -> str:
        cited = list(self._cells(column, places).values())
        return sum_formula(cited, cited[0].sheet) if cited else ""

    def _grade_formula(self, places: CellPositions) -> str:
        footer = places[extra_key(FINAL_COLUMN, self.table.footer[0].key)]
        return f"{quoted(GRADE_WORD)}&{grade_formula(reference(footer, footer.sheet), self.pack.rubric.grades)}"


def _shown(number: Decimal | None, formula: str) -> Value:
    """The value beside a formula: its number, or the empty text that the formula gives where there is none."""
    return "" if number is None and formula else number


NONE_YET = "—"


class GroupSums(NamedTuple):
    """The formulas that add up a group's self, computed and final scores on the score sheet; "" for none there."""

    own: str
    computed: str
    final: str


def group_sums(cells: Sequence[Mapping[str, Place]], groups: Mapping[str, Sequence[str]]) -> dict[str, GroupSums]:
    """The formulas of groups of scores by their ids; `cells` are those of own, computed and final scores by score."""
    return {
        group: GroupSums(*(
            sum_formula([places[each] for each in scores if each in places], RESULT_SHEET, NONE_YET) for places in cells
        ))
        for group, scores in groups.items()
    }  # fmt: skip


def grade_formula(total: str, grades: Sequence[Grade]) -> str:
    """The formula of the grade of a total."""
    formula = NOTHING
    for grade in sorted(grades, key=lambda each: each.at_least):
        formula = f'IF({total}>={plain_text(grade.at_least)},{quoted(grade.label)},{formula})'
    return formula
