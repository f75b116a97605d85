"""What can be wrong with an indicator's method: gaps, overlaps, marks out of range, parts that do not add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.pack.band import Band
from jixiao.pack.indicator import Indicator
from jixiao.pack.method import Bands, Checklist, Conditions, PerInstance, PointsOver, PointsUnder
from jixiao.pack.resolve import plain

Found = Iterator[tuple[str, str]]


def method_problems(indicator: Indicator) -> Found:
    """The problems of an indicator's method: the rest of the key (with its dot) and the problem in Chinese."""
    full = indicator.full_marks
    match indicator.method:
        case Bands() as method:
            yield from _bands(method, full)
        case PointsOver() | PointsUnder() as method:
            if method.per_point <= 0:
                yield ".per_point", "每个百分点所扣分数应大于零"
        case PerInstance() as method:
            if method.per_instance <= 0:
                yield ".per_instance", "每例所扣分数应大于零"
            if not method.count:
                yield ".count", "没有计数的依据"
        case Checklist() as method:
            yield from _checklist(method, full)
        case Conditions() as method:
            yield from _conditions(method, full)


def _marks(key: str, marks: Decimal, full: Decimal) -> Found:
    if not 0 <= marks <= full:
        yield key, f"{plain(marks)} 分不在 0 至 {plain(full)} 分之间"


def _best(key: str, marks: list[Decimal], full: Decimal) -> Found:
    if marks and max(marks) < full:
        yield key, f"最高只能得 {plain(max(marks))} 分，得不到分值 {plain(full)} 分"


def _bands(method: Bands, full: Decimal) -> Found:
    if not method.bands:
        yield ".bands", "没有档次"
        return
    for n, band in enumerate(method.bands):
        yield from _marks(f".bands.{n}.marks", band.marks, full)
        if _empty(band):
            yield f".bands.{n}", "下限不低于上限，没有比率落入该档"
    yield from _best(".bands", [band.marks for band in method.bands], full)
    bands = sorted((band for band in method.bands if not _empty(band)), key=_start)
    if bands:
        yield from _coverage(method, bands)


def _empty(band: Band) -> bool:
    if band.lower is None or band.upper is None or band.lower < band.upper:
        return False
    return band.lower > band.upper or not (band.lower_closed and band.upper_closed)


def _start(band: Band) -> tuple[bool, Decimal, bool]:
    """Sorts bands by where they begin; at one edge the closed before the open."""
    return (band.lower is not None, band.lower or Decimal(0), not band.lower_closed)


def _coverage(method: Bands, bands: list[Band]) -> Found:
    """Gaps and overlaps between neighbours, and ends that leave a part of the domain in no band."""
    first = bands[0]
    if first.lower is not None:
        least = method.minimum
        if least is None:
            yield ".bands", f"低于 {_percent(first.lower)} 的比率没有档次"
        elif first.lower > least or (first.lower == least and not first.lower_closed):
            yield ".bands", f"{_percent(least)} 至 {_percent(first.lower)} 之间的比率没有档次"
    reach = first
    for band in bands[1:]:
        if reach.upper is None or band.lower is None or band.lower < reach.upper:
            yield ".bands", f"{_name(reach)}与{_name(band)}重叠"
        elif band.lower > reach.upper:
            yield ".bands", f"{_percent(reach.upper)} 至 {_percent(band.lower)} 之间的比率没有档次"
        elif reach.upper_closed and band.lower_closed:
            yield ".bands", f"{_percent(band.lower)} 同时属于两档"
        elif not reach.upper_closed and not band.lower_closed:
            yield ".bands", f"{_percent(band.lower)} 不属于任何一档"
        if reach.upper is not None and (band.upper is None or band.upper >= reach.upper):
            reach = band
    if reach.upper is not None:
        yield ".bands", f"高于 {_percent(reach.upper)} 的比率没有档次"


def _percent(edge: Decimal) -> str:
    return f"{plain(edge * 100)}%"


def _name(band: Band) -> str:
    lower = "" if band.lower is None else _percent(band.lower)
    upper = "" if band.upper is None else _percent(band.upper)
    return f"“{lower or '不限'} 至 {upper or '不限'}”"


def _checklist(method: Checklist, full: Decimal) -> Found:
    if "{n}" not in method.concept:
        yield ".concept", "应含 {n}，表示第几项"
    for n, item in enumerate(method.items):
        if item.marks <= 0:
            yield f".items.{n}.marks", "每项分数应大于零"
    earned = sum((item.marks for item in method.items), Decimal(0))
    if earned != full:
        yield ".items", f"各项合计 {plain(earned)} 分，与分值 {plain(full)} 分不符"


def _conditions(method: Conditions, full: Decimal) -> Found:
    if not method.conditions or method.conditions[-1].operator:
        yield ".conditions", "最后一条应为其余情形（不写 operator）"
    for n, condition in enumerate(method.conditions):
        key = f".conditions.{n}"
        yield from _marks(f"{key}.marks", condition.marks, full)
        if not condition.operator and n < len(method.conditions) - 1:
            yield key, "其余情形应放在最后，后面的条件永远用不到"
        if condition.operator and (not condition.left or condition.right == ""):
            yield key, "条件缺少 left 或 right"
        if not condition.operator and (condition.left or condition.right != ""):
            yield key, "写了 left 或 right，却没有 operator"
        if not condition.text.strip():
            yield f"{key}.text", "没有写明情形"
    yield from _best(".conditions", [each.marks for each in method.conditions], full)
