"""The tables of a batch, each column once with its value, and the rows of a redacted result in them.

The columns come in the order that others rely on; a new one is added at the end. `write.py` writes the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from jixiao.model.external_data import DataSource
from jixiao.model.fact import Fact, FactColumns, Facts
from jixiao.model.finding import Finding, Severity
from jixiao.model.result import Columns, DepartmentResult, Result, TableRows
from jixiao.model.score import Score, Scorecard, ScoreInput
from jixiao.model.submission import RosterEntry
from jixiao.pack import Pack
from jixiao.privacy.find import personal_words_of
from jixiao.privacy.redact import redact
from jixiao.values.number_format import plain_text
from jixiao.writing.parquet.columns import (
    AMOUNT,
    COUNT,
    FACTS,
    FLAG,
    RATE,
    TEXT,
    ColumnType,
    ParquetTable,
    TableColumn,
    fitted,
)
from jixiao.writing.scores.score_range import ScoreRange, little_verified, outlook

T = TypeVar("T")


class _Submission(NamedTuple):
    """What the row of a submission is about: its result, the range of its total and whether little of it was verified."""

    result: DepartmentResult
    range: ScoreRange | None
    little_verified: bool | None


class _ExternalFact(NamedTuple):
    """A figure of a department that does not come from its filing; its place is in the workbook it comes from."""

    origin: DataSource
    fact: Fact


def _of_card(value: Callable[[Scorecard], T]) -> Callable[[_Submission], T | None]:
    return lambda row: value(row.result.scorecard) if row.result.scorecard else None


def _of_roster(value: Callable[[RosterEntry], str]) -> Callable[[_Submission], str | None]:
    return lambda row: (value(row.result.roster) or None) if row.result.roster else None


SUBMISSION_COLUMNS: Mapping[str, TableColumn[_Submission]] = {
    "file": TableColumn(TEXT, lambda row: row.result.file),
    "sha256": TableColumn(TEXT, lambda row: row.result.sha256 or None),
    "department": TableColumn(TEXT, lambda row: row.result.department or None),
    "budget_code": TableColumn(TEXT, lambda row: row.result.budget_code or None),
    "year": TableColumn(COUNT, lambda row: row.result.identity.year),
    "status": TableColumn(TEXT, lambda row: row.result.status.value),
    "reason": TableColumn(TEXT, lambda row: row.result.reason),
    "errors": TableColumn(COUNT, lambda row: row.result.count(Severity.ERROR)),
    "warnings": TableColumn(COUNT, lambda row: row.result.count(Severity.WARNING)),
    "notes": TableColumn(COUNT, lambda row: row.result.count(Severity.INFO)),
    "total_self_stated": TableColumn(AMOUNT, _of_card(lambda card: card.total_stated)),
    "total_self_sheet": TableColumn(AMOUNT, _of_card(lambda card: card.total_sheet)),
    "total_self_sum": TableColumn(AMOUNT, _of_card(lambda card: card.total_self)),
    "total_final": TableColumn(AMOUNT, _of_card(lambda card: card.total_final)),
    "full_verified": TableColumn(AMOUNT, _of_card(lambda card: card.full_verified)),
    "grade": TableColumn(TEXT, _of_card(lambda card: card.grade or None)),
    "output": TableColumn(TEXT, lambda row: row.result.output),
    "total_computed": TableColumn(AMOUNT, _of_card(lambda card: card.total_computed)),
    "full_declared": TableColumn(AMOUNT, _of_card(lambda card: card.full_declared)),
    "counted": TableColumn(FLAG, lambda row: row.result.scored and row.result.counted),
    "kind": TableColumn(TEXT, _of_roster(lambda entry: entry.kind)),
    "section": TableColumn(TEXT, _of_roster(lambda entry: entry.section)),
    "explained": TableColumn(COUNT, lambda row: row.result.explained),
    "to_verify": TableColumn(FLAG, lambda row: row.little_verified),
    "total_lowest": TableColumn(AMOUNT, lambda row: row.range.lowest if row.range else None),
    "total_highest": TableColumn(AMOUNT, lambda row: row.range.highest if row.range else None),
}

FINDING_COLUMNS: Mapping[str, TableColumn[Finding]] = {
    "finding_id": TableColumn(TEXT, lambda finding: finding.finding_id),
    "rule": TableColumn(TEXT, lambda finding: finding.rule),
    "severity": TableColumn(TEXT, lambda finding: finding.severity.value),
    "message": TableColumn(TEXT, lambda finding: finding.message),
    "sheet": TableColumn(TEXT, lambda finding: finding.place.sheet if finding.place else None),
    "cell": TableColumn(TEXT, lambda finding: finding.place.cell if finding.place else None),
    "concept": TableColumn(TEXT, lambda finding: finding.concept),
    "institution": TableColumn(TEXT, lambda finding: finding.institution),
    "expected": TableColumn(TEXT, lambda finding: finding.expected),
    "actual": TableColumn(TEXT, lambda finding: finding.actual),
    "difference": TableColumn(AMOUNT, lambda finding: finding.difference),
    "suggested_cell": TableColumn(TEXT, lambda finding: finding.suggested_place.cell if finding.suggested_place else None),
    "suggested_value": TableColumn(AMOUNT, lambda finding: finding.suggested_value),
    "suggestion": TableColumn(TEXT, lambda finding: finding.suggestion or None),
    "reply": TableColumn(TEXT, lambda finding: finding.reply or None),
    "state": TableColumn(TEXT, lambda finding: finding.state),
    "remedy": TableColumn(TEXT, lambda finding: finding.remedy or None),
    "suggested_sheet": TableColumn(TEXT, lambda finding: finding.suggested_place.sheet if finding.suggested_place else None),
    "counted": TableColumn(FLAG, lambda finding: finding.counted),
}

SCORE_COLUMNS: Mapping[str, TableColumn[Score]] = {
    "indicator": TableColumn(TEXT, lambda score: score.indicator),
    "full": TableColumn(AMOUNT, lambda score: score.full_marks),
    "self": TableColumn(AMOUNT, lambda score: score.self_marks),
    "computed": TableColumn(AMOUNT, lambda score: score.computed_marks),
    "review": TableColumn(AMOUNT, lambda score: score.review_marks),
    "final": TableColumn(AMOUNT, lambda score: score.final_marks),
    "basis": TableColumn(TEXT, lambda score: score.basis.value if score.basis else None),
    "status": TableColumn(TEXT, lambda score: score.status.value),
    "measure": TableColumn(RATE, lambda score: score.measure),
    "evidence": TableColumn(TEXT, lambda score: score.evidence.value),
    "explanation": TableColumn(TEXT, lambda score: score.explanation or None),
    "label": TableColumn(TEXT, lambda score: score.label),
    "dimension": TableColumn(TEXT, lambda score: score.dimension or None),
    "standard": TableColumn(TEXT, lambda score: score.standard or None),
    "step": TableColumn(TEXT, lambda score: score.step or None),
    "inputs": TableColumn(TEXT, lambda score: "；".join(map(_cited, score.inputs)) or None),
}

EXTERNAL_COLUMNS: Mapping[str, TableColumn[_ExternalFact]] = {
    "origin": TableColumn(TEXT, lambda row: row.origin.value),
    "concept": TableColumn(TEXT, lambda row: row.fact.concept),
    "institution": TableColumn(TEXT, lambda row: row.fact.institution),
    "value": TableColumn(AMOUNT, lambda row: row.fact.value),
    "text": TableColumn(TEXT, lambda row: row.fact.text),
    "state": TableColumn(TEXT, lambda row: row.fact.state.value),
    "sheet": TableColumn(TEXT, lambda row: row.fact.place.sheet if row.fact.place else None),
    "cell": TableColumn(TEXT, lambda row: row.fact.place.cell if row.fact.place else None),
}

SUBMISSIONS = ParquetTable.of("submissions", SUBMISSION_COLUMNS)
FINDINGS = ParquetTable.of("findings", FINDING_COLUMNS)
SCORES = ParquetTable.of("scores", SCORE_COLUMNS)
EXTERNAL = ParquetTable.of("elsewhere", EXTERNAL_COLUMNS)


def tables(*, external: bool) -> tuple[ParquetTable, ...]:
    """Return the tables of a batch, with that of external data if there is any."""
    return (SUBMISSIONS, FACTS, FINDINGS, SCORES, *([EXTERNAL] if external else []))


def summary_rows(result: DepartmentResult, pack: Pack) -> TableRows:
    """Return the rows of a result but for its facts and external data."""
    others: dict[str, Columns] = {
        SUBMISSIONS.name: fitted(SUBMISSION_COLUMNS, [_submission(result, pack)]),
        FINDINGS.name: fitted(FINDING_COLUMNS, result.findings),
        SCORES.name: fitted(SCORE_COLUMNS, result.scores),
    }
    return TableRows(result.submission_id, FactColumns.told(()), others)


def table_rows(result: Result, pack: Pack) -> TableRows:
    """Return the rows of a redacted result in every table."""
    rows = summary_rows(result, pack)
    external = fitted(EXTERNAL_COLUMNS, list(_external_facts(result)))
    facts = result.facts.columns() or FactColumns.told(result.facts.rows)
    return rows._replace(facts=facts, others={**rows.others, EXTERNAL.name: external})


def plain_records(result: Result, pack: Pack) -> dict[str, Any]:
    """Return a result as the tables have it, under the same names: its submission, and its findings under `findings`.

    Personal words are masked. Numbers are texts without needless zeros, so that no reader rounds them.
    """
    result = redact(result, personal_words_of(pack, result.facts, (result.department,)), pack)
    own = {"submission_id": result.submission_id}
    findings = [own | _plain(FINDING_COLUMNS, finding) for finding in result.findings]
    return own | _plain(SUBMISSION_COLUMNS, _submission(result, pack)) | {"findings": findings}


def _plain(columns: Mapping[str, TableColumn[T]], item: T) -> dict[str, Any]:
    values = fitted(columns, [item])
    return {name: _plain_value(value, column.kind) for (name, column), (value,) in zip(columns.items(), values, strict=True)}


def _plain_value(value: object, kind: ColumnType) -> object:
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", "replace").decode() if kind is TEXT else plain_text(Decimal(value))


def _submission(result: DepartmentResult, pack: Pack) -> _Submission:
    card = result.scorecard
    return _Submission(result, outlook(pack, card), little_verified(pack, card)) if card else _Submission(result, None, None)


def _external_facts(result: Result) -> Iterator[_ExternalFact]:
    for origin, facts in ((DataSource.BUREAU, result.external.bureau), (DataSource.PREVIOUS, result.external.previous)):
        for fact in facts or Facts(()):
            yield _ExternalFact(origin, fact)


def _cited(used: ScoreInput) -> str:
    """Return a number that a score used: concept, value and cell, and the workbook of the cell if not the filing."""
    value = "" if used.value is None else plain_text(used.value)
    where = f"@{used.place}" if used.place and not used.assumed else ""
    return f"{used.concept}={value}{where}{'' if used.origin is DataSource.FILING else f'（{used.origin.value}）'}"
