"""The district summary's sheets put together in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from jixiao.model.result import District
from jixiao.pack import Pack
from jixiao.writing.canvas import SheetContent, SheetsInTurn, WorkbookContent
from jixiao.writing.summary.districts_sheet import districts_sheet
from jixiao.writing.summary.filing_status import FilingStatus, filing_status_sheet
from jixiao.writing.summary.inspection import inspection_sheet
from jixiao.writing.summary.last_year import compared, last_year_sheet
from jixiao.writing.summary.matrix import Matrix, matrix_sheet
from jixiao.writing.summary.money import money_sheet
from jixiao.writing.summary.names import (
    COMMON_PROBLEMS,
    DISTRICTS,
    FILING_STATUS,
    FINDING_LIST,
    INSPECTION,
    LAST_YEAR,
    MATRIX,
    OUTLIERS,
    RANKING,
    RUBRIC,
    RUN_INFO,
    SAME_TEXTS,
    SELF_AND_COMPUTED,
    money_sheets,
)
from jixiao.writing.summary.outliers import find_outliers, outliers_sheet
from jixiao.writing.summary.overview import overview_sheet
from jixiao.writing.summary.problems import common_problems_sheet, finding_list_sheet
from jixiao.writing.summary.ranking import Ranking, ranking_sheet
from jixiao.writing.summary.rounds_sheet import rounds_sheets
from jixiao.writing.summary.rubric_sheet import rubric_sheet
from jixiao.writing.summary.run_info import run_info_sheet
from jixiao.writing.summary.same_texts import same_texts_sheet
from jixiao.writing.summary.self_and_computed import self_and_computed_sheet
from jixiao.writing.summary.view import MOST_ROWS, View

Told = TypeVar("Told", FilingStatus, Ranking, Matrix)

MOST_KEPT = 1_000
"""Of how many results the three sheets that the first one tells of are held until they are drawn: 20 KiB each."""


def summary_workbook(
    district: District,
    pack: Pack,
    *,
    tool_version: str,
    options: Mapping[str, str],
    parts: Mapping[str, tuple[str, District]] = MappingProxyType({}),
    most_rows: int = MOST_ROWS,
    in_turn: bool = False,
) -> WorkbookContent:
    """The content of 区级汇总.xlsx. `options` are told as they are: they may hold no time, no path and no person.

    `parts` are the districts of a batch of several by name, each with the file of its own summary. Lists of findings and
    the like show `most_rows` rows at most, the heaviest first, and point at the data for the rest. With `in_turn` sheets
    are made when they are drawn, and nobody keeps them.
    """
    view = View(district, pack, most_rows)
    large = in_turn and len(district.results) > MOST_KEPT
    filing = _told(filing_status_sheet(view), without_cells=large)
    ranking = _told(ranking_sheet(view), without_cells=large)
    matrix = _told(matrix_sheet(view), without_cells=large)
    outliers, lines = find_outliers(view), compared(view)
    made: dict[str, Callable[[], SheetContent]] = {
        **({DISTRICTS: lambda: districts_sheet(view, parts)} if parts else {}),
        FILING_STATUS: lambda: filing_status_sheet(view).sheet,
        **{sheet.name: partial(_same, sheet) for sheet in rounds_sheets(view)},
        RANKING: lambda: ranking_sheet(view).sheet,
        COMMON_PROBLEMS: lambda: common_problems_sheet(view),
        FINDING_LIST: lambda: finding_list_sheet(view).sheet,
        SELF_AND_COMPUTED: lambda: self_and_computed_sheet(view),
        MATRIX: lambda: matrix_sheet(view).sheet,
        **{name: partial(money_sheet, view, name, tables) for name, tables in money_sheets(pack).items()},
        **({LAST_YEAR: lambda: last_year_sheet(view, lines)} if lines else {}),
        OUTLIERS: lambda: outliers_sheet(view, outliers),
        **({SAME_TEXTS: lambda: same_texts_sheet(view)} if pack.checks.same_texts is not None else {}),
        INSPECTION: lambda: inspection_sheet(view, outliers),
        RUBRIC: lambda: rubric_sheet(view),
        RUN_INFO: lambda: run_info_sheet(view, tool_version, options),
    }
    names = list(made)
    first = overview_sheet(view, filing, ranking, matrix, names)
    there = {} if large else {1 + names.index(each.sheet.name): each.sheet for each in (filing, ranking, matrix)}
    sheets: Sequence[SheetContent] = SheetsInTurn([partial(_same, first), *made.values()], there)
    title = f"{district.year}年度部门整体支出绩效自评区级汇总"
    return WorkbookContent(sheets if in_turn else list(sheets), title=title, subject=pack.title, company=district.bureau)


def _told(made: Told, *, without_cells: bool) -> Told:
    """A sheet with where things stand in it; of a large district without its cells, which are made again to be drawn."""
    if without_cells:
        made.sheet.cells.clear()
    return made


def _same(sheet: SheetContent) -> SheetContent:
    return sheet
