"""What the batch knows of each file when its partition is done, and of the whole district."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from jixiao.model.elsewhere import NOTHING_ELSEWHERE, Elsewhere, Gone
from jixiao.model.fact import Facts
from jixiao.model.figures import Figures
from jixiao.model.finding import EXPLAINED, Finding, Severity
from jixiao.model.outcome import Outcome
from jixiao.model.review import Review
from jixiao.model.roster import RosterEntry
from jixiao.model.rounds import RoundChange
from jixiao.model.score import Score, Scorecard
from jixiao.model.submission import SCORED, Extra, Identity, Institution, Status


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
    outcomes: tuple[Outcome, ...] = ()
    facts: Facts = field(default_factory=lambda: Facts(()))
    institutions: tuple[Institution, ...] = ()
    extras: tuple[Extra, ...] = ()
    scorecard: Scorecard | None = None
    roster: RosterEntry | None = None
    output: str | None = None
    counted: bool = True
    pack: str = ""
    elsewhere: Elsewhere = NOTHING_ELSEWHERE
    reviews: tuple[Review, ...] = ()
    change: RoundChange | None = None
    texts: tuple[WrittenText, ...] | None = None
    figures: Figures | None = None
    measures: Figures | None = None

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
    gone: tuple[Gone, ...] = ()

    @cached_property
    def scored(self) -> tuple[Result, ...]:
        """The results that count in rankings and totals."""
        return tuple(result for result in self.results if result.scored and result.counted)
