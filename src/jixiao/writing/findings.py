"""Findings as people read them: the rows of a findings sheet, figures, and the cells of the returned form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

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
"""The separator of failures of one cause: each begins a line."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One row of the findings sheet: the findings in it, of which the first is shown."""

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
        """Whether the row is about several failures that one suspected cell, or set of cells, explains."""
        return len(self.findings) > 1 and bool(self.findings[0].suggestion)

    @property
    def message(self) -> str:
        """The finding's message, or that of several with the words they share said once.

        Of failures with one cause each but the first is followed by its rule, which the row shows for the first.
        """
        messages = [finding.message for finding in self.findings]
        if not self.one_cause:
            return joined(messages)
        head = _shared_head(messages)
        head = head[: head.rfind("：") + 1]
        first, *others = (message.removeprefix(head) for message in messages)
        rules = [finding.rule for finding in self.findings[1:]]
        named = [f"{_REQUEST.sub('', message)}（{rule}）" for message, rule in zip(others, rules, strict=True)]
        return head + _NEXT.join([*named, first])


def finding_rows(findings: Sequence[Finding]) -> tuple[FindingRow, ...]:
    """Return the rows in which findings are listed, heaviest first.

    The same note (severity `info`, same rule, figures and remedy) on many cells is one row, and so are the failures that
    one cell explains, at the place of the first of them; those with the same suspected cell follow each other.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in sorted(findings, key=Finding.sort_key):
        groups.setdefault(_same_note(finding), []).append(finding)
    together: dict[object, list[FindingRow]] = {}
    for row in (FindingRow(tuple(group)) for group in groups.values()):
        together.setdefault(_same_cause(row.first), []).append(row)
    return tuple(row for rows in together.values() for row in rows)


def without_addresses(text: str) -> str:
    """Return a suggestion without the addresses of its cells, which are those of the file as sent."""
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
    """Return messages as one text: what they share before and after is said once, what differs is listed."""
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


def figure(text: str | Decimal | None) -> Value:
    """Return a figure as a number where it is one, else as the text it is."""
    return Decimal(text) if isinstance(text, str) and _NUMBER.fullmatch(text) else text


def figure_style(shown: Value, number: str) -> Style:
    """Return how a cell shows a figure: at the right, numbers in this number format."""
    return Style("text", align="right") if isinstance(shown, str) else Style("number", number)


def number_of(finding: Finding, pack: Pack) -> str:
    """Return the number format of a finding's figures: that of its concept's kind, of a text that of the unit it names."""
    try:
        kind = pack.concept(finding.concept).kind if finding.concept else ConceptKind.TEXT
    except KeyError:
        kind = ConceptKind.TEXT
    if kind is ConceptKind.AMOUNT or (kind is ConceptKind.TEXT and AMOUNT_UNIT in finding.message):
        return "amount_exact"
    return "count" if kind is ConceptKind.COUNT else "general"


@dataclass(frozen=True)
class CellLocations:
    """The cells of a drawn form that findings are about: by the input's cell, else by concept and institution.

    `places` are those of the returned form; it may be empty before the form is drawn.
    """

    pack: Pack
    facts: Facts
    places: Mapping[CellKey, Place] = field(default_factory=dict)

    def keys(self, finding: Finding) -> tuple[CellKey, ...]:
        """Return the cells (concept, institution) that a finding concerns, the one it points at first; empty for none.

        A sentence of the narrative that contradicts a table concerns both cells, and a balance also the suspected one.
        """
        named: CellKey | None = None
        if finding.concept is not None:
            named = (finding.concept, finding.institution or self.pack.institution_of(finding.concept))
        # Merged cells may hold several facts: the one that the finding names counts.
        fact = self.facts.get(*named) if named else None
        pointed = named if fact is not None and fact.place == finding.place else self._key_at(finding.place)
        keys = (pointed if finding.place else None, named, self._key_at(finding.suggested_place))
        return tuple(dict.fromkeys(key for key in keys if key is not None))

    def _key_at(self, place: Place | None) -> CellKey | None:
        return _keys_by_place(self.pack, self.facts).get(place) if place else None

    def place(self, finding: Finding) -> Place | None:
        """Return the cell of the returned workbook that a finding points at, or None where it has none."""
        return next((self.places[key] for key in self.keys(finding) if key in self.places), None)

    def link(self, finding: Finding) -> Link | None:
        """Return a native link to that cell."""
        place = self.place(finding)
        return place and Link(place.sheet, place.row, place.column, tip=f"转到 {place.sheet} {place.cell}")

    def words(self, finding: Finding) -> str:
        """Return what people look for: sheet and cell of the returned workbook, else those of the file as sent."""
        place = self.place(finding)
        if place is not None:
            return f"{place.sheet} {place.cell}"
        if finding.place is not None:
            return f"原文件 {finding.place.told}"
        return "整份材料"

    def relocated(self, text: str) -> str:
        """Return a suggestion with the addresses of the file as sent turned into those of the returned workbook."""

        def moved(match: re.Match[str]) -> str:
            key = _keys_by_address(self.pack, self.facts).get((match[1], match[2]))
            place = self.places.get(key) if key is not None else None
            return f"（{place.sheet} {place.cell}）" if place else match[0]

        return ADDRESS.sub(moved, text)

    def suspected(self, finding: Finding) -> tuple[str | None, str | None, Decimal | None]:
        """Return what the suspected cell of a finding holds, what it should hold, and the difference."""
        key = self._key_at(finding.suggested_place)
        fact = self.facts.get(*key) if key else None
        meant = finding.suggested_value
        if fact is None or meant is None:
            return finding.actual, finding.expected, finding.difference
        actual = "未填列" if fact.value is None else plain_text(fact.value)
        return actual, plain_text(meant), (fact.value or 0) - meant

    def all_words(self, findings: Sequence[Finding]) -> str:
        """Return the cells of several findings, each sheet named once: 自评报告 B27、C27；评分表 F5."""
        return cells_words(place for each in findings if (place := self.place(each) or each.place) is not None)


@cached_per_filing
def _keys_by_place(pack: Pack, facts: Facts) -> Mapping[Place, CellKey]:
    """Return which fact each cell of the file as sent holds, the first of them."""
    return {fact.place: (fact.concept, fact.institution) for fact in reversed(facts.rows) if fact.place is not None}


@cached_per_filing
def _keys_by_address(pack: Pack, facts: Facts) -> Mapping[tuple[str, str], CellKey]:
    """Return which fact each cell of the file as sent holds, by sheet and place within it, as suggestions name cells."""
    return {(place.sheet, place.within): key for place, key in _keys_by_place(pack, facts).items()}


def cells_words(places: Iterable[Place], most: int | None = None) -> str:
    """Return cells as people list them, each sheet named once: 自评报告 B27、C27；评分表 F5.

    Of more than `most` cells on a sheet the first is named and the rest are counted.
    """
    by_sheet: dict[str, dict[str, None]] = {}
    for place in places:
        by_sheet.setdefault(place.sheet, {})[place.within] = None
    words = []
    for sheet, cells in by_sheet.items():
        many = most is not None and len(cells) > most
        words.append(f"{sheet} {f'{next(iter(cells))} 等 {len(cells)} 处' if many else '、'.join(cells)}")
    return "；".join(words)


def highest_severity(findings: Iterable[Finding]) -> Severity:
    """Return the heaviest severity of some findings."""
    return min((finding.severity for finding in findings), key=lambda severity: severity.weight)
