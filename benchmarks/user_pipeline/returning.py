"""Giving a filing back: the department's own workbook with marked cells and sheets of findings and scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from benchmarks.user_pipeline.rules import WORDS, Found

FILLS = {each: PatternFill("solid", fgColor=colour) for each, colour in (("error", "F8D7DA"), ("warning", "FFF3CD"), ("info", "DDEBF7"))}
HEAD, WRAP = Font(bold=True), Alignment(wrap_text=True, vertical="top")
WIDTHS = {"A": 12, "B": 10, "C": 80, "D": 20, "E": 12, "F": 60}


def annotate(path: Path, target: Path, found: Sequence[Found], scored: pd.DataFrame) -> None:
    """Save the workbook with marked cells and two sheets before its own."""
    book = openpyxl.load_workbook(path)
    for each in found:
        if each.cell is not None:
            sheet, row, column = each.cell
            cell = book[sheet].cell(row, column)
            cell.fill = FILLS[each.severity]
            before = cell.comment.text + "\n" if cell.comment else ""
            cell.comment = Comment(f"{before}{each.code} {each.text}", "财政局")
    problems, marks = book.create_sheet("审核结果", 0), book.create_sheet("得分", 1)
    problems.append(["代码", "类别", "问题", "位置"])
    for each in found:
        place = f"{each.cell[0]}!R{each.cell[1]}C{each.cell[2]}" if each.cell else ""
        problems.append([each.code, WORDS[each.severity], each.text, place])
    marks.append(["指标", *scored.columns])
    for row in scored.itertuples():
        marks.append([None if isinstance(value, float) and pd.isna(value) else value for value in row])
    total = scored[["分值", "自评得分", "系统得分", "最终得分"]].sum()
    marks.append(["合计", *(float(value) for value in total)])
    for sheet in (problems, marks):
        for letter, width in WIDTHS.items():
            sheet.column_dimensions[letter].width = width
        for cell in sheet[1]:
            cell.font = HEAD
        for line in sheet.iter_rows(min_row=2):
            for cell in line:
                cell.alignment = WRAP
    book.save(target)
