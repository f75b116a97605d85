"""Make the columns beside a returned score sheet: computed, reviewed and final score, their basis, how they came about."""

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
from jixiao.pack.declarations.rubric import FinalRule, Grade
from jixiao.pack.declared_indicators import DeclaredRow, declared_rows
from jixiao.pack.fact_lookup import headquarters_count_as_summary
from jixiao.values.number_format import bounded, plain_text
from jixiao.writing.form.draw import CellPositions, ExtraCell, ExtraColumn, ExtraColumns, SideColumns, extra_key
from jixiao.writing.scores.formulas import RATE_PLACES, FormulaWriter, completion_marks, completion_rate
from jixiao.writing.scores.score_range import little_verified
from jixiao.writing.wording import basis_words, verified_words
from jixiao.writing.xlsx.content import Style, Value
from jixiao.writing.xlsx.formula_text import NOTHING, quoted, reference, sum_formula

MARKS_STYLE = Style("score", "marks")
TOTAL_STYLE, PLAIN_TOTAL_STYLE = Style("total", "marks"), Style("total")
BASIS_STYLE, TEXT_STYLE, RATE_STYLE = Style("score"), Style("text"), Style("score", "percent")
RATE_STEP = Decimal(1).scaleb(-RATE_PLACES)
GRADE_WORD, NONE_YET = "等次：", "—"
WIDTHS: Mapping[str, float] = {
    COMPUTED_COLUMN: 9.4, REVIEW_COLUMN: 9.4, FINAL_COLUMN: 9.4, BASIS_COLUMN: 12.0, EXPLANATION_COLUMN: 46.0, RATE_COLUMN: 10.0,
}  # fmt: skip
COLUMNS = tuple(ExtraColumn((name,), width) for name, width in WIDTHS.items())


class RowFormulas(NamedTuple):
    """The formulas of a scored row's rate, computed and final score; "" where it has none."""

    rate: str
    computed: str
    final: str


class GroupSums(NamedTuple):
    """The formulas that add up a group's self, computed and final scores on the score sheet; "" for none there."""

    own: str
    computed: str
    final: str


@cached_per_pack
def _heads(pack: Pack) -> dict[str, SideColumns]:
    """Return the columns beside every table with scores."""
    return {table: SideColumns(COLUMNS, row_id) for table, row_id in pack.scored_tables.items()}


@dataclass(frozen=True)
class ScoreColumns:
    """Makes the extra columns of the score sheet for one filing; `table` is the one whose footer has the totals."""

    pack: Pack
    facts: Facts
    card: Scorecard
    table: Table

    def by_table(self) -> dict[str, ExtraColumns]:
        """Return the columns of every table with scores."""
        return {table: ExtraColumns(heads, self._row) for table, heads in _heads(self.pack).items()}

    def group_sums(self, places: CellPositions) -> dict[str, GroupSums]:
        """Return the formulas that add up the scores of each first-level group, by its id."""
        groups: dict[str, list[str]] = {}
        for score in self.card.scores:
            groups.setdefault(score.dimension, []).append(score.indicator)
        own = {name: places[key] for name in self._scores if (key := (self.pack.score_concept(name, "self"), None)) in places}
        cells = (own, self._cells(COMPUTED_COLUMN, places), self._cells(FINAL_COLUMN, places))
        return {
            group: GroupSums(*(
                sum_formula([column[name] for name in names if name in column], RESULT_SHEET, NONE_YET) for column in cells
            ))
            for group, names in groups.items()
        }  # fmt: skip

    def _cells(self, column: str, places: CellPositions) -> dict[str, Place]:
        """Return the cells of the scored rows in a column, by indicator."""
        return {name: places[key] for name in self._scores if (key := extra_key(column, name)) in places}

    @cached_property
    def _with_external_data(self) -> frozenset[str]:
        """The scores that need figures from elsewhere than the filing."""
        return frozenset(
            score.indicator
            for score in self.card.scores
            if any(each.origin is not DataSource.FILING for each in (*score.inputs, *score.missing))
        )

    @cached_property
    def _footers(self) -> frozenset[str]:
        return frozenset(footer.key for footer in self.table.footer)

    @cached_property
    def _scores(self) -> Mapping[str, Score]:
        return {score.indicator: score for score in self.card.scores}

    @cached_property
    def _declared(self) -> Mapping[str, DeclaredRow]:
        return {row.indicator.id: row for row in declared_rows(self.pack, self.facts)}

    @cached_property
    def _headquarters_tables(self) -> tuple[str, ...]:
        """The money tables in which formulas cite the headquarters' row for the summary's."""
        return tuple(each.id for each in self.pack.money_tables if headquarters_count_as_summary(self.pack, self.facts, each.id))

    def _row(self, row: str, places: CellPositions) -> Sequence[ExtraCell] | None:
        """Return the cells beside a scored row or the footer, as `COLUMNS` has them."""
        if row in self._footers:
            return self._totals(places)
        score = self._scores.get(row)
        if score is None:
            return None
        rate_formula, computed_formula, final_formula = self._formulas(score, places)
        if final_formula and score.final_marks != self._expected_final(score):
            final_formula = ""  # a group over its points was cut down to them: the score is written as a number
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

    def _formulas(self, score: Score, places: CellPositions) -> RowFormulas:
        """Return the formulas of a scored row: shared by filings unless they hold what only this filing has."""
        key = (self._headquarters_tables, score.indicator, score.full_marks)
        shared: RowFormulas | None = places.formulas.get(key)
        if shared is None:
            shared = places.formulas[key] = self._written(score, places, ())
        if score.indicator in self._with_external_data:
            return self._written(score, places, (*score.inputs, *score.missing))
        if score.indicator in self._declared:
            rate, computed = self._of_declared(score, places)
            return RowFormulas(rate, computed, shared.final)
        return shared

    def _written(self, score: Score, places: CellPositions, inputs: tuple[ScoreInput, ...]) -> RowFormulas:
        """Return the formulas of a score of an indicator of the rubric; of a declared row only that of the final score."""
        indicator = next((each for each in self.pack.rubric.indicators if each.id == score.indicator), None)
        final = self._final_formula(score, places)
        if indicator is None:
            return RowFormulas("", "", final)
        own = places.get(extra_key(COMPUTED_COLUMN, score.indicator))
        sheet = own.sheet if own is not None else self.pack.sheet_of(self.table.id).name
        writer = FormulaWriter(self.pack, self.facts, places, sheet, inputs)
        return RowFormulas(writer.rate(indicator), writer.marks(indicator, self._at(places, RATE_COLUMN, score)), final)

    def _at(self, places: CellPositions, column: str, score: Score) -> str:
        return places[extra_key(column, score.indicator)].cell

    def _of_declared(self, score: Score, places: CellPositions) -> tuple[str, str]:
        """Return the formulas of a declared row's rate and marks; "" where its cells alone do not give the score."""
        row = self._declared[score.indicator]
        if row.target is None or row.actual is None or score.computed_marks is None:
            return "", ""
        method = row.indicator.method
        assert isinstance(method, TargetCompletion)
        concepts = (method.target, method.actual, self.pack.score_concept(score.indicator, "full"))
        cells = [places[concept, None] for concept in concepts if (concept, None) in places]
        own = places.get(extra_key(COMPUTED_COLUMN, score.indicator))
        if own is None or len(cells) < len(concepts):
            return "", ""
        target, actual, full = (reference(cell, own.sheet) for cell in cells)
        rate = completion_rate(method, row.target, row.actual, target, actual)
        return rate, completion_marks(method, self._at(places, RATE_COLUMN, score), full) if rate else ""

    def _final_formula(self, score: Score, places: CellPositions) -> str:
        """Return the formula of a final score from the cells beside it; "" where the self score is not on the form."""
        own = places.get((self.pack.score_concept(score.indicator, "self"), None))
        if own is None:
            return ""
        full = plain_text(score.full_marks)
        review, computed = (self._at(places, column, score) for column in (REVIEW_COLUMN, COMPUTED_COLUMN))
        claim = reference(own, own.sheet)
        limited = f"MAX(0,MIN({claim},{full}))"
        by_self = f"IF(ISNUMBER({claim}),{limited},{NOTHING})"
        both = f"IF(ISNUMBER({claim}),MIN({computed},{limited}),{computed})"
        if self.pack.rubric.settings.final is FinalRule.COMPUTED:
            both = computed
        reviewed = f"MAX(0,MIN({review},{full}))"
        return f"IF(ISNUMBER({review}),{reviewed},IF(ISNUMBER({computed}),{both},{by_self}))"

    def _expected_final(self, score: Score) -> Decimal | None:
        """Return the final score as the formula gives it."""
        full = score.full_marks
        if score.basis is Basis.REVIEW and score.review_marks is not None:
            return bounded(score.review_marks, full)
        claim = None if score.self_marks is None else bounded(score.self_marks, full)
        if score.computed_marks is None or claim is None:
            return claim if score.computed_marks is None else score.computed_marks
        if self.pack.rubric.settings.final is FinalRule.COMPUTED:
            return score.computed_marks
        return min(score.computed_marks, claim)

    def _totals(self, places: CellPositions) -> Sequence[ExtraCell]:
        """Return the footer's cells: totals as sums over the rows, and how much of them was computed."""
        card = self.card
        verified = verified_words(
            self.pack.rubric.total, card.full_verified, card.full_declared, little=little_verified(self.pack, card)
        )
        total = places[extra_key(FINAL_COLUMN, self.table.footer[0].key)].cell
        return (
            (card.total_computed, self._sum(COMPUTED_COLUMN, places), TOTAL_STYLE),
            (None, "", PLAIN_TOTAL_STYLE),
            (card.total_final, self._sum(FINAL_COLUMN, places), TOTAL_STYLE),
            (f"{GRADE_WORD}{card.grade}", f"{quoted(GRADE_WORD)}&{grade_formula(total, self.pack.rubric.grades)}", PLAIN_TOTAL_STYLE),
            (verified, "", Style("total", align="left")),
            (None, "", PLAIN_TOTAL_STYLE),
        )

    def _sum(self, column: str, places: CellPositions) -> str:
        cells = list(self._cells(column, places).values())
        return sum_formula(cells, cells[0].sheet) if cells else ""


def _shown(number: Decimal | None, formula: str) -> Value:
    """Return the value beside a formula: its number, or the empty text that the formula gives where there is none."""
    return "" if number is None and formula else number


def grade_formula(total: str, grades: Sequence[Grade]) -> str:
    """Return the formula of the grade of a total."""
    formula = NOTHING
    for grade in sorted(grades, key=lambda each: each.at_least):
        formula = f"IF({total}>={plain_text(grade.at_least)},{quoted(grade.label)},{formula})"
    return formula
