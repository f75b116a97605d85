"""One Chinese line for each file that says what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from jixiao.model.finding import EXPLAINED, Finding, Severity
from jixiao.model.submission import Status


def scored_reason(status: Status, findings: Sequence[Finding]) -> str:
    """Why a checked filing has its status, with the counts of findings."""
    counts = Counter(finding.severity for finding in findings if finding.counted)
    told = f"必改 {counts[Severity.ERROR]} 项、需说明 {counts[Severity.WARNING]} 项、提示 {counts[Severity.INFO]} 项"
    if explained := sum(finding.state == EXPLAINED for finding in findings):
        told += f"、已说明 {explained} 项"
    words = {
        Status.RETURNED: f"退回修改：{told}",
        Status.ACCEPTED_WITH_WARNINGS: f"需补充说明：{told}",
        Status.ACCEPTED: f"审核通过：{told}",
    }
    return words[status]


def first_message(findings: Sequence[Finding]) -> str:
    """The message of the heaviest finding without its full stop."""
    return min(findings, key=Finding.sort_key).message.rstrip("。") if findings else ""
