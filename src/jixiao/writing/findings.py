"""Findings as people read them: one row each, or one for the same note on many cells; what one cell explains together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from jixiao.model.fact import Facts
from jixiao.model.finding import Finding, Severity
from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_filing
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.values.number_format import plain_text
from jixiao.writing.form.rows import CellKey
from jixiao.writing.xlsx.content import Link, Style, Value

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
        case ConceptKind.AMOUNT:
            return "amount_exact"
        case ConceptKind.COUNT:
            return "count"
        case ConceptKind.TEXT if AMOUNT_UNIT in finding.message:
            return "amount_exact"
    return "general"


def _kind(finding: Finding, pack: Pack) -> ConceptKind:
    try:
        return pack.concept(finding.concept).kind if finding.concept else ConceptKind.TEXT
    except KeyError:
        return ConceptKind.TEXT


@dataclass(frozen=True)
class CellLocations:
    """Finds the cells of a drawn form that findings are about: by the input's cell, else by concept and institution.

    `places` are those of the returned form; it may be empty before the form is drawn.
    """

    pack: Pack
    facts: Facts
    places: Mapping[CellKey, Place] = field(default_factory=dict)

    @cached_property
    def _keys(self) -> Mapping[Place, CellKey]:
        return _keys_by_place(self.pack, self.facts)

    def keys(self, finding: Finding) -> tuple[CellKey, ...]:
        """The cells (concept, institution) that a finding concerns, the one it points at first; empty for none.

        A sentence of the narrative that contradicts a table concerns both cells, and a balance also the suspected one.
        """
        found: list[CellKey] = []
        named = self._named(finding)
        pointed = self._pointed(finding.place, named)
        for key in (pointed, named, self._keys.get(finding.suggested_place) if finding.suggested_place else None):
            if key is not None and key not in found:
                found.append(key)
        return tuple(found)

    def _named(self, finding: Finding) -> CellKey | None:
        if finding.concept is None:
            return None
        return (finding.concept, finding.institution or self.pack.institution_of(finding.concept))

    def _pointed(self, place: Place | None, named: CellKey | None) -> CellKey | None:
        if place is None:
            return None
        # Merged cells may hold several facts: the one that the finding names counts.
        fact = self.facts.get(*named) if named else None
        if named and fact is not None and fact.place == place:
            return named
        return self._keys.get(place)

    def place(self, finding: Finding) -> Place | None:
        """The cell of the returned workbook that a finding points at, or None where it has none."""
        return next((self.places[key] for key in self.keys(finding) if key in self.places), None)

    def link(self, finding: Finding) -> Link | None:
        """A native link to that cell."""
        place = self.place(finding)
        return place and Link(place.sheet, place.row, place.column, tip=f"转到 {place.sheet} {place.cell}")

    def words(self, finding: Finding) -> str:
        """What people look for: sheet and cell of the returned workbook, else those of the file as sent."""
        place = self.place(finding)
        if place is not None:
            return f"{place.sheet} {place.cell}"
        if finding.place is not None:
            return f"原文件 {finding.place.told}"
        return "整份材料"

    def relocated(self, text: str) -> str:
        """A suggestion with the addresses of the file as sent turned into those of the returned workbook."""

        def moved(match: re.Match[str]) -> str:
            key = _keys_by_address(self.pack, self.facts).get((match[1], match[2]))
            place = self.places.get(key) if key is not None else None
            return f"（{place.sheet} {place.cell}）" if place else match[0]

        return ADDRESS.sub(moved, text)

    def suspected(self, finding: Finding) -> tuple[str | None, str | None, Decimal | None]:
        """What stands in the suspected cell of a finding, what it should hold, and the difference."""
        key = self._keys.get(finding.suggested_place) if finding.suggested_place else None
        fact = self.facts.get(*key) if key else None
        meant = finding.suggested_value
        if fact is None or meant is None:
            return finding.actual, finding.expected, finding.difference
        return plain_text(fact.value) if fact.value is not None else "未填列", plain_text(meant), (fact.value or 0) - meant

    def all_words(self, findings: Sequence[Finding]) -> str:
        """The same of several findings, each sheet named once: 自评报告 B27、C27；评分表 F5."""
        return cells_words(place for each in findings if (place := self.place(each) or each.place) is not None)


@cached_per_filing
def _keys_by_place(pack: Pack, facts: Facts) -> Mapping[Place, CellKey]:
    """Which fact each cell of the file as sent holds, the first of them."""
    return {fact.place: (fact.concept, fact.institution) for fact in reversed(facts.rows) if fact.place is not None}


@cached_per_filing
def _keys_by_address(pack: Pack, facts: Facts) -> Mapping[tuple[str, str], CellKey]:
    """Which fact each cell of the file as sent holds, by sheet and place within it, as suggestions name cells."""
    return {(place.sheet, place.within): key for place, key in _keys_by_place(pack, facts).items()}


def cells_words(places: Iterable[Place], most: int | None = None) -> str:
    """Cells as people list them, each sheet named once: 自评报告 B27、C27；评分表 F5.

    Of more than `most` cells on a sheet the first is named and the rest are counted.
    """
    by_sheet: dict[str, dict[str, None]] = {}
    for place in places:
        by_sheet.setdefault(place.sheet, {})[place.within] = None
    told = []
    for sheet, cells in by_sheet.items():
        many = most is not None and len(cells) > most
        told.append(f"{sheet} {f'{next(iter(cells))} 等 {len(cells)} 处' if many else '、'.join(cells)}")
    return "；".join(told)


def highest_severity(findings: Iterable[Finding]) -> Severity:
    """The heaviest severity of some findings."""
    return min((finding.severity for finding in findings), key=lambda severity: severity.weight)
