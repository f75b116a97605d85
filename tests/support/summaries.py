"""Summaries and review workbooks of whole results, with every cell of their listings by itself, to be looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jixiao.model.result import DepartmentSummary, District
from jixiao.pack import Pack
from jixiao.writing.review.workbook import review_workbook as review_in_listings
from jixiao.writing.summary import summary_workbook as in_listings
from jixiao.writing.summary.department_summary import summarize
from jixiao.writing.summary.district_view import DistrictView
from jixiao.writing.summary.sheet_layout import ListSheet
from jixiao.writing.xlsx.content import SheetContent, WorkbookContent, laid_out
from tests.support.tables import redacted


def summarized(district: District, pack: Pack) -> District:
    """The district with the summaries of its results, redacted as a run does."""
    results = (each if isinstance(each, DepartmentSummary) else summarize(each, pack) for each in redacted(district.results, pack))
    return replace(district, results=tuple(results))


def view_of(district: District, pack: Pack) -> DistrictView:
    """The district as the sheets of its summary see it."""
    return DistrictView(summarized(district, pack), pack)


def laid(sheet: SheetContent | ListSheet[Any]) -> SheetContent:
    """The sheet with the cells of its listings among its own, by row."""
    sheet = sheet.content if isinstance(sheet, ListSheet) else sheet
    if not sheet.listings:
        return sheet
    whole = laid_out(sheet)
    return replace(whole, cells=sorted(whole.cells, key=lambda cell: (cell.row, cell.column)))


def summary_workbook(district: District, pack: Pack, **more: Any) -> WorkbookContent:
    """As the program makes it, laid out."""
    if "parts" in more:
        more["parts"] = {name: (file, summarized(part, pack)) for name, (file, part) in more["parts"].items()}
    content = in_listings(summarized(district, pack), pack, **more)
    return replace(content, sheets=[laid(sheet) for sheet in content.sheets])


def review_workbook(district: District, pack: Pack, **more: Any) -> WorkbookContent:
    """As the program makes it, laid out."""
    content = review_in_listings(summarized(district, pack), pack, **more)
    return replace(content, sheets=[laid(sheet) for sheet in content.sheets])
