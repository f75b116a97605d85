"""Results as they may leave their department: nothing personal in any text, nothing that stood outside the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from jixiao.batch.personal import Words
from jixiao.model.fact import Fact, Facts
from jixiao.model.finding import Finding
from jixiao.model.outcome import Outcome
from jixiao.model.place import Place
from jixiao.model.privacy import MASK, masked, may_hold
from jixiao.model.result import Result
from jixiao.model.score import Input, Score
from jixiao.model.submission import Institution
from jixiao.pack import Pack
from jixiao.pack.personal import personal_concepts


def redacted(result: Result, words: Words, pack: Pack) -> Result:
    """The result without personal cells' contents, with these words masked in every text, and without extras.

    Whatever reads results after this (summary, review table, parquet, messages) cannot tell what it was not given.
    """
    if not words or not may_hold(_texts(result, pack), words):
        return _without_personal_cells(result, pack)
    text = _masker(words)
    return replace(
        result,
        file=text(result.file),
        reason=text(result.reason),
        identity=replace(result.identity, department=_optional(text, result.identity.department)),
        findings=tuple(_finding(finding, text, pack) for finding in result.findings),
        outcomes=tuple(_outcome(outcome, text) for outcome in result.outcomes),
        facts=Facts.of(_fact(fact, text, pack) for fact in result.facts),
        institutions=tuple(Institution(text(each.key), text(each.label)) for each in result.institutions),
        extras=(),
        scorecard=result.scorecard
        and replace(result.scorecard, scores=tuple(_score(score, text) for score in result.scorecard.scores)),
    )


def _without_personal_cells(result: Result, pack: Pack) -> Result:
    """The result where no word stands anywhere else, as in most: all its other records are kept as they are."""
    personal = personal_concepts(pack)
    findings, facts = result.findings, result.facts.rows
    if any(personal[each.concept] for each in findings):
        findings = tuple(_finding(each, str, pack) if personal[each.concept] else each for each in findings)
    if any(personal[each.concept] for each in facts):
        facts = tuple(_fact(each, str, pack) if personal[each.concept] else each for each in facts)
    return replace(result, findings=findings, facts=Facts(facts), extras=())


def _texts(result: Result, pack: Pack) -> set[str]:
    """Every text in which a word is masked, each once."""
    personal = personal_concepts(pack)
    told: set[str | None] = {result.file, result.reason, result.identity.department}
    told.update(each.reason for each in result.outcomes)
    for each in result.institutions:
        told.update((each.key, each.label))
    for fact in result.facts.rows:
        told.update((fact.institution, fact.place and fact.place.sheet))
        if not personal[fact.concept]:
            told.update((fact.text, fact.raw))
    for finding in result.findings:
        told.update((finding.message, finding.remedy, finding.institution, finding.suggestion, finding.reply))
        told.update(place.sheet for place in (finding.place, finding.suggested_place) if place is not None)
        if not personal[finding.concept]:
            told.update((finding.expected, finding.actual))
    for score in result.scorecard.scores if result.scorecard else ():
        told.update((score.label, score.explanation))
        for given in (*score.inputs, *score.missing):
            told.update((given.institution, given.place and given.place.sheet))
    return {text for text in told if text}


Masker = Callable[[str], str]


def _masker(words: Words) -> Masker:
    """Masking with what was masked once remembered: most texts of a filing stand in several records."""
    return lru_cache(maxsize=4096)(lambda text: masked(text, words)) if words else str


def _optional(text: Masker, given: str | None) -> str | None:
    return text(given) if given else given


def _place(text: Masker, place: Place | None) -> Place | None:
    if place is None or (sheet := text(place.sheet)) == place.sheet:
        return place
    return place._replace(sheet=sheet)


def _fact(fact: Fact, text: Masker, pack: Pack) -> Fact:
    if personal_concepts(pack)[fact.concept]:
        shown, raw = (MASK if each else each for each in (fact.text, fact.raw))
    else:
        shown, raw = _optional(text, fact.text), _optional(text, fact.raw)
    institution, place = _optional(text, fact.institution), _place(text, fact.place)
    # Most facts are as they were; the same one is then kept, since there are hundreds in a filing.
    same = (shown, raw, institution) == (fact.text, fact.raw, fact.institution) and place is fact.place
    return fact if same else fact._replace(text=shown, raw=raw, institution=institution, place=place)


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


def _outcome(outcome: Outcome, text: Masker) -> Outcome:
    return replace(outcome, reason=text(outcome.reason)) if outcome.reason else outcome


def _score(score: Score, text: Masker) -> Score:
    return replace(
        score, label=text(score.label), explanation=text(score.explanation),
        inputs=tuple(_input(each, text) for each in score.inputs),
        missing=tuple(_input(each, text) for each in score.missing),
    )  # fmt: skip


def _input(given: Input, text: Masker) -> Input:
    institution, place = _optional(text, given.institution), _place(text, given.place)
    if institution == given.institution and place is given.place:
        return given
    return replace(given, institution=institution, place=place)
