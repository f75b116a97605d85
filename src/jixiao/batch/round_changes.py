"""Versions of one filing compared: the superseded one checked as the one that replaced it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from jixiao.batch.assignment import Assignment
from jixiao.batch.identity import Header, Resolved
from jixiao.batch.redaction import redacted
from jixiao.batch.rounds import settle
from jixiao.model.result import Result
from jixiao.model.rounds import RoundChange, change, changed_cells
from jixiao.model.submission import Status, Submission
from jixiao.pack import Pack


def round_changes(
    headers: Sequence[Header],
    resolved: Mapping[str, Resolved],
    assignments: Sequence[Assignment],
    results: Sequence[Result],
    pack: Pack,
    year: int,
    submission_of: Callable[[str], Submission],
    districts: Mapping[str, str],
) -> tuple[RoundChange, ...]:
    """The change of every department that counts and sent more than one version, in the order of the results.

    The version before the last is checked anew, with the same figures from elsewhere beside it, and redacted.
    """
    verdicts = settle([(header, resolved[header.submission_id]) for header in headers], districts)
    superseded: dict[str, list[str]] = {}
    for submission_id, verdict in verdicts.items():  # of each department in the order of its versions
        if verdict.status is Status.SUPERSEDED:
            superseded.setdefault(verdict.other, []).append(submission_id)
    if not superseded:
        return ()
    # Imported here: what checks is heavy, and most runs of a store that is kept do not need it.
    from jixiao.batch.partition import evaluate

    by_id = {result.submission_id: result for result in results}
    found = {}
    for each in assignments:
        older = superseded.get(each.header.file)
        result = by_id.get(each.header.submission_id)
        if not older or result is None or not result.scored:
            continue
        try:
            (before,) = evaluate(
                [submission_of(older[-1])], [resolved[older[-1]]], pack, year, elsewhere=[each.elsewhere]
            )
        except Exception:
            continue  # a version that no longer counts ends no run
        told = redacted(before, each.personal, pack)
        found[result.submission_id] = change(
            result.submission_id, told.file, len(older) + 1, told.findings, result.findings,
            changed_cells(told.facts, result.facts),
        )
    return tuple(found[result.submission_id] for result in results if result.submission_id in found)
