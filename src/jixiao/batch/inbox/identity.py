"""Who a filing is from and of which year: the cover, else the file's name against the roster, else other parts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from jixiao.model.finding import Finding
from jixiao.model.place import Place
from jixiao.model.submission import FilingHeader, Identity, ResolvedIdentity, RosterEntry, Submission
from jixiao.pack import Pack
from jixiao.pack.fact_lookup import row_facts
from jixiao.privacy.find import personal_words_of
from jixiao.values.names import comparable_name

CLOSE_ENOUGH = 88
"""How alike (of 100) two names must be to be taken for one where no exact match exists; lower ones mix up bureaus."""

_AREA = re.compile(r".{0,6}?[区县市]")
SHORTEST_NAME = 3

_YEARS = (re.compile(r"(20\d\d)\s*年度"), re.compile(r"(20\d\d)\s*年"))


def header_of(submission: Submission, pack: Pack) -> FilingHeader:
    """Return the header of a filing."""
    names, facts = pack.names, submission.facts

    def text(concept: str | None) -> str:
        return (facts.text(concept) or "").strip() if concept else ""

    def place(concept: str | None) -> Place | None:
        fact = facts.get(concept) if concept else None
        return fact.place if fact else None

    units = [fact.text for fact in row_facts(facts, names.evaluator_units) if fact.text]
    year = re.search(r"20\d\d", text(names.year))
    return FilingHeader(
        submission_id=submission.submission_id,
        file=submission.file,
        sha256=submission.sha256,
        department=text(names.department),
        budget_code=text(names.budget_code),
        year=int(year.group()) if year else None,
        narrative_year=stated_year(text(names.narrative)),
        report_date=text(names.report_date),
        evaluator_unit=Counter(units).most_common(1)[0][0].strip() if units else "",
        department_place=place(names.department),
        budget_code_place=place(names.budget_code),
        year_place=place(names.year),
        personal=personal_words_of(pack, facts),
    )


def stated_year(text: str) -> int | None:
    """Return the year that a text names most often as 年度, else as 年, the first of equals; None if it names none."""
    plain = unicodedata.normalize("NFKC", text)
    for pattern in _YEARS:
        if years := pattern.findall(plain):
            return int(max(years, key=years.count))
    return None


def resolve(header: FilingHeader, pack: Pack, roster: Sequence[RosterEntry], batch_year: int) -> ResolvedIdentity:
    """Return the identity of a filing; a finding says what the cover lacks and where it was taken from."""
    findings: list[Finding] = []
    names = pack.names
    department, code, year = header.department, header.budget_code, header.year
    places = {
        names.department: header.department_place, names.budget_code: header.budget_code_place, names.year: header.year_place,
    }  # fmt: skip

    def report(rule: str, concept: str | None = None, place: Place | None = None, **words: Any) -> None:
        findings.append(pack.rules.finding(rule, concept=concept, place=place or places.get(concept), **words))

    entry = _by_code(code, roster)
    if entry and department and comparable_name(entry.department) != comparable_name(department):
        other = _by_name(department, roster)
        if other and other is not entry and comparable_name(other.department) == comparable_name(department):
            report(
                "SUB-13", place=header.department_place, expected=entry.department, actual=department, stated=code,
                chosen=other.department,
            )  # fmt: skip
            entry = other
    entry = entry or _by_name(department, roster)
    if entry is None and not department:
        entry = by_file_name(PurePosixPath(header.file).stem, roster)
        if entry:
            label = pack.concept(names.department).label
            report("SUB-09", names.department, label=label, origin="文件名和名册", actual=entry.department)
    if not department and entry is None and header.evaluator_unit:
        department = header.evaluator_unit
        entry = _by_name(department, roster)
        label = pack.concept(names.department).label
        report("SUB-09", names.department, label=label, origin="评价人员单位", actual=department)
    if entry:
        if header.department and comparable_name(header.department) != comparable_name(entry.department):
            report("SUB-09", names.department, label="规范的部门名称", origin="名册", actual=entry.department)
        if not code and entry.budget_code and names.budget_code:
            report("SUB-09", names.budget_code, label="预算编码", origin="名册", actual=entry.budget_code)
        elif code and code != entry.budget_code and entry.budget_code and _by_code(code, roster) is None:
            report("SUB-14", names.budget_code, expected=entry.budget_code, actual=code, chosen=entry.department)
        department, code = entry.department, entry.budget_code or code
    if not department:
        report("SUB-10", names.department)
    if not code and names.budget_code:
        report("REQ-02", names.budget_code, where=pack.describe(names.budget_code))
    if year is None and header.narrative_year is not None:
        year = header.narrative_year
        report("SUB-09", names.year, label="年度", origin="综述", actual=str(year))
    if year is None:
        year = batch_year
        report("SUB-04", place=header.year_place, expected=str(batch_year))
    elif year != batch_year:
        report("SUB-05", names.year, expected=str(batch_year), actual=str(year))
    return ResolvedIdentity(Identity(department or None, code or None, year), entry, tuple(findings))


def batch_year(headers: Sequence[FilingHeader], year: int | None, default: int) -> int:
    """Return the batch's year: `year`, else the one that most filings state (the later on a tie), else the default."""
    if year is not None:
        return year
    stated = Counter(header.year or header.narrative_year for header in headers if header.year or header.narrative_year)
    if not stated:
        return default
    return max(stated.items(), key=lambda item: (item[1], item[0]))[0]  # type: ignore[return-value]


def _by_code(code: str, roster: Sequence[RosterEntry]) -> RosterEntry | None:
    return next((entry for entry in roster if code and entry.budget_code == code), None)


def _by_name(name: str, roster: Sequence[RosterEntry]) -> RosterEntry | None:
    if not name or not roster:
        return None
    wanted = comparable_name(name)
    names = [comparable_name(entry.department) for entry in roster]
    if wanted in names:
        return roster[names.index(wanted)]
    from rapidfuzz import fuzz, process  # most names are those of the roster

    close = process.extract(wanted, names, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH, limit=2)
    # Ambiguous if two names are equally close.
    if len(close) == 1 or (len(close) == 2 and close[0][1] > close[1][1]):
        return roster[close[0][2]]
    return None


def by_file_name(stem: str, roster: Sequence[RosterEntry]) -> RosterEntry | None:
    """Return the one department whose code or name is in a file's name, of several names the longest; None if there is none."""
    parts = [part for part in re.split(r"[\s_\-—－（）()]+", stem) if part]
    coded = [entry for entry in roster if entry.budget_code and entry.budget_code in parts]
    if len(coded) == 1:
        return coded[0]
    wanted = comparable_name(stem)
    named = [entry for entry in roster if comparable_name(entry.department) in wanted]
    if named:
        return max(named, key=lambda entry: len(entry.department))
    # People leave out the name of their own district; a short name that two departments share is ambiguous.
    names = {entry: comparable_name(entry.department) for entry in roster}
    area = area_of(list(names.values()))
    shorter = {entry: name.removeprefix(area) for entry, name in names.items() if area and name.startswith(area)}
    contained = [(len(name), entry) for entry, name in shorter.items() if len(name) >= SHORTEST_NAME and name in wanted]
    longest = [entry for length, entry in contained if length == max(length for length, _ in contained)]
    return longest[0] if len(longest) == 1 else None


def area_of(names: Sequence[str]) -> str:
    """Return the name of the district with which at least half of these names begin, else an empty text."""
    areas = Counter(match[0] for name in names if (match := _AREA.match(name)))
    area, count = areas.most_common(1)[0] if areas else ("", 0)
    return area if count * 2 >= len(names) else ""
