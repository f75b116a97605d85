"""A filing in which everything is filled and everything agrees: what every case of a rule departs from."""

from __future__ import annotations

from jixiao.model.fact import HEADQUARTERS, SUMMARY
from jixiao.model.rule_outcome import StageResult
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from tests.support.filings import filing

UNIT = "城区服务中心"

# 汇总, 局机关, 二级机构
MONEY = {
    "income.total": ("1000", "700", "300"), "income.carryover": ("60", "40", "20"),
    "income.general_public_budget": ("900", "640", "260"), "income.government_fund": ("30", "10", "20"),
    "income.special_account_nontax": ("0", "0", "0"), "income.other": ("10", "10", "0"),
    "expenditure.total": ("950", "670", "280"), "expenditure.basic": ("600", "420", "180"),
    "expenditure.personnel": ("400", "300", "100"), "expenditure.operating": ("200", "120", "80"),
    "expenditure.project": ("350", "250", "100"), "surplus.current_year": ("-10", "-10", "0"),
    "surplus.cumulative": ("50", "30", "20"),
    "three_public.total": ("12.5", "8.5", "4"), "three_public.reception": ("2.5", "1.5", "1"),
    "three_public.vehicle_operation": ("6", "4", "2"), "three_public.vehicle_purchase": ("0", "0", "0"),
    "three_public.overseas_travel": ("4", "3", "1"),
    "fixed_assets.total": ("800", "500", "300"), "fixed_assets.in_use": ("760", "480", "280"),
    "fixed_assets.leased_out": ("30", "10", "20"), "fixed_assets.other": ("10", "10", "0"),
}  # fmt: skip

# 上年决算数, 上年预算数, 本年预算数, 本年决算数
BASE = {
    "three_public.total": ("13", "14", "13", "12.5"), "three_public.reception": ("3", "3", "2.5", "2.5"),
    "three_public.vehicle_operation": ("6", "7", "6.5", "6"), "three_public.vehicle_purchase": ("0", "0", "0", "0"),
    "three_public.overseas_travel": ("4", "4", "4", "4"), "project": ("340", "330", "350", "350"),
    "key_project": ("300", "300", "320", "320"), "operating": ("190", "190", "205", "200"),
    "procurement": ("80", "80", "90", "90"),
}  # fmt: skip

OTHERS: dict[str, object] = {
    "cover.year": "2022", "cover.department": "某局", "cover.budget_code": "101001", "staff.quota": 60, "staff.actual": 58,
    "base.budget.approved": "980", "base.budget.adjustment": "-20", "base.funds.count": 4, "base.funds.late": 0,
    "base.card.paid": "40", "base.card.payable": "60", "base.compliance.violations": 0, "base.asset.violations": 0,
    "base.satisfaction": "96.5", "self.total": 97, "self.grade": "优", "score.total.self": 97,
    "narrative": "2022年，总收入1000.00万元。总支出950万元，其中基本支出600万元，项目支出350万元。固定资产利用率95.00%。",
    "score.budget_adjustment.reason": "年中追减预算，扣1分", "score.asset_utilisation.reason": "存在闲置资产，扣2分",
}  # fmt: skip

TARGETS = (
    ("数量指标", "指标1：举办培训班12期", "举办培训班12期以上，全部按期完成"),
    ("质量指标", "指标1：办结率95%以上", "办结率97%"),
    ("社会公众或服务对象满意度", "指标1：满意度≥90%", "93%"),
)


def clean_figures(pack: Pack) -> dict[str | tuple[str, str], object]:
    """The figures of the clean filing."""
    figures: dict[str | tuple[str, str], object] = dict(OTHERS)
    for concept, amounts in MONEY.items():
        figures.update(zip(((concept, each) for each in (SUMMARY, HEADQUARTERS, UNIT)), amounts, strict=True))
    for row, amounts in BASE.items():
        columns = ("last_actual", "last_budget", "budget", "actual")
        figures.update(zip((f"base.{row}.{column}" for column in columns), amounts, strict=True))
    for indicator in pack.rubric.indicators:
        figures[f"score.{indicator.id}.self"] = indicator.full_marks
        if indicator.checklist:
            figures.update({f"base.check.{indicator.id}.{n}": "是" for n in range(1, len(indicator.checklist.items) + 1)})
    figures |= {"score.budget_adjustment.self": 2, "score.asset_utilisation.self": 1}
    for n, (kind, target, actual) in enumerate(TARGETS, start=1):
        stem = f"targets.quantitative.{n}"
        figures |= {f"{stem}.kind": kind, f"{stem}.target": target, f"{stem}.actual": actual}
    return figures


def changed(pack: Pack, changes: dict[str | tuple[str, str], object], absent: tuple[str, ...] = ()) -> Submission:
    """The clean filing with these cells changed; None leaves a cell blank."""
    figures = {
        key: figure
        for key, figure in (clean_figures(pack) | changes).items()
        if pack.concept(key if isinstance(key, str) else key[0]).block not in absent
    }
    return filing(pack, figures, units=(UNIT,), absent=absent)


def told(checked: StageResult) -> set[tuple[str, str | None, str | None, str]]:
    """The findings as (code, concept, institution, severity)."""
    return {(each.rule, each.concept, each.institution, each.severity.value) for each in checked.findings}
