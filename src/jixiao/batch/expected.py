"""Which departments of the roster a file of the inbox may be of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jixiao.batch.districts import of_district
from jixiao.batch.inbox import InboxFile
from jixiao.batch.uncounted import classified_file
from jixiao.model.roster import RosterEntry


class Expected:
    """The roster; with `where`, the district of each file by its name, files are of their district's departments."""

    def __init__(self, roster: tuple[RosterEntry, ...], where: Mapping[str, str] | None = None) -> None:
        self.roster, self.where = roster, where or {}
        self._shares = {district: of_district(roster, district) for district in dict.fromkeys(self.where.values())}

    def of(self, name: str) -> Sequence[RosterEntry]:
        """The departments of the roster that a file of this name may be of."""
        return self._shares[self.where[name]] if name in self.where else self.roster

    def classified(self, file: InboxFile) -> bool:
        """Whether a file is by its name of a department that must send nothing; it is not even read."""
        return classified_file(file, self.of(file.name)) is not None
