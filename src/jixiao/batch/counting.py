"""Which filings of an inbox count, and the names of their returned workbooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jixiao.batch.assignment import Assignment, Earlier
from jixiao.batch.identity import Header, Resolved
from jixiao.batch.outputs import DEPARTMENTS
from jixiao.batch.personal import PersonalWords, Words
from jixiao.batch.rounds import Verdict, settle
from jixiao.batch.uncounted import out_of_count
from jixiao.model.names import comparable, safe_file_stem
from jixiao.model.privacy import masked
from jixiao.model.result import Result
from jixiao.model.submission import Status
from jixiao.pack import Pack


def settled(
    headers: Sequence[Header], resolved: dict[str, Resolved], has_roster: bool, pack: Pack, words: PersonalWords,
    where: Mapping[str, str],
) -> tuple[list[Assignment], list[Result]]:
    """The filings that count, with their output names, and the results of those that do not."""
    verdicts = settle([(header, resolved[header.submission_id]) for header in headers], where)
    earlier = _earlier(headers, resolved, verdicts)
    counted: list[Assignment] = []
    others: list[Result] = []
    names: set[str] = set()
    for header in sorted(headers, key=lambda each: _order(resolved[each.submission_id], each)):
        who = resolved[header.submission_id]
        verdict = verdicts.get(header.submission_id)
        if verdict or (has_roster and who.entry is None) or (who.entry and who.entry.classified):
            others.append(out_of_count(header, who, verdict, pack))
        else:
            personal = words.of(who.identity, header.submission_id, header.file)
            output = _output_name(who, header, names, personal)
            counted.append(Assignment(header, who, output, personal, earlier=earlier.get(header.file)))
    return counted, others


def _earlier(
    headers: Sequence[Header], resolved: Mapping[str, Resolved], verdicts: Mapping[str, Verdict]
) -> dict[str, Earlier]:
    """The version before the last, by the file that replaced it."""
    by_id = {header.submission_id: header for header in headers}
    found: dict[str, Earlier] = {}
    for submission_id, verdict in verdicts.items():  # of each department in the order of its versions
        if verdict.status is Status.SUPERSEDED:
            before = found.get(verdict.other)
            versions = before.versions + 1 if before else 2
            found[verdict.other] = Earlier(by_id[submission_id], resolved[submission_id], versions)
    return found


def _order(who: Resolved, header: Header) -> tuple[str, str, str]:
    return (who.identity.budget_code or "~", who.identity.department or "~", header.file)


def _output_name(who: Resolved, header: Header, taken: set[str], personal: Words) -> str:
    parts = [part for part in (who.identity.budget_code, who.identity.department) if part]
    stem = safe_file_stem(masked("_".join(parts), personal) if parts else f"未识别_{header.submission_id}")
    # Two names that differ only in case are one file on Windows.
    if comparable(stem) in taken:
        stem = f"{stem}_{header.submission_id}"
    taken.add(comparable(stem))
    return f"{DEPARTMENTS}/{stem}.xlsx"
