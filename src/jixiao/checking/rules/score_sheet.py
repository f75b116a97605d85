"""Rules of the score sheet (评分表): sums, bounds, reasons, grade, and the points of declared indicators."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.checking import messages
from jixiao.checking.filing import CheckedFiling
from jixiao.checking.score_rows import score_rows
from jixiao.model.fact import Fact, FactState
from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declared_indicators import DeclaredRow, declared_rows
from jixiao.pack.score_rows import ScoreRow

SUM, STATED, BOUNDS, NO_REASON, GRADE, NEEDLESS_REASON = "SCR-01", "SCR-02", "SCR-03", "SCR-04", "SCR-06", "SCR-09"
CODES = (SUM, STATED, BOUNDS, NO_REASON, GRADE, NEEDLESS_REASON)
POINTS = "SCR-10"
ALL_INDICATORS = "全部指标"


def codes(pack: Pack) -> set[str]:
    """Return the codes of the rules about the score sheet."""
    return {*CODES, *([POINTS] if pack.rubric.declared is not None else [])}


def check(filing: CheckedFiling) -> None:
    """Check the score sheet, and the points of declared indicators."""
    rows = score_rows(filing.pack, filing.facts)
    _sum(rows, filing)
    _stated(filing)
    _bounds(rows, filing)
    _reasons(rows, filing)
    _grade(filing)
    filing.not_asked(CODES, messages.NOTHING_FILLED)
    _declared_points(filing)


def _sum(rows: Sequence[ScoreRow], filing: CheckedFiling) -> None:
    """总分 equals the sum of the self scores; blank ones count as zero."""
    total = filing.facts.get(filing.pack.names.total_sheet)
    marks = [row.claim for row in rows if row.claim is not None]
    if total is None or not rows or (total.state is FactState.BLANK and not any(marks)):
        return
    if filing.undecided_if_unreadable(SUM, *(row.self_fact for row in rows), total):
        return
    blank = messages.BLANK_SHEET_TOTAL if total.value is None else None
    filing.compare(SUM, total, total.value, sum(marks, Decimal(0)), message=blank)


def _stated(filing: CheckedFiling) -> None:
    """绩效自评综合得分 equals 总分."""
    names = filing.pack.names
    total = filing.facts.get(names.total_sheet)
    stated = filing.facts.get(names.total_stated) if names.total_stated else None
    if total is None or stated is None:
        return
    numbers = filing.numbers(STATED, {stated.concept: stated, total.concept: total}, every=True)
    if numbers is not None:
        filing.compare(STATED, stated, *numbers)


def _bounds(rows: Sequence[ScoreRow], filing: CheckedFiling) -> None:
    """No self score is below 0 or over its full marks; shared ones not over the group's points together."""
    groups: dict[str, list[ScoreRow]] = defaultdict(list)
    for row in rows:
        marks, full = row.claim, row.bound
        if row.self_fact is None or not row.self_fact.filled:
            continue
        if marks is None:
            filing.undecided_if_unreadable(BOUNDS, row.self_fact)
        elif full is None:
            filing.undecided(BOUNDS, f"“{row.label}”未填分值")
        elif 0 <= marks <= full:
            filing.passed(BOUNDS)
        else:
            over = marks - full if marks > full else marks
            filing.failed(BOUNDS, row.self_fact, expected=full, actual=marks, difference=over, label=row.label)
        if row.group:
            groups[row.group.id].append(row)
    for mates in groups.values():
        _group_bound([row for row in mates if row.claim is not None], filing)


def _group_bound(mates: list[ScoreRow], filing: CheckedFiling) -> None:
    if not any(row.shared or row.bound is None for row in mates):
        return  # where every row has points of its own, those are bounded and reported by themselves
    group, total = mates[0].group, sum((row.claim for row in mates if row.claim is not None), Decimal(0))
    singly_bounded = all(
        row.claim is not None and (row.bound is None or row.claim <= row.bound) for row in mates
    )
    if group is not None and singly_bounded and total > group.points and mates[0].self_fact is not None:
        filing.failed(
            BOUNDS, mates[0].self_fact, expected=group.points, actual=total, difference=total - group.points,
            label=group.label, message=messages.GROUP_OVER,
        )  # fmt: skip


@dataclass
class _Deduction:
    """Rows that one reason cell answers for, and what they deduct together."""

    reason: Fact
    labels: list[str] = field(default_factory=list)
    full: Decimal = Decimal(0)
    marks: Decimal = Decimal(0)

    def add(self, label: str, full: Decimal, marks: Decimal) -> None:
        self.labels.append(label)
        self.full += full
        self.marks += marks


def _reasons(rows: Sequence[ScoreRow], filing: CheckedFiling) -> None:
    """A deduction has a reason, and full marks have none that speaks of a deduction."""
    deductions: dict[Place | str, _Deduction] = {}
    shared: dict[str, list[ScoreRow]] = defaultdict(list)
    reasons_of_full_marks: dict[Place | str, tuple[Fact, ScoreRow]] = {}
    for row in rows:
        if row.shared and row.group and row.full >= row.group.points:  # each has no full marks of its own
            shared[row.group.id].append(row)
            continue
        if row.unreadable and row.self_fact:
            for code in (NO_REASON, NEEDLESS_REASON) if messages.says_something(row.reason) else (NO_REASON,):
                filing.undecided_if_unreadable(code, row.self_fact)
        if row.claim is None or row.bound is None or row.reason is None:
            continue
        key = row.reason.place or row.reason.concept
        if row.claim < row.bound:
            deductions.setdefault(key, _Deduction(row.reason)).add(row.label, row.bound, row.claim)
        else:
            filing.passed(NO_REASON)
            reasons_of_full_marks.setdefault(key, (row.reason, row))
    for mates in shared.values():
        _shared_deduction(mates, deductions, filing)
    for deduction in deductions.values():
        _check_reason(deduction, filing)
    for key, (reason, row) in reasons_of_full_marks.items():
        if key not in deductions:  # a merged reason may be that of another row
            _check_remark(reason, row, filing)


def _shared_deduction(mates: list[ScoreRow], deductions: dict[Place | str, _Deduction], filing: CheckedFiling) -> None:
    """Shared points not fully claimed: one deduction of the group, answered by a reason beside any of its rows."""
    group, claimed = mates[0].group, [row for row in mates if row.claim is not None]
    if group is None or not claimed or any(row.unreadable for row in mates):
        return
    total = sum((row.claim for row in claimed if row.claim is not None), Decimal(0))
    reasons = [row.reason for row in mates if row.reason is not None]
    if total >= group.points or not reasons:
        filing.passed(NO_REASON)
        return
    reason = next((fact for fact in reasons if messages.says_something(fact)), claimed[0].reason or reasons[0])
    deductions.setdefault(reason.place or reason.concept, _Deduction(reason)).add(group.label, group.points, total)


def _check_reason(deduction: _Deduction, filing: CheckedFiling) -> None:
    if messages.says_something(deduction.reason):
        filing.passed(NO_REASON)
        return
    filing.failed(
        NO_REASON, deduction.reason, expected=deduction.full, actual=deduction.marks,
        difference=deduction.marks - deduction.full, label=messages.joined(deduction.labels),
    )  # fmt: skip


def _check_remark(reason: Fact, row: ScoreRow, filing: CheckedFiling) -> None:
    text = reason.text or ""
    if row.bound is None or not text or not _speaks_of_deduction(text, filing.pack):
        filing.passed(NEEDLESS_REASON)
        return
    filing.failed(NEEDLESS_REASON, reason, expected=row.bound, actual=messages.quoted(text), label=row.label)


def _speaks_of_deduction(text: str, pack: Pack) -> bool:
    deducted, harmless = _spoken(pack)
    if harmless.search(text):
        for harmless_word in pack.checks.deductions.unless:
            text = text.replace(harmless_word, "")
    return deducted.search(text) is not None


@cached_per_pack
def _spoken(pack: Pack) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what matches a word of a deduction, and what a word that takes the sense away."""
    spoken = pack.checks.deductions
    deducted, harmless = ("|".join(map(re.escape, each)) or "(?!)" for each in (spoken.words, spoken.unless))
    return re.compile(deducted), re.compile(harmless)


def _grade(filing: CheckedFiling) -> None:
    """The grade is the one of the stated total."""
    names, pack = filing.pack.names, filing.pack
    grade = filing.facts.get(names.grade) if names.grade else None
    total = filing.facts.get(names.total_stated or names.total_sheet)
    if grade is None or total is None or not grade.filled or total.state is FactState.BLANK:
        return
    if filing.undecided_if_unreadable(GRADE, total) or total.value is None:
        return
    if grade.text not in {each.label for each in pack.rubric.grades}:
        written = messages.quoted(grade.text or grade.raw or "")
        filing.undecided(GRADE, f"{messages.cell_label(pack, grade.concept)}填报“{written}”，不在等次之内")
    elif grade.text == (expected := pack.rubric.grade(total.value)):
        filing.passed(GRADE)
    else:
        filing.failed(GRADE, grade, expected=expected, actual=grade.text)


def _declared_points(filing: CheckedFiling) -> None:
    """Check whether the declared rows of each group, and all indicators, carry the points that the form gives."""
    rubric = filing.pack.rubric
    if rubric.declared is None:
        return
    rows = declared_rows(filing.pack, filing.facts)
    for dimension in rubric.dimensions:
        if dimension.declared:
            mates = [row for row in rows if row.dimension is dimension]
            _points(mates, dimension.points, dimension.label, filing)
    fixed = sum((indicator.full_marks for indicator in rubric.indicators), Decimal(0))
    _points(rows, rubric.total, ALL_INDICATORS, filing, fixed)
    filing.not_asked(POINTS, messages.NOTHING_FILLED)


def _points(
    rows: Sequence[DeclaredRow], points: Decimal, label: str, filing: CheckedFiling, fixed: Decimal = Decimal(0)
) -> None:
    """Check one sum of points; undecided where a row states no readable points, not asked where there is no row."""
    if not rows:
        if not fixed:
            filing.undecided(POINTS, f"没有{label}")
        return
    blank = next((row for row in rows if row.full is None), None)
    if blank is not None:
        filing.undecided(POINTS, f"“{blank.indicator.label}”未填分值")
        return
    total = sum((row.full for row in rows if row.full is not None), fixed)
    filing.compare(POINTS, rows[0].full_fact, total, points, label=label)
