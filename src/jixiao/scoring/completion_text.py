"""How a declared row was read and scored, as one line of Chinese."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from jixiao.model.quantity import SIGNS, Quantity
from jixiao.pack import Pack
from jixiao.pack.indicator import Indicator
from jixiao.pack.resolve import plain
from jixiao.pack.target import Level, TargetCompletion
from jixiao.scoring.completion import Completion, Reading, interval_of, marks_of
from jixiao.scoring.methods import half_up, trimmed
from jixiao.scoring.wording import percent_text


def completion_text(pack: Pack, indicator: Indicator, method: TargetCompletion, completion: Completion) -> str:
    """What the row was read as, what was reached, and the marks or the interval that follow."""
    target, actual = (pack.concept(each).label for each in (method.target, method.actual))
    match completion.reading:
        case Reading.QUANTITATIVE:
            return _quantitative(indicator, method, completion, target, actual)
        case Reading.QUALITATIVE if completion.level is not None:
            level, full = completion.level, indicator.full_marks
            return f"定性指标：{actual}属“{level.label}”，得分应在 {interval_text(level, full)}，按自评得分计列。"
        case Reading.OTHER_UNIT:
            return f"{actual}与{target}的单位不同，无法比较，按自评得分计列。"
        case _:
            return f"{actual}既不是与{target}同单位的数值，也未写明达成程度，按自评得分计列。"


def _quantitative(
    indicator: Indicator, method: TargetCompletion, completion: Completion, target_label: str, actual_label: str
) -> str:
    target, actual, full = completion.target, completion.actual, indicator.full_marks
    assert target is not None and actual is not None
    shown = _number(actual)
    assumed = f"（未写运算符，按“{SIGNS[completion.operator]}”认定）" if completion.assumed else ""
    opening = f"定量指标：{target_label} {quantity_text(completion.operator, target)}{assumed}，{actual_label} {shown}{target.unit}"
    marks = plain(marks_of(completion, full, method.places))
    if completion.met:
        low = f"，为目标的 {percent_text(completion.ratio)}，目标值偏低" if completion.low and completion.ratio else ""
        return f"{opening}，达到目标，得 {marks} 分{low}。"
    if completion.ratio is None:
        return f"{opening}，未达到目标，得 {marks} 分。"
    return f"{opening}，未达到目标，完成比例 {percent_text(completion.ratio, (Decimal(100),))}，{plain(full)} 分 × 该比例，得 {marks} 分。"


def quantity_text(operator: str, quantity: Quantity) -> str:
    """A target as people write it: ≥55期."""
    return f"{SIGNS[operator]}{plain(quantity.number)}{quantity.unit}"


def interval_text(level: Level, full: Decimal) -> str:
    """The interval of a level in marks, its closed ends said."""
    least, most = interval_of(level, full)
    start = "（含）" if level.lower_closed else ""
    end = "（含）" if level.upper_closed else ""
    return f"{plain(least)} 分{start}至 {plain(most)} 分{end}之间"


def _number(number: Fraction) -> str:
    return plain(trimmed(half_up(number, 6)))
