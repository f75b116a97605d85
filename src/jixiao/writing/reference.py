"""The blank workbook 财政核对数据.xlsx: a row for each department, a column for each figure that scores ask for."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.model.roster import RosterEntry
from jixiao.pack import Pack
from jixiao.pack.concept import Concept, Kind
from jixiao.pack.reference import heading, offered
from jixiao.writing.canvas import Page, SheetContent, Style, Validation, WorkbookContent
from jixiao.writing.textsize import height

SHEET = "财政核对数据"
HEAD_ROW = 2
FIRST = 2
"""The column of the first figure, after budget code and department."""

WIDTHS = (12.0, 30.0)
FIGURE_WIDTH = 14.0
BLANK_ROWS = 30
NOTE = (
    "一个部门一行，只填财政部门自己掌握的数（决算、批复、采购、公务卡、公开检查、检查发现的问题等），不掌握的留空；"
    "有数的，系统得分以此为准。栏目可以删减，表头文字请勿改动。"
)
NUMBERS = {Kind.AMOUNT: "amount", Kind.COUNT: "count"}


def reference_workbook(pack: Pack, roster: Sequence[RosterEntry] = ()) -> WorkbookContent:
    """The blank workbook of a pack, with the departments of a roster where one is given."""
    concepts = offered(pack)
    last = FIRST + len(concepts) - 1
    rows = max(len(roster), BLANK_ROWS)
    sheet = SheetContent(
        SHEET,
        widths=dict(enumerate((*WIDTHS, *(FIGURE_WIDTH for _ in concepts)))),
        page=Page(landscape=True, repeat_rows=(HEAD_ROW, HEAD_ROW)),
        freeze=(HEAD_ROW + 1, FIRST),
    )
    sheet.put(0, 0, f"{pack.year} 年度{pack.title}财政核对数据", Style("title"), last_column=last)
    sheet.put(1, 0, NOTE, Style("note"), last_column=last)
    heads = ["预算编码", "部门名称", *(heading(pack, concept) for concept in concepts)]
    for column, text in enumerate(heads):
        sheet.put(HEAD_ROW, column, text, Style("head"))
    sheet.heights.update({0: 30.0, 1: 18.0, HEAD_ROW: max(height(text, FIGURE_WIDTH) for text in heads) + 4})
    for row in range(HEAD_ROW + 1, HEAD_ROW + 1 + rows):
        entry = roster[row - HEAD_ROW - 1] if row - HEAD_ROW <= len(roster) else None
        sheet.put(row, 0, entry.budget_code if entry else None, Style("input", "text", locked=False))
        sheet.put(row, 1, entry.department if entry else None, Style("input", "text", locked=False))
        for column, concept in enumerate(concepts, start=FIRST):
            number = NUMBERS.get(concept.kind, "")
            sheet.put(row, column, None, Style("number" if concept.numeric else "input", number, locked=False))
    for column, concept in enumerate(concepts, start=FIRST):
        sheet.validations.append(_validation(concept, HEAD_ROW + 1, HEAD_ROW + rows, column))
    return WorkbookContent([sheet], title=f"{pack.title}财政核对数据", subject=f"{pack.id} {pack.version}")


def _validation(concept: Concept, first: int, last: int, column: int) -> Validation:
    """What a column accepts; numbers are only prompted for, as a real figure is never kept out."""
    if concept.choices:
        words = "、".join(concept.choices)
        return Validation(first, column, last, column, "list", choices=concept.choices, refusal=f"请填{words}。")
    unit = f"单位：{concept.unit}；" if concept.unit else ""
    return Validation(first, column, last, column, "any", prompt=f"{unit}不掌握的留空")
