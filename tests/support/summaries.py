"""Summaries and review workbooks with every cell of their listings by itself, to be looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jixiao.model.result import District
from jixiao.pack import Pack
from jixiao.writing.review.workbook import review_workbook as review_in_listings
from jixiao.writing.summary import summary_workbook as in_listings
from jixiao.writing.xlsx.content import SheetContent, WorkbookContent, laid_out


def laid(sheet: SheetContent) -> SheetContent:
    """The sheet with the cells of its listings among its own, by row."""
    if not sheet.listings:
        return sheet
    whole = laid_out(sheet)
    return replace(whole, cells=sorted(whole.cells, key=lambda cell: (cell.row, cell.column)))


def summary_workbook(district: District, pack: Pack, **more: Any) -> WorkbookContent:
    """As the program makes it, laid out."""
    content = in_listings(district, pack, **more)
    return replace(content, sheets=[laid(sheet) for sheet in content.sheets])


def review_workbook(district: District, pack: Pack, **more: Any) -> WorkbookContent:
    """As the program makes it, laid out."""
    content = review_in_listings(district, pack, **more)
    return replace(content, sheets=[laid(sheet) for sheet in content.sheets])
