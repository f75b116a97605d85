"""The linter of rubrics: points add up, methods cover their domain once, every reference resolves, sources are named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from jixiao.pack.declarations.concept import NUMERIC, Concept, ConceptKind
from jixiao.pack.declarations.methods import (
    Band,
    Bands,
    Checklist,
    Conditions,
    PerInstance,
    PointsOver,
    PointsUnder,
    RateTimesPoints,
)
from jixiao.pack.declarations.rubric import Indicator, MeasureKind, Rubric
from jixiao.values.number_format import edge_text, plain_text

Found = Iterator[tuple[str, str]]
"""What is wrong: the key at which it stands, and the problem in Chinese."""


def lint_rubric(rubric: Rubric, concepts: Mapping[str, Concept] | None = None) -> list[tuple[str, str]]:
    """Return the problems of a rubric in the order of its file; without concepts, references are not checked."""
    return list(_problems(rubric, concepts))


def _problems(rubric: Rubric, concepts: Mapping[str, Concept] | None) -> Found:
    yield from _sources(rubric)
    yield from _groups(rubric)
    yield from _open_groups(rubric)
    yield from _declared(rubric)
    yield from _settings(rubric)
    for indicator in rubric.indicators:
        key = f"indicators.{indicator.id}"
        yield from _indicator(rubric, indicator, key)
        yield from _measures(indicator, key)
        for part, problem in method_problems(indicator):
            yield f"{key}.method{part}", problem
        if concepts is not None:
            yield from _references(indicator, concepts, key)
    yield from _grades(rubric)


def _sources(rubric: Rubric) -> Found:
    for name, source in (("source", rubric.source), ("grade_source", rubric.grade_source)):
        if not source.strip():
            yield name, "没有写明依据"


def repeated(ids: Iterable[str]) -> list[str]:
    """Return the ids that occur more than once."""
    return [each for each, times in Counter(ids).items() if times > 1]


def _groups(rubric: Rubric) -> Found:
    for name in ("dimensions", "criteria", "open_groups", "indicators"):
        for twice in repeated(each.id for each in getattr(rubric, name)):
            yield f"{name}.{twice}", "编号重复"
    dimensions = {each.id for each in rubric.dimensions}
    for criterion in rubric.criteria:
        if criterion.dimension not in dimensions:
            yield f"criteria.{criterion.id}.dimension", f"没有一级指标 {criterion.dimension}"
        members = [each.full_marks for each in rubric.indicators if each.criterion == criterion.id]
        yield from _adds_up(f"criteria.{criterion.id}.points", criterion.points, members, "所属三级指标分值")
    for dimension in rubric.dimensions:
        members = [each.points for each in rubric.criteria if each.dimension == dimension.id]
        if dimension.declared:
            if members or rubric.declared is None:
                yield f"dimensions.{dimension.id}.declared", "由部门自设指标的，应有 declared 而没有二级指标"
            continue
        yield from _adds_up(f"dimensions.{dimension.id}.points", dimension.points, members, "所属二级指标分值")
    yield from _adds_up("total", rubric.total, [each.points for each in rubric.dimensions], "一级指标分值")


def _adds_up(key: str, points: Decimal, members: list[Decimal], what: str) -> Found:
    total = sum(members, Decimal(0))
    if total != points:
        yield key, f"{what}合计 {plain_text(total)} 分，与 {plain_text(points)} 分不符"


def _declared(rubric: Rubric) -> Found:
    declared = rubric.declared
    if declared is None:
        return
    if declared.id.count("{n}") != 1:
        yield "declared.id", "应含一个 {n}，表示第几行"
    if not declared.source.strip():
        yield "declared.source", "没有写明依据"
    if not any(dimension.declared for dimension in rubric.dimensions):
        yield "declared", "没有一级指标写明由部门自设（declared = true）"
    levels = sorted(declared.method.levels, key=lambda each: each.lower)
    for n, level in enumerate(levels):
        key = f"declared.method.levels.{level.label}"
        before = levels[n - 1].upper if n else Decimal(0)
        if level.lower != before or level.upper <= level.lower:
            yield key, "各档次应从 0 起首尾相接"
        elif n and level.lower_closed == levels[n - 1].upper_closed:
            yield key, f"{plain_text(level.lower * 100)}% 应属于且只属于一档"
        if not level.words:
            yield f"{key}.words", "没有写明表述"
    if levels and levels[-1].upper != 1:
        yield "declared.method.levels", "各档次没有到 100%"


def _open_groups(rubric: Rubric) -> Found:
    marks = {each.id: each.full_marks for each in rubric.indicators}
    for group in rubric.open_groups:
        key = f"open_groups.{group.id}"
        unknown = [name for name in group.indicators if name not in marks]
        for name in unknown:
            yield f"{key}.indicators", f"没有指标 {name}"
        if not unknown:
            yield from _adds_up(
                f"{key}.points", group.points, [marks[name] for name in group.indicators], "所含指标分值"
            )
    for twice in repeated(name for group in rubric.open_groups for name in group.indicators):
        yield "open_groups", f"指标 {twice} 属于不止一个可调整组"


def _settings(rubric: Rubric) -> Found:
    if not 0 <= rubric.settings.least_verified <= 1:
        yield "settings.least_verified", "应在 0% 至 100% 之间"
    least = rubric.settings.review_reported_from
    if least is not None and not 0 < least <= rubric.total:
        yield "settings.review_reported_from", f"应大于零，且不高于总分 {plain_text(rubric.total)} 分"
    readings = {each.id: [measure.reading for measure in each.measures] for each in rubric.indicators}
    for indicator_id, reading in rubric.settings.readings.items():
        key = f"settings.readings.{indicator_id}"
        if indicator_id not in readings:
            yield key, f"没有指标 {indicator_id}"
        elif reading not in readings[indicator_id]:
            existing = "、".join(each for each in readings[indicator_id] if each) or "无"
            yield key, f"该指标没有口径 {reading}（已有：{existing}）"


def _indicator(rubric: Rubric, indicator: Indicator, key: str) -> Found:
    if indicator.criterion not in {each.id for each in rubric.criteria}:
        yield f"{key}.criterion", f"没有二级指标 {indicator.criterion}"
    if indicator.full_marks <= 0:
        yield f"{key}.full_marks", "分值应大于零"
    if not indicator.source.strip():
        yield f"{key}.source", "没有写明依据"
    reported = indicator.method.kind == "reported"
    if reported != (indicator.evidence == "reported"):
        yield f"{key}.evidence", f"评分方法为 {indicator.method.kind}，不应为 {indicator.evidence}"
    if not reported and not indicator.standard.strip():
        yield f"{key}.standard", "没有写明评分标准"


def _measures(indicator: Indicator, key: str) -> Found:
    rated = isinstance(indicator.method, Bands | PointsOver | PointsUnder | RateTimesPoints)
    if rated != bool(indicator.measures):
        yield f"{key}.measures", "按比率评分的指标至少要有一个比率" if rated else "该评分方法不用比率，应删去"
    if len(indicator.measures) > 1:
        for n, measure in enumerate(indicator.measures):
            if not measure.reading or not measure.reading_label:
                yield f"{key}.measures.{n}.reading", "有多个口径时，每个口径都要有编号和名称"
    for twice in repeated(each.reading for each in indicator.measures):
        yield f"{key}.measures", f"口径 {twice} 重复"
    for n, measure in enumerate(indicator.measures):
        percent = measure.kind is MeasureKind.PERCENT
        if not measure.numerator:
            yield f"{key}.measures.{n}.numerator", "没有分子"
        if percent == bool(measure.denominator):
            yield f"{key}.measures.{n}.denominator", "百分数没有分母，应删去" if percent else "没有分母"


def _inputs(indicator: Indicator) -> Iterator[tuple[str, str]]:
    """Yield every concept that an indicator asks for, with the part of the key."""
    for n, measure in enumerate(indicator.measures):
        for part, concept_ids in (("numerator", measure.numerator), ("denominator", measure.denominator)):
            yield from ((f"measures.{n}.{part}", each) for each in concept_ids)
    match indicator.method:
        case PerInstance() as method:
            yield from (("method.count", each) for each in method.count)
        case Checklist() as method:
            for n in range(1, len(method.items) + 1):
                yield "method.concept", method.concept.replace("{n}", str(n))
        case Conditions() as method:
            for n, condition in enumerate(method.conditions):
                for side in (condition.left, condition.right):
                    if condition.operator and isinstance(side, str):
                        yield f"method.conditions.{n}", side


def _references(indicator: Indicator, concepts: Mapping[str, Concept], key: str) -> Found:
    for column, concept_id in indicator.cells.items():
        if concept_id not in concepts:
            yield f"{key}.cells.{column}", f"表样中没有概念 {concept_id}"
    inputs = list(_inputs(indicator))
    wanted = {ConceptKind.CHOICE} if indicator.checklist else NUMERIC
    for part, concept_id in inputs:
        concept = concepts.get(concept_id)
        if concept is None:
            yield f"{key}.{part}", f"表样中没有概念 {concept_id}"
        elif concept.kind not in wanted:
            yield f"{key}.{part}", f"{concept_id} 不是{'是/否选项' if indicator.checklist else '数字'}"
    for n, measure in enumerate(indicator.measures):
        units = {concepts[each].unit for each in (*measure.numerator, *measure.denominator) if each in concepts}
        if measure.kind is MeasureKind.PERCENT:
            if any(concepts[each].kind is not ConceptKind.PERCENT for each in measure.numerator if each in concepts):
                yield f"{key}.measures.{n}.numerator", "应为百分数"
        elif len(units) > 1:
            yield f"{key}.measures.{n}", f"分子分母的单位不一致：{'、'.join(sorted(units))}"
    used = {concept_id for _, concept_id in inputs}
    for concept_id in indicator.zero_if:
        if concept_id not in used:
            yield f"{key}.zero_if", f"{concept_id} 不是该指标的计算依据"


def _grades(rubric: Rubric) -> Found:
    if not rubric.grades:
        yield "grades", "没有评价等次"
        return
    for twice in repeated(plain_text(each.at_least) for each in rubric.grades):
        yield "grades", f"两个等次的下限同为 {twice} 分"
    for twice in repeated(each.label for each in rubric.grades):
        yield "grades", f"等次“{twice}”重复"
    if min(each.at_least for each in rubric.grades) != 0:
        yield "grades", "等次没有覆盖 0 分起的全部得分"
    for grade in rubric.grades:
        if grade.at_least > rubric.total:
            yield f"grades.{grade.label}", f"下限高于总分 {plain_text(rubric.total)} 分"


def method_problems(indicator: Indicator) -> Found:
    """Yield the problems of an indicator's method: the rest of the key (with its dot) and the problem in Chinese."""
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
            yield from _checklist_problems(method, full)
        case Conditions() as method:
            yield from _condition_problems(method, full)


def _in_range(key: str, marks: Decimal, full: Decimal) -> Found:
    if not 0 <= marks <= full:
        yield key, f"{plain_text(marks)} 分不在 0 至 {plain_text(full)} 分之间"


def _best(key: str, marks: list[Decimal], full: Decimal) -> Found:
    if marks and max(marks) < full:
        yield key, f"最高只能得 {plain_text(max(marks))} 分，得不到分值 {plain_text(full)} 分"


def _bands(method: Bands, full: Decimal) -> Found:
    if not method.bands:
        yield ".bands", "没有档次"
        return
    for n, band in enumerate(method.bands):
        yield from _in_range(f".bands.{n}.marks", band.marks, full)
        if _empty_band(band):
            yield f".bands.{n}", "下限不低于上限，没有比率落入该档"
    yield from _best(".bands", [band.marks for band in method.bands], full)
    bands = sorted((band for band in method.bands if not _empty_band(band)), key=_start)
    if bands:
        yield from _coverage(method, bands)


def _empty_band(band: Band) -> bool:
    if band.lower is None or band.upper is None or band.lower < band.upper:
        return False
    return band.lower > band.upper or not (band.lower_closed and band.upper_closed)


def _start(band: Band) -> tuple[bool, Decimal, bool]:
    """Return a sort key of bands: by where they begin, at one edge the closed before the open."""
    return (band.lower is not None, band.lower or Decimal(0), not band.lower_closed)


def _coverage(method: Bands, bands: list[Band]) -> Found:
    """Yield gaps and overlaps between neighbours, and ends that leave a part of the domain in no band."""
    first = bands[0]
    if first.lower is not None:
        least = method.minimum
        if least is None:
            yield ".bands", f"低于 {edge_text(first.lower)} 的比率没有档次"
        elif first.lower > least or (first.lower == least and not first.lower_closed):
            yield ".bands", f"{edge_text(least)} 至 {edge_text(first.lower)} 之间的比率没有档次"
    reach = first
    for band in bands[1:]:
        if reach.upper is None or band.lower is None or band.lower < reach.upper:
            yield ".bands", f"{_name(reach)}与{_name(band)}重叠"
        elif band.lower > reach.upper:
            yield ".bands", f"{edge_text(reach.upper)} 至 {edge_text(band.lower)} 之间的比率没有档次"
        elif reach.upper_closed and band.lower_closed:
            yield ".bands", f"{edge_text(band.lower)} 同时属于两档"
        elif not reach.upper_closed and not band.lower_closed:
            yield ".bands", f"{edge_text(band.lower)} 不属于任何一档"
        if reach.upper is not None and (band.upper is None or band.upper >= reach.upper):
            reach = band
    if reach.upper is not None:
        yield ".bands", f"高于 {edge_text(reach.upper)} 的比率没有档次"


def _name(band: Band) -> str:
    lower = "" if band.lower is None else edge_text(band.lower)
    upper = "" if band.upper is None else edge_text(band.upper)
    return f"“{lower or '不限'} 至 {upper or '不限'}”"


def _checklist_problems(method: Checklist, full: Decimal) -> Found:
    if "{n}" not in method.concept:
        yield ".concept", "应含 {n}，表示第几项"
    for n, item in enumerate(method.items):
        if item.marks <= 0:
            yield f".items.{n}.marks", "每项分数应大于零"
    earned = sum((item.marks for item in method.items), Decimal(0))
    if earned != full:
        yield ".items", f"各项合计 {plain_text(earned)} 分，与分值 {plain_text(full)} 分不符"


def _condition_problems(method: Conditions, full: Decimal) -> Found:
    if not method.conditions or method.conditions[-1].operator:
        yield ".conditions", "最后一条应为其余情形（不写 operator）"
    for n, condition in enumerate(method.conditions):
        key = f".conditions.{n}"
        yield from _in_range(f"{key}.marks", condition.marks, full)
        if not condition.operator and n < len(method.conditions) - 1:
            yield key, "其余情形应放在最后，后面的条件永远用不到"
        if condition.operator and (not condition.left or condition.right == ""):
            yield key, "条件缺少 left 或 right"
        if not condition.operator and (condition.left or condition.right != ""):
            yield key, "写了 left 或 right，却没有 operator"
        if not condition.text.strip():
            yield f"{key}.text", "没有写明情形"
    yield from _best(".conditions", [each.marks for each in method.conditions], full)
