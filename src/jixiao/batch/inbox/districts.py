"""The districts of an inbox of folders: which one a file is of, who may file in it, and its part of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from jixiao.batch.inbox.excluded import ClassifiedNames
from jixiao.batch.inbox.files import InboxFile
from jixiao.batch.inbox.select_filings import is_round
from jixiao.model.result import DepartmentResult, District
from jixiao.model.submission import RosterEntry
from jixiao.values.names import comparable_name


def districts_of(names: Iterable[str]) -> dict[str, str]:
    """Return the district of each file that is in one, as its folders below the inbox: 县 or 市/县.

    A folder that holds no file of its own but folders other than those of rounds is a city, and each folder in it a
    district. Files beside the folders are of no district.
    """
    folders = {name: PurePosixPath(name).parts[:-1] for name in names}
    with_files = {parts[0] for parts in folders.values() if len(parts) == 1}
    with_rounds = {parts[0] for parts in folders.values() if len(parts) > 1 and is_round(parts[1])}
    districts = with_files | with_rounds
    return {name: "/".join(parts[: 1 if parts[0] in districts else 2]) for name, parts in folders.items() if parts}


def of_district(roster: Sequence[RosterEntry], district: str) -> tuple[RosterEntry, ...]:
    """Return the departments of the roster that may file in a district: its own, and those without a district."""
    return tuple(entry for entry in roster if not entry.district or _is_of(entry, district))


def parts_of(whole: District, districts: Mapping[str, str]) -> dict[str, District]:
    """Return each district's part of a batch in the order of their names; links lead from a district's own folder."""
    return {name: _part(whole, name, districts) for name in sorted(set(districts.values()))}


def _part(whole: District, name: str, districts: Mapping[str, str]) -> District:
    up = "../" * (2 + name.count("/"))

    def mine(result: DepartmentResult) -> bool:
        if result.file:
            return districts.get(result.file) == name
        return bool(result.roster and _is_of(result.roster, name))

    results = tuple(
        replace(result, output=f"{up}{result.output}" if result.output else None)
        for result in whole.results
        if mine(result)
    )
    here = {result.roster for result in results}
    roster = tuple(entry for entry in whole.roster if entry in here or _is_of(entry, name))
    codes = {entry.budget_code or comparable_name(entry.department) for entry in roster}
    gone = tuple(each for each in whole.gone if (each.budget_code or comparable_name(each.department)) in codes)
    return replace(whole, results=results, roster=roster, kept_reviews=(), gone=gone)


def _is_of(entry: RosterEntry, district: str) -> bool:
    names = {comparable_name(district), comparable_name(PurePosixPath(district).name)}
    return bool(entry.district) and comparable_name(entry.district) in names


class ExpectedDepartments:
    """The departments that a file may be of: those of the roster, or with `where` (files by name) those of its district."""

    def __init__(self, roster: tuple[RosterEntry, ...], where: Mapping[str, str] | None = None) -> None:
        self.roster, self.where = roster, where or {}
        self._rosters = {district: of_district(roster, district) for district in dict.fromkeys(self.where.values())}
        self._classified = {district: ClassifiedNames(part) for district, part in self._rosters.items()}
        self._all_classified = ClassifiedNames(roster)

    def of(self, name: str) -> Sequence[RosterEntry]:
        """Return the departments of the roster that a file of this name may be of."""
        return self._rosters[self.where[name]] if name in self.where else self.roster

    def classified(self, file: InboxFile) -> RosterEntry | None:
        """Return the department marked 涉密 that a file is of by its name; such a file is not even read."""
        names = self._classified[self.where[file.name]] if file.name in self.where else self._all_classified
        return names.owner(file)
