"""Read the rubric's workbook: the value and place of each cell, or a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jixiao.model.cell import CellValue
from jixiao.model.finding import Finding
from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.reading.formats.grid import Grid
from jixiao.reading.formats.open import open_grids
from jixiao.rubric_workbook.columns import (
    CONCEPTS_SHEET,
    GENERAL,
    GENERAL_ROWS,
    KEPT_METHOD,
    LIST_MARK,
    METHODS,
    NO,
    PACK_HEAD,
    SHEETS,
    YES,
    ZERO_MARK,
    Holds,
    RubricColumn,
    RubricSheet,
    concept_names,
    concept_words,
)
from jixiao.values.numbers import parse_number
from jixiao.values.text import raw_text

BLANK = object()
"""The value of a cell that holds nothing."""

HUNDRED = Decimal(100)


class Wrong(Exception):
    """A cell that cannot be read: what was expected, in Chinese, and what may have been meant."""

    def __init__(self, expected: str, suggestion: str = "") -> None:
        super().__init__(expected)
        self.expected, self.suggestion = expected, suggestion


@dataclass(frozen=True)
class RubricCells:
    """Reads cells with the names of one form's concepts."""

    pack: Pack
    ids: Mapping[str, str]

    @classmethod
    def of(cls, pack: Pack) -> RubricCells:
        """Return the reader of a pack."""
        names = concept_names(pack)
        ids = {_bare(concept_words(names, each)): each for each in names}
        return cls(pack, ids | {each: each for each in pack.concepts})

    def read(self, column: RubricColumn, raw: CellValue, percent: bool) -> Any:
        """Return the value of a cell, `BLANK` for none; raise `Wrong`. `percent`: it is formatted as a percentage."""
        text = (raw_text(raw) or "").replace("\r\n", "\n").replace("_x000D_", "").strip()
        if not text:
            return BLANK
        match column.holds:
            case Holds.NUMBER:
                return _number(raw)
            case Holds.RATE:
                return _rate(raw, text, percent)
            case Holds.YES:
                return _choice({"yes": YES, "no": NO}, text) == "yes"
            case Holds.CHOICE:
                if column.words is METHODS and text.startswith(KEPT_METHOD):
                    return KEPT_METHOD
                return _choice(column.words, text)
            case Holds.IDS:
                return tuple(part.strip() for part in re.split(f"[{LIST_MARK}\n]", text) if part.strip())
            case Holds.CONCEPTS:
                return tuple(self.concept(line) for line in text.split("\n") if line.strip())
            case Holds.CONCEPT_OR_NUMBER:
                number = parse_number(raw).value
                return number if number is not None else self.concept(text)
            case Holds.ZERO_IF:
                return dict(self._zero(line) for line in text.split("\n") if line.strip())
            case _:
                return text

    def concept(self, text: str) -> str:
        """Return the id of a concept by its name or id; raises `Wrong`."""
        name = _bare(text)
        if name in self.ids:
            return self.ids[name]
        near = get_close_matches(name, self.ids, 1, 0.6)
        raise Wrong(f"“{CONCEPTS_SHEET}”表中的名称", f"是否为“{near[0]}”？" if near else "")

    def _zero(self, line: str) -> tuple[str, str]:
        name, mark, code = (part.strip() for part in line.replace(":", ZERO_MARK).rpartition(ZERO_MARK))
        if not mark or not any(self.pack.equations_of(code)):
            codes = dict.fromkeys(each.code for each in self.pack.equations)
            raise Wrong(f"数据项{ZERO_MARK}勾稽编号（{next(iter(codes), '')} 等）")
        return self.concept(name), code

    def finding(self, code: str, place: Place, column: str, raw: CellValue, wrong: Wrong) -> Finding:
        """Return the finding of a cell that cannot be read."""
        written = (raw_text(raw) or "").strip()
        return self.pack.rules.finding(
            code, place=place, expected=wrong.expected, actual=written or "未填列", where=f"{place.sheet}·{column}",
            suggestion=wrong.suggestion,
        )  # fmt: skip


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _number(raw: CellValue) -> Decimal:
    number = parse_number(raw).value
    if number is None:
        raise Wrong("数字")
    return number


def _rate(raw: CellValue, text: str, percent: bool) -> Decimal:
    """Return a rate: a number formatted as a percentage, or a text with its sign; a bare number could mean either."""
    if isinstance(raw, int | float) and percent:
        return _number(raw)
    if text[-1] in "%％":
        return _number(text[:-1].strip()) / HUNDRED
    if _number(raw) == 0:
        return Decimal(0)
    raise Wrong("百分数，例如 90%")


def _choice(words: Mapping[str, str], text: str) -> str:
    for key, word in words.items():
        if text in (word, key):
            return key
    near = get_close_matches(text, list(words.values()), 1, 0.5)
    raise Wrong("、".join(words.values()), f"是否为“{near[0]}”？" if near else "")


SEARCHED_ROWS = 20
"""How far down the heads of a sheet are looked for."""


@dataclass(frozen=True)
class ReadRow:
    """A row as read: values by key (blank cells left out), and the place of every cell, blank ones too."""

    values: dict[str, Any]
    places: dict[str, Place]


@dataclass(frozen=True)
class RubricSheets:
    """The rows of each sheet by the sheet's id, and the findings of what could not be read."""

    rows: dict[str, list[ReadRow]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_rubric_workbook(path: Path, pack: Pack) -> RubricSheets:
    """Return the rows of a workbook for the form of a pack. Raise `UnreadableFile` for a file that is no workbook."""
    grids = {grid.name.strip(): grid for grid in open_grids(path)}
    cells = RubricCells.of(pack)
    sheets = RubricSheets()
    for sheet in (GENERAL, *SHEETS):
        grid = grids.get(sheet.name)
        if grid is None:
            sheets.findings.append(pack.rules.finding("RUB-05", expected=sheet.name, actual="无", where="工作簿"))
            continue
        if sheet is GENERAL:
            sheets.rows[sheet.id] = [_general(grid, cells, sheets.findings)]
        else:
            sheets.rows[sheet.id] = list(_rows(grid, sheet, cells, sheets.findings))
    return sheets


def _head(text: object) -> str:
    return re.sub(r"\s", "", str(text or ""))


def _general(grid: Grid, cells: RubricCells, findings: list[Finding]) -> ReadRow:
    rows = {_head(grid.at(n, 0)): n for n in range(len(grid.rows))}
    if PACK_HEAD in rows:
        findings.extend(_of_another_pack(grid, rows[PACK_HEAD], cells.pack))
    row = ReadRow({}, {})
    for column in GENERAL_ROWS:
        if column.head not in rows:
            findings.append(
                cells.pack.rules.finding("RUB-05", place=Place(grid.name, 0, 0), expected=column.head, actual="无", where=grid.name)
            )
            continue
        _take(grid, column, rows[column.head], 1, row, cells, findings)
    return row


def _of_another_pack(grid: Grid, row: int, pack: Pack) -> Iterator[Finding]:
    """Yield a finding where the workbook says that it came from another pack than the one it is read for."""
    came_from = (raw_text(grid.at(row, 1)) or "").strip()
    if came_from and came_from != pack.id:
        yield pack.rules.finding(
            "RUB-03", place=Place(grid.name, row, 1), expected=pack.id, actual=came_from,
            where=f"{grid.name}·{PACK_HEAD}", remedy=f"请在导入时注明 --pack {came_from}。",
        )  # fmt: skip


def _rows(grid: Grid, sheet: RubricSheet, cells: RubricCells, findings: list[Finding]) -> Iterator[ReadRow]:
    head, columns = _columns(grid, sheet)
    missing = [column for column in sheet.columns if column.key not in columns]
    for column in missing:
        place = Place(grid.name, head, 0)
        findings.append(cells.pack.rules.finding("RUB-05", place=place, expected=column.head, actual="无", where=grid.name))
    if missing:
        return
    for n in range(head + 1, len(grid.rows)):
        if not any((raw_text(grid.at(n, at)) or "").strip() for at in columns.values()):
            continue
        row = ReadRow({}, {})
        for column in sheet.columns:
            _take(grid, column, n, columns[column.key], row, cells, findings)
        yield row


def _columns(grid: Grid, sheet: RubricSheet) -> tuple[int, dict[str, int]]:
    """Return the row of the heads and where each column stands: of the row with most of them."""
    heads = {each.head: each.key for each in sheet.columns}
    best: tuple[int, dict[str, int]] = (0, {})
    for n, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        columns: dict[str, int] = {}
        for at, text in enumerate(row):
            key = heads.get(_head(text))
            if key is not None:
                columns.setdefault(key, at)
        if len(columns) > len(best[1]):
            best = (n, columns)
    return best


def _take(
    grid: Grid, column: RubricColumn, row: int, at: int, into: ReadRow, cells: RubricCells, findings: list[Finding]
) -> None:
    place = into.places[column.key] = Place(grid.name, row, at)
    raw = grid.at(row, at)
    try:
        read = cells.read(column, raw, (row, at) in grid.percent)
    except Wrong as wrong:
        findings.append(cells.finding("RUB-01", place, column.head, raw, wrong))
        return
    if read is not BLANK:
        into.values[column.key] = read
    elif column.required:
        findings.append(cells.finding("RUB-02", place, column.head, raw, Wrong(column.help or "必填")))
    elif column.holds is Holds.TEXT:
        into.values[column.key] = ""
