"""The results of files that do not count, and of departments that sent none."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath

from jixiao.batch.identity import SHORTEST_NAME, Header, Resolved, area_of, by_file_name
from jixiao.batch.inbox import InboxFile
from jixiao.batch.reasons import first_message
from jixiao.batch.rounds import Verdict
from jixiao.model.finding import Finding, identified
from jixiao.model.names import comparable
from jixiao.model.result import Result
from jixiao.model.roster import RosterEntry
from jixiao.model.submission import Identity, Status
from jixiao.model.unreadable import Unreadable
from jixiao.pack import Pack

NOBODY = Identity(None, None, None)
CLASSIFIED = "名册标明涉密，按规定未读取，请线下处理"
CLASSIFIED_MISSING = "名册标明涉密，请线下报送"


def classified_file(file: InboxFile, roster: Sequence[RosterEntry]) -> RosterEntry | None:
    """The department marked 涉密 that the name of a file or of its folder belongs to, if any: it is refused unread."""
    if not any(entry.classified for entry in roster):
        return None
    parts = PurePosixPath(file.name)
    known = _classified_names(roster)
    for part in (parts.stem, *reversed(parts.parts[:-1])):
        told = comparable(part)
        found = next((entry for entry, names in known if any(name in told for name in names)), None)
        if found is not None:
            return found
    return None


_Named = list[tuple[RosterEntry, tuple[str, ...]]]
_last: list[tuple[Sequence[RosterEntry], _Named]] = []


def _classified_names(roster: Sequence[RosterEntry]) -> _Named:
    """The departments marked 涉密 with what a file of theirs may be named by; kept for the roster that is asked about.

    People leave out the name of their own district; what is left counts where no other department's name has it.
    """
    if not _last or _last[0][0] is not roster:
        names = [comparable(entry.department) for entry in roster]
        area = area_of(names)
        known: _Named = []
        for entry in roster:
            if entry.classified:
                full = comparable(entry.department)
                short = full.removeprefix(area)
                shared = len(short) < SHORTEST_NAME or sum(short in name for name in names) > 1
                known.append((entry, tuple(each for each in (full, entry.budget_code, "" if shared else short) if each)))
        _last[:] = [(roster, known)]
    return _last[0][1]


def skipped_result(file: InboxFile, roster: Sequence[RosterEntry]) -> Result:
    """The result of a file that was not read."""
    entry = classified_file(file, roster)
    identity = Identity(entry.department, entry.budget_code or None, None) if entry else NOBODY
    submission_id = sha256(file.name.encode()).hexdigest()[:12]
    reason = CLASSIFIED if entry else file.skipped
    return Result(submission_id, file.name, "", Status.SKIPPED, reason, identity, roster=entry, counted=False)


def unreadable_result(unreadable: Unreadable, roster: Sequence[RosterEntry]) -> Result:
    """The result of a file that gave no submission; the roster may know by its name from whom it came."""
    findings = identified(unreadable.findings, unreadable.submission_id)
    entry = by_file_name(PurePosixPath(unreadable.file).stem, roster)
    identity = Identity(entry.department, entry.budget_code or None, None) if entry else NOBODY
    return Result(
        unreadable.submission_id, unreadable.file, unreadable.sha256, unreadable.status, first_message(findings),
        identity, findings, roster=entry, counted=False,
    )  # fmt: skip


def out_of_count(header: Header, who: Resolved, verdict: Verdict | None, pack: Pack) -> Result:
    """The result of a readable filing that is not scored: replaced, repeated, in conflict, classified or not expected."""
    findings: tuple[Finding, ...]
    if who.entry and who.entry.classified:
        status, findings, reason = Status.SKIPPED, (), CLASSIFIED
    elif verdict is None:
        status = Status.NOT_ON_ROSTER
        named = who.identity.department or header.file
        findings = (pack.rules.finding("SUB-08", actual=named, place=header.department_place),)
        reason = first_message(findings)
    else:
        status = verdict.status
        code = {Status.DUPLICATE: "SUB-06", Status.SUPERSEDED: "SUB-07", Status.CONFLICT: "SUB-11"}[status]
        findings = (pack.rules.finding(code, other=verdict.other),)
        reason = first_message(findings)
    told = identified(findings, header.submission_id)
    return Result(
        header.submission_id, header.file, header.sha256, status, reason, who.identity, told, roster=who.entry,
        counted=False,
    )  # fmt: skip


def broken_result(header: Header, who: Resolved, error: Exception, pack: Pack) -> Result:
    """The result of a filing on which the program itself broke: told with the place in the program, never with content."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{Path(frames[-1].filename).stem} 第 {frames[-1].lineno} 行" if frames else "未知处"
    reason = f"程序内部错误（{type(error).__name__}，{at}）"
    findings = identified((pack.rules.finding("SUB-12", reason=reason),), header.submission_id)
    return Result(
        header.submission_id, header.file, header.sha256, Status.UNREADABLE, first_message(findings), who.identity,
        findings, roster=who.entry, counted=False,
    )  # fmt: skip


def missing_results(roster: Sequence[RosterEntry], results: Sequence[Result]) -> list[Result]:
    """A result for each department of the roster from which no file came and which does not report within another."""
    came = {result.roster for result in results if result.roster}
    missing = []
    for entry in roster:
        if entry.reports_within or entry in came:
            continue
        told = "\0".join(["missing", entry.budget_code, entry.department, *([entry.district] if entry.district else [])])
        key = sha256(told.encode()).hexdigest()[:12]
        identity = Identity(entry.department, entry.budget_code or None, None)
        reason = f"未报送（截止 {entry.deadline}）" if entry.deadline else "未报送"
        if entry.classified:
            reason = CLASSIFIED_MISSING
        missing.append(Result(key, "", "", Status.MISSING, reason, identity, roster=entry, counted=False))
    return missing
