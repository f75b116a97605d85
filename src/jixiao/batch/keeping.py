"""What is kept of a filing's evaluation and of the district's files, and when it may stand for doing the work again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from jixiao.batch.assignment import Assignment
from jixiao.batch.digest import digest, file_sha256
from jixiao.batch.kept import Kept, KeptDistrict
from jixiao.batch.store import Store, unpacked
from jixiao.model.result import Result, shared

DISTRICT = "district"
PLANNED = "planned.json"


def assignment_key(assignment: Assignment, year: int, bureau: str, contact: str) -> str:
    """The digest of all that a returned workbook depends on besides the pack and the program."""
    return digest(assignment, year, bureau, contact)


def kept_result(store: Store, assignment: Assignment, key: str, out: Path, *, public: bool) -> Result | None:
    """The result of an earlier run, where nothing that touches it changed and its workbook lies in OUT as written.

    With `public` only where also what a public copy is made of was kept, if it may have one.
    """
    kept = store.get(assignment.header.submission_id)
    if not isinstance(kept, Kept) or kept.key != key or file_sha256(out / assignment.output) != kept.written:
        return None
    with suppress(Exception):  # whatever a foreign entry does to the reader, its work is simply done again
        result = unpacked(kept.brief)
        if isinstance(result, Result) and (kept.rest or not (public and _may_be_public(result))):
            return shared(result)
    return None


def _may_be_public(result: Result) -> bool:
    from jixiao.writing.public import may_be_public  # what draws is loaded by who needs it

    return may_be_public(result)


def kept_outputs(store: Store, key: str, out: Path) -> list[str] | None:
    """The names of the district's files, where they lie in OUT as written and nothing they are made of changed."""
    kept = store.get(DISTRICT)
    if not isinstance(kept, KeptDistrict) or kept.key != key:
        return None
    return [name for name, _ in kept.files] if all(file_sha256(out / name) == told for name, told in kept.files) else None


def keep_district(store: Store, key: str, out: Path, names: Iterable[str]) -> None:
    """Remember the district's files as they lie in OUT."""
    told: Mapping[str, str] = {name: file_sha256(out / name) or "" for name in names}
    store.put(DISTRICT, KeptDistrict(key, tuple(sorted(told.items()))))


def planned(private: Path) -> list[str]:
    """The names that runs which did not end meant to write; empty where the last one ended."""
    try:
        names = json.loads((private / PLANNED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def plan(private: Path, names: Iterable[str]) -> None:
    """Remember what is about to be written, so that a run after a killed one knows its files for the tool's own."""
    temporary = private / f"{PLANNED}.part"
    temporary.write_text(json.dumps(sorted({*planned(private), *names}), ensure_ascii=False), encoding="utf-8")
    temporary.replace(private / PLANNED)


def fulfilled(private: Path) -> None:
    """Forget the plan: the manifest now tells what was written."""
    with suppress(OSError):
        (private / PLANNED).unlink()
