"""What the tables of a batch tell of a result: its rows in each. `writing/parquet.py` writes them.

Personal cells are masked, and personal words wherever else they occur.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from jixiao.model.external_data import DataSource
from jixiao.model.fact import FactColumns
from jixiao.model.finding import Finding, Severity
from jixiao.model.result import Cell, Columns, Result, TableRows
from jixiao.model.score import Score, ScoreInput
from jixiao.pack import Pack
from jixiao.privacy.find import personal_concepts, personal_words_by_result
from jixiao.privacy.mask import mask
from jixiao.values.number_format import plain_text
from jixiao.values.text import MASK
from jixiao.writing.parquet.columns import FINDINGS, SUBMISSIONS, TEXT, ColumnType, ParquetTable, fit_amount, rate
from jixiao.writing.scores.score_range import little_verified, outlook

Mask = Callable[[str | None], str | None]


def table_rows(result: Result, pack: Pack, secrets: frozenset[str] = frozenset()) -> TableRows:
    """The rows of a result, with these personal words masked; none where it holds no such word any more."""
    conceal: Mask = (lambda text: mask(text, secrets) if text else text) if secrets else _as_it_is
    scores = result.scorecard.scores if result.scorecard else ()
    return TableRows(
        result.submission_id,
        _submission(result, pack, conceal),
        _facts(result, pack, conceal if secrets else None),
        _columns(_finding(each, pack, conceal) for each in result.findings),
        _columns(_score(each, conceal) for each in scores),
        _columns(_elsewhere(result, conceal)),
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


def _plain(table: ParquetTable, row: Sequence[object]) -> dict[str, Any]:
    return {
        name: _plain_value(value, kind) for (name, kind), value in zip(table.columns.items(), row, strict=True)
    }


def _plain_value(value: object, kind: ColumnType) -> object:
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", "replace").decode() if kind is TEXT else plain_text(Decimal(value))


def _submission(result: Result, pack: Pack, conceal: Mask) -> Sequence[Cell]:
    card, roster = result.scorecard, result.roster
    return (
        conceal(result.file),
        result.sha256 or None,
        result.department or None,
        result.budget_code or None,
        result.identity.year,
        result.status.value,
        conceal(result.reason),
        *(result.count(severity) for severity in Severity),
        fit_amount(card.total_stated) if card else None,
        fit_amount(card.total_sheet) if card else None,
        fit_amount(card.total_self) if card else None,
        fit_amount(card.total_final) if card else None,
        fit_amount(card.full_verified) if card else None,
        (card.grade or None) if card else None,
        result.output,
        fit_amount(card.total_computed) if card else None,
        fit_amount(card.full_declared) if card else None,
        result.scored and result.counted,
        (roster.kind or None) if roster else None,
        (roster.section or None) if roster else None,
        result.explained,
        little_verified(pack, card) if card else None,
        *((None, None) if card is None else (fit_amount(total) for total in outlook(pack, card))),
    )


def _facts(result: Result, pack: Pack, conceal: Mask | None) -> FactColumns:
    facts = result.facts.columns() or FactColumns.told(result.facts.rows)
    personal = personal_concepts(pack)
    hidden = [personal[concept] for concept in facts.concept]
    if any(hidden):
        texts, raws = (
            tuple([each and MASK if secret else each for each, secret in zip(column, hidden, strict=True)])
            for column in (facts.text, facts.raw)
        )
        facts = facts._replace(text=texts, raw=raws)
    if conceal is None:
        return facts
    return facts._replace(
        institution=tuple(map(conceal, facts.institution)), text=tuple(map(conceal, facts.text)),
        raw=tuple(map(conceal, facts.raw)), sheet=tuple(map(conceal, facts.sheet)),
    )  # fmt: skip


def _elsewhere(result: Result, conceal: Mask) -> Iterator[Sequence[Cell]]:
    known = {DataSource.BUREAU: result.elsewhere.bureau, DataSource.PREVIOUS: result.elsewhere.previous}
    for origin, facts in known.items():
        for fact in facts or ():
            yield (
                origin.value,
                fact.concept,
                fact.institution,
                fit_amount(fact.value),
                conceal(fact.text),
                fact.state.value,
                conceal(fact.place.sheet) if fact.place else None,
                fact.place.cell if fact.place else None,
            )


def _finding(finding: Finding, pack: Pack, conceal: Mask) -> Sequence[Cell]:
    place, suggested = finding.place, finding.suggested_place
    expected, actual = conceal(finding.expected), conceal(finding.actual)
    if personal_concepts(pack)[finding.concept]:
        expected, actual = expected and MASK, actual and MASK
    return (
        finding.finding_id,
        finding.rule,
        finding.severity.value,
        conceal(finding.message),
        conceal(place.sheet) if place else None,
        place.cell if place else None,
        finding.concept,
        conceal(finding.institution),
        expected,
        actual,
        fit_amount(finding.difference),
        suggested.cell if suggested else None,
        fit_amount(finding.suggested_value),
        conceal(finding.suggestion) or None,
        conceal(finding.reply) or None,
        finding.state,
        conceal(finding.remedy) or None,
        conceal(suggested.sheet) if suggested else None,
        finding.counted,
    )


def _score(score: Score, conceal: Mask) -> Sequence[Cell]:
    return (
        score.indicator,
        fit_amount(score.full_marks),
        fit_amount(score.self_marks),
        fit_amount(score.computed_marks),
        fit_amount(score.review_marks),
        fit_amount(score.final_marks),
        score.basis.value if score.basis else None,
        score.status.value,
        rate(score.measure),
        score.evidence.value,
        conceal(score.explanation) or None,
        conceal(score.label),
        score.dimension or None,
        score.standard or None,
        score.step or None,
        conceal("；".join(map(_cited, score.inputs))) or None,
    )


def _cited(used: ScoreInput) -> str:
    """A number that a score used: concept, value and cell, and whose workbook the cell is in if not the filing's."""
    value = "" if used.value is None else plain_text(used.value)
    where = f"@{used.place}" if used.place and not used.assumed else ""
    return f"{used.concept}={value}{where}{'' if used.origin is DataSource.FILING else f'（{used.origin.value}）'}"
