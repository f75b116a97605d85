"""Where a finding of the input file stands in the returned workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from jixiao.model.cell import plain_decimal
from jixiao.model.fact import Facts
from jixiao.model.finding import Finding, Severity
from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.memo import once_a_filing
from jixiao.writing.canvas import Link
from jixiao.writing.findings_rows import ADDRESS
from jixiao.writing.form_rows import Key


@dataclass(frozen=True)
class Whereabouts:
    """Finds the cells of a drawn form that findings are about: by the input's cell, else by concept and institution.

    `places` are those of the returned form; it may be empty before the form is drawn.
    """

    pack: Pack
    facts: Facts
    places: Mapping[Key, Place] = field(default_factory=dict)

    @cached_property
    def _keys(self) -> Mapping[Place, Key]:
        return _keys_by_place(self.pack, self.facts)

    def keys(self, finding: Finding) -> tuple[Key, ...]:
        """The cells (concept, institution) that a finding concerns, the one it points at first; empty for none.

        A sentence of the narrative that contradicts a table concerns both cells, and a balance also the suspected one.
        """
        found: list[Key] = []
        named = self._named(finding)
        pointed = self._pointed(finding.place, named)
        for key in (pointed, named, self._keys.get(finding.suggested_place) if finding.suggested_place else None):
            if key is not None and key not in found:
                found.append(key)
        return tuple(found)

    def _named(self, finding: Finding) -> Key | None:
        if finding.concept is None:
            return None
        return (finding.concept, finding.institution or self.pack.institution_of(finding.concept))

    def _pointed(self, place: Place | None, named: Key | None) -> Key | None:
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
        return plain_decimal(fact.value) if fact.value is not None else "未填列", plain_decimal(meant), (fact.value or 0) - meant

    def all_words(self, findings: Sequence[Finding]) -> str:
        """The same of several findings, each sheet named once: 自评报告 B27、C27；评分表 F5."""
        return cells_words(place for each in findings if (place := self.place(each) or each.place) is not None)


@once_a_filing
def _keys_by_place(pack: Pack, facts: Facts) -> Mapping[Place, Key]:
    """Which fact each cell of the file as sent holds, the first of them."""
    return {fact.place: (fact.concept, fact.institution) for fact in reversed(facts.rows) if fact.place is not None}


@once_a_filing
def _keys_by_address(pack: Pack, facts: Facts) -> Mapping[tuple[str, str], Key]:
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


def heaviest(findings: Iterable[Finding]) -> Severity:
    """The heaviest severity of some findings."""
    return min((finding.severity for finding in findings), key=lambda severity: severity.weight)
