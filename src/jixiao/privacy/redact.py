"""Results as they may leave their department: nothing personal in any text, nothing that stood outside the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import is_dataclass, replace
from functools import lru_cache
from typing import Any

from jixiao.model.fact import Fact
from jixiao.model.finding import Finding
from jixiao.model.place import Place
from jixiao.model.result import Result
from jixiao.model.rule_outcome import RuleOutcome
from jixiao.model.score import Score, Scorecard, ScoreInput
from jixiao.model.submission import Identity, Institution
from jixiao.pack import Pack
from jixiao.privacy.find import Words, personal_concepts
from jixiao.privacy.mask import mask, may_hold
from jixiao.values.text import MASK

TEXTS: dict[type, tuple[str, ...]] = {
    Result: ("file", "reason", "identity", "findings", "outcomes", "institutions", "scorecard"),
    Identity: ("department",),
    Finding: ("message", "remedy", "expected", "actual", "institution", "suggestion", "reply", "place", "suggested_place"),
    RuleOutcome: ("reason",),
    Institution: ("key", "label"),
    Scorecard: ("scores",),
    Score: ("label", "explanation", "inputs", "missing"),
    ScoreInput: ("institution", "place"),
    Fact: ("text", "raw", "institution", "place"),
    Place: ("sheet",),
}
"""Where a record may hold a personal word: its texts, and the records that hold such texts."""


def redact(result: Result, words: Words, pack: Pack) -> Result:
    """Return a result without personal cells' contents, with these words masked in every text, and without extras.

    Whatever reads results after this (summary, review table, parquet, messages) has nothing personal to reveal.
    """
    plain = _without_personal_cells(result, pack)
    if not words or not may_hold(_texts(plain), words):
        return plain
    text = lru_cache(maxsize=4096)(lambda text: mask(text, words))  # most texts of a filing are in several records
    facts = {n: after for n, fact in enumerate(plain.facts.rows) if (after := _apply(text, fact)) is not fact}
    masked: Result = _apply(text, replace(plain, facts=plain.facts.replaced(facts)))
    return masked


def _apply(text: Callable[[str], str], record: Any) -> Any:
    """Return a record with `text` applied to each of its texts, as `TEXTS` lists them; itself where nothing changes."""
    if not record:
        return record
    if isinstance(record, str):
        return text(record)
    if type(record) not in TEXTS:
        return tuple([_apply(text, each) for each in record])
    before = [(name, getattr(record, name)) for name in TEXTS[type(record)]]
    changed = {name: after for name, value in before if (after := _apply(text, value)) != value}
    if not changed:
        return record
    replaced: Callable[..., Any] = replace if is_dataclass(record) else type(record)._replace
    return replaced(record, **changed)


def _texts(result: Result) -> set[str]:
    """Return every text in which a word may be masked."""
    facts = result.facts.columns()
    texts = {text for column in (facts.institution, facts.text, facts.raw, facts.sheet) for text in column if text}

    def collect(text: str) -> str:
        texts.add(text)
        return text

    _apply(collect, result)
    return texts


def _without_personal_cells(result: Result, pack: Pack) -> Result:
    """Return a result without extras and with a mask for whatever personal cells and the findings at them hold."""
    personal = personal_concepts(pack)
    findings, facts = result.findings, result.facts
    if any(personal[finding.concept] for finding in findings):
        findings = tuple(
            replace(finding, expected=finding.expected and MASK, actual=finding.actual and MASK)
            if personal[finding.concept] else finding
            for finding in findings
        )  # fmt: skip
    columns = facts.columns()
    hidden = [(n, facts.rows[n]) for n, concept in enumerate(columns.concept) if personal[concept]]
    facts = facts.replaced({n: fact._replace(text=fact.text and MASK, raw=fact.raw and MASK) for n, fact in hidden})
    return replace(result, findings=findings, facts=facts, extras=())
