"""The records that a run keeps for the next, and what of a filing's can be had from them without the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jixiao.batch.store import Store, packed, unpacked
from jixiao.model.fact import Facts, facts_of_columns
from jixiao.model.result import Result
from jixiao.model.table_rows import TableRows


@dataclass(frozen=True, slots=True)
class Kept:
    """A filing's result, the digest of all it came from, and the sha256 of the returned workbook as written.

    Packed each for itself, since who asks for one need not open the others: the brief result, the rows of the tables,
    and the rest of the whole redacted result, whose facts stand in the rows. Only public copies are made of that: where
    none was asked for it is empty, and a run that asks for them evaluates the filing again.
    """

    key: str
    written: str
    brief: bytes
    rows: bytes
    rest: bytes


@dataclass(frozen=True, slots=True)
class KeptDistrict:
    """The files of the whole district as written: the digest of all they came from, and each name with its sha256."""

    key: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeptPdf:
    """Which PDF was made of which workbook, by their digests."""

    workbook: str
    pdf: str


def kept_of(key: str, written: str, brief: Result, rows: TableRows, whole: Result | None) -> Kept:
    """What is kept of a filing: its brief result, its rows, and its whole redacted result where that is asked for."""
    return Kept(key, written, packed(brief), packed(rows), b"" if whole is None else packed(_rest(whole)))


def _rest(whole: Result) -> Result:
    # Facts of a filing whose places are of several kinds are no columns without loss.
    return whole if whole.facts.columns() is None else replace(whole, facts=Facts(()))


def kept_whole(store: Store, submission_id: str) -> Result:
    """The whole redacted result of a filing, kept by this run or an earlier one; `OSError` if it is there no more."""
    found = _found(store, submission_id)
    rest: Result = unpacked(found.rest)
    return rest if len(rest.facts) else replace(rest, facts=facts_of_columns(unpacked(found.rows).facts))


def kept_rows(store: Store, submission_id: str) -> TableRows:
    """The rows of a filing in the tables; `OSError` if they are there no more."""
    rows: TableRows = unpacked(_found(store, submission_id).rows)
    return rows


def _found(store: Store, submission_id: str) -> Kept:
    found = store.get(submission_id)
    if not isinstance(found, Kept):
        raise OSError(f"{store.folder / submission_id} cannot be read")
    return found
