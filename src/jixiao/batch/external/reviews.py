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
from jixiao.model.review import Review, owner_mark
from jixiao.model.submission import RosterEntry
from jixiao.pack import Pack
from jixiao.pack.rulebook import quoted
from jixiao.privacy.mask import mask
from jixiao.scoring.rows import score_rows
from jixiao.values.names import comparable_name
from jixiao.values.number_format import plain_text


class Reviews(NamedTuple):
    """The decisions by submission, and `orphaned` ones of departments or indicators that this run lacks."""

    by_submission: Mapping[str, tuple[Review, ...]]
    orphaned: tuple[Review, ...]


def settle_reviews(
    rows: Sequence[FilledRow],
    assignments: Sequence[FilingTask],
    roster: Sequence[RosterEntry],
    pack: Pack,
    year: int,
    facts_of: Callable[[str], Facts],
) -> Reviews:
    """Attach the decision of each row to the filing that counts for its department.

    `UsageError` names every row whose department or indicator does not exist, whose score is over its full marks, or that
    was decided twice and differently. A row of OUT itself whose department or indicator is gone is kept.
    """
    departments, indicators = _Departments(assignments, roster, year), _Indicators(pack, facts_of)
    settled: dict[tuple[str, str], FilledRow] = {}
    orphaned: list[Review] = []
    problems = Problems()
    for row in _without_withdrawn(rows):
        with problems:
            task = departments.filing_of(row)
            indicator = None
            if task is not None:
                row = departments.with_own_key(row)
                indicator = indicators.of(row, task, may_lack=row.own and departments.owns(row))
            if task is None or indicator is None:
                orphaned.append(row.review)
                continue
            if row.key is not None and row.key.indicator != indicator:
                row = _without_key(row)
            row = row._replace(review=replace(row.review, indicator=indicator))
            indicators.check_marks(row.review, task)
            key = (task.header.submission_id, indicator)
            settled[key] = _one(settled[key], row) if key in settled else row
    problems.refuse()
    by_submission: dict[str, list[Review]] = {}
    for (submission_id, _), row in settled.items():
        by_submission.setdefault(submission_id, []).append(row.review)
    return Reviews({key: tuple(reviews) for key, reviews in by_submission.items()}, _distinct(orphaned))


def _without_key(row: FilledRow) -> FilledRow:
    """Return the row without a key that is another row's (a part of the sheet was sorted): its evidence is unknown."""
    return row._replace(key=None, review=replace(row.review, evidence=""))


def _without_withdrawn(rows: Sequence[FilledRow]) -> list[FilledRow]:
    """Return the rows without those that a person blanked, and without other copies of the same decision."""
    blanked = {row.decision for row in rows if row.withdrawn}
    return [row for row in rows if not row.withdrawn and not (row.carried and row.decision in blanked)]


def _one(first: FilledRow, second: FilledRow) -> FilledRow:
    """Return which of two rows on one score counts: a changed one before what it changed, a decision before words alone."""
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
    """Return whether a person who changed a decision saw it: it was in the row, or came from the same file."""
    knew = fresh.key is not None and bool(fresh.key.decision) and fresh.key.decision == carried.review.mark
    return knew or fresh.review.source == carried.review.source


def _distinct(reviews: Iterable[Review]) -> tuple[Review, ...]:
    """Return the first review of each department and indicator, in their order."""
    first: dict[tuple[str, str, str], Review] = {}
    for review in reviews:
        first.setdefault((review.budget_code, review.department, review.label), review)
    return tuple(sorted(first.values(), key=lambda review: (review.budget_code or "~", review.department, review.label)))


class _Departments:
    """The departments of a run as a reviewer names them."""

    def __init__(self, tasks: Sequence[FilingTask], roster: Sequence[RosterEntry], year: int) -> None:
        self._year = year
        self._by_code: dict[str, FilingTask] = {}
        self._by_name: dict[str, list[FilingTask]] = {}
        for task in sorted(tasks, key=lambda one: (one.resolved.identity.year != year, one.header.file)):
            identity, entry = task.resolved.identity, task.resolved.entry
            for code in {identity.budget_code, entry.budget_code if entry else ""} - {None, ""}:
                self._by_code.setdefault(code or "", task)
            names = {identity.department, entry.department if entry else "", task.header.file} - {None, ""}
            # Names are masked in the review workbook as everywhere.
            for name in {form for full in names if full for form in (full, mask(full, task.personal))}:
                self._by_name.setdefault(comparable_name(name), []).append(task)
        self._owners = {owner_mark(year, *_printed(task)) for task in tasks}
        self._roster = {entry.budget_code for entry in roster if entry.budget_code}
        self._roster |= {comparable_name(entry.department) for entry in roster}

    def owns(self, row: FilledRow) -> bool:
        """Return whether the key of a row is of the department and year that the row names."""
        review = row.review
        return row.key is not None and row.key.owner == owner_mark(self._year, review.budget_code, review.department)

    def filing_of(self, row: FilledRow) -> FilingTask | None:
        """Return the filing that counts for the department of a row: by code, or by name if the row has no code.

        `UsageError` for a department that is neither in the batch nor on the roster, unless OUT's own row remembers it.
        """
        review = row.review
        named = self._by_name.get(comparable_name(review.department), [])
        task = self._by_code.get(review.budget_code) if review.budget_code else named[0] if len(named) == 1 else None
        expected = (review.budget_code or comparable_name(review.department)) in self._roster
        if task is None and not expected and not (row.own and self.owns(row)):
            named_as = f"{review.budget_code} {review.department}".strip()
            raise UsageError(f"{review.place}的部门“{named_as}”不在本批报送和名册之中，请更正。")
        return task

    def with_own_key(self, row: FilledRow) -> FilledRow:
        """Return the row, without a key of another row of this batch; `UsageError` if the key is of another batch."""
        if row.key is None or self.owns(row):
            return row
        if row.key.owner in self._owners:
            return _without_key(row)
        review = row.review
        raise UsageError(f"{review.place}不是 {self._year} 年度“{review.department}”的复核记录，请换用本年度的{NAME}。")


def _printed(task: FilingTask) -> tuple[str, str]:
    """Return budget code and name as the review workbook prints them."""
    identity = task.resolved.identity
    return identity.budget_code or "", mask(identity.department or task.header.file, task.personal)


class _Indicators:
    """The indicators that a department is scored on; its filing is loaded only where it may have rows of its own."""

    def __init__(self, pack: Pack, facts_of: Callable[[str], Facts]) -> None:
        self._pack, self._facts_of = pack, facts_of
        self._rows: dict[str, dict[str, tuple[str, Decimal]]] = {}
        self._labels: dict[str, set[str]] = {}
        self._printed = {indicator.id: indicator.full_marks for indicator in pack.rubric.indicators}
        for indicator in pack.rubric.indicators:
            for label in (indicator.label, *indicator.aliases, pack.rubric.label_of(indicator)):
                self._labels.setdefault(comparable_name(label), set()).add(indicator.id)

    def of(self, row: FilledRow, task: FilingTask, *, may_lack: bool) -> str | None:
        """Return the indicator of a row by its label, of several the one of its key; None if there may be none."""
        review = row.review
        wanted = comparable_name(review.label)
        printed = self._labels.get(wanted, set())
        rows = self._rows_of(task) if not printed or any(map(self._open, printed)) else {}
        own = {
            indicator for indicator, (label, _) in rows.items()
            if wanted in (comparable_name(label), comparable_name(mask(label, task.personal)))
        }  # fmt: skip
        candidates = {each for each in printed if not self._open(each)} | (printed & rows.keys()) | own
        if review.indicator in candidates:
            return review.indicator
        if len(candidates) > 1:
            raise UsageError(f"{review.place}的指标{quoted(review.label)}不止一个，请写明二级指标或使用程序写出的复核表。")
        if not candidates and not may_lack:
            raise UsageError(f"{review.place}：“{review.department}”没有{quoted(review.label)}这一指标，请更正。")
        return next(iter(candidates), None)

    def check_marks(self, review: Review, task: FilingTask) -> None:
        """Raise `UsageError` if a review gives more than the indicator can earn in this filing."""
        indicator = review.indicator
        printed = indicator in self._printed and not self._open(indicator)
        full = self._printed[indicator] if printed else self._rows_of(task)[indicator][1]
        if review.marks is not None and not 0 <= review.marks <= full:
            raise UsageError(
                f"{review.place}（{review.department}{quoted(review.label)}）复核得分 {plain_text(review.marks)} 分，"
                f"应在 0 至 {plain_text(full)} 分之间，请更正。"
            )

    def _open(self, indicator: str) -> bool:
        return self._pack.rubric.open_group_of(indicator) is not None

    def _rows_of(self, task: FilingTask) -> dict[str, tuple[str, Decimal]]:
        submission_id = task.header.submission_id
        if submission_id not in self._rows:
            rows = score_rows(self._pack, self._facts_of(submission_id))
            self._rows[submission_id] = {row.id: (row.label, row.full) for row in rows}
        return self._rows[submission_id]
