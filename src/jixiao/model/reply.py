"""What departments answer to findings, remembered by what each finding was about."""

from __future__ import annotations

from typing import NamedTuple

from jixiao.model.finding import Finding

KEY_SEPARATOR = "|"


class About(NamedTuple):
    """What a reply answers: it holds for a finding with the same words in all five, and for no other."""

    rule: str
    concept: str
    institution: str
    expected: str
    actual: str

    @property
    def key(self) -> str:
        """The same on one line, as it is kept in a workbook."""
        return KEY_SEPARATOR.join(self)


class Reply(NamedTuple):
    """A department's answer to a finding of an earlier return."""

    about: About
    text: str


def about(finding: Finding) -> About:
    """What a reply to this finding is remembered by."""
    parts = (finding.rule, finding.concept, finding.institution, finding.expected, finding.actual)
    return About(*(" ".join((part or "").replace(KEY_SEPARATOR, "/").split()) for part in parts))


def about_of_key(key: str) -> About | None:
    """What a key says that a reply is about; None where it is no key."""
    parts = key.strip().split(KEY_SEPARATOR)
    return About(*parts) if len(parts) == len(About._fields) and parts[0] else None
