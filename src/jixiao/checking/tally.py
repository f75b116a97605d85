"""What the rules answered for one filing, gathered until all have been asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jixiao.model.finding import Finding, Severity
from jixiao.model.outcome import Checked, outcome
from jixiao.pack.rulebook import nested_quotes

REASONS_SHOWN = 3
"""So many reasons of one rule are told; more are counted."""


class Tally:
    """Findings of one filing, and how often each rule passed, failed or could not decide."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        # Plain dictionaries: every rule of every filing is counted here.
        self._passed: dict[str, int] = {}
        self._failed: dict[str, int] = {}
        self._undecided: dict[str, int] = {}
        self._reasons: dict[str, list[str]] = {}
        self._unasked: dict[str, str] = {}

    def passed(self, code: str, times: int = 1) -> None:
        """A rule held, so many times; none tell nothing."""
        if times:
            self._passed[code] = self._passed.get(code, 0) + times

    def passed_each(self, codes: Sequence[str], times: Sequence[int]) -> None:
        """Each of these rules held, as often as told."""
        passed = self._passed
        for code, count in zip(codes, times, strict=True):
            if count:
                passed[code] = passed.get(code, 0) + count

    def failed(self, finding: Finding) -> None:
        """A rule did not hold; what is only told (`info`) counts as passed."""
        self.findings.append(finding)
        counts = self._passed if finding.severity is Severity.INFO else self._failed
        counts[finding.rule] = counts.get(finding.rule, 0) + 1

    def replaced(self, before: Finding, after: Finding) -> None:
        """A finding told already is told in other words; what it counts as stays."""
        self.findings[next(n for n, each in enumerate(self.findings) if each is before)] = after

    def failed_elsewhere(self, code: str) -> None:
        """A rule did not hold at a cell that reading has reported already."""
        self._failed[code] = self._failed.get(code, 0) + 1

    def undecided(self, code: str, reason: str, times: int = 1) -> None:
        """A rule could not be decided, so many times, and why."""
        self._undecided[code] = self._undecided.get(code, 0) + times
        reasons, told = self._reasons.setdefault(code, []), nested_quotes(reason)
        if told not in reasons:
            reasons.append(told)

    def not_asked(self, code: str, reason: str) -> None:
        """Why a rule has no answer, should it find nothing to ask."""
        self._unasked.setdefault(code, reason)

    def none_asked(self, codes: Iterable[str], reason: str) -> None:
        """Why none of these rules has an answer, should it find nothing to ask."""
        self._unasked = dict.fromkeys(codes, reason) | self._unasked

    def checked(self, codes: Iterable[str]) -> Checked:
        """The findings in their order of telling and the outcomes of these rules in theirs."""
        passed, failed, undecided = self._passed, self._failed, self._undecided
        outcomes = []
        for code in codes:
            held = passed.get(code, 0)
            if held and code not in failed and code not in undecided:  # as most do
                outcomes.append(outcome(code, held))
            else:
                reason = self._reason(code)
                outcomes.append(outcome(code, held, failed.get(code, 0), undecided.get(code, 0), reason))
        return Checked(tuple(sorted(self.findings, key=Finding.sort_key)), tuple(outcomes))

    def _reason(self, code: str) -> str:
        if self._undecided.get(code):
            reasons = self._reasons[code]
            told = "；".join(reasons[:REASONS_SHOWN])
            return f"{told}等 {len(reasons)} 项" if len(reasons) > REASONS_SHOWN else told
        return "" if self._passed.get(code) or self._failed.get(code) else self._unasked.get(code, "")
