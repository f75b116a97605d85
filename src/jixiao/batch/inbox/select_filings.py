"""Which filings of an inbox count, and the names of their returned workbooks.

Of a department's filings the newest counts by its own date, by rule and never by a file's time stamp.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from jixiao.batch.filing_task import Earlier, FilingTask
from jixiao.batch.inbox.excluded import VersionDecision, out_of_count
from jixiao.batch.outputs import DEPARTMENTS
from jixiao.model.result import Result
from jixiao.model.submission import FilingHeader, ResolvedIdentity, Status
from jixiao.pack import Pack
from jixiao.privacy.find import PersonalWords, Words
from jixiao.privacy.mask import mask
from jixiao.values.names import comparable_name, safe_file_stem

_DATE = re.compile(r"(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?|(\d{4})(\d{2})(\d{2})")
_ROUND = re.compile(r"第([一二三四五六七八九十]|\d+)[次轮批]")
_CHINESE_DIGITS = "一二三四五六七八九十"


def select_filings(
    headers: Sequence[FilingHeader], resolved: dict[str, ResolvedIdentity], has_roster: bool, pack: Pack, words: PersonalWords,
    where: Mapping[str, str],
) -> tuple[list[FilingTask], list[Result]]:
    """Return the filings that count, with their output names, and the results of those that do not."""
    verdicts = choose_versions([(header, resolved[header.submission_id]) for header in headers], where)
    earlier = _earlier(headers, resolved, verdicts)
    counted: list[FilingTask] = []
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
            counted.append(FilingTask(header, who, output, personal, earlier=earlier.get(header.file)))
    return counted, others


def _earlier(
    headers: Sequence[FilingHeader], resolved: Mapping[str, ResolvedIdentity], verdicts: Mapping[str, VersionDecision]
) -> dict[str, Earlier]:
    """Return the version before the last, by the file that replaced it."""
    by_id = {header.submission_id: header for header in headers}
    earlier: dict[str, Earlier] = {}
    for submission_id, verdict in verdicts.items():  # of each department in the order of its versions
        if verdict.status is Status.SUPERSEDED:
            before = earlier.get(verdict.other)
            versions = before.versions + 1 if before else 2
            earlier[verdict.other] = Earlier(by_id[submission_id], resolved[submission_id], versions)
    return earlier


def _order(who: ResolvedIdentity, header: FilingHeader) -> tuple[str, str, str]:
    return (who.identity.budget_code or "~", who.identity.department or "~", header.file)


def _output_name(who: ResolvedIdentity, header: FilingHeader, taken: set[str], personal: Words) -> str:
    parts = [part for part in (who.identity.budget_code, who.identity.department) if part]
    stem = safe_file_stem(mask("_".join(parts), personal) if parts else f"未识别_{header.submission_id}")
    # Two names that differ only in case are one file on Windows.
    if comparable_name(stem) in taken:
        stem = f"{stem}_{header.submission_id}"
    taken.add(comparable_name(stem))
    return f"{DEPARTMENTS}/{stem}.xlsx"


def choose_versions(
    filings: Sequence[tuple[FilingHeader, ResolvedIdentity]], districts: Mapping[str, str] = MappingProxyType({})
) -> dict[str, VersionDecision]:
    """Return the filings that do not count, by submission id: duplicates, superseded ones and conflicts.

    Of the filings of one department and year the last counts, ordered by round (folders 第一次报送, 第二次报送 …), then
    by 报告日期 where all of them state one, then by file name. Identical files after the first are duplicates; two
    different ones that the order cannot tell apart are in conflict. `districts` are
    those of the files: departments of different districts are never one.
    """
    groups: dict[tuple[str, str, int | None], list[FilingHeader]] = defaultdict(list)
    for header, resolved in filings:
        key = resolved.identity.budget_code or comparable_name(resolved.identity.department or "")
        groups[(districts.get(header.file, ""), key or header.submission_id, resolved.identity.year)].append(header)
    verdicts: dict[str, VersionDecision] = {}
    for group in groups.values():
        if len(group) > 1:
            _settle_group(group, verdicts)
    return verdicts


def _settle_group(group: list[FilingHeader], verdicts: dict[str, VersionDecision]) -> None:
    dated = all(report_date_key(header.report_date) for header in group)

    def order(header: FilingHeader) -> tuple[object, ...]:
        date = report_date_key(header.report_date) if dated else ()
        return (_round(header.file), date, PurePosixPath(header.file).name)

    firsts: dict[str, FilingHeader] = {}
    # The first file of a content represents all of that content, at the place of the latest of them in the order.
    ranked = sorted(group, key=lambda header: (order(header), header.file))
    latest: dict[str, tuple[object, ...]] = {}
    for header in sorted(group, key=lambda header: header.file):
        if header.sha256 in firsts:
            verdicts[header.submission_id] = VersionDecision(Status.DUPLICATE, firsts[header.sha256].file)
        else:
            firsts[header.sha256] = header
    for header in ranked:
        latest[header.sha256] = order(header)
    distinct = sorted(firsts.values(), key=lambda header: (latest[header.sha256], header.file))
    newest = distinct[-1]
    tied = [header for header in distinct if latest[header.sha256] == latest[newest.sha256]]
    for header in distinct:
        if len(tied) > 1 and header in tied:
            other = next(each for each in tied if each is not header)
            verdicts[header.submission_id] = VersionDecision(Status.CONFLICT, other.file)
        elif header is not newest:
            verdicts[header.submission_id] = VersionDecision(Status.SUPERSEDED, newest.file)


def report_date_key(text: str) -> tuple[int, int, int] | tuple[()]:
    """Return year, month and day of a date as departments write it, the day 0 if it is left out; () if it is no date."""
    match = _DATE.search(text)
    if not match:
        return ()
    year, month, day = (match[4], match[5], match[6]) if match[4] else (match[1], match[2], match[3] or "0")
    return (int(year), int(month), int(day)) if 1 <= int(month) <= 12 else ()


def is_round(folder: str) -> bool:
    """Return whether a folder's name is that of a round: 第一次报送, 第2轮."""
    return bool(_ROUND.search(folder))


def _round(file: str) -> int:
    numbers = [_ROUND.search(part) for part in PurePosixPath(file).parts[:-1]]
    number = next((match[1] for match in numbers if match), "0")
    return int(number) if number.isdigit() else _CHINESE_DIGITS.index(number) + 1
