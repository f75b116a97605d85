"""Reviewers' decisions of filled review workbooks: matched to departments and indicators, merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from jixiao.batch.external.review_workbooks import NAME, FilledRow
from jixiao.batch.filing_task import FilingTask
from jixiao.errors import Problems, UsageError
from jixiao.model.fact import Facts
from jixiao.model.review import Review, RowKey, owner_mark
from jixiao.model.submission import ResolvedIdentity, RosterEntry
from jixiao.pack import Pack
from jixiao.pack.rulebook import quoted
from jixiao.privacy.mask import mask
from jixiao.scoring.rows import score_rows
from jixiao.values.names import comparable_name
from jixiao.values.number_format import plain_text


class Reviews(NamedTuple):
    """The decisions by submission, and those of filled rows that nothing of this run answers to."""

    by_submission: Mapping[str, tuple[Review, ...]]
    kept: tuple[Review, ...]


def settle_reviews(
    rows: Sequence[FilledRow],
    assignments: Sequence[FilingTask],
    roster: Sequence[RosterEntry],
    pack: Pack,
    year: int,
    facts_of: Callable[[str], Facts],
) -> Reviews:
    """The decision of each row, given to the filing that counts for its department.

    `UsageError` where a department or indicator does not exist, a score is over its full marks, or a row was decided
    twice and differently: it tells of every such row. A row that OUT itself holds of a department or indicator no longer
    there is kept.
    """
    settling = _Settling(_Departments(assignments, roster, year), _Rules(pack, facts_of), year)
    problems = Problems()
    for row in _standing(rows):
        with problems:
            settling.take(row)
    problems.refuse()
    by_submission: dict[str, list[Review]] = {}
    for (submission_id, _), row in settling.settled.items():
        by_submission.setdefault(submission_id, []).append(row.review)
    return Reviews({key: tuple(each) for key, each in by_submission.items()}, _distinct(settling.kept))


class _Settling:
    """The rows taken so far: those that decide a score, by filing and indicator, and those that are only kept."""

    def __init__(self, known: _Departments, rules: _Rules, year: int) -> None:
        self._known, self._rules, self._year = known, rules, year
        self.settled: dict[tuple[str, str], FilledRow] = {}
        self.kept: list[Review] = []

    def take(self, row: FilledRow) -> None:
        """Settle one row; `UsageError` says why it cannot be."""
        known, rules, year = self._known, self._rules, self._year
        review = row.review
        ours = row.key is not None and row.key.owner == owner_mark(year, review.budget_code, review.department)
        assignment = known.filing_of(review)
        if assignment is None:
            if not (row.own and ours) and not known.expected(review):
                raise UsageError(f"{review.place}的部门“{f'{review.budget_code} {review.department}'.strip()}”不在本批报送和名册之中，请更正。")
            self.kept.append(review)
            return
        if row.key is not None and not ours and known.has_key(row.key):
            row, review = _without_key(row)
        elif row.key is not None and not ours:
            raise UsageError(f"{review.place}不是 {year} 年度“{review.department}”的复核记录，请换用本年度的{NAME}。")
        indicator = rules.indicator_of(review, assignment)
        if indicator is None:
            if not (row.own and ours):
                raise UsageError(
                    f"{review.place}：“{review.department}”没有{quoted(review.label)}这一指标，请更正。"
                )
            self.kept.append(review)
            return
        if row.key is not None and row.key.indicator != indicator:
            row, review = _without_key(row)
        full = rules.full_marks(indicator, assignment)
        if review.marks is not None and not 0 <= review.marks <= full:
            raise UsageError(
                f"{review.place}（{review.department}{quoted(review.label)}）复核得分 {plain_text(review.marks)} 分，"
                f"应在 0 至 {plain_text(full)} 分之间，请更正。"
            )
        key = (assignment.header.submission_id, indicator)
        found = row._replace(review=replace(review, indicator=indicator))
        self.settled[key] = _one(self.settled[key], found) if key in self.settled else found


def _without_key(row: FilledRow) -> tuple[FilledRow, Review]:
    """The row without a key that is another row's (a part of the sheet was sorted): on which evidence, nobody knows."""
    review = replace(row.review, evidence="")
    return row._replace(key=None, review=review), review


def _standing(rows: Sequence[FilledRow]) -> list[FilledRow]:
    """The rows but those that a person blanked, nor any other copy of the same decision that the tool wrote."""
    blanked = {row.decision for row in rows if row.withdrawn}
    return [row for row in rows if not row.withdrawn and not (row.carried and row.decision in blanked)]


def _one(first: FilledRow, second: FilledRow) -> FilledRow:
    """Which of two rows on one score counts: a changed one before what it changed, a decision before words alone."""
    for one, other in ((first, second), (second, first)):
        if one.carried and not other.carried and _supersedes(other, one):
            return other
    if first.review.marks is None or second.review.marks is None:
        return second if first.review.marks is None and second.review.marks is not None else first
    if first.carried and second.carried:
        return first if first.own or not second.own else second
    if first.review.marks != second.review.marks:
        label = f"“{first.review.department}”的{quoted(first.review.label)}"
        raise UsageError(
            f"{label}有两个不同的复核得分：{first.review.place}为 {plain_text(first.review.marks)} 分，"
            f"{second.review.place}为 {plain_text(second.review.marks)} 分，请核对后保留一个。"
        )
    # Equal decisions: the one that a person last wrote knows the evidence best.
    return second if first.carried and not second.carried else first


def _supersedes(fresh: FilledRow, carried: FilledRow) -> bool:
    """Whether a person who changed a decision knew what was changed: it stood in the row, or came from the same file."""
    knew = fresh.key is not None and bool(fresh.key.decision) and fresh.key.decision == carried.review.mark
    return knew or fresh.review.source == carried.review.source


def _distinct(kept: Iterable[Review]) -> tuple[Review, ...]:
    """Kept rows once each: the first of a department and indicator."""
    found: dict[tuple[str, str, str], Review] = {}
    for review in kept:
        found.setdefault((review.budget_code, review.department, review.label), review)
    return tuple(sorted(found.values(), key=lambda each: (each.budget_code or "~", each.department, each.label)))


class _Departments:
    """The departments of a run as a reviewer names them."""

    def __init__(self, assignments: Sequence[FilingTask], roster: Sequence[RosterEntry], year: int) -> None:
        self._by_code: dict[str, FilingTask] = {}
        self._by_name: dict[str, list[FilingTask]] = {}
        for each in sorted(assignments, key=lambda one: (one.resolved.identity.year != year, one.header.file)):
            for code in _codes(each.resolved):
                self._by_code.setdefault(code, each)
            for name in _names(each):
                self._by_name.setdefault(comparable_name(name), []).append(each)
        self._owners = {owner_mark(year, *_printed(each)) for each in assignments}
        self._roster = {entry.budget_code for entry in roster if entry.budget_code}
        self._roster |= {comparable_name(entry.department) for entry in roster}

    def filing_of(self, review: Review) -> FilingTask | None:
        """The filing that counts for the department of a row; its code decides, its name where it has none."""
        if review.budget_code:
            return self._by_code.get(review.budget_code)
        named = self._by_name.get(comparable_name(review.department), [])
        return named[0] if len(named) == 1 else None

    def has_key(self, key: RowKey) -> bool:
        """Whether a key is of a row of this batch."""
        return key.owner in self._owners

    def expected(self, review: Review) -> bool:
        """Whether the roster has the department, though no filing of it counts."""
        return (review.budget_code or comparable_name(review.department)) in self._roster


def _printed(assignment: FilingTask) -> tuple[str, str]:
    """Budget code and name as the review workbook prints them."""
    who = assignment.resolved.identity
    return who.budget_code or "", mask(who.department or assignment.header.file, assignment.personal)


def _codes(who: ResolvedIdentity) -> set[str]:
    return {code for code in (who.identity.budget_code, who.entry.budget_code if who.entry else "") if code}


def _names(assignment: FilingTask) -> set[str]:
    """What the review workbook may call a department: names there are masked as everywhere."""
    who = assignment.resolved
    names = {who.identity.department, who.entry.department if who.entry else "", assignment.header.file}
    told = {name for name in names if name}
    return told | {mask(name, assignment.personal) for name in told}


class _Rules:
    """The indicators that a department is scored on, asked of its filing only where it may have rows of its own."""

    def __init__(self, pack: Pack, facts_of: Callable[[str], Facts]) -> None:
        self._pack, self._facts_of = pack, facts_of
        self._rows: dict[str, dict[str, tuple[str, Decimal]]] = {}
        self._labels: dict[str, set[str]] = {}
        for each in pack.rubric.indicators:
            for label in (each.label, *each.aliases, pack.rubric.label_of(each)):
                self._labels.setdefault(comparable_name(label), set()).add(each.id)

    def indicator_of(self, review: Review, assignment: FilingTask) -> str | None:
        """The indicator of a row by its label, where several have it by its key; None if there is none."""
        wanted = comparable_name(review.label)
        printed = self._labels.get(wanted, set())
        rows = self._rows_of(assignment) if not printed or self._open(printed) else {}
        told = {row: {label, mask(label, assignment.personal)} for row, (label, _) in rows.items()}
        own = {row for row, labels in told.items() if wanted in map(comparable_name, labels)}
        found = {each for each in printed if not self._open({each})} | (printed & rows.keys()) | own
        if review.indicator in found:
            return review.indicator
        if len(found) > 1:
            raise UsageError(
                f"{review.place}的指标{quoted(review.label)}不止一个，请写明二级指标或使用程序写出的复核表。"
            )
        return next(iter(found), None)

    def full_marks(self, indicator: str, assignment: FilingTask) -> Decimal:
        """What the indicator can earn at most in this filing."""
        printed = next((each for each in self._pack.rubric.indicators if each.id == indicator), None)
        if printed is not None and not self._open({indicator}):
            return printed.full_marks
        return self._rows_of(assignment)[indicator][1]

    def _open(self, indicators: set[str]) -> bool:
        return any(self._pack.rubric.open_group_of(each) is not None for each in indicators)

    def _rows_of(self, assignment: FilingTask) -> dict[str, tuple[str, Decimal]]:
        submission_id = assignment.header.submission_id
        if submission_id not in self._rows:
            rows = score_rows(self._pack, self._facts_of(submission_id))
            self._rows[submission_id] = {row.id: (row.label, row.full) for row in rows}
        return self._rows[submission_id]
