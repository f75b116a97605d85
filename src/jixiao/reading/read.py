"""From a file or its grids to a `Submission`: blocks are located by their printed labels, and read.

The steps: each sheet becomes a `SheetView` whose texts are classified (`LabelKind`); heads of tables and labels of fields are
located (`find_heads`, `find_fields`); `settle_heads` decides where each block begins and ends; then each kind of block is
read by its module in `blocks`, and every cell becomes a fact in `values`.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256 as hash_of
from pathlib import Path

from jixiao.model.fact import Facts
from jixiao.model.finding import Finding, Severity
from jixiao.model.submission import Status, Submission, UnreadableFiling
from jixiao.pack import Pack
from jixiao.pack.declarations.layout import Fields, Prose, RowSource, Table
from jixiao.reading.blocks.fields import LocatedFields, find_fields, read_fields
from jixiao.reading.blocks.fixed_table import found_rows, read_added_rows, read_fixed, read_unlabelled
from jixiao.reading.blocks.headings import read_headings
from jixiao.reading.blocks.institution_table import Roll, institution_rows, read_institutions
from jixiao.reading.blocks.prose import read_prose
from jixiao.reading.blocks.record_table import read_records, record_rows
from jixiao.reading.blocks.score_table import check_points, read_own_rows, with_own_rows
from jixiao.reading.context import ReadContext
from jixiao.reading.formats.grid import Grid
from jixiao.reading.generated_sheets import is_generated, read_replies
from jixiao.reading.locate.heads import Head, find_heads
from jixiao.reading.locate.label_index import label_index
from jixiao.reading.locate.recognition import other_form
from jixiao.reading.locate.regions import settle_heads
from jixiao.reading.locate.sheet_view import SheetView, marked_view
from jixiao.reading.table_segment import Segment, begin, copies, pass_over, segment
from jixiao.reading.unplaced import report_hidden, unplaced_cells


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
        data = None  # open_grids says why
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
    views = [marked_view(grid, index) for grid in grids if not is_generated(grid)]
    if (other := other_form(views, pack, others)) is not None:
        finding = pack.rules.finding("SUB-15", expected=pack.title, actual=other.title)
        return UnreadableFiling(submission_id, file, sha256, Status.WRONG_FORM, (finding,))
    heads = find_heads(views, index)
    fields = find_fields(views, heads, index)
    settle_heads(views, heads, index)
    _read_blocks(gathered, views, heads, fields)
    if not _is_form(gathered):
        return UnreadableFiling(submission_id, file, sha256, Status.WRONG_FORM, (_wrong_form(gathered, views),))
    _report_missing(gathered)
    report_hidden(gathered, views)
    return Submission(
        submission_id, file, sha256, pack.id,
        facts=Facts.of(sorted(gathered.facts, key=lambda fact: index.cells[fact.concept].block)),  # within a block as they were read
        institutions=tuple(gathered.institutions.values()),
        blocks=frozenset(gathered.blocks),
        extras=unplaced_cells(gathered, views, grids),
        findings=tuple(gathered.findings),
        replies=read_replies(grids),
    )  # fmt: skip


def _read_blocks(gathered: ReadContext, views: Sequence[SheetView], heads: Sequence[Head], fields: Sequence[LocatedFields]) -> None:
    """Read all located blocks: headings, fields, tables in the order of the form, and last the prose, which is what is left."""
    pack = gathered.pack
    read_headings(gathered, views)
    for located in fields:
        read_fields(gathered, located)
    roll: Roll | None = None
    if pack.layout.institutions is not None:
        roll = Roll(pack.layout.institutions, _department(gathered), gathered.index.roles, gathered.institutions)
    for table in pack.tables:
        if parts := [segment(head) for head in heads if head.table_id == table.id]:
            _read_table(gathered, table, parts, roll)
    for _, block in pack.blocks:
        if isinstance(block, Prose):
            read_prose(gathered, block, views)


def _department(gathered: ReadContext) -> str:
    name = gathered.pack.names.department
    return next((fact.text or "" for fact in gathered.facts if fact.concept == name), "")


def _read_table(gathered: ReadContext, table: Table, parts: Sequence[Segment], roll: Roll | None) -> None:
    pack = gathered.pack
    if table.source is RowSource.INSTITUTIONS and roll is not None:
        rows = {id(part): institution_rows(part, gathered) for part in parts}
        versions = copies(parts, lambda part: {row.text for row in rows[id(part)] if row.filled or roll.role(row.text)})
        chosen = begin(versions, gathered)
        read_institutions(gathered, table, [row for part in chosen for row in rows[id(part)]], roll)
    elif table.source is RowSource.RECORDS:
        versions = copies(parts, _record_keys)
        chosen = begin(versions, gathered, units=False)
        read_records(gathered, table, chosen)
    elif table.label_column is None:
        versions = [[part] for part in parts]
        chosen = begin(versions, gathered)
        read_unlabelled(gathered, table, chosen)
    else:
        rows_of = {id(part): found_rows([part], pack) for part in parts}
        keys = {key: {row.declared.key for row in rows if row.declared} for key, rows in rows_of.items()}
        parts = [part for part in parts if keys[id(part)]]  # a department's own list has none of the printed rows
        if not parts:
            return
        versions = copies(parts, lambda part: keys[id(part)])
        chosen = begin(versions, gathered)
        rows_found = found_rows(chosen, pack) if len(chosen) > 1 else rows_of[id(chosen[0])]
        printed, own = with_own_rows(gathered, table, rows_found)
        read_fixed(gathered, table, printed)
        read_added_rows(gathered, table, rows_found)
        read_own_rows(gathered, table, own)
        check_points(gathered, table, printed, own)
    pass_over(versions, chosen, gathered)


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


def _report_missing(gathered: ReadContext) -> None:
    """Report each block that is missing; blocks of one name once where all of them are."""
    blocks = [block for _, block in gathered.pack.blocks if isinstance(block, Fields | Table | Prose) and block.missing]
    present = {block.name for block in blocks if block.id in gathered.blocks}
    missing: dict[str, str] = {}
    for block in blocks:
        if block.id not in gathered.blocks:
            caption = getattr(block, "caption", "")
            name = f"{block.name}（{caption}）" if block.name in present and caption else block.name
            missing.setdefault(name, block.missing or "error")
    for name, severity in missing.items():
        gathered.report("LAY-01", severity=Severity(severity), block=name)
