"""Findings as people read them: one row each, or one for the same note on many cells; what one cell explains together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jixiao.model.finding import Finding, Severity
from jixiao.pack import Pack
from jixiao.pack.concept import Kind
from jixiao.writing.canvas import Style, Value

MOST_NAMED = 30
"""How many cells of one note are named before the rest are counted."""

ADDRESS = re.compile(r"（([^（）]+) ([A-Z]{1,3}[1-9][0-9]*|第[0-9]+行第[0-9]+列|第[0-9]+段)）")
"""The address of a cell behind its name in a suggestion: sheet and cell of the file as sent."""

AMOUNT_UNIT = "万元"
_REQUEST = re.compile("，请[^，。]*。$")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d+)?")
_SHORTEST_COMMON = 6
_NEXT = "；\n"
"""What stands between failures of one cause: each begins a line."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One row of the findings sheet: the findings it tells, the first of which stands for all."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that the row shows; where one cell explains several, at the place of that cell."""
        first = self.findings[0]
        if not self.one_cause:
            return first
        return replace(first, place=first.suggested_place, suggestion=without_addresses(first.suggestion))

    @property
    def one_cause(self) -> bool:
        """Whether the row tells of several failures that one suspected cell, or set of cells, explains."""
        return len(self.findings) > 1 and bool(self.findings[0].suggestion)

    @property
    def message(self) -> str:
        """What was found: the finding's message, or that of many with the words they share said once.

        Of failures with one cause each but the first is followed by its rule: the first one's is told with the row.
        """
        if not self.one_cause:
            return joined([finding.message for finding in self.findings])
        head = _shared_head([finding.message for finding in self.findings])
        head = head[: head.rfind("：") + 1]
        first, *others = (finding.message.removeprefix(head) for finding in self.findings)
        told = [f"{_REQUEST.sub('', each)}（{finding.rule}）" for each, finding in zip(others, self.findings[1:], strict=True)]
        return head + _NEXT.join([*told, first])


def finding_rows(findings: Sequence[Finding]) -> tuple[FindingRow, ...]:
    """The rows in which findings are told, heaviest first.

    The same note (severity `info`, same rule, figures and remedy) on many cells is one row, and so are the failures that
    one cell explains, at the place of the first of them; with a place and no more said they stand together.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in sorted(findings, key=Finding.sort_key):
        groups.setdefault(_same_note(finding), []).append(finding)
    rows = [FindingRow(tuple(group)) for group in groups.values()]
    told: dict[object, list[FindingRow]] = {}
    for row in rows:
        told.setdefault(_same_cause(row.first), []).append(row)
    return tuple(row for together in told.values() for row in together)


def without_addresses(text: str) -> str:
    """A suggestion without the addresses of its cells, which are those of the file as sent."""
    return ADDRESS.sub("", text)


def _same_note(finding: Finding) -> object:
    if finding.suggestion:
        return (finding.severity, finding.suggestion, finding.reply, finding.state, finding.counted)
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


def figure(told: str | Decimal | None) -> Value:
    """A figure as a number where it is one, else as the text it is."""
    if isinstance(told, str) and _NUMBER.fullmatch(told):
        return Decimal(told)
    return told


def figure_style(shown: Value, number: str) -> Style:
    """How a cell shows a figure: at the right, numbers in this number format."""
    return Style("text", align="right") if isinstance(shown, str) else Style("number", number)


def number_of(finding: Finding, pack: Pack) -> str:
    """The number format of a finding's figures: that of its concept's kind; of a text's, of the unit that the message names."""
    match _kind(finding, pack):
        case Kind.AMOUNT:
            return "amount_exact"
        case Kind.COUNT:
            return "count"
        case Kind.TEXT if AMOUNT_UNIT in finding.message:
            return "amount_exact"
    return "general"


def _kind(finding: Finding, pack: Pack) -> Kind:
    try:
        return pack.concept(finding.concept).kind if finding.concept else Kind.TEXT
    except KeyError:
        return Kind.TEXT
