"""The tables of a district at hand, without a run: its rows as the program makes and writes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jixiao.model.external_data import NO_EXTERNAL_DATA
from jixiao.model.result import DepartmentSummary, District, Result
from jixiao.pack import Pack
from jixiao.privacy.find import personal_words_of
from jixiao.privacy.redact import redact
from jixiao.writing.parquet.rows import table_rows, tables
from jixiao.writing.parquet.write import write_rows


def redacted(results: Iterable[Result | DepartmentSummary], pack: Pack) -> list[Result | DepartmentSummary]:
    """The results with the personal words of all files of a department masked in each; summaries as they are."""
    results, words = list(results), {}
    for each in results:
        if isinstance(each, Result):
            own = personal_words_of(pack, each.facts, (each.department,))
            words[_subject(each)] = words.get(_subject(each), frozenset()) | own
    return [redact(each, words[_subject(each)], pack) if isinstance(each, Result) else each for each in results]


def _subject(result: Result) -> str:
    return result.budget_code or result.department or result.submission_id


def write_tables(district: District, pack: Pack, folder: Path) -> tuple[Path, ...]:
    """Write the tables into the folder; returns their paths."""
    rows = (table_rows(result, pack) for result in redacted(district.results, pack))
    external = any(each.external != NO_EXTERNAL_DATA for each in district.results)
    return write_rows(rows, folder, tables(external=external))
