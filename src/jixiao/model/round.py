"""The changes in a department's findings and cells from one version of its filing to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jixiao.model.fact import Fact, Facts
from jixiao.model.finding import EXPLAINED, Finding
from jixiao.model.place import Place


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell of the form that two versions fill in differently: what it was and is, as typed; None where it is blank."""

    concept: str
    institution: str | None
    before: str | None
    after: str | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class RoundChange:
    """The findings of the version before (`before`, a file) against those of the filing that counts, by `submission_id`.

    `cleared` are findings of the older version, `new` and `still` of the one that counts; `versions` counts all of them.
    `explained` are findings of both that the department has explained since, so that they no longer count. `changed` are
    the cells of the form that say something else, in the order of the form. A version on which the program broke is
    `broken`: nothing can then be said of what changed.
    """

    submission_id: str
    before: str
    versions: int
    cleared: tuple[Finding, ...]
    new: tuple[Finding, ...]
    still: tuple[Finding, ...]
    changed: tuple[ChangedCell, ...] = ()
    broken: bool = False
    explained: tuple[Finding, ...] = ()


def compare_rounds(
    submission_id: str, before: str, versions: int, older: Iterable[Finding], newer: Iterable[Finding],
    changed: tuple[ChangedCell, ...] = (),
) -> RoundChange:
    """Return the change between two versions: findings are the same where rule, concept and institution are.

    Of rules that name no concept the words decide. Only findings that count are compared.
    """
    old, newer = [each for each in older if each.counted], tuple(newer)
    now = [each for each in newer if each.counted]
    had, has = {_about(each) for each in old}, {_about(each) for each in now}
    explained = tuple(
        each for each in newer if not each.counted and each.state == EXPLAINED and _about(each) in had - has
    )
    has |= {_about(each) for each in explained}
    return RoundChange(
        submission_id, before, versions,
        tuple(each for each in old if _about(each) not in has),
        tuple(each for each in now if _about(each) not in had),
        tuple(each for each in now if _about(each) in had),
        changed, explained=explained,
    )  # fmt: skip


def _about(finding: Finding) -> tuple[str, str, str]:
    return (finding.rule, finding.concept or finding.message, finding.institution or "")


def compare_cells(older: Facts, newer: Facts) -> tuple[ChangedCell, ...]:
    """Return the cells that say something else in the newer version; a number that is only written otherwise does not."""
    changed = []
    for subject in dict.fromkeys((fact.concept, fact.institution) for fact in (*newer, *older)):
        old, new = older.get(*subject), newer.get(*subject)
        if _said(old) != _said(new):
            at = new or old
            changed.append(ChangedCell(*subject, _typed(old), _typed(new), at.place if at else None))
    return tuple(changed)


def _said(fact: Fact | None) -> object:
    if fact is None or not fact.filled:
        return None
    return fact.value if fact.value is not None else fact.text or fact.raw


def _typed(fact: Fact | None) -> str | None:
    return (fact.raw or fact.text) if fact and fact.filled else None
