"""The district as the sheets of its summary see it: who counts, in which order, and what its totals are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from statistics import median

from jixiao.model.result import DepartmentSummary, District
from jixiao.model.submission import RosterEntry, Status
from jixiao.pack import Pack
from jixiao.writing.review.workbook import review_rows
from jixiao.writing.scores.score_range import ScoreRange, little_verified, outlook

MOST_ROWS = 10_000
"""Longer lists are no longer read and slow every spreadsheet program down; the rest is in the parquet data."""

NO_FILING = frozenset({Status.MISSING, Status.SKIPPED})


@dataclass(frozen=True)
class DistrictView:
    """A district and its pack; of its long lists no more than `most_rows` rows are shown."""

    district: District
    pack: Pack
    most_rows: int = MOST_ROWS

    @cached_property
    def ranked(self) -> tuple[DepartmentSummary, ...]:
        """The results that count, the highest total first, equals in the district's order."""
        return tuple(sorted(self.district.scored, key=lambda result: -result.total_final))

    @cached_property
    def expected(self) -> tuple[RosterEntry, ...]:
        """The departments that are to file a workbook of their own: not those within another's, nor classified ones."""
        return tuple(entry for entry in self.district.roster if not entry.reports_within and not entry.classified)

    @property
    def not_expected(self) -> tuple[RosterEntry, ...]:
        """The departments of the roster that file nothing of their own and sent nothing: in another's, or classified."""
        senders = {result.roster for result in self.results}
        return tuple(
            entry for entry in self.district.roster if (entry.reports_within or entry.classified) and entry not in senders
        )

    @cached_property
    def filed(self) -> int:
        """How many departments sent a file: of the roster's where there is one, else by code or name."""
        senders = [result for result in self.district.results if result.status not in NO_FILING]
        if self.district.has_roster:
            rosters = {result.roster for result in senders if result.roster is not None}
            return sum(entry in rosters for entry in self.expected)
        return len({subject_of(result) for result in senders})

    @cached_property
    def results(self) -> tuple[DepartmentSummary, ...]:
        """The results to show: a classified department that sent no file is not late, its roster row says so."""
        return tuple(
            result
            for result in self.district.results
            if not (result.status is Status.MISSING and result.roster and result.roster.classified)
        )

    @cached_property
    def statuses(self) -> Counter[Status]:
        """How many results have each status."""
        return Counter(result.status for result in self.results)

    @cached_property
    def provisional(self) -> bool:
        """Whether scores that a reviewer should decide are still open."""
        return any(row.open for row in review_rows(self.district, self.pack))

    @property
    def total_word(self) -> str:
        """What a total is called: provisional until reviews are in."""
        return "暂定得分" if self.provisional else "最终得分"

    @property
    def header(self) -> str:
        """What is printed at the top of each page."""
        return f"{self.district.bureau}　{self.district.year}年度"

    @cached_property
    def indicator_labels(self) -> dict[str, str]:
        """The label of each indicator, with its criterion where two share one."""
        rubric = self.pack.rubric
        return {each.id: rubric.label_of(each) for each in rubric.indicators}

    def little_verified(self, result: DepartmentSummary) -> bool:
        """Return whether little of what accounts could verify was verified."""
        return result.scorecard is not None and little_verified(self.pack, result.scorecard)

    @cached_property
    def outlooks(self) -> tuple[ScoreRange, ...]:
        """Between which totals each of the ranked can end."""
        return tuple(outlook(self.pack, each.scorecard) for each in self.ranked if each.scorecard is not None)


def subject_of(result: DepartmentSummary) -> str:
    """Return what identifies the department of a result: its code, else its name, else its file."""
    return result.budget_code or result.department or result.file


def rounded(number: Decimal, decimals: int = 2) -> Decimal:
    """Return a number rounded half up, as people and spreadsheet programs do."""
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def average(numbers: Sequence[Decimal]) -> Decimal | None:
    """Return the mean to two decimals; None of nothing."""
    return rounded(sum(numbers, Decimal(0)) / len(numbers)) if numbers else None


STATISTICS: tuple[tuple[str, str, Callable[[Sequence[Decimal]], Decimal | None]], ...] = (
    ("平均", "ROUND(AVERAGE({}),2)", average),
    ("中位数", "ROUND(MEDIAN({}),2)", lambda numbers: rounded(median(numbers))),
    ("最高", "MAX({})", max),
    ("最低", "MIN({})", min),
)
"""What is said of all totals: name, formula over a range, and value."""
