"""The sheet 表外内容: what stood outside the form, carried over so that nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.model.submission import Extra
from jixiao.model.words import EXTRAS_HEADS, EXTRAS_SHEET
from jixiao.writing.canvas import Page, SheetContent, Style
from jixiao.writing.textsize import HIGHEST_ROW, height

WIDTHS = (20.0, 10.0, 66.0)
HEAD_ROW = 2


def extras_sheet(extras: Sequence[Extra], header: str) -> SheetContent:
    """The cells outside the form in the order of the file as sent: sheet, cell, text."""
    sheet = SheetContent(
        EXTRAS_SHEET,
        widths=dict(enumerate(WIDTHS)),
        page=Page(repeat_rows=(HEAD_ROW, HEAD_ROW), header=header),
        freeze=(HEAD_ROW + 1, 0),
        protected=True,
    )
    sheet.put(0, 0, EXTRAS_SHEET, Style("title"), last_column=2)
    sheet.put(1, 0, "报送文件中表样之外的内容，原样列出，未参与审核；应填入表内的，请填入相应栏目。", Style("note"), last_column=2)
    sheet.heights.update({0: 30.0, 1: 18.0, HEAD_ROW: 20.0})
    for column, head in enumerate(EXTRAS_HEADS):
        sheet.put(HEAD_ROW, column, head, Style("head"))
    for row, extra in enumerate(extras, start=HEAD_ROW + 1):
        sheet.put(row, 0, extra.place.sheet, Style("text"))
        sheet.put(row, 1, extra.place.cell, Style("score"))
        sheet.put(row, 2, extra.text, Style("text"))
        needed = max(height(extra.text, WIDTHS[2]), height(extra.place.sheet, WIDTHS[0]))
        sheet.heights[row] = min(HIGHEST_ROW, max(18.0, needed))
    return sheet
