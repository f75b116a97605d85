"""A file that gave no submission."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.model.finding import Finding
from jixiao.model.submission import Status


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read as a filing: its status (`unreadable`, `wrong_form` or `skipped`) and why."""

    submission_id: str
    file: str
    sha256: str
    status: Status
    findings: tuple[Finding, ...]
