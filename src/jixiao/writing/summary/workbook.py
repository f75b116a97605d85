"""The district summary's sheets put together in their order, and 运行信息."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jixiao.model.result import District
from jixiao.pack import Pack
from jixiao.writing.summary.department_summary import money_sheets
from jixiao.writing.summary.district_view import MOST_ROWS, DistrictView
from jixiao.writing.summary.sheet_layout import RUN_INFO, AnySheet, ListSheet, SummaryColumn
from jixiao.writing.summary.sheets.districts import districts_sheet
from jixiao.writing.summary.sheets.filing_status import filing_status_sheet
from jixiao.writing.summary.sheets.inspection import inspection_sheet
from jixiao.writing.summary.sheets.last_year import compare_years, last_year_sheet
from jixiao.writing.summary.sheets.matrix import matrix_sheet
from jixiao.writing.summary.sheets.money import money_sheet
from jixiao.writing.summary.sheets.outliers import find_outliers, outliers_sheet
from jixiao.writing.summary.sheets.overview import overview_sheet
from jixiao.writing.summary.sheets.problems import common_problems_sheet, finding_list_sheet
from jixiao.writing.summary.sheets.ranking import ranking_sheet
from jixiao.writing.summary.sheets.rounds import rounds_sheets
from jixiao.writing.summary.sheets.rubric import rubric_sheet
from jixiao.writing.summary.sheets.same_texts import same_texts_sheet
from jixiao.writing.summary.sheets.self_and_computed import self_and_computed_sheet
from jixiao.writing.wording import SEVERITY_WORDS, STATUS_WORDS
from jixiao.writing.xlsx.content import WorkbookContent


def summary_workbook(
    district: District,
    pack: Pack,
    *,
    tool_version: str,
    options: Mapping[str, str],
    parts: Mapping[str, tuple[str, District]] = MappingProxyType({}),
    most_rows: int = MOST_ROWS,
) -> WorkbookContent:
    """Return the content of 区级汇总.xlsx. `options` are shown as they are: they may hold no time, no path and no person.

    `parts` are the districts of a batch of several by name, each with the file of its own summary. Lists of findings and
    the like show `most_rows` rows at most, the heaviest first, and point at the data for the rest.
    """
    view = DistrictView(district, pack, most_rows)
    filing, ranking, matrix = filing_status_sheet(view), ranking_sheet(view), matrix_sheet(view)
    outliers, lines = find_outliers(view), compare_years(view)
    sheets: list[AnySheet] = [
        *([districts_sheet(view, parts)] if parts else []),
        filing,
        *rounds_sheets(view),
        ranking,
        common_problems_sheet(view),
        finding_list_sheet(view),
        self_and_computed_sheet(view),
        matrix.sheet,
        *(money_sheet(view, name, tables) for name, tables in money_sheets(pack).items()),
        *([last_year_sheet(view, lines)] if lines else []),
        outliers_sheet(view, outliers),
        *([same_texts_sheet(view)] if pack.checks.same_texts is not None else []),
        inspection_sheet(view, outliers),
        rubric_sheet(view),
        _run_info_sheet(view, tool_version, options),
    ]
    first = overview_sheet(view, filing, ranking, matrix, sheets)
    title = f"{district.year}年度部门整体支出绩效自评区级汇总"
    contents = [first, *(sheet.content for sheet in sheets)]
    return WorkbookContent(contents, title=title, subject=pack.title, company=district.bureau)


def _run_info_sheet(view: DistrictView, tool_version: str, options: Mapping[str, str]) -> AnySheet:
    """运行信息: versions and hashes, options, and what became of the files; no time and no path."""
    columns: tuple[SummaryColumn[tuple[str, str]], ...] = (
        SummaryColumn("item", "项目", 30, lambda row: row[0], "label"),
        SummaryColumn("content", "内容", 90, lambda row: row[1]),
    )
    pack, district = view.pack, view.district
    rows: list[tuple[str, str]] = [
        ("工具", f"jixiao {tool_version}"),
        ("表样包", f"{pack.id}（{pack.title}）"),
        ("表样包版本", pack.version),
        ("表样包校验值（SHA-256）", pack.sha256),
        ("年度", f"{district.year}"),
        ("财政部门", district.bureau),
        ("规则数", str(len(pack.rules))),
        ("指标数", str(len(pack.rubric.indicators))),
        *((name, text) for name, text in options.items() if name not in ("表样包", "年度", "财政部门")),
        ("文件数", str(sum(bool(result.file) for result in district.results))),
        *(
            (f"状态：{word}", str(view.statuses[status]))
            for status, word in STATUS_WORDS.items()
            if view.statuses[status]
        ),
        *(
            (f"问题：{word}", f"{sum(result.count(severity) for result in district.results)} 条")
            for severity, word in SEVERITY_WORDS.items()
        ),
    ]
    note = "同样的报送文件、表样包和参数，得到同样的结果。运行时间和路径不写入工作簿。"
    sheet = ListSheet(view, RUN_INFO, "表样包、工具版本和运行参数", RUN_INFO, columns, note=note, dated=False)
    sheet.table(rows, filtered=False)
    return sheet
