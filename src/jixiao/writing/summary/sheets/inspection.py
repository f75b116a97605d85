"""抽查建议: whom to check on the spot, by risk with the reason, and a random part that anyone can draw again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from jixiao.model.finding import Severity
from jixiao.model.result import Result
from jixiao.values.number_format import plain_text
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import INSPECTION, RETURNED, ListSheet, SheetColumn, department_columns
from jixiao.writing.summary.sheets.outliers import Outlier
from jixiao.writing.xlsx.content import SheetContent

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


@dataclass(frozen=True)
class Risk:
    """A department's points of risk and the reasons in words."""

    result: Result
    points: int
    reasons: tuple[str, ...]


class _Proposal(NamedTuple):
    """A department to inspect, chosen by risk or at random."""

    risk: Risk
    random: bool

    @property
    def result(self) -> Result:
        """The department's result."""
        return self.risk.result


def risk_of(view: DistrictView, result: Result, own: Sequence[Outlier]) -> Risk:
    """The risk of a scored department: a sum of points, each with its reason. `own` are its own outliers."""
    points, reasons = 0, []
    errors, warnings = result.count(Severity.ERROR), result.count(Severity.WARNING)
    if errors:
        points += RISK_PER_ERROR * min(errors, MOST_ERRORS)
        reasons.append(f"必改问题 {errors} 项")
    if warnings:
        points += RISK_PER_WARNING * min(warnings, MOST_WARNINGS)
        reasons.append(f"需说明事项 {warnings} 项")
    over = [
        score.self_marks - score.computed_marks
        for score in (result.scorecard.scores if result.scorecard else ())
        if score.self_marks is not None
        and score.computed_marks is not None
        and score.self_marks > score.computed_marks
        and score.self_marks not in score.accepted_marks
    ]
    if over:
        points += RISK_PER_OVERSTATEMENT * len(over)
        reasons.append(f"自评高于系统测算 {len(over)} 项、共 {plain_text(sum(over, Decimal(0)))} 分")
    if own:
        points += RISK_PER_OUTLIER * len(own)
        labels = "、".join(outlier.label for outlier in own)
        reasons.append(f"数据明显偏离同类：{labels}")
    if view.little_verified(result):
        points += RISK_UNVERIFIED
        verified = plain_text(result.scorecard.full_verified) if result.scorecard else "0"
        reasons.append(f"得分多未经复算（复算 {verified} 分）")
    return Risk(result, points, tuple(reasons))


def seed_of(view: DistrictView) -> str:
    """The seed of the random part: eight letters of a hash over the form and the files that count."""
    hashes = sorted(result.sha256 for result in view.district.scored)
    return sha256("\n".join((view.pack.sha256, str(view.district.year), *hashes)).encode()).hexdigest()[:8]


def drawn_by_chance(results: Sequence[Result], seed: str, count: int) -> list[Result]:
    """The results whose hash with the seed is smallest: the draw can be repeated with any program."""
    return sorted(results, key=lambda result: lot(seed, result))[:count]


def lot(seed: str, result: Result) -> str:
    """The lot of a department: SHA-256 of seed and budget code (or name), in hexadecimal."""
    return sha256(f"{seed}{result.budget_code or result.department}".encode()).hexdigest()


def inspection_sheet(view: DistrictView, outliers: Sequence[Outlier]) -> SheetContent:
    """The sheet: the riskiest departments with the reasons, then those drawn by chance from the rest."""
    columns: tuple[SheetColumn[_Proposal], ...] = (
        *department_columns(28, number=6, section=True),
        SheetColumn("way", "抽取方式", 10, lambda each: "随机" if each.random else "风险", align="center"),
        SheetColumn("points", "风险分", 9, lambda each: each.risk.points, "score", "count"),
        SheetColumn("reason", "抽取理由", 70, _reason),
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
    rest = [risk.result for risk in risks[len(risky) :]]
    chance = drawn_by_chance(rest, seed, _count(len(scored), SHARE_RANDOM, LEAST_RANDOM))
    drawn = (
        f"另随机约抽二十分之一。随机种子 {seed}：以种子加预算编码的 SHA-256 值从小到大取前 {len(chance)} 个，可重复验证。"
        if chance
        else "部门较少，没有另作随机抽取。"
    )
    note = (
        f"按风险约抽十分之一（至少 {LEAST_BY_RISK} 个），{drawn}风险分：必改每项 {RISK_PER_ERROR}（最多计 {MOST_ERRORS} 项）、需说明每项 {RISK_PER_WARNING}（最多计 {MOST_WARNINGS} 项）、"
        f"自评偏高每个指标 {RISK_PER_OVERSTATEMENT}、异常值每个 {RISK_PER_OUTLIER}、多未复算 {RISK_UNVERIFIED}。"
    )
    sheet = ListSheet(view, INSPECTION, f"{view.district.year}年度现场抽查建议名单", columns, note=note)
    by_result = {id(risk.result): risk for risk in risks}
    proposals = [_Proposal(risk, False) for risk in risky]
    proposals += [_Proposal(by_result[id(result)], True) for result in chance]
    sheet.table(proposals, none="没有已计分的部门")
    return sheet.content


def _reason(proposal: _Proposal) -> str:
    reasons = "；".join(proposal.risk.reasons)
    if proposal.random:
        return f"随机抽取（另：{reasons}）" if reasons else "随机抽取"
    return reasons


def _count(scored: int, share: Decimal, least: int) -> int:
    return min(scored, max(least, int((scored * share).to_integral_value())))
