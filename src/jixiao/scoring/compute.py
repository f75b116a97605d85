"""One indicator of one filing, computed: its marks with their trace, or why there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jixiao.model.elsewhere import NOTHING_ELSEWHERE, Elsewhere
from jixiao.model.fact import Fact, Facts, State
from jixiao.model.score import Input, ScoreStatus
from jixiao.pack import Pack
from jixiao.pack.memo import once_a_pack
from jixiao.pack.method import (
    Bands,
    Checklist,
    Conditions,
    PerInstance,
    PointsOver,
    PointsUnder,
    RateTimesPoints,
    TargetCompletion,
)
from jixiao.pack.rubric import Indicator, PartialPoints, Settings
from jixiao.scoring import methods
from jixiao.scoring.completion import Completion, Reading, completion_of, marks_of, within
from jixiao.scoring.inputs import Answer, Rate, RateState, Trouble, question, rating
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
    if isinstance(indicator.method, TargetCompletion):  # most often of a row that the filing declares
        return _by_target(pack, facts, indicator, indicator.method)
    return _rules(pack)[indicator.id](facts, elsewhere)


Rule = Callable[[Facts, Elsewhere], Computation]
"""What computes one indicator of a filing, with what the pack says of it looked up."""


@once_a_pack
def _rules(pack: Pack) -> dict[str, Rule]:
    """The rules of the indicators that the form prints, by their ids."""
    return {indicator.id: _rule(pack, indicator) for indicator in pack.rubric.indicators}


def _rule(pack: Pack, indicator: Indicator) -> Rule:
    match indicator.method:
        case Bands() | PointsOver() | PointsUnder() | RateTimesPoints() as method:
            return _by_rate(pack, indicator, method)
        case PerInstance() as method:
            return _by_instances(pack, indicator, method)
        case Checklist() as method:
            return _by_checklist(pack, indicator, method)
        case Conditions() as method:
            return _by_conditions(pack, indicator, method)
        case _:
            return lambda facts, elsewhere: REPORTED


def _computation(award: Award | None, answers: tuple[Answer, ...]) -> Computation:
    if award is None:
        return Computation(ScoreStatus.NOT_COMPUTABLE, answers=answers, missing=_missing(answers))
    return Computation(ScoreStatus.COMPUTED, award, answers=answers, accepted=(award.marks,))


def _by_instances(pack: Pack, indicator: Indicator, method: PerInstance) -> Rule:
    counted, full = question(pack, method.count, indicator.zero_if), indicator.full_marks

    def rule(facts: Facts, elsewhere: Elsewhere) -> Computation:
        answer = counted(facts, elsewhere)
        count = answer.input.value
        return _computation(None if count is None else methods.by_instances(method, full, count), (answer,))

    return rule


def _by_checklist(pack: Pack, indicator: Indicator, method: Checklist) -> Rule:
    concepts = [method.concept.replace("{n}", str(n)) for n in range(1, len(method.items) + 1)]
    items, full = [question(pack, (concept,), indicator.zero_if) for concept in concepts], indicator.full_marks

    def rule(facts: Facts, elsewhere: Elsewhere) -> Computation:
        answers = tuple([item(facts, elsewhere) for item in items])
        told = [answer.input.value for answer in answers]
        return _computation(None if None in told else methods.by_checklist(method, full, list(map(bool, told))), answers)

    return rule


def _by_conditions(pack: Pack, indicator: Indicator, method: Conditions) -> Rule:
    sides = [side for each in method.conditions for side in (each.left, each.right) if isinstance(side, str) and side]
    questions = {concept: question(pack, (concept,), indicator.zero_if) for concept in sides}

    def rule(facts: Facts, elsewhere: Elsewhere) -> Computation:
        asked: dict[str, Answer] = {}

        def look_up(concept_id: str) -> Decimal | None:
            if concept_id not in asked:
                asked[concept_id] = questions[concept_id](facts, elsewhere)
            return asked[concept_id].number

        award = methods.by_conditions(method, indicator.full_marks, look_up)
        return _computation(award, tuple(asked.values()))

    return rule


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


def _by_rate(pack: Pack, indicator: Indicator, method: RatedMethod) -> Rule:
    settings, measures = pack.rubric.settings, indicator.measures
    ratings = [rating(pack, indicator, measure) for measure in measures]
    wanted = settings.readings.get(indicator.id)
    own = next((n for n, measure in enumerate(measures) if measure.reading == wanted), 0)
    award_of = _awarding(method, indicator.full_marks, settings)

    def rule(facts: Facts, elsewhere: Elsewhere) -> Computation:
        rates = [each(facts, elsewhere) for each in ratings]
        chosen = rates[own]
        award = award_of(chosen)
        # The marks that some reading supports, the award's own first.
        accepted = {} if award is None else {award.marks: None}
        for rate in rates:
            known = award if rate is chosen else award_of(rate)
            if known is not None:
                accepted[known.marks] = None
                if known.points and isinstance(method, PointsOver | PointsUnder):
                    accepted.update(dict.fromkeys(_in_every_mode(method, indicator.full_marks, known.points)))
        if award is None:
            missing = _missing(chosen.answers)
            return Computation(ScoreStatus.NOT_COMPUTABLE, None, chosen, chosen.answers, tuple(accepted), missing)
        measured = chosen.state is not RateState.NOTHING_TO_MEASURE
        status = ScoreStatus.COMPUTED if measured else ScoreStatus.NOT_APPLICABLE
        return Computation(status, award, chosen, chosen.answers, tuple(accepted))

    return rule


def _missing(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    return tuple([answer for answer in answers if answer.input.value is None])


def _in_every_mode(method: PointsOver | PointsUnder, full: Decimal, points: Fraction) -> Iterator[Decimal]:
    """The marks for so many points beyond the limit, however parts of one count."""
    return (methods.less_points(method.per_point, full, points, mode).marks for mode in PartialPoints)


def _awarding(method: RatedMethod, full: Decimal, settings: Settings) -> Callable[[Rate], Award | None]:
    """What gives the award for a rate under the rubric's settings, None where there is none."""
    nothing_to_measure = Award(full) if settings.both_zero == "full_marks" else None
    worst = methods.worst(method)

    def award(rate: Rate) -> Award | None:
        if rate.rate is not None:
            return _marks_of(rate.rate, method, full, settings.partial_points)
        if rate.state is RateState.NOTHING_TO_MEASURE:
            return nothing_to_measure
        zero = rate.state is RateState.ZERO_DENOMINATOR and rate.measure.denominator_zero == "worst"
        return worst if zero else None

    return award


def _marks_of(rate: Fraction, method: RatedMethod, full: Decimal, partial: PartialPoints) -> Award | None:
    match method:
        case PointsOver() | PointsUnder():
            return methods.by_points(method, full, rate, partial)
        case Bands():
            return methods.by_bands(method, full, rate)
        case RateTimesPoints():
            return methods.by_rate(method, full, rate)
