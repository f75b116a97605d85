"""What a partition is given to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jixiao.model.external_data import NO_EXTERNAL_DATA, ExternalData
from jixiao.model.review import Review
from jixiao.model.submission import FilingHeader, ResolvedIdentity


@dataclass(frozen=True, slots=True)
class Earlier:
    """The version of a filing before the one that counts, and how many versions its department sent in all."""

    header: FilingHeader
    resolved: ResolvedIdentity
    versions: int


@dataclass(frozen=True, slots=True)
class FilingTask:
    """A filing that counts, whose it is, where its returned workbook goes (relative to OUT), and what is personal in it.

    `reviews` and `external` are what reviewers decided of it and what else is known of its department, `earlier` the
    version that it replaces, with which it is compared.
    """

    header: FilingHeader
    resolved: ResolvedIdentity
    output: str
    personal: frozenset[str] = frozenset()
    reviews: tuple[Review, ...] = ()
    external: ExternalData = NO_EXTERNAL_DATA
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class PartitionTask:
    """The filings of a partition and what writing them needs to know of the run."""

    assignments: tuple[FilingTask, ...]
    pack: str
    year: int
    bureau: str
    contact: str
    spool: Path
    """The folder with the submissions as read."""
    out: Path
    work: Path
    records: Path
    """The folder of records for the tables and for the next run."""
    keys: Mapping[str, str]
    """The key of each record, by the submission's id."""
    public: bool = False
    """Whether public copies will be made."""
