"""What became of a department's findings from one version of its filing to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jixiao.model.finding import Finding


@dataclass(frozen=True, slots=True)
class RoundChange:
    """The findings of the version before (`before`, a file) against those of the filing that counts, by `submission_id`.

    `cleared` are findings of the older version, `new` and `still` of the one that counts; `versions` counts all of them.
    """

    submission_id: str
    before: str
    versions: int
    cleared: tuple[Finding, ...]
    new: tuple[Finding, ...]
    still: tuple[Finding, ...]


def change(submission_id: str, before: str, versions: int, older: Iterable[Finding], newer: Iterable[Finding]) -> RoundChange:
    """The change between two versions: findings are the same where rule, concept and institution are.

    Of rules that name no concept the words decide. Only findings that count are compared.
    """
    old, now = [each for each in older if each.counted], [each for each in newer if each.counted]
    had, has = {_about(each) for each in old}, {_about(each) for each in now}
    return RoundChange(
        submission_id, before, versions,
        tuple(each for each in old if _about(each) not in has),
        tuple(each for each in now if _about(each) not in had),
        tuple(each for each in now if _about(each) in had),
    )  # fmt: skip


def _about(finding: Finding) -> tuple[str, str, str]:
    return (finding.rule, finding.concept or finding.message, finding.institution or "")
