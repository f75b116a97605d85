"""One indicator of one filing, computed: its marks with their trace, or why there are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jixiao.model.external_data import NO_EXTERNAL_DATA, ExternalData
from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.score import ScoreInput, ScoreStatus
from jixiao.pack import Pack
from jixiao.pack.declarations.methods import (
    Bands,
    Checklist,
    Conditions,
    PerInstance,
    PointsOver,
    PointsUnder,
    RateTimesPoints,
    Reported,
    TargetCompletion,
)
from jixiao.pack.declarations.rubric import Indicator, PartialPoints, Settings
from jixiao.pack.target_completion import CompletionKind, CompletionReading, completion_of, marks_of, within
from jixiao.scoring import methods
from jixiao.scoring.inputs import InputProblem, InputValue, Rate, RateState, ask, rate_of
from jixiao.scoring.methods import Award

RatedMethod = Bands | PointsOver | PointsUnder | RateTimesPoints


@dataclass(frozen=True, slots=True)
class Computation:
    """An indicator computed under the rubric's settings.

    `answers` are the inputs that it needs; `accepted` the marks under every reading and way of counting parts of a
    point that can be computed, the chosen one first. `missing` are the inputs without which it cannot be computed.
    `completion` is how a target and what came of it were read.
    """

    status: ScoreStatus
    award: Award | None = None
    rate: Rate | None = None
    answers: tuple[InputValue, ...] = ()
    accepted: tuple[Decimal, ...] = ()
    missing: tuple[InputValue, ...] = ()
    completion: CompletionReading | None = None

    @property
    def marks(self) -> Decimal | None:
        """The computed marks, or None."""
        return self.award.marks if self.award else None

    @property
    def exact_rate(self) -> Fraction | None:
        """The rate as an exact quotient, or None."""
        if self.completion is not None:
            return self.completion.ratio
        return self.rate.rate if self.rate else None

    @property
    def inputs(self) -> tuple[ScoreInput, ...]:
        """The inputs that were used."""
        return tuple([answer.input for answer in self.answers if answer.input.value is not None])


REPORTED = Computation(ScoreStatus.REPORTED)


def compute(
    pack: Pack, facts: Facts, indicator: Indicator, external: ExternalData = NO_EXTERNAL_DATA
) -> Computation:
    """The indicator's computation for a filing's facts and the external data of its department."""
    match indicator.method:
        case TargetCompletion() as method:
            return _by_target(pack, facts, indicator, method)
        case Bands() | PointsOver() | PointsUnder() | RateTimesPoints() as method:
            return _by_rate(pack, facts, indicator, method, external)
        case Reported():
            return REPORTED
        case _:
            return _by_answers(pack, facts, indicator, external)


def _by_answers(pack: Pack, facts: Facts, indicator: Indicator, external: ExternalData) -> Computation:
    """Compute by counted instances, a checklist or conditions."""
    full, zero_if = indicator.full_marks, indicator.zero_if
    award: Award | None
    if isinstance(indicator.method, Conditions):
        inputs: dict[str, InputValue] = {}

        def look_up(concept_id: str) -> Decimal | None:
            if concept_id not in inputs:
                inputs[concept_id] = ask(pack, facts, (concept_id,), zero_if, external)
            return inputs[concept_id].number

        award = methods.by_conditions(indicator.method, full, look_up)
        answers = tuple(inputs.values())
    elif isinstance(indicator.method, Checklist):
        answers = tuple([ask(pack, facts, (each,), zero_if, external) for each in indicator.method.inputs])
        ticked = [answer.number for answer in answers]
        award = None if None in ticked else methods.by_checklist(indicator.method, full, list(map(bool, ticked)))
    else:
        assert isinstance(indicator.method, PerInstance)
        answers = (ask(pack, facts, indicator.method.count, zero_if, external),)
        count = answers[0].number
        award = None if count is None else methods.by_instances(indicator.method, full, count)
    if award is None:
        return Computation(ScoreStatus.NOT_COMPUTABLE, answers=answers, missing=_missing(answers))
    return Computation(ScoreStatus.COMPUTED, award, answers=answers, accepted=(award.marks,))


def _by_target(pack: Pack, facts: Facts, indicator: Indicator, method: TargetCompletion) -> Computation:
    """A row that the department declared: by its figures, else within the interval of the level that it names."""
    cells = [facts.get(method.target), facts.get(method.actual)]
    points = facts.get(pack.score_concept(indicator.id, "full"))
    absent = [
        _unfilled(concept, fact)
        for concept, fact in zip((method.target, method.actual), cells, strict=True)
        if fact is None or not fact.text
    ]
    if not indicator.full_marks:
        absent.append(_unfilled(pack.score_concept(indicator.id, "full"), points))
    if absent:
        return Computation(ScoreStatus.NOT_COMPUTABLE, answers=tuple(absent), missing=tuple(absent))
    target, actual = ((fact.text or "") if fact else "" for fact in cells)
    read = completion_of(method, target, actual)
    if read.reading is CompletionKind.QUANTITATIVE and read.target is not None and read.actual is not None:
        award = Award(marks_of(read, indicator.full_marks, method.places))
        numbers = (read.target.number, Decimal(read.actual.numerator) / read.actual.denominator)
        answers = tuple(
            InputValue(ScoreInput(fact.concept, None, number, fact.place))
            for fact, number in zip(cells, numbers, strict=True)
            if fact is not None
        )
        return Computation(ScoreStatus.COMPUTED, award, answers=answers, accepted=(award.marks,), completion=read)
    claim = facts.value(pack.score_concept(indicator.id, "self"))
    supported = read.level is not None and claim is not None and within(read.level, claim, indicator.full_marks)
    return Computation(ScoreStatus.REPORTED if supported else ScoreStatus.NOT_COMPUTABLE, completion=read)


def _unfilled(concept: str, fact: Fact | None) -> InputValue:
    unread = fact is not None and fact.state is FactState.UNREADABLE
    trouble = InputProblem.UNREADABLE if unread else InputProblem.BLANK
    return InputValue(ScoreInput(concept, None, None, fact.place if fact else None), trouble)


def _by_rate(
    pack: Pack, facts: Facts, indicator: Indicator, method: RatedMethod, external: ExternalData
) -> Computation:
    settings, full = pack.rubric.settings, indicator.full_marks
    rates = [rate_of(pack, facts, indicator, measure, external) for measure in indicator.measures]
    wanted = settings.readings.get(indicator.id)
    chosen = next((rate for rate in rates if rate.measure.reading == wanted), rates[0])
    award = _award_of(chosen, method, full, settings)
    # The marks that some reading supports, the award's own first.
    accepted = {} if award is None else {award.marks: None}
    for rate in rates:
        other = award if rate is chosen else _award_of(rate, method, full, settings)
        if other is not None:
            accepted[other.marks] = None
            if other.points and isinstance(method, PointsOver | PointsUnder):
                accepted.update(dict.fromkeys(_in_every_mode(method, full, other.points)))
    if award is None:
        missing = _missing(chosen.answers)
        return Computation(ScoreStatus.NOT_COMPUTABLE, None, chosen, chosen.answers, tuple(accepted), missing)
    measured = chosen.state is not RateState.NOTHING_TO_MEASURE
    status = ScoreStatus.COMPUTED if measured else ScoreStatus.NOT_APPLICABLE
    return Computation(status, award, chosen, chosen.answers, tuple(accepted))


def _missing(answers: tuple[InputValue, ...]) -> tuple[InputValue, ...]:
    return tuple([answer for answer in answers if answer.input.value is None])


def _in_every_mode(method: PointsOver | PointsUnder, full: Decimal, points: Fraction) -> Iterator[Decimal]:
    """The marks for so many points beyond the limit, however parts of one count."""
    return (methods.less_points(method.per_point, full, points, mode).marks for mode in PartialPoints)


def _award_of(rate: Rate, method: RatedMethod, full: Decimal, settings: Settings) -> Award | None:
    """Return the award for a rate under the rubric's settings, None where there is none."""
    if rate.rate is None:
        if rate.state is RateState.NOTHING_TO_MEASURE:
            return Award(full) if settings.both_zero == "full_marks" else None
        zero = rate.state is RateState.ZERO_DENOMINATOR and rate.measure.denominator_zero == "worst"
        return methods.worst(method) if zero else None
    match method:
        case PointsOver() | PointsUnder():
            return methods.by_points(method, full, rate.rate, settings.partial_points)
        case Bands():
            return methods.by_bands(method, full, rate.rate)
        case RateTimesPoints():
            return methods.by_rate(method, full, rate.rate)
