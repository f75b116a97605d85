"""The sheet 已说明事项 of the review workbook: balances that a department explained, for a person to accept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jixiao.model.finding import EXPLAINED, Finding, Severity
from jixiao.model.result import DepartmentSummary, District
from jixiao.writing.xlsx.content import Page, SheetContent, Style
from jixiao.writing.xlsx.text_size import HIGHEST_ROW, height

SHEET = "已说明事项"
COLUMNS: Sequence[tuple[str, float]] = (
    ("序号", 6), ("预算编码", 11), ("部门名称", 21), ("规则", 9), ("差额", 10), ("问题描述", 44), ("部门说明", 36), ("复核意见", 24),
)  # fmt: skip
OPINION = len(COLUMNS) - 1


def settled_balances(district: District) -> Iterator[tuple[DepartmentSummary, Finding]]:
    """The errors that a reply with cause and amount settled, in the district's order."""
    for result in district.results:
        for finding in result.findings:
            if finding.severity is Severity.ERROR and finding.state == EXPLAINED and not finding.counted:
                yield result, finding


def explained_sheet(district: District) -> SheetContent | None:
    """The sheet, or None where nothing was so settled."""
    rows = list(settled_balances(district))
    if not rows:
        return None
    sheet = SheetContent(
        SHEET,
        widths={column: width for column, (_, width) in enumerate(COLUMNS)},
        page=Page(landscape=True, repeat_rows=(1, 1), header=f"{district.year} 年度"),
        freeze=(2, 3),
    )
    sheet.put(0, 0, "已说明原因和金额的勾稽差异（不再退回，请复核）", Style("title"), last_column=OPINION)
    sheet.heights[0] = 30.0
    for column, (heading, _) in enumerate(COLUMNS):
        sheet.put(1, column, heading, Style("head"))
    for at, (result, finding) in enumerate(rows, start=2):
        texts = (result.budget_code, result.department or result.file, finding.rule)
        sheet.put(at, 0, at - 1, Style("number", "count", align="center"))
        for column, text in enumerate(texts, start=1):
            sheet.put(at, column, text, Style("text", "text"))
        sheet.put(at, 4, finding.difference, Style("number"))
        sheet.put(at, 5, finding.message, Style("text"))
        sheet.put(at, 6, finding.reply, Style("text"))
        sheet.put(at, OPINION, None, Style("input", "text", locked=False))
        needed = max(height(finding.message, COLUMNS[5][1]), height(finding.reply, COLUMNS[6][1]))
        sheet.heights[at] = min(HIGHEST_ROW, max(20.0, needed))
    return sheet
