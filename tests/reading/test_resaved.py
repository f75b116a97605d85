"""A filing saved by another program reads to the same facts."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from jixiao.model.submission import Submission
from jixiao.reading.formats.grid import UncachedFormula
from jixiao.reading.formats.open import open_grids
from jixiao.reading.read import read_file
from tests.support.libreoffice import convert, needs_libreoffice

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).parent / "data"


def sample(code: str) -> Path:
    return next(path for path in sorted((ROOT / "samples" / "inbox").iterdir()) if path.name.startswith(code))


def told(pack, path: Path) -> tuple[set[object], list[tuple[str, str]]]:
    """The facts, raw texts aside, and the findings with their cells."""
    read = read_file(path, pack, file=path.name)
    assert isinstance(read, Submission), read
    facts = {(each.concept, each.institution, each.state, each.value, each.text, each.place) for each in read.facts}
    return facts, sorted((each.rule, str(each.place or "")) for each in read.findings)


@pytest.mark.parametrize("code", ["102001", "106001"])
def test_openpyxl_loads_and_saves_it(pack, tmp_path, code):
    path = sample(code)
    openpyxl.load_workbook(path, data_only=True).save(tmp_path / path.name)
    assert told(pack, tmp_path / path.name) == told(pack, path)


@pytest.mark.parametrize("name", ["filing.xls", "filing.ods"])
def test_another_program_has_saved_it_in_another_format(pack, name):
    facts, findings = told(pack, DATA / name)
    assert (facts, findings) == told(pack, DATA / ("filing.ods" if name == "filing.xls" else "filing.xls"))
    assert len(facts) > 150 and sum(value is not None for *_, value, _, _ in facts) > 100


@needs_libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_another_program_loads_and_saves_it(pack, tmp_path, kind):
    for code in ("102001", "106001"):
        path = sample(code)
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{code}.xlsx").write_bytes(path.read_bytes())
        (saved,) = convert([tmp_path / "in" / f"{code}.xlsx"], tmp_path, kind)
        assert told(pack, saved) == told(pack, path)


def test_the_blank_template_holds_no_formula_without_a_result():
    (template,) = (ROOT / "input_templates").glob("部门整体支出绩效自评表.xlsx")
    cells = [cell for grid in open_grids(template) for row in grid.rows for cell in row]
    assert not [cell for cell in cells if isinstance(cell, UncachedFormula)]
