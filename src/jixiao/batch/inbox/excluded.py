"""The results of files that do not count, and of departments that sent none."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from jixiao.batch.inbox.files import InboxFile
from jixiao.batch.inbox.identity import SHORTEST_NAME, area_of, by_file_name
from jixiao.model.finding import Finding, identified
from jixiao.model.result import DepartmentResult, DepartmentSummary, Result, first_message
from jixiao.model.submission import FilingHeader, Identity, ResolvedIdentity, RosterEntry, Status, UnreadableFiling
from jixiao.pack import Pack
from jixiao.values.names import comparable_name

CLASSIFIED = "名册标明涉密，按规定未读取，请线下处理"
CLASSIFIED_MISSING = "名册标明涉密，请线下报送"


@dataclass(frozen=True, slots=True)
class VersionDecision:
    """Why a filing does not count: its status, and the file that replaced it."""

    status: Status
    other: str


class ClassifiedNames:
    """The departments of a roster marked 涉密: files that are named after them are refused unread."""

    def __init__(self, roster: Sequence[RosterEntry]) -> None:
        """Work out by what names a file may belong to them: code, name, and the name without that of the district.

        People leave out the name of their own district; the short name counts only if no other department's name has it.
        """
        names = [comparable_name(entry.department) for entry in roster]
        area = area_of(names)
        self._names: list[tuple[RosterEntry, list[str]]] = []
        for entry in roster:
            if entry.classified:
                full = comparable_name(entry.department)
                short = full.removeprefix(area)
                shared = len(short) < SHORTEST_NAME or sum(short in name for name in names) > 1
                self._names.append((entry, [name for name in (full, entry.budget_code, "" if shared else short) if name]))

    def owner(self, file: InboxFile) -> RosterEntry | None:
        """Return the department that the name of a file, or that of its folder, belongs to, if any."""
        path = PurePosixPath(file.name)
        for part in (path.stem, *reversed(path.parts[:-1])) if self._names else ():
            text = comparable_name(part)
            owner = next((entry for entry, names in self._names if any(name in text for name in names)), None)
            if owner is not None:
                return owner
        return None


def skipped_result(file: InboxFile, entry: RosterEntry | None) -> Result:
    """Return the result of a file that was not read; `entry` is the department marked 涉密 that it belongs to, if any."""
    submission_id = sha256(file.name.encode()).hexdigest()[:12]
    return Result(
        submission_id, file.name, "", Status.SKIPPED, CLASSIFIED if entry else file.skipped, _expected(entry), roster=entry,
        counted=False,
    )  # fmt: skip


def unreadable_result(unreadable: UnreadableFiling, roster: Sequence[RosterEntry]) -> Result:
    """Return the result of a file that gave no submission; the roster may know by its name from whom it came."""
    entry = by_file_name(PurePosixPath(unreadable.file).stem, roster)
    return _excluded(unreadable, _expected(entry), entry, unreadable.status, unreadable.findings)


def out_of_count(header: FilingHeader, who: ResolvedIdentity, verdict: VersionDecision | None, pack: Pack) -> Result:
    """Return the result of a readable filing that is not scored: replaced, repeated, in conflict, classified or not expected."""
    if who.entry and who.entry.classified:
        return replace(_excluded(header, who.identity, who.entry, Status.SKIPPED, ()), reason=CLASSIFIED)
    if verdict is None:
        named = who.identity.department or header.file
        finding = pack.rules.finding("SUB-08", actual=named, place=header.department_place)
        return _excluded(header, who.identity, who.entry, Status.NOT_ON_ROSTER, (finding,))
    code = {Status.DUPLICATE: "SUB-06", Status.SUPERSEDED: "SUB-07", Status.CONFLICT: "SUB-11"}[verdict.status]
    return _excluded(header, who.identity, who.entry, verdict.status, (pack.rules.finding(code, other=verdict.other),))


def broken_result(header: FilingHeader, who: ResolvedIdentity, error: Exception, pack: Pack) -> Result:
    """Return the result of a filing on which the program itself broke: it names the place in the program, never content."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{Path(frames[-1].filename).stem} 第 {frames[-1].lineno} 行" if frames else "未知处"
    finding = pack.rules.finding("SUB-12", reason=f"程序内部错误（{type(error).__name__}，{at}）")
    return _excluded(header, who.identity, who.entry, Status.UNREADABLE, (finding,))


def missing_results(roster: Sequence[RosterEntry], results: Sequence[DepartmentResult]) -> list[DepartmentSummary]:
    """Return a summary for each department of the roster that sent no file and does not report within another."""
    came = {result.roster for result in results if result.roster}
    missing = []
    for entry in roster:
        if entry.reports_within or entry in came:
            continue
        key = "\0".join(["missing", entry.budget_code, entry.department, *([entry.district] if entry.district else [])])
        reason = f"未报送（截止 {entry.deadline}）" if entry.deadline else "未报送"
        if entry.classified:
            reason = CLASSIFIED_MISSING
        submission_id = sha256(key.encode()).hexdigest()[:12]
        missing.append(DepartmentSummary(submission_id, "", "", Status.MISSING, reason, _expected(entry), roster=entry, counted=False))
    return missing


def _expected(entry: RosterEntry | None) -> Identity:
    return Identity(entry.department, entry.budget_code or None, None) if entry else Identity(None, None, None)


def _excluded(
    file: FilingHeader | UnreadableFiling, identity: Identity, entry: RosterEntry | None, status: Status,
    findings: tuple[Finding, ...],
) -> Result:
    findings = identified(findings, file.submission_id)
    return Result(
        file.submission_id, file.file, file.sha256, status, first_message(findings), identity, findings, roster=entry,
        counted=False,
    )  # fmt: skip
