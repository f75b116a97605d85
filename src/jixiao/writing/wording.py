"""The words that people read for severities, results, bases and evidence: one place, so that every workbook says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from jixiao.model.finding import EXPLAINED, Finding, Severity
from jixiao.model.score import Basis, Evidence, Score, ScoreStatus
from jixiao.model.sheet_names import COMMENT_END
from jixiao.model.submission import Status
from jixiao.values.number_format import plain_text
from jixiao.writing.findings import without_addresses

SEVERITY_WORDS: Mapping[Severity, str] = MappingProxyType({
    Severity.ERROR: "必改", Severity.WARNING: "需说明", Severity.INFO: "提示",
})  # fmt: skip

STATUS_WORDS: Mapping[Status, str] = MappingProxyType({
    Status.ACCEPTED: "审核通过",
    Status.ACCEPTED_WITH_WARNINGS: "需补充说明",
    Status.RETURNED: "退回修改",
    Status.UNREADABLE: "无法读取",
    Status.SUPERSEDED: "已有更新报送",
    Status.DUPLICATE: "重复报送",
    Status.NOT_ON_ROSTER: "不在名册",
    Status.MISSING: "未报送",
    Status.WRONG_FORM: "表样不符",
    Status.CONFLICT: "待确认（两份冲突）",
    Status.SKIPPED: "未处理",
})  # fmt: skip

BASIS_WORDS: Mapping[Basis, str] = MappingProxyType({
    Basis.REVIEW: "复核", Basis.COMPUTED: "系统", Basis.SELF: "自评",
})  # fmt: skip

EVIDENCE_WORDS: Mapping[Evidence, str] = MappingProxyType({
    Evidence.ACCOUNTS: "复算",
    Evidence.DECLARED: "依据填报测算",
    Evidence.REPORTED: "自评未复核",
    Evidence.BUREAU: "财政掌握数",
})  # fmt: skip

SCORE_STATUS_WORDS: Mapping[ScoreStatus, str] = MappingProxyType({
    ScoreStatus.COMPUTED: "已测算",
    ScoreStatus.NOT_COMPUTABLE: "无法复算",
    ScoreStatus.NOT_APPLICABLE: "不适用",
    ScoreStatus.REPORTED: "部门自评",
})  # fmt: skip

UNVERIFIED_WORD = "待核实"
"""What stands beside the total of a department of which little could be verified."""

FINDING_STATE_WORDS: Mapping[str, str] = MappingProxyType({"open": "", "explained": "已说明"})

EXPLAINED_WORD = FINDING_STATE_WORDS[EXPLAINED]
CLEARED, NEW, STILL = "已消除", "新增", "仍未解决"
"""What became of a finding from one version of a filing to the next."""

COMMON_REPLIES = ("已更正", "数据无误，说明如下：", "四舍五入尾差", "内部往来抵销", "上级临时追加或调整", "佐证材料已随附")
"""What departments often answer; offered as a list, never forced."""


def counts_words(findings: Sequence[Finding]) -> str:
    """How many findings of each severity count: 必改 2 项、需说明 5 项、提示 3 项; and how many were explained."""
    counting = [each.severity for each in findings if each.counted]
    told = [f"{word} {counting.count(severity)} 项" for severity, word in SEVERITY_WORDS.items()]
    if explained := sum(each.state == EXPLAINED for each in findings):
        told.append(f"{FINDING_STATE_WORDS[EXPLAINED]} {explained} 项")
    return "、".join(told)


def reply_words(finding: Finding) -> str:
    """What became of a department's reply; nothing where there is none."""
    if not finding.reply:
        return ""
    if finding.state != EXPLAINED:
        return "说明未写明原因及与差额相等的金额" if finding.difference is not None else "未写明原因"
    return f"{FINDING_STATE_WORDS[EXPLAINED]}，仍需更正" if finding.counted else FINDING_STATE_WORDS[EXPLAINED]


def basis_words(score: Score) -> str:
    """Which score the final one of an indicator is, and why: 复核, 系统（复算）, 自评（无法复算）, 自评（低于系统得分）."""
    if score.basis is None:
        return "未填列"
    if score.basis is Basis.REVIEW:
        return BASIS_WORDS[Basis.REVIEW]
    if score.status is ScoreStatus.NOT_COMPUTABLE:
        return f"{BASIS_WORDS[Basis.SELF]}（{SCORE_STATUS_WORDS[score.status]}）"
    if score.status is ScoreStatus.REPORTED:
        return f"{BASIS_WORDS[Basis.SELF]}（未复核）"
    if score.status is ScoreStatus.NOT_APPLICABLE:
        return f"{BASIS_WORDS[score.basis]}（{SCORE_STATUS_WORDS[score.status]}）"
    if score.basis is Basis.SELF:
        return f"{BASIS_WORDS[Basis.SELF]}（低于系统得分）"
    return f"{BASIS_WORDS[score.basis]}（{EVIDENCE_WORDS[score.evidence]}）"


def marks_words(marks: Decimal | None, blank: str = "未填列") -> str:
    """Marks as people write them, with 分; `blank` where there are none."""
    return blank if marks is None else f"{plain_text(marks)} 分"


def coverage_words(total: Decimal, verified: Decimal, declared: Decimal) -> str:
    """How much of the score was recomputed: 100 分中：复算 x 分、依据填报测算 y 分、自评未复核 z 分."""
    rest = total - verified - declared
    return f"{plain_text(total)} 分中：复算 {plain_text(verified)} 分、依据填报测算 {plain_text(declared)} 分、自评未复核 {plain_text(rest)} 分"


def verified_words(total: Decimal, verified: Decimal, declared: Decimal, *, little: bool) -> str:
    """How much of the score was recomputed, and that it is to be verified where that is `little`."""
    told = coverage_words(total, verified, declared)
    return f"{told}，复算偏少，得分{UNVERIFIED_WORD}。" if little else f"{told}。"


def comment_words(finding: Finding, basis: str) -> str:
    """What the comment on a cell says of a finding: what and expected, why, what to do, and the rule's code."""
    lines = [f"【{SEVERITY_WORDS[finding.severity]}】{finding.message}"]
    if basis:
        lines.append(f"依据：{basis}")
    advice = "".join(part for part in (without_addresses(finding.suggestion), finding.remedy) if part)
    if advice:
        lines.append(f"建议：{advice}")
    if finding.reply:
        lines.append(f"部门说明：{finding.reply}")
    lines.append(COMMENT_END.format(rule=finding.rule))
    return "\n".join(lines)
