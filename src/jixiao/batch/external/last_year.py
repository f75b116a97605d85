"""Last year's result: what its parquet files tell of each department, for the summary of its institutions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.errors import UsageError
from jixiao.model.external_data import DataSource, YearResult
from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.place import Place, column_number
from jixiao.model.submission import Identity
from jixiao.pack import Pack
from jixiao.pack.fact_lookup import effective_fact, term_facts
from jixiao.values.names import comparable_name
from jixiao.values.number_format import plain_text

COLUMNS = ("submission_id", "department", "budget_code", "year", "counted", "total_final", "grade")
TABLES = ("submissions", "facts")
EXTERNAL = "elsewhere"
"""The table of figures that are not from the filings."""
_CELL = re.compile(r"([A-Z]+)(\d+)")


class PreviousDepartment(NamedTuple):
    """A department of last year: who, its facts under last year's concepts, and how it came out."""

    budget_code: str
    department: str
    facts: Facts
    standing: YearResult | None = None


def read_previous(out: Path, pack: Pack, year: int) -> tuple[PreviousDepartment, ...]:
    """Return the departments of the year before `year` that counted in the result at `out`.

    `UsageError` where there is no such result, or it is of another year. Of a figure that the bureau knew last year,
    the bureau's counts.
    """
    data = data_folder(out)
    rows = _read(data / "submissions.parquet", COLUMNS)
    counted = [row for row in rows if row["counted"] and row["year"] is not None]
    wanted = [row for row in counted if row["year"] == year - 1]
    if not wanted:
        years = "、".join(f"{each} 年度" for each in sorted({row["year"] for row in counted})) or "没有计分的报送"
        raise UsageError(f"“{out}”不是上年（{year - 1} 年度）的结果（其中为：{years}），请检查 --previous。")
    ids = {row["submission_id"] for row in wanted}
    own = _facts(data / "facts.parquet", ids, ())
    _check_form(out, pack, {fact.concept for facts in own.values() for fact in facts})
    bureau = _facts(data / f"{EXTERNAL}.parquet", ids, (("origin", "==", DataSource.BUREAU.value),))
    return tuple(
        PreviousDepartment(
            row["budget_code"] or "", row["department"] or "",
            _summary(pack, Facts.of(own.get(row["submission_id"], ())), Facts.of(bureau.get(row["submission_id"], ()))),
            None if row["total_final"] is None else YearResult(Decimal(plain_text(row["total_final"])), row["grade"] or ""),
        )
        for row in wanted
    )  # fmt: skip


def data_folder(out: Path) -> Path:
    """Return the folder of last year's tables; `out` may be the result, a file of it or the folder inside it."""
    if not out.exists():
        raise UsageError(f"找不到上年的结果文件夹“{out}”，请检查路径。")
    for folder in (out / "data", out.parent / "data"):
        if all((folder / f"{name}.parquet").is_file() for name in TABLES):
            return folder
    raise UsageError(f"“{out}”不是上年的结果文件夹（缺少 data/{TABLES[0]}.parquet），请检查路径。")


def _check_form(out: Path, pack: Pack, concepts: Collection[str]) -> None:
    """Raise `UsageError` if most of these concepts are not of the form: two forms share a few."""
    ours = sum(_declares(pack, concept) for concept in concepts)
    if 2 * ours < len(concepts):
        raise UsageError(
            f"“{out}”是另一种表样的结果（{len(concepts)} 个数据项中只有 {ours} 个为“{pack.title}”所有），请检查 --previous。"
        )


def _declares(pack: Pack, concept: str) -> bool:
    try:
        pack.concept(concept)
    except KeyError:
        return False
    return True


def _summary(pack: Pack, own: Facts, bureau: Facts) -> Facts:
    """Return the figures and texts that rules and scores need of last year, figures at the institution of the whole."""
    facts = []
    for concept_id in pack.checks.elsewhere.asked_of_last_year:
        institution = pack.institution_of(concept_id)
        fact = bureau.get(concept_id, institution) or effective_fact(pack, own, concept_id)
        if fact is not None and fact.value is not None:
            facts.append(Fact(concept_id, institution, FactState.OK, fact.value, raw=fact.raw, place=fact.place))
    if pack.checks.same_texts is not None:
        for concept_id in pack.checks.same_texts.last_year:
            facts += [fact for fact in term_facts(pack, own, concept_id) if fact.text]
    return Facts.of(facts)


def _facts(path: Path, ids: set[str], filters: Sequence[tuple[str, str, str]]) -> dict[str, list[Fact]]:
    facts: dict[str, list[Fact]] = {}
    if not path.is_file():
        return facts
    columns = ("submission_id", "concept", "institution", "value", "text", "state", "sheet", "cell")
    for row in _read(path, columns, filters):
        if row["submission_id"] in ids:
            fact = Fact(
                row["concept"], row["institution"], FactState(row["state"]), row["value"], row["text"],
                place=_place(row["sheet"], row["cell"]),
            )  # fmt: skip
            facts.setdefault(row["submission_id"], []).append(fact)
    return facts


def _place(sheet: str | None, cell: str | None) -> Place | None:
    match = _CELL.fullmatch(cell or "")
    if match is None or sheet is None:
        return None
    return Place(sheet, int(match[2]) - 1, column_number(match[1]))


def _read(path: Path, columns: Iterable[str], filters: Sequence[tuple[str, str, str]] = ()) -> list[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows: list[dict[str, Any]] = pq.read_table(path, columns=list(columns), filters=list(filters) or None).to_pylist()
    except (OSError, pa.ArrowException, ValueError, KeyError) as error:
        raise UsageError(f"上年结果“{path}”无法读取，请重新生成上年的结果。") from error
    return rows


def previous_of(rows: Sequence[PreviousDepartment], identity: Identity) -> PreviousDepartment | None:
    """Return last year's department: by budget code, else by name; None if there is none."""
    code, name = identity.budget_code, comparable_name(identity.department or "")
    by_code = next((row for row in rows if code and row.budget_code == code), None)
    return by_code or next((row for row in rows if name and comparable_name(row.department) == name), None)
