"""Filled review workbooks as read: the rows in which somebody wrote something, and what their hidden keys remember."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from jixiao.batch.external.header_table import HeaderTable, cell_text, read_header_table
from jixiao.errors import Problems, UsageError
from jixiao.model.review import Review, RowKey
from jixiao.pack.rulebook import quoted
from jixiao.reading.formats.detect import is_system_file
from jixiao.values.numbers import parse_number
from jixiao.writing.review.workbook import COLUMNS, DATE, INDICATOR, KEY, OPINION, REVIEW, REVIEWER

NAME = "复核表"
CODE_COLUMN, DEPARTMENT_COLUMN = 1, 2
HEADING = {number: column.head for number, column in enumerate(COLUMNS)}
REQUIRED = tuple(HEADING[each] for each in (DEPARTMENT_COLUMN, INDICATOR, REVIEW, OPINION))
DECISION = (REVIEW, OPINION, REVIEWER, DATE)


class FilledRow(NamedTuple):
    """A row in which a reviewer wrote something, with what its hidden key remembers; `own` rows are of OUT's workbooks."""

    review: Review
    key: RowKey | None
    own: bool

    @property
    def carried(self) -> bool:
        """Whether nobody changed the decision since the program wrote it: it was made in another workbook."""
        return self.key is not None and bool(self.key.decision) and self.key.decision == self.review.mark

    @property
    def withdrawn(self) -> bool:
        """Whether a person blanked the decision of the row."""
        filled = self.review.decides or self.review.opinion or self.review.reviewer or self.review.date
        return not filled and self.key is not None and bool(self.key.decision)

    @property
    def decision(self) -> tuple[str, str, str] | None:
        """The department, the indicator and the decision that the row's key remembers; None without a decision."""
        return (self.key.owner, self.key.indicator, self.key.decision) if self.key and self.key.decision else None


def review_files(paths: Sequence[Path], own: Sequence[Path]) -> list[tuple[Path, bool]]:
    """Return the workbooks to read, each once, with whether it is OUT's own; folders stand for their files, by name."""
    files = {path.resolve(): (path, True) for path in own if path.is_file()}
    for path in paths:
        if not path.exists():
            raise UsageError(f"找不到{NAME}“{path}”，请检查路径。")
        for file in sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]:
            if not is_system_file(file):
                files.setdefault(file.resolve(), (file, False))
    return list(files.values())


def distinct_names(paths: Iterable[Path]) -> dict[Path, str]:
    """Return a name for each workbook: its file name, with as many of its folders as tell it from others of that name."""
    whole = {path: path.resolve().parts for path in paths}
    depth = dict.fromkeys(whole, 1)
    while True:
        names = {path: "/".join(parts[-depth[path] :]) for path, parts in whole.items()}
        counts = Counter(names.values())
        again = [path for path, name in names.items() if counts[name] > 1 and depth[path] < len(whole[path])]
        if not again:
            return names
        depth |= {path: depth[path] + 1 for path in again}


def read_filled(path: Path, own: bool, shown: str = "") -> list[FilledRow]:
    """Return the rows of a review workbook in which something is filled in; `UsageError` names every unusable row.

    `shown` is what the workbook is called there. Of OUT's own workbooks, rows whose decision was blanked come too.
    """
    table = read_header_table(path, NAME, REQUIRED, shown)
    rows = []
    problems = Problems()
    for row in table.rows:
        key = RowKey.of(table.text(row, HEADING[KEY]))
        if any(table.text(row, HEADING[column]) for column in DECISION) or (own and key and key.decision):
            with problems:
                rows.append(_remembered(FilledRow(_review(table, row, key, path.name), key, own)))
    problems.refuse()
    return rows


def _review(table: HeaderTable, row: int, key: RowKey | None, source: str) -> Review:
    code, department, label, opinion, reviewer, date = (
        table.text(row, HEADING[column]) for column in (CODE_COLUMN, DEPARTMENT_COLUMN, INDICATOR, OPINION, REVIEWER, DATE)
    )
    marks = _marks(table, row, table.columns[HEADING[REVIEW]])
    where = table.place(row)
    if not department and not code:
        raise UsageError(f"{where}没有部门名称和预算编码，请补填。")
    if marks is not None and not opinion:
        raise UsageError(f"{where}（{department}{quoted(label)}）填有复核得分，未写复核意见，请补写。")
    indicator = key.indicator if key else ""
    return Review(code, department, indicator, label, marks, opinion, reviewer, date, source=source, place=where)


def _marks(table: HeaderTable, row: int, column: int) -> Decimal | None:
    value = table.grid.at(row, column)
    number = parse_number(value, unit="分")
    if number.value is None and cell_text(value):
        raise UsageError(f"{table.place(row, column)}填有“{cell_text(value)}”，无法识别为得分，请更正。")
    return number.value


def _remembered(row: FilledRow) -> FilledRow:
    """Return the row with the evidence it was decided on: that of its key if carried over, else that shown in it."""
    key, review = row.key, row.review
    if key is None:
        return row
    if row.carried:
        return row._replace(review=replace(review, evidence=key.decided_on, source=key.source or review.source))
    return row._replace(review=replace(review, evidence=key.shown))
