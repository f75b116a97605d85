"""A second drawing of the form, straight into grids: what the tests of reading move about, split and decorate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.model.fact import HEADQUARTERS, SUMMARY
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.pack.declarations.layout import ColumnRole, Fields, Heading, Notes, Prose, RowSource, Table, ValuePosition
from jixiao.reading.formats.grid import CellValue, Grid, Merge
from jixiao.reading.read import read_grids

Key = tuple[str, str | None]
Values = Mapping[Key, CellValue]
Seen = set[tuple[str, str | None, str, Decimal | None, str | None]]

LABEL, VALUE, ROW_LABEL = "label", "value", "row label"


@dataclass
class Piece:
    """One block drawn from its own top left: cells with what they are, merges, and where its data rows begin."""

    block: str
    sheet: str
    cells: dict[tuple[int, int], CellValue] = field(default_factory=dict)
    roles: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    head: tuple[int, int] = (0, 0)

    @property
    def height(self) -> int:
        """How many rows it takes."""
        return 1 + max([row for row, _ in self.cells] + [merge.last_row for merge in self.merges], default=0)

    @property
    def width(self) -> int:
        """How many columns it takes."""
        return 1 + max([column for _, column in self.cells] + [merge.last_column for merge in self.merges], default=0)

    def put(self, row: int, column: int, value: CellValue, role: str, last_row: int = -1, last_column: int = -1) -> None:
        """Set a cell, merged down to the last row and column if they lie beyond."""
        last_row, last_column = max(row, last_row), max(column, last_column)
        if value not in (None, ""):
            self.cells[row, column] = value
            self.roles[row, column] = role
        if (last_row, last_column) != (row, column):
            self.merges.append(Merge(row, column, last_row, last_column))


def pieces(pack: Pack, values: Values, units: Sequence[str] = (), records: Mapping[str, Sequence[str]] | None = None) -> list[Piece]:
    """Every block of the form drawn with these values. `records` names the groups of a record table's rows by table."""
    drawn = []
    for sheet, block in pack.blocks:
        piece = Piece(block.id, sheet.id)
        width = len(sheet.widths)
        match block:
            case Heading():
                held = values.get((block.concept, None)) if block.concept else None
                piece.put(0, 0, block.text.replace("{}", str(held or "　　")), LABEL, last_column=width - 1)
            case Notes():
                for row, line in enumerate(block.lines):
                    piece.put(row, 0, line, VALUE, last_column=width - 1)
            case Prose():
                piece.put(0, 0, block.caption, LABEL, last_column=width - 1)
                for row, line in enumerate(str(values.get((block.concept, None)) or "").split("\n"), start=1):
                    piece.put(row, 0, line, VALUE, last_column=width - 1)
            case Fields():
                _fields(piece, block, values)
            case Table():
                _table(pack, piece, block, values, units, (records or {}).get(block.id, ()), width)
        drawn.append(piece)
    return drawn


def _fields(piece: Piece, block: Fields, values: Values) -> None:
    row, column = -1, 0
    for each in block.fields:
        row, column = (row, column) if each.same_row else (row + 1, 0)
        value = values.get((each.concept, None))
        if each.where is ValuePosition.INSIDE:
            text = "\n".join(part for part in (each.label, str(value or ""), each.tail) if part)
            piece.put(row, column, text, VALUE, last_column=column + each.value_span - 1)
            column += each.value_span
            continue
        piece.put(row, column, each.label, LABEL, last_column=column + each.label_span - 1)
        column += each.label_span
        piece.put(row, column, value, VALUE, last_column=column + each.value_span - 1)
        column += each.value_span


def _table(pack: Pack, piece: Piece, table: Table, values: Values, units: Sequence[str], records: Sequence[str], width: int) -> None:
    row = 0
    left = 1 if table.side_label else 0
    if table.caption:
        piece.put(0, 0, table.caption, LABEL, last_column=width - (2 if table.unit_line else 1))
        piece.put(0, width - 1, table.unit_line, LABEL)
        row = 1
    top, starts, column = row, {}, left
    for each in table.columns:
        starts[each.key] = column
        column += each.span
    right = column - 1
    _head(piece, table, top, starts)
    first = top + table.depth
    piece.head = (top, first)
    at = first
    lines = list(_lines(pack, table, units, records))
    for labels, inputs, printed in lines:
        for each in table.columns:
            spot, last = starts[each.key], starts[each.key] + each.span - 1
            if each.role is ColumnRole.INPUT:
                piece.put(at, spot, values.get(inputs[each.key]) if each.key in inputs else None, VALUE, last_column=last)
            elif each.role is ColumnRole.PRINTED:
                text = printed.get(each.key)
                number = text is not None and text.replace(".", "").isdigit()
                piece.put(at, spot, float(text) if number and text else text, VALUE, last_column=last)
            elif each.key in labels:
                piece.put(at, spot, labels[each.key], ROW_LABEL, last_column=last)
        at += 1
    _merge_levels(piece, table, starts, first, [labels for labels, _, _ in lines])
    if table.side_label:
        piece.put(top, 0, table.side_label, LABEL, last_row=at - 1)
    assert right < 40


def _head(piece: Piece, table: Table, top: int, starts: Mapping[str, int]) -> None:
    runs: list[list[object]] = []
    for each in table.columns:
        first, last = starts[each.key], starts[each.key] + each.span - 1
        for line, text in enumerate(each.header):
            bottom = table.depth - 1 if line == len(each.header) - 1 else line
            stem = each.header[: line + 1]
            if runs and (same := next((run for run in runs if run[:2] == [line, stem] and run[4] == first - 1), None)):
                same[4] = last
            else:
                runs.append([line, stem, first, bottom, last, text])
    for line, _, first, bottom, last, text in runs:
        piece.put(top + int(line), int(first), str(text), LABEL, top + int(bottom), int(last))  # type: ignore[call-overload]


Line = tuple[dict[str, str], dict[str, Key], dict[str, str]]


def _lines(pack: Pack, table: Table, units: Sequence[str], records: Sequence[str]) -> Iterable[Line]:
    label, levels = table.label_column, table.level_columns
    if table.source is RowSource.INSTITUTIONS:
        declared = pack.layout.institutions
        assert declared is not None and label is not None
        named = [(SUMMARY, declared.summary), (HEADQUARTERS, f"1、{declared.headquarters}")]
        named += [(unit, f"{n}、{unit}") for n, unit in enumerate(units, start=2)]
        for key, text in named:
            yield {label.key: text}, {each.key: (table.concept_id(each), key) for each in table.inputs}, {}
        yield {label.key: f"{len(units) + 2}、{declared.placeholder}1"}, {}, {}
    elif table.source is RowSource.RECORDS:
        for n, kind in enumerate(records, start=1):
            group = next((level.label + (f"\n{level.note}" if level.note else "") for level in table.levels if kind in level.children), "")
            texts = dict(zip((level.key for level in levels), (group, kind), strict=False))
            yield texts, {each.key: (table.concept_id(each, n=n), None) for each in table.inputs}, {}
    else:
        for row in (*pack.table_rows(table), *table.footer):
            texts = dict(zip((level.key for level in levels), row.levels, strict=False))
            if label is not None:
                texts[label.key] = row.label
            keys: dict[str, Key] = {key: (concept, None) for key, concept in table.row_concept_ids(row).items()}
            yield texts, keys, dict(row.printed)


def _merge_levels(piece: Piece, table: Table, starts: Mapping[str, int], first: int, labels: Sequence[Mapping[str, str]]) -> None:
    """Merge equal group labels that follow one another, inner ones within outer ones."""
    outer: list[tuple[str, ...]] = [() for _ in labels]
    for column in table.level_columns:
        spot = starts[column.key]
        here = [(*before, texts.get(column.key, "")) for before, texts in zip(outer, labels, strict=True)]
        start = 0
        for position in range(1, len(here) + 1):
            if position == len(here) or here[position] != here[start]:
                for row in range(start + 1, position):
                    piece.cells.pop((first + row, spot), None)
                if position - start > 1 and here[start][-1]:
                    piece.merges.append(Merge(first + start, spot, first + position - 1, spot))
                start = position
        outer = here


# ---------------------------------------------------------------- composing


def grid(name: str, placed: Sequence[tuple[int, int, Piece]], **more: object) -> Grid:
    """A sheet of pieces, each at its row and column."""
    cells: dict[tuple[int, int], CellValue] = {}
    merges = []
    for top, left, piece in placed:
        cells.update({(row + top, column + left): value for (row, column), value in piece.cells.items()})
        merges += [
            Merge(each.row + top, each.column + left, each.last_row + top, each.last_column + left) for each in piece.merges
        ]
    height = 1 + max((row for row, _ in cells), default=-1)
    width = 1 + max((column for _, column in cells), default=-1)
    rows = [[cells.get((row, column)) for column in range(width)] for row in range(height)]
    return Grid(name, rows, tuple(merges), **more)  # type: ignore[arg-type]


def stacked(name: str, drawn: Sequence[Piece], *, gap: int = 0, top: int = 0, left: int = 0, **more: object) -> Grid:
    """A sheet of pieces one below the other."""
    placed, row = [], top
    for piece in drawn:
        placed.append((row, left, piece))
        row += piece.height + gap
    return grid(name, placed, **more)


def sheets(pack: Pack, drawn: Sequence[Piece]) -> list[Grid]:
    """The sheets of the official form."""
    return [stacked(sheet.name, [piece for piece in drawn if piece.sheet == sheet.id]) for sheet in pack.layout.sheets]


def decorated(piece: Piece, change: Callable[[str, str], str]) -> Piece:
    """The piece with its labels changed; `change` is given the text and what it is."""
    cells = {
        spot: change(value, piece.roles[spot]) if isinstance(value, str) and piece.roles[spot] != VALUE else value
        for spot, value in piece.cells.items()
    }
    return Piece(piece.block, piece.sheet, cells, dict(piece.roles), list(piece.merges), piece.head)


def without_merges(piece: Piece) -> Piece:
    """The piece as a program leaves it that knows no merged cells."""
    return Piece(piece.block, piece.sheet, dict(piece.cells), dict(piece.roles), [], piece.head)


def split(piece: Piece, after: int, gap: int = 1) -> Piece:
    """A table broken over two pages after so many data rows: blank rows, then its head again; group labels repeated."""
    top, first = piece.head
    cut = first + after
    if not top < first < cut < piece.height:
        return piece
    shift = gap + first - top
    made = Piece(piece.block, piece.sheet, head=piece.head)
    for (row, column), value in piece.cells.items():
        at = row if row < cut else row + shift
        made.cells[at, column], made.roles[at, column] = value, piece.roles[row, column]
        if top <= row < first:
            made.cells[row - top + cut + gap, column] = value
            made.roles[row - top + cut + gap, column] = piece.roles[row, column]
    for merge in piece.merges:
        if merge.row < cut <= merge.last_row:
            spot = merge.row, merge.column
            made.merges += [merge._replace(last_row=cut - 1), merge._replace(row=cut + shift, last_row=merge.last_row + shift)]
            if spot in piece.cells and merge.row >= first:
                made.cells[cut + shift, merge.column] = piece.cells[spot]
                made.roles[cut + shift, merge.column] = piece.roles[spot]
        elif merge.row < cut:
            made.merges.append(merge)
            if top <= merge.row < first:
                down = cut + gap - top
                made.merges.append(merge._replace(row=merge.row + down, last_row=merge.last_row + down))
        else:
            made.merges.append(merge._replace(row=merge.row + shift, last_row=merge.last_row + shift))
    made.merges = [merge for merge in made.merges if (merge.row, merge.column) != (merge.last_row, merge.last_column)]
    return made


def with_rows(sheet: Grid, at: Sequence[int]) -> Grid:
    """The sheet with an empty row inserted before each of these, merges stretched as spreadsheet programs do."""
    def new(row: int) -> int:
        return row + sum(position <= row for position in at)

    rows: list[Sequence[CellValue]] = []
    for row, cells in enumerate(sheet.rows):
        rows += [[] for _ in range(new(row) - len(rows))]
        rows.append(cells)
    merges = tuple(merge._replace(row=new(merge.row), last_row=new(merge.last_row)) for merge in sheet.merges)
    return Grid(sheet.name, rows, merges, hidden=sheet.hidden)


def with_columns(sheet: Grid, at: Sequence[int]) -> Grid:
    """The sheet with an empty column inserted before each of these."""
    def new(column: int) -> int:
        return column + sum(position <= column for position in at)

    rows = []
    for cells in sheet.rows:
        line: list[CellValue] = [None] * (new(len(cells)) + 1)
        for column, value in enumerate(cells):
            line[new(column)] = value
        rows.append(line)
    merges = tuple(merge._replace(column=new(merge.column), last_column=new(merge.last_column)) for merge in sheet.merges)
    return Grid(sheet.name, rows, merges, hidden=sheet.hidden)


# ---------------------------------------------------------------- values and results


def distinct_values(pack: Pack, units: Sequence[str], records: Mapping[str, Sequence[str]]) -> dict[Key, CellValue]:
    """A value for every cell of the form, no two numbers alike, so that no two cells can be taken for each other."""
    values: dict[Key, CellValue] = {}
    number = 100
    for concept in pack.concepts.values():
        keys: list[Key] = [(concept.id, None)]
        if concept.scope.value == "institution":
            keys = [(concept.id, key) for key in (SUMMARY, HEADQUARTERS, *units)]
        elif concept.scope.value == "record":
            count = len(records.get(concept.block, ()))
            keys = [(concept.id.replace("{n}", str(n)), None) for n in range(1, count + 1)]
        for key in keys:
            number += 1
            values[key] = _value(concept.kind, concept.choices, number)
    return {key: value for key, value in values.items() if ".custom." not in key[0]}


def _value(kind: ConceptKind, choices: Sequence[str], number: int) -> CellValue:
    match kind:
        case ConceptKind.AMOUNT:
            return number + 0.25
        case ConceptKind.COUNT | ConceptKind.MARKS | ConceptKind.PERCENT:
            return float(number)
        case ConceptKind.CHOICE:
            return choices[number % len(choices)]
        case ConceptKind.YEAR:
            return "2022"
        case ConceptKind.DATE:
            return "2023年4月10日"
        case ConceptKind.TEXT:
            return f"填报内容{number}"


def read(pack: Pack, grids: Sequence[Grid]) -> Submission:
    """The submission of these sheets; fails where there is none."""
    read = read_grids(grids, pack, file="t.xlsx", sha256="0" * 64, submission_id="t")
    assert isinstance(read, Submission), read
    return read


def seen(submission: Submission) -> Seen:
    """What was read, places aside."""
    return {(fact.concept, fact.institution, fact.state.value, fact.value, fact.text) for fact in submission.facts}


def coded(submission: Submission) -> set[tuple[str, str]]:
    """The code and cell of each finding."""
    return {(finding.rule, str(finding.place or "")) for finding in submission.findings}


# ---------------------------------------------------------------- grids as text


def drawn(text: str, name: str = "表", **more: object) -> Grid:
    """A sheet written as text: cells between bars, `>` merged with the cell to the left, `^` with the one above.

    What reads as a number is one, unless it stands in quotes; `\\n` is a line feed within the cell.
    """
    rows = [[cell.strip() for cell in line.strip().split("|")] for line in text.strip("\n").split("\n")]
    merges: dict[tuple[int, int], tuple[int, int]] = {}
    anchors: dict[tuple[int, int], tuple[int, int]] = {}
    cells: list[list[CellValue]] = []
    for row, line in enumerate(rows):
        cells.append([])
        for column, cell in enumerate(line):
            anchor = (row, column)
            if cell in (">", "^"):
                anchor = anchors[(row, column - 1) if cell == ">" else (row - 1, column)]
                last = merges.get(anchor, anchor)
                merges[anchor] = (max(last[0], row), max(last[1], column))
            anchors[row, column] = anchor
            cells[-1].append(None if cell in (">", "^", "") else _typed(cell))
    found = tuple(Merge(*anchor, *last) for anchor, last in merges.items())
    return Grid(name, cells, found, **more)  # type: ignore[arg-type]


def _typed(cell: str) -> CellValue:
    if cell.startswith("'") and cell.endswith("'") and len(cell) > 1:
        return cell[1:-1]
    try:
        return float(cell)
    except ValueError:
        return cell.replace("\\n", "\n")


def figures(submission: Submission, *, block: str = "") -> dict[str | tuple[str, str], object]:
    """The filled facts as tests write them: by concept, or by (concept, institution) in the money tables."""
    found: dict[str | tuple[str, str], object] = {}
    for fact in submission.facts:
        if fact.filled and fact.concept.startswith(block):
            key = fact.concept if fact.institution is None else (fact.concept, fact.institution)
            found[key] = fact.text if fact.value is None else str(fact.value)
    return found
