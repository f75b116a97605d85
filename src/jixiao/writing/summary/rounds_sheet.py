"""轮次变化: of departments that sent more than one version, which findings are cleared, new and still open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from jixiao.model.finding import Finding, Severity
from jixiao.model.result import Result
from jixiao.model.rounds import RoundChange
from jixiao.writing.canvas import SheetContent, Value
from jixiao.writing.summary.grid import MOST_ROWS, ROLE_OF_SEVERITY, Column, Entry, begin, draw_row, draw_table, section
from jixiao.writing.summary.names import ROUNDS
from jixiao.writing.summary.view import View, kind_of, returned_link
from jixiao.writing.textsize import height
from jixiao.writing.wording import SEVERITY_WORDS

COLUMNS = (
    Column("预算编码", 10, align="center"),
    Column("部门名称", 30),
    Column("类别", 10, align="center"),
    Column("报送版本数", 9, "score", "count"),
    Column("前一版文件", 34),
    Column("前一版问题", 9, "score", "count"),
    Column("已消除", 8, "score", "count"),
    Column("新增", 8, "score", "count"),
    Column("仍未解决", 9, "score", "count"),
    Column("其中必改", 9, "score", "count"),
    Column("变动单元格", 9, "score", "count"),
    Column("审核稿", 8, "link", align="center"),
)
FIRST_COUNT, LAST_COUNT = 5, 10
CLEARED, NEW, STILL = "已消除", "新增", "仍未解决"


def rounds_sheet(view: View) -> SheetContent:
    """The sheet: a row a department, sums, then every finding that is new or still open, then those cleared."""
    note = "同一部门报送多次的，前一版与现行版的问题按规则、项目和机构对照；只比较计入的问题，较早的版本只计数。"
    sheet = begin(ROUNDS, f"{view.district.year}年度绩效自评轮次变化", COLUMNS, note=note, header=view.header)
    by_id = {result.submission_id: result for result in view.district.results}
    changes = [(by_id[each.submission_id], each) for each in view.district.rounds if each.submission_id in by_id]
    body = draw_table(sheet, 2, COLUMNS, [_row(view, *each) for each in changes], freeze_columns=2)
    sums: list[Value | Entry] = ["", "合计", "", "", ""]
    for column in range(FIRST_COUNT, LAST_COUNT + 1):
        total = sum(_counts(each)[column - FIRST_COUNT] for _, each in changes)
        sums.append(Entry(total, f"SUM({body.span(column)})", number="count"))
    draw_row(sheet, body.end, COLUMNS, [*sums, ""], role="total")
    end = _details(sheet, body.end + 2, view, changes)
    _changed(sheet, end + 1, view, changes)
    return sheet


def _counts(each: RoundChange) -> tuple[int, int, int, int, int, int]:
    heavy = sum(finding.severity is Severity.ERROR for finding in (*each.still, *each.new))
    return len(each.cleared) + len(each.still), len(each.cleared), len(each.new), len(each.still), heavy, len(each.changed)


def _row(view: View, result: Result, each: RoundChange) -> list[Value | Entry]:
    link = returned_link(result)
    return [
        result.budget_code, result.department, kind_of(result), each.versions, view.told(result, each.before),
        *_counts(each), Entry("打开", link=link) if link else Entry("", role="text"),
    ]  # fmt: skip


def _details(sheet: SheetContent, top: int, view: View, changes: list[tuple[Result, RoundChange]]) -> int:
    """Every finding; returns the first row below."""
    at = top + 1
    section(sheet, top, "逐项情况（先列仍未解决和新增，后列已消除）", len(COLUMNS) - 1)
    heads = {0: "预算编码", 1: "部门名称", 2: "变化", 3: "类别", 4: "规则", 5: "问题描述"}
    head: list[Value | Entry] = [heads.get(n, "") for n in range(len(COLUMNS))]
    _merged_row(sheet, top + 1, head, "head")
    for at, (result, word, finding) in enumerate(chain(_open(changes), _cleared(changes)), start=top + 2):
        cells: list[Value | Entry] = [
            result.budget_code, result.department, Entry(word, role="score"),
            Entry(SEVERITY_WORDS[finding.severity], role=ROLE_OF_SEVERITY[finding.severity]),
            Entry(finding.rule, role="text"), Entry(view.told(result, finding.message), role="text"),
        ]  # fmt: skip
        _merged_row(sheet, at, cells, "")
    return at + 1


def _changed(sheet: SheetContent, top: int, view: View, changes: list[tuple[Result, RoundChange]]) -> None:
    """Every cell that the newer version fills in otherwise, at most so many as a sheet is to hold."""
    cells = [(result, cell) for result, each in changes for cell in each.changed]
    told = f"变动的单元格（共 {len(cells)} 个" + (f"，列出前 {MOST_ROWS} 个）" if len(cells) > MOST_ROWS else "）")
    section(sheet, top, told, len(COLUMNS) - 1)
    heads: list[Value | Entry] = ["预算编码", "部门名称", "单元格", "", "项目", "前一版 → 现行版"]
    _merged_row(sheet, top + 1, heads, "head")
    for at, (result, cell) in enumerate(cells[:MOST_ROWS], start=top + 2):
        row: list[Value | Entry] = [
            result.budget_code, result.department, Entry(cell.place.cell if cell.place else "", role="score"), "",
            Entry(view.pack.describe(cell.concept, cell.institution), role="text"),
            Entry(view.told(result, f"{cell.before or '空白'} → {cell.after or '空白'}"), role="text"),
        ]  # fmt: skip
        _merged_row(sheet, at, row, "")


def _open(changes: list[tuple[Result, RoundChange]]) -> Iterator[tuple[Result, str, Finding]]:
    for result, each in changes:
        yield from ((result, STILL, finding) for finding in sorted(each.still, key=Finding.sort_key))
        yield from ((result, NEW, finding) for finding in sorted(each.new, key=Finding.sort_key))


def _cleared(changes: list[tuple[Result, RoundChange]]) -> Iterator[tuple[Result, str, Finding]]:
    for result, each in changes:
        yield from ((result, CLEARED, finding) for finding in sorted(each.cleared, key=Finding.sort_key))


def _merged_row(sheet: SheetContent, row: int, cells: list[Value | Entry], role: str) -> None:
    """A row whose last text runs over all columns of counts."""
    columns = (*COLUMNS[:5], COLUMNS[5]._replace(width=sum(column.width for column in COLUMNS[5:])))
    draw_row(sheet, row, columns, cells[:6], role=role)
    sheet.cells[-1].last_column = len(COLUMNS) - 1
    text = sheet.cells[-1].value
    sheet.heights[row] = max(sheet.heights[row], height(str(text or ""), columns[5].width))
