"""Methods and measures of a rubric in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from jixiao.pack.declarations.methods import (
    Band,
    Bands,
    Checklist,
    Condition,
    Conditions,
    PerInstance,
    PointsOver,
    PointsUnder,
    RateTimesPoints,
    TargetCompletion,
)
from jixiao.pack.declarations.rubric import Indicator, Measure, MeasureKind, PartialPoints
from jixiao.pack.pack import Pack
from jixiao.pack.resolve import CIRCLED
from jixiao.values.number_format import edge_text, plain_text

COUNTING: Mapping[PartialPoints, str] = MappingProxyType({
    PartialPoints.WHOLE: "按整点计",
    PartialPoints.STARTED: "不足一点按一点计",
    PartialPoints.PROPORTIONAL: "按比例计",
})  # fmt: skip
"""How parts of a percentage point count, in words."""

AMONG = "其中："
"""What a label opens with whose row is a part of the row above."""

OPERATORS = MappingProxyType({"<=": "不超过", "<": "低于", ">=": "不低于", ">": "超过", "==": "等于"})


def band_text(band: Band) -> str:
    """Return a band in words, its closed ends said: 80%（含）-90%, 0%（含）以下, 大于 30%."""
    lower, upper = band.lower, band.upper
    if lower is not None and upper is not None:
        return edge_text(lower) if lower == upper else _span_text(lower, band.lower_closed, upper, band.upper_closed)
    if lower is not None:
        return f"{edge_text(lower)}（含）以上" if band.lower_closed else f"大于 {edge_text(lower)}"
    if upper is not None:
        return f"{edge_text(upper)}（含）以下" if band.upper_closed else f"低于 {edge_text(upper)}"
    return "任何比率"


def _span_text(lower: Decimal, lower_closed: bool, upper: Decimal, upper_closed: bool) -> str:
    start, end = ("（含）" if closed else "" for closed in (lower_closed, upper_closed))
    return f"{edge_text(lower)}{start}-{edge_text(upper)}{end}"


def short_label(pack: Pack, concept_id: str) -> str:
    """Return the label of a concept, less the words that tell that it is part of the row above."""
    return pack.concept(concept_id).label.removeprefix(AMONG)


def method_text(pack: Pack, indicator: Indicator) -> str:
    """Return how an indicator earns its marks."""
    full = plain_text(indicator.full_marks)
    counting = COUNTING[pack.rubric.settings.partial_points]
    match indicator.method:
        case Bands() as method:
            return "；".join(f"{band_text(band)}，{plain_text(band.marks)} 分" for band in method.bands)
        case PointsOver() as method:
            off = f"每超过一个百分点扣 {plain_text(method.per_point)} 分"
            return f"不超过 {edge_text(method.limit)}，{full} 分；{off}（{counting}），扣完为止"
        case PointsUnder() as method:
            off = f"每低一个百分点扣 {plain_text(method.per_point)} 分"
            return f"达到 {edge_text(method.limit)}，{full} 分；{off}（{counting}），扣完为止"
        case PerInstance() as method:
            return f"{full} 分，每例扣 {plain_text(method.per_instance)} 分，扣完为止"
        case Checklist() as method:
            items = (f"{CIRCLED[n]}{item.text}，{plain_text(item.marks)} 分" for n, item in enumerate(method.items))
            return "；".join(items)
        case Conditions() as method:
            return "；".join(f"{_condition(pack, each)}，{plain_text(each.marks)} 分" for each in method.conditions)
        case RateTimesPoints() as method:
            return f"比率 × {full} 分，最高 {full} 分，四舍五入保留 {method.places} 位小数"
        case TargetCompletion() as method:
            return target_text(method)
        case _:
            return f"按自评得分计列，不超过 {full} 分"


def target_text(method: TargetCompletion) -> str:
    """Return how a target against its completion earns its marks: by figures, and by the levels that a text names."""
    levels = (
        f"{level.label}，分值的 {_span_text(level.lower, level.lower_closed, level.upper, level.upper_closed)}"
        for level in method.levels
    )
    by_figures = f"完成目标值，满分；未完成，分值 × 完成比例，四舍五入保留 {method.places} 位小数"
    return "；".join(("定量：" + by_figures, *(["定性：" + "；".join(levels)] if method.levels else [])))


def _condition(pack: Pack, condition: Condition) -> str:
    if not condition.operator:
        return condition.text
    right = condition.right if isinstance(condition.right, Decimal) else short_label(pack, condition.right)
    shown = plain_text(right) if isinstance(right, Decimal) else right
    return f"{condition.text}（{short_label(pack, condition.left)}{OPERATORS[condition.operator]}{shown}）"


def inputs_text(pack: Pack, indicator: Indicator) -> str:
    """Return what an indicator is computed of: the formula of its rate under each reading, its count, or its checklist."""
    match indicator.method:
        case PerInstance() as method:
            return short_label(pack, method.count[0])
        case Checklist() as method:
            return pack.block_name(pack.concept(method.inputs[0]).block)
        case Conditions() as method:
            return "、".join(short_label(pack, each) for each in method.inputs)
    return "；".join(measure_text(pack, indicator, each) for each in indicator.measures)


def measure_text(pack: Pack, indicator: Indicator, measure: Measure) -> str:
    """Return the formula of a rate with its first inputs, and its reading and whether that is in use."""
    under = short_label(pack, measure.denominator[0]) if measure.denominator else ""
    formula = formula_text(measure.kind, short_label(pack, measure.numerator[0]), under)
    if len(indicator.measures) == 1:
        return formula
    used = pack.rubric.settings.readings.get(indicator.id, indicator.measures[0].reading) == measure.reading
    return f"{measure.reading_label}{'（采用）' if used else ''}：{formula}"


def formula_text(kind: MeasureKind, over: str, under: str) -> str:
    """Return the formula of a rate over its inputs in words."""
    match kind:
        case MeasureKind.PERCENT:
            return over
        case MeasureKind.CHANGE:
            return f"（{over} − {under}）÷ {under}"
        case MeasureKind.SIZE_RATIO:
            return f"|{over}| ÷ {under}"
        case MeasureKind.INCREASE_RATIO:
            return f"{over}（只计调增）÷ {under}"
        case MeasureKind.RATIO:
            return f"{over} ÷ {under}"
