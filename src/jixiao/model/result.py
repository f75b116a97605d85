"""What the batch knows of each file when its partition is done, and of the whole district."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from sys import intern
from typing import NamedTuple

from jixiao.model.external_data import NO_EXTERNAL_DATA, ExternalData, FormerDepartment
from jixiao.model.fact import FactColumns, Facts
from jixiao.model.finding import EXPLAINED, Finding, Severity
from jixiao.model.review import Review
from jixiao.model.round import RoundChange
from jixiao.model.rule_outcome import RuleOutcome
from jixiao.model.score import Score, Scorecard
from jixiao.model.submission import SCORED, Identity, Institution, RosterEntry, Status, UnplacedCell


class CompactNumbers(NamedTuple):
    """Exact numbers under names that hold no blank, both as texts with blanks between them: a tenth of what objects take."""

    names: str
    numbers: str

    @classmethod
    def of(cls, numbers: Mapping[str, Decimal]) -> CompactNumbers:
        """These numbers, as they are written."""
        return cls(" ".join(numbers), " ".join(map(str, numbers.values()))).shared()

    def shared(self) -> CompactNumbers:
        """The same with one text of names for all filings that have numbers under the same ones, as most do."""
        return self._replace(names=intern(self.names))

    def by_name(self) -> dict[str, Decimal]:
        """Each number by its name."""
        return dict(zip(self.names.split(), map(Decimal, self.numbers.split()), strict=True))


class WrittenText(NamedTuple):
    """A long text of a filing as others of the batch are compared with it.

    `mark` is the same for texts that are, but for blanks and punctuation; `length` counts the characters without these.
    """

    concept: str
    mark: str
    length: int
    opening: str


@dataclass(frozen=True)
class Result:
    """One file of the inbox (or one department that sent none): its status, findings and, if scored, its scores.

    `output` is the returned workbook, relative to OUT with forward slashes, or None. `counted` says whether it stands
    in rankings and totals: scored and of the batch's year. `pack` names the pack it was read by where files have their own. `reason` is one Chinese line for people. `elsewhere` is
    what is known of the department besides its filing, `reviews` what reviewers decided of it, `change` what became of
    the findings of the version that it replaces. `texts` are its long texts, `figures` its amounts by concept and `measures`
    its rates by indicator where it was made brief and facts and scores no longer hold them, else None.
    """

    submission_id: str
    file: str
    sha256: str
    status: Status
    reason: str
    identity: Identity
    findings: tuple[Finding, ...] = ()
    outcomes: tuple[RuleOutcome, ...] = ()
    facts: Facts = field(default_factory=lambda: Facts(()))
    institutions: tuple[Institution, ...] = ()
    extras: tuple[UnplacedCell, ...] = ()
    scorecard: Scorecard | None = None
    roster: RosterEntry | None = None
    output: str | None = None
    counted: bool = True
    pack: str = ""
    elsewhere: ExternalData = NO_EXTERNAL_DATA
    reviews: tuple[Review, ...] = ()
    change: RoundChange | None = None
    texts: tuple[WrittenText, ...] | None = None
    figures: CompactNumbers | None = None
    measures: CompactNumbers | None = None

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

    def count(self, severity: Severity) -> int:
        """How many findings of a severity it has that count."""
        return sum(finding.severity is severity and finding.counted for finding in self.findings)

    @property
    def explained(self) -> int:
        """How many findings the department has explained, whether they count or not."""
        return sum(finding.state == EXPLAINED for finding in self.findings)


def shared(result: Result) -> Result:
    """The result with what it has alike with others as one object with theirs, for those that came one by one."""
    card, figures, measures = result.scorecard, result.figures, result.measures
    return replace(
        result,
        scorecard=card and replace(card, scores=tuple(map(_one, card.scores))),
        figures=figures and figures.shared(), measures=measures and measures.shared(),
    )  # fmt: skip


@lru_cache(maxsize=10_000)
def _one(score: Score) -> Score:
    return score


@dataclass(frozen=True)
class District:
    """All results of a batch in their order (budget code, department, file), with what the workbooks need to say.

    `bureau`, `contact` are settings shown in letters and properties; `year` is the batch's. `kept_reviews` are filled
    rows of the review workbook that no filing of this run answers to, `gone` departments that last year's result has and
    this year's count lacks.
    """

    results: tuple[Result, ...]
    roster: tuple[RosterEntry, ...]
    has_roster: bool
    year: int
    bureau: str = "财政局"
    contact: str = ""
    kept_reviews: tuple[Review, ...] = ()
    gone: tuple[FormerDepartment, ...] = ()

    @cached_property
    def scored(self) -> tuple[Result, ...]:
        """The results that count in rankings and totals."""
        return tuple(result for result in self.results if result.scored and result.counted)


Cell = str | int | bool | None
Columns = Sequence[Sequence[Cell]]
"""Columns of equal length: texts, counts, flags, and numbers as exact texts; None where a row has nothing there."""


class TableRows(NamedTuple):
    """The rows of a result in each table without its id, which stands in every row; `submission` is one row."""

    submission_id: str
    submission: Sequence[Cell]
    facts: FactColumns
    findings: Columns
    scores: Columns
    elsewhere: Columns


def scored_reason(status: Status, findings: Sequence[Finding]) -> str:
    """Why a checked filing has its status, with the counts of findings."""
    counts = Counter(finding.severity for finding in findings if finding.counted)
    told = f"必改 {counts[Severity.ERROR]} 项、需说明 {counts[Severity.WARNING]} 项、提示 {counts[Severity.INFO]} 项"
    if explained := sum(finding.state == EXPLAINED for finding in findings):
        told += f"、已说明 {explained} 项"
    words = {
        Status.RETURNED: f"退回修改：{told}",
        Status.ACCEPTED_WITH_WARNINGS: f"需补充说明：{told}",
        Status.ACCEPTED: f"审核通过：{told}",
    }
    return words[status]


def first_message(findings: Sequence[Finding]) -> str:
    """The message of the heaviest finding without its full stop."""
    return min(findings, key=Finding.sort_key).message.rstrip("。") if findings else ""
