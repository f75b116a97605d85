"""What a partition is given to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jixiao.batch.identity import Header, Resolved
from jixiao.batch.log import Entry
from jixiao.model.elsewhere import NOTHING_ELSEWHERE, Elsewhere
from jixiao.model.review import Review


@dataclass(frozen=True, slots=True)
class Earlier:
    """The version of a filing before the one that counts, and how many versions its department sent in all."""

    header: Header
    resolved: Resolved
    versions: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """A filing that counts, whose it is, where its returned workbook goes (relative to OUT), and what is personal in it.

    `reviews` and `elsewhere` are what reviewers decided of it and what else is known of its department, `earlier` the
    version that it replaces, with which it is compared.
    """

    header: Header
    resolved: Resolved
    output: str
    personal: frozenset[str] = frozenset()
    reviews: tuple[Review, ...] = ()
    elsewhere: Elsewhere = NOTHING_ELSEWHERE
    earlier: Earlier | None = None

    @property
    def headers(self) -> tuple[Header, ...]:
        """The header of the filing and that of the version that it replaces."""
        return (self.header, self.earlier.header) if self.earlier else (self.header,)


@dataclass(frozen=True, slots=True)
class PartitionTask:
    """The filings of a partition and what writing them needs to know of the run."""

    assignments: tuple[Assignment, ...]
    pack: str
    year: int
    bureau: str
    contact: str
    spool: Path
    spooled: Mapping[str, Entry]
    """Where in the spool the submissions stand."""
    out: Path
    work: Path
    kept: Path | None = None
    """The folder of the store that keeps results for the next run; None where nothing is kept."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """The digest of all that each result comes from, by the submission's id, where results are kept."""
    public: bool = False
    """Whether public copies will be made of what is kept."""
