"""The tables of a district at hand, without a run: its rows as the program makes and writes them."""

from __future__ import annotations

from pathlib import Path

from jixiao.model.external_data import NO_EXTERNAL_DATA
from jixiao.model.result import District
from jixiao.pack import Pack
from jixiao.privacy.find import personal_words_by_result
from jixiao.writing.parquet.rows import table_rows
from jixiao.writing.parquet.write import write_rows


def write_tables(district: District, pack: Pack, folder: Path) -> tuple[Path, ...]:
    """Write the tables into the folder; returns their paths."""
    secrets = personal_words_by_result(pack, district.results)
    rows = (table_rows(result, pack, words) for result, words in zip(district.results, secrets, strict=True))
    return write_rows(rows, folder, beside=any(each.elsewhere != NO_EXTERNAL_DATA for each in district.results))
