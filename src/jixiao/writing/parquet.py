"""The data of a batch as parquet: submissions, facts, findings, scores; the same bytes for the same results.

Columns stand in the order that others rely on; what else there is follows them. Personal cells are masked, and
personal words wherever else they occur.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jixiao.model.cell import plain_decimal
from jixiao.model.elsewhere import NOTHING_ELSEWHERE, Origin
from jixiao.model.fact import FactColumns
from jixiao.model.finding import Severity
from jixiao.model.place import Place
from jixiao.model.privacy import MASK, masked
from jixiao.model.result import District, Result
from jixiao.model.score import Input
from jixiao.pack import Pack
from jixiao.pack.personal import personal_concepts, personal_words_by_result
from jixiao.scoring.verified import little_verified
from jixiao.writing.outlook import outlook

AMOUNT = pa.decimal128(38, 6)
"""Amounts are exact to the 分, six decimals of 万元; marks and differences need fewer."""

RATE = pa.decimal128(38, 10)
"""Rates, 1 = 100 %."""

TEXT, COUNT, FLAG = pa.string(), pa.int64(), pa.bool_()
SUBMISSIONS_A_GROUP, SUBMISSIONS_AT_A_TIME = 100, 20
"""Row groups hold the rows of so many submissions, made of so many at a time: memory stays flat and a reader can skip."""

# The system's own way gives back what a group took; pyarrow's holds on to a third more than is in use.
pa.set_memory_pool(pa.system_memory_pool())

_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)
_DIGITS = 27
_LARGEST = Decimal(10) ** _DIGITS
_STEPS = {kind.scale: Decimal(1).scaleb(-kind.scale) for kind in (AMOUNT, RATE)}


Columns = Sequence[Sequence[object]]


class _Table(NamedTuple):
    """One file: its name, its columns and what makes the rows of a result, or its columns where these are many."""

    name: str
    schema: pa.Schema
    rows: Callable[[Result, Pack, frozenset[str]], Iterable[Sequence[object]]] | None = None
    columns: Callable[[Result, Pack, frozenset[str]], Columns] | None = None


SUBMISSIONS = pa.schema([
    ("submission_id", TEXT), ("file", TEXT), ("sha256", TEXT), ("department", TEXT), ("budget_code", TEXT),
    ("year", COUNT), ("status", TEXT), ("reason", TEXT), ("errors", COUNT), ("warnings", COUNT), ("notes", COUNT),
    ("total_self_stated", AMOUNT), ("total_self_sheet", AMOUNT), ("total_self_sum", AMOUNT), ("total_final", AMOUNT),
    ("full_verified", AMOUNT), ("grade", TEXT), ("output", TEXT),
    ("total_computed", AMOUNT), ("full_declared", AMOUNT), ("counted", FLAG), ("kind", TEXT), ("section", TEXT),
    ("explained", COUNT), ("to_verify", FLAG), ("total_lowest", AMOUNT), ("total_highest", AMOUNT),
])  # fmt: skip

FACTS = pa.schema([
    ("submission_id", TEXT), ("concept", TEXT), ("institution", TEXT), ("value", AMOUNT), ("text", TEXT),
    ("state", TEXT), ("raw", TEXT), ("sheet", TEXT), ("cell", TEXT),
])  # fmt: skip

FINDINGS = pa.schema([
    ("submission_id", TEXT), ("finding_id", TEXT), ("rule", TEXT), ("severity", TEXT), ("message", TEXT),
    ("sheet", TEXT), ("cell", TEXT), ("concept", TEXT), ("institution", TEXT), ("expected", TEXT), ("actual", TEXT),
    ("difference", AMOUNT), ("suggested_cell", TEXT), ("suggested_value", AMOUNT), ("suggestion", TEXT),
    ("reply", TEXT), ("state", TEXT), ("remedy", TEXT), ("suggested_sheet", TEXT), ("counted", FLAG),
])  # fmt: skip

ELSEWHERE = pa.schema([
    ("submission_id", TEXT), ("origin", TEXT), ("concept", TEXT), ("institution", TEXT), ("value", AMOUNT),
    ("text", TEXT), ("state", TEXT), ("sheet", TEXT), ("cell", TEXT),
])  # fmt: skip
"""Figures of a department that do not come from its filing; sheet and cell are those of the workbook they stood in."""

SCORES = pa.schema([
    ("submission_id", TEXT), ("indicator", TEXT), ("full", AMOUNT), ("self", AMOUNT), ("computed", AMOUNT),
    ("review", AMOUNT), ("final", AMOUNT), ("basis", TEXT), ("status", TEXT), ("measure", RATE), ("evidence", TEXT),
    ("explanation", TEXT), ("label", TEXT), ("dimension", TEXT),
    ("standard", TEXT), ("step", TEXT), ("inputs", TEXT),
])  # fmt: skip


def write_tables(district: District, pack: Pack, folder: Path) -> tuple[Path, ...]:
    """Write the four tables of a district at hand into the folder, each whole or not at all; returns their paths.

    A fifth, of figures from elsewhere, is there only where the run was given any.
    """
    beside = any(result.elsewhere != NOTHING_ELSEWHERE for result in district.results)
    secrets = personal_words_by_result(pack, district.results)
    return write_rows(zip(district.results, secrets, strict=True), pack, folder, beside=beside)


def write_rows(
    results: Iterable[tuple[Result, frozenset[str]]], pack: Pack, folder: Path, *, beside: bool
) -> tuple[Path, ...]:
    """As `write_tables`, of results that come one by one, each with its personal words; no more than a group is held."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = (*TABLES, *(BESIDE if beside else ()))
    targets = [folder / f"{table.name}.parquet" for table in tables]
    temporary = [folder / f"{table.name}.parquet.part" for table in tables]
    try:
        with ExitStack() as open_files:
            writers = [
                open_files.enter_context(pq.ParquetWriter(path, table.schema, compression="zstd"))
                for table, path in zip(tables, temporary, strict=True)
            ]
            for made in _groups(results, pack, tables):
                for writer, table in zip(writers, made, strict=True):
                    writer.write_table(table)
        for part, target in zip(temporary, targets, strict=True):
            part.replace(target)
    finally:
        for part in temporary:
            part.unlink(missing_ok=True)
    return tuple(targets)


def plain_records(result: Result, pack: Pack) -> dict[str, Any]:
    """A result as the files tell it, under the same names: its submission, and its findings under `findings`.

    Decimals are texts without needless zeros, so that no reader rounds them.
    """
    secrets = personal_words_by_result(pack, [result])[0]
    rows = (_plain(SUBMISSIONS, row) for row in _submission_rows(result, pack, secrets))
    return {**next(rows), "findings": [_plain(FINDINGS, row) for row in _finding_rows(result, pack, secrets)]}


def _plain(schema: pa.Schema, row: Sequence[object]) -> dict[str, Any]:
    return dict(zip(schema.names, map(_plain_value, row), strict=True))


def _plain_value(value: object) -> object:
    if isinstance(value, Decimal):
        return plain_decimal(value)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _groups(
    results: Iterable[tuple[Result, frozenset[str]]], pack: Pack, tables: Sequence[_Table]
) -> Iterator[list[pa.Table]]:
    """The row groups of all tables, one after the other; an empty one of no results."""
    left = iter(results)
    first = True
    while True:
        parts: list[list[pa.Table]] = [[] for _ in tables]
        for _ in range(0, SUBMISSIONS_A_GROUP, SUBMISSIONS_AT_A_TIME):
            some = list(islice(left, SUBMISSIONS_AT_A_TIME))
            if some or (first and not parts[0]):
                for table, made in zip(tables, parts, strict=True):
                    made.append(_rows(some, pack, table))
        if not parts[0]:
            return
        yield [pa.concat_tables(made) for made in parts]
        first = False


def _rows(some: Sequence[tuple[Result, frozenset[str]]], pack: Pack, table: _Table) -> pa.Table:
    columns: Iterable[Iterable[Any]]
    if table.columns is not None:
        parts = [table.columns(result, pack, words) for result, words in some]
        columns = map(chain.from_iterable, zip(*parts, strict=True))
    else:
        assert table.rows is not None
        columns = zip(*[row for result, words in some for row in table.rows(result, pack, words)], strict=True)
    made = [list(column) for column in columns] or [[]] * len(table.schema)
    arrays = [_array(column, field.type) for column, field in zip(made, table.schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=table.schema)


def _array(column: list[Any], kind: pa.DataType) -> pa.Array:
    if kind == TEXT:
        try:
            return pa.array(column, kind)
        except UnicodeEncodeError:  # lone surrogates of a broken file have no bytes in a parquet text
            return pa.array([each and each.encode("utf-8", "replace").decode() for each in column], kind)
    if pa.types.is_decimal128(kind) and any(isinstance(each, str) for each in column):
        return _numbers(column, kind)
    return pa.array(column, kind)


def _numbers(column: list[str | None], kind: pa.Decimal128Type) -> pa.Array:
    """Numbers that came as texts, exact; None where one is none or larger than the column holds."""
    if max(map(len, filter(None, column))) < _DIGITS:
        with suppress(pa.ArrowInvalid):  # has more decimals than the column, or is no plain number
            return pc.cast(pa.array(column, TEXT), kind)
    return pa.array([None if each is None else _decimal(Decimal(each), kind) for each in column], kind)


def _submission_rows(result: Result, pack: Pack, secrets: frozenset[str]) -> Iterator[Sequence[object]]:
    card, roster = result.scorecard, result.roster
    yield (
        result.submission_id,
        _text(result.file, secrets),
        result.sha256 or None,
        result.department or None,
        result.budget_code or None,
        result.identity.year,
        result.status.value,
        _text(result.reason, secrets),
        *(result.count(severity) for severity in Severity),
        *(
            (None,) * 6
            if card is None
            else (
                _decimal(card.total_stated, AMOUNT),
                _decimal(card.total_sheet, AMOUNT),
                _decimal(card.total_self, AMOUNT),
                _decimal(card.total_final, AMOUNT),
                _decimal(card.full_verified, AMOUNT),
                card.grade or None,
            )
        ),
        result.output,
        _decimal(card.total_computed, AMOUNT) if card else None,
        _decimal(card.full_declared, AMOUNT) if card else None,
        result.scored and result.counted,
        (roster.kind or None) if roster else None,
        (roster.section or None) if roster else None,
        result.explained,
        little_verified(pack, card) if card else None,
        *((None, None) if card is None else (_decimal(total, AMOUNT) for total in outlook(pack, card))),
    )


def _fact_columns(result: Result, pack: Pack, secrets: frozenset[str]) -> Columns:
    facts = result.facts.columns() or FactColumns.told(result.facts.rows)
    personal = personal_concepts(pack)
    hidden = [personal[concept] for concept in facts.concept]
    institutions, texts, raws, sheets = facts.institution, facts.text, facts.raw, facts.sheet
    if any(hidden):
        texts, raws = (
            tuple([each and MASK if secret else each for each, secret in zip(column, hidden, strict=True)])
            for column in (texts, raws)
        )
    if secrets:
        institutions, texts, raws, sheets = (
            tuple([each and masked(each, secrets) for each in column]) for column in (institutions, texts, raws, sheets)
        )
    cells = [
        None if sheet is None else _cell(row, column)
        for sheet, row, column in zip(facts.sheet, facts.row, facts.column, strict=True)
    ]
    ids = [result.submission_id] * len(cells)
    return ids, facts.concept, institutions, facts.value, texts, facts.state, raws, sheets, cells


@lru_cache(maxsize=8192)
def _cell(row: int, column: int) -> str:
    return Place("", row, column).cell


def _elsewhere_rows(result: Result, pack: Pack, secrets: frozenset[str]) -> Iterator[Sequence[object]]:
    known = {Origin.BUREAU: result.elsewhere.bureau, Origin.PREVIOUS: result.elsewhere.previous}
    for origin, facts in known.items():
        for fact in facts or ():
            yield (
                result.submission_id,
                origin.value,
                fact.concept,
                fact.institution,
                _decimal(fact.value, AMOUNT),
                _text(fact.text, secrets),
                fact.state.value,
                _text(fact.place.sheet, secrets) if fact.place else None,
                fact.place.cell if fact.place else None,
            )


def _finding_rows(result: Result, pack: Pack, secrets: frozenset[str]) -> Iterator[Sequence[object]]:
    for finding in result.findings:
        place, suggested = finding.place, finding.suggested_place
        personal = finding.concept is not None and _personal(pack, finding.concept)
        expected, actual = (
            MASK if personal and each else _text(each, secrets) for each in (finding.expected, finding.actual)
        )
        yield (
            result.submission_id,
            finding.finding_id,
            finding.rule,
            finding.severity.value,
            _text(finding.message, secrets),
            _text(place.sheet, secrets) if place else None,
            place.cell if place else None,
            finding.concept,
            _text(finding.institution, secrets),
            expected,
            actual,
            _decimal(finding.difference, AMOUNT),
            suggested.cell if suggested else None,
            _decimal(finding.suggested_value, AMOUNT),
            _text(finding.suggestion, secrets) or None,
            _text(finding.reply, secrets) or None,
            finding.state,
            _text(finding.remedy, secrets) or None,
            _text(suggested.sheet, secrets) if suggested else None,
            finding.counted,
        )


def _score_rows(result: Result, pack: Pack, secrets: frozenset[str]) -> Iterator[Sequence[object]]:
    for score in result.scorecard.scores if result.scorecard else ():
        yield (
            result.submission_id,
            score.indicator,
            _decimal(score.full_marks, AMOUNT),
            _decimal(score.self_marks, AMOUNT),
            _decimal(score.computed_marks, AMOUNT),
            _decimal(score.review_marks, AMOUNT),
            _decimal(score.final_marks, AMOUNT),
            score.basis.value if score.basis else None,
            score.status.value,
            _decimal(score.measure, RATE),
            score.evidence.value,
            _text(score.explanation, secrets) or None,
            _text(score.label, secrets),
            score.dimension or None,
            score.standard or None,
            score.step or None,
            _text("；".join(_cited(each) for each in score.inputs), secrets) or None,
        )


def _cited(used: Input) -> str:
    """A number that a score used: concept, value and cell, and whose workbook the cell is in if not the filing's."""
    value = "" if used.value is None else plain_decimal(used.value)
    where = f"@{used.place}" if used.place and not used.assumed else ""
    return f"{used.concept}={value}{where}{'' if used.origin is Origin.FILING else f'（{used.origin.value}）'}"


TABLES = (
    _Table("submissions", SUBMISSIONS, _submission_rows),
    _Table("facts", FACTS, columns=_fact_columns),
    _Table("findings", FINDINGS, _finding_rows),
    _Table("scores", SCORES, _score_rows),
)


BESIDE = (_Table("elsewhere", ELSEWHERE, _elsewhere_rows),)


def _personal(pack: Pack, concept_id: str) -> bool:
    return personal_concepts(pack)[concept_id]


def _text(text: str | None, secrets: frozenset[str]) -> str | None:
    return text if text is None else masked(text, secrets)


def _decimal(number: Decimal | None, kind: pa.Decimal128Type) -> Decimal | None:
    """The number to the column's decimals; None where it is none or larger than the column holds."""
    if number is None or not number.is_finite() or abs(number) >= _LARGEST:
        return None
    return number.quantize(_STEPS[kind.scale], context=_WIDE)
