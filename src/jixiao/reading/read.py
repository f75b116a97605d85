"""From grids to a `Submission`: blocks are found by their printed labels, wherever they stand, and read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256 as hash_of
from itertools import chain
from pathlib import Path

from jixiao.model.cell import raw_text
from jixiao.model.fact import Facts
from jixiao.model.finding import Finding, Severity
from jixiao.model.submission import Status, Submission, UnplacedCell, UnreadableFiling
from jixiao.pack import Pack
from jixiao.pack.declarations.layout import Fields, Prose, RowSource, Table
from jixiao.reading.blocks.fields import FieldsFound, find_fields, read_fields
from jixiao.reading.blocks.fixed_table import found_rows, read_added_rows, read_fixed, read_unlabelled
from jixiao.reading.blocks.headings import read_headings
from jixiao.reading.blocks.institution_table import Roll, institution_rows, read_institutions
from jixiao.reading.blocks.prose import read_prose
from jixiao.reading.blocks.record_table import read_records, record_rows
from jixiao.reading.blocks.score_table import check_points, read_own_rows, with_own_rows
from jixiao.reading.context import ReadContext
from jixiao.reading.formats.grid import Grid
from jixiao.reading.generated_sheets import carried_extras, is_generated, read_replies
from jixiao.reading.hidden import tell_hidden
from jixiao.reading.locate.heads import Head, find_heads
from jixiao.reading.locate.label_index import LabelIndex, label_index
from jixiao.reading.locate.label_kinds import classify_labels
from jixiao.reading.locate.recognition import other_form
from jixiao.reading.locate.regions import Region, is_printed, notes_regions, region, settle_heads
from jixiao.reading.locate.sheet_view import REPEATED, Position, SheetView, merged_again, view
from jixiao.reading.table_segment import Segment, begin, copies, mark_checks, pass_over, segment
from jixiao.values.text import is_blank


def read_file(
    path: Path, pack: Pack, *, file: str, passwords: Sequence[str] = (), others: Sequence[Pack] = ()
) -> Submission | UnreadableFiling:
    """The filing of a file, or why there is none. `file` is its name relative to the inbox, with forward slashes.

    `passwords` are tried where it has one. `others` are the packs on whose form it may be filled in instead.
    """
    from jixiao.reading.formats.open import UnreadableFile, open_grids

    try:
        data = path.read_bytes()
    except OSError:
        data = None  # why, is told below
    digest = "" if data is None else hash_of(data).hexdigest()
    submission_id = hash_of(f"{file}\0{digest}".encode()).hexdigest()[:12]
    try:
        grids = open_grids(path, data, passwords=passwords)
    except UnreadableFile as refusal:
        finding = pack.rules.finding(refusal.code, reason=refusal.reason)
        return UnreadableFiling(submission_id, file, digest, refusal.status, (finding,))
    return read_grids(grids, pack, file=file, sha256=digest, submission_id=submission_id, others=others)


def read_grids(
    grids: Sequence[Grid], pack: Pack, *, file: str, sha256: str, submission_id: str, others: Sequence[Pack] = ()
) -> Submission | UnreadableFiling:
    """The filing that these sheets hold; `wrong_form` where they are of another pack's, or hold no block that is needed."""
    index = label_index(pack)
    gathered = ReadContext(pack, index)
    views = [_marked(grid, index) for grid in grids if not is_generated(grid)]
    if (other := other_form(views, pack, others)) is not None:
        finding = pack.rules.finding("SUB-15", expected=pack.title, actual=other.title)
        return UnreadableFiling(submission_id, file, sha256, Status.WRONG_FORM, (finding,))
    heads = find_heads(views, index)
    fields = find_fields(views, heads, index)
    labels = [label for found in fields.values() for label in (*found.labels.values(), *chain(*found.copies))]
    captions = [(each, spot) for each in views for spot, text in each.marks.captions if text in index.prose]
    settle_heads(heads, [*((label.view, label.spot) for label in labels), *captions], index)
    regions: dict[int, list[Region]] = {}
    stops: dict[int, set[Position]] = {id(each): set() for each in views}
    for head in heads:
        regions.setdefault(id(head.sheet), []).append(region(head))
        stops[id(head.sheet)].update(head.spots.values())
    for label in labels:
        stops[id(label.view)].add(label.spot)
    _read_blocks(gathered, views, heads, fields, stops, regions)
    if not _is_form(gathered):
        return UnreadableFiling(submission_id, file, sha256, Status.WRONG_FORM, (_wrong_form(gathered, views),))
    _tell_missing(gathered)
    tell_hidden(gathered, views)
    asked = index.cells
    return Submission(
        submission_id, file, sha256, pack.id,
        facts=Facts.of(sorted(gathered.facts, key=lambda fact: asked[fact.concept].block)),  # within a block as they were read
        institutions=tuple(gathered.institutions.values()),
        blocks=frozenset(gathered.blocks),
        extras=_extras(gathered, views, grids),
        findings=tuple(gathered.findings),
        replies=read_replies(grids),
    )  # fmt: skip


def _marked(grid: Grid, index: LabelIndex) -> SheetView:
    """The view of a sheet, its labels merged again where its merges were undone, with what its texts may be."""
    found = view(grid)
    classify_labels(found, index)
    if not found.repeats(REPEATED, index.everything) or (again := merged_again(grid, index)) is grid:
        return found
    found = view(again)
    classify_labels(found, index)
    return found


def _read_blocks(
    gathered: ReadContext, views: Sequence[SheetView], heads: Sequence[Head], fields: dict[str, FieldsFound],
    stops: dict[int, set[Position]], regions: dict[int, list[Region]],
) -> None:  # fmt: skip
    read_headings(gathered, views)
    for found in fields.values():
        read_fields(gathered, found, stops, regions)
    roll: Roll | None = None
    if gathered.pack.layout.institutions is not None:
        roll = Roll(gathered.pack.layout.institutions, _department(gathered), gathered.index.roles, gathered.institutions)
    of_table: dict[str, list[Head]] = {}
    for head in heads:
        of_table.setdefault(head.table_id, []).append(head)
    for table in gathered.pack.tables:
        if table.id in of_table:
            _read_table(gathered, table, [segment(head) for head in of_table[table.id]], roll)
    labels = [label for found in fields.values() for label in (*found.labels.values(), *chain(*found.copies))]

    @cache
    def taken(view: SheetView) -> Sequence[Region]:
        """Where tables, labels and guidance stand on a sheet."""
        here = [label.spot for label in labels if label.view is view]
        edges = (Region(row, row + 1, column, view.right_edge((row, column))) for row, column in here)
        return [*regions.get(id(view), ()), *edges, *notes_regions(view, gathered.index)]

    for _, block in gathered.pack.blocks:
        if isinstance(block, Prose):
            read_prose(gathered, block, views, taken)


def _department(gathered: ReadContext) -> str:
    name = gathered.pack.names.department
    return next((fact.text or "" for fact in gathered.facts if fact.concept == name), "")


def _read_table(gathered: ReadContext, table: Table, parts: Sequence[Segment], roll: Roll | None) -> None:
    pack = gathered.pack
    if table.source is RowSource.INSTITUTIONS and roll is not None:
        rows = {id(part): institution_rows(part, gathered) for part in parts}
        found = copies(parts, lambda part: {row.text for row in rows[id(part)] if row.filled or roll.role(row.text)})
        chosen = begin(found, gathered)
        read_institutions(gathered, table, [row for part in chosen for row in rows[id(part)]], roll)
    elif table.source is RowSource.RECORDS:
        found = copies(parts, _record_keys)
        chosen = begin(found, gathered, units=False)
        read_records(gathered, table, chosen)
    elif table.label_column is None:
        found = [[part] for part in parts]
        chosen = begin(found, gathered)
        read_unlabelled(gathered, table, chosen)
    else:
        rows_of = {id(part): found_rows([part], pack) for part in parts}
        keys = {key: {row.declared.key for row in rows if row.declared} for key, rows in rows_of.items()}
        parts = [part for part in parts if keys[id(part)]]  # a department's own list has none of the printed rows
        if not parts:
            return
        found = copies(parts, lambda part: keys[id(part)])
        chosen = begin(found, gathered)
        rows_found = found_rows(chosen, pack) if len(chosen) > 1 else rows_of[id(chosen[0])]
        printed, own = with_own_rows(gathered, table, rows_found)
        read_fixed(gathered, table, printed)
        read_added_rows(gathered, table, rows_found)
        read_own_rows(gathered, table, own)
        check_points(gathered, table, printed, own)
    pass_over(found, chosen, gathered)


def _record_keys(part: Segment) -> set[str]:
    inputs = [column for column in part.table.inputs if part.has(column)]
    return {"\x1f".join(part.text(column, row) for column in inputs) for row in record_rows(part)}


def _is_form(gathered: ReadContext) -> bool:
    needed = gathered.index.needed
    return not needed.isdisjoint(gathered.blocks) if needed else bool(gathered.blocks)


def _wrong_form(gathered: ReadContext, views: Sequence[SheetView]) -> Finding:
    names = [block.name for _, block in gathered.pack.blocks if isinstance(block, Table) and block.missing == "error"]
    reason = f"没有{'、'.join(dict.fromkeys(names))}"
    if not any(each.cells for each in views):
        reason = "只有图片，没有文字" if any(each.grid.pictures for each in views) else "工作簿是空的"
    return gathered.pack.rules.finding("SUB-03", reason=reason)


def _tell_missing(gathered: ReadContext) -> None:
    """One finding for each block that is not there; blocks of one name are told once where all of them are missing."""
    blocks = [block for _, block in gathered.pack.blocks if isinstance(block, Fields | Table | Prose) and block.missing]
    found = {block.name for block in blocks if block.id in gathered.blocks}
    told: set[str] = set()
    for block in blocks:
        if block.id in gathered.blocks:
            continue
        caption = getattr(block, "caption", "")
        name = f"{block.name}（{caption}）" if block.name in found and caption else block.name
        if name not in told:
            told.add(name)
            severity = Severity(block.missing or "error")
            gathered.report("LAY-01", severity=severity, block=name)


def _pass_over_repeated(each: SheetView, grids: Sequence[Grid]) -> None:
    """Where merges were undone, the entry of a cell that was read stands in the cells that it covered as well.

    A figure is such an entry only below a label that stood over both cells.
    """
    if any(each.grid is grid for grid in grids):
        return
    for (row, column), value in each.cells.items():
        left, above = (row, column - 1), (row - 1, column)
        words = isinstance(value, str)
        covered = each.grid.at(*left) == value and left in each.used and (words or _below_one_label(each, row, column))
        if covered or (words and each.grid.at(*above) == value and above in each.used):
            each.used.add((row, column))


def _below_one_label(each: SheetView, row: int, column: int) -> bool:
    """Whether the nearest words above a cell are a label's that stands over the cell to its left as well."""
    for above in range(row - 1, -1, -1):
        if isinstance(each.grid.at(above, column), str):
            return False
        if (above, column) in each.covered:
            return each.covered[above, column][1] < column
    return False


def _extras(gathered: ReadContext, views: Sequence[SheetView], grids: Sequence[Grid]) -> tuple[UnplacedCell, ...]:
    """Everything filled that is neither printed nor read, comments and what came back so, with one finding that counts it."""
    for each in views:
        mark_checks(each)
        _pass_over_repeated(each, grids)
    extras = []
    for each in views:
        used = each.used
        for spot in sorted([spot for spot in each.cells if spot not in used]):
            value = each.cells[spot]
            if not is_printed(each, spot, gathered.index) and not (isinstance(value, str) and is_blank(value)):
                extras.append(UnplacedCell(each.place(spot), raw_text(value) or ""))
    for each in views:
        extras.extend(UnplacedCell(each.place(spot), f"批注：{text}") for spot, text in sorted(each.grid.comments.items()))
    extras.extend(carried_extras(grids))
    shown = [each.name for each in views if each.grid.pictures]
    if shown:
        count = sum(each.grid.pictures for each in views)
        gathered.report("LAY-09", sheets="”“".join(shown), count=count)
    if hidden := sum(each.grid.hidden_texts for each in views):
        gathered.report("LAY-10", count=hidden)
    if extras:
        gathered.report("LAY-04", place=extras[0].place, count=len(extras))
    return tuple(extras)
