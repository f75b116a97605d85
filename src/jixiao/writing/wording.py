"""The words that people read for severities, results, bases and evidence, the same in every workbook."""

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

UNVERIFIED_WORD = "待核实"
"""The mark beside the total of a department of which little could be verified."""

EXPLAINED_WORD = "已说明"
CLEARED, NEW, STILL = "已消除", "新增", "仍未解决"
"""What became of a finding from one version of a filing to the next."""

COMMON_REPLIES = ("已更正", "数据无误，说明如下：", "四舍五入尾差", "内部往来抵销", "上级临时追加或调整", "佐证材料已随附")
"""What departments often answer; offered as a list, never forced."""


def counts_words(findings: Sequence[Finding]) -> str:
    """Return how many findings of each severity count: 必改 2 项、需说明 5 项、提示 3 项; and how many were explained."""
    counted = [each.severity for each in findings if each.counted]
    counts = [f"{word} {counted.count(severity)} 项" for severity, word in SEVERITY_WORDS.items()]
    if explained := sum(each.state == EXPLAINED for each in findings):
        counts.append(f"{EXPLAINED_WORD} {explained} 项")
    return "、".join(counts)


def reply_words(finding: Finding) -> str:
    """Return what became of a department's reply; nothing where there is none."""
    if not finding.reply:
        return ""
    if finding.state != EXPLAINED:
        return "说明未写明原因及与差额相等的金额" if finding.difference is not None else "未写明原因"
    return f"{EXPLAINED_WORD}，仍需更正" if finding.counted else EXPLAINED_WORD


def basis_words(score: Score) -> str:
    """Return which score the final one is, and why: 复核, 系统（复算）, 自评（无法复算）, 自评（低于系统得分）."""
    if score.basis is None:
        return "未填列"
    word = BASIS_WORDS[score.basis]
    if score.basis is Basis.REVIEW:
        return word
    match score.status:
        case ScoreStatus.NOT_COMPUTABLE:
            return f"{BASIS_WORDS[Basis.SELF]}（无法复算）"
        case ScoreStatus.REPORTED:
            return f"{BASIS_WORDS[Basis.SELF]}（未复核）"
        case ScoreStatus.NOT_APPLICABLE:
            return f"{word}（不适用）"
    return f"{word}（低于系统得分）" if score.basis is Basis.SELF else f"{word}（{EVIDENCE_WORDS[score.evidence]}）"


def marks_words(marks: Decimal | None, blank: str = "未填列") -> str:
    """Return marks as people write them, with 分; `blank` where there are none."""
    return blank if marks is None else f"{plain_text(marks)} 分"


def verified_words(total: Decimal, verified: Decimal, declared: Decimal, *, little: bool) -> str:
    """Return how much of the score was recomputed, and that it is to be verified where that is `little`."""
    parts = {"复算": verified, "依据填报测算": declared, "自评未复核": total - verified - declared}
    words = "、".join(f"{name} {plain_text(marks)} 分" for name, marks in parts.items())
    return f"{plain_text(total)} 分中：{words}{f'，复算偏少，得分{UNVERIFIED_WORD}' if little else ''}。"


def comment_words(finding: Finding, basis: str) -> str:
    """Return what the comment on a cell says of a finding: what and expected, why, what to do, and the rule's code."""
    advice = without_addresses(finding.suggestion) + finding.remedy
    lines = [
        f"【{SEVERITY_WORDS[finding.severity]}】{finding.message}",
        basis and f"依据：{basis}",
        advice and f"建议：{advice}",
        finding.reply and f"部门说明：{finding.reply}",
        COMMENT_END.format(rule=finding.rule),
    ]
    return "\n".join(line for line in lines if line)
