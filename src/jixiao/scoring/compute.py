"""One indicator of one filing, computed: its marks with their trace, or why there are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jixiao.model.elsewhere import NOTHING_ELSEWHERE, Elsewhere
from jixiao.model.fact import Fact, Facts, State
from jixiao.model.score import Input, ScoreStatus
from jixiao.pack import Pack
from jixiao.pack.rubric import (
    Bands,
    Checklist,
    Conditions,
    Indicator,
    PartialPoints,
    PerInstance,
    PointsOver,
    PointsUnder,
    RateTimesPoints,
    Settings,
    TargetCompletion,
)
from jixiao.scoring import methods
from jixiao.scoring.completion import Completion, Reading, completion_of, marks_of, within
from jixiao.scoring.inputs import Answer, Trouble, ask
from jixiao.scoring.measures import Rate, RateState, rate_of
from jixiao.scoring.methods import Award

RatedMethod = Bands | PointsOver | PointsUnder | RateTimesPoints


@dataclass(frozen=True, slots=True)
class Computation:
    """An indicator computed under the rubric's settings.

    `answers` are the inputs that were asked; `accepted` the marks under every reading and way of counting parts of a
    point that can be computed, the chosen one first. `missing` are the inputs without which it cannot be computed.
    `completion` is how a target and what came of it were read.
    """

    status: ScoreStatus
    award: Award | None = None
    rate: Rate | None = None
    answers: tuple[Answer, ...] = ()
    accepted: tuple[Decimal, ...] = ()
    missing: tuple[Answer, ...] = ()
    completion: Completion | None = None

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
    def inputs(self) -> tuple[Input, ...]:
        """The inputs that were used."""
        return tuple([answer.input for answer in self.answers if answer.input.value is not None])

    @property
    def zero_denominator(self) -> bool:
        """Whether a number above or below zero stood over a denominator of zero."""
        return self.rate is not None and self.rate.state is RateState.ZERO_DENOMINATOR

    @property
    def nothing_to_measure(self) -> bool:
        """Whether numerator and denominator were both zero (or the denominator alone, where that suffices)."""
        return self.rate is not None and self.rate.state is RateState.NOTHING_TO_MEASURE


REPORTED = Computation(ScoreStatus.REPORTED)


def compute(
    pack: Pack, facts: Facts, indicator: Indicator, elsewhere: Elsewhere = NOTHING_ELSEWHERE
) -> Computation:
    """The indicator's computation for a filing's facts and what is known of the department besides."""
    full = indicator.full_marks
    match indicator.method:
        case Bands() | PointsOver() | PointsUnder() | RateTimesPoints() as method:
            return _by_rate(pack, facts, elsewhere, indicator, method)
        case PerInstance() as method:
            answer = ask(pack, facts, method.count, indicator.zero_if, elsewhere)
            award = None if answer.number is None else methods.by_instances(method, full, answer.number)
            return _computation(award, (answer,))
        case Checklist() as method:
            answers = tuple(
                ask(pack, facts, (method.concept.replace("{n}", str(n)),), indicator.zero_if, elsewhere)
                for n in range(1, len(method.items) + 1)
            )
            if any(answer.number is None for answer in answers):
                return _computation(None, answers)
            return _computation(methods.by_checklist(method, full, [bool(each.number) for each in answers]), answers)
        case Conditions() as method:
            return _by_conditions(pack, facts, elsewhere, indicator, method)
        case TargetCompletion() as method:
            return _by_target(pack, facts, indicator, method)
        case _:
            return REPORTED


def _computation(award: Award | None, answers: tuple[Answer, ...]) -> Computation:
    if award is None:
        return Computation(ScoreStatus.NOT_COMPUTABLE, answers=answers, missing=_missing(answers))
    return Computation(ScoreStatus.COMPUTED, award, answers=answers, accepted=(award.marks,))


def _by_conditions(
    pack: Pack, facts: Facts, elsewhere: Elsewhere, indicator: Indicator, method: Conditions
) -> Computation:
    asked: dict[str, Answer] = {}

    def look_up(concept_id: str) -> Decimal | None:
        if concept_id not in asked:
            asked[concept_id] = ask(pack, facts, (concept_id,), indicator.zero_if, elsewhere)
        return asked[concept_id].number

    award = methods.by_conditions(method, indicator.full_marks, look_up)
    return _computation(award, tuple(asked.values()))


def _by_target(pack: Pack, facts: Facts, indicator: Indicator, method: TargetCompletion) -> Computation:
    """A row that the department declared: by its figures, else within the interval of the level that it names."""
    asked = [facts.get(method.target), facts.get(method.actual)]
    points = facts.get(pack.score_concept(indicator.id, "full"))
    absent = [
        _unfilled(concept, fact)
        for concept, fact in zip((method.target, method.actual), asked, strict=True)
        if fact is None or not fact.text
    ]
    if not indicator.full_marks:
        absent.append(_unfilled(pack.score_concept(indicator.id, "full"), points))
    if absent:
        return Computation(ScoreStatus.NOT_COMPUTABLE, answers=tuple(absent), missing=tuple(absent))
    target, actual = ((fact.text or "") if fact else "" for fact in asked)
    read = completion_of(method, target, actual)
    if read.reading is Reading.QUANTITATIVE and read.target is not None and read.actual is not None:
        award = Award(marks_of(read, indicator.full_marks, method.places))
        numbers = (read.target.number, Decimal(read.actual.numerator) / read.actual.denominator)
        answers = tuple(
            Answer(Input(fact.concept, None, number, fact.place))
            for fact, number in zip(asked, numbers, strict=True)
            if fact is not None
        )
        return Computation(ScoreStatus.COMPUTED, award, answers=answers, accepted=(award.marks,), completion=read)
    claim = facts.value(pack.score_concept(indicator.id, "self"))
    stands = read.level is not None and claim is not None and within(read.level, claim, indicator.full_marks)
    return Computation(ScoreStatus.REPORTED if stands else ScoreStatus.NOT_COMPUTABLE, completion=read)


def _unfilled(concept: str, fact: Fact | None) -> Answer:
    unread = fact is not None and fact.state is State.UNREADABLE
    trouble = Trouble.UNREADABLE if unread else Trouble.BLANK
    return Answer(Input(concept, None, None, fact.place if fact else None), trouble)


def _by_rate(
    pack: Pack, facts: Facts, elsewhere: Elsewhere, indicator: Indicator, method: RatedMethod
) -> Computation:
    settings = pack.rubric.settings
    rates = [rate_of(pack, facts, indicator, measure, elsewhere) for measure in indicator.measures]
    wanted = settings.readings.get(indicator.id)
    chosen = next((rate for rate in rates if rate.measure.reading == wanted), rates[0])
    award = _award(chosen, method, indicator.full_marks, settings, settings.partial_points)
    accepted = dict.fromkeys(_accepted(award, chosen, rates, method, indicator.full_marks, settings))
    if award is None:
        status = ScoreStatus.NOT_COMPUTABLE
    elif chosen.state is RateState.NOTHING_TO_MEASURE:
        status = ScoreStatus.NOT_APPLICABLE
    else:
        status = ScoreStatus.COMPUTED
    missing = _missing(chosen.answers) if award is None else ()
    return Computation(status, award, chosen, chosen.answers, tuple(accepted), missing)


def _missing(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    return tuple([answer for answer in answers if answer.input.value is None])


def _accepted(
    award: Award | None,
    chosen: Rate,
    rates: list[Rate],
    method: RatedMethod,
    full: Decimal,
    settings: Settings,
) -> Iterator[Decimal]:
    """The marks that some reading supports, the award's own first; what gives the same in every way is asked once."""
    if award is not None:
        yield award.marks
    for rate in rates:
        known = award if rate is chosen else _award(rate, method, full, settings, settings.partial_points)
        if known is None:
            continue
        yield known.marks
        if known.points:
            for mode in PartialPoints:
                other = _award(rate, method, full, settings, mode)
                if other is not None:
                    yield other.marks


def _award(
    rate: Rate, method: RatedMethod, full: Decimal, settings: Settings, partial: PartialPoints
) -> Award | None:
    match rate.state:
        case RateState.KNOWN if rate.rate is not None:
            return _marks_of(rate.rate, method, full, partial)
        case RateState.NOTHING_TO_MEASURE if settings.both_zero == "full_marks":
            return Award(full)
        case RateState.ZERO_DENOMINATOR if rate.measure.denominator_zero == "worst":
            return methods.worst(method)
        case _:
            return None


def _marks_of(
    rate: Fraction, method: RatedMethod, full: Decimal, partial: PartialPoints
) -> Award | None:
    match method:
        case Bands():
            return methods.by_bands(method, full, rate)
        case PointsOver():
            return methods.by_points_over(method, full, rate, partial)
        case PointsUnder():
            return methods.by_points_under(method, full, rate, partial)
        case RateTimesPoints():
            return methods.by_rate(method, full, rate)
