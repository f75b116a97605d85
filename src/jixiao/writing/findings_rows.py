"""Findings as people read them: one row each, or one for the same note on many cells; what one cell explains together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jixiao.model.finding import Finding, Severity

MOST_NAMED = 30
"""How many cells of one note are named before the rest are counted."""

_SHORTEST_COMMON = 6


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One row of the findings sheet: the findings it tells, the first of which stands for all."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that the row shows."""
        return self.findings[0]

    @property
    def message(self) -> str:
        """What was found: the finding's message, or that of many with the words they share said once."""
        return joined([finding.message for finding in self.findings])


def finding_rows(findings: Sequence[Finding]) -> tuple[FindingRow, ...]:
    """The rows in which findings are told, heaviest first.

    The same note (severity `info`, same rule, figures and remedy) on many cells is one row. Findings that one cell
    would explain stand together, at the place of the first of them.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in sorted(findings, key=Finding.sort_key):
        groups.setdefault(_same_note(finding), []).append(finding)
    rows = [FindingRow(tuple(group)) for group in groups.values()]
    told: dict[object, list[FindingRow]] = {}
    for row in rows:
        told.setdefault(_same_cause(row.first), []).append(row)
    return tuple(row for together in told.values() for row in together)


def _same_note(finding: Finding) -> object:
    if finding.severity is not Severity.INFO:
        return id(finding)
    return (finding.rule, finding.remedy, finding.expected, finding.actual, finding.reply, finding.state)


def _same_cause(finding: Finding) -> object:
    if finding.suggested_place is None:
        return id(finding)
    return (finding.severity, finding.suggested_place)


def joined(messages: Sequence[str]) -> str:
    """Messages as one text: what they share before and after is said once, what differs is listed."""
    messages = list(dict.fromkeys(messages))
    if len(messages) == 1:
        return messages[0]
    head = _shared_head(messages)
    tails = [message[len(head) :] for message in messages]
    tail = _shared_head([each[::-1] for each in tails])[::-1]
    if len(head) + len(tail) < _SHORTEST_COMMON:
        shown, between = messages, "\n"
    else:
        shown = [each[: len(each) - len(tail)] for each in tails]
        between = "”、“" if head.endswith("“") and tail.startswith("”") else "、"
    more = f" 等 {len(messages)} 处" if len(messages) > MOST_NAMED else ""
    listed = between.join(shown[:MOST_NAMED])
    return f"{listed}{more}" if shown is messages else f"{head}{listed}{more}{tail}"


def _shared_head(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    length = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    return first[:length]
