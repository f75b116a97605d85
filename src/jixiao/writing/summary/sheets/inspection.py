"""抽查建议: whom to check on the spot, by risk with the reason, and a random part that anyone can draw again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from jixiao.model.finding import Severity
from jixiao.model.result import DepartmentSummary
from jixiao.values.number_format import plain_text
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import RETURNED, AnySheet, ListSheet, SummaryColumn, department_columns
from jixiao.writing.summary.sheets.outliers import Outlier

RISK_PER_ERROR, MOST_ERRORS = 2, 10
"""Points of risk a 必改 item; past ten items a department is risky enough by them alone."""

RISK_PER_OVERSTATEMENT = 3
"""Points of risk an indicator that the department scored higher than its figures bear."""

RISK_PER_OUTLIER = 3
RISK_UNVERIFIED = 8
"""Points of risk where little could be verified: leaving a sheet out must not pay."""

RISK_PER_WARNING, MOST_WARNINGS = 1, 5

SHARE_BY_RISK, LEAST_BY_RISK = Decimal("0.10"), 3
SHARE_RANDOM, LEAST_RANDOM = Decimal("0.05"), 2
"""How many of the scored departments are proposed: one in ten by risk, one in twenty by chance, a few at least."""


class Risk(NamedTuple):
    """A department's points of risk and the reasons in words; `random` says that it is proposed by chance."""

    result: DepartmentSummary
    points: int
    reasons: tuple[str, ...]
    random: bool = False


def risk_of(view: DistrictView, result: DepartmentSummary, own: Sequence[Outlier]) -> Risk:
    """Return the risk of a scored department: a sum of points, each with its reason; `own` are its own outliers."""
    errors, warnings = result.count(Severity.ERROR), result.count(Severity.WARNING)
    over = [
        score.difference
        for score in result.scores
        if score.difference and score.difference > 0 and score.self_marks not in score.accepted_marks
    ]
    unverified = view.little_verified(result)
    verified = plain_text(result.scorecard.full_verified) if result.scorecard else "0"
    risks = (
        (RISK_PER_ERROR * min(errors, MOST_ERRORS), f"必改问题 {errors} 项"),
        (RISK_PER_WARNING * min(warnings, MOST_WARNINGS), f"需说明事项 {warnings} 项"),
        (RISK_PER_OVERSTATEMENT * len(over), f"自评高于系统测算 {len(over)} 项、共 {plain_text(sum(over, Decimal(0)))} 分"),
        (RISK_PER_OUTLIER * len(own), f"数据明显偏离同类：{'、'.join(outlier.label for outlier in own)}"),
        (RISK_UNVERIFIED * unverified, f"得分多未经复算（复算 {verified} 分）"),
    )
    return Risk(result, sum(points for points, _ in risks), tuple(reason for points, reason in risks if points))


def seed_of(view: DistrictView) -> str:
    """Return the seed of the random part: eight letters of a hash over the form and the files that count."""
    hashes = sorted(result.sha256 for result in view.district.scored)
    return sha256("\n".join((view.pack.sha256, str(view.district.year), *hashes)).encode()).hexdigest()[:8]


def drawn_by_chance(results: Sequence[DepartmentSummary], seed: str, count: int) -> list[DepartmentSummary]:
    """Return the results whose hash with the seed is smallest: the draw can be repeated with any program."""
    return sorted(results, key=lambda result: lot(seed, result))[:count]


def lot(seed: str, result: DepartmentSummary) -> str:
    """Return the lot of a department: SHA-256 of seed and budget code (or name), in hexadecimal."""
    return sha256(f"{seed}{result.budget_code or result.department}".encode()).hexdigest()


def inspection_sheet(view: DistrictView, outliers: Sequence[Outlier]) -> AnySheet:
    """Return the sheet: the riskiest departments with the reasons, then those drawn by chance from the rest."""
    columns: tuple[SummaryColumn[Risk], ...] = (
        *department_columns(28, number=6, section=True),
        SummaryColumn("way", "抽取方式", 10, lambda each: "随机" if each.random else "风险", align="center"),
        SummaryColumn("points", "风险分", 9, lambda each: each.points, "score", "count"),
        SummaryColumn("reason", "抽取理由", 70, _reason),
        RETURNED,
    )
    scored = view.district.scored
    seed = seed_of(view)
    outliers_of: dict[str, list[Outlier]] = {}
    for outlier in outliers:
        outliers_of.setdefault(outlier.result.submission_id, []).append(outlier)
    risks = [risk_of(view, result, outliers_of.get(result.submission_id, ())) for result in scored]
    risks.sort(key=lambda risk: -risk.points)
    risky = [risk for risk in risks[: _count(len(scored), SHARE_BY_RISK, LEAST_BY_RISK)] if risk.points]
    rest = {id(risk.result): risk for risk in risks[len(risky) :]}
    chance = drawn_by_chance([each.result for each in rest.values()], seed, _count(len(scored), SHARE_RANDOM, LEAST_RANDOM))
    drawn = (
        f"另随机约抽二十分之一。随机种子 {seed}：以种子加预算编码的 SHA-256 值从小到大取前 {len(chance)} 个，可重复验证。"
        if chance
        else "部门较少，没有另作随机抽取。"
    )
    note = (
        f"按风险约抽十分之一（至少 {LEAST_BY_RISK} 个），{drawn}风险分：必改每项 {RISK_PER_ERROR}（最多计 {MOST_ERRORS} 项）、需说明每项 {RISK_PER_WARNING}（最多计 {MOST_WARNINGS} 项）、"
        f"自评偏高每个指标 {RISK_PER_OVERSTATEMENT}、异常值每个 {RISK_PER_OUTLIER}、多未复算 {RISK_UNVERIFIED}。"
    )
    sheet = ListSheet(view, "抽查建议", "按风险和随机抽取的现场抽查名单", "现场抽查建议名单", columns, note=note)
    sheet.table([*risky, *(rest[id(each)]._replace(random=True) for each in chance)], none="没有已计分的部门")
    return sheet


def _reason(risk: Risk) -> str:
    reasons = "；".join(risk.reasons)
    if not risk.random:
        return reasons
    return f"随机抽取（另：{reasons}）" if reasons else "随机抽取"


def _count(scored: int, share: Decimal, least: int) -> int:
    return min(scored, max(least, int((scored * share).to_integral_value())))
