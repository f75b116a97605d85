"""Filled review workbooks as read: the rows in which somebody wrote something, and what their hidden keys remember."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from jixiao.batch.external.header_table import HeaderTable, cell_text, headed
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
    """A row in which a reviewer wrote something: as read, with what its hidden key remembers.

    `own` says that it stands in OUT. `carried` rows are as the tool wrote them: a memory of a decision made elsewhere.
    """

    review: Review
    key: RowKey | None
    own: bool

    @property
    def carried(self) -> bool:
        """Whether nobody touched the decision since the tool wrote it."""
        return self.key is not None and bool(self.key.decision) and self.key.decision == self.review.mark

    @property
    def withdrawn(self) -> bool:
        """Whether a person blanked a decision that stood in the row."""
        filled = self.review.decides or self.review.opinion or self.review.reviewer or self.review.date
        return not filled and self.key is not None and bool(self.key.decision)

    @property
    def decision(self) -> tuple[str, str, str] | None:
        """Whose decision on which indicator the row's key remembers; None without one."""
        return (self.key.owner, self.key.indicator, self.key.decision) if self.key and self.key.decision else None


def review_files(asked: Sequence[Path], own: Sequence[Path]) -> list[tuple[Path, bool]]:
    """The workbooks to read, each once, with whether it is OUT's own; folders are read like their files, by name."""
    found: dict[Path, tuple[Path, bool]] = {}
    for path in own:
        if path.is_file():
            found[path.resolve()] = (path, True)
    for path in asked:
        if not path.exists():
            raise UsageError(f"找不到{NAME}“{path}”，请检查路径。")
        inside = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        for each in inside:
            if not is_system_file(each):
                found.setdefault(each.resolve(), (each, False))
    return list(found.values())


def told_apart(paths: Iterable[Path]) -> dict[Path, str]:
    """What each workbook is called: its file name, with as many of its folders as tell it from others of that name."""
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
    """The rows of a review workbook in which something is filled in; `UsageError` names every row that cannot be used.

    `shown` is what the workbook is called there. Of OUT's own workbooks, rows whose decision was blanked come too.
    """
    table = headed(path, NAME, REQUIRED)._replace(shown=shown)
    at = {heading: column for column, heading in reversed(table.headings.items())}

    def text(row: int, column: int) -> str:
        found = at.get(HEADING[column])
        return cell_text(table.grid.at(row, found)) if found is not None else ""

    def review_of(row: int, key: RowKey | None) -> Review:
        where = f"{NAME}{table.place(row)}"
        review = Review(
            text(row, CODE_COLUMN), text(row, DEPARTMENT_COLUMN), key.indicator if key else "", text(row, INDICATOR),
            _marks(table, row, at[HEADING[REVIEW]]), text(row, OPINION), text(row, REVIEWER), text(row, DATE),
            source=path.name, place=where,
        )  # fmt: skip
        if not review.department and not review.budget_code:
            raise UsageError(f"{where}没有部门名称和预算编码，请补填。")
        if review.decides and not review.opinion:
            raise UsageError(
                f"{where}（{review.department}{quoted(review.label)}）填有复核得分，未写复核意见，请补写。"
            )
        return review

    rows = []
    problems = Problems()
    for row in range(table.head + 1, len(table.grid.rows)):
        key = RowKey.of(text(row, KEY))
        if not any(text(row, column) for column in DECISION) and not (own and key and key.decision):
            continue
        with problems:
            rows.append(_remembered(FilledRow(review_of(row, key), key, own)))
    problems.refuse()
    return rows


def _marks(table: HeaderTable, row: int, column: int) -> Decimal | None:
    value = table.grid.at(row, column)
    number = parse_number(value, unit="分")
    if number.value is None and cell_text(value):
        raise UsageError(f"{NAME}{table.place(row, column)}填有“{cell_text(value)}”，无法识别为得分，请更正。")
    return number.value


def _remembered(row: FilledRow) -> FilledRow:
    """The row with the evidence on which it was decided: that of its key if carried over, else that shown beside it."""
    key = row.key
    if key is None:
        return row
    if row.carried:
        return row._replace(review=replace(row.review, evidence=key.decided_on, source=key.source or row.review.source))
    return row._replace(review=replace(row.review, evidence=key.shown))
