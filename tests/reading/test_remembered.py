"""What reading remembers of one filing for the next changes nothing: a filing reads the same before and after any other."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from jixiao.pack import Pack, load_pack
from jixiao.reading.formats.grid import Grid, Merge
from jixiao.reading.formats.open import open_grids
from jixiao.reading.locate import label_index as indexes
from jixiao.reading.locate.label_index import LabelIndex, label_index
from jixiao.reading.read import read_grids

ROOT = Path(__file__).resolve().parents[2]
FILINGS = {
    "yunxi_2022": ROOT / "samples" / "inbox" / "106001_清溪区财政局.xlsx",
    "hunan_2020": ROOT / "input_templates" / "部门整体支出绩效自评表（省表）.xlsx",
}
WORDS = ("合计", "无", "/", "12.5", "第一中学", "局机关", "说明：无", "小计", "单位：元", "2022年", 0.0, 3.0, True)
CASES = 60


def changed(grids: list[Grid], dice: random.Random) -> list[Grid]:
    """The sheets with a few cells, rows or merges other than they were."""
    made = list(grids)
    texts = [cell for grid in grids for row in grid.rows for cell in row if cell is not None]
    for _ in range(dice.choice((1, 1, 2, 5))):
        at = dice.randrange(len(made))
        rows, merges = [list(row) for row in made[at].rows], list(made[at].merges)
        if not any(rows):
            continue
        row = dice.choice([n for n, cells in enumerate(rows) if cells])
        column = dice.randrange(len(rows[row]))
        match dice.randrange(7):
            case 0:
                rows[row][column] = None
            case 1:
                rows[row][column] = dice.choice(WORDS)
            case 2:
                rows[row][column] = dice.choice(texts)
            case 3 if isinstance(rows[row][column], str):
                rows[row][column] = str(rows[row][column])[:-1] + dice.choice("的表（：")
            case 4:
                rows.insert(row, [None, dice.choice(WORDS)])
                merges = [Merge(each.row + (each.row >= row), each.column, each.last_row + (each.last_row >= row), each.last_column) for each in merges]
            case 5 if merges:
                merges.pop(dice.randrange(len(merges)))
            case 6:
                merges.append(Merge(row, column, row + dice.randrange(2), column + dice.randrange(3)))
        made[at] = replace(made[at], rows=rows, merges=tuple(merges))
    return made


def told(grids: list[Grid], pack: Pack) -> object:
    return read_grids(grids, pack, file="a.xlsx", sha256="0" * 64, submission_id="a")


def forgetful(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> LabelIndex:
    """An index of the pack that has seen nothing, used from now on."""
    monkeypatch.setattr(indexes, "_INDEXES", {})
    return label_index(pack)


@pytest.mark.parametrize("form", FILINGS)
def test_a_filing_reads_the_same_whatever_was_read_before_it(form, monkeypatch):
    pack = load_pack(form)
    grids = open_grids(FILINGS[form])
    cases = [grids, *(changed(grids, random.Random(f"{form}/{seed}")) for seed in range(CASES))]
    forgetful(pack, monkeypatch)
    one_after_the_other = [told(case, pack) for case in cases]
    backwards = [told(case, pack) for case in reversed(cases)]
    for number, case in enumerate(cases):
        forgetful(pack, monkeypatch)
        alone = told(case, pack)
        assert alone == one_after_the_other[number] == backwards[-1 - number], number
