"""Rules of the score sheet (评分表): sums, bounds, reasons, grade."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from jixiao.checking import words
from jixiao.checking.score_sheet import ScoreRow, score_rows
from jixiao.checking.tally import Tally
from jixiao.model.fact import Fact, State
from jixiao.model.numerals import to_six_places
from jixiao.model.place import Place
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.memo import once_a_pack
from jixiao.pack.rubric import OpenGroup

SUM, STATED, BOUNDS, NO_REASON, GRADE, NEEDLESS_REASON = "SCR-01", "SCR-02", "SCR-03", "SCR-04", "SCR-06", "SCR-09"
CODES = (SUM, STATED, BOUNDS, NO_REASON, GRADE, NEEDLESS_REASON)


def check_scores(submission: Submission, pack: Pack, tally: Tally) -> None:
    """Tell the tally what the rules of the score sheet answered."""
    rows = score_rows(submission.facts, pack)
    _sum(submission, rows, pack, tally)
    _stated(submission, pack, tally)
    _bounds(rows, pack, tally)
    _reasons(rows, pack, tally)
    _grade(submission, pack, tally)
    for code in CODES:
        tally.not_asked(code, words.NOTHING_FILLED)


def _sum(submission: Submission, rows: Sequence[ScoreRow], pack: Pack, tally: Tally) -> None:
    """总分 equals the sum of the self scores; blank ones count as zero."""
    total = submission.facts.get(pack.names.total_sheet)
    unread = [row.self_score for row in rows if row.unreadable and row.self_score]
    unread += [total] if total and total.state is State.UNREADABLE else []
    marks = [row.marks for row in rows if row.marks is not None]
    if total is None or not rows or (total.state is State.BLANK and not any(marks)):
        return
    if unread:
        tally.undecided(SUM, words.unreadable(pack, unread))
        return
    expected = sum(marks, Decimal(0))
    difference = (total.value or Decimal(0)) - expected
    if not difference:
        tally.passed(SUM)
        return
    tally.failed(
        pack.rules.finding(
            SUM,
            place=total.place,
            concept=total.concept,
            expected=words.shown(expected),
            actual=_number(total),
            difference=to_six_places(difference),
            message=words.BLANK_SHEET_TOTAL if total.value is None else None,
        )
    )


def _stated(submission: Submission, pack: Pack, tally: Tally) -> None:
    """绩效自评综合得分 equals 总分; asked where both are filled."""
    total = submission.facts.get(pack.names.total_sheet)
    stated = submission.facts.get(pack.names.total_stated) if pack.names.total_stated else None
    if total is None or stated is None:
        return
    unread = [fact for fact in (stated, total) if fact.state is State.UNREADABLE]
    if unread:
        tally.undecided(STATED, words.unreadable(pack, unread))
    elif total.value is None or stated.value is None:
        blank = [fact.concept for fact in (stated, total) if fact.value is None]
        tally.undecided(STATED, f"{words.joined([words.where(pack, each) for each in blank])}{words.NOT_FILLED}")
    elif total.value == stated.value:
        tally.passed(STATED)
    else:
        tally.failed(
            pack.rules.finding(
                STATED,
                place=stated.place,
                concept=stated.concept,
                expected=words.shown(total.value),
                actual=words.shown(stated.value),
                difference=to_six_places(stated.value - total.value),
            )
        )


def _bounds(rows: Sequence[ScoreRow], pack: Pack, tally: Tally) -> None:
    """No self score is below 0 or over its full marks; shared ones not over the group's points together."""
    sums: dict[str, list[ScoreRow]] = defaultdict(list)
    passed, least = 0, Decimal(0)
    for row in rows:
        marks, full = row.marks, row.full_marks
        if row.unreadable and row.self_score:
            tally.undecided(BOUNDS, words.unreadable(pack, [row.self_score]))
        elif marks is None or row.self_score is None:
            continue
        elif full is None:
            tally.undecided(BOUNDS, f"“{row.label}”未填分值")
        elif least <= marks <= full:
            passed += 1
        else:
            nearest = full if marks > full else least
            _out_of_bounds(row.self_score, row.label, marks, full, marks - nearest, pack, tally, None)
        if row.group:
            sums[row.group.id].append(row)
    tally.passed(BOUNDS, passed)
    for mates in sums.values():
        _group_bound([row for row in mates if row.marks is not None], pack, tally)


def _group_bound(mates: list[ScoreRow], pack: Pack, tally: Tally) -> None:
    if not any(row.shared or row.full_marks is None for row in mates):
        return  # where every row has points of its own, those are bounded and told by themselves
    group = mates[0].group
    total = sum([row.marks for row in mates if row.marks is not None], Decimal(0))
    singly_bounded = all(
        row.marks is not None and (row.full_marks is None or row.marks <= row.full_marks) for row in mates
    )
    if group is None or not singly_bounded or total <= group.points or mates[0].self_score is None:
        return
    over = total - group.points
    _out_of_bounds(mates[0].self_score, group.label, total, group.points, over, pack, tally, words.GROUP_OVER)


def _out_of_bounds(
    fact: Fact, label: str, marks: Decimal, full: Decimal, over: Decimal, pack: Pack, tally: Tally, message: str | None
) -> None:
    tally.failed(
        pack.rules.finding(
            BOUNDS,
            place=fact.place,
            concept=fact.concept,
            expected=words.shown(full),
            actual=words.shown(marks),
            difference=to_six_places(over),
            label=label,
            message=message,
        )
    )


class _Deduction:
    """Rows that one reason cell answers for, and what they deduct together."""

    def __init__(self, reason: Fact) -> None:
        self.reason = reason
        self.labels: list[str] = []
        self.full = self.marks = Decimal(0)

    def add(self, label: str, full: Decimal, marks: Decimal) -> None:
        self.labels.append(label)
        self.full += full
        self.marks += marks


def _reasons(rows: Sequence[ScoreRow], pack: Pack, tally: Tally) -> None:
    """A deduction has a reason, and full marks have none that speaks of a deduction."""
    deductions: dict[Place | str, _Deduction] = {}
    shared: dict[str, list[ScoreRow]] = defaultdict(list)
    full_marks_beside: dict[Place | str, tuple[Fact, ScoreRow]] = {}
    passed = 0
    for row in rows:
        if row.shared and row.group and not _each_has_its_own(row, rows):
            shared[row.group.id].append(row)
            continue
        if row.unreadable and row.self_score:
            for code in (NO_REASON, NEEDLESS_REASON) if words.says_something(row.reason) else (NO_REASON,):
                tally.undecided(code, words.unreadable(pack, [row.self_score]))
        if row.marks is None or row.full_marks is None or row.reason is None:
            continue
        key = row.reason.place or row.reason.concept
        if row.marks < row.full_marks:
            deductions.setdefault(key, _Deduction(row.reason)).add(row.label, row.full_marks, row.marks)
        else:
            passed += 1
            full_marks_beside.setdefault(key, (row.reason, row))
    tally.passed(NO_REASON, passed)
    for mates in shared.values():
        _shared_deduction(mates, deductions, tally)
    for deduction in deductions.values():
        _told_reason(deduction, pack, tally)
    for key, (reason, beside) in full_marks_beside.items():
        if key not in deductions:  # a merged reason may be that of another row
            _needless(reason, beside, pack, tally)


def _each_has_its_own(row: ScoreRow, rows: Sequence[ScoreRow]) -> bool:
    """Whether the shared rows of a group are set in full, so that each has full marks of its own."""
    group: OpenGroup | None = row.group
    return group is not None and row.full_marks is not None and row.full_marks < group.points


def _shared_deduction(mates: list[ScoreRow], deductions: dict[Place | str, _Deduction], tally: Tally) -> None:
    """Shared points not fully claimed: one deduction of the group, answered by a reason beside any of its rows."""
    group = mates[0].group
    claimed = [row for row in mates if row.marks is not None]
    if group is None or not claimed or any(row.unreadable for row in mates):
        return
    total = sum((row.marks for row in claimed if row.marks is not None), Decimal(0))
    reasons = [row.reason for row in mates if row.reason is not None]
    if total >= group.points or not reasons:
        tally.passed(NO_REASON)
        return
    reason = next((each for each in reasons if words.says_something(each)), claimed[0].reason or reasons[0])
    deductions.setdefault(reason.place or reason.concept, _Deduction(reason)).add(group.label, group.points, total)


def _told_reason(deduction: _Deduction, pack: Pack, tally: Tally) -> None:
    reason = deduction.reason
    if words.says_something(reason):
        tally.passed(NO_REASON)
        return
    tally.failed(
        pack.rules.finding(
            NO_REASON,
            place=reason.place,
            concept=reason.concept,
            expected=words.shown(deduction.full),
            actual=words.shown(deduction.marks),
            difference=to_six_places(deduction.marks - deduction.full),
            label=words.joined(deduction.labels),
        )
    )


def _needless(reason: Fact, row: ScoreRow, pack: Pack, tally: Tally) -> None:
    text = reason.text or ""
    if row.full_marks is None or not text or not _speaks_of_deduction(text, pack):
        tally.passed(NEEDLESS_REASON)
        return
    tally.failed(
        pack.rules.finding(
            NEEDLESS_REASON,
            place=reason.place,
            concept=reason.concept,
            expected=words.shown(row.full_marks),
            actual=words.quoted(text),
            label=row.label,
        )
    )


def _speaks_of_deduction(text: str, pack: Pack) -> bool:
    deducted, harmless = _spoken(pack)
    if harmless.search(text):
        for each in pack.checks.deductions.unless:
            text = text.replace(each, "")
    return deducted.search(text) is not None


@once_a_pack
def _spoken(pack: Pack) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds a word of a deduction, and what one that takes the sense away."""
    spoken = pack.checks.deductions
    deducted, harmless = ("|".join(map(re.escape, each)) or "(?!)" for each in (spoken.words, spoken.unless))
    return re.compile(deducted), re.compile(harmless)


def _grade(submission: Submission, pack: Pack, tally: Tally) -> None:
    """The grade is the one of the stated total."""
    grade = submission.facts.get(pack.names.grade) if pack.names.grade else None
    total = submission.facts.get(pack.names.total_stated or pack.names.total_sheet)
    if grade is None or total is None or not grade.filled or total.state is State.BLANK:
        return
    if total.value is None:
        tally.undecided(GRADE, words.unreadable(pack, [total]))
    elif grade.text not in {each.label for each in pack.rubric.grades}:
        tally.undecided(
            GRADE,
            f"{words.where(pack, grade.concept)}填报“{words.quoted(grade.text or grade.raw or '')}”，不在等次之内",
        )
    elif grade.text == (expected := pack.rubric.grade(total.value)):
        tally.passed(GRADE)
    else:
        tally.failed(
            pack.rules.finding(GRADE, place=grade.place, concept=grade.concept, expected=expected, actual=grade.text)
        )


def _number(fact: Fact) -> str:
    return words.NOT_FILLED if fact.value is None else words.shown(fact.value)
