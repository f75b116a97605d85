"""What analysts use: the schemas of a form, and the frames of a result to validate with them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from jixiao.checking.balance_rows import balance_rows, balances_frame
from jixiao.checking.filing import CheckedFiling
from jixiao.checking.frames import SUBMISSION, keyed_frame_of, rows_of, tables_of
from jixiao.checking.schemas import BALANCES, schemas_of
from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.submission import Submission
from jixiao.pack import Pack, load_pack


def schemas(pack: str | Path | Pack) -> dict[str, pa.DataFrameSchema]:
    """Return the pandera schema of each table of a form by the table's id, and that of its balances as `balances`.

    `pack` is the name of an installed form pack, or the folder of one.
    """
    return dict(schemas_of(pack if isinstance(pack, Pack) else load_pack(pack)))


def frames(out: str | Path, pack: str | Path | Pack | None = None) -> dict[str, pd.DataFrame]:
    """Return the frames of a result folder, with the keys of `schemas`, built from its `data/*.parquet`.

    `pack` is needed only for a form that is not installed; otherwise `run.json` names it.
    """
    folder = Path(out)
    if pack is None:
        pack = str(json.loads((folder / "run.json").read_text(encoding="utf-8"))["pack"]["id"])
    form = pack if isinstance(pack, Pack) else load_pack(pack)
    submissions = pd.read_parquet(folder / "data" / "submissions.parquet", columns=[SUBMISSION])[SUBMISSION]
    columns = [SUBMISSION, "concept", "institution", "state", "value", "text"]
    by_submission: dict[str, list[Fact]] = {}
    table = pd.read_parquet(folder / "data" / "facts.parquet", columns=columns)
    for submission_id, concept, institution, state, value, text in table.itertuples(index=False):
        fact = Fact(
            concept, _or_none(institution), FactState(state), value if isinstance(value, Decimal) else None, _or_none(text)
        )
        by_submission.setdefault(submission_id, []).append(fact)
    filings = [
        CheckedFiling(Submission(submission_id, "", "", form.id, Facts.of(by_submission[submission_id])), form)
        for submission_id in submissions
        if submission_id in by_submission
    ]
    tables = {table.id: keyed_frame_of(table, rows_of(table, filings)) for table in tables_of(form)}
    return tables | {BALANCES: balances_frame([row for filing in filings for row in balance_rows(filing)])}


def _or_none(text: object) -> str | None:
    return text if isinstance(text, str) else None
