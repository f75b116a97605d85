"""轮次变化: of departments that sent more than one version, how many findings are cleared, new and still open, and which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from jixiao.model.finding import Finding, Severity
from jixiao.model.result import Result
from jixiao.model.rounds import ChangedCell, RoundChange
from jixiao.writing.canvas import Column, EachRow, Entry, Rows, SheetContent, Value
from jixiao.writing.summary.grid import ROLE_OF_SEVERITY, begin, draw_row, draw_table, paragraph
from jixiao.writing.summary.names import ROUND_CELLS, ROUND_FINDINGS, ROUNDS
from jixiao.writing.summary.view import View, kind_of, opening
from jixiao.writing.wording import CLEARED, EXPLAINED_WORD, NEW, SEVERITY_WORDS, STILL

COLUMNS = (
    Column("预算编码", 10, align="center"),
    Column("部门名称", 30),
    Column("类别", 10, align="center"),
    Column("报送版本数", 11.6, "score", "count"),
    Column("前一版文件", 34),
    Column("前一版问题", 11.6, "score", "count"),
    Column(CLEARED, 8, "score", "count"),
    Column(EXPLAINED_WORD, 8, "score", "count"),
    Column(NEW, 8, "score", "count"),
    Column(STILL, 10, "score", "count"),
    Column("其中必改", 10, "score", "count"),
    Column("变动单元格", 11.6, "score", "count"),
    Column("情况", 20),
    Column("审核稿", 8, "link", align="center"),
)
FIRST_COUNT, LAST_COUNT = 5, 11
BROKEN = "前一版未能审核，无法对照"

FINDING_COLUMNS = (
    Column("预算编码", 10, align="center"),
    Column("部门名称", 28),
    Column("变化", 10, align="center"),
    Column("类别", 9, "score"),
    Column("规则", 10, align="center"),
    Column("问题描述", 66),
    Column("部门说明", 24),
    Column("审核稿", 8, "link", align="center"),
)
CELL_COLUMNS = (
    Column("预算编码", 10, align="center"),
    Column("部门名称", 28),
    Column("现行版单元格", 26),
    Column("项目", 36),
    Column("前一版", 34),
    Column("现行版", 34),
    Column("审核稿", 8, "link", align="center"),
)
BLANK = "（空白）"

Changes = Sequence[tuple[Result, RoundChange]]


def rounds_sheets(view: View) -> list[SheetContent]:
    """The sheets: a row a department with sums; every finding; every cell that says something else. Empty without rounds."""
    changes = [(result, result.change) for result in view.district.results if result.change is not None]
    if not changes:
        return []
    return [_departments(view, changes), _findings(view, changes), _cells(view, changes)]


def _departments(view: View, changes: Changes) -> SheetContent:
    note = "同一部门报送多次的，前一版与现行版的问题按规则、项目和机构对照；只比较计入的问题，较早的版本只计数。"
    sheet = begin(ROUNDS, f"{view.district.year}年度绩效自评轮次变化", COLUMNS, note=note, header=view.header)
    body = draw_table(sheet, 2, COLUMNS, EachRow(changes, lambda n, each: _row(view, *each)), freeze_columns=2)
    sums: list[Value | Entry] = ["", "合计", "", "", ""]
    for column in range(FIRST_COUNT, LAST_COUNT + 1):
        total = sum(_counts(each)[column - FIRST_COUNT] for _, each in changes if not each.broken)
        sums.append(Entry(total, f"SUM({body.span(column)})", number="count"))
    draw_row(sheet, body.end, COLUMNS, [*sums, "", ""], role="total")
    return sheet


def _counts(each: RoundChange) -> tuple[int, ...]:
    heavy = sum(finding.severity is Severity.ERROR for finding in (*each.still, *each.new))
    before = len(each.cleared) + len(each.explained) + len(each.still)
    settled = (len(each.cleared), len(each.explained))
    return (before, *settled, len(each.new), len(each.still), heavy, len(each.changed))


def _row(view: View, result: Result, each: RoundChange) -> list[Value | Entry]:
    counts: tuple[Value, ...] = (None,) * (LAST_COUNT + 1 - FIRST_COUNT) if each.broken else _counts(each)
    return [
        result.budget_code, result.department, kind_of(result), each.versions, view.told(result, each.before),
        *counts, BROKEN if each.broken else "", opening(result),
    ]  # fmt: skip


def _findings(view: View, changes: Changes) -> SheetContent:
    """Every finding that is still open or new, then those explained or cleared."""
    every = list(chain(_remaining(changes), _settled(changes)))
    note = f"共 {len(every)} 条，先列{STILL}和{NEW}，后列{EXPLAINED_WORD}和{CLEARED}；{CLEARED}的为前一版的问题。"
    title = f"{view.district.year}年度绩效自评轮次问题明细"
    sheet = begin(ROUND_FINDINGS, title, FINDING_COLUMNS, note=note, header=view.header)
    rows = EachRow(every[: view.most_rows], lambda n, each: _finding(view, *each))
    _finish(sheet, FINDING_COLUMNS, rows, len(every), "没有问题可以对照")
    return sheet


def _finding(view: View, result: Result, word: str, finding: Finding) -> list[Value | Entry]:
    return [
        result.budget_code, result.department, word,
        Entry(SEVERITY_WORDS[finding.severity], role=ROLE_OF_SEVERITY[finding.severity]),
        finding.rule, view.told(result, finding.message), view.told(result, finding.reply), opening(result),
    ]  # fmt: skip


def _cells(view: View, changes: Changes) -> SheetContent:
    """Every cell that the newer version fills in otherwise."""
    every = [(result, cell) for result, each in changes for cell in each.changed]
    note = f"共 {len(every)} 个单元格的填报内容与前一版不同。"
    title = f"{view.district.year}年度绩效自评轮次变动单元格"
    sheet = begin(ROUND_CELLS, title, CELL_COLUMNS, note=note, header=view.header)
    rows = EachRow(every[: view.most_rows], lambda n, each: _cell(view, *each))
    _finish(sheet, CELL_COLUMNS, rows, len(every), "没有变动的单元格")
    return sheet


def _cell(view: View, result: Result, cell: ChangedCell) -> list[Value | Entry]:
    return [
        result.budget_code, result.department, cell.place.told if cell.place else "",
        view.pack.describe(cell.concept, cell.institution),
        *(view.told(result, text) if text else BLANK for text in (cell.before, cell.after)), opening(result),
    ]  # fmt: skip


def _finish(sheet: SheetContent, columns: Sequence[Column], rows: Rows, every: int, none: str) -> None:
    body = draw_table(sheet, 2, columns, rows, freeze_columns=2, none=none)
    if every > len(rows):
        paragraph(sheet, body.end, f"另有 {every - len(rows)} 条未列出。", columns)


def _remaining(changes: Changes) -> Iterator[tuple[Result, str, Finding]]:
    for result, each in changes:
        yield from ((result, STILL, finding) for finding in sorted(each.still, key=Finding.sort_key))
        yield from ((result, NEW, finding) for finding in sorted(each.new, key=Finding.sort_key))


def _settled(changes: Changes) -> Iterator[tuple[Result, str, Finding]]:
    for result, each in changes:
        yield from ((result, EXPLAINED_WORD, finding) for finding in sorted(each.explained, key=Finding.sort_key))
        yield from ((result, CLEARED, finding) for finding in sorted(each.cleared, key=Finding.sort_key))
