"""What a run keeps in OUT for the next one: results under a key of all that they depend on, and the names it will write.

A record holds nothing personal, so that OUT may be passed on. Whatever is personal is read again from the filings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from jixiao.batch.external.attach import Leftovers
from jixiao.model.result import DepartmentSummary, Result, TableRows
from jixiao.runtime.digest import digest, file_sha256
from jixiao.runtime.records import RecordStore, decode, encode

P = TypeVar("P")

RECORDS = "results"
"""The folder of records in the program's own folder of OUT."""
PLANNED = "planned.json"


class FilingRecord(msgspec.Struct, frozen=True):
    """What came of a filing: the SHA-256 of its returned workbook, and its redacted result.

    `summary` is for the sheets of the district, `rows` are its rows in the tables, and `whole` is the result for its public
    copy, empty where no public copies were asked for. Encoded one by one: readers need one of them.
    """

    workbook: str
    summary: bytes
    rows: bytes
    whole: bytes = b""


class FilesRecord(msgspec.Struct, frozen=True):
    """Files that were written into OUT: their names with the SHA-256 of each."""

    files: tuple[tuple[str, str], ...]


class EvaluatedFiling(NamedTuple):
    """A filing that was scored: the key of its record, its id, and its returned workbook relative to OUT."""

    key: str
    submission_id: str
    output: str


@dataclass(frozen=True)
class Selection:
    """What reading the inbox came to, without anything personal: the filings that count, and all that is not in their records.

    `uncounted` are the redacted results of the other files.
    """

    filings: tuple[EvaluatedFiling, ...]
    uncounted: tuple[DepartmentSummary, ...]
    year: int
    leftovers: Leftovers


class RunRecord(msgspec.Struct, frozen=True):
    """What a run over an inbox came to, and the files of the whole district that it wrote."""

    selection: Selection
    files: FilesRecord


class Records:
    """The records of runs in OUT. Each has a key made of the program and of all else that it depends on.

    A damaged or foreign record is none, and neither is one of another program or of other inputs: its work is repeated.
    """

    def __init__(self, folder: Path, program: str = "", *, fresh: bool = False) -> None:
        """Use the records of a folder; with `fresh`, those of earlier runs are ignored."""
        self.store = RecordStore(folder)
        self._program, self._fresh = program, fresh
        self._keys: set[str] = set()

    def key(self, *inputs: object) -> str:
        """Return the key of what the program makes of these inputs; its record will outlast this run."""
        key = digest(self._program, *inputs)
        self._keys.add(key)
        return key

    def get(self, key: str, kind: type[P]) -> P | None:
        """Return the record of a key, if there is one of this kind, as it was written."""
        self._keys.add(key)
        return self.store.get(key, kind)

    def open(self) -> None:
        """Create the folder, without records of earlier runs if these are ignored."""
        self.store.create()
        if self._fresh:
            self.store.keep_only(())

    def forget_others(self) -> None:
        """Remove the records whose keys this run has not used."""
        self.store.keep_only(self._keys)

    def result(self, filing: EvaluatedFiling, out: Path, *, public: bool) -> DepartmentSummary | None:
        """Return the brief result of a filing if its returned workbook is in OUT as it was written.

        With `public`, only if the record also holds what a public copy is made of, where there may be one.
        """
        record = self.get(filing.key, FilingRecord)
        if record is None or file_sha256(out / filing.output) != record.workbook:
            return None
        summary = decode(record.summary, DepartmentSummary)
        if summary is None or (summary.submission_id, summary.output, summary.scored) != (*filing[1:], True):
            return None
        if decode(record.rows, TableRows) is None:
            return None
        if public and _may_be_public(summary) and decode(record.whole, Result) is None:
            return None
        return summary.shared()

    def results(self, filings: Sequence[EvaluatedFiling], out: Path, *, public: bool) -> list[DepartmentSummary] | None:
        """Return the brief results of filings; None unless there are all of them."""
        results = [self.result(filing, out, public=public) for filing in filings]
        present = [result for result in results if result is not None]
        return present if len(present) == len(results) else None

    def put_result(self, key: str, workbook: str, summary: DepartmentSummary, rows: TableRows, whole: Result | None) -> None:
        """Write the record of a filing."""
        self.store.put(key, FilingRecord(workbook, encode(summary), encode(rows), encode(whole) if whole else b""))

    def rows(self, key: str) -> TableRows:
        """Return the rows of a filing in the tables; raise `OSError` if they are gone."""
        return self._part(key, "rows", TableRows)

    def whole(self, key: str) -> Result:
        """Return the whole redacted result of a filing; raise `OSError` if it is gone."""
        return self._part(key, "whole", Result)

    def _part(self, key: str, name: str, kind: type[P]) -> P:
        record = self.store.get(key, FilingRecord)
        part = None if record is None else decode(getattr(record, name), kind)
        if part is None:
            raise OSError(f"{self.store.folder / key} cannot be read")
        return part


def record_of_files(out: Path, names: Iterable[str]) -> FilesRecord:
    """Return the record of files as they are in OUT."""
    return FilesRecord(tuple((name, file_sha256(out / name) or "") for name in names))


def unchanged_files(record: FilesRecord | None, out: Path) -> list[str] | None:
    """Return the names of recorded files if all of them are in OUT as they were written."""
    if record is None or any(file_sha256(out / name) != sha256 for name, sha256 in record.files):
        return None
    return [name for name, _ in record.files]


def _may_be_public(result: DepartmentSummary) -> bool:
    from jixiao.writing.returned.public_copy import may_be_public  # loads what draws, which few runs need here

    return may_be_public(result)


def planned(private: Path) -> list[str]:
    """Return the names that runs which did not end were going to write; none where the last run ended."""
    try:
        names = json.loads((private / PLANNED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def plan(private: Path, names: Iterable[str]) -> None:
    """Write down the names that are about to be written: a run after a killed one knows these files as the program's."""
    temporary = private / f"{PLANNED}.part"
    temporary.write_text(json.dumps(sorted({*planned(private), *names}), ensure_ascii=False), encoding="utf-8")
    temporary.replace(private / PLANNED)


def forget_plan(private: Path) -> None:
    """Remove the plan: the manifest now names what was written."""
    with suppress(OSError):
        (private / PLANNED).unlink()
