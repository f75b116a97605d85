"""Live formulas of scores: what Excel 2010, WPS and LibreOffice compute from the cells that a score cites.

Every kind of method of the rubric has its formula, made from its declaration alone. Binary floating point is kept away
from the edges of a rule: rates are rounded to 14 places, percentage points to 11, amounts' differences to 6, before
they are compared; so they agree with exact arithmetic for amounts to the 分 of up to ten million 万元.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from jixiao.model.external_data import DataSource
from jixiao.model.fact import HEADQUARTERS, Fact, Facts
from jixiao.model.place import Place
from jixiao.model.score import ScoreInput
from jixiao.pack import Pack
from jixiao.pack.declarations.equations import HALF_UNIT, Equation, Term
from jixiao.pack.declarations.methods import (
    Bands,
    Checklist,
    Conditions,
    PerInstance,
    PointsOver,
    PointsUnder,
    RateTimesPoints,
    TargetCompletion,
)
from jixiao.pack.declarations.rubric import Indicator, Measure, MeasureKind, PartialPoints
from jixiao.pack.fact_lookup import summary_institution
from jixiao.pack.target_completion import CompletionKind, completion_of
from jixiao.values.number_format import plain_text, strip_zeros
from jixiao.values.quantities import AT_LEAST, AT_MOST, LESS, MORE, PERCENT, parse_actual
from jixiao.writing.xlsx.formula_text import GUARD_PLACES, NOTHING, all_of, first_filled, quoted, reference, when

RATE_PLACES = 14
POINT_PLACES = 11
AMOUNT_PLACES = 6
MARK_PLACES = 2

CellPositions = Mapping[tuple[str, str | None], Place]


class Operand(NamedTuple):
    """A number of a formula: the expression of its value, and the condition under which it is there ("" for always)."""

    value: str
    present: str


@dataclass(frozen=True)
class FormulaWriter:
    """Writes formulas on one sheet over the cells of one drawn form.

    `inputs` are those of the score that is written: what came from elsewhere than the filing stands in the formula as a
    number, since the workbook has no cell of it.
    """

    pack: Pack
    facts: Facts
    places: CellPositions
    sheet: str
    inputs: tuple[ScoreInput, ...] = ()

    def rate(self, indicator: Indicator) -> str:
        """Return the formula of an indicator's rate (1 = 100 %), or "" where it has none or its cells are not on the form."""
        measure = chosen_measure(self.pack, indicator)
        if measure is None:
            return ""
        numerator = self.operand(measure.numerator, indicator.zero_if)
        if numerator is None:
            return ""
        if measure.kind is MeasureKind.PERCENT:
            return when(numerator.present, f"ROUND({numerator.value}/100,{RATE_PLACES})", NOTHING)
        denominator = self.operand(measure.denominator, indicator.zero_if)
        if denominator is None:
            return ""
        top = _top(measure.kind, numerator.value, denominator.value)
        quotient = f"ROUND({top}/{denominator.value},{RATE_PLACES})"
        return when(_both(numerator, denominator), f"IF({denominator.value}=0,{NOTHING},{quotient})", NOTHING)

    def marks(self, indicator: Indicator, rate_cell: str) -> str:
        """Return the formula of an indicator's computed score, or "" where nothing is computed or a cell is not on the form.

        `rate_cell` is the address of the cell that holds `rate`.
        """
        method = indicator.method
        if isinstance(method, PerInstance):
            count = self.operand(method.count, indicator.zero_if)
            return "" if count is None else when(count.present, _less(indicator, method.per_instance, count.value), NOTHING)
        if isinstance(method, Checklist):
            return self._checklist(method)
        if isinstance(method, Conditions):
            return self._conditions(method, indicator)
        if isinstance(method, Bands | PointsOver | PointsUnder | RateTimesPoints):
            return self._rated(indicator, method, rate_cell)
        return ""

    def operand(self, concepts: Sequence[str], zero_if: Mapping[str, str]) -> Operand | None:
        """Return the first filled of these concepts, a blank one read as zero where its balance holds so; None if not drawn.

        It is there only as a number, and not below zero where the form has no negative ones.
        """
        external = self._external(concepts)
        if external is not None and self._overrides(external):
            return _constant(external.value)
        cells = [cell for concept in concepts for cell in self._cells(concept)]
        if not cells:
            return None if external is None else _constant(external.value)
        picked = first_filled(cells)
        number = f"ISNUMBER({picked})"
        if all(self.pack.concept(concept).nonnegative for concept in concepts):
            number = f"AND({number},{picked}>=0)"
        if external is not None:
            value, present = _constant(external.value)
            return Operand(f'IF({picked}="",{value},{picked})', f'IF({picked}="",{present or "TRUE"},{number})')
        balances = (self._balance(zero_if[concept], concept) for concept in concepts if concept in zero_if)
        zeros = [zero for zero in balances if zero]
        if not zeros:
            return Operand(picked, number)
        is_zero = all_of(zeros, "OR")
        return Operand(f'IF({picked}="",0,{picked})', f'IF({picked}="",{is_zero},{number})')

    def _external(self, concepts: Sequence[str]) -> ScoreInput | None:
        """Return the input of one of these concepts that does not come from the filing, if there is one."""
        foreign = (each for each in self.inputs if each.origin is not DataSource.FILING)
        return next((each for each in foreign if each.concept in concepts), None)

    def _overrides(self, external: ScoreInput) -> bool:
        """Tell whether an external figure counts before the filing's, rather than only where the filing has none."""
        order = self.pack.checks.elsewhere.order
        return order.index(external.origin) < order.index(DataSource.FILING)

    def _cells(self, concept: str) -> list[str]:
        """Return the cells that may hold a concept: of money concepts the summary's and, where it counts for it, headquarters'."""
        institutions: list[str | None] = [self.pack.institution_of(concept)]
        if summary_institution(self.pack, self.facts, concept) == HEADQUARTERS:
            institutions.append(HEADQUARTERS)
        keys = ((concept, institution) for institution in institutions)
        return [reference(self.places[key], self.sheet) for key in keys if key in self.places]

    def _balance(self, code: str, zero: str) -> str:
        """Return the condition that an equation of a code holds, if need be by rounding, with the concept `zero` blank.

        A cell that holds no number proves nothing, nor does a blank total beside filled parts; "" if not drawn.
        """
        equations = (equation for equation in self.pack.equations_of(code) if zero in _concepts(equation))
        return all_of([condition for equation in equations if (condition := self._holds(equation, zero))], "OR")

    def _holds(self, equation: Equation, zero: str) -> str:
        def cells(terms: Sequence[Term]) -> list[str]:
            return [cell for term in terms if term.concept != zero for cell in self._cells(term.concept)[-1:]]

        total, parts = ",".join(cells((equation.total,))), ",".join(cells(equation.parts))
        everything = ",".join(each for each in (total, parts) if each)
        if not everything:
            return ""
        readable = f"COUNTA({everything})=COUNT({everything})"
        sides = "-".join(f"SUM({each})" for each in (total, parts) if each)
        difference = f"ROUND({sides},{AMOUNT_PLACES})"
        if not total:
            return f"AND(COUNT({parts})>0,{readable},{difference}=0)"
        holds = f"{difference}=0"
        if equation.rounding:
            holds = f"ABS({difference})<=ROUND({plain_text(HALF_UNIT)}*COUNT({everything}),{AMOUNT_PLACES})"
        return f"AND(COUNT({total})=1,{readable},{holds})"

    def _checklist(self, method: Checklist) -> str:
        yes, *others = self.pack.concept(method.concept.replace("{n}", "1")).choices
        cells = []
        for n in range(1, len(method.items) + 1):
            concept = method.concept.replace("{n}", str(n))
            external = self._external((concept,))
            place = self.places.get((concept, None))
            answer = quoted("" if external is None or external.value is None else yes if external.value else others[0])
            if external is not None and (self._overrides(external) or place is None):
                cells.append(answer)
            elif place is None:
                return ""
            else:
                cell = reference(place, self.sheet)
                cells.append(cell if external is None else f'IF({cell}="",{answer},{cell})')
        answers = [f'OR({",".join(f"{cell}={quoted(word)}" for word in (yes, *others))})' for cell in cells]
        marks = [f"IF({cell}={quoted(yes)},{plain_text(item.marks)},0)" for cell, item in zip(cells, method.items, strict=True)]
        return when(f"AND({','.join(answers)})", "+".join(marks), NOTHING)

    def _conditions(self, method: Conditions, indicator: Indicator) -> str:
        formula = NOTHING
        for condition in reversed(method.conditions):
            if not condition.operator:
                formula = plain_text(condition.marks)
                continue
            left, right = (self._side(side, indicator) for side in (condition.left, condition.right))
            if left is None or right is None:
                return ""
            operator = "=" if condition.operator == "==" else condition.operator
            holds = f"ROUND({left.value}-{right.value},{AMOUNT_PLACES}){operator}0"
            formula = when(_both(left, right), f"IF({holds},{plain_text(condition.marks)},{formula})", NOTHING)
        return formula

    def _side(self, side: str | Decimal, indicator: Indicator) -> Operand | None:
        if isinstance(side, Decimal):
            return _constant(side)
        if side in self.pack.concepts:
            return self.operand((side,), indicator.zero_if)
        return Operand(side, "")

    def _rated(
        self, indicator: Indicator, method: Bands | PointsOver | PointsUnder | RateTimesPoints, rate_cell: str
    ) -> str:
        if not self.rate(indicator):
            return ""
        if isinstance(method, Bands):
            body, worst = _bands(method, rate_cell), plain_text(min(band.marks for band in method.bands))
        elif isinstance(method, RateTimesPoints):
            full = plain_text(indicator.full_marks)
            # Rounded twice: what binary arithmetic leaves of a half must not be rounded down.
            product = f"ROUND({full}*{rate_cell},{POINT_PLACES})"
            body, worst = f"MAX(0,MIN({full},ROUND({product},{method.places})))", "0"
        else:
            over = isinstance(method, PointsOver)
            beyond = f"{rate_cell}-{plain_text(method.limit)}" if over else f"{plain_text(method.limit)}-{rate_cell}"
            partial = self.pack.rubric.settings.partial_points
            points = _counted(f"ROUND(MAX(0,{beyond})*100,{POINT_PLACES})", partial)
            rounded = partial is PartialPoints.PROPORTIONAL
            body, worst = _less(indicator, method.per_point, points, rounded=rounded), "0"
        return f"IF(ISNUMBER({rate_cell}),{body},{self._without_rate(indicator, worst)})"

    def _without_rate(self, indicator: Indicator, worst: str) -> str:
        """Return the score where there is no rate: a denominator of zero, or something missing."""
        measure = chosen_measure(self.pack, indicator)
        if measure is None or not measure.denominator:
            return NOTHING
        numerator, denominator = (
            self.operand(concepts, indicator.zero_if) for concepts in (measure.numerator, measure.denominator)
        )
        if numerator is None or denominator is None:
            return NOTHING
        full = plain_text(indicator.full_marks)
        nothing_left = full if self.pack.rubric.settings.both_zero == "full_marks" else NOTHING
        beyond = worst if measure.denominator_zero == "worst" else NOTHING
        part = _top(measure.kind, numerator.value, "0")
        zero = f"IF({part}=0,{nothing_left},{beyond})"
        missing = nothing_left if measure.zero_denominator_suffices else NOTHING
        return when(denominator.present, f"IF({denominator.value}=0,{when(numerator.present, zero, missing)},{NOTHING})", NOTHING)


def _constant(number: Decimal | None) -> Operand:
    """Return a number that no cell holds; of None, one that is not there."""
    if number is None:
        return Operand("0", "FALSE")
    return Operand(f"({plain_text(number)})" if number < 0 else plain_text(number), "")


def chosen_measure(pack: Pack, indicator: Indicator) -> Measure | None:
    """Return the measure of the reading that the rubric's settings choose, else the first; None if the indicator has none."""
    reading = pack.rubric.settings.readings.get(indicator.id)
    chosen = next((measure for measure in indicator.measures if measure.reading == reading), None)
    return chosen or next(iter(indicator.measures), None)


def _top(kind: MeasureKind, numerator: str, denominator: str) -> str:
    if kind is MeasureKind.CHANGE and denominator != "0":
        return f"({numerator}-{denominator})"
    return {MeasureKind.SIZE_RATIO: f"ABS({numerator})", MeasureKind.INCREASE_RATIO: f"MAX(0,{numerator})"}.get(kind, numerator)


def _bands(method: Bands, rate: str) -> str:
    formula = NOTHING
    for band in reversed(method.bands):
        limits = []
        if band.lower is not None:
            limits.append(f"{rate}{'>=' if band.lower_closed else '>'}{plain_text(band.lower)}")
        if band.upper is not None:
            limits.append(f"{rate}{'<=' if band.upper_closed else '<'}{plain_text(band.upper)}")
        formula = when(all_of(limits), plain_text(band.marks), formula)
    return formula


def _counted(points: str, partial: PartialPoints) -> str:
    """Return percentage points as the setting counts parts of one; `points` is a call."""
    return {PartialPoints.WHOLE: f"INT({points})", PartialPoints.STARTED: f"(-INT(-{points}))"}.get(partial, points)


def _less(indicator: Indicator, each: Decimal, count: str, *, rounded: bool = False) -> str:
    """Return full marks less so many deductions, no less than 0; `rounded` half up to the places of marks."""
    guard = POINT_PLACES if rounded else GUARD_PLACES
    left = f"ROUND({plain_text(indicator.full_marks)}-{plain_text(each)}*{count},{guard})"
    return f"MAX(0,{f'ROUND({left},{MARK_PLACES})' if rounded else left})"


def _both(one: Operand, other: Operand) -> str:
    return all_of([each.present for each in (one, other) if each.present])


def _concepts(equation: Equation) -> set[str]:
    return {term.concept for term in (equation.total, *equation.parts)}


_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?", re.ASCII)
_HIDDEN = re.compile(r"[\x00-\x1f]")


def completion_rate(method: TargetCompletion, target: Fact, actual: Fact, target_cell: str, actual_cell: str) -> str:
    """Return the formula of what was reached of a target (1 = 100 %); "" where its texts are not both plain positive numbers."""
    target_text, actual_text = target.text or "", actual.text or ""
    read, stated = completion_of(method, target_text, actual_text), parse_actual(actual_text)
    if read.reading is not CompletionKind.QUANTITATIVE or read.target is None or stated is None or not read.ratio or not read.actual:
        return ""
    if read.target.unit == PERCENT and not stated.unit:
        return ""  # whether a bare number is a rate or a percentage hangs on its size
    wanted, reached = _extracted(target_cell, target_text, read.target.number), _extracted(actual_cell, actual_text, stated.number)
    factor = Decimal(1) if read.actual == stated.number else _decimal(read.actual / Fraction(stated.number))
    if wanted is None or reached is None or factor is None:
        return ""
    top = reached.value if factor == 1 else f"{reached.value}*{plain_text(factor)}"
    up, down = f"{top}/{wanted.value}", f"{wanted.value}/({top})"
    ratio = up if read.operator in (AT_LEAST, MORE) else down if read.operator in (AT_MOST, LESS) else f"MIN({up},{down})"
    return when(_both(wanted, reached), f"IFERROR(ROUND({ratio},{RATE_PLACES}),{NOTHING})", NOTHING)


def completion_marks(method: TargetCompletion, rate_cell: str, full_cell: str) -> str:
    """Return the formula of a declared row's marks from the cells of its rate and of its full marks."""
    # Rounded twice: what binary arithmetic leaves of a half must not be rounded down.
    part = f"MAX(0,ROUND(ROUND({full_cell}*{rate_cell},{POINT_PLACES}),{method.places}))"
    return f"IF(AND(ISNUMBER({rate_cell}),ISNUMBER({full_cell})),IF({rate_cell}>=1,{full_cell},{part}),{NOTHING})"


def _extracted(cell: str, text: str, number: Decimal) -> Operand | None:
    """Return a number taken out of a cell's text, present while the rest of the text is unchanged.

    None where the text writes the number otherwise or more than once.
    """
    matches = [each for each in _NUMBER.finditer(text) if Decimal(each[0].replace(",", "")) == number]
    if len(matches) != 1 or _HIDDEN.search(text):
        return None
    before, behind = text[: matches[0].start()], text[matches[0].end() :]
    middle = f"MID({cell},{len(before) + 1},LEN({cell})-{len(before) + len(behind)})" if before or behind else cell
    if "," in matches[0][0]:
        middle = f'SUBSTITUTE({middle},",","")'
    ends = [f"LEFT({cell},{len(before)})={quoted(before)}"] if before else []
    ends += [f"RIGHT({cell},{len(behind)})={quoted(behind)}"] if behind else []
    return Operand(f"VALUE({middle})", all_of(ends))


def _decimal(number: Fraction) -> Decimal | None:
    """Return a fraction as an exact decimal, None where it has none."""
    quotient = Decimal(number.numerator) / number.denominator
    return strip_zeros(quotient) if Fraction(quotient) == number else None
