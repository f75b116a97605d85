"""What the tables of a batch tell of a result: its rows in each. `writing/parquet.py` writes them.

Personal cells are masked, and personal words wherever else they occur.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from jixiao.model.cell import plain_decimal
from jixiao.model.external_data import Origin
from jixiao.model.fact import FactColumns
from jixiao.model.finding import Finding, Severity
from jixiao.model.result import Cell, Columns, Result, TableRows
from jixiao.model.score import Input, Score
from jixiao.pack import Pack
from jixiao.privacy.find import personal_concepts, personal_words_by_result
from jixiao.privacy.mask import masked
from jixiao.values.text import MASK
from jixiao.writing.parquet.columns import FINDINGS, SUBMISSIONS, TEXT, Kind, Table, amount, rate
from jixiao.writing.scores.score_range import little_verified, outlook

Mask = Callable[[str | None], str | None]


def table_rows(result: Result, pack: Pack, secrets: frozenset[str] = frozenset()) -> TableRows:
    """The rows of a result, with these personal words masked; none where it holds no such word any more."""
    mask: Mask = (lambda text: masked(text, secrets) if text else text) if secrets else _as_it_is
    scores = result.scorecard.scores if result.scorecard else ()
    return TableRows(
        result.submission_id,
        _submission(result, pack, mask),
        _facts(result, pack, mask if secrets else None),
        _columns(_finding(each, pack, mask) for each in result.findings),
        _columns(_score(each, mask) for each in scores),
        _columns(_elsewhere(result, mask)),
    )


def plain_records(result: Result, pack: Pack) -> dict[str, Any]:
    """A result as the files tell it, under the same names: its submission, and its findings under `findings`.

    Numbers are texts without needless zeros, so that no reader rounds them.
    """
    rows = table_rows(result, pack, personal_words_by_result(pack, [result])[0])
    findings = [_plain(FINDINGS, (rows.submission_id, *row)) for row in zip(*rows.findings, strict=True)]
    return {**_plain(SUBMISSIONS, (rows.submission_id, *rows.submission)), "findings": findings}


def _as_it_is(text: str | None) -> str | None:
    return text


def _columns(rows: Iterator[Sequence[Cell]]) -> Columns:
    return tuple(zip(*rows, strict=True))


def _plain(table: Table, row: Sequence[object]) -> dict[str, Any]:
    return {
        name: _plain_value(value, kind) for (name, kind), value in zip(table.columns.items(), row, strict=True)
    }


def _plain_value(value: object, kind: Kind) -> object:
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", "replace").decode() if kind is TEXT else plain_decimal(Decimal(value))


def _submission(result: Result, pack: Pack, mask: Mask) -> Sequence[Cell]:
    card, roster = result.scorecard, result.roster
    return (
        mask(result.file),
        result.sha256 or None,
        result.department or None,
        result.budget_code or None,
        result.identity.year,
        result.status.value,
        mask(result.reason),
        *(result.count(severity) for severity in Severity),
        amount(card.total_stated) if card else None,
        amount(card.total_sheet) if card else None,
        amount(card.total_self) if card else None,
        amount(card.total_final) if card else None,
        amount(card.full_verified) if card else None,
        (card.grade or None) if card else None,
        result.output,
        amount(card.total_computed) if card else None,
        amount(card.full_declared) if card else None,
        result.scored and result.counted,
        (roster.kind or None) if roster else None,
        (roster.section or None) if roster else None,
        result.explained,
        little_verified(pack, card) if card else None,
        *((None, None) if card is None else (amount(total) for total in outlook(pack, card))),
    )


def _facts(result: Result, pack: Pack, mask: Mask | None) -> FactColumns:
    facts = result.facts.columns() or FactColumns.told(result.facts.rows)
    personal = personal_concepts(pack)
    hidden = [personal[concept] for concept in facts.concept]
    if any(hidden):
        texts, raws = (
            tuple([each and MASK if secret else each for each, secret in zip(column, hidden, strict=True)])
            for column in (facts.text, facts.raw)
        )
        facts = facts._replace(text=texts, raw=raws)
    if mask is None:
        return facts
    return facts._replace(
        institution=tuple(map(mask, facts.institution)), text=tuple(map(mask, facts.text)),
        raw=tuple(map(mask, facts.raw)), sheet=tuple(map(mask, facts.sheet)),
    )  # fmt: skip


def _elsewhere(result: Result, mask: Mask) -> Iterator[Sequence[Cell]]:
    known = {Origin.BUREAU: result.elsewhere.bureau, Origin.PREVIOUS: result.elsewhere.previous}
    for origin, facts in known.items():
        for fact in facts or ():
            yield (
                origin.value,
                fact.concept,
                fact.institution,
                amount(fact.value),
                mask(fact.text),
                fact.state.value,
                mask(fact.place.sheet) if fact.place else None,
                fact.place.cell if fact.place else None,
            )


def _finding(finding: Finding, pack: Pack, mask: Mask) -> Sequence[Cell]:
    place, suggested = finding.place, finding.suggested_place
    expected, actual = mask(finding.expected), mask(finding.actual)
    if personal_concepts(pack)[finding.concept]:
        expected, actual = expected and MASK, actual and MASK
    return (
        finding.finding_id,
        finding.rule,
        finding.severity.value,
        mask(finding.message),
        mask(place.sheet) if place else None,
        place.cell if place else None,
        finding.concept,
        mask(finding.institution),
        expected,
        actual,
        amount(finding.difference),
        suggested.cell if suggested else None,
        amount(finding.suggested_value),
        mask(finding.suggestion) or None,
        mask(finding.reply) or None,
        finding.state,
        mask(finding.remedy) or None,
        mask(suggested.sheet) if suggested else None,
        finding.counted,
    )


def _score(score: Score, mask: Mask) -> Sequence[Cell]:
    return (
        score.indicator,
        amount(score.full_marks),
        amount(score.self_marks),
        amount(score.computed_marks),
        amount(score.review_marks),
        amount(score.final_marks),
        score.basis.value if score.basis else None,
        score.status.value,
        rate(score.measure),
        score.evidence.value,
        mask(score.explanation) or None,
        mask(score.label),
        score.dimension or None,
        score.standard or None,
        score.step or None,
        mask("；".join(map(_cited, score.inputs))) or None,
    )


def _cited(used: Input) -> str:
    """A number that a score used: concept, value and cell, and whose workbook the cell is in if not the filing's."""
    value = "" if used.value is None else plain_decimal(used.value)
    where = f"@{used.place}" if used.place and not used.assumed else ""
    return f"{used.concept}={value}{where}{'' if used.origin is Origin.FILING else f'（{used.origin.value}）'}"
