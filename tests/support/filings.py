"""Filings made of facts, for tests of the stages behind reading: the figures stand on the screen, no workbook needed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from jixiao.model.fact import HEADQUARTERS, SUMMARY, Fact, Facts, FactState
from jixiao.model.place import Place
from jixiao.model.submission import Institution, Submission
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import ConceptScope

Figures = Mapping[str | tuple[str, str], object]

UNREADABLE = object()
"""A figure that stands for a cell that could not be read."""


def filing(pack: Pack, figures: Figures, *, units: tuple[str, ...] = (), absent: tuple[str, ...] = ()) -> Submission:
    """A submission with these figures; every other cell of the form is blank, the blocks `absent` are not there.

    Keys are concept ids (money concepts: of the summary row) or (concept, institution). Numbers may be given as text.
    Cells get places on the sheet of their block: row by order of the form, column by institution.
    """
    keys = (SUMMARY, HEADQUARTERS, *units)
    given = {(key, pack.institution_of(key)) if isinstance(key, str) else key: figure for key, figure in figures.items()}
    rows: list[Fact] = []
    for order, concept in enumerate(pack.concepts.values()):
        if concept.block in absent or concept.scope is ConceptScope.RECORD:
            continue
        for column, institution in enumerate(keys if concept.scope is ConceptScope.INSTITUTION else (None,)):
            place = Place(pack.sheet_of(concept.block).name, order, column)
            rows.append(_fact(pack, concept.id, institution, given.pop((concept.id, institution), None), place))
    for order, ((concept_id, institution), figure) in enumerate(given.items()):
        place = Place(pack.sheet_of(pack.concept(concept_id).block).name, 1000 + order, 0)
        rows.append(_fact(pack, concept_id, institution, figure, place))
    labels = (Institution(SUMMARY, "局机关及二级机构汇总"), Institution(HEADQUARTERS, "1、局机关"))
    more = tuple(Institution(unit, f"{n}、{unit}") for n, unit in enumerate(units, start=2))
    blocks = frozenset(block.id for _, block in pack.blocks if block.id not in absent)
    return Submission("t", "t.xlsx", "0" * 64, pack.id, Facts.of(rows), (*labels, *more), blocks)


def _fact(pack: Pack, concept_id: str, institution: str | None, figure: object, place: Place) -> Fact:
    if figure is None:
        return Fact(concept_id, institution, FactState.BLANK, place=place)
    if figure is UNREADABLE:
        return Fact(concept_id, institution, FactState.UNREADABLE, raw="约三十", place=place)
    if pack.concept(concept_id).numeric:
        return Fact(concept_id, institution, FactState.OK, value=Decimal(str(figure)), raw=str(figure), place=place)
    return Fact(concept_id, institution, FactState.OK, text=str(figure), raw=str(figure), place=place)


SEED_SCORES = {
    "staff_control": 5, "three_public_change": 5, "key_spending": 5, "budget_adjustment": 2, "payment_progress": 3,
    "surplus": 3, "three_public_control": 6, "budget_rules": 3, "fund_compliance": 3, "disclosure": 3,
    "procurement": 3, "official_card": 3, "asset_rules": 3, "asset_safety": 4, "asset_utilisation": 2,
    "moderately_prosperous": 5, "growth_pole": 7, "government_report": 5, "livelihood": 2, "key_projects": 2,
    "other_results": 4, "economic": 5, "social": 5, "ecological": 5, "satisfaction": 5,
}  # fmt: skip

SEED_TARGETS = [
    ("质量指标", "指标1：不断加强党的理论武装。", "完成"),
    ("数量指标", "指标1：举办各类培训班55期", "完成"),
    ("数量指标", "指标2：组织150余名科级干部到中心工作一线", "完成"),
    ("数量指标", "指标3：非公企业、社会组织党组织覆盖率80%以上。", "完成"),
    ("时效指标", "指标1：各项组织工作按时推进。", "完成"),
    ("社会效益", "指标1：为产业基地建设提供组织保障。", "完成"),
    ("经济效益", "指标1：筑巢聚才，建设人才高地。", "完成"),
    ("生态效益", "指标1：创造良好的社会发展环境", "完成"),
    ("社会公众或服务对象满意度", "指标1：社会公众比较满意", "完成"),
]


def seed_figures() -> dict[str | tuple[str, str], object]:
    """The figures of the seed's filing, prose aside."""
    figures: dict[str | tuple[str, str], object] = {
        "cover.year": "2022", "cover.department": "某部", "cover.budget_code": "101001",
        "staff.quota": 31, "staff.actual": 25, "self.total": 95, "score.total.self": 99,
        "score.asset_utilisation.reason": "存在闲置资产",
        "narrative": "2022年，总收入654.74万元，其中财政拨款654.74万元。总支出654.74万元，基本支出654.74万元，"
        "其中人员支出334.41万，公用支出334.41万元。",
    }  # fmt: skip
    for institution in (SUMMARY, HEADQUARTERS):
        money = {
            "income.total": "654.74", "income.general_public_budget": "654.74",
            "expenditure.total": "654.74", "expenditure.basic": "654.74", "expenditure.personnel": "334.41",
            "expenditure.operating": "320.33", "three_public.total": "1.3", "three_public.reception": "1.3",
            "three_public.vehicle_operation": 0, "three_public.vehicle_purchase": 0,
            "three_public.overseas_travel": 0, "fixed_assets.total": "35.94", "fixed_assets.in_use": "35.94",
        }  # fmt: skip
        figures.update({(concept, institution): figure for concept, figure in money.items()})
    figures.update({f"score.{indicator}.self": marks for indicator, marks in SEED_SCORES.items()})
    for n, (kind, target, actual) in enumerate(SEED_TARGETS, start=1):
        stem = f"targets.quantitative.{n}"
        figures.update({f"{stem}.kind": kind, f"{stem}.target": target, f"{stem}.actual": actual})
    return figures


def seed_filing(pack: Pack) -> Submission:
    """The seed's filing as facts."""
    return filing(pack, seed_figures())
