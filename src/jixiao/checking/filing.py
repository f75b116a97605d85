"""A filing under check: its facts, and what the rules found in it so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from jixiao.checking import messages
from jixiao.model.fact import SUMMARY, Fact, FactState
from jixiao.model.finding import Finding, Severity
from jixiao.model.rule_outcome import RuleOutcome, StageResult
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.fact_lookup import effective_fact
from jixiao.pack.rulebook import nested_quotes
from jixiao.values.number_format import to_six_places

REASONS_SHOWN = 3
"""The most reasons of one undecided rule that are listed; further ones are only counted."""


class CheckedFiling:
    """One submission, its findings, and how often each rule passed, failed or could not be decided."""

    def __init__(self, submission: Submission, pack: Pack) -> None:
        self.submission, self.pack, self.facts = submission, pack, submission.facts
        self.findings: list[Finding] = []
        self._passed: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._undecided: dict[str, list[str]] = {}
        self._not_asked: dict[str, str] = {}

    @cached_property
    def institutions(self) -> list[str]:
        """The summary, the institutions that the filing declares, and others of which a cell is filled."""
        declared = (institution.key for institution in self.submission.institutions)
        filled = (key for key in self.facts.filled_concepts if key is not None)
        return list(dict.fromkeys((SUMMARY, *declared, *filled)))

    def amount(self, concept: str, institution: str | None = None) -> Fact | None:
        """Return the fact that counts for a concept (of a money concept, by default the summary's)."""
        return effective_fact(self.pack, self.facts, concept, institution)

    def passed(self, code: str, times: int = 1) -> None:
        """Count `times` passes of a rule."""
        self._passed[code] += times

    def failed(
        self, code: str, fact: Fact | None, *, expected: Decimal | str | None = None, actual: Decimal | str | None = None,
        difference: Decimal | None = None, message: str | None = None, rounded: bool = False, **words: str,
    ) -> None:  # fmt: skip
        """Add a finding of a rule at a fact, an `info` if it is `rounded`; `words` fill the placeholders of its message."""
        finding = self.pack.rules.finding(
            code,
            place=fact.place if fact else None,
            concept=fact.concept if fact else None,
            institution=fact.institution if fact else None,
            expected=messages.shown(expected) if isinstance(expected, Decimal) else expected,
            actual=messages.shown(actual) if isinstance(actual, Decimal) else actual,
            difference=None if difference is None else to_six_places(difference),
            severity=Severity.INFO if rounded else None,
            message=message,
            remedy=messages.ROUNDED_REMEDY if rounded else None,
            **words,  # type: ignore[arg-type]
        )
        self.add(finding)

    def add(self, finding: Finding) -> None:
        """Add a finding; one of severity `info` counts as a pass of its rule."""
        self.findings.append(finding)
        (self._passed if finding.severity is Severity.INFO else self._failed)[finding.rule] += 1

    def replace(self, before: Finding, after: Finding) -> None:
        """Replace a finding by a reworded one; the counts stay."""
        self.findings[next(n for n, finding in enumerate(self.findings) if finding is before)] = after

    def failed_in_reading(self, code: str) -> None:
        """Count a failure at a cell that reading has already reported."""
        self._failed[code] += 1

    def undecided(self, code: str, reason: str) -> None:
        """Count an instance of a rule that could not be decided, and record why."""
        self._undecided.setdefault(code, []).append(nested_quotes(reason))

    def undecided_if_unreadable(self, code: str, *facts: Fact | None) -> bool:
        """Return whether any of these cells could not be read; if so, the rule is undecided and says which."""
        unreadable = [fact for fact in facts if fact is not None and fact.state is FactState.UNREADABLE]
        if unreadable:
            self.undecided(code, messages.unreadable(self.pack, unreadable))
        return bool(unreadable)

    def numbers(self, code: str, facts: Mapping[str, Fact | None], *, every: bool = False) -> list[Decimal] | None:
        """Return the numbers of these concepts; None, with the rule undecided, where a cell is unreadable or blank.

        The reason names the unreadable cells, else the first blank one, or `every` one.
        """
        if self.undecided_if_unreadable(code, *facts.values()):
            return None
        numbers = {concept: fact.value for concept, fact in facts.items() if fact is not None and fact.value is not None}
        blank = [messages.cell_label(self.pack, concept) for concept in facts if concept not in numbers]
        if blank:
            self.undecided(code, f"{messages.joined(blank if every else blank[:1])}{messages.NOT_FILLED}")
            return None
        return list(numbers.values())

    def compare(
        self, code: str, fact: Fact | None, actual: Decimal | None, expected: Decimal, *, message: str | None = None, **words: str
    ) -> None:
        """Count a pass of a rule if a number (a blank is zero) is the expected one, else add a finding with the difference."""
        difference = (actual or Decimal(0)) - expected
        if not difference:
            self.passed(code)
            return
        written = messages.NOT_FILLED if actual is None else actual
        self.failed(code, fact, expected=expected, actual=written, difference=difference, message=message, **words)  # type: ignore[arg-type]

    def not_asked(self, codes: str | Iterable[str], reason: str) -> None:
        """Record why these rules have no answer, for those that no cell of the filing asks for."""
        for code in (codes,) if isinstance(codes, str) else codes:
            self._not_asked.setdefault(code, reason)

    def result(self, codes: Sequence[str]) -> StageResult:
        """Return the findings in their order and the outcomes of these rules in theirs."""
        outcomes = (
            RuleOutcome(code, self._passed[code], self._failed[code], len(self._undecided.get(code, ())), self._reason(code))
            for code in codes
        )
        return StageResult(tuple(sorted(self.findings, key=Finding.sort_key)), tuple(outcomes))

    def _reason(self, code: str) -> str:
        if code in self._undecided:
            reasons = list(dict.fromkeys(self._undecided[code]))
            shown = "；".join(reasons[:REASONS_SHOWN])
            return f"{shown}等 {len(reasons)} 项" if len(reasons) > REASONS_SHOWN else shown
        return "" if self._passed[code] or self._failed[code] else self._not_asked.get(code, "")
