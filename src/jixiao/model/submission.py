"""Records of filings as they are read, and of the departments that they come from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jixiao.model.fact import Facts
from jixiao.model.finding import Finding, Reply
from jixiao.model.place import Place


class Status(StrEnum):
    """The result for a file of the inbox (or for a department on the roster)."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    RETURNED = "returned"
    UNREADABLE = "unreadable"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    NOT_ON_ROSTER = "not_on_roster"
    MISSING = "missing"
    WRONG_FORM = "wrong_form"
    CONFLICT = "conflict"
    SKIPPED = "skipped"


SCORED = frozenset({Status.ACCEPTED, Status.ACCEPTED_WITH_WARNINGS, Status.RETURNED})
"""The statuses of filings that were checked, scored and written back."""


@dataclass(frozen=True, slots=True)
class Institution:
    """A row of the money tables: its id (`summary`, `headquarters` or the unit's name) and its label as filed."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class UnplacedCell:
    """A cell that the form has no place for, carried over so that nothing is lost."""

    place: Place
    text: str


@dataclass(frozen=True)
class Submission:
    """One filing as read from one file.

    `file` is relative to the inbox with forward slashes. `blocks` are the ids of the blocks that were found.
    `replies` are what the department answered to the findings of an earlier return.
    """

    submission_id: str
    file: str
    sha256: str
    pack: str
    facts: Facts
    institutions: tuple[Institution, ...] = ()
    blocks: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    extras: tuple[UnplacedCell, ...] = ()
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """The department and the year of a filing, according to cover, file name, roster and narrative."""

    department: str | None
    budget_code: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class UnreadableFiling:
    """A file that could not be read as a filing: its status (`unreadable`, `wrong_form` or `skipped`) and why."""

    submission_id: str
    file: str
    sha256: str
    status: Status
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One department of the roster; texts are empty where the roster does not say.

    `kind` 类别, `supervisor` 主管部门, `section` 归口股室, `reports_within` 并入报送 (the department in whose filing
    this one is contained), `deadline` 报送截止, `classified` 涉密, `district` 区县.
    """

    budget_code: str
    department: str
    kind: str = ""
    supervisor: str = ""
    section: str = ""
    reports_within: str = ""
    deadline: str = ""
    classified: bool = False
    district: str = ""


HEADINGS = {
    "预算编码": "budget_code", "部门名称": "department", "类别": "kind", "主管部门": "supervisor", "归口股室": "section",
    "并入报送": "reports_within", "报送截止": "deadline", "涉密": "classified", "区县": "district",
}  # fmt: skip
"""The headings of a roster workbook and what stands under each."""


@dataclass(frozen=True, slots=True)
class FilingHeader:
    """The fields of a filing that identity, rounds and the batch's year need; the rest stays in its worker.

    `personal` are its personal words, to be masked wherever the department is told of.
    """

    submission_id: str
    file: str
    sha256: str
    department: str
    budget_code: str
    year: int | None
    narrative_year: int | None
    report_date: str
    evaluator_unit: str
    department_place: Place | None
    budget_code_place: Place | None
    year_place: Place | None
    personal: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ResolvedIdentity:
    """An identity, the roster's entry if one matched, and findings on where they disagree or were missing."""

    identity: Identity
    entry: RosterEntry | None
    findings: tuple[Finding, ...]
