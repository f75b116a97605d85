"""What became of each file of the inbox, what the sheets of a district say of it, and the district as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from sys import intern
from typing import Any, NamedTuple

from jixiao.model.external_data import NO_EXTERNAL_DATA, ExternalData, FormerDepartment, YearResult
from jixiao.model.fact import FactColumns, Facts
from jixiao.model.finding import EXPLAINED, Finding, Severity
from jixiao.model.review import Review
from jixiao.model.round import RoundChange
from jixiao.model.rule_outcome import RuleOutcome
from jixiao.model.score import Score, Scorecard
from jixiao.model.submission import SCORED, Identity, Institution, RosterEntry, Status, UnplacedCell


@dataclass(frozen=True)
class DepartmentResult:
    """One file of the inbox (or one department that sent none): its status, findings and, if scored, its scores.

    `output` is the returned workbook, relative to OUT with forward slashes, or None. `counted` says whether it counts in
    rankings and totals: scored and of the batch's year. `reason` is one Chinese line for people. `reviews` are what
    reviewers decided of it, `change` is what became of the findings of the version that it replaces.
    """

    submission_id: str
    file: str
    sha256: str
    status: Status
    reason: str
    identity: Identity
    findings: tuple[Finding, ...] = ()
    scorecard: Scorecard | None = None
    roster: RosterEntry | None = None
    output: str | None = None
    counted: bool = True
    reviews: tuple[Review, ...] = ()
    change: RoundChange | None = None

    @property
    def scored(self) -> bool:
        """Whether it was checked, scored and written back."""
        return self.status in SCORED and self.scorecard is not None

    @property
    def department(self) -> str:
        """The department's name: the roster's, else as the filing says it, else empty."""
        return (self.roster.department if self.roster else "") or self.identity.department or ""

    @property
    def budget_code(self) -> str:
        """The budget code: the roster's, else as the filing says it, else empty."""
        return (self.roster.budget_code if self.roster else "") or self.identity.budget_code or ""

    @property
    def kind(self) -> str:
        """The kind that the roster gives the department, or nothing."""
        return self.roster.kind if self.roster else ""

    @property
    def section(self) -> str:
        """The section of the bureau that the department belongs to, or nothing."""
        return self.roster.section if self.roster else ""

    @property
    def scores(self) -> tuple[Score, ...]:
        """Its scores; none where it has no scorecard."""
        return self.scorecard.scores if self.scorecard else ()

    @property
    def total_final(self) -> Decimal:
        """Its final total in marks, 0 where it has no scorecard."""
        return self.scorecard.total_final if self.scorecard else Decimal(0)

    def count(self, severity: Severity) -> int:
        """Count its findings of a severity that count."""
        return sum(finding.severity is severity and finding.counted for finding in self.findings)

    @property
    def explained(self) -> int:
        """How many findings the department has explained, whether they count or not."""
        return sum(finding.state == EXPLAINED for finding in self.findings)


@dataclass(frozen=True)
class Result(DepartmentResult):
    """A result with everything that was read of its file and checked; returned workbook and tables are made of it.

    `pack` names the pack it was read by where files have their own. `external` is what is known of the department besides
    its filing.
    """

    outcomes: tuple[RuleOutcome, ...] = ()
    facts: Facts = field(default_factory=lambda: Facts(()))
    institutions: tuple[Institution, ...] = ()
    extras: tuple[UnplacedCell, ...] = ()
    pack: str = ""
    external: ExternalData = NO_EXTERNAL_DATA


class CompactNumbers(NamedTuple):
    """Exact numbers by names without blanks, both as texts with blanks between them: a tenth of what objects take."""

    names: str = ""
    numbers: str = ""

    @classmethod
    def of(cls, numbers: Mapping[str, Decimal]) -> CompactNumbers:
        """Return these numbers; all filings that have numbers of the same names share the text of names."""
        return cls(intern(" ".join(numbers)), " ".join(map(str, numbers.values())))

    def by_name(self) -> dict[str, Decimal]:
        """Return each number by its name."""
        return dict(zip(self.names.split(), map(Decimal, self.numbers.split()), strict=True))


NO_NUMBERS = CompactNumbers()


class WrittenText(NamedTuple):
    """A long text of a filing as others of the batch are compared with it.

    `mark` is the same for texts that are, but for blanks and punctuation; `length` counts the characters without these.
    """

    concept: str
    mark: str
    length: int
    opening: str


class LastYearFigures(NamedTuple):
    """Last year's result of a department, None where it had none, and the figures that are set beside this year's."""

    standing: YearResult | None
    figures: CompactNumbers


@dataclass(frozen=True)
class DepartmentSummary(DepartmentResult):
    """A result as the sheets of a whole district need it, so small that thousands fit in memory.

    `score_cells` are the cells of the scores that a person is to decide, `texts` the texts that are compared with those of
    others, `figures` the amounts by concept and `measures` the rates by indicator. `has_external_data` says that more is
    known of the department than its filing; `last_year` is None where the run knows nothing of last year.
    """

    score_cells: Facts = field(default_factory=lambda: Facts(()))
    texts: tuple[WrittenText, ...] = ()
    figures: CompactNumbers = NO_NUMBERS
    measures: CompactNumbers = NO_NUMBERS
    has_external_data: bool = False
    last_year: LastYearFigures | None = None

    @classmethod
    def of(cls, result: DepartmentResult, **more: Any) -> DepartmentSummary:
        """Return what a result says of its own, with these fields added or changed."""
        return cls(**({each.name: getattr(result, each.name) for each in fields(DepartmentResult)} | more))

    def shared(self) -> DepartmentSummary:
        """Return it with the scores and names that it has in common with others as the same objects."""
        card, figures, measures = self.scorecard, self.figures, self.measures
        return replace(
            self,
            scorecard=card and replace(card, scores=tuple(map(shared_score, card.scores))),
            figures=figures._replace(names=intern(figures.names)),
            measures=measures._replace(names=intern(measures.names)),
        )


@lru_cache(maxsize=10_000)
def shared_score(score: Score) -> Score:
    """Return one object for all scores that are alike; numbers that are only written otherwise are the same."""
    return score


@dataclass(frozen=True)
class District:
    """All results of a batch in their order (budget code, department, file), with what the workbooks need to say.

    `bureau`, `contact` are settings shown in letters and properties; `year` is the batch's. `kept_reviews` are filled
    rows of the review workbook that no filing of this run answers to, `gone` departments that last year's result has and
    this year's count lacks.
    """

    results: tuple[DepartmentSummary, ...]
    roster: tuple[RosterEntry, ...]
    has_roster: bool
    year: int
    bureau: str = "财政局"
    contact: str = ""
    kept_reviews: tuple[Review, ...] = ()
    gone: tuple[FormerDepartment, ...] = ()

    @cached_property
    def scored(self) -> tuple[DepartmentSummary, ...]:
        """The results that count in rankings and totals."""
        return tuple(result for result in self.results if result.scored and result.counted)


TableValue = str | int | bool | None
Columns = Sequence[Sequence[TableValue]]
"""Columns of equal length: texts, counts, flags, and numbers as exact texts; None where a row has nothing there."""


class TableRows(NamedTuple):
    """The rows of a result in each table but for its id, which is in every row."""

    submission_id: str
    facts: FactColumns
    others: Mapping[str, Columns]


def first_message(findings: Sequence[Finding]) -> str:
    """Return the message of the heaviest finding without its full stop."""
    return min(findings, key=Finding.sort_key).message.rstrip("。") if findings else ""
