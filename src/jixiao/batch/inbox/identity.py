"""Who a filing is from and of which year: the cover, else the file's name against the roster, else other parts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

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
    """The header of a filing."""
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
    """The year that a text is about: named most often as 年度, else as 年, the first of equals; None where it names none."""
    plain = unicodedata.normalize("NFKC", text)
    for pattern in _YEARS:
        if found := pattern.findall(plain):
            return int(max(found, key=found.count))
    return None


def resolve(header: FilingHeader, pack: Pack, roster: Sequence[RosterEntry], batch_year: int) -> ResolvedIdentity:
    """The identity of a filing; what the cover does not say is taken from elsewhere and told."""
    findings: list[Finding] = []
    department, code = header.department, header.budget_code
    stem = PurePosixPath(header.file).stem

    def taken(concept: str | None, place: Place | None, label: str, origin: str, actual: str) -> None:
        finding = pack.rules.finding(
            "SUB-09", concept=concept, place=place, label=label, origin=origin, actual=actual
        )
        findings.append(finding)

    entry = _by_code(code, roster)
    if entry and department and comparable_name(entry.department) != comparable_name(department):
        other = _by_name(department, roster)
        if other and other is not entry and comparable_name(other.department) == comparable_name(department):
            finding = pack.rules.finding(
                "SUB-13", place=header.department_place, expected=entry.department, actual=department,
                stated=code, chosen=other.department,
            )  # fmt: skip
            findings.append(finding)
            entry = other
    entry = entry or _by_name(department, roster)
    if entry is None and not department:
        entry = by_file_name(stem, roster)
        if entry:
            taken(pack.names.department, header.department_place, pack.concept(pack.names.department).label, "文件名和名册", entry.department)
    if not department and entry is None and header.evaluator_unit:
        department = header.evaluator_unit
        entry = _by_name(department, roster)
        taken(pack.names.department, header.department_place, pack.concept(pack.names.department).label, "评价人员单位", department)
    if entry:
        if header.department and comparable_name(header.department) != comparable_name(entry.department):
            taken(pack.names.department, header.department_place, "规范的部门名称", "名册", entry.department)
        if not code and entry.budget_code and pack.names.budget_code:
            taken(pack.names.budget_code, header.budget_code_place, "预算编码", "名册", entry.budget_code)
        elif code and code != entry.budget_code and entry.budget_code and _by_code(code, roster) is None:
            finding = pack.rules.finding(
                "SUB-14", concept=pack.names.budget_code, place=header.budget_code_place, expected=entry.budget_code,
                actual=code, chosen=entry.department,
            )  # fmt: skip
            findings.append(finding)
        department, code = entry.department, entry.budget_code or code
    if not department:
        findings.append(pack.rules.finding("SUB-10", place=header.department_place, concept=pack.names.department))
    if not code and pack.names.budget_code:
        concept = pack.names.budget_code
        where = pack.describe(concept)
        findings.append(pack.rules.finding("REQ-02", concept=concept, place=header.budget_code_place, where=where))
    year = header.year
    if year is None and header.narrative_year is not None:
        year = header.narrative_year
        taken(pack.names.year, header.year_place, "年度", "综述", str(year))
    if year is None:
        year = batch_year
        findings.append(pack.rules.finding("SUB-04", place=header.year_place, expected=str(batch_year)))
    elif year != batch_year:
        finding = pack.rules.finding(
            "SUB-05", place=header.year_place, concept=pack.names.year, expected=str(batch_year), actual=str(year)
        )
        findings.append(finding)
    return ResolvedIdentity(Identity(department or None, code or None, year), entry, tuple(findings))


def batch_year(headers: Sequence[FilingHeader], asked: int | None, default: int) -> int:
    """The batch's year: as asked, else the one that most filings state (the later on a tie), else the pack's."""
    if asked is not None:
        return asked
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
    # Two names as close as each other single out neither.
    if len(close) == 1 or (len(close) == 2 and close[0][1] > close[1][1]):
        return roster[close[0][2]]
    return None


def by_file_name(stem: str, roster: Sequence[RosterEntry]) -> RosterEntry | None:
    """The one department whose code or name stands in a file's name, the longest name on several; None if none does."""
    parts = [part for part in re.split(r"[\s_\-—－（）()]+", stem) if part]
    coded = [entry for entry in roster if entry.budget_code and entry.budget_code in parts]
    if len(coded) == 1:
        return coded[0]
    wanted = comparable_name(stem)
    named = [entry for entry in roster if comparable_name(entry.department) in wanted]
    if named:
        return max(named, key=lambda entry: len(entry.department))
    # People leave out the name of their own district; a short name that two departments share tells neither.
    names = {entry: comparable_name(entry.department) for entry in roster}
    area = area_of(list(names.values()))
    shorter = {entry: name.removeprefix(area) for entry, name in names.items() if area and name.startswith(area)}
    found = [(len(name), entry) for entry, name in shorter.items() if len(name) >= SHORTEST_NAME and name in wanted]
    longest = [entry for length, entry in found if length == max(length for length, _ in found)]
    return longest[0] if len(longest) == 1 else None


def area_of(names: Sequence[str]) -> str:
    """The name of the district with which at least half of these names begin, else nothing."""
    begun = Counter(found[0] for name in names if (found := _AREA.match(name)))
    area, count = begun.most_common(1)[0] if begun else ("", 0)
    return area if count * 2 >= len(names) else ""
