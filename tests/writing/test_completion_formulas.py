"""The live formulas of declared rows give what was computed, and nothing where a text reads as something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jixiao.model.result import Result
from jixiao.model.sheet_names import COMPUTED_COLUMN, RATE_COLUMN
from jixiao.model.submission import Identity, Status
from jixiao.pack import Pack, load_pack
from jixiao.scoring import score
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.xlsx.content import Cell, WorkbookContent
from tests.scoring.test_declared_rows import QUANTITATIVE, figures
from tests.support.filings import filing
from tests.support.libreoffice import needs_libreoffice, recalculated

NOT_LIVE = {
    "at most, nothing": "a quotient by nothing",
    "at most nothing, missed": "a quotient of nothing",
    "a bare rate against percent": "whether it is a rate hangs on its size",
    "another unit of money, full width": "digits that spreadsheets do not read",
}
"""Rows whose score stands as a number, and why."""


@pytest.fixture(scope="module")
def declared() -> Pack:
    return load_pack("hunan_2020")


def returned(pack: Pack, target: str, actual: str) -> tuple[Result, WorkbookContent]:
    submission = filing(pack, figures({"target": target, "actual": actual}))
    card = score(submission, pack).scorecard
    result = Result(
        "t", "t.xlsx", "0" * 64, Status.ACCEPTED, "", Identity("某局", "", 2022), facts=submission.facts,
        institutions=submission.institutions, scorecard=card,
    )  # fmt: skip
    return result, returned_workbook(result, pack, bureau="某区财政局", contact="", year=2022)


def beside_first_row(content: WorkbookContent, column: str) -> Cell:
    """The cell of a column beside the first declared row: the row that is called 第一项."""
    sheet = next(each for each in content.sheets if any(cell.value == "第一项" for cell in each.cells))
    row = next(cell.row for cell in sheet.cells if cell.value == "第一项")
    at = next(cell.column for cell in sheet.cells if cell.value == column)
    return next(cell for cell in sheet.cells if (cell.row, cell.column) == (row, at))


@pytest.mark.parametrize(("target", "actual", "sentence"), [(t, a, s) for t, a, _, s in QUANTITATIVE], ids=[s for *_, s in QUANTITATIVE])
def test_a_row_of_figures_has_a_formula_unless_there_is_a_reason(declared, target, actual, sentence):
    content = returned(declared, target, actual)[1]
    live = [bool(beside_first_row(content, column).formula) for column in (RATE_COLUMN, COMPUTED_COLUMN)]
    assert live == [sentence not in NOT_LIVE] * 2


def test_a_row_of_words_has_none(declared):
    content = returned(declared, "提升", "达成")[1]
    assert beside_first_row(content, COMPUTED_COLUMN).formula == ""


@needs_libreoffice
@pytest.mark.slow
def test_another_engine_computes_every_row_to_the_same_marks(declared, tmp_path):
    contents = {f"{n}": returned(declared, target, actual)[1] for n, (target, actual, *_) in enumerate(QUANTITATIVE)}
    again = recalculated(contents, tmp_path)
    assert again.wrong == {}
    assert again.formulas > 30 * len(QUANTITATIVE)


@needs_libreoffice
def test_a_text_of_another_kind_is_given_no_marks_until_it_is_read_again(declared, tmp_path):
    content = returned(declared, "≥55期", "44期")[1]

    def retyped(text: str, marks: object, rate: object) -> WorkbookContent:
        sheets = []
        for sheet in content.sheets:
            cells = [replace(each, value=text if each.value == "44期" else each.value) for each in sheet.cells]
            sheets.append(replace(sheet, cells=cells))
        changed = replace(content, sheets=sheets)
        beside_first_row(changed, COMPUTED_COLUMN).value = marks
        beside_first_row(changed, RATE_COLUMN).value = rate
        return changed

    expected = {"more": retyped("11期", 2, "0.2"), "words": retyped("完成", "", ""), "unit": retyped("44次", "", "")}
    again = recalculated(expected, tmp_path)
    first = beside_first_row(content, COMPUTED_COLUMN)
    cell = f"{chr(65 + first.column)}{first.row + 1}"
    assert [each for cells in again.wrong.values() for each in cells if each[1] == cell] == []
