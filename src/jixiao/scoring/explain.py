"""How a score came about, as one line of Chinese; declared targets too."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from jixiao.model.external_data import DataSource
from jixiao.model.score import ScoreStatus
from jixiao.pack import Pack
from jixiao.pack.declarations.methods import (
    Bands,
    Checklist,
    ChecklistItem,
    Conditions,
    Level,
    PerInstance,
    PointsOver,
    PointsUnder,
    RateTimesPoints,
    TargetCompletion,
)
from jixiao.pack.declarations.rubric import Indicator, MeasureKind
from jixiao.pack.docs.method_text import COUNTING, band_text, formula_text, short_label
from jixiao.pack.resolve import CIRCLED
from jixiao.pack.target_completion import CompletionKind, CompletionReading, interval_of, marks_of
from jixiao.scoring.compute import Computation
from jixiao.scoring.inputs import InputProblem, InputValue, Rate, RateState
from jixiao.scoring.methods import Award
from jixiao.values.number_format import edge_text, percent_text, plain_text, points_text, round_half_up, strip_zeros
from jixiao.values.quantities import SIGNS, Quantity

ORIGINS = {DataSource.BUREAU: "（财政掌握数）", DataSource.PREVIOUS: "（上年结果）"}
TROUBLES = {InputProblem.UNREADABLE: "无法识别", InputProblem.NEGATIVE: "填为负数"}


class ScoreExplanation(NamedTuple):
    """How a score came about: the whole line, and the step of the rule that gave the marks, "" where there are none."""

    line: str
    step: str = ""


REPORTED_AS_IT_IS = ScoreExplanation("按自评得分计列，不作测算。")


def explain(pack: Pack, indicator: Indicator, computed: Computation) -> ScoreExplanation:
    """The computation in words: inputs, rate, the step of the rule, marks; or why there is none."""
    status = computed.status
    if status is ScoreStatus.NOT_COMPUTABLE and computed.missing:
        return ScoreExplanation(f"缺少{'、'.join(missing_labels(pack, indicator, computed))}，无法复算。")
    if computed.completion is not None and isinstance(indicator.method, TargetCompletion):
        return ScoreExplanation(completion_text(pack, indicator, indicator.method, computed.completion))
    if status is ScoreStatus.REPORTED:
        return REPORTED_AS_IT_IS
    step = _step(pack, indicator, computed)
    award_step = "" if computed.award is None else step
    if computed.rate is not None:
        return ScoreExplanation(f"{_rate(pack, indicator, computed.rate)}，{step}。", award_step)
    if computed.award is not None and isinstance(indicator.method, PerInstance | Conditions):
        return ScoreExplanation(f"{_terms(pack, computed.answers)}，{step}。", award_step)
    return ScoreExplanation(f"{step}。", award_step)


def _step(pack: Pack, indicator: Indicator, computed: Computation) -> str:
    if computed.rate is not None:
        return _rated(pack, indicator, computed)
    award = computed.award
    match indicator.method:
        case PerInstance() as method if award:
            return _instances(method, indicator, award)
        case Checklist() as method if award:
            items = (_item(pack, *each) for each in zip(CIRCLED, method.items, computed.answers, strict=False))
            return f"{'，'.join(items)}，合计得 {plain_text(award.marks)} 分"
        case Conditions() as method if award:
            return f"{method.conditions[award.step].text}，得 {plain_text(award.marks)} 分"
        case _:
            return "没有适用的评分档次，无法复算"


def _item(pack: Pack, mark: str, item: ChecklistItem, answer: InputValue) -> str:
    yes, no = pack.concept(answer.input.concept).choices
    origin = ORIGINS.get(answer.input.origin, "")
    return f"{mark}{yes}{origin} {plain_text(item.marks)} 分" if answer.number else f"{mark}{no}{origin} 0 分"


def missing_labels(pack: Pack, indicator: Indicator, computed: Computation) -> list[str]:
    """What a computation lacks, each input by its label; a checklist without any answer as a whole."""
    if all_unanswered(indicator, computed):
        return [checklist_label(pack, indicator)]
    return [missing_label(pack, each) for each in computed.missing]


def all_unanswered(indicator: Indicator, computed: Computation) -> bool:
    """Whether a checklist has no answer at all."""
    blank = all(answer.trouble is InputProblem.BLANK for answer in computed.answers)
    return indicator.checklist is not None and blank and bool(computed.missing)


def checklist_label(pack: Pack, indicator: Indicator) -> str:
    """What people call an indicator's checklist."""
    return f"{pack.rubric.label_of(indicator)}的检查清单"


def missing_label(pack: Pack, answer: InputValue) -> str:
    """What is missing, by its label; why it cannot be used where it is not simply blank."""
    label = short_label(pack, answer.input.concept)
    trouble = TROUBLES.get(answer.trouble)
    return f"{label}（{trouble}）" if trouble else label


def _term(pack: Pack, answer: InputValue, unit: str = "") -> str:
    label = short_label(pack, answer.input.concept)
    if answer.number is None:
        return f"{label}（{TROUBLES.get(answer.trouble, '未填列')}）"
    assumed = f"（未填列，{answer.balance} 在其为零时相符，按零计）" if answer.balance else ""
    return f"{label} {plain_text(answer.number)}{unit}{ORIGINS.get(answer.input.origin, '')}{assumed}"


def _terms(pack: Pack, answers: tuple[InputValue, ...]) -> str:
    return "，".join(_term(pack, answer) for answer in answers)


def _rate(pack: Pack, indicator: Indicator, rate: Rate) -> str:
    """The formula of the rate with its numbers, and the reading where there are several."""
    percent = rate.measure.kind is MeasureKind.PERCENT
    over = _term(pack, rate.numerator, "%" if percent else "")
    formula = formula_text(rate.measure.kind, over, _term(pack, rate.denominator) if rate.denominator else "")
    if rate.rate is not None and not percent:
        formula += f" = {percent_text(rate.rate, [edge * 100 for edge in indicator.method.edges])}"
    several = len(indicator.measures) > 1 and rate.measure.reading_label
    return f"{formula}（{rate.measure.reading_label}）" if several else formula


def _rated(pack: Pack, indicator: Indicator, computed: Computation) -> str:
    award, rate = computed.award, computed.rate
    assert rate is not None
    if rate.state is RateState.NOTHING_TO_MEASURE:
        if award is None:
            return "分子分母均为零，无法复算"
        return f"分母为零，该项不适用，计满分 {plain_text(award.marks)} 分"
    if rate.state is RateState.ZERO_DENOMINATOR:
        return f"分母为零，按最低档得 {plain_text(award.marks)} 分" if award else "分母为零，没有可比的基数"
    if award is None or rate.rate is None:
        return "没有适用的评分档次，无法复算"
    match indicator.method:
        case Bands() as method:
            return f"属“{band_text(method.bands[award.step])}”档，得 {plain_text(award.marks)} 分"
        case PointsOver() | PointsUnder() as method:
            return _points(pack, indicator, method, award)
        case RateTimesPoints():
            full, marks = plain_text(indicator.full_marks), plain_text(award.marks)
            if rate.rate > 1:
                return f"超过 100%，按满分计，得 {marks} 分"
            return f"{full} 分 × 该比率，得 {marks} 分"
        case _:
            return ""


def _points(pack: Pack, indicator: Indicator, method: PointsOver | PointsUnder, award: Award) -> str:
    limit = edge_text(method.limit)
    beyond, within = ("超过", "未超过") if isinstance(method, PointsOver) else ("低于", "达到")
    if award.points == 0:
        return f"{within} {limit}，得 {plain_text(award.marks)} 分"
    counting = COUNTING[pack.rubric.settings.partial_points]
    deducted = _deducted(award, method.per_point, indicator)
    return f"{beyond} {limit} {points_text(award.points)} 个百分点，{counting} {deducted}"


def _instances(method: PerInstance, indicator: Indicator, award: Award) -> str:
    if award.counted == 0:
        return f"不扣分，得 {plain_text(award.marks)} 分"
    return f"扣 {_deducted(award, method.per_instance, indicator)}"


def _deducted(award: Award, each: Decimal, indicator: Indicator) -> str:
    product = f"{plain_text(award.counted)} × {plain_text(each)} = {plain_text(award.deduction)}"
    full, marks = plain_text(indicator.full_marks), plain_text(award.marks)
    if award.deduction > indicator.full_marks:
        return f"{product}，超过分值 {full} 分，扣完为止，得 {marks} 分"
    return f"{product}，得 {full} − {plain_text(award.deduction)} = {marks} 分"


def completion_text(pack: Pack, indicator: Indicator, method: TargetCompletion, completion: CompletionReading) -> str:
    """What the row was read as, what was reached, and the marks or the interval that follow."""
    target, actual = (pack.concept(each).label for each in (method.target, method.actual))
    match completion.reading:
        case CompletionKind.QUANTITATIVE:
            return _quantitative(indicator, method, completion, target, actual)
        case CompletionKind.QUALITATIVE if completion.level is not None:
            level, full = completion.level, indicator.full_marks
            return f"定性指标：{actual}属“{level.label}”，得分应在 {interval_text(level, full)}，按自评得分计列。"
        case CompletionKind.OTHER_UNIT:
            return f"{actual}与{target}的单位不同，无法比较，按自评得分计列。"
        case _:
            return f"{actual}既不是与{target}同单位的数值，也未写明达成程度，按自评得分计列。"


def _quantitative(
    indicator: Indicator, method: TargetCompletion, completion: CompletionReading, target_label: str, actual_label: str
) -> str:
    target, actual, full = completion.target, completion.actual, indicator.full_marks
    assert target is not None and actual is not None
    shown = _number(actual)
    assumed = f"（未写运算符，按“{SIGNS[completion.operator]}”认定）" if completion.assumed else ""
    opening = f"定量指标：{target_label} {quantity_text(completion.operator, target)}{assumed}，{actual_label} {shown}{target.unit}"
    marks = plain_text(marks_of(completion, full, method.places))
    if completion.met:
        low = f"，为目标的 {percent_text(completion.ratio)}，目标值偏低" if completion.low and completion.ratio else ""
        return f"{opening}，达到目标，得 {marks} 分{low}。"
    if completion.ratio is None:
        return f"{opening}，未达到目标，得 {marks} 分。"
    return f"{opening}，未达到目标，完成比例 {percent_text(completion.ratio, (Decimal(100),))}，{plain_text(full)} 分 × 该比例，得 {marks} 分。"


def quantity_text(operator: str, quantity: Quantity) -> str:
    """A target as people write it: ≥55期."""
    return f"{SIGNS[operator]}{plain_text(quantity.number)}{quantity.unit}"


def interval_text(level: Level, full: Decimal) -> str:
    """The interval of a level in marks, its closed ends said."""
    least, most = interval_of(level, full)
    start = "（含）" if level.lower_closed else ""
    end = "（含）" if level.upper_closed else ""
    return f"{plain_text(least)} 分{start}至 {plain_text(most)} 分{end}之间"


def _number(number: Fraction) -> str:
    return plain_text(strip_zeros(round_half_up(number, 6)))
