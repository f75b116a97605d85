"""Check filings against every rule of their form: the one entry point of checking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from jixiao.checking.filing import CheckedFiling
from jixiao.checking.localise.suggest import suggest
from jixiao.checking.rules import (
    balances,
    cells,
    comparisons,
    external_data,
    narrative,
    proportions,
    rates,
    score_sheet,
    targets,
)
from jixiao.model.external_data import NO_EXTERNAL_DATA, ExternalData
from jixiao.model.rule_outcome import StageResult
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack


class Family(Protocol):
    """A module of `rules` whose rules are checked filing by filing."""

    def check(self, filing: CheckedFiling) -> None:
        """Check a filing against the rules of the family."""

    def codes(self, pack: Pack) -> set[str]:
        """Return the codes of the rules of the family that a pack has."""


FAMILIES: tuple[Family, ...] = (rates, score_sheet, targets, narrative, comparisons, proportions)


def check(submissions: Sequence[Submission], pack: Pack, external: Sequence[ExternalData] = ()) -> list[StageResult]:
    """Return the findings and the outcome of every rule for each submission, in their order; facts are never changed.

    `external` holds the external data of each, in the same order: its rules are checked only where a source is there. The
    filings are validated together, so that pandera is called once a table for all of them.
    """
    if not submissions:
        return []
    filings = [CheckedFiling(submission, pack) for submission in submissions]
    sources = external or [NO_EXTERNAL_DATA] * len(filings)
    cells.check_all(filings, pack)
    outcomes = balances.check_all(filings, pack)
    results = []
    for filing, source, balance_outcomes in zip(filings, sources, outcomes, strict=True):
        external_data.check(filing, source)
        for family in FAMILIES:
            family.check(filing)
        suggest(filing, balance_outcomes)
        results.append(filing.result(checked_codes(pack, external_data.codes(pack, source))))
    return results


def checked_codes(pack: Pack, more: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the codes of the rules that every filing is checked against, and of `more`, in the rule book's order."""
    codes = _codes(pack) | more
    return tuple(code for code in pack.rules.codes if code in codes)


@cached_per_pack
def _codes(pack: Pack) -> frozenset[str]:
    return frozenset().union(cells.codes(pack), balances.codes(pack), *(family.codes(pack) for family in FAMILIES))
