"""The sheet 已说明事项 of the review workbook: balances that a department explained, for a person to accept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jixiao.model.finding import EXPLAINED, Finding, Severity
from jixiao.model.result import DepartmentSummary, District
from jixiao.writing.xlsx.content import Page, SheetContent, Style, Value
from jixiao.writing.xlsx.text_size import HIGHEST_ROW, height

SHEET = "已说明事项"
COLUMNS: Sequence[tuple[str, float]] = (
    ("序号", 6), ("预算编码", 11), ("部门名称", 21), ("规则", 9), ("差额", 10), ("问题描述", 44), ("部门说明", 36), ("复核意见", 24),
)  # fmt: skip
OPINION = len(COLUMNS) - 1


def settled_balances(district: District) -> Iterator[tuple[DepartmentSummary, Finding]]:
    """Yield the errors that a reply with cause and amount settled, in the district's order."""
    for result in district.results:
        for finding in result.findings:
            if finding.severity is Severity.ERROR and finding.state == EXPLAINED and not finding.counted:
                yield result, finding


def explained_sheet(district: District) -> SheetContent | None:
    """Return the sheet, or None where nothing was so settled."""
    rows = list(settled_balances(district))
    if not rows:
        return None
    sheet = SheetContent(
        SHEET,
        widths={column: width for column, (_, width) in enumerate(COLUMNS)},
        page=Page(landscape=True, repeat_rows=(1, 1), header=f"{district.year} 年度"),
        freeze=(2, 3),
    )
    sheet.put_title("已说明原因和金额的勾稽差异（不再退回，请复核）", OPINION)
    sheet.put_row(1, (heading for heading, _ in COLUMNS), Style("head"))
    for at, (result, finding) in enumerate(rows, start=2):
        code, text = Style("text", "text"), Style("text")
        cells: tuple[tuple[Value, Style], ...] = (
            (at - 1, Style("number", "count", align="center")), (result.budget_code, code),
            (result.department or result.file, code), (finding.rule, code), (finding.difference, Style("number")),
            (finding.message, text), (finding.reply, text), (None, Style("input", "text", locked=False)),
        )  # fmt: skip
        for column, (value, style) in enumerate(cells):
            sheet.put(at, column, value, style)
        needed = max(height(finding.message, COLUMNS[5][1]), height(finding.reply, COLUMNS[6][1]))
        sheet.heights[at] = min(HIGHEST_ROW, max(20.0, needed))
    return sheet
