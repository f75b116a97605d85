"""Both forms sent as Word documents, all the way: the findings, scores and returned workbook of the official workbook."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.batch.inbox.identity import header_of, resolve
from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.model.result import Result
from jixiao.model.submission import Status, Submission
from jixiao.pack import Pack, load_pack
from jixiao.pipeline import evaluate
from jixiao.reading.formats.grid import Grid
from jixiao.reading.formats.open import grids_of, open_grids
from jixiao.reading.read import read_file
from jixiao.writing.form.template import fill
from jixiao.writing.xlsx.write import write_workbook
from tests.reading.test_word import seed_document
from tests.support import word
from tests.support.filings import filing
from tests.test_second_form import FILLED
from tests.test_seed import as_the_seed_wrote


def workbook_of(name: str, path: Path) -> Path:
    """The official workbook: of the seed's figures, or of the province's form."""
    pack = load_pack(name)
    given = as_the_seed_wrote(pack) if name == "yunxi_2022" else filing(pack, FILLED)
    write_workbook(fill(pack, given.facts, given.institutions), path)
    return path


def typed_into_word(workbook: Path) -> bytes:
    """The sheets of a workbook as a department has them in Word: titles, unit lines and prose as paragraphs, all else in tables."""
    blocks = []
    for grid in open_grids(workbook):
        start = 0
        for row in range(len(grid.rows) + 1):
            if row < len(grid.rows) and not _is_line(grid, row):
                continue
            if row > start:
                blocks.append(word.table_of(grid, start, row))
            blocks += [word.paragraphs(str(value)) for value in (grid.rows[row] if row < len(grid.rows) else ()) if value is not None]
            start = row + 1
    return word.document(*blocks)


def _is_line(grid: Grid, row: int) -> bool:
    """Whether a row stands outside of any table: empty, or one text over the whole width or on a sheet of one column."""
    filled = [column for column, value in enumerate(grid.rows[row]) if value not in (None, "")]
    covering = [merge for merge in grid.merges if merge.row <= row <= merge.last_row]
    if len(filled) > 1 or any(merge.last_row > merge.row for merge in covering):
        return False
    if not filled:
        return not covering
    text = str(grid.rows[row][filled[0]])
    wide = any(merge.column == 0 and merge.last_column >= 4 for merge in covering) and "\n" not in text
    return wide or max(len(each) for each in grid.rows) == 1


def evaluated(path: Path, pack: Pack) -> Result:
    submission = read_file(path, pack, file=path.name)
    assert isinstance(submission, Submission), submission
    who = resolve(header_of(submission, pack), pack, (), 2022)
    return evaluate([submission], [who], pack, 2022)[0]


def said(result: Result) -> list[tuple[str, ...]]:
    return sorted(
        (finding.rule, finding.concept or "", finding.institution or "", finding.severity.value, finding.expected or "", finding.actual or "")
        for finding in result.findings
    )


def scored(result: Result) -> list[object]:
    card = result.scorecard
    assert card is not None
    marks = [(each.indicator, each.status, each.self_marks, each.computed_marks, each.final_marks, each.explanation) for each in card.scores]
    return [card.total_stated, card.total_sheet, card.total_self, card.total_final, card.grade, result.status, *marks]


@pytest.mark.parametrize("name", ["yunxi_2022", "hunan_2020"])
def test_a_word_filing_has_the_findings_and_scores_of_the_workbook(name, tmp_path):
    pack = load_pack(name)
    workbook = workbook_of(name, tmp_path / "某部.xlsx")
    (tmp_path / "某部.docx").write_bytes(typed_into_word(workbook))
    sheets, document = evaluated(workbook, pack), evaluated(tmp_path / "某部.docx", pack)
    assert len([1 for grid in grids_of((tmp_path / "某部.docx").read_bytes()) for origin in grid.origins if origin.sheet == "正文"]) > 3
    assert said(document) == said(sheets)
    assert scored(document) == scored(sheets)
    assert document.extras == sheets.extras == ()
    assert [(f.concept, f.institution, f.value, f.text) for f in document.facts if f.filled] == [
        (f.concept, f.institution, f.value, f.text) for f in sheets.facts if f.filled
    ]


def test_word_documents_in_the_inbox_are_filings(tmp_path):
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    (inbox / "101001_某部.docx").write_bytes(seed_document())
    (inbox / "~$1001_某部.docx").write_bytes(b"x")
    (inbox / "通知.docx").write_bytes(word.document(word.paragraph("关于召开会议的通知")))
    outcome = run(Options(inbox=inbox, out=out, pack="auto"))
    found = {result.file: result for result in outcome.district.results}
    assert {file: result.status for file, result in found.items()} == {
        "101001_某部.docx": Status.RETURNED, "~$1001_某部.docx": Status.SKIPPED, "通知.docx": Status.WRONG_FORM,
    }  # fmt: skip
    card = found["101001_某部.docx"].scorecard
    assert card is not None and (card.total_stated, card.total_sheet, card.total_self) == (95, 99, 98)
    pack = load_pack("yunxi_2022")
    returned = read_file(next((out / "departments").glob("*.xlsx")), pack, file="r.xlsx")
    assert isinstance(returned, Submission)
    assert returned.facts.value("income.total", "summary") == Decimal("654.74")
    assert returned.extras == ()
