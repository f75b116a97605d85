"""Realistic districts for measurements: any number of filings, with the faults of every family, the same for a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from jixiao.demo.declaration import load_demo
from jixiao.demo.filing import DemoFiling, compose_filing
from jixiao.demo.generate import district
from jixiao.demo.write import bytes_of
from jixiao.pack import Pack

SEED = 7
SHARE = 0.15
"""The share of filings with the slips and the odd layouts of the sample district; of the others two in five have a slip."""


def inbox(folder: Path, pack: Pack, count: int, seed: int = SEED) -> Path:
    """A folder of that many filings as workbooks; one that holds as many already is taken as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    if len(list(folder.iterdir())) == count:
        return folder
    for filing in filings(pack, count, seed):
        (folder / Path(filing.file).name).write_bytes(bytes_of(filing.workbook(pack)))
    return folder


def filings(pack: Pack, count: int, seed: int = SEED) -> Iterator[DemoFiling]:
    """Generated filings; some hold, in place of theirs, what a declared filing of the sample district did wrong."""
    demo = load_demo(pack.id)
    odd = [each for each in demo.filings if each.faults or each.mess or each.absent or each.custom]
    dice = random.Random(f"{pack.id}/{seed}/odd")
    for filing in district(pack, count, seed):
        if odd and dice.random() < SHARE:
            who = {"file": filing.file, "department": filing.department, "budget_code": filing.budget_code}
            yield compose_filing(pack, demo, dice.choice(odd).model_copy(update=who))
        else:
            yield filing
