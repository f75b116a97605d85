"""Results as they may leave their department: nothing personal in any text, nothing that stood outside the form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from jixiao.model.fact import Fact, Facts
from jixiao.model.finding import Finding
from jixiao.model.place import Place
from jixiao.model.result import Result
from jixiao.model.rule_outcome import RuleOutcome
from jixiao.model.score import Score, ScoreInput
from jixiao.model.submission import Institution
from jixiao.pack import Pack
from jixiao.privacy.find import Words, personal_concepts
from jixiao.privacy.mask import mask, may_hold
from jixiao.values.text import MASK


def redact(result: Result, words: Words, pack: Pack) -> Result:
    """The result without personal cells' contents, with these words masked in every text, and without extras.

    Whatever reads results after this (summary, review table, parquet, messages) cannot tell what it was not given.
    """
    plain = _without_personal_cells(result, pack)
    if not words or not may_hold(_texts(plain), words):
        return plain
    text = _masker(words)
    return replace(
        plain,
        file=text(result.file),
        reason=text(result.reason),
        identity=replace(result.identity, department=_optional(text, result.identity.department)),
        findings=tuple(_finding(finding, text, pack) for finding in plain.findings),
        outcomes=tuple(_outcome(outcome, text) for outcome in result.outcomes),
        facts=plain.facts.replaced(dict(_masked_facts(plain.facts, text))),
        institutions=tuple(Institution(text(each.key), text(each.label)) for each in result.institutions),
        scorecard=result.scorecard
        and replace(result.scorecard, scores=tuple(_score(score, text) for score in result.scorecard.scores)),
    )


def _without_personal_cells(result: Result, pack: Pack) -> Result:
    """The result where no word stands anywhere else, as in most: all its other records are kept as they are."""
    personal = personal_concepts(pack)
    findings, facts = result.findings, result.facts
    if any(personal[each.concept] for each in findings):
        findings = tuple(_finding(each, str, pack) if personal[each.concept] else each for each in findings)
    facts = facts.replaced({
        position: fact._replace(text=fact.text and MASK, raw=fact.raw and MASK)
        for position, fact in enumerate(facts)
        if personal[fact.concept]
    })
    return replace(result, findings=findings, facts=facts, extras=())


def _texts(result: Result) -> set[str]:
    """Every text in which a word is masked, each once."""
    told: set[str | None] = {result.file, result.reason, result.identity.department}
    for fact in result.facts:
        told.update((fact.institution, fact.text, fact.raw, fact.place and fact.place.sheet))
    told.update(each.reason for each in result.outcomes)
    for each in result.institutions:
        told.update((each.key, each.label))
    for finding in result.findings:
        told.update((
            finding.message, finding.remedy, finding.institution, finding.suggestion, finding.reply, finding.expected,
            finding.actual,
        ))  # fmt: skip
        told.update(place.sheet for place in (finding.place, finding.suggested_place) if place is not None)
    for score in result.scorecard.scores if result.scorecard else ():
        told.update((score.label, score.explanation))
        for given in (*score.inputs, *score.missing):
            told.update((given.institution, given.place and given.place.sheet))
    return {text for text in told if text}


Masker = Callable[[str], str]


def _masker(words: Words) -> Masker:
    """Masking with what was masked once remembered: most texts of a filing stand in several records."""
    return lru_cache(maxsize=4096)(lambda text: mask(text, words)) if words else str


def _optional(text: Masker, given: str | None) -> str | None:
    return text(given) if given else given


def _place(text: Masker, place: Place | None) -> Place | None:
    if place is None or (sheet := text(place.sheet)) == place.sheet:
        return place
    return place._replace(sheet=sheet)


def _masked_facts(facts: Facts, text: Masker) -> Iterator[tuple[int, Fact]]:
    """The facts in which a word is masked, with their positions: most are as they were, and there are hundreds."""
    for at, fact in enumerate(facts.rows):
        made = fact._replace(
            text=_optional(text, fact.text), raw=_optional(text, fact.raw),
            institution=_optional(text, fact.institution), place=_place(text, fact.place),
        )  # fmt: skip
        if made != fact:
            yield at, made


def _finding(finding: Finding, text: Masker, pack: Pack) -> Finding:
    personal = personal_concepts(pack)[finding.concept]
    expected, actual = (
        MASK if personal and each else _optional(text, each) for each in (finding.expected, finding.actual)
    )
    return replace(
        finding, message=text(finding.message), remedy=text(finding.remedy), expected=expected, actual=actual,
        institution=_optional(text, finding.institution), suggestion=text(finding.suggestion),
        reply=text(finding.reply), place=_place(text, finding.place),
        suggested_place=_place(text, finding.suggested_place),
    )  # fmt: skip


def _outcome(outcome: RuleOutcome, text: Masker) -> RuleOutcome:
    return replace(outcome, reason=text(outcome.reason)) if outcome.reason else outcome


def _score(score: Score, text: Masker) -> Score:
    return score._replace(
        label=text(score.label), explanation=text(score.explanation),
        inputs=tuple(_input(each, text) for each in score.inputs),
        missing=tuple(_input(each, text) for each in score.missing),
    )  # fmt: skip


def _input(given: ScoreInput, text: Masker) -> ScoreInput:
    institution, place = _optional(text, given.institution), _place(text, given.place)
    if institution == given.institution and place is given.place:
        return given
    return given._replace(institution=institution, place=place)
