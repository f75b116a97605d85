"""The district as its summary's sheets see it: who counts, in which order, and texts with nothing personal in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from jixiao.model.result import District, Result
from jixiao.model.submission import RosterEntry, Status
from jixiao.pack import Pack
from jixiao.privacy.find import personal_words_by_result
from jixiao.privacy.mask import mask
from jixiao.writing.review.workbook import review_rows
from jixiao.writing.scores.score_range import ScoreRange, little_verified, outlook
from jixiao.writing.summary.department_summary import figures_of
from jixiao.writing.wording import UNVERIFIED_WORD
from jixiao.writing.xlsx.content import Link, ListCell

MOST_ROWS = 10_000
"""Longer lists are no longer read and slow every spreadsheet program down; the rest stands in the parquet data."""

NO_FILING = frozenset({Status.MISSING, Status.SKIPPED})


@dataclass(frozen=True)
class DistrictView:
    """A district and its pack; of its long lists no more than `most_rows` rows are shown."""

    district: District
    pack: Pack
    most_rows: int = MOST_ROWS

    @cached_property
    def _secrets(self) -> dict[str, frozenset[str]]:
        results = self.district.results
        words = personal_words_by_result(self.pack, results)
        return {result.submission_id: each for result, each in zip(results, words, strict=True)}

    def masked(self, result: Result, text: str) -> str:
        """A text of a result's filing with its personal words masked."""
        return mask(text, self._secrets[result.submission_id]) if text else text

    def figures(self, result: Result) -> Mapping[str, Decimal]:
        """The amounts of a filing that the sheets add up and compare, by concept, each as it counts for the whole."""
        return figures_of(result, self.pack)

    @cached_property
    def ranked(self) -> tuple[Result, ...]:
        """The results that count, the highest total first, equals in the district's order."""
        return tuple(sorted(self.district.scored, key=lambda result: -total_final(result)))

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
    def results(self) -> tuple[Result, ...]:
        """The results to be told: a classified department that sent no file is not late, its roster row tells of it."""
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

    def little_verified(self, result: Result) -> bool:
        """Whether little of what accounts could verify was verified."""
        return result.scorecard is not None and little_verified(self.pack, result.scorecard)

    def unverified(self, result: Result) -> ListCell | str:
        """The cell that marks a department of which little was verified; empty for others."""
        return ListCell(UNVERIFIED_WORD, role="warning") if self.little_verified(result) else ""

    @cached_property
    def outlooks(self) -> tuple[ScoreRange, ...]:
        """Between which totals each of the ranked can end."""
        return tuple(outlook(self.pack, each.scorecard) for each in self.ranked if each.scorecard is not None)


def total_final(result: Result) -> Decimal:
    """The final total of a scored result."""
    return result.scorecard.total_final if result.scorecard else Decimal(0)


def department_kind(result: Result) -> str:
    """The kind that the roster gives a department, or nothing."""
    return result.roster.kind if result.roster else ""


def subject_of(result: Result) -> str:
    """What identifies the department of a result: its code, else its name, else its file."""
    return result.budget_code or result.department or result.file


def workbook_link(result: Result) -> ListCell:
    """The cell that leads to a department's returned workbook; empty where it has none."""
    return ListCell("打开", link=Link(file=result.output, tip="打开该部门的审核结果")) if result.output else _NOTHING_TO_OPEN


_NOTHING_TO_OPEN = ListCell("", role="text")


def rounded(number: Decimal, decimals: int = 2) -> Decimal:
    """A number rounded half up, as people and spreadsheet programs do."""
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def average(numbers: list[Decimal]) -> Decimal | None:
    """The mean to two decimals; None of nothing."""
    return rounded(sum(numbers, Decimal(0)) / len(numbers)) if numbers else None
