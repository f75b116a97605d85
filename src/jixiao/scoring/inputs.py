"""The inputs of an indicator (the number, or why there is none), and the rates of its measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from typing import NamedTuple

from jixiao.model.external_data import NO_EXTERNAL_DATA, DataSource, ExternalData
from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.score import ScoreInput
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import Concept, ConceptKind
from jixiao.pack.declarations.equations import Equation, Term, equation_holds
from jixiao.pack.declarations.rubric import Indicator, Measure, MeasureKind
from jixiao.pack.fact_lookup import effective_fact, external_fact, last_year_fact, summary_institution

YES, NO = Decimal(1), Decimal(0)


class InputProblem(StrEnum):
    """Why an input cannot be used."""

    NONE = ""
    BLANK = "blank"
    UNREADABLE = "unreadable"
    NEGATIVE = "negative"


class InputValue(NamedTuple):
    """An input as the filing answers it; `balance` is the equation by which a blank was read as zero."""

    input: ScoreInput
    trouble: InputProblem = InputProblem.NONE
    balance: str = ""

    @property
    def number(self) -> Decimal | None:
        """The number, or None where it cannot be used."""
        return self.input.value


def ask(
    pack: Pack, facts: Facts, concept_ids: Sequence[str], zero_if: Mapping[str, str], external: ExternalData
) -> InputValue:
    """Answer with the first of these concepts that a source has, sources in the pack's order.

    Where none has one, the answer is zero if a balance proves that (`zero_if`), else the first concept, blank.
    """
    for origin in pack.checks.elsewhere.order if external is not NO_EXTERNAL_DATA else _OF_THE_FILING:
        if origin is DataSource.FILING:
            fact = _first_filled(pack, facts, concept_ids)
        else:
            fact = _first_from(pack, external, concept_ids, origin)
        if fact is not None:
            return _answer(pack.concept(fact.concept), fact, origin)
    for concept_id in concept_ids:
        code = zero_if.get(concept_id)
        if code is not None and is_zero_by_balance(pack, facts, concept_id, code):
            return InputValue(_input(pack, facts, concept_id, Decimal(0), assumed=True), balance=code)
    return InputValue(_input(pack, facts, concept_ids[0], None), InputProblem.BLANK)


def _first_filled(pack: Pack, facts: Facts, concept_ids: Sequence[str]) -> Fact | None:
    for concept_id in concept_ids:
        fact = effective_fact(pack, facts, concept_id)
        if fact is not None and fact.state is not FactState.BLANK:
            return fact
    return None


_OF_THE_FILING = (DataSource.FILING,)


def _first_from(pack: Pack, external: ExternalData, concept_ids: Sequence[str], origin: DataSource) -> Fact | None:
    """The fact of the first of these concepts that the bureau or last year's result has; None for none."""
    source = external.bureau if origin is DataSource.BUREAU else external.previous
    if source is None:
        return None
    for concept_id in concept_ids:
        of_bureau = origin is DataSource.BUREAU
        fact = external_fact(pack, source, concept_id) if of_bureau else last_year_fact(pack, external, concept_id)
        if fact is not None and fact.filled:
            return fact
    return None


def _answer(concept: Concept, fact: Fact, origin: DataSource) -> InputValue:
    number = _yes_or_no(concept, fact) if concept.kind is ConceptKind.CHOICE else fact.value
    trouble = InputProblem.NONE
    if fact.state is not FactState.OK or number is None:
        number, trouble = None, InputProblem.UNREADABLE
    elif concept.nonnegative and number < 0:
        number, trouble = None, InputProblem.NEGATIVE
    return InputValue(ScoreInput(fact.concept, fact.institution, number, fact.place, False, origin), trouble)


def _yes_or_no(concept: Concept, fact: Fact) -> Decimal | None:
    """1 for the first of the two choices, 0 for the second, None for anything else."""
    if len(concept.choices) != 2 or fact.text not in concept.choices:
        return None
    return YES if fact.text == concept.choices[0] else NO


def _input(pack: Pack, facts: Facts, concept_id: str, number: Decimal | None, *, assumed: bool = False) -> ScoreInput:
    fact = effective_fact(pack, facts, concept_id)
    institution = summary_institution(pack, facts, concept_id)
    return ScoreInput(concept_id, institution, number, fact.place if fact else None, assumed)


def is_zero_by_balance(pack: Pack, facts: Facts, concept_id: str, code: str) -> bool:
    """Whether an equation of the code holds, exactly or by rounding, with the blank concept at zero.

    A blank total beside filled parts proves nothing, nor does an equation with a cell that could not be read.
    """
    return any(_holds_without(pack, facts, concept_id, equation) for equation in pack.equations_of(code))


def _holds_without(pack: Pack, facts: Facts, concept_id: str, equation: Equation) -> bool:
    if all(term.concept != concept_id for term in (equation.total, *equation.parts)):
        return False
    facts_of = {term: effective_fact(pack, facts, term.concept, term.institution) for term in (equation.total, *equation.parts)}
    if any(fact is not None and fact.state is FactState.UNREADABLE for fact in facts_of.values()):
        return False

    def look_up(term: Term) -> Decimal | None:
        fact = facts_of[term]
        return fact.value if fact else None

    if look_up(equation.total) is None and equation.total.concept != concept_id:
        return False
    return bool(equation_holds(equation, look_up))


class RateState(Enum):
    """Whether there is a rate, and if not, why."""

    KNOWN = "known"
    MISSING = "missing"
    NOTHING_TO_MEASURE = "nothing_to_measure"
    ZERO_DENOMINATOR = "zero_denominator"


class Rate(NamedTuple):
    """A rate under one reading: 1 = 100 %; None unless its state is known.

    `nothing_to_measure` is 0 / 0, or a denominator of zero where that alone suffices.
    """

    measure: Measure
    state: RateState
    rate: Fraction | None
    numerator: InputValue
    denominator: InputValue | None = None

    @property
    def answers(self) -> tuple[InputValue, ...]:
        """Its inputs in the order of the formula."""
        return (self.numerator,) if self.denominator is None else (self.numerator, self.denominator)


def rate_of(pack: Pack, facts: Facts, indicator: Indicator, measure: Measure, external: ExternalData) -> Rate:
    """Return the rate of an indicator under one of its measures."""
    over = ask(pack, facts, measure.numerator, indicator.zero_if, external)
    if measure.kind is not MeasureKind.PERCENT:
        return _quotient(measure, over, ask(pack, facts, measure.denominator, indicator.zero_if, external))
    if over.number is None:
        return Rate(measure, RateState.MISSING, None, over)
    return Rate(measure, RateState.KNOWN, Fraction(over.number) / 100, over)


def _quotient(measure: Measure, numerator: InputValue, denominator: InputValue) -> Rate:
    over, under, kind = numerator.input.value, denominator.input.value, measure.kind
    if under == 0 and over is None and measure.zero_denominator_suffices:
        return Rate(measure, RateState.NOTHING_TO_MEASURE, None, numerator, denominator)
    if over is None or under is None:
        return Rate(measure, RateState.MISSING, None, numerator, denominator)
    if kind is MeasureKind.SIZE_RATIO:
        over = over.copy_abs()
    elif kind is MeasureKind.INCREASE_RATIO:
        over = max(over, Decimal(0))
    if not under:
        state = RateState.ZERO_DENOMINATOR if over else RateState.NOTHING_TO_MEASURE
        return Rate(measure, state, None, numerator, denominator)
    # One fraction of whole numbers, where two fractions divided would be three.
    part, part_of = over.as_integer_ratio()
    whole, whole_of = under.as_integer_ratio()
    part, whole = part * whole_of, whole * part_of
    rate = Fraction(part - whole if kind is MeasureKind.CHANGE else part, whole)
    return Rate(measure, RateState.KNOWN, rate, numerator, denominator)
