"""A filing as read: who, what, and what stood outside the form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jixiao.model.fact import Facts
from jixiao.model.finding import Finding
from jixiao.model.place import Place
from jixiao.model.reply import Reply


class Status(StrEnum):
    """What became of a file of the inbox (or of a department on the roster)."""

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
class Extra:
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
    extras: tuple[Extra, ...] = ()
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a filing is from and of which year, after cover, file name, roster and narrative were asked."""

    department: str | None
    budget_code: str | None
    year: int | None
