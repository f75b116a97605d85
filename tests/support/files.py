"""Grids as real files, so that what tests draw goes through the readers of formats as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import xlsxwriter

from jixiao.model.fact import Fact
from jixiao.model.submission import Submission, UnreadableFiling
from jixiao.pack import Pack
from jixiao.reading.formats.grid import CellValue, Grid, UncachedFormula
from jixiao.reading.read import read_file
from tests.support import grids as drawing
from tests.support.filings import SEED_TARGETS, seed_figures

UNITS = ("第一中学", "实验小学")
RECORDS = {"quantitative": ("数量指标", "社会效益"), "evaluators": ("",)}


def save(sheets: list[Grid], path: Path) -> Path:
    """The sheets as an .xlsx: values, merges, percent formats, what is hidden; a text that begins with = is a formula."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    formats = {False: None, True: book.add_format({"num_format": "0.00%"}), "date": book.add_format({"num_format": "yyyy-mm-dd"})}
    for number, sheet in enumerate(sheets):
        drawn = book.add_worksheet(sheet.name)
        for merge in sheet.merges:
            drawn.merge_range(merge.row, merge.column, merge.last_row, merge.last_column, "")
        for row, cells in enumerate(sheet.rows):
            for column, value in enumerate(cells):
                form = formats[(row, column) in sheet.percent]
                if isinstance(value, UncachedFormula):
                    drawn.write_formula(row, column, value.text, form, value="")
                elif isinstance(value, str) and value.startswith("="):
                    drawn.write_formula(row, column, value, form, value=0)
                elif isinstance(value, str):
                    drawn.write_string(row, column, value, form)
                elif isinstance(value, date):
                    drawn.write_datetime(row, column, value, formats["date"])
                elif value is not None:
                    drawn.write(row, column, value, form)
        for row in sheet.hidden_rows:
            drawn.set_row(row, None, None, {"hidden": True})
        for column in sheet.hidden_columns:
            drawn.set_column(column, column, None, None, {"hidden": True})
        if sheet.hidden and number:
            drawn.hide()
    book.close()
    return path


Valid = tuple[dict[drawing.Key, CellValue], tuple[drawing.Piece, ...], dict[drawing.Key, Fact]]
_MADE: dict[str, Valid] = {}


def valid(pack: Pack) -> Valid:
    """A filing with a value of its own in every cell: the values, its blocks as drawn, and the facts it reads to."""
    if pack.sha256 in _MADE:
        return _MADE[pack.sha256]
    values = drawing.distinct_values(pack, UNITS, RECORDS)
    for n, kind in enumerate(RECORDS["quantitative"], start=1):
        values[f"targets.quantitative.{n}.kind", None] = kind
    pieces = tuple(drawing.pieces(pack, values, UNITS, RECORDS))
    facts = {(fact.concept, fact.institution): fact for fact in drawing.read(pack, drawing.sheets(pack, pieces)).facts}
    _MADE[pack.sha256] = values, pieces, facts
    return _MADE[pack.sha256]


def edited(pack: Pack, cells: Mapping[drawing.Key, CellValue], percent: tuple[drawing.Key, ...] = ()) -> list[Grid]:
    """The sheets of the valid filing with other values in some cells, some of them formatted as percent."""
    _, pieces, facts = valid(pack)
    made = []
    for sheet in drawing.sheets(pack, pieces):
        rows = [[*row] for row in sheet.rows]
        formatted = set()
        for key in (*cells, *percent):
            place = facts[key].place
            if place is not None and place.sheet == sheet.name:
                if key in cells:
                    rows[place.row] += [None] * (place.column + 1 - len(rows[place.row]))
                    rows[place.row][place.column] = cells[key]
                if key in percent:
                    formatted.add((place.row, place.column))
        made.append(replace(sheet, rows=rows, percent=frozenset(formatted)))
    return made


def read(pack: Pack, path: Path) -> Submission | UnreadableFiling:
    """What a file reads to."""
    return read_file(path, pack, file=path.name)


def filed(pack: Pack, figures: Mapping[str | tuple[str, str], object], units: tuple[str, ...] = ()) -> list[Grid]:
    """The sheets of the seed's filing with other figures; numbers given as text stand as numbers, None empties a cell."""
    values: dict[drawing.Key, CellValue] = {}
    for key, figure in {**seed_figures(), **figures}.items():
        where = (key, pack.institution_of(key)) if isinstance(key, str) else key
        values[where] = _typed(pack, where[0], figure)
    kinds = [str(seed_figures()[f"targets.quantitative.{n}.kind"]) for n in range(1, len(SEED_TARGETS) + 1)]
    return drawing.sheets(pack, drawing.pieces(pack, values, units, {"quantitative": kinds}))


def _typed(pack: Pack, concept: str, figure: object) -> CellValue:
    if figure is None or not pack.concept(concept).numeric:
        return figure if figure is None else str(figure)
    try:
        return float(str(figure))
    except ValueError:
        return str(figure)
